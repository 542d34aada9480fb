// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: the type of the element is a time of std::chrono

#include "engine/typelayout.h"

#include <chrono>

sharedsegment::TypeDescription result = sharedsegment::describe<std::chrono::nanoseconds>();
