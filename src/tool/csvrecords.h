// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>
#include <QtCore/QString>

#include <functional>

/// Incremental parser for CSV records. Examines each byte once.
///
/// Follows Python's `csv`: a quote begins a quoted value only at the value's start, elsewhere it is an ordinary character; two
/// quotes within a quoted value are one; a line ends with \n, \r\n or \r. A quoted value that cannot end well is an error at
/// the first line end that shows it, so that a stray quote does not swallow the input after it.
class CsvRecords
{
public:
    enum class Outcome { Record, NeedsMore, Failed };

    struct Record
    {
        QByteArrayView text; ///< without the line end; valid until the next call
        qint64 line = 0;     ///< the first line of the record, from 1
        qint64 cells = 0;
        bool isComment = false;
    };

    explicit CsvRecords(char delimiter)
        : m_delimiter(delimiter)
    {
    }

    /// Lines that begin with `comment` are comments, whatever they contain.
    void setComment(const QByteArray &comment) { m_comment = comment; }
    /// The most cells of a record; default no limit.
    void setMostCells(qint64 most) { m_mostCells = most; }
    /// The most bytes of a quoted value with a line end in a given cell; 0 if no line end is allowed.
    void setLongest(std::function<qint64(qint64)> longest) { m_longest = std::move(longest); }

    void feed(QByteArrayView bytes);
    void finish() { m_isFinished = true; }
    Outcome next(Record *record);
    const QString &errorString() const { return m_error; }
    qint64 errorLine() const { return m_errorLine; }

private:
    enum class State { RecordStart, CellStart, Plain, Quoted, QuoteInQuoted, Comment };

    Outcome failed(qint64 line, const QString &why);
    Outcome unended();

    char m_delimiter;
    QByteArray m_comment;
    qint64 m_mostCells = -1;
    std::function<qint64(qint64)> m_longest;

    QByteArray m_buffer;
    qsizetype m_begin = 0; ///< start of the record
    qsizetype m_scan = 0;  ///< end of the examined bytes
    State m_state = State::RecordStart;
    qint64 m_line = 1;       ///< line of m_scan
    qint64 m_recordLine = 1; ///< line of m_begin
    qint64 m_quoteLine = 0;
    qint64 m_quoteSize = 0;
    qint64 m_cell = 0;
    bool m_hasLineEnd = false; ///< within the current quoted value
    bool m_skipsNewline = false;
    bool m_isFinished = false;
    QString m_error;
    qint64 m_errorLine = 0;
};

/// Calls `take(cell, isQuoted)` for each value of a record, without its quotes, until `take` returns false.
template<typename Take>
bool forEachCell(QByteArrayView record, char delimiter, Take take)
{
    QByteArray unquoted;
    for (qsizetype begin = 0;;) {
        if (begin == record.size() || record[begin] != '"') {
            qsizetype end = record.indexOf(delimiter, begin);
            const bool isLast = end == -1;
            end = isLast ? record.size() : end;
            if (!take(record.sliced(begin, end - begin), false))
                return false;
            if (isLast)
                return true;
            begin = end + 1;
            continue;
        }
        unquoted.resize(0);
        qsizetype i = begin + 1;
        bool isInside = true;
        for (; i < record.size() && (isInside || record[i] != delimiter); ++i) {
            if (!isInside || record[i] != '"')
                unquoted += record[i];
            else if (i + 1 < record.size() && record[i + 1] == '"')
                unquoted += record[i++];
            else
                isInside = false;
        }
        if (!take(QByteArrayView(unquoted), true))
            return false;
        if (i == record.size())
            return true;
        begin = i + 1;
    }
}
