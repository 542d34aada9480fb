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

/// How CSV is written and read.
struct CsvStyle
{
    char delimiter = ',';
    char decimal = '.';
    bool isForTerminal = false; ///< text without what controls one
    QList<QByteArray> missing;  ///< what stands for no number, which is NaN
};

/// Elements of a layout as text, in both directions, so that what was written reads back to the same bytes.
///
/// CSV has a column for each field and, of arrays, for each item: `position[0]`. JSON has an object for a struct, with the fields'
/// flattened names, else the value. What JSON has no number for (NaN, infinities, integers beyond 63 bits) is a string in it.
/// Bytes of a text that are not UTF-8 are the surrogates U+DC80 to U+DCFF, as Python's "surrogateescape" has them.
///
/// Takes as much memory as there are fields, however long their arrays are.
class ElementText
{
public:
    struct Field
    {
        SharedLayout::Field field;
        QByteArray name;        ///< `value` where it has none
        qint64 items = 1;       ///< of an array, else 1: a text is one
        qint64 firstColumn = 0; ///< of so many
        qsizetype itemSize = 0;
    };

    /// With `only`, of these fields alone; for reading all are needed.
    explicit ElementText(const SharedLayout &layout, const QStringList &only = {});

    /// The names in `only` that are no field's.
    const QStringList &unknown() const { return m_unknown; }
    const QList<Field> &fields() const { return m_fields; }
    bool isStruct() const { return m_isStruct; }
    qsizetype elementSize() const { return m_elementSize; }
    qint64 columnCount() const { return m_columnCount; }
    const Field &fieldOf(qint64 column) const;
    QByteArray columnName(qint64 column) const;
    /// The first names, for an error.
    QString columnNames() const;
    std::optional<qint64> columnOf(QByteArrayView name) const;
    std::optional<qsizetype> fieldNamed(QByteArrayView name) const;
    /// Where the column ends in an element.
    qint64 endOf(qint64 column) const;
    /// The bytes of the longest text.
    qint64 longestText() const;

    void csvHeader(OutputBlock &block, const CsvStyle &style) const;
    void csv(const std::byte *element, OutputBlock &block, const CsvStyle &style) const;
    /// As text, without the quotes of CSV.
    QByteArray cell(qint64 column, const std::byte *element, const CsvStyle &style) const;
    void appendCell(QByteArray &to, qint64 column, const std::byte *element, const CsvStyle &style) const;
    void json(const std::byte *element, OutputBlock &block) const;

    /// Stores what one cell of CSV says. Nothing on failure; `why` then says what does not fit.
    bool readCell(QByteArrayView cell, qint64 column, const CsvStyle &style, std::byte *element, QString *why) const;
    /// Stores one item from a JSON string, already without its escapes, or from a number or a word.
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
