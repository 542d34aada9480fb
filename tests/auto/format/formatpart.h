// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <SharedSegment/SharedArray>

#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>

#include <algorithm>
#include <array>
#include <cstring>

/// A struct with a field of each form, in C++ and as reader.py prints it.
namespace formattest {

struct Position
{
    double x;
    double y;
};
SHARED_STRUCT(Position, x, y)

struct Part
{
    qint32 id;
    double value;
    char label[20];
    Position pos;
    std::array<float, 3> weights;
    bool on;
};
SHARED_STRUCT(Part, id, value, label, pos, weights, on)

inline Part partNumber(int number)
{
    Part part = {};
    part.id = number;
    part.value = number * 0.1;
    const QByteArray label = "Teil Nr. " + QByteArray::number(number) + " \xc3\xa4";
    std::memcpy(part.label, label.constData(), std::min(sizeof part.label, std::size_t(label.size())));
    part.pos = {-number * 1e300, 1.0 / (number + 1)};
    part.weights = {0.1f, float(number), -0.5f};
    part.on = number % 2 != 0;
    return part;
}

inline QJsonObject jsonOf(const Part &part)
{
    using namespace Qt::StringLiterals;
    return {
        {u"id"_s, part.id},
        {u"value"_s, part.value},
        {u"label"_s, QString::fromUtf8(part.label, qsizetype(qstrnlen(part.label, sizeof part.label)))},
        {u"pos.x"_s, part.pos.x},
        {u"pos.y"_s, part.pos.y},
        {u"weights"_s, QJsonArray{part.weights[0], part.weights[1], part.weights[2]}},
        {u"on"_s, part.on},
    };
}

} // namespace formattest
