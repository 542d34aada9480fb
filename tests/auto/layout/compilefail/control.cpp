// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// No EXPECT line: this one compiles, with the flags of the others, and shows that they fail for their own reason.

#include "core/sharedarray.h"
#include "core/sharedvalue.h"

namespace ns {
struct Point
{
    float x;
    float y;
};
SHARED_STRUCT(Point, x, y)
struct alignas(64) Good
{
    int id;
    Point place;
    char label[20];
    std::array<double, 3> values;
};
template<typename T>
struct Pair
{
    T first;
    T second;
};
using PairOfFloat = Pair<float>;
} // namespace ns
SHARED_STRUCT(ns::Good, id, place, label, values)
SHARED_STRUCT(ns::PairOfFloat, first, second)

SharedLayout good = SharedLayout::of<ns::Good>();
SharedLayout pair = SharedLayout::of<ns::PairOfFloat>();
SharedLayout number = SharedLayout::of<double>();

void use()
{
    SharedArray<ns::Good> array(QStringLiteral("good"));
    array.create(3);
    SharedValue<ns::PairOfFloat> value(QStringLiteral("pair"));
    value.create();
}
