// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "valuewriting_p.h"

#include "fieldnames_p.h"
#include "memorycheck_p.h"
#include "scriptvalue_p.h"

#include <algorithm>
#include <new>

using namespace Qt::StringLiterals;

namespace {

bool failElement(ValueWriting::Failure *failure, SharedSegment::Error error, const QString &text)
{
    *failure = {error, text};
    return false;
}

std::optional<QByteArray> fail(ValueWriting::Failure *failure, SharedSegment::Error error, const QString &text)
{
    *failure = {error, text};
    return std::nullopt;
}

bool isMap(const QVariant &value)
{
    return value.typeId() == QMetaType::QVariantMap || value.typeId() == QMetaType::QVariantHash;
}

bool writeFields(const QList<FieldDecoder> &fields, std::byte *element, const QVariant &value, const QString &prefix,
                 QList<FieldDecoder> *written, ValueWriting::Failure *failure)
{
    const QVariant object = ScriptValues::unwrapped(value, 0).plain;
    if (!isMap(object))
        return failElement(failure, SharedSegment::Error::InvalidValue,
                           u"the value is no object; give one with the fields' values"_s);
    const QVariantMap map = object.toMap();
    for (auto it = map.cbegin(); it != map.cend(); ++it) {
        const QString name = prefix + it.key();
        if (const qsizetype at = fieldOfName(fields, name); at >= 0) {
            if (!ValueWriting::writeField(fields.at(at), element, it.value(), FieldDecoder::Strings::Refuse, failure))
                return false;
            written->append(fields.at(at));
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
            return failElement(failure, SharedSegment::Error::InvalidValue,
                               u"there is no field \"%1\"; use one of: %2"_s.arg(name, names.join(u", ")));
        }
        if (!writeFields(fields, element, it.value(), nested, written, failure))
            return false;
    }
    return true;
}

/// Returns the values as a list, if they are one; else nothing.
std::optional<QVariantList> toList(const QVariant &values)
{
    const bool isOther = values.typeId() == QMetaType::QString || values.typeId() == QMetaType::QByteArray
                      || isMap(values);
    if (isOther || !values.isValid() || !values.canConvert<QVariantList>())
        return std::nullopt;
    return values.toList();
}

/// Writes each element of a revision. @returns whether all fit.
bool writeElements(const SharedLayout &layout, std::byte *element, const QVariantList &values,
                   ValueWriting::Failure *failure)
{
    const QList<FieldDecoder> fields = FieldDecoder::of(layout);
    const auto elementFailed = [&](qsizetype index, const QString &why) {
        return failElement(failure, SharedSegment::Error::InvalidValue, u"element %1: %2"_s.arg(index).arg(why));
    };
    for (qsizetype i = 0; i < values.size(); ++i, element += layout.elementSize()) {
        if (!layout.isStruct()) {
            if (!ValueWriting::writeField(fields.constFirst(), element, values.at(i), FieldDecoder::Strings::Refuse,
                                          failure))
                return elementFailed(i, failure->text);
            continue;
        }
        const std::optional<QList<FieldDecoder>> written =
            ValueWriting::writeElement(layout, element, values.at(i), failure);
        if (!written)
            return elementFailed(i, failure->text);
        // Comparing counts is not enough: an object may name a field twice, nested and flattened, and omit another.
        for (const FieldDecoder &field : fields) {
            const bool isWritten = std::any_of(written->cbegin(), written->cend(),
                                               [&](const FieldDecoder &other) { return other.name() == field.name(); });
            if (!isWritten)
                return elementFailed(i, u"the field \"%1\" is missing; give all, or write the element alone"_s.arg(
                                            field.name()));
        }
    }
    return true;
}

} // namespace

QString ValueWriting::textOf(const QVariant &value)
{
    if (!value.isValid())
        return u"undefined"_s;
    if (value.typeId() == QMetaType::Nullptr)
        return u"null"_s;
    return value.canConvert<QString>() ? value.toString() : u"[object]"_s;
}

bool ValueWriting::writeField(const FieldDecoder &field, std::byte *element, const QVariant &value,
                              FieldDecoder::Strings strings, Failure *failure)
{
    ScriptValue script = ScriptValues::unwrapped(value, field.field().isArray ? field.field().count : 1);
    if (script.typed)
        script.plain = script.typed->toList();
    if (script.count && field.field().isArray)
        return failElement(failure, SharedSegment::Error::InvalidValue,
                           (field.name().isEmpty() ? QString()
                                                   : u"the field \"%1\" does not take the value: "_s.arg(field.name()))
                               + u"%1 takes %2 values, not %3; give as many"_s.arg(field.field().typeText)
                                     .arg(field.field().count)
                                     .arg(*script.count));
    if (script.count)
        script.plain = QVariantList(); // Refused like any list.
    QString why;
    return field.write(element, script.plain, strings, &why)
        || failElement(failure, SharedSegment::Error::InvalidValue, why);
}

std::optional<QList<FieldDecoder>> ValueWriting::writeElement(const SharedLayout &layout, std::byte *element,
                                                              const QVariant &value, Failure *failure)
{
    const QList<FieldDecoder> fields = FieldDecoder::of(layout);
    if (!layout.isStruct()) {
        if (!writeField(fields.constFirst(), element, value, FieldDecoder::Strings::Refuse, failure))
            return std::nullopt;
        return fields;
    }
    QList<FieldDecoder> written;
    if (!writeFields(fields, element, value, QString(), &written, failure))
        return std::nullopt;
    return written;
}

std::optional<QByteArray> ValueWriting::toRevision(const SharedLayout &layout, qint64 capacity, bool isVariable,
                                                   const QVariant &values, Failure *failure)
{
    const qint64 elementSize = layout.elementSize();
    const auto wrongCount = [&](qint64 count) {
        return fail(failure, SharedSegment::Error::InvalidSize,
                    isVariable
                        ? u"there are %1 values for a capacity of %2; give at most as many"_s.arg(count).arg(capacity)
                        : u"there are %1 values for a capacity of %2; give as many"_s.arg(count).arg(capacity));
    };
    const auto fits = [&](qint64 count) { return isVariable ? count <= capacity : count == capacity; };
    const ScriptValue script = ScriptValues::unwrapped(values, capacity);
    if (script.count)
        return wrongCount(*script.count);
    if (script.plain.typeId() == QMetaType::QByteArray) {
        const QByteArray bytes = script.plain.toByteArray();
        if (bytes.size() % elementSize != 0 || !fits(bytes.size() / elementSize))
            return fail(failure, SharedSegment::Error::InvalidSize,
                        isVariable ? u"there are %1 bytes for elements of %2, of which %3 fit; give whole ones"_s
                                         .arg(bytes.size())
                                         .arg(elementSize)
                                         .arg(capacity)
                                   : u"there are %1 bytes for a revision of %2; give as many"_s.arg(bytes.size())
                                         .arg(elementSize * capacity));
        return bytes;
    }
    const QList<FieldDecoder> fields = FieldDecoder::of(layout);
    if (script.typed && !layout.isStruct()) {
        const TypedArray &typed = *script.typed;
        if (fields.constFirst().type() == typed.type && typed.bytes.size() % elementSize == 0
            && fits(typed.bytes.size() / elementSize))
            return typed.bytes;
        if (!fits(typed.bytes.size() / typed.itemSize))
            return wrongCount(typed.bytes.size() / typed.itemSize);
    }
    std::optional<QVariantList> list;
    if (!script.typed)
        list = toList(script.plain);
    else if (!layout.isStruct())
        list = script.typed->toList();
    if (!list)
        return fail(failure, SharedSegment::Error::InvalidValue,
                    layout.isStruct() ? u"the values are no array; give one of objects"_s
                                      : u"the values are no array; give one, a typed array or an ArrayBuffer"_s);
    if (!fits(list->size()))
        return wrongCount(list->size());
    if (!hasMemoryFor(list->size(), layout.elementSize()))
        throw std::bad_alloc();
    QByteArray bytes(list->size() * layout.elementSize(), '\0');
    if (!writeElements(layout, reinterpret_cast<std::byte *>(bytes.data()), *list, failure))
        return std::nullopt;
    return bytes;
}

std::optional<QByteArray> ValueWriting::toElements(const SharedLayout &layout, qint64 most, const QVariant &values,
                                                   Failure *failure)
{
    const ScriptValue script = ScriptValues::unwrapped(values, most);
    const bool isOne = !script.count && !script.typed && script.plain.typeId() != QMetaType::QByteArray
                    && !toList(script.plain);
    return toRevision(layout, most, true, isOne ? QVariant(QVariantList{script.plain}) : values, failure);
}
