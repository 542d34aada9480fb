// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "jsvalues.h"

#include "../src/core/fieldnames_p.h"
#include "../src/core/memorycheck_p.h"

#include <QtCore/QHash>
#include <QtQml/QJSValueIterator>

#include <new>
#include <utility>

using namespace Qt::StringLiterals;
using Type = SharedLayout::Type;

namespace {

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
    return TypedArray{bytes.mid(offset, size), *type, itemSize};
}

/// Converts what is no object; an object stays a value of the script.
QVariant itemOf(const QJSValue &value)
{
    if (value.isUndefined())
        return QVariant();
    if (value.isNull())
        return QVariant::fromValue(nullptr);
    return value.toVariant(QJSValue::RetainJSObjects);
}

} // namespace

QVariant JsValues::toVariant(const QJSValue &value)
{
    if (value.isUndefined())
        return QVariant();
    if (value.isNull())
        return QVariant::fromValue(nullptr);
    if (const std::optional<TypedArray> typed = toTypedArray(value)) {
        return typed->toList();
    }
    return value.toVariant();
}

std::optional<ScriptValue> JsValues::unwrap(const QVariant &value, qint64 most)
{
    if (value.metaType() != QMetaType::fromType<QJSValue>())
        return std::nullopt;
    const QJSValue script = value.value<QJSValue>();
    if (script.isCallable())
        return ScriptValue();
    if (std::optional<TypedArray> typed = toTypedArray(script))
        return ScriptValue{{}, *std::move(typed), {}};
    if (script.isArray()) {
        const double count = script.property(u"length"_s).toNumber();
        if (!(count <= static_cast<double>(most)))
            return ScriptValue{{}, {}, static_cast<qint64>(count)};
        if (!hasMemoryFor(static_cast<qint64>(count), sizeof(QVariant)))
            throw std::bad_alloc();
        QVariantList list;
        list.reserve(static_cast<qsizetype>(count));
        for (quint32 i = 0; i < static_cast<quint32>(count); ++i)
            list.append(itemOf(script.property(i)));
        return ScriptValue{list, {}, {}};
    }
    // Dates, buffers and objects of C++ become those; what remains is an object.
    const QVariant plain = itemOf(script);
    if (plain.metaType() != QMetaType::fromType<QJSValue>())
        return ScriptValue{plain, {}, {}};
    QVariantMap map;
    QJSValueIterator it(script);
    while (it.next())
        map.insert(it.name(), itemOf(it.value()));
    return ScriptValue{map, {}, {}};
}
