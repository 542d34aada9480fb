// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: Bad::value is a union: readers could not tell which member counts.

#include "engine/typelayout.h"

union Either
{
    int number;
    float fraction;
};
struct Bad
{
    Either value;
};
SHARED_STRUCT(Bad, value)

sharedsegment::TypeDescription result = sharedsegment::describe<Bad>();
