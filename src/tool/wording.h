// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>
#include <QtCore/QString>

/// External text made safe to show, and counts in words.
namespace Wording {

enum class Where {
    Terminal, ///< escapes control characters, invisible ones and those that change the writing direction
    Pipe,     ///< escapes line ends only, so that a line stays one line
};

/// Escapes characters that `where` must not get, as \n, \x1b or \u202e.
QByteArray shownUtf8(QByteArrayView utf8, Where where = Where::Terminal);
QString shown(const QString &text, Where where = Where::Terminal);

/// The first code point of `utf8` and its size in bytes; size 0 if `utf8` does not begin with one.
struct CodePoint
{
    char32_t value = 0;
    qsizetype size = 0;
};
CodePoint codePoint(QByteArrayView utf8);
/// Whether it controls a terminal, changes the writing direction or is invisible.
bool isHidden(char32_t codePoint);

/// Appends \u001b; a surrogate pair as two escapes.
void appendJsonEscape(QByteArray &json, char32_t codePoint);

/// The beginning of a text of any length, for an error message.
QString shortened(QByteArrayView utf8);

/// "1 element", "2 elements".
QString counted(qint64 count, const QString &thing);

} // namespace Wording
