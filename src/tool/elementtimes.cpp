// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "elementtimes.h"

#include <cmath>

ElementTimes::ElementTimes(const TimeMetadata &metadata)
    : m_metadata(metadata)
{
}

qint64 ElementTimes::of(quint64 number, const std::byte *element, qint64 fallback)
{
    if (m_metadata.hasField())
        return m_metadata.time(element).value_or(fallback);
    if (m_metadata.interval() == 0)
        return fallback;
    if (!m_hasOrigin) {
        m_hasOrigin = true;
        m_originNumber = number;
        m_originTime = fallback;
    }
    // Another process sets the rate: the time may lie outside of what the type can hold.
    const double time = double(m_originTime) + double(qint64(number - m_originNumber)) * m_metadata.interval();
    constexpr double Beyond = 9.2e18;
    if (!(time >= 0 && time < Beyond))
        return fallback;
    return m_originTime + std::llround(double(qint64(number - m_originNumber)) * m_metadata.interval());
}
