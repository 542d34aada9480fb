// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedValue>

#include <QtCore/QString>

/// Types and names that writer and reader share. open() fails if the reader has another definition of a type.

struct Point
{
    qint32 x;
    double y;
};
SHARED_STRUCT(Point, x, y)

struct Sample
{
    qint32 id;
    double value;
    char label[20]; // UTF-8, padded with NUL
};
SHARED_STRUCT(Sample, id, value, label)

using SharedPoint = SharedValue<Point>;
using SharedTwenty = SharedArray<qint32, 20>; // the capacity is part of the type
using SharedNumbers = SharedArray<qint32>;    // the capacity is known at run time
using SharedSample = SharedValue<Sample>;

inline QString pointName()
{
    return QStringLiteral("two-processes/struct");
}

inline QString twentyName()
{
    return QStringLiteral("two-processes/array");
}

inline QString numbersName()
{
    return QStringLiteral("two-processes/run-time-array");
}

inline QString sampleName()
{
    return QStringLiteral("two-processes/struct-with-text");
}
