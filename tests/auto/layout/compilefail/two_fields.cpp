// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: Bad::handle is a pointer or a reference
// EXPECT: SharedSegment: Bad::value is a long double

#include "engine/typelayout.h"

struct Bad
{
    int id;
    void *handle;
    long double value;
};
SHARED_STRUCT(Bad, id, handle, value)

sharedsegment::TypeDescription result = sharedsegment::describe<Bad>();
