// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "elementtext.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

using namespace Qt::StringLiterals;

namespace {

template<typename T>
QString shortest(T number)
{
    if (std::isnan(number))
        return u"nan"_s;
    std::array<char, 64> text;
    const std::to_chars_result result = std::to_chars(text.data(), text.data() + text.size(), number);
    return QString::fromLatin1(text.data(), result.ptr - text.data());
}

QString textOf(const QVariant &value)
{
    switch (value.typeId()) {
    case QMetaType::Float:
        return shortest(value.toFloat());
    case QMetaType::Double:
        return shortest(value.toDouble());
    default:
        return value.toString();
    }
}

/// A string as JSON has it.
QByteArray quoted(const QString &text)
{
    QByteArray json = "\"";
    for (const char byte : text.toUtf8()) {
        if (byte == '"' || byte == '\\') {
            json += '\\';
            json += byte;
        } else if (static_cast<unsigned char>(byte) < 0x20) {
            json += "\\u00" + QByteArray::number(byte, 16).rightJustified(2, '0');
        } else {
            json += byte;
        }
    }
    return json + '"';
}

QByteArray jsonOf(const QVariant &value)
{
    switch (value.typeId()) {
    case QMetaType::QVariantList: {
        QByteArray items;
        for (const QVariant &item : value.toList())
            items += (items.isEmpty() ? "" : ",") + jsonOf(item);
        return '[' + items + ']';
    }
    case QMetaType::QString:
        return quoted(value.toString());
    case QMetaType::Float:
    case QMetaType::Double:
        return std::isfinite(value.toDouble()) ? textOf(value).toLatin1() : quoted(textOf(value));
    case QMetaType::ULongLong:
        return value.toULongLong() > quint64(std::numeric_limits<qint64>::max()) ? quoted(textOf(value))
                                                                                 : textOf(value).toLatin1();
    default:
        return textOf(value).toLatin1();
    }
}

} // namespace

ElementText::ElementText(const SharedLayout &layout, const QStringList &only)
    : m_elementSize(layout.elementSize())
    , m_isStruct(layout.isStruct())
    , m_unknown(only)
{
    for (const FieldDecoder &field : FieldDecoder::of(layout)) {
        const QString name = field.name().isEmpty() ? u"value"_s : field.name();
        if (!only.isEmpty() && !only.contains(name))
            continue;
        m_unknown.removeAll(name);
        m_fields.append(field);
        if (!field.field().isArray)
            m_columns.append(name);
        for (qsizetype i = 0; field.field().isArray && i < field.field().count; ++i)
            m_columns.append(name + u'[' + QString::number(i) + u']');
    }
    for (qsizetype i = 0; i < m_columns.size(); ++i)
        m_order.append(i);
}

QByteArray ElementText::csvHeader() const
{
    return toCsv(m_columns).toUtf8();
}

QStringList ElementText::values(const std::byte *element) const
{
    QStringList values;
    for (const FieldDecoder &field : m_fields) {
        const QVariant value = field.read(element);
        if (!field.field().isArray) {
            values.append(textOf(value));
            continue;
        }
        for (const QVariant &item : value.toList())
            values.append(textOf(item));
    }
    return values;
}

QByteArray ElementText::csv(const std::byte *element) const
{
    return toCsv(values(element)).toUtf8();
}

QByteArray ElementText::json(const std::byte *element) const
{
    if (!m_isStruct && !m_fields.isEmpty())
        return jsonOf(m_fields.first().read(element));
    QByteArray members;
    for (const FieldDecoder &field : m_fields)
        members += (members.isEmpty() ? "" : ",") + quoted(field.name()) + ':' + jsonOf(field.read(element));
    return '{' + members + '}';
}

bool ElementText::setOrder(const QStringList &columns, QString *why)
{
    QList<qsizetype> order;
    for (const QString &column : m_columns) {
        const qsizetype position = columns.indexOf(column);
        if (position == -1) {
            *why = u"there is no column \"%1\""_s.arg(column);
            return false;
        }
        order.append(position);
    }
    if (columns.size() != m_columns.size()) {
        *why = u"%1 columns for %2 values"_s.arg(columns.size()).arg(m_columns.size());
        return false;
    }
    m_order = order;
    return true;
}

bool ElementText::read(const QStringList &values, std::byte *element, QString *why) const
{
    if (values.size() != m_columns.size()) {
        *why = u"%1 values where %2 are needed: %3"_s.arg(values.size()).arg(m_columns.size()).arg(toCsv(m_columns));
        return false;
    }
    QByteArray bytes(reinterpret_cast<const char *>(element), m_elementSize);
    auto *const copy = reinterpret_cast<std::byte *>(bytes.data());
    qsizetype column = 0;
    for (const FieldDecoder &field : m_fields) {
        QVariant value;
        if (field.field().isArray) {
            QVariantList items;
            for (qsizetype i = 0; i < field.field().count; ++i)
                items.append(values.at(m_order.at(column++)));
            value = items;
        } else {
            value = values.at(m_order.at(column++));
        }
        if (!field.write(copy, value, FieldDecoder::Strings::Convert, why)) {
            *why = (field.name().isEmpty() ? u"value"_s : field.name()) + u": "_s + *why;
            return false;
        }
    }
    std::memcpy(element, bytes.constData(), static_cast<std::size_t>(bytes.size()));
    return true;
}

bool ElementText::read(const QJsonValue &value, std::byte *element, QString *why) const
{
    QByteArray bytes(reinterpret_cast<const char *>(element), m_elementSize);
    auto *const copy = reinterpret_cast<std::byte *>(bytes.data());
    if (!m_isStruct) {
        if (!m_fields.first().write(copy, value.toVariant(), FieldDecoder::Strings::Convert, why))
            return false;
    } else {
        if (!value.isObject()) {
            *why = u"an object with the fields %1 is needed"_s.arg(m_columns.join(u", "));
            return false;
        }
        const QJsonObject object = value.toObject();
        qsizetype known = 0;
        for (const FieldDecoder &field : m_fields) {
            if (!object.contains(field.name())) {
                *why = u"there is no \"%1\""_s.arg(field.name());
                return false;
            }
            ++known;
            if (!field.write(copy, object.value(field.name()).toVariant(), FieldDecoder::Strings::Convert, why)) {
                *why = field.name() + u": "_s + *why;
                return false;
            }
        }
        if (known != object.size()) {
            *why = u"it has other members than %1"_s.arg(m_columns.join(u", "));
            return false;
        }
    }
    std::memcpy(element, bytes.constData(), static_cast<std::size_t>(bytes.size()));
    return true;
}

bool splitCsv(const QString &line, QStringList *values)
{
    values->clear();
    QString value;
    bool isQuoted = false;
    for (qsizetype i = 0; i < line.size(); ++i) {
        const QChar character = line.at(i);
        if (isQuoted) {
            if (character != u'"')
                value += character;
            else if (i + 1 < line.size() && line.at(i + 1) == u'"')
                value += line.at(++i);
            else
                isQuoted = false;
        } else if (character == u'"') {
            isQuoted = true;
        } else if (character == u',') {
            values->append(value);
            value.clear();
        } else {
            value += character;
        }
    }
    values->append(value);
    return !isQuoted;
}

QString toCsv(const QStringList &values)
{
    QStringList cells;
    for (QString value : values) {
        if (value.contains(u'"') || value.contains(u',') || value.contains(u'\n') || value.contains(u'\r'))
            value = u'"' + value.replace(u'"', u"\"\""_s) + u'"';
        cells.append(value);
    }
    return cells.join(u',');
}
