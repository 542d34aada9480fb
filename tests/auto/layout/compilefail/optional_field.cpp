// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: Bad::value is an optional value
// EXPECT: SharedSegment: Bad::label is an optional value

#include "engine/typelayout.h"

#include <optional>
#include <string>

struct Bad
{
    std::optional<double> value;
    std::optional<std::string> label;
};
SHARED_STRUCT(Bad, value, label)

sharedsegment::TypeDescription result = sharedsegment::describe<Bad>();
