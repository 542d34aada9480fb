// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: the type of the element is an array of structs, which a field cannot be.

#include "engine/typelayout.h"

struct Point
{
    float x;
    float y;
};
SHARED_STRUCT(Point, x, y)
using Bad = std::array<Point, 3>;

sharedsegment::TypeDescription result = sharedsegment::describe<Bad>();
