// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../core/fielddecoder.h"

#include <QtCore/QByteArray>
#include <QtCore/QJsonValue>
#include <QtCore/QStringList>

/// Elements of a layout as text: lines of CSV (RFC 4180) and JSON, in both directions, so that what was written reads back to
/// the same bytes.
///
/// CSV has a column for each field and, of arrays, for each item: `position[0]`. JSON has an object for a struct, with the fields'
/// flattened names, else the value. Floating-point numbers have as many digits as they need. What JSON has no number for (NaN,
/// infinities, integers beyond 63 bits) is a string in it.
class ElementText
{
public:
    /// With `only`, of these fields alone; for reading all are needed.
    explicit ElementText(const SharedLayout &layout, const QStringList &only = {});

    /// The names in `only` that are no field's.
    const QStringList &unknown() const { return m_unknown; }
    const QStringList &columns() const { return m_columns; }

    QByteArray csvHeader() const;
    QStringList values(const std::byte *element) const;
    QByteArray csv(const std::byte *element) const;
    QByteArray json(const std::byte *element) const;

    /// The columns' order in what is read. @returns false if one is missing or not known; `why` says which.
    bool setOrder(const QStringList &columns, QString *why);
    /// Writes nothing on failure; `why` then says what does not fit.
    bool read(const QStringList &values, std::byte *element, QString *why) const;
    bool read(const QJsonValue &value, std::byte *element, QString *why) const;

private:
    QList<FieldDecoder> m_fields;
    qsizetype m_elementSize = 0;
    bool m_isStruct = false;
    QStringList m_columns;
    QList<qsizetype> m_order;
    QStringList m_unknown;
};

/// The values of a line of CSV. @returns false where a quoted value has no end yet: it goes on in the next line.
bool splitCsv(const QString &line, QStringList *values);
QString toCsv(const QStringList &values);
