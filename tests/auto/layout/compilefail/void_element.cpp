// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: the type of the element is of a type that a layout has no word for.

#include "engine/typelayout.h"

sharedsegment::TypeDescription result = sharedsegment::describe<void>();
