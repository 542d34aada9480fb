// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "csvrecords.h"
#include "elementtext.h"

#include <QtCore/QList>

/// Makes elements of the records of CSV.
///
/// A first record that names all columns says their order; columns of other names are left out. Behind such a header a record
/// may begin with a name of its own, as R writes it. Where the layout is no struct, a record may hold several elements.
class CsvElements
{
public:
    CsvElements(const ElementText &text, const CsvStyle &style);

    /// Lines that begin so are comments. Unless it is given, those with # are that cannot be values.
    void setComment(const QByteArray &comment);

    void feed(QByteArrayView bytes) { m_records.feed(bytes); }
    void finish() { m_records.finish(); }
    /// Appends the elements of the next record that has some.
    CsvRecords::Outcome next(QByteArray &elements);
    /// What went wrong, and in which line.
    const QString &errorString() const { return m_error; }
    qint64 errorLine() const { return m_errorLine; }
    /// What is to be said of the header, if anything.
    const QString &notice() const { return m_notice; }

private:
    enum class Header {
        Whole, ///< names all columns
        Part,  ///< names some
        None,
    };

    bool isBlank(QByteArrayView record) const;
    bool isComment(const CsvRecords::Record &record) const;
    /// What a spreadsheet writes where it has no value, and a comment seems to begin with: empty for none.
    QByteArrayView errorValue(const CsvRecords::Record &record) const;
    /// `missing` says which column there is not, if it can be a header at all.
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
    QList<qint64> m_columns; ///< of each cell, -1 where it is left out; empty where they are in order
    qint64 m_headerCells = 0;
    bool m_isFirst = true;
    bool m_hasComment = false;
    bool m_hasOnlyTexts;
    QString m_error;
    qint64 m_errorLine = 0;
    QString m_notice;
};
