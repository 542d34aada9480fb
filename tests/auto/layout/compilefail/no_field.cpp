// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: SHARED_STRUCT of Bad names no field.

#include "engine/typelayout.h"

struct Bad
{
    int id;
};
SHARED_STRUCT(Bad)

sharedsegment::TypeDescription result = sharedsegment::describe<Bad>();
