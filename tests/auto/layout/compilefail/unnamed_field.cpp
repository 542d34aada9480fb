// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: ns::Bad::place is a struct whose fields have no names yet. Write SHARED_STRUCT(

#include "engine/typelayout.h"

namespace ns {
struct Point
{
    float x;
    float y;
};
struct Bad
{
    int id;
    Point place;
};
} // namespace ns
SHARED_STRUCT(ns::Bad, id, place)

sharedsegment::TypeDescription result = sharedsegment::describe<ns::Bad>();
