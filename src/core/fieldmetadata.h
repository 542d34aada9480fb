// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "fielddecoder.h"
#include "sharedlayout.h"
#include "sharedsegment_export.h"

#include <QtCore/QHash>
#include <QtCore/QList>
#include <QtCore/QLocale>
#include <QtCore/QString>
#include <QtCore/QVariantMap>

#include <cstddef>
#include <optional>

/// What the metadata of a segment say about one field. Not installed.
///
/// Another process wrote them: a key whose value has the wrong type, or is out of range, counts as absent.
struct SHAREDSEGMENT_EXPORT FieldMetadata
{
    /// The most digits after the decimal point that `decimals` may ask for.
    static constexpr int MostDecimals = 20;

    FieldMetadata() = default;
    /// Reads what `metadata`, those of the whole segment, say about `field`.
    FieldMetadata(const SharedLayout::Field &field, const QVariantMap &metadata);

    /// Returns one object for each field of the layout.
    static QList<FieldMetadata> of(const SharedLayout &layout, const QVariantMap &metadata);
    /// Returns the field's key within the object `fields`: its name, and `value` for an element that is not a struct.
    static QString keyOf(const SharedLayout::Field &field);

    /// Returns what the header of a table's column says about one of `fields`: header() for Qt::DisplayRole, and the
    /// description for Qt::ToolTipRole.
    static QVariant headerData(const QList<FieldMetadata> &fields, int column, int role);

    /// Returns the label, followed by the unit in brackets if there is one.
    QString header() const;

    /// Returns a value of the field for people, in the language of `locale`.
    ///
    /// A floating-point number has `decimals` digits after the point; without `decimals`, as few as tell it from all
    /// others of its type. A number that is not finite is a dash, as is an invalid value. An integer or bool is its name
    /// in `values` if it has one. The unit follows the number after a no-break space, as the SI demands, also before
    /// `%` and `°C`; the signs of plane angle, `°`, `′` and `″`, follow without a space. Names, texts, bools and dashes have no
    /// unit. A list is its items, separated by commas, or by semicolons where the comma is the decimal point; the unit
    /// follows the last one.
    QString text(const QVariant &value, const QLocale &locale = QLocale()) const;
    /// Returns the same of an element's bytes, and reads of an array only what a text shows. Throws
    /// std::bad_alloc when that does not fit into memory.
    QString text(const FieldDecoder &field, const std::byte *element, const QLocale &locale = QLocale()) const;
    /// Returns the text of a number with a factor, such as a power of ten, between it and the unit.
    QString text(double number, const QString &factor, const QLocale &locale = QLocale()) const;

    bool operator==(const FieldMetadata &other) const = default;

    QString label; ///< default: the key
    QString unit;
    QString description;
    std::optional<double> minimum;
    std::optional<double> maximum;
    std::optional<double> low;
    std::optional<double> high;
    std::optional<double> lowLow;
    std::optional<double> highHigh;
    std::optional<double> hysteresis; ///< not negative
    std::optional<double> delay;      ///< ms, not negative
    std::optional<int> decimals;
    QHash<QString, QString> values; ///< the names of an enum's values, by the value's digits

private:
    /// Returns a text without the unit, and whether the unit belongs to it.
    QString itemText(const QVariant &value, const QLocale &locale, bool *takesUnit) const;
    QString listText(const QVariantList &items, bool isWhole, const QLocale &locale) const;
    QString numberText(double number, bool isFloat, const QLocale &locale) const;
    QString withUnit(const QString &number) const;
};
