// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>
#include <QtCore/QString>

#include <functional>

/// Finds the records of CSV in bytes as they come, each byte looked at once.
///
/// As Python's `csv` has it: a quote begins a quoted value only where the value begins, elsewhere it is one like any character;
/// two within a quoted value are one; a line ends with \n, \r\n or \r. A quoted value that can not end well is an error at the
/// first line end that shows it, so that a stray quote does not take what comes behind it for its own.
class CsvRecords
{
public:
    enum class Outcome { Record, NeedsMore, Failed };

    struct Record
    {
        QByteArrayView text; ///< without its line end; until the next call
        qint64 line = 0;     ///< where it begins, from 1
        qint64 cells = 0;
        bool isComment = false;
    };

    explicit CsvRecords(char delimiter)
        : m_delimiter(delimiter)
    {
    }

    /// Lines that begin so are comments, whatever is in them.
    void setComment(const QByteArray &comment) { m_comment = comment; }
    /// The most cells of a record; no limit unless given.
    void setMostCells(qint64 most) { m_mostCells = most; }
    /// How long a quoted value with a line end in it may be in that cell; 0 where there can be none.
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
    qsizetype m_begin = 0; ///< of the record
    qsizetype m_scan = 0;  ///< seen up to here
    State m_state = State::RecordStart;
    qint64 m_line = 1;       ///< of m_scan
    qint64 m_recordLine = 1; ///< of m_begin
    qint64 m_quoteLine = 0;
    qint64 m_quoteSize = 0;
    qint64 m_cell = 0;
    bool m_hasLineEnd = false; ///< in this quoted value
    bool m_skipsNewline = false;
    bool m_isFinished = false;
    QString m_error;
    qint64 m_errorLine = 0;
};

/// Calls `take(cell, isQuoted)` with each value of a record's text, without its quotes, until it returns false.
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
