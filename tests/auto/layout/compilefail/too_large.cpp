// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: Bad::values is larger than 2147483647 bytes.

#include "engine/typelayout.h"

struct Bad
{
    double values[300000000];
};
SHARED_STRUCT(Bad, values)

sharedsegment::TypeDescription result = sharedsegment::describe<Bad>();
