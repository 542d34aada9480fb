// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../src/core/fielddecoder.h"

#include <SharedSegment/SharedSegment>

#include <QtCore/QByteArray>
#include <QtQml/QJSValue>

#include <optional>

/// What QML hands over, as bytes of a segment.
namespace JsValues {

struct Failure
{
    SharedSegment::Error error = SharedSegment::Error::NoError;
    QString text;
};

/// As QVariants have it; a typed array becomes a list.
QVariant toVariant(const QJSValue &value);

/// Writes `value` into an element: for a struct an object, whose fields may be nested or flattened. @returns the fields
/// it named, or nothing if it does not fit; then some of them may have been written.
std::optional<QList<FieldDecoder>> writeElement(const SharedLayout &layout, std::byte *element, const QJSValue &value,
                                                Failure *failure);

/// The bytes of a whole revision from an array, a typed array or an ArrayBuffer.
std::optional<QByteArray> toRevision(const SharedLayout &layout, qint64 length, const QJSValue &values,
                                     Failure *failure);

} // namespace JsValues
