// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "jsvalues.h"

#include "../src/core/memorycheck_p.h"
#include "qmlnames.h"

#include <QtCore/QHash>
#include <QtQml/QJSValueIterator>

#include <algorithm>
#include <new>

using namespace Qt::StringLiterals;
using Error = SharedSegment::Error;
using Type = SharedLayout::Type;

namespace {

struct TypedArray
{
    QByteArray bytes;
    FieldDecoder item;
};

/// Converts a TypedArray of the ECMAScript specification; ArrayBuffer and DataView are not typed arrays.
std::optional<TypedArray> toTypedArray(const QJSValue &value)
{
    static const QHash<QString, Type> types{
        {u"Int8Array"_s, Type::Int8},     {u"Uint8Array"_s, Type::UInt8},     {u"Uint8ClampedArray"_s, Type::UInt8},
        {u"Int16Array"_s, Type::Int16},   {u"Uint16Array"_s, Type::UInt16},   {u"Int32Array"_s, Type::Int32},
        {u"Uint32Array"_s, Type::UInt32}, {u"Float32Array"_s, Type::Float32}, {u"Float64Array"_s, Type::Float64},
    };
    if (!value.isObject() || value.isArray())
        return std::nullopt;
    const auto type = types.constFind(value.property(u"constructor"_s).property(u"name"_s).toString());
    if (type == types.cend())
        return std::nullopt;
    const QVariant buffer = value.property(u"buffer"_s).toVariant();
    const int itemSize = value.property(u"BYTES_PER_ELEMENT"_s).toInt();
    const qsizetype offset = value.property(u"byteOffset"_s).toInt();
    const qsizetype size = value.property(u"byteLength"_s).toInt();
    if (buffer.typeId() != QMetaType::QByteArray || itemSize < 1 || itemSize > 8)
        return std::nullopt;
    const QByteArray bytes = buffer.toByteArray();
    // Any object may have a constructor of such a name.
    if (offset < 0 || size < 0 || offset > bytes.size() || size > bytes.size() - offset || size % itemSize != 0)
        return std::nullopt;
    static const QHash<Type, int> sizes{{Type::Int8, 1},  {Type::UInt8, 1},  {Type::Int16, 2},   {Type::UInt16, 2},
                                        {Type::Int32, 4}, {Type::UInt32, 4}, {Type::Float32, 4}, {Type::Float64, 8}};
    if (sizes.value(*type) != itemSize)
        return std::nullopt;
    return TypedArray{bytes.mid(offset, size), FieldDecoder({{}, *type, 1, false, 0, itemSize, {}})};
}

bool failElement(JsValues::Failure *failure, Error error, const QString &text)
{
    *failure = {error, text};
    return false;
}

bool writeFields(const QList<FieldDecoder> &fields, std::byte *element, const QJSValue &object, const QString &prefix,
                 QList<FieldDecoder> *written, JsValues::Failure *failure)
{
    if (!object.isObject() || object.isArray() || object.isCallable())
        return failElement(failure, Error::InvalidValue, u"the value is no object; give one with the fields' values"_s);
    QJSValueIterator it(object);
    while (it.next()) {
        const QString name = prefix + it.name();
        if (const qsizetype at = fieldOfName(fields, name); at >= 0) {
            const FieldDecoder &field = fields.at(at);
            QString reason;
            if (!field.write(element, JsValues::toVariant(it.value()), FieldDecoder::Strings::Refuse, &reason))
                return failElement(failure, Error::InvalidValue, reason);
            written->append(field);
            continue;
        }
        // This check bounds the depth: in a cycle, the name becomes longer than each field's name.
        const QString nested = name + u'.';
        const bool isNested = std::any_of(fields.cbegin(), fields.cend(),
                                          [&](const FieldDecoder &field) { return field.name().startsWith(nested); });
        if (!isNested) {
            QStringList names;
            for (const FieldDecoder &field : fields)
                names.append(field.name());
            return failElement(failure, Error::InvalidValue,
                               u"there is no field \"%1\"; use one of: %2"_s.arg(name, names.join(u", ")));
        }
        if (!writeFields(fields, element, it.value(), nested, written, failure))
            return false;
    }
    return true;
}

std::optional<QByteArray> fail(JsValues::Failure *failure, Error error, const QString &text)
{
    *failure = {error, text};
    return std::nullopt;
}

} // namespace

QVariant JsValues::toVariant(const QJSValue &value)
{
    if (value.isUndefined())
        return QVariant();
    if (value.isNull())
        return QVariant::fromValue(nullptr);
    if (const std::optional<TypedArray> typed = toTypedArray(value)) {
        QVariantList list;
        const auto *bytes = reinterpret_cast<const std::byte *>(typed->bytes.constData());
        for (qsizetype at = 0; at < typed->bytes.size(); at += typed->item.field().size)
            list.append(typed->item.read(bytes + at));
        return list;
    }
    return value.toVariant();
}

std::optional<QList<FieldDecoder>> JsValues::writeElement(const SharedLayout &layout, std::byte *element,
                                                          const QJSValue &value, Failure *failure)
{
    const QList<FieldDecoder> fields = FieldDecoder::of(layout);
    if (!layout.isStruct()) {
        QString why;
        if (!fields.constFirst().write(element, toVariant(value), FieldDecoder::Strings::Refuse, &why)) {
            *failure = {Error::InvalidValue, why};
            return std::nullopt;
        }
        return fields;
    }
    QList<FieldDecoder> written;
    if (!writeFields(fields, element, value, QString(), &written, failure))
        return std::nullopt;
    return written;
}

std::optional<QByteArray> JsValues::toRevision(const SharedLayout &layout, qint64 length, const QJSValue &values,
                                               Failure *failure)
{
    const QList<FieldDecoder> fields = FieldDecoder::of(layout);
    const qsizetype elementSize = layout.elementSize();
    const qsizetype size = elementSize * static_cast<qsizetype>(length);
    auto wrongCount = [&](qint64 count) {
        return fail(failure, Error::InvalidSize,
                    u"there are %1 values for a length of %2; give as many"_s.arg(count).arg(length));
    };
    const std::optional<TypedArray> typed = toTypedArray(values);
    if (typed && !layout.isStruct() && fields.constFirst().type() == typed->item.type() && typed->bytes.size() == size)
        return typed->bytes;
    const QVariant variant = typed || values.isArray() ? QVariant() : values.toVariant();
    if (variant.typeId() == QMetaType::QByteArray) {
        const QByteArray bytes = variant.toByteArray();
        if (bytes.size() != size)
            return fail(failure, Error::InvalidSize,
                        u"there are %1 bytes for a revision of %2; give as many"_s.arg(bytes.size()).arg(size));
        return bytes;
    }
    if (!hasMemoryFor(size))
        throw std::bad_alloc();
    QByteArray bytes(size, '\0');
    auto *element = reinterpret_cast<std::byte *>(bytes.data());
    auto elementFailed = [&](qint64 index, Error error, const QString &why) {
        return fail(failure, error, u"element %1: %2"_s.arg(index).arg(why));
    };
    if (values.isArray()) {
        const QJSValue count = values.property(u"length"_s);
        if (count.toNumber() != static_cast<double>(length))
            return wrongCount(static_cast<qint64>(count.toNumber()));
        for (quint32 i = 0; i < static_cast<quint32>(length); ++i, element += elementSize) {
            const std::optional<QList<FieldDecoder>> written =
                writeElement(layout, element, values.property(i), failure);
            if (!written)
                return elementFailed(i, failure->error, failure->text);
            // Comparing counts is not enough: an object may name a field twice, nested and flattened, and omit another.
            for (const FieldDecoder &field : fields) {
                const bool isWritten = std::any_of(written->cbegin(), written->cend(), [&](const FieldDecoder &other) {
                    return other.name() == field.name();
                });
                if (!isWritten)
                    return elementFailed(i, Error::InvalidValue,
                                         u"the field \"%1\" is missing; give all, or write the element alone"_s.arg(
                                             field.name()));
            }
        }
        return bytes;
    }
    // Typed arrays of another item type, and lists from C++.
    const bool isOther = variant.typeId() == QMetaType::QString || variant.typeId() == QMetaType::QVariantMap
                      || variant.metaType() == QMetaType::fromType<QJSValue>();
    const bool isList = typed || (!isOther && variant.canConvert<QVariantList>());
    if (!isList || layout.isStruct())
        return fail(failure, Error::InvalidValue,
                    layout.isStruct() ? u"the values are no array; give one of objects"_s
                                      : u"the values are no array; give one, a typed array or an ArrayBuffer"_s);
    const QVariantList list = typed ? toVariant(values).toList() : variant.toList();
    if (list.size() != length)
        return wrongCount(list.size());
    QString why;
    for (qsizetype i = 0; i < list.size(); ++i, element += elementSize) {
        if (!fields.constFirst().write(element, list.at(i), FieldDecoder::Strings::Refuse, &why))
            return elementFailed(i, Error::InvalidValue, why);
    }
    return bytes;
}
