// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "csvrecords.h"
#include "elementtext.h"

#include <QtCore/QList>

/// Converts CSV records to elements.
///
/// A first record that names all columns is a header and sets their order; other columns are skipped. After a header, a record
/// may begin with a row name, as R writes it. If the layout is not a struct, a record may hold several elements.
class CsvElements
{
public:
    CsvElements(const ElementText &text, const CsvStyle &style);

    /// Lines that begin with `comment` are comments. Default: lines that begin with # and cannot be values.
    void setComment(const QByteArray &comment);

    void feed(QByteArrayView bytes) { m_records.feed(bytes); }
    void finish() { m_records.finish(); }
    /// Appends the elements of the next record that has any.
    CsvRecords::Outcome next(QByteArray &elements);
    /// The error; errorLine() says where.
    const QString &errorString() const { return m_error; }
    qint64 errorLine() const { return m_errorLine; }
    /// A remark about the header, or empty.
    const QString &notice() const { return m_notice; }

private:
    enum class Header {
        Whole, ///< names all columns
        Part,  ///< names some
        None,
    };

    bool isBlank(QByteArrayView record) const;
    bool isComment(const CsvRecords::Record &record) const;
    /// A spreadsheet's error value (#N/A) at the start of what looks like a comment, or empty.
    QByteArrayView errorValue(const CsvRecords::Record &record) const;
    /// Takes a header, if it is one. `missing` names a missing column if the record may be a header.
    Header takeHeader(const CsvRecords::Record &record, QString *missing);
    void settleHeader();
    bool take(const CsvRecords::Record &record, QByteArray &elements, QString *why);
    qint64 cellsOfElement() const { return m_headerCells > 0 ? m_headerCells : m_text.columnCount(); }
    qint64 columnOfCell(qint64 cell) const { return m_columns.isEmpty() ? cell : m_columns.at(cell); }
    QString namesOfCells() const;
    qint64 longestQuoted(qint64 cell) const;
    QString hint(QByteArrayView record) const;

    const ElementText &m_text;
    CsvStyle m_style;
    CsvRecords m_records;
    QList<qint64> m_columns; ///< the column of each cell, -1 if skipped; empty if all are in order
    qint64 m_headerCells = 0;
    bool m_isFirst = true;
    bool m_hasComment = false;
    bool m_hasOnlyTexts;
    QString m_error;
    qint64 m_errorLine = 0;
    QString m_notice;
};
