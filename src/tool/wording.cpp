// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "wording.h"

#include <QtCore/QChar>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Wording {

namespace {

QByteArray escaped(char32_t value)
{
    switch (value) {
    case U'\n':
        return "\\n";
    case U'\r':
        return "\\r";
    case U'\t':
        return "\\t";
    default:
        break;
    }
    const QByteArray digits = QByteArray::number(quint32(value), 16);
    if (value < 0x80)
        return "\\x" + digits.rightJustified(2, '0');
    return value < 0x10000 ? "\\u" + digits.rightJustified(4, '0') : "\\U" + digits.rightJustified(8, '0');
}

} // namespace

CodePoint codePoint(QByteArrayView utf8)
{
    if (utf8.isEmpty())
        return {};
    const auto first = static_cast<unsigned char>(utf8.front());
    if (first < 0x80)
        return {first, 1};
    const qsizetype size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || utf8.size() < size)
        return {};
    char32_t value = first & (0x7fu >> size);
    for (qsizetype i = 1; i < size; ++i) {
        const auto byte = static_cast<unsigned char>(utf8[i]);
        if ((byte & 0xc0) != 0x80)
            return {};
        value = value << 6 | (byte & 0x3f);
    }
    constexpr char32_t Least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (value < Least[size] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        return {};
    return {value, size};
}

bool isHidden(char32_t codePoint)
{
    switch (QChar::category(codePoint)) {
    case QChar::Other_Control:
    case QChar::Other_Format:
    case QChar::Other_Surrogate:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
        return true;
    default:
        return false;
    }
}

QByteArray shownUtf8(QByteArrayView utf8, Where where)
{
    QByteArray text;
    text.reserve(utf8.size());
    while (!utf8.isEmpty()) {
        const CodePoint point = codePoint(utf8);
        const qsizetype size = std::max<qsizetype>(point.size, 1);
        const bool isLineEnd = point.value == U'\n' || point.value == U'\r';
        if (where == Where::Pipe ? !isLineEnd : point.size > 0 && !isHidden(point.value))
            text += utf8.first(size);
        else if (point.size > 0)
            text += escaped(point.value);
        else
            text += "\\x" + QByteArray::number(static_cast<unsigned char>(utf8.front()), 16);
        utf8 = utf8.sliced(size);
    }
    return text;
}

QString shown(const QString &text, Where where)
{
    return QString::fromUtf8(shownUtf8(text.toUtf8(), where));
}

void appendJsonEscape(QByteArray &json, char32_t codePoint)
{
    for (const char16_t unit : QChar::fromUcs4(codePoint))
        json += "\\u" + QByteArray::number(uint(unit), 16).rightJustified(4, '0');
}

QString shortened(QByteArrayView utf8)
{
    constexpr qsizetype Longest = 40;
    if (utf8.size() <= Longest)
        return QString::fromUtf8(utf8);
    qsizetype end = Longest;
    while (end > 0 && (utf8[end] & 0xc0) == 0x80)
        --end;
    return QString::fromUtf8(utf8.first(end)) + u"..."_s;
}

QString counted(qint64 count, const QString &thing)
{
    return QString::number(count) + u' ' + thing + (count == 1 ? u""_s : u"s"_s);
}

} // namespace Wording
