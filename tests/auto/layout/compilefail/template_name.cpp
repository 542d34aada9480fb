// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: Bad<float> or one of its fields is not a plain name.

#include "engine/typelayout.h"

template<typename T>
struct Bad
{
    T x;
};
SHARED_STRUCT(Bad<float>, x)

sharedsegment::TypeDescription result = sharedsegment::describe<Bad<float>>();
