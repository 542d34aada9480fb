// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: Bad::corners is an array of structs, which a field cannot be.

#include "engine/typelayout.h"

struct Point
{
    float x;
    float y;
};
SHARED_STRUCT(Point, x, y)
struct Bad
{
    Point corners[4];
};
SHARED_STRUCT(Bad, corners)

sharedsegment::TypeDescription result = sharedsegment::describe<Bad>();
