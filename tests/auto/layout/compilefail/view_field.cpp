// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: Bad::label only refers to text or values elsewhere
// EXPECT: SharedSegment: Bad::values only refers to text or values elsewhere
// EXPECT: SharedSegment: Bad::title only refers to text or values elsewhere

#include "core/sharedlayout.h"

#include <QtCore/QStringView>

#include <span>
#include <string_view>

struct Bad
{
    std::string_view label;
    std::span<const double> values;
    QStringView title;
};
SHARED_STRUCT(Bad, label, values, title)

SharedLayout result = SharedLayout::of<Bad>();
