// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "timemetadata.h"

#include "fieldmetadata.h"

#include <cmath>
#include <cstring>

using namespace Qt::StringLiterals;

TimeMetadata::TimeMetadata(const SharedLayout &layout, const QVariantMap &metadata)
{
    const QVariant name = metadata.value(u"timeField"_s);
    for (const SharedLayout::Field &field : layout.fields()) {
        if (name.typeId() == QMetaType::QString && FieldMetadata::keyOf(field) == name.toString() && isTime(field))
            m_field = field.offset;
    }
    if (const QVariant rate = metadata.value(u"sampleRate"_s); isRate(rate))
        m_interval = 1e9 / rate.toDouble();
}

std::optional<qint64> TimeMetadata::time(const std::byte *element) const
{
    if (!m_field)
        return std::nullopt;
    qint64 time = 0;
    std::memcpy(&time, element + *m_field, sizeof time);
    return time >= 0 ? std::optional(time) : std::nullopt;
}

bool TimeMetadata::isTime(const SharedLayout::Field &field)
{
    return (field.type == SharedLayout::Type::Int64 || field.type == SharedLayout::Type::UInt64) && !field.isArray;
}

bool TimeMetadata::isRate(const QVariant &value)
{
    const double rate = FieldDecoder::isNumber(value) ? value.toDouble() : 0;
    return rate > 0 && std::isfinite(rate) && std::isfinite(1e9 / rate);
}
