// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: Bad::names is a pointer or a reference

#include "engine/typelayout.h"

struct Bad
{
    const char *names[4];
};
SHARED_STRUCT(Bad, names)

sharedsegment::TypeDescription result = sharedsegment::describe<Bad>();
