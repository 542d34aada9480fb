// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../src/core/fielddecoder.h"

#include <SharedSegment/SharedSegment>

#include <QtCore/QByteArray>
#include <QtQml/QJSValue>

#include <optional>

/// Conversion of JavaScript values to bytes of a segment.
namespace JsValues {

struct Failure
{
    SharedSegment::Error error = SharedSegment::Error::NoError;
    QString text;
};

/// Converts to a QVariant; a typed array becomes a list.
QVariant toVariant(const QJSValue &value);

/// Writes `value` into an element. A struct takes an object with nested or flattened fields. @returns the fields that
/// the object names, or nothing if the value does not fit; then some fields may already be written.
std::optional<QList<FieldDecoder>> writeElement(const SharedLayout &layout, std::byte *element, const QJSValue &value,
                                                Failure *failure);

/// Converts an array, a typed array or an ArrayBuffer to the bytes of a whole revision.
std::optional<QByteArray> toRevision(const SharedLayout &layout, qint64 length, const QJSValue &values,
                                     Failure *failure);

} // namespace JsValues
