// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: Bad::value is a pointer or a reference, and an address means nothing in another process.

#include "engine/typelayout.h"

struct Bad
{
    int id;
    double *value;
};
SHARED_STRUCT(Bad, id, value)

sharedsegment::TypeDescription result = sharedsegment::describe<Bad>();
