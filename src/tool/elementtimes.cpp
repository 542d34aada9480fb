// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "elementtimes.h"

#include <cmath>
#include <cstring>

using namespace Qt::StringLiterals;

ElementTimes::ElementTimes(const SharedLayout &layout, const QVariantMap &metadata)
{
    const QString name = metadata.value(u"timeField"_s).toString();
    for (const SharedLayout::Field &field : layout.fields()) {
        const bool isTime = field.type == SharedLayout::Type::Int64 || field.type == SharedLayout::Type::UInt64;
        if (!name.isEmpty() && field.name == name && isTime && !field.isArray)
            m_field = field;
    }
    const double rate = metadata.value(u"sampleRate"_s).toDouble();
    const double interval = 1e9 / rate;
    if (rate > 0 && std::isfinite(interval))
        m_interval = interval;
}

qint64 ElementTimes::of(quint64 number, const std::byte *element, qint64 fallback)
{
    if (m_field) {
        qint64 time = 0;
        std::memcpy(&time, element + m_field->offset, sizeof time);
        return time >= 0 ? time : fallback;
    }
    if (m_interval == 0)
        return fallback;
    if (!m_hasOrigin) {
        m_hasOrigin = true;
        m_originNumber = number;
        m_originTime = fallback;
    }
    // Another process sets the rate: the time may lie outside of what the type can hold.
    const double time = double(m_originTime) + double(qint64(number - m_originNumber)) * m_interval;
    constexpr double Beyond = 9.2e18;
    if (!(time >= 0 && time < Beyond))
        return fallback;
    return m_originTime + std::llround(double(qint64(number - m_originNumber)) * m_interval);
}
