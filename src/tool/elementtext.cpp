// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "elementtext.h"

#include "wording.h"

#include "../core/numbertext.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <system_error>

using namespace Qt::StringLiterals;
using Type = SharedLayout::Type;

namespace {

constexpr char32_t EscapedByte = 0xdc00; ///< plus the byte, from 0x80 on

bool fail(QString *why, const QString &text)
{
    *why = text;
    return false;
}

QString quoted(QByteArrayView text)
{
    return u'"' + Wording::shortened(text) + u'"';
}

QByteArrayView trimmed(QByteArrayView text)
{
    while (!text.isEmpty() && (text.front() == ' ' || text.front() == '\t'))
        text = text.sliced(1);
    while (!text.isEmpty() && (text.back() == ' ' || text.back() == '\t'))
        text.chop(1);
    return text;
}

/// The text without its NUL padding.
QByteArrayView textIn(const std::byte *bytes, qsizetype size)
{
    QByteArrayView text(reinterpret_cast<const char *>(bytes), size);
    while (text.endsWith('\0'))
        text.chop(1);
    return text;
}

/// Calls `take` for each code point, and with a surrogate for each byte that is not UTF-8.
template<typename Take>
void forEachCodePoint(QByteArrayView text, Take take)
{
    while (!text.isEmpty()) {
        Wording::CodePoint point = Wording::codePoint(text);
        if (point.size == 0)
            point = {EscapedByte + static_cast<unsigned char>(text.front()), 1};
        take(point.value, text.first(point.size));
        text = text.sliced(point.size);
    }
}

void appendJson(QByteArray &json, QByteArrayView text)
{
    json += '"';
    forEachCodePoint(text, [&json](char32_t value, QByteArrayView bytes) {
        if (value == U'"' || value == U'\\')
            json += '\\' + bytes.toByteArray();
        else if (Wording::isHidden(value))
            Wording::appendJsonEscape(json, value);
        else
            json += bytes;
    });
    json += '"';
}

/// Appends text. Escapes each byte that is not UTF-8 as three bytes, which valid UTF-8 never contains.
void appendEscaped(QByteArray &to, QByteArrayView text)
{
    forEachCodePoint(text, [&to](char32_t value, QByteArrayView bytes) {
        if (value >= EscapedByte + 0x80 && value <= EscapedByte + 0xff) {
            to += '\xed';
            to += static_cast<char>(0x80 | (value >> 6 & 0x3f));
            to += static_cast<char>(0x80 | (value & 0x3f));
        } else {
            to += bytes;
        }
    });
}

bool needsQuotes(QByteArrayView cell, const CsvStyle &style)
{
    const auto isSpecial = [&style](char c) { return c == '"' || c == style.delimiter || c == '\n' || c == '\r'; };
    return std::any_of(cell.begin(), cell.end(), isSpecial) || cell.startsWith(' ') || cell.endsWith(' ')
        || cell.startsWith('\t') || cell.endsWith('\t') || cell.startsWith('#');
}

} // namespace

ElementText::ElementText(const SharedLayout &layout, const QStringList &only)
    : m_elementSize(layout.elementSize())
    , m_isStruct(layout.isStruct())
    , m_unknown(only)
{
    for (const SharedLayout::Field &field : layout.fields()) {
        const QString name = field.name.isEmpty() ? u"value"_s : field.name;
        if (!only.isEmpty() && !only.contains(name))
            continue;
        m_unknown.removeAll(name);
        const qint64 items = field.isArray ? field.count : 1;
        m_byName.insert(name.toUtf8(), m_fields.size());
        m_fields.append({field, name.toUtf8(), items, m_columnCount, field.size / qsizetype(items)});
        m_columnCount += items;
    }
}

const ElementText::Field &ElementText::fieldOf(qint64 column) const
{
    const auto after = std::upper_bound(m_fields.cbegin(), m_fields.cend(), column,
                                        [](qint64 wanted, const Field &field) { return wanted < field.firstColumn; });
    return *(after - 1);
}

QByteArray ElementText::columnName(qint64 column) const
{
    const Field &field = fieldOf(column);
    return field.field.isArray ? field.name + '[' + QByteArray::number(column - field.firstColumn) + ']' : field.name;
}

QString ElementText::columnNames() const
{
    constexpr qint64 Most = 20;
    QByteArrayList names;
    for (qint64 i = 0; i < std::min(m_columnCount, Most); ++i)
        names.append(columnName(i));
    if (m_columnCount > Most)
        names.append("...");
    return QString::fromUtf8(names.join(','));
}

std::optional<qsizetype> ElementText::fieldNamed(QByteArrayView name) const
{
    const auto found = m_byName.constFind(name.toByteArray());
    return found == m_byName.cend() ? std::nullopt : std::optional(*found);
}

std::optional<qint64> ElementText::columnOf(QByteArrayView name) const
{
    const auto field = fieldNamed(name);
    if (field)
        return m_fields.at(*field).field.isArray ? std::nullopt : std::optional(m_fields.at(*field).firstColumn);
    const qsizetype bracket = name.lastIndexOf('[');
    if (bracket < 1 || !name.endsWith(']'))
        return std::nullopt;
    const auto array = fieldNamed(name.first(bracket));
    const QByteArrayView digits = name.sliced(bracket + 1).chopped(1);
    qint64 item = -1;
    const auto [end, code] = std::from_chars(digits.begin(), digits.end(), item);
    if (!array || code != std::errc() || end != digits.end())
        return std::nullopt;
    const Field &found = m_fields.at(*array);
    if (!found.field.isArray || item < 0 || item >= found.items)
        return std::nullopt;
    return found.firstColumn + item;
}

qint64 ElementText::longestText() const
{
    qint64 longest = 0;
    for (const Field &field : m_fields) {
        if (field.field.type == Type::Text)
            longest = std::max<qint64>(longest, field.field.size);
    }
    return longest;
}

void ElementText::csvHeader(OutputBlock &block, const CsvStyle &style) const
{
    for (const Field &field : m_fields) {
        for (qint64 item = 0; item < field.items && block.settle(); ++item) {
            if (field.firstColumn + item > 0)
                block.bytes() += style.delimiter;
            block.bytes() += field.name;
            if (field.field.isArray)
                block.bytes() += '[' + QByteArray::number(item) + ']';
        }
    }
    block.bytes() += '\n';
}

qint64 ElementText::endOf(qint64 column) const
{
    const Field &field = fieldOf(column);
    return field.field.offset + (column - field.firstColumn + 1) * field.itemSize;
}

QByteArray ElementText::cell(qint64 column, const std::byte *element, const CsvStyle &style) const
{
    const Field &field = fieldOf(column);
    const std::byte *const item = element + field.field.offset + (column - field.firstColumn) * field.itemSize;
    QByteArray cell;
    if (field.field.type == Type::Text) {
        if (style.isForTerminal)
            return Wording::shownUtf8(textIn(item, field.itemSize));
        appendEscaped(cell, textIn(item, field.itemSize));
        return cell;
    }
    NumberText::append(cell, field.field.type, item);
    return style.decimal == '.' ? cell : cell.replace('.', style.decimal);
}

void ElementText::appendCell(QByteArray &to, qint64 column, const std::byte *element, const CsvStyle &style) const
{
    const Field &field = fieldOf(column);
    if (field.field.type != Type::Text && style.decimal == '.') {
        NumberText::append(to, field.field.type,
                           element + field.field.offset + (column - field.firstColumn) * field.itemSize);
        return;
    }
    QByteArray text = cell(column, element, style);
    // Quote an empty text in a single column: readers skip empty lines.
    if (field.field.type == Type::Text && (needsQuotes(text, style) || (text.isEmpty() && m_columnCount == 1)))
        text = '"' + text.replace('"', "\"\"") + '"';
    to += text;
}

void ElementText::csv(const std::byte *element, OutputBlock &block, const CsvStyle &style) const
{
    for (qint64 column = 0; column < m_columnCount && block.settle(); ++column) {
        if (column > 0)
            block.bytes() += style.delimiter;
        appendCell(block.bytes(), column, element, style);
    }
    block.bytes() += '\n';
}

void ElementText::json(const std::byte *element, OutputBlock &block) const
{
    QByteArray &bytes = block.bytes();
    if (m_isStruct)
        bytes += '{';
    for (const Field &field : m_fields) {
        if (m_isStruct) {
            if (field.firstColumn > 0)
                bytes += ',';
            appendJson(bytes, field.name);
            bytes += ':';
        }
        if (field.field.isArray)
            bytes += '[';
        const std::byte *from = element + field.field.offset;
        for (qint64 item = 0; item < field.items && block.settle(); ++item, from += field.itemSize) {
            if (item > 0)
                bytes += ',';
            const Type type = field.field.type;
            if (type == Type::Text) {
                appendJson(bytes, textIn(from, field.itemSize));
                continue;
            }
            const qsizetype begin = bytes.size();
            NumberText::append(bytes, type, from);
            // Values that are no JSON numbers begin with a letter or have the top bit of 64 set.
            const QByteArrayView number = QByteArrayView(bytes).sliced(begin);
            const bool isReal = type == Type::Float32 || type == Type::Float64;
            quint64 large = 0;
            if (type == Type::UInt64)
                std::memcpy(&large, from, sizeof large);
            if ((isReal && (number.contains('n'))) || large > quint64(std::numeric_limits<qint64>::max())) {
                bytes.insert(begin, '"');
                bytes += '"';
            }
        }
        if (field.field.isArray)
            bytes += ']';
    }
    if (m_isStruct)
        bytes += '}';
}

bool ElementText::readNumber(QByteArrayView text, const Field &field, std::byte *to, QString *why) const
{
    const NumberText::Outcome outcome = NumberText::parse(text, field.field.type, to);
    return outcome == NumberText::Outcome::Good
        || fail(why, NumberText::problemOf(outcome, quoted(text), field.field) + u"; "_s
                         + NumberText::remedyFor(outcome, field.field.type));
}

bool ElementText::readText(QByteArrayView text, const Field &field, std::byte *to, QString *why) const
{
    QByteArray bytes;
    bytes.reserve(text.size());
    while (!text.isEmpty()) {
        const Wording::CodePoint point = Wording::codePoint(text);
        if (point.size > 0) {
            bytes += text.first(point.size);
            text = text.sliced(point.size);
        } else if (text.size() >= 3 && text[0] == '\xed' && (text[1] == '\xb2' || text[1] == '\xb3')
                   && (text[2] & '\xc0') == '\x80') {
            bytes += static_cast<char>((text[1] & 0x03) << 6 | (text[2] & 0x3f));
            text = text.sliced(3);
        } else {
            return fail(why, u"the text is not UTF-8 (byte 0x%1); convert it, for example with iconv -f ISO-8859-1 -t "
                             "UTF-8"_s.arg(static_cast<unsigned char>(text.front()), 2, 16, QChar(u'0')));
        }
    }
    if (bytes.size() > field.field.size) {
        return fail(why, u"the text has %1, %2 takes %3; shorten it"_s.arg(Wording::counted(bytes.size(), u"byte"_s),
                                                                           field.field.typeText,
                                                                           QString::number(field.field.size)));
    }
    std::memset(to, 0, static_cast<std::size_t>(field.field.size));
    std::memcpy(to, bytes.constData(), static_cast<std::size_t>(bytes.size()));
    return true;
}

bool ElementText::readCell(QByteArrayView cell, qint64 column, const CsvStyle &style, std::byte *element,
                           QString *why) const
{
    const Field &field = fieldOf(column);
    std::byte *const to = element + field.field.offset + (column - field.firstColumn) * field.itemSize;
    bool isGood = false;
    if (field.field.type == Type::Text) {
        isGood = readText(cell, field, to, why);
    } else {
        cell = trimmed(cell);
        const bool isReal = field.field.type == Type::Float32 || field.field.type == Type::Float64;
        const bool isMissing = std::any_of(style.missing.begin(), style.missing.end(),
                                           [cell](const QByteArray &text) { return text == cell; });
        QByteArray converted;
        if (isReal && isMissing) {
            cell = "nan";
        } else if (style.decimal != '.' && cell.contains(style.decimal) && !cell.contains('.')) {
            converted = cell.toByteArray().replace(style.decimal, '.');
            cell = converted;
        } else if (style.decimal != '.' && cell.contains('.')) {
            return fail(why, QString::fromUtf8(columnName(column)) + u": "_s + quoted(cell)
                                 + u" is no number, because the "
                                   "decimal sign is "_s
                                 + QLatin1Char(style.decimal) + u"; use the same sign in all numbers"_s);
        }
        if (isMissing && !isReal)
            *why = (cell.isEmpty() ? u"the value is missing"_s : quoted(cell) + u" stands for a missing value"_s)
                 + u", and %1 cannot represent that; give a value"_s.arg(field.field.typeText);
        else
            isGood = readNumber(cell, field, to, why);
        if (!isGood && !isMissing && style.decimal == '.' && cell.contains(','))
            *why = why->section(u"; "_s, 0, 0) + u"; if the comma is the decimal sign, use --decimal ,"_s;
    }
    if (!isGood)
        *why = QString::fromUtf8(columnName(column)) + u": "_s + *why;
    return isGood;
}

bool ElementText::readString(QByteArrayView text, const Field &field, qint64 item, std::byte *element,
                             QString *why) const
{
    std::byte *const to = element + field.field.offset + item * field.itemSize;
    return field.field.type == Type::Text ? readText(text, field, to, why) : readNumber(trimmed(text), field, to, why);
}

bool ElementText::readWord(QByteArrayView word, const Field &field, qint64 item, std::byte *element, QString *why) const
{
    std::byte *const to = element + field.field.offset + item * field.itemSize;
    const Type type = field.field.type;
    if (type == Type::Text)
        return fail(why,
                    Wording::shortened(word) + u" is no text for "_s + field.field.typeText + u"; put it in quotes"_s);
    if (word == "null" && (type == Type::Float32 || type == Type::Float64))
        return readNumber("nan", field, to, why);
    return readNumber(word, field, to, why);
}
