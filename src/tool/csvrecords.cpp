// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "csvrecords.h"

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype LongestRecord = qsizetype(1) << 30;

} // namespace

void CsvRecords::feed(QByteArrayView bytes)
{
    m_buffer.remove(0, m_begin);
    m_scan -= m_begin;
    m_begin = 0;
    m_buffer += bytes;
}

CsvRecords::Outcome CsvRecords::next(Record *record)
{
    if (!m_error.isEmpty())
        return Outcome::Failed;
    const char *const bytes = m_buffer.constData();
    const qsizetype size = m_buffer.size();
    for (; m_scan < size; ++m_scan) {
        const char c = bytes[m_scan];
        if (m_skipsNewline) {
            m_skipsNewline = false;
            if (c == '\n') {
                m_begin = m_scan + 1;
                continue;
            }
        }
        const bool isLineEnd = c == '\n' || c == '\r';
        if (m_state == State::Quoted) {
            if (c == '"') {
                m_state = State::QuoteInQuoted;
                continue;
            }
            ++m_quoteSize;
            // An escaped byte takes three bytes. These two bytes never occur together in UTF-8.
            if ((c == '\xb2' || c == '\xb3') && bytes[m_scan - 1] == '\xed')
                m_quoteSize -= 2;
            if (!isLineEnd)
                continue;
            m_hasLineEnd = true;
            m_line += c == '\n' || m_scan + 1 == size || bytes[m_scan + 1] != '\n' ? 1 : 0;
            if (m_quoteSize > (m_longest ? m_longest(m_cell) : 0))
                return unended();
            continue;
        }
        if (isLineEnd) {
            *record = {QByteArrayView(bytes + m_begin, m_scan - m_begin), m_recordLine, m_cell + 1,
                       m_state == State::Comment};
            m_skipsNewline = c == '\r';
            m_begin = ++m_scan;
            m_recordLine = ++m_line;
            m_cell = 0;
            m_state = State::RecordStart;
            return Outcome::Record;
        }
        if (m_state == State::RecordStart && !m_comment.isEmpty() && c == m_comment.front()) {
            // The prefix is short: wait for all of it rather than keep a state for it.
            if (size - m_scan < m_comment.size() && !m_isFinished)
                return Outcome::NeedsMore;
            if (QByteArrayView(bytes + m_scan, size - m_scan).startsWith(m_comment)) {
                m_state = State::Comment;
                continue;
            }
        }
        switch (m_state) {
        case State::RecordStart:
        case State::CellStart:
            if (c == '"') {
                m_state = State::Quoted;
                m_quoteLine = m_line;
                m_quoteSize = 0;
                m_hasLineEnd = false;
                continue;
            }
            break;
        case State::QuoteInQuoted:
            if (c == '"') {
                ++m_quoteSize;
                m_state = State::Quoted;
                continue;
            }
            // Two stray quotes of different lines were paired.
            if (c != m_delimiter && m_hasLineEnd)
                return unended();
            break;
        case State::Plain:
        case State::Quoted:
        case State::Comment:
            break;
        }
        if (m_state == State::Comment)
            continue;
        m_state = c == m_delimiter ? State::CellStart : State::Plain;
        m_cell += c == m_delimiter ? 1 : 0;
        if (m_mostCells >= 0 && m_cell >= m_mostCells && bytes[m_begin] != '#')
            return failed(m_recordLine,
                          u"more than %1 values; remove the others, or correct the layout"_s.arg(m_mostCells));
    }
    if (m_isFinished && m_state == State::Quoted)
        return unended();
    if (m_scan - m_begin > LongestRecord)
        return failed(m_recordLine, u"the line is longer than %1 MiB; use shorter ones"_s.arg(LongestRecord >> 20));
    if (!m_isFinished || m_begin == size)
        return Outcome::NeedsMore;
    *record = {QByteArrayView(bytes + m_begin, size - m_begin), m_recordLine, m_cell + 1, m_state == State::Comment};
    m_begin = size;
    return Outcome::Record;
}

CsvRecords::Outcome CsvRecords::unended()
{
    return failed(m_quoteLine,
                  u"a quoted value begins here and has no end; remove the quote, or write the whole value in "
                  "quotes and each quote in it twice"_s);
}

CsvRecords::Outcome CsvRecords::failed(qint64 line, const QString &why)
{
    m_error = why;
    m_errorLine = line;
    return Outcome::Failed;
}
