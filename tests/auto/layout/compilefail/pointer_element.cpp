// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: the type of the element is a pointer or a reference

#include "engine/typelayout.h"

sharedsegment::TypeDescription result = sharedsegment::describe<int *>();
