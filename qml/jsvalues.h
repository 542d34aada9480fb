// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../src/core/scriptvalue_p.h"

#include <QtCore/QVariant>
#include <QtQml/QJSValue>

/// Conversion of JavaScript values to plain ones.
namespace JsValues {

/// Converts to a QVariant; a typed array becomes a list.
QVariant toVariant(const QJSValue &value);

/// See ScriptValues::Unwrap.
std::optional<ScriptValue> unwrap(const QVariant &value, qint64 most);

} // namespace JsValues
