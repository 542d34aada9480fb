// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../core/sharedlayout.h"

#include <QtCore/QVariantMap>

#include <cstddef>
#include <optional>

/// The times of a stream's elements, in ns since 1970-01-01 UTC: from the field that the metadata name as `timeField`, else from
/// the metadata's `sampleRate`, else as the caller says.
class ElementTimes
{
public:
    ElementTimes() = default;
    ElementTimes(const SharedLayout &layout, const QVariantMap &metadata);

    /// The time of element `number`. The first call is for the last of some elements: from its `fallback`, the other times follow
    /// by the sample rate.
    qint64 of(quint64 number, const std::byte *element, qint64 fallback);

private:
    std::optional<SharedLayout::Field> m_field;
    double m_interval = 0; ///< in ns; 0: there is no sample rate
    bool m_hasOrigin = false;
    quint64 m_originNumber = 0;
    qint64 m_originTime = 0;
};
