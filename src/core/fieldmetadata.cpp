// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "fieldmetadata.h"

#include "numbertext.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace {

constexpr QChar Dash = u'\u2013';

QString textOfKey(const QVariantMap &object, const QString &key)
{
    const QVariant value = object.value(key);
    return value.typeId() == QMetaType::QString ? value.toString() : QString();
}

std::optional<double> numberOfKey(const QVariantMap &object, const QString &key)
{
    const QVariant value = object.value(key);
    if (!FieldDecoder::isNumber(value) || !std::isfinite(value.toDouble()))
        return std::nullopt;
    return value.toDouble();
}

std::optional<double> sizeOfKey(const QVariantMap &object, const QString &key)
{
    const std::optional<double> number = numberOfKey(object, key);
    return number && *number >= 0 ? number : std::nullopt;
}

/// Whether the unit is a sign of plane angle, before which the SI has no space.
bool isAngle(const QString &unit)
{
    return unit.size() == 1 && u"\u00b0\u2032\u2033"_s.contains(unit);
}

} // namespace

FieldMetadata::FieldMetadata(const SharedLayout::Field &field, const QVariantMap &metadata)
{
    const QString key = keyOf(field);
    const QVariantMap object = metadata.value(u"fields"_s).toMap().value(key).toMap();
    label = textOfKey(object, u"label"_s);
    if (label.isEmpty())
        label = key;
    unit = textOfKey(object, u"unit"_s);
    description = textOfKey(object, u"description"_s);
    minimum = numberOfKey(object, u"minimum"_s);
    maximum = numberOfKey(object, u"maximum"_s);
    low = numberOfKey(object, u"low"_s);
    high = numberOfKey(object, u"high"_s);
    lowLow = numberOfKey(object, u"lowLow"_s);
    highHigh = numberOfKey(object, u"highHigh"_s);
    hysteresis = sizeOfKey(object, u"hysteresis"_s);
    delay = sizeOfKey(object, u"delay"_s);
    const std::optional<double> digits = sizeOfKey(object, u"decimals"_s);
    if (digits && *digits <= MostDecimals && *digits == std::trunc(*digits))
        decimals = static_cast<int>(*digits);
    const QVariantMap names = object.value(u"values"_s).toMap();
    for (auto name = names.cbegin(); name != names.cend(); ++name) {
        if (name->typeId() == QMetaType::QString)
            values.insert(name.key(), name->toString());
    }
}

QList<FieldMetadata> FieldMetadata::of(const SharedLayout &layout, const QVariantMap &metadata)
{
    QList<FieldMetadata> all;
    const QList<SharedLayout::Field> fields = layout.fields();
    all.reserve(fields.size());
    for (const SharedLayout::Field &field : fields)
        all.append(FieldMetadata(field, metadata));
    return all;
}

QString FieldMetadata::keyOf(const SharedLayout::Field &field)
{
    return field.name.isEmpty() ? u"value"_s : field.name;
}

QVariant FieldMetadata::headerData(const QList<FieldMetadata> &fields, int column, int role)
{
    if (column < 0 || column >= fields.size())
        return QVariant();
    if (role == Qt::DisplayRole)
        return fields.at(column).header();
    const QString &description = fields.at(column).description;
    return role == Qt::ToolTipRole && !description.isEmpty() ? QVariant(description) : QVariant();
}

QString FieldMetadata::header() const
{
    return unit.isEmpty() ? label : label + u" ["_s + unit + u']';
}

QString FieldMetadata::text(const QVariant &value, const QLocale &locale) const
{
    if (value.typeId() == QMetaType::QVariantList) {
        const QVariantList items = value.toList();
        const qsizetype shown = std::min(items.size(), FieldDecoder::MostTextItems);
        return listText(items.first(shown), shown == items.size(), locale);
    }
    bool takesUnit = false;
    const QString item = itemText(value, locale, &takesUnit);
    return takesUnit ? withUnit(item) : item;
}

QString FieldMetadata::text(const FieldDecoder &field, const std::byte *element, const QLocale &locale) const
{
    if (!field.field().isArray)
        return text(field.read(element), locale);
    const QVariantList items = field.readList(element, FieldDecoder::MostTextItems);
    return listText(items, items.size() == field.field().count, locale);
}

QString FieldMetadata::text(double number, const QString &factor, const QLocale &locale) const
{
    return std::isfinite(number) ? withUnit(numberText(number, false, locale) + factor) : QString(Dash);
}

QString FieldMetadata::listText(const QVariantList &items, bool isWhole, const QLocale &locale) const
{
    QStringList texts;
    texts.reserve(items.size() + 1);
    bool takesUnit = false;
    for (const QVariant &item : items)
        texts.append(itemText(item, locale, &takesUnit));
    if (!isWhole)
        texts.append(u"\u2026"_s);
    const QString list = texts.join(locale.decimalPoint() == u","_s ? u"; "_s : u", "_s);
    return takesUnit ? withUnit(list) : list;
}

QString FieldMetadata::itemText(const QVariant &value, const QLocale &locale, bool *takesUnit) const
{
    *takesUnit = false;
    const int type = value.typeId();
    if (type == QMetaType::Double || type == QMetaType::Float) {
        const double number = value.toDouble();
        if (!std::isfinite(number))
            return Dash;
        *takesUnit = true;
        return numberText(number, type == QMetaType::Float, locale);
    }
    if (!value.isValid())
        return Dash;
    if (!values.isEmpty()) {
        const auto name = values.constFind(type == QMetaType::Bool ? QString::number(value.toInt()) : value.toString());
        if (name != values.cend() && (FieldDecoder::isNumber(value) || type == QMetaType::Bool))
            return *name;
    }
    if (!FieldDecoder::isNumber(value))
        return value.toString();
    *takesUnit = true;
    return type == QMetaType::ULongLong ? locale.toString(value.toULongLong()) : locale.toString(value.toLongLong());
}

QString FieldMetadata::numberText(double number, bool isFloat, const QLocale &locale) const
{
    if (decimals) {
        QString digits = locale.toString(number, 'f', *decimals);
        if (!std::signbit(number))
            return digits;
        // What rounds to zero has no sign.
        const QString zero = locale.toString(0.0, 'f', *decimals);
        return locale.toString(-number, 'f', *decimals) == zero ? zero : digits;
    }
    if (isFloat) {
        // As a double, the number has a longer shortest text.
        const auto narrow = static_cast<float>(number);
        QByteArray shortest;
        NumberText::append(shortest, SharedLayout::Type::Float32, reinterpret_cast<const std::byte *>(&narrow));
        number = shortest.toDouble();
    }
    return locale.toString(number == 0 ? 0.0 : number, 'g', QLocale::FloatingPointShortest);
}

QString FieldMetadata::withUnit(const QString &number) const
{
    if (unit.isEmpty())
        return number;
    return isAngle(unit) ? number + unit : number + u'\u00a0' + unit;
}
