// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QCborValue>
#include <QtCore/QVariant>

class QObject;

/// The value of a document as a value of JavaScript.
namespace JsDocument {

/// See ScriptValues::Wrap.
QVariant wrap(const QCborValue &value, const QObject *object);

} // namespace JsDocument
