// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedlayout.h"
#include "sharedsegment_export.h"

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>
#include <QtCore/QString>

#include <cstddef>

/// Numbers and bools of a layout as text, in both directions, without a digit lost: what append() writes, parse() reads to the
/// same bytes. Not installed.
///
/// Integers are exact in all their 64 bits, also where the text has a fraction of zeros or an exponent ("1e3"). Text is rounded
/// once, to the type itself. NaN is `nan`, with a sign and with its payload if it is not the usual one: `-nan`, `nan(0x1)`.
namespace NumberText {

enum class Outcome {
    Good,
    NotANumber, ///< the text is something else
    NotWhole,   ///< a number, but not a whole one, for an integer
    OutOfRange,
};

/// Stores the number that all of `text` is, of any type but Type::Text. Nothing is stored on failure.
SHAREDSEGMENT_EXPORT Outcome parse(QByteArrayView text, SharedLayout::Type type, std::byte *to);

/// The shortest text that is this value and no other.
SHAREDSEGMENT_EXPORT void append(QByteArray &text, SharedLayout::Type type, const std::byte *from);

/// What is wrong with a value, shown as `shown`, and what to do about it: together, with "; " between them, an error's text.
SHAREDSEGMENT_EXPORT QString problemOf(Outcome outcome, const QString &shown, const SharedLayout::Field &field);
SHAREDSEGMENT_EXPORT QString remedyFor(Outcome outcome, SharedLayout::Type type);

} // namespace NumberText
