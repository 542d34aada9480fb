// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: the type of the element is a struct whose fields have no names yet. Write SHARED_STRUCT(

#include "engine/typelayout.h"

struct Bad
{
    int id;
};

sharedsegment::TypeDescription result = sharedsegment::describe<Bad>();
