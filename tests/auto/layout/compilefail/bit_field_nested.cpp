// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: ns::Bad::mode is a bit-field
// EXPECT: SharedSegment: ns::Bad::flags.on is a bit-field

#include "engine/typelayout.h"

namespace ns {
enum class Mode : unsigned char { Off, On };
struct Flags
{
    bool on : 1;
};
struct Bad
{
    int id;
    Mode mode : 2;
    Flags flags;
};
} // namespace ns
SHARED_STRUCT(ns::Bad, id, mode, flags.on)

sharedsegment::TypeDescription result = sharedsegment::describe<ns::Bad>();
