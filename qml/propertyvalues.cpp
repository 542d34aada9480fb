// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "propertyvalues.h"

#include "jsvalues.h"

#include <QtCore/QByteArrayView>
#include <QtCore/QDateTime>
#include <QtCore/QStringList>
#include <QtQml/QJSValue>

#include <algorithm>
#include <cmath>
#include <limits>

namespace {

bool isInteger(int type)
{
    return type == QMetaType::Int || type == QMetaType::UInt || type == QMetaType::LongLong
        || type == QMetaType::ULongLong;
}

bool isReal(int type)
{
    return type == QMetaType::Double || type == QMetaType::Float;
}

template<typename T>
QVariant toListOf(const QVariantList &items)
{
    QList<T> list;
    for (const QVariant &item : items) {
        const QVariant converted = PropertyValues::toProperty(item, QMetaType::fromType<T>());
        if (!converted.isValid())
            return QVariant();
        list.append(converted.value<T>());
    }
    return QVariant::fromValue(list);
}

/// Converts to the list types of QML's value types. @returns an invalid variant for any other type.
QVariant toList(const QVariantList &items, QMetaType type)
{
    if (type == QMetaType::fromType<QList<double>>())
        return toListOf<double>(items);
    if (type == QMetaType::fromType<QList<int>>())
        return toListOf<int>(items);
    if (type == QMetaType::fromType<QList<bool>>())
        return toListOf<bool>(items);
    if (type == QMetaType::fromType<QStringList>())
        return toListOf<QString>(items);
    if (type == QMetaType::fromType<QList<QDateTime>>())
        return toListOf<QDateTime>(items);
    return QVariant();
}

} // namespace

QVariant PropertyValues::toProperty(const QVariant &value, QMetaType type)
{
    const int from = value.typeId();
    if (value.metaType() == type || type == QMetaType::fromType<QVariant>())
        return value;
    // QVariant::convert() accepts some object types and gives null.
    if (isOfObjects(type))
        return QVariant();
    // For other list types, QVariant may make a list of empty items.
    if (from == QMetaType::QVariantList)
        return toList(value.toList(), type);
    const bool isNumber = isInteger(from) || isReal(from);
    if (isNumber && type.id() == QMetaType::QDateTime) {
        constexpr double MostMilliseconds = 8.64e15; // the limit of JavaScript's Date
        if (!(std::abs(value.toDouble()) <= MostMilliseconds))
            return QVariant();
        return QDateTime::fromMSecsSinceEpoch(isReal(from) ? qRound64(value.toDouble()) : value.toLongLong());
    }
    // A bool takes only 0 and 1.
    if (isNumber && type.id() == QMetaType::Bool && value.toDouble() != 0 && value.toDouble() != 1)
        return QVariant();
    // QVariant converts any other text to true.
    if (from == QMetaType::QString && type.id() == QMetaType::Bool) {
        const QString text = value.toString();
        if (text != QLatin1String("true") && text != QLatin1String("false"))
            return QVariant();
    }
    if (isNumber && type.id() == QMetaType::Int) {
        // QVariant would truncate to the low 32 bits.
        using Limits = std::numeric_limits<int>;
        const double number = value.toDouble();
        if (!(number > Limits::min() - 0.5 && number < Limits::max() + 0.5))
            return QVariant();
    }
    QVariant converted = value;
    return converted.convert(type) ? converted : QVariant();
}

bool PropertyValues::isRounded(const QVariant &value, const QVariant &converted)
{
    if (isReal(value.typeId()))
        return converted.typeId() == QMetaType::Int && value.toDouble() != converted.toInt();
    if (value.typeId() != QMetaType::QVariantList || converted.metaType() != QMetaType::fromType<QList<int>>())
        return false;
    const QVariantList items = value.toList();
    const QList<int> numbers = converted.value<QList<int>>();
    return !std::equal(items.cbegin(), items.cend(), numbers.cbegin(), numbers.cend(),
                       [](const QVariant &item, int number) { return item.toDouble() == number; });
}

QVariant PropertyValues::fromProperty(const QVariant &value)
{
    if (value.metaType() == QMetaType::fromType<QJSValue>())
        return fromProperty(JsValues::toVariant(value.value<QJSValue>()));
    if (value.typeId() == QMetaType::QDateTime && value.toDateTime().isValid())
        return value.toDateTime().toMSecsSinceEpoch();
    // A text field converts to these types, so that they convert back to text.
    if (value.typeId() == QMetaType::QUrl || value.typeId() == QMetaType::QColor)
        return value.toString();
    return value;
}

bool PropertyValues::isOfObjects(QMetaType type)
{
    return type.flags().testFlag(QMetaType::PointerToQObject)
        || QByteArrayView(type.name()).startsWith("QQmlListProperty<");
}
