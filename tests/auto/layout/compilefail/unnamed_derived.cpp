// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: the type of the element is a struct whose fields have no names yet.

#include "engine/typelayout.h"

struct Base
{
    int id;
};
SHARED_STRUCT(Base, id)
struct Bad : Base
{
    int more;
};

sharedsegment::TypeDescription result = sharedsegment::describe<Bad>();
