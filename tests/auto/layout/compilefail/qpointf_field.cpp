// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: Bad::place is a class whose fields are not known. For one of another library, such as QPointF, use a struct of your own
// EXPECT: SharedSegment: Bad::path is a class whose fields are not known
// EXPECT: SharedSegment: Bad::day is a class whose fields are not known

#include "core/sharedlayout.h"

#include <QtCore/QDate>
#include <QtCore/QPointF>

struct Bad
{
    QPointF place;
    QPointF path[4];
    QDate day;
};
SHARED_STRUCT(Bad, place, path, day)

SharedLayout result = SharedLayout::of<Bad>();
