// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "output.h"

#include "../core/sharedlayout.h"

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>
#include <QtCore/QHash>
#include <QtCore/QList>
#include <QtCore/QStringList>

#include <cstddef>
#include <optional>

/// The dialect of CSV.
struct CsvStyle
{
    char delimiter = ',';
    char decimal = '.';
    bool isForTerminal = false; ///< escape control characters
    QList<QByteArray> missing;  ///< texts for a missing number, read as NaN
};

/// Converts elements to text and back. Written text reads back to the same bytes.
///
/// CSV has a column for each field and for each item of an array: `position[0]`. JSON has an object with the fields' flattened
/// names for a struct, else the value. NaN, infinities and integers beyond 63 bits, which are no JSON numbers, become strings.
/// Bytes of a text that are not UTF-8 become the surrogates U+DC80 to U+DCFF, as in Python's "surrogateescape".
///
/// Memory use depends on the number of fields, not on the length of their arrays.
class ElementText
{
public:
    struct Field
    {
        SharedLayout::Field field;
        QByteArray name;        ///< `value` for a field without a name
        qint64 items = 1;       ///< number of array items, else 1; a text is one item
        qint64 firstColumn = 0; ///< the first of `items` columns
        qsizetype itemSize = 0;
    };

    /// `only` selects fields for writing; reading needs all fields.
    explicit ElementText(const SharedLayout &layout, const QStringList &only = {});

    /// The names in `only` that match no field.
    const QStringList &unknown() const { return m_unknown; }
    const QList<Field> &fields() const { return m_fields; }
    bool isStruct() const { return m_isStruct; }
    qsizetype elementSize() const { return m_elementSize; }
    qint64 columnCount() const { return m_columnCount; }
    const Field &fieldOf(qint64 column) const;
    QByteArray columnName(qint64 column) const;
    /// The first column names, for an error message.
    QString columnNames() const;
    std::optional<qint64> columnOf(QByteArrayView name) const;
    std::optional<qsizetype> fieldNamed(QByteArrayView name) const;
    /// The end of the column within an element, in bytes.
    qint64 endOf(qint64 column) const;
    /// The size of the longest text, in bytes.
    qint64 longestText() const;

    void csvHeader(OutputBlock &block, const CsvStyle &style) const;
    void csv(const std::byte *element, OutputBlock &block, const CsvStyle &style) const;
    /// The cell as text, without CSV quotes.
    QByteArray cell(qint64 column, const std::byte *element, const CsvStyle &style) const;
    void appendCell(QByteArray &to, qint64 column, const std::byte *element, const CsvStyle &style) const;
    void json(const std::byte *element, OutputBlock &block) const;

    /// Stores the value of one CSV cell. Stores nothing on failure; `why` then has the reason.
    bool readCell(QByteArrayView cell, qint64 column, const CsvStyle &style, std::byte *element, QString *why) const;
    /// Stores one item from an unescaped JSON string, or from a number or a word.
    bool readString(QByteArrayView text, const Field &field, qint64 item, std::byte *element, QString *why) const;
    bool readWord(QByteArrayView word, const Field &field, qint64 item, std::byte *element, QString *why) const;

private:
    bool readNumber(QByteArrayView text, const Field &field, std::byte *to, QString *why) const;
    bool readText(QByteArrayView text, const Field &field, std::byte *to, QString *why) const;

    QList<Field> m_fields;
    QHash<QByteArray, qsizetype> m_byName;
    qsizetype m_elementSize = 0;
    qint64 m_columnCount = 0;
    bool m_isStruct = false;
    QStringList m_unknown;
};
