// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "metadatacheck.h"

#include "fieldmetadata.h"
#include "timemetadata.h"

#include <QtCore/QStringList>

#include <cmath>

using namespace Qt::StringLiterals;

namespace {

/// What is wrong with one value, and the remedy; nothing if it is good.
using Fault = std::optional<QString>;

Fault faultOfText(const QVariant &value)
{
    return value.typeId() == QMetaType::QString ? Fault() : u"is not a text; give one"_s;
}

Fault faultOfNumber(const QVariant &value)
{
    return FieldDecoder::isNumber(value) ? Fault() : u"is not a number; give one"_s;
}

Fault faultOfDuration(const QVariant &value)
{
    return FieldDecoder::isNumber(value) && value.toDouble() >= 0 ? Fault()
                                                                  : u"is not a number of at least 0; give one"_s;
}

Fault faultOfDecimals(const QVariant &value)
{
    const double number = FieldDecoder::isNumber(value) ? value.toDouble() : -1;
    return number >= 0 && number <= FieldMetadata::MostDecimals && number == std::trunc(number)
             ? Fault()
             : u"is not a number of digits; give a whole number from 0 to %1"_s.arg(FieldMetadata::MostDecimals);
}

Fault faultOfNames(const QVariant &value)
{
    if (value.typeId() != QMetaType::QVariantMap)
        return u"is not an object; give the names by their numbers, as {\"0\": \"Off\"}"_s;
    const QVariantMap names = value.toMap();
    for (auto name = names.cbegin(); name != names.cend(); ++name) {
        bool isNumber = false;
        const bool isWhole = QString::number(name.key().toLongLong(&isNumber)) == name.key()
                          || QString::number(name.key().toULongLong(&isNumber)) == name.key();
        if (!isWhole)
            return u"has the key \"%1\", which is not a whole number; give the names by their numbers"_s.arg(
                name.key());
        if (name->typeId() != QMetaType::QString)
            return u"has no text for %1; give one"_s.arg(name.key());
    }
    return {};
}

struct Known
{
    const char16_t *key;
    Fault (*faultOf)(const QVariant &value);
};

constexpr Known OfSegment[] = {
    {u"description", faultOfText},
    {u"content", faultOfText},
    {u"staleAfter", faultOfDuration},
};

constexpr Known OfField[] = {
    {u"label", faultOfText},          {u"unit", faultOfText},      {u"description", faultOfText},
    {u"minimum", faultOfNumber},      {u"maximum", faultOfNumber}, {u"low", faultOfNumber},
    {u"high", faultOfNumber},         {u"lowLow", faultOfNumber},  {u"highHigh", faultOfNumber},
    {u"hysteresis", faultOfDuration}, {u"delay", faultOfDuration}, {u"decimals", faultOfDecimals},
    {u"values", faultOfNames},
};

/// Returns the first fault among the known keys of an object; `path` is the object's own key, with a dot.
template<std::size_t Count>
Fault faultOfKeys(const Known (&known)[Count], const QVariantMap &object, const QString &path)
{
    for (const Known &one : known) {
        const auto value = object.constFind(QString::fromUtf16(one.key));
        if (value == object.cend())
            continue;
        if (const Fault fault = one.faultOf(*value))
            return u"the metadata's %1 %2"_s.arg(path + value.key(), *fault);
    }
    return {};
}

QString keysOf(const SharedLayout &layout, bool (*serves)(const SharedLayout::Field &field))
{
    constexpr qsizetype MostNamed = 20;
    QStringList keys;
    for (const SharedLayout::Field &field : layout.fields()) {
        if (!serves(field))
            continue;
        if (keys.size() == MostNamed) {
            keys.append(u"\u2026"_s);
            break;
        }
        keys.append(FieldMetadata::keyOf(field));
    }
    return keys.join(u", ");
}

Fault faultOfFields(const SharedLayout &layout, const QVariant &value)
{
    if (value.typeId() != QMetaType::QVariantMap)
        return u"the metadata's fields is not an object; give an object with an object for each field"_s;
    QVariantMap others = value.toMap();
    for (const SharedLayout::Field &field : layout.fields()) {
        const QString key = FieldMetadata::keyOf(field);
        const QVariant object = others.take(key);
        if (!object.isValid())
            continue;
        if (object.typeId() != QMetaType::QVariantMap)
            return u"the metadata's fields.%1 is not an object; give one, as {\"unit\": \"bar\"}"_s.arg(key);
        if (Fault fault = faultOfKeys(OfField, object.toMap(), u"fields."_s + key + u'.'))
            return fault;
    }
    if (others.isEmpty())
        return {};
    return u"the metadata's fields.%1 is no field of %2; use one of: %3"_s.arg(
        others.firstKey(), layout.text(), keysOf(layout, [](const SharedLayout::Field &) { return true; }));
}

Fault faultOfTimeField(const SharedLayout &layout, const QVariant &value)
{
    const QString names = keysOf(layout, TimeMetadata::isTime);
    for (const SharedLayout::Field &field : layout.fields()) {
        if (value.typeId() == QMetaType::QString && FieldMetadata::keyOf(field) == value.toString()
            && TimeMetadata::isTime(field))
            return {};
    }
    return u"the metadata's timeField \"%1\" is no field of type i64 or u64; %2"_s.arg(
        value.toString(), names.isEmpty() ? u"leave the key out, since there is none"_s : u"use one of: "_s + names);
}

} // namespace

std::optional<MetadataCheck::Problem> MetadataCheck::find(const SharedLayout &layout, const QVariantMap &metadata)
{
    for (auto i = metadata.cbegin(); i != metadata.cend(); ++i) {
        Fault fault;
        if (i.key() == u"fields")
            fault = faultOfFields(layout, *i);
        else if (i.key() == u"timeField")
            fault = faultOfTimeField(layout, *i);
        else if (i.key() == u"sampleRate" && !TimeMetadata::isRate(*i))
            fault = u"the metadata's sampleRate is not a positive number; give the elements in a second"_s;
        else
            fault = faultOfKeys(OfSegment, {{i.key(), *i}}, {});
        if (fault)
            return Problem{i.key(), *fault};
    }
    return std::nullopt;
}
