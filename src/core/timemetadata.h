// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedlayout.h"
#include "sharedsegment_export.h"

#include <QtCore/QVariantMap>

#include <cstddef>
#include <optional>

/// What the metadata of a stream say about the times of its elements. Not installed.
///
/// Another process wrote them: a `timeField` that is no field of type `i64` or `u64`, and a `sampleRate` that is not a
/// positive finite number, count as absent.
class SHAREDSEGMENT_EXPORT TimeMetadata
{
public:
    TimeMetadata() = default;
    TimeMetadata(const SharedLayout &layout, const QVariantMap &metadata);

    /// Whether elements have a field with their time.
    bool hasField() const { return m_field.has_value(); }
    /// Returns the time that the field of an element holds, in ns since 1970-01-01 UTC; nothing without such a field, and
    /// if it holds a time before 1970 or after 2262.
    std::optional<qint64> time(const std::byte *element) const;
    /// Returns the time between two elements in ns, or 0 if there is no sample rate.
    double interval() const { return m_interval; }

    bool operator==(const TimeMetadata &other) const = default;

    /// Whether a field can be a `timeField`.
    static bool isTime(const SharedLayout::Field &field);
    /// Whether a value can be a `sampleRate`.
    static bool isRate(const QVariant &value);

private:
    std::optional<qsizetype> m_field; ///< its offset
    double m_interval = 0;
};
