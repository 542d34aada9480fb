// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedlayout.h"
#include "sharedsegment_export.h"

#include <QtCore/QByteArray>
#include <QtCore/QVariant>

#include <optional>

class QCborValue;
class QObject;

/// The items of a typed array of a script: numbers of one type, without gaps.
struct SHAREDSEGMENT_EXPORT TypedArray
{
    QByteArray bytes;
    SharedLayout::Type type = SharedLayout::Type::UInt8;
    int itemSize = 1;

    QVariantList toList() const;
};

/// One level of a value that a script has made.
struct ScriptValue
{
    /// A plain value, a QVariantMap, or a QVariantList, whose items may be values of the script in turn.
    QVariant plain;
    std::optional<TypedArray> typed; ///< a typed array; then `plain` is invalid
    std::optional<qint64> count;     ///< the number of items of a list that has too many; then `plain` is invalid
};

/// Access to the values of scripts. This layer links Qt Core alone, so that the library with the script engine supplies
/// the functions.
namespace ScriptValues {

/// Returns one level of `value`, if a script has made it: an object becomes a map, an array a list of at most `most`
/// items, a function nothing. @returns nothing for all other values.
using Unwrap = std::optional<ScriptValue> (*)(const QVariant &value, qint64 most);

/// Returns one level of any value, as above; a value that no script has made is `plain` as it is.
ScriptValue unwrapped(const QVariant &value, qint64 most);

/// Returns the value of a document as one of the scripts that use `object`: a copy. @returns an invalid QVariant if no script
/// knows the object.
using Wrap = QVariant (*)(const QCborValue &value, const QObject *object);

/// Installs the functions, or removes them with null: when a library is loaded and unloaded. Thread-safe.
SHAREDSEGMENT_EXPORT void install(Unwrap unwrap, Wrap wrap);

/// Calls the installed function; without any, no script knows any object.
QVariant wrapped(const QCborValue &value, const QObject *object);

} // namespace ScriptValues
