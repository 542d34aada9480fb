// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: Bad::values is an array of length 0: there is nothing to share.

#include "engine/typelayout.h"

struct Bad
{
    int id;
    std::array<float, 0> values;
};
SHARED_STRUCT(Bad, id, values)

sharedsegment::TypeDescription result = sharedsegment::describe<Bad>();
