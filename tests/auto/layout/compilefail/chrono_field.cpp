// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: Bad::since is a time of std::chrono
// EXPECT: SharedSegment: Bad::when is a time of std::chrono
// EXPECT: SharedSegment: Bad::day is a class whose fields are not known
// EXPECT: SharedSegment: Bad::list is a time of std::chrono

#include "engine/typelayout.h"

#include <chrono>

struct Bad
{
    std::chrono::milliseconds since;
    std::chrono::system_clock::time_point when;
    std::chrono::weekday day;
    std::chrono::duration<double> list[3];
};
SHARED_STRUCT(Bad, since, when, day, list)

sharedsegment::TypeDescription result = sharedsegment::describe<Bad>();
