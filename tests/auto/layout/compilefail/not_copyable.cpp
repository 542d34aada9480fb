// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: Bad is not trivially copyable, although the fields named are

#include "engine/typelayout.h"

struct Bad
{
    int id;
    ~Bad() { id = 0; }
};
SHARED_STRUCT(Bad, id)

sharedsegment::TypeDescription result = sharedsegment::describe<Bad>();
