// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: Bad or one of its fields is not a plain name

#include "engine/typelayout.h"

struct Bad
{
    int id;
};
SHARED_STRUCT_AS(Bad, "not a name", id)

sharedsegment::TypeDescription result = sharedsegment::describe<Bad>();
