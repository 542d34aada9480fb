// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QRegularExpression>
#include <QtCore/QString>

/// The style of error texts that src/os/error.h describes.
namespace errorstyle {

/// What is wrong with an error text; empty if it is correct. A quoted path is not the library's
/// wording: a temporary folder's name can look like a class of Qt.
inline QString problemOf(const QString &text)
{
    static const QRegularExpression begin(QStringLiteral("^[a-z0-9\"-]"));
    static const QRegularExpression sentence(QStringLiteral("[a-z)\"]\\. [A-Z]"));
    static const QRegularExpression type(
        QStringLiteral("\\bQ[A-Z][A-Za-z]+\\b|\\bq?u?int(8|16|32|64)(_t)?\\b|\\bqu?longlong\\b|\\bsize_t\\b|std::"));
    static const QRegularExpression path(QStringLiteral("\"[^\"]*/[^\"]*\""));
    const qsizetype remedy = text.indexOf(QStringLiteral("; "));
    if (text.isEmpty())
        return QStringLiteral("there is no text");
    if (!begin.match(text).hasMatch())
        return QStringLiteral("it does not begin in lower case");
    if (remedy < 0 || remedy + 2 >= text.size())
        return QStringLiteral("it does not say what to do");
    if (text.endsWith(u'.') || sentence.match(text).hasMatch())
        return QStringLiteral("it has a full stop");
    if (type.match(QString(text).remove(path)).hasMatch())
        return QStringLiteral("it names a type of C++");
    if (text.contains(u'\n'))
        return QStringLiteral("it has more than one line");
    return QString();
}

} // namespace errorstyle
