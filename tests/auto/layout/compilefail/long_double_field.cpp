// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: Bad::value is a long double, which differs from machine to machine. Use double.

#include "engine/typelayout.h"

struct Bad
{
    long double value;
};
SHARED_STRUCT(Bad, value)

sharedsegment::TypeDescription result = sharedsegment::describe<Bad>();
