// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: Bad has a field that is named twice, or two that share their bytes.

#include "engine/typelayout.h"

struct Bad
{
    int kind;
    union
    {
        int number;
        float fraction;
    };
};
SHARED_STRUCT(Bad, kind, number, fraction)

sharedsegment::TypeDescription result = sharedsegment::describe<Bad>();
