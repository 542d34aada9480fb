// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: Bad::id is a pointer or a reference

#include "engine/typelayout.h"

struct Bad
{
    int &id;
};
SHARED_STRUCT(Bad, id)

sharedsegment::TypeDescription result = sharedsegment::describe<Bad>();
