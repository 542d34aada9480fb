// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "fielddecoder.h"
#include "sharedsegment.h"

#include <QtCore/QByteArray>
#include <QtCore/QVariant>

#include <cstddef>
#include <optional>

/// Conversion of values whose types are known only at run time to bytes of a segment. Such a value may be a script's: it
/// is taken apart level by level, so that one that contains itself is refused like any other wrong value.
namespace ValueWriting {

struct Failure
{
    SharedSegment::Error error = SharedSegment::Error::NoError;
    QString text;
};

/// Writes `value` into one field of an element. A script's array that is longer than the field is not taken apart.
/// @returns whether the value fits. Throws std::bad_alloc when memory is missing.
bool writeField(const FieldDecoder &field, std::byte *element, const QVariant &value, FieldDecoder::Strings strings,
                Failure *failure);

/// Writes `value` into an element. A struct takes a map with nested or flattened fields. @returns the fields that the map
/// names, or nothing if the value does not fit; then some fields may already be written. Throws std::bad_alloc when
/// memory is missing.
std::optional<QList<FieldDecoder>> writeElement(const SharedLayout &layout, std::byte *element, const QVariant &value,
                                                Failure *failure);

/// Converts a list, a typed array or bytes to the bytes of a whole revision of `capacity` elements, or with `isVariable` of
/// at most as many. @returns nothing if the values do not fit. Throws std::bad_alloc when memory is missing.
std::optional<QByteArray> toRevision(const SharedLayout &layout, qint64 capacity, bool isVariable,
                                     const QVariant &values, Failure *failure);

/// Converts values as above to the bytes of at most `most` elements, and takes a single element, too.
std::optional<QByteArray> toElements(const SharedLayout &layout, qint64 most, const QVariant &values, Failure *failure);

/// A value as it is in a text.
QString textOf(const QVariant &value);

} // namespace ValueWriting
