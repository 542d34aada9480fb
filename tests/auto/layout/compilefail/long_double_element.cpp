// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: the type of the element is a long double, which differs from machine to machine. Use double.

#include "engine/typelayout.h"

sharedsegment::TypeDescription result = sharedsegment::describe<long double>();
