// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "documentcontent_p.h"

#include "cborcheck_p.h"
#include "memorycheck_p.h"

#include <QtCore/QCborArray>
#include <QtCore/QCborMap>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonValue>
#include <QtCore/QStringDecoder>

#include <cmath>

using namespace Qt::StringLiterals;

namespace {

constexpr CborCheck::Limits DocumentLimits{DocumentContent::MostItems, DocumentContent::MostLevels};
/// What a parsed value takes at most, in bytes for each item.
constexpr qsizetype BytesPerItem = 256;

template<typename T>
std::optional<T> refuse(QString *why, const QString &text)
{
    *why = text;
    return std::nullopt;
}

std::optional<QCborValue> decodeCbor(const QByteArray &bytes, QString *why)
{
    QCborParserError error;
    const QCborValue value = QCborValue::fromCbor(bytes, &error);
    if (error.error != QCborError::NoError)
        return refuse<QCborValue>(why, u"is not valid CBOR (%1); publish one whole value"_s.arg(error.errorString()));
    return value;
}

std::optional<QCborValue> decodeJson(const QByteArray &bytes, QString *why)
{
    // QJsonDocument takes arrays and objects alone.
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson('[' + bytes + ']', &error);
    if (error.error != QJsonParseError::NoError)
        return refuse<QCborValue>(why, u"is not JSON (%1); publish one whole value"_s.arg(error.errorString()));
    if (document.array().size() != 1)
        return refuse<QCborValue>(why, u"is not one value of JSON; publish one whole value"_s);
    return QCborValue::fromJsonValue(document.array().at(0));
}

std::optional<QCborValue> decodeText(const QByteArray &bytes, QString *why)
{
    // QString::fromUtf8() drops a leading U+FEFF.
    QStringDecoder decoder(QStringDecoder::Utf8,
                           QStringDecoder::Flag::Stateless | QStringDecoder::Flag::ConvertInitialBom);
    const QString text = decoder(bytes);
    if (decoder.hasError())
        return refuse<QCborValue>(why, u"is not UTF-8; publish text in that encoding"_s);
    return QCborValue(text);
}

/// Says what JSON cannot hold in a value; empty if nothing.
QString whyNoJson(const QCborValue &value)
{
    if (value.isDouble() && !std::isfinite(value.toDouble()))
        return u"a number that is not finite"_s;
    if (value.isByteArray())
        return u"bytes"_s;
    if (value.isArray()) {
        const QCborArray items = value.toArray();
        for (const QCborValue item : items) {
            if (QString why = whyNoJson(item); !why.isEmpty())
                return why;
        }
    }
    if (value.isMap()) {
        const QCborMap members = value.toMap();
        for (const auto &member : members) {
            if (QString why = whyNoJson(member.second); !why.isEmpty())
                return why;
        }
    }
    return QString();
}

} // namespace

QString DocumentContent::key()
{
    return u"content"_s;
}

QString DocumentContent::cbor()
{
    return u"application/cbor"_s;
}

std::optional<DocumentContent> DocumentContent::of(const QVariantMap &metadata, QString *why)
{
    const QString content = metadata.value(key()).toString();
    if (content.isEmpty())
        return refuse<DocumentContent>(
            why, u"does not say in its metadata what its bytes are; its owner sets \"content\" to "
                 "%1, application/json or text/plain"_s.arg(cbor()));
    // A media type of RFC 2045: upper and lower case are equal, and parameters follow.
    const QStringList parts = content.toLower().split(u';');
    const QString type = parts.constFirst().trimmed();
    for (qsizetype i = 1; i < parts.size(); ++i) {
        const QString parameter = parts.at(i).trimmed();
        if (parameter.startsWith("charset="_L1) && parameter != "charset=utf-8"_L1
            && parameter != "charset=\"utf-8\""_L1 && parameter != "charset=us-ascii"_L1)
            return refuse<DocumentContent>(why, u"has the content \"%1\", and only UTF-8 is read; publish that"_s.arg(
                                                    content));
    }
    if (type == cbor() || type.endsWith("+cbor"_L1))
        return DocumentContent(Type::Cbor);
    if (type == "application/json"_L1 || type.endsWith("+json"_L1))
        return DocumentContent(Type::Json);
    if (type == "text/plain"_L1)
        return DocumentContent(Type::Text);
    return refuse<DocumentContent>(
        why, u"has the content \"%1\"; a document is %2, application/json or text/plain"_s.arg(content, cbor()));
}

std::optional<QCborValue> DocumentContent::decode(const QByteArray &bytes, QString *why) const
{
    if (bytes.size() > MostBytes)
        return refuse<QCborValue>(
            why, u"takes %1 bytes, and at most %2 are read; divide it"_s.arg(bytes.size()).arg(MostBytes));
    if (m_type == Type::Text)
        return decodeText(bytes, why);
    *why = m_type == Type::Cbor ? CborCheck::whyNotCbor(bytes, DocumentLimits)
                                : CborCheck::whyNotJson(bytes, DocumentLimits);
    if (!why->isEmpty())
        return std::nullopt;
    if (!hasMemoryFor(std::min<qint64>(bytes.size(), MostItems), BytesPerItem))
        return refuse<QCborValue>(why, u"does not fit into memory; end programs that take much memory"_s);
    return m_type == Type::Cbor ? decodeCbor(bytes, why) : decodeJson(bytes, why);
}

QByteArray DocumentContent::toJson(const QCborValue &value)
{
    // QJsonDocument writes arrays and objects alone.
    const QByteArray text = QJsonDocument(QJsonArray{value.toJsonValue()}).toJson(QJsonDocument::Compact);
    return text.mid(1, text.size() - 2);
}

std::optional<QByteArray> DocumentContent::encode(const QCborValue &value, QString *why) const
{
    QByteArray bytes;
    switch (m_type) {
    case Type::Cbor:
        bytes = value.toCbor();
        *why = CborCheck::whyNotCbor(bytes, DocumentLimits);
        break;
    case Type::Json:
        if (const QString what = whyNoJson(value); !what.isEmpty())
            return refuse<QByteArray>(why, u"contains %1, which JSON cannot hold; give a text or null"_s.arg(what));
        bytes = toJson(value);
        *why = CborCheck::whyNotJson(bytes, DocumentLimits);
        break;
    case Type::Text:
        if (!value.isString())
            return refuse<QByteArray>(why, u"is no text, and the content is text/plain; give a text"_s);
        bytes = value.toString().toUtf8();
        break;
    }
    if (why->isEmpty() && bytes.size() > MostBytes)
        *why = u"takes %1 bytes, and at most %2 are possible; divide it"_s.arg(bytes.size()).arg(MostBytes);
    if (!why->isEmpty())
        return std::nullopt;
    return bytes;
}
