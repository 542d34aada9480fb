// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../core/timemetadata.h"

#include <cstddef>

/// The times of a stream's elements, in ns since 1970-01-01 UTC: from the field that the metadata name as `timeField`, else from
/// the metadata's `sampleRate`, else as the caller says.
class ElementTimes
{
public:
    ElementTimes() = default;
    explicit ElementTimes(const TimeMetadata &metadata);

    /// The time of element `number`. The first call is for the last of some elements: from its `fallback`, the other times follow
    /// by the sample rate.
    qint64 of(quint64 number, const std::byte *element, qint64 fallback);

private:
    TimeMetadata m_metadata;
    bool m_hasOrigin = false;
    quint64 m_originNumber = 0;
    qint64 m_originTime = 0;
};
