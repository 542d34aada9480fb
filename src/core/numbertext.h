// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedlayout.h"
#include "sharedsegment_export.h"

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>
#include <QtCore/QString>

#include <cstddef>

/// Converts numbers and bools of a layout to text and back without loss: parse() restores the bytes that append() wrote
/// as text. Not installed.
///
/// Integers are exact in all 64 bits, also if the text has a fraction of zeros or an exponent ("1e3"). A text is
/// rounded once, to the type itself. NaN is `nan`, with a sign and with its payload if that is not the usual one:
/// `-nan`, `nan(0x1)`.
namespace NumberText {

enum class Outcome {
    Good,
    NotANumber, ///< the text is not a number
    NotWhole,   ///< the type is an integer, and the number has a fraction
    OutOfRange,
};

/// Parses the whole `text` as a number of `type`, any but Type::Text, and stores it. Stores nothing on failure.
SHAREDSEGMENT_EXPORT Outcome parse(QByteArrayView text, SharedLayout::Type type, std::byte *to);

/// Appends the shortest text that denotes this value and no other.
SHAREDSEGMENT_EXPORT void append(QByteArray &text, SharedLayout::Type type, const std::byte *from);

/// Returns the first part of an error text, which names the problem of a value. `shown` is the value as text. Joined with
/// remedyFor() by "; ".
SHAREDSEGMENT_EXPORT QString problemOf(Outcome outcome, const QString &shown, const SharedLayout::Field &field);
/// Returns the second part of an error text: the remedy.
SHAREDSEGMENT_EXPORT QString remedyFor(Outcome outcome, SharedLayout::Type type);

} // namespace NumberText
