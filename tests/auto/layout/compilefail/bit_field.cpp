// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: Bad::on is a bit-field, which has no address of its own. Use a whole integer

#include "engine/typelayout.h"

struct Bad
{
    int id;
    unsigned on : 1;
};
SHARED_STRUCT(Bad, id, on)

sharedsegment::TypeDescription result = sharedsegment::describe<Bad>();
