// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "csvrecording.h"

#include "wording.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype BlockSize = 1 << 16;
/// The longest first line: the metadata have at most 1 MiB, and each of their characters takes at most six.
constexpr qint64 LongestDescription = 8 << 20;

qint64 leadingColumns(const RecordedSegment &segment)
{
    return segment.isStream() ? 2 : 3;
}

/// The line of names, with its line end. No field's name begins with @.
QByteArray headerOf(const RecordedSegment &segment, const ElementText &text)
{
    OutputBlock block;
    block.bytes() = segment.isStream() ? "@time,@number," : "@time,@number,@index,";
    text.csvHeader(block, {});
    return block.bytes();
}

} // namespace

bool CsvRecordingWriter::addSegment(const RecordedSegment &segment)
{
    if (m_text)
        return failed(
            u"a CSV file describes one segment, and \"%1\" has changed; record to an MCAP file"_s.arg(segment.name));
    m_text = std::make_unique<ElementText>(segment.layout);
    m_isStream = segment.isStream();
    m_block.bytes() = "# " + segment.toJson() + '\n' + headerOf(segment, *m_text);
    return flush();
}

bool CsvRecordingWriter::write(const RecordedEntry &entry)
{
    const QByteArray start = QByteArray::number(entry.time) + ',' + QByteArray::number(entry.number) + ',';
    const qsizetype count = entry.elements.size() / m_text->elementSize();
    const auto *element = reinterpret_cast<const std::byte *>(entry.elements.data());
    for (qsizetype i = 0; i < count; ++i, element += m_text->elementSize()) {
        m_block.bytes() += start;
        if (!m_isStream)
            m_block.bytes() += QByteArray::number(i) + ',';
        m_text->csv(element, m_block, {});
    }
    if (count == 0)
        m_block.bytes() += start + QByteArray(m_text->columnCount(), ',') + '\n';
    return m_block.bytes().size() < BlockSize || flush();
}

bool CsvRecordingWriter::flush()
{
    const QByteArray bytes = std::exchange(m_block.bytes(), {});
    if (m_file->write(bytes) != bytes.size() || !m_file->flush())
        return failed(m_file->errorString());
    return m_error.isEmpty();
}

CsvRecordingReader::Outcome CsvRecordingReader::takeDescription()
{
    const QByteArray line = m_file->readLine(LongestDescription);
    QString why;
    const auto segment = line.startsWith("# ") ? RecordedSegment::fromJson(QByteArrayView(line).sliced(2), &why)
                                               : std::nullopt;
    if (!segment)
        return failed(why.isEmpty()
                          ? u"this is neither MCAP nor CSV of a recording; give a file of \"sharedsegment record\""_s
                          : u"line 1: "_s + why);
    m_segment = *segment;
    m_text = std::make_unique<ElementText>(m_segment.layout);
    m_header = headerOf(m_segment, *m_text).chopped(1);
    m_records.setLongest([this](qint64 cell) -> qint64 {
        const qint64 column = cell - leadingColumns(m_segment);
        if (column < 0 || column >= m_text->columnCount())
            return 0;
        const SharedLayout::Field &field = m_text->fieldOf(column).field;
        return field.type == SharedLayout::Type::Text ? field.size : 0;
    });
    return Outcome::Segment;
}

CsvRecords::Outcome CsvRecordingReader::nextRecord(CsvRecords::Record *record)
{
    for (;;) {
        const CsvRecords::Outcome outcome = m_records.next(record);
        if (outcome != CsvRecords::Outcome::NeedsMore || m_isAtEnd)
            return outcome;
        const QByteArray bytes = m_file->read(BlockSize);
        m_isAtEnd = bytes.isEmpty();
        if (m_isAtEnd && m_lastByte != '\n')
            m_notice = u"the recording ends within a line, which was left out"_s;
        if (!m_isAtEnd)
            m_lastByte = bytes.back();
        m_records.feed(bytes);
    }
}

bool CsvRecordingReader::takeRow(const CsvRecords::Record &record)
{
    const qint64 leading = leadingColumns(m_segment);
    const auto where = [&record] { return u"line %1: "_s.arg(record.line + 1); };
    if (record.cells != leading + m_text->columnCount()) {
        failed(where()
               + u"%1 instead of %2; record again"_s.arg(Wording::counted(record.cells, u"value"_s))
                     .arg(leading + m_text->columnCount()));
        return false;
    }
    m_row.element.fill('\0', m_text->elementSize());
    auto *const element = reinterpret_cast<std::byte *>(m_row.element.data());
    qint64 cell = 0;
    bool isEmpty = false;
    QString why;
    const bool isGood = forEachCell(record.text, ',', [&](QByteArrayView text, bool) {
        const qint64 column = cell++;
        bool isNumber = true;
        if (column == 0)
            m_row.time = text.toLongLong(&isNumber);
        else if (column == 1)
            m_row.number = text.toULongLong(&isNumber);
        else if (column < leading && text.isEmpty())
            isEmpty = true;
        else if (column < leading)
            m_row.index = text.toLongLong(&isNumber);
        else if (!isEmpty)
            return m_text->readCell(text, column - leading, {}, element, &why);
        return isNumber && m_row.time >= 0;
    });
    if (isEmpty)
        m_row.index = -1;
    if (!isGood)
        failed(where()
               + (why.isEmpty() ? u"time, number and index are whole numbers; record again"_s
                                : why + u"; record again"_s));
    return isGood;
}

CsvRecordingReader::Outcome CsvRecordingReader::endEntry()
{
    m_entry.elements = m_elements;
    QString why;
    if (m_segment.fits(m_elements.size(), &why))
        return Outcome::Entry;
    if (m_hasRow)
        return failed(why);
    m_notice = u"the recording ends within a revision, which was left out"_s;
    return Outcome::End;
}

CsvRecordingReader::Outcome CsvRecordingReader::next()
{
    if (!m_error.isEmpty())
        return Outcome::Failed;
    if (!m_text)
        return takeDescription();
    m_elements.resize(0);
    bool hasEntry = false;
    for (;;) {
        if (!std::exchange(m_hasRow, false)) {
            CsvRecords::Record record;
            switch (nextRecord(&record)) {
            case CsvRecords::Outcome::Failed:
                return failed(u"line %1: %2"_s.arg(m_records.errorLine() + 1).arg(m_records.errorString()));
            case CsvRecords::Outcome::NeedsMore:
                return hasEntry ? endEntry() : Outcome::End;
            case CsvRecords::Outcome::Record:
                break;
            }
            if (!std::exchange(m_hasHeader, true)) {
                if (record.text != m_header)
                    return failed(u"line 2: the columns are not %1; record again"_s.arg(Wording::shortened(m_header)));
                continue;
            }
            if (!takeRow(record))
                return Outcome::Failed;
        }
        // A revision ends where the next one begins.
        if (hasEntry && (m_row.number != m_entry.number || m_row.index <= 0)) {
            m_hasRow = true;
            return endEntry();
        }
        m_entry.time = m_row.time;
        m_entry.number = m_row.number;
        hasEntry = true;
        if (m_segment.isStream() || m_row.index >= 0)
            m_elements += m_row.element;
        if (m_segment.isStream())
            return endEntry();
        if (qint64(m_elements.size()) / m_text->elementSize() > m_segment.capacity) {
            m_hasRow = true;
            return endEntry();
        }
    }
}
