// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "jsontokens.h"

#include "wording.h"

#include <algorithm>
#include <charconv>
#include <system_error>

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype LongestString = qsizetype(1) << 28;
constexpr qsizetype LongestWord = 1 << 16;

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool isWord(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '+'
        || c == '.';
}

void appendUtf8(QByteArray &to, char32_t value)
{
    const auto byte = [&to](char32_t bits) { to += static_cast<char>(static_cast<unsigned char>(bits)); };
    if (value < 0x80)
        return byte(value);
    if (value < 0x800) {
        byte(0xc0 | value >> 6);
    } else {
        if (value < 0x10000) {
            byte(0xe0 | value >> 12);
        } else {
            byte(0xf0 | value >> 18);
            byte(0x80 | (value >> 12 & 0x3f));
        }
        byte(0x80 | (value >> 6 & 0x3f));
    }
    byte(0x80 | (value & 0x3f));
}

/// The value of the four hexadecimal digits at `from`, or -1.
int unit(QByteArrayView text, qsizetype from)
{
    if (from + 4 > text.size())
        return -1;
    unsigned value = 0;
    const char *const begin = text.begin() + from;
    const auto [end, code] = std::from_chars(begin, begin + 4, value, 16);
    return code == std::errc() && end == begin + 4 ? int(value) : -1;
}

bool unescape(QByteArrayView text, QByteArray &to)
{
    to.resize(0);
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] != '\\') {
            to += text[i];
            continue;
        }
        // A character follows the backslash: otherwise the string would not have ended.
        const char c = text[++i];
        static constexpr QByteArrayView Escapes = "\"\\/bfnrt";
        static constexpr QByteArrayView Meanings = "\"\\/\b\f\n\r\t";
        if (const qsizetype letter = Escapes.indexOf(c); letter != -1) {
            to += Meanings[letter];
            continue;
        }
        const int first = c == 'u' ? unit(text, i + 1) : -1;
        if (first < 0)
            return false;
        i += 4;
        auto value = char32_t(first);
        if (value >= 0xd800 && value < 0xdc00 && i + 2 < text.size() && text[i + 1] == '\\' && text[i + 2] == 'u') {
            const int second = unit(text, i + 3);
            if (second >= 0xdc00 && second < 0xe000) {
                value = 0x10000 + ((value - 0xd800) << 10) + (char32_t(second) - 0xdc00);
                i += 6;
            }
        }
        // Half of a surrogate pair. U+DC80 to U+DCFF stand alone for a byte that is not UTF-8.
        const bool isByte = value >= 0xdc80 && value <= 0xdcff;
        if (value >= 0xd800 && value < 0xe000 && !isByte)
            return false;
        appendUtf8(to, value);
    }
    return true;
}

} // namespace

void JsonTokens::feed(QByteArrayView bytes)
{
    m_buffer.remove(0, m_position);
    m_position = 0;
    m_buffer += bytes;
}

JsonTokens::Token JsonTokens::next()
{
    if (!m_error.isEmpty())
        return {Type::Failed, 0, {}, m_line};
    while (m_position < m_buffer.size() && isSpace(m_buffer.at(m_position)))
        m_line += m_buffer.at(m_position++) == '\n' ? 1 : 0;
    if (m_position == m_buffer.size())
        return {m_isFinished ? Type::AtEnd : Type::NeedsMore, 0, {}, m_line};
    const char c = m_buffer.at(m_position);
    switch (c) {
    case '{':
    case '[':
        ++m_position;
        return {Type::Begin, c, {}, m_line};
    case '}':
    case ']':
        ++m_position;
        return {Type::End, c, {}, m_line};
    case ',':
        ++m_position;
        return {Type::Comma, c, {}, m_line};
    case ':':
        ++m_position;
        return {Type::Colon, c, {}, m_line};
    case '"':
        return string();
    default:
        break;
    }
    if (!isWord(c))
        return noValue(c);
    qsizetype end = m_position;
    while (end < m_buffer.size() && isWord(m_buffer.at(end)))
        ++end;
    static constexpr QByteArrayView Behind = ",:[]{}\"";
    if (end < m_buffer.size() && !isSpace(m_buffer.at(end)) && !Behind.contains(m_buffer.at(end)))
        return noValue(m_buffer.at(end));
    if (end - m_position > LongestWord)
        return failed(u"there is a number of more than %1 digits; shorten it"_s.arg(LongestWord));
    if (end == m_buffer.size() && !m_isFinished)
        return {Type::NeedsMore, 0, {}, m_line};
    const QByteArrayView word(m_buffer.constData() + m_position, end - m_position);
    m_position = end;
    return {Type::Word, 0, word, m_line};
}

JsonTokens::Token JsonTokens::noValue(char c)
{
    return failed(u"no JSON value begins with %1; put text in double quotes"_s.arg(
        c > ' ' && c < 0x7f ? u'"' + QString(QLatin1Char(c)) + u'"'
                            : u"the byte 0x%1"_s.arg(static_cast<unsigned char>(c), 2, 16, QChar(u'0'))));
}

JsonTokens::Token JsonTokens::string()
{
    qsizetype end = std::max(m_position + 1, m_position + m_seen);
    for (; end < m_buffer.size() && m_buffer.at(end) != '"'; ++end) {
        const char c = m_buffer.at(end);
        if (c == '\n' || c == '\r')
            return failed(u"a string has no end in its line; write a line end in it as \\n"_s);
        if (c == '\\') {
            if (end + 1 == m_buffer.size())
                break;
            ++end;
        }
    }
    m_seen = end - m_position;
    if (m_seen > LongestString)
        return failed(u"a string is longer than %1 MiB; shorten it"_s.arg(LongestString >> 20));
    if (end >= m_buffer.size() || m_buffer.at(end) != '"')
        return m_isFinished ? failed(u"a string has no end; close its quotes"_s)
                            : Token{Type::NeedsMore, 0, {}, m_line};
    QByteArrayView text(m_buffer.constData() + m_position + 1, m_seen - 1);
    if (text.contains('\\')) {
        if (!unescape(text, m_text))
            return failed(
                u"no JSON string has such an escape: \"%1\"; write a backslash twice"_s.arg(Wording::shortened(text)));
        text = m_text;
    }
    m_position = end + 1;
    m_seen = 0;
    return {Type::String, 0, text, m_line};
}

JsonTokens::Token JsonTokens::failed(const QString &why)
{
    m_error = why;
    return {Type::Failed, 0, {}, m_line};
}
