// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: Bad::names is an array of texts, which a field cannot be.

#include "engine/typelayout.h"

struct Bad
{
    char names[4][20];
};
SHARED_STRUCT(Bad, names)

sharedsegment::TypeDescription result = sharedsegment::describe<Bad>();
