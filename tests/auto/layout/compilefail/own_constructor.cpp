// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Named, a class with constructors and with public fields is as good as any.
#include "engine/typelayout.h"

#include <array>

struct Point
{
    constexpr Point(float first, float second)
        : x(first)
        , y(second)
    {
    }

    float x;
    float y;
};
SHARED_STRUCT(Point, x, y)

template<typename T, int N>
struct Row
{
    T values[N];
    std::array<char, 8> unit;
};
using Floats = Row<float, 3>;
SHARED_STRUCT_AS(Floats, "Row", values, unit)

sharedsegment::TypeDescription point = sharedsegment::describe<Point>();
sharedsegment::TypeDescription row = sharedsegment::describe<Floats>();
