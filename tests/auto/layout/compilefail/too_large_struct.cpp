// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: Bad is larger than 2147483647 bytes.

#include "engine/typelayout.h"

struct Bad
{
    double values[200000000];
    double more[200000000];
};
SHARED_STRUCT(Bad, values, more)

sharedsegment::TypeDescription result = sharedsegment::describe<Bad>();
