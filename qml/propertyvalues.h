// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QMetaType>
#include <QtCore/QVariant>

/// Conversion between values of fields and types of properties.
namespace PropertyValues {

/// Converts a field's value to the type of a property; invalid if that is not possible. Lists become lists of the
/// property's item type. A number becomes a date as milliseconds since 1970 UTC, as in JavaScript's Date.
QVariant toProperty(const QVariant &value, QMetaType type);

/// Whether toProperty() lost the fraction of a number or of a number in a list.
bool isRounded(const QVariant &value, const QVariant &converted);

/// Converts a property's value for a field: a date to milliseconds since 1970 UTC, a URL or a colour to text, a typed
/// array to a list. Other values stay unchanged.
QVariant fromProperty(const QVariant &value);

/// Whether the type is an object or a list of objects, which never corresponds to a field.
bool isOfObjects(QMetaType type);

} // namespace PropertyValues
