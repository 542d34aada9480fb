// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "fielddecoder.h"

#include "memorycheck_p.h"
#include "numbertext.h"
#include "utf8_p.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>
#include <type_traits>

using namespace Qt::StringLiterals;
using NumberText::Outcome;
using Type = SharedLayout::Type;

namespace {

constexpr qsizetype ShortText = 4096;

template<typename T>
T load(const std::byte *bytes)
{
    T value;
    std::memcpy(&value, bytes, sizeof value);
    return value;
}

template<typename T>
void store(std::byte *bytes, T value)
{
    std::memcpy(bytes, &value, sizeof value);
}

bool fail(QString *why, const QString &text)
{
    if (why)
        *why = text;
    return false;
}

/// Returns the value as text for an error message, in the caller's terms.
QString described(const QVariant &value)
{
    constexpr qsizetype MostCharacters = 40;
    if (!value.isValid())
        return u"undefined"_s;
    if (value.typeId() == QMetaType::Nullptr)
        return u"null"_s;
    const QString text = value.toString();
    QString shown = text.size() > MostCharacters ? text.left(MostCharacters) + u'\u2026' : text;
    if (value.typeId() == QMetaType::QString || value.typeId() == QMetaType::QByteArray)
        return u'"' + shown + u'"';
    if (!text.isEmpty())
        return shown;
    return value.canConvert<QVariantList>() ? u"a list"_s : u"an object"_s;
}

QString values(qsizetype count)
{
    return QString::number(count) + (count == 1 ? u" value"_s : u" values"_s);
}

bool isUnsignedInteger(const QVariant &value)
{
    switch (value.typeId()) {
    case QMetaType::UChar:
    case QMetaType::UShort:
    case QMetaType::UInt:
    case QMetaType::ULong:
    case QMetaType::ULongLong:
        return true;
    default:
        return false;
    }
}

bool isFraction(const QVariant &value)
{
    if (value.typeId() != QMetaType::Double && value.typeId() != QMetaType::Float)
        return false;
    const double number = value.toDouble();
    return std::isnan(number) || (std::isfinite(number) && number != std::trunc(number));
}

template<typename T>
bool toInteger(const QVariant &value, T &result)
{
    using Limits = std::numeric_limits<T>;
    if (value.typeId() == QMetaType::Double || value.typeId() == QMetaType::Float) {
        const double number = value.toDouble();
        // As a double, 2 to the power of the digits is exact; the greatest integer below it may not be.
        const double end = std::ldexp(1.0, Limits::digits);
        if (!(number == std::trunc(number)) || !(number < end) || !(number >= (Limits::is_signed ? -end : 0.0)))
            return false;
        result = static_cast<T>(number);
        return true;
    }
    if (isUnsignedInteger(value)) {
        const qulonglong number = value.toULongLong();
        if (number > static_cast<qulonglong>(Limits::max()))
            return false;
        result = static_cast<T>(number);
        return true;
    }
    const qlonglong number = value.toLongLong();
    if constexpr (Limits::is_signed) {
        if (number < Limits::min() || number > Limits::max())
            return false;
    } else if (number < 0 || static_cast<qulonglong>(number) > Limits::max()) {
        return false;
    }
    result = static_cast<T>(number);
    return true;
}

qsizetype sizeOf(const SharedLayout::Field &field)
{
    return field.type == Type::Text || field.count < 1 ? field.size : field.size / field.count;
}

} // namespace

bool FieldDecoder::isNumber(const QVariant &value)
{
    switch (value.typeId()) {
    case QMetaType::Char:
    case QMetaType::SChar:
    case QMetaType::UChar:
    case QMetaType::Short:
    case QMetaType::UShort:
    case QMetaType::Int:
    case QMetaType::UInt:
    case QMetaType::Long:
    case QMetaType::ULong:
    case QMetaType::LongLong:
    case QMetaType::ULongLong:
    case QMetaType::Float:
    case QMetaType::Double:
        return true;
    default:
        return false;
    }
}

FieldDecoder::FieldDecoder(const SharedLayout::Field &field)
    : m_field(field)
    , m_itemSize(sizeOf(field))
{
}

QList<FieldDecoder> FieldDecoder::of(const SharedLayout &layout)
{
    QList<FieldDecoder> decoders;
    const QList<SharedLayout::Field> fields = layout.fields();
    decoders.reserve(fields.size());
    for (const SharedLayout::Field &field : fields)
        decoders.append(FieldDecoder(field));
    return decoders;
}

QVariantList FieldDecoder::readList(const std::byte *element, qsizetype most) const
{
    const std::byte *bytes = element + m_field.offset;
    const qsizetype count = std::min<qsizetype>(m_field.count, most);
    // Another process determines the count, and Qt's containers may end the program when an allocation fails.
    if (count > MostListItems || !hasMemoryFor(count, sizeof(QVariant)))
        throw std::bad_alloc();
    QVariantList list;
    list.reserve(count);
    for (qsizetype i = 0; i < count; ++i)
        list.append(readItem(bytes + i * m_itemSize));
    return list;
}

QVariant FieldDecoder::readListText(const std::byte *element) const
{
    QString text = QVariant(readList(element, MostTextItems)).toStringList().join(u", ");
    if (m_field.count > MostTextItems)
        text += u", \u2026";
    return text;
}

QVariant FieldDecoder::readItem(const std::byte *item) const
{
    switch (m_field.type) {
    case Type::Int8:
        return int(load<qint8>(item));
    case Type::UInt8:
        return int(load<quint8>(item));
    case Type::Int16:
        return int(load<qint16>(item));
    case Type::UInt16:
        return int(load<quint16>(item));
    case Type::Int32:
        return load<qint32>(item);
    case Type::UInt32:
        return load<quint32>(item);
    case Type::Int64:
        return load<qint64>(item);
    case Type::UInt64:
        return load<quint64>(item);
    case Type::Float32:
        return load<float>(item);
    case Type::Float64:
        return load<double>(item);
    case Type::Bool:
        return load<quint8>(item) != 0;
    case Type::Text:
        return readText(item);
    }
    return QVariant();
}

QVariant FieldDecoder::readText(const std::byte *item) const
{
    const char *text = reinterpret_cast<const char *>(item);
    const qsizetype size = textSize(item);
    // A text of a cell is short: the question takes a tenth of what the answer does.
    if (size > ShortText && !hasMemoryFor(size, sizeof(QChar)))
        throw std::bad_alloc();
    return textOf({text, static_cast<std::size_t>(size)});
}

qsizetype FieldDecoder::textSize(const std::byte *item) const
{
    return static_cast<qsizetype>(
        qstrnlen(reinterpret_cast<const char *>(item), static_cast<std::size_t>(m_field.size)));
}

bool FieldDecoder::write(std::byte *element, const QVariant &value, Strings strings, QString *why) const
{
    if (writeField(element, value, strings, why))
        return true;
    if (why && !m_field.name.isEmpty())
        *why = u"the field \"%1\" does not take the value: "_s.arg(m_field.name) + *why;
    return false;
}

bool FieldDecoder::writeField(std::byte *element, const QVariant &value, Strings strings, QString *why) const
{
    std::byte *bytes = element + m_field.offset;
    if (!m_field.isArray)
        return writeItem(bytes, value, strings, why);
    if (value.typeId() == QMetaType::QString || value.typeId() == QMetaType::QByteArray
        || !value.canConvert<QVariantList>())
        return fail(why, described(value) + u" is no list for "_s + m_field.typeText + u"; give a list of "_s
                             + values(m_field.count));
    const QVariantList list = value.toList();
    if (list.size() != m_field.count)
        return fail(
            why, u"%1 takes %2, not %3; give as many"_s.arg(m_field.typeText, values(m_field.count)).arg(list.size()));
    QByteArray written(m_field.size, '\0');
    std::byte *to = reinterpret_cast<std::byte *>(written.data());
    for (const QVariant &item : list) {
        if (!writeItem(to, item, strings, why))
            return false;
        to += m_itemSize;
    }
    std::memcpy(bytes, written.constData(), static_cast<size_t>(written.size()));
    return true;
}

bool FieldDecoder::writeText(std::byte *item, const QVariant &value, QString *why) const
{
    if (value.typeId() != QMetaType::QString)
        return fail(why, described(value) + u" is no text for "_s + m_field.typeText + u"; give a string"_s);
    const QString text = value.toString();
    const QByteArray utf8 = text.toUtf8();
    if (!text.isValidUtf16() || utf8.contains('\0'))
        return fail(why, u"the text holds a NUL or half a surrogate pair; leave that out"_s);
    if (utf8.size() > m_field.size)
        return fail(why, u"the text has %1 bytes of UTF-8, %2 has room for %3; shorten it"_s.arg(utf8.size())
                             .arg(m_field.typeText)
                             .arg(m_field.size));
    std::memset(item, 0, static_cast<size_t>(m_field.size));
    std::memcpy(item, utf8.constData(), static_cast<size_t>(utf8.size()));
    return true;
}

bool FieldDecoder::writeTyped(std::byte *item, const QString &typed, QString *why) const
{
    const NumberText::Outcome outcome = NumberText::parse(typed.trimmed().toUtf8(), m_field.type, item);
    return outcome == NumberText::Outcome::Good || refuse(outcome, typed, why);
}

bool FieldDecoder::refuse(NumberText::Outcome outcome, const QVariant &value, QString *why) const
{
    return fail(why, NumberText::problemOf(outcome, described(value), m_field) + u"; "_s
                         + NumberText::remedyFor(outcome, m_field.type));
}

bool FieldDecoder::writeItem(std::byte *item, const QVariant &given, Strings strings, QString *why) const
{
    if (m_field.type == Type::Text)
        return writeText(item, given, why);
    // JavaScript's numbers are exact only up to 2^53.
    const bool isExactText = m_field.type == Type::Int64 || m_field.type == Type::UInt64;
    if ((strings == Strings::Convert || isExactText) && given.typeId() == QMetaType::QString)
        return writeTyped(item, given.toString(), why);
    QVariant value = given;
    if (m_field.type == Type::Bool) {
        // Editors of text and numbers can express true and false only by 1 and 0.
        if (strings == Strings::Convert && isNumber(value) && (value.toDouble() == 0 || value.toDouble() == 1))
            value = value.toDouble() == 1;
        if (value.typeId() != QMetaType::Bool)
            return refuse(Outcome::NotANumber, given, why);
        store<quint8>(item, value.toBool() ? 1 : 0);
        return true;
    }
    if (strings == Strings::Convert && value.typeId() == QMetaType::Bool)
        value = value.toBool() ? 1 : 0;
    if (value.typeId() == QMetaType::QString)
        return fail(why, described(given) + u" is a text, "_s + m_field.typeText + u" takes a number; give one"_s);
    if (!isNumber(value))
        return refuse(Outcome::NotANumber, given, why);
    auto integer = [&]<typename T>(T result) {
        if (isFraction(value))
            return refuse(Outcome::NotWhole, given, why);
        if (!toInteger(value, result))
            return refuse(Outcome::OutOfRange, given, why);
        store(item, result);
        return true;
    };
    switch (m_field.type) {
    case Type::Int8:
        return integer(qint8());
    case Type::UInt8:
        return integer(quint8());
    case Type::Int16:
        return integer(qint16());
    case Type::UInt16:
        return integer(quint16());
    case Type::Int32:
        return integer(qint32());
    case Type::UInt32:
        return integer(quint32());
    case Type::Int64:
        return integer(qint64());
    case Type::UInt64:
        return integer(quint64());
    case Type::Float32: {
        const double number = value.toDouble();
        if (std::isfinite(number) && std::abs(number) > double(std::numeric_limits<float>::max()))
            return refuse(Outcome::OutOfRange, given, why);
        store(item, static_cast<float>(number));
        return true;
    }
    case Type::Float64:
        store(item, value.toDouble());
        return true;
    case Type::Bool:
    case Type::Text:
        break;
    }
    return false;
}

bool FieldDecoder::isSame(const std::byte *element, const std::byte *other) const
{
    if (std::memcmp(element + m_field.offset, other + m_field.offset, static_cast<size_t>(m_field.size)) == 0)
        return true;
    const std::byte *const item = element + m_field.offset;
    const std::byte *const otherItem = other + m_field.offset;
    // Each byte other than 0 is true.
    if (m_field.type == Type::Bool)
        return std::equal(item, item + m_field.size, otherItem,
                          [](std::byte a, std::byte b) { return (a == std::byte()) == (b == std::byte()); });
    if (m_field.type != Type::Text)
        return false;
    // The bytes after the end of a text have no meaning.
    const qsizetype size = textSize(item);
    return size == textSize(otherItem) && std::memcmp(item, otherItem, static_cast<std::size_t>(size)) == 0;
}

void FieldDecoder::copy(const std::byte *from, std::byte *to) const
{
    std::memcpy(to + m_field.offset, from + m_field.offset, static_cast<size_t>(m_field.size));
}
