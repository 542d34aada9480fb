// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QMetaType>
#include <QtCore/QVariant>

/// Between the values of fields and the types of properties.
namespace PropertyValues {

/// A field's value as a property of that type takes it, invalid if it cannot: lists become lists of the property's
/// items, and a number becomes a date, as milliseconds since 1970 UTC, which is what JavaScript's Date takes.
QVariant toProperty(const QVariant &value, QMetaType type);

/// Whether the fraction of a number, or of one in a list, is lost in what toProperty() made of it.
bool isRounded(const QVariant &value, const QVariant &converted);

/// And back: a date as those milliseconds, a URL and a colour as text, a typed array as a list, other values as they are.
QVariant fromProperty(const QVariant &value);

/// Whether it is of an object or of a list of objects, which no field is.
bool isOfObjects(QMetaType type);

} // namespace PropertyValues
