// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: Bad is aligned to more than 64 bytes, which a segment does not keep.

#include "engine/typelayout.h"

struct alignas(128) Bad
{
    double value;
};
SHARED_STRUCT(Bad, value)

sharedsegment::TypeDescription result = sharedsegment::describe<Bad>();
