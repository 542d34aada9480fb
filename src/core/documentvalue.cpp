// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "documentvalue_p.h"

#include "documentcontent_p.h"
#include "scriptvalue_p.h"

#include <QtCore/QCborArray>
#include <QtCore/QCborMap>
#include <QtCore/QDateTime>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QUrl>
#include <QtCore/QUuid>

#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;

namespace {

constexpr double MostExactInteger = 9007199254740992; // 2^53

/// A whole number becomes an integer, as JSON has it: a script does not tell 1.0 from 1.
QCborValue number(double value)
{
    const bool isInteger = std::abs(value) <= MostExactInteger && std::trunc(value) == value
                        && !(value == 0 && std::signbit(value));
    return isInteger ? QCborValue(static_cast<qint64>(value)) : QCborValue(value);
}

/// Converts values, and knows the place of the one that it converts.
class VariantReader
{
public:
    std::optional<QCborValue> read(const QVariant &value)
    {
        if (++m_items > DocumentContent::MostItems)
            return refuse(u"more than %1 values"_s.arg(DocumentContent::MostItems));
        const ScriptValue script = ScriptValues::unwrapped(value, DocumentContent::MostItems);
        if (script.count)
            return refuse(u"more than %1 values"_s.arg(DocumentContent::MostItems));
        if (script.typed)
            return list(script.typed->toList(), true);
        return plain(script.plain, !script.plain.isValid() && value.isValid());
    }

    QString why() const { return m_why; }

private:
    std::optional<QCborValue> plain(const QVariant &value, bool isFunction)
    {
        switch (value.typeId()) {
        case QMetaType::UnknownType:
            return refuse(isFunction ? u"a function"_s : u"undefined"_s);
        case QMetaType::Nullptr:
            return QCborValue(nullptr);
        case QMetaType::Bool:
            return QCborValue(value.toBool());
        case QMetaType::Char:
        case QMetaType::SChar:
        case QMetaType::UChar:
        case QMetaType::Short:
        case QMetaType::UShort:
        case QMetaType::Int:
        case QMetaType::UInt:
        case QMetaType::Long:
        case QMetaType::LongLong:
            return QCborValue(value.toLongLong());
        case QMetaType::ULong:
        case QMetaType::ULongLong:
            if (value.toULongLong() > static_cast<quint64>(std::numeric_limits<qint64>::max()))
                return refuse(
                    u"the number %1, which exceeds 64 bits with a sign; write it as a text"_s.arg(value.toULongLong()));
            return QCborValue(value.toLongLong());
        case QMetaType::Float:
        case QMetaType::Double:
            return number(value.toDouble());
        case QMetaType::QChar:
        case QMetaType::QString:
        case QMetaType::QUrl:
        case QMetaType::QUuid:
        case QMetaType::QColor:
            return text(value.toString());
        case QMetaType::QByteArray:
            return bytes(value.toByteArray());
        case QMetaType::QDateTime:
            if (!value.toDateTime().isValid())
                return refuse(u"an invalid date"_s);
            return QCborValue(value.toDateTime().toUTC());
        case QMetaType::QJsonValue:
            return QCborValue::fromJsonValue(value.toJsonValue());
        case QMetaType::QJsonObject:
            return QCborValue::fromJsonValue(value.toJsonObject());
        case QMetaType::QJsonArray:
            return QCborValue::fromJsonValue(value.toJsonArray());
        case QMetaType::QJsonDocument: {
            const QJsonDocument document = value.toJsonDocument();
            return document.isArray() ? QCborValue::fromJsonValue(document.array())
                                      : QCborValue::fromJsonValue(document.object());
        }
        case QMetaType::QCborValue:
            return value.value<QCborValue>();
        case QMetaType::QCborMap:
            return QCborValue(value.value<QCborMap>());
        case QMetaType::QCborArray:
            return QCborValue(value.value<QCborArray>());
        default:
            break;
        }
        if (value.metaType().flags().testFlag(QMetaType::IsEnumeration))
            return QCborValue(value.toLongLong());
        if (value.canConvert<QVariantMap>())
            return map(value.toMap());
        if (value.canConvert<QVariantList>())
            return list(value.toList(), false);
        return refuse(u"something that is no number, text, date, list or object"_s);
    }

    std::optional<QCborValue> text(const QString &text)
    {
        if (!text.isValidUtf16())
            return refuse(u"a text that is not valid Unicode"_s);
        return QCborValue(text);
    }

    std::optional<QCborValue> bytes(const QByteArray &bytes)
    {
        if (bytes.size() > DocumentContent::MostBytes)
            return refuse(u"%1 bytes, which exceed %2,"_s.arg(bytes.size()).arg(DocumentContent::MostBytes));
        return QCborValue(bytes);
    }

    std::optional<QCborValue> list(const QVariantList &items, bool isTyped)
    {
        if (items.size() > DocumentContent::MostItems - m_items)
            return refuse(u"more than %1 values"_s.arg(DocumentContent::MostItems));
        QCborArray array;
        for (qsizetype i = 0; i < items.size(); ++i) {
            if (!items.at(i).isValid()) { // undefined, as JSON.stringify() has it
                array.append(QCborValue(nullptr));
                continue;
            }
            if (isTyped) {
                array.append(number(items.at(i).toDouble()));
                continue;
            }
            const std::optional<QCborValue> item = member(u"[%1]"_s.arg(i), items.at(i));
            if (!item)
                return std::nullopt;
            array.append(*item);
        }
        return QCborValue(array);
    }

    std::optional<QCborValue> map(const QVariantMap &members)
    {
        QCborMap map;
        for (auto it = members.cbegin(); it != members.cend(); ++it) {
            if (!it.value().isValid()) // undefined, as JSON.stringify() has it
                continue;
            if (!it.key().isValidUtf16())
                return refuse(u"a name that is not valid Unicode"_s);
            const std::optional<QCborValue> value = member(u'.' + it.key(), it.value());
            if (!value)
                return std::nullopt;
            map.insert(it.key(), *value);
        }
        return QCborValue(map);
    }

    std::optional<QCborValue> member(const QString &step, const QVariant &value)
    {
        if (m_levels >= DocumentContent::MostLevels)
            return refuse(u"more than %1 levels, or itself"_s.arg(DocumentContent::MostLevels));
        ++m_levels;
        const qsizetype size = m_path.size();
        m_path += step;
        std::optional<QCborValue> read = this->read(value);
        m_path.truncate(size);
        --m_levels;
        return read;
    }

    std::optional<QCborValue> refuse(const QString &what)
    {
        constexpr qsizetype LongestPath = 100;
        QString path = m_path.startsWith(u'.') ? m_path.mid(1) : m_path;
        if (path.size() > LongestPath)
            path = path.left(LongestPath) + u"..."_s;
        m_why = path.isEmpty() ? u"is %1"_s.arg(what) : u"has %1 at \"%2\""_s.arg(what, path);
        return std::nullopt;
    }

    QString m_why;
    QString m_path; ///< of the value that is converted, such as `.limits[2].name`
    int m_levels = 0;
    qint64 m_items = 0;
};

/// The nearest double to a large integer: the bytes of its value, the first being the highest.
double doubleOf(const QByteArray &bytes)
{
    double value = 0;
    for (const char byte : bytes)
        value = value * 256 + static_cast<quint8>(byte);
    return value;
}

} // namespace

std::optional<QCborValue> DocumentValue::fromVariant(const QVariant &value, QString *why)
{
    VariantReader reader;
    std::optional<QCborValue> read = reader.read(value);
    *why = reader.why();
    return read;
}

QCborValue DocumentValue::untagged(const QCborValue &value)
{
    QCborValue inner = value;
    // Each level of tags counts as a level of the document.
    while (inner.isTag() && !inner.isDateTime()) {
        if (inner.isUuid())
            return inner.toUuid().toString(QUuid::WithoutBraces);
        const QCborTag tag = inner.tag();
        inner = inner.taggedValue();
        if (!inner.isByteArray())
            continue;
        if (tag == QCborKnownTags::PositiveBignum)
            inner = doubleOf(inner.toByteArray());
        else if (tag == QCborKnownTags::NegativeBignum)
            inner = -1 - doubleOf(inner.toByteArray());
    }
    return inner;
}

QString DocumentValue::memberName(const QCborValue &key)
{
    return key.isString() ? key.toString() : key.toDiagnosticNotation();
}

QVariant DocumentValue::toVariant(const QCborValue &value)
{
    const QCborValue plain = untagged(value);
    switch (plain.type()) {
    case QCborValue::Null:
        return QVariant::fromValue(nullptr);
    case QCborValue::True:
    case QCborValue::False:
        return plain.toBool();
    case QCborValue::Integer:
        return plain.toInteger();
    case QCborValue::Double:
        return plain.toDouble();
    case QCborValue::String:
        return plain.toString();
    case QCborValue::ByteArray:
        return plain.toByteArray();
    case QCborValue::DateTime:
        return plain.toDateTime();
    case QCborValue::Array: {
        const QCborArray items = plain.toArray();
        QVariantList list;
        list.reserve(items.size());
        for (const QCborValue item : items)
            list.append(toVariant(item));
        return list;
    }
    case QCborValue::Map: {
        const QCborMap members = plain.toMap();
        QVariantMap map;
        for (const auto &[key, member] : members)
            map.insert(memberName(key), toVariant(member));
        return map;
    }
    default:
        return QVariant(); // undefined, and simple values that have no meaning
    }
}
