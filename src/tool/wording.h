// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>
#include <QtCore/QString>

/// Text of others, as it may be shown, and text about numbers of things.
namespace Wording {

enum class Where {
    Terminal, ///< nothing in it controls a terminal, turns the direction of writing or is invisible
    Pipe,     ///< all is as it is, but for line ends, so that a line stays one
};

/// What is not to be shown as it is, is written as \n, \x1b or \u202e.
QByteArray shownUtf8(QByteArrayView utf8, Where where = Where::Terminal);
QString shown(const QString &text, Where where = Where::Terminal);

/// The code point that `utf8` begins with, and how many bytes it takes: 0 where it does not begin with one.
struct CodePoint
{
    char32_t value = 0;
    qsizetype size = 0;
};
CodePoint codePoint(QByteArrayView utf8);
/// Whether it controls a terminal, turns the direction of writing or is invisible.
bool isHidden(char32_t codePoint);

/// \u001b; two of them for what takes two.
void appendJsonEscape(QByteArray &json, char32_t codePoint);

/// The beginning of a text that may be of any length, for a sentence about it.
QString shortened(QByteArrayView utf8);

/// "1 element", "2 elements".
QString counted(qint64 count, const QString &thing);

} // namespace Wording
