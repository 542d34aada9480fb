// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: Bad is a union: readers could not tell which member counts.

#include "engine/typelayout.h"

union Bad
{
    int number;
    float fraction;
};
SHARED_STRUCT(Bad, number)

sharedsegment::TypeDescription result = sharedsegment::describe<Bad>();
