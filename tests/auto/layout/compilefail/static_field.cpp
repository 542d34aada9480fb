// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: Bad::count is static: there is one for all elements

#include "engine/typelayout.h"

struct Bad
{
    int id;
    static int count;
};
SHARED_STRUCT(Bad, id, count)

sharedsegment::TypeDescription result = sharedsegment::describe<Bad>();
