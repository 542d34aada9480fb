// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "csvrecords.h"
#include "elementtext.h"
#include "recording.h"

#include <QtCore/QFile>

#include <memory>

/// A recording of one segment as CSV. Its first line is a comment, the segment's description in JSON. The columns are @time in ns,
/// @number of the element or revision, for arrays @index of the element, and then those of `dump`. A revision without elements is one
/// line without index and values.
class CsvRecordingWriter : public RecordingWriter
{
public:
    /// The file is open for writing and outlives the writer.
    explicit CsvRecordingWriter(QFile *file)
        : m_file(file)
    {
    }

    bool addSegment(const RecordedSegment &segment) override;
    bool write(const RecordedEntry &entry) override;
    bool flush() override;
    bool finish() override { return flush(); }

private:
    QFile *m_file;
    std::unique_ptr<ElementText> m_text;
    bool m_isStream = false;
    OutputBlock m_block;
};

/// Reads such a recording.
class CsvRecordingReader : public RecordingReader
{
public:
    explicit CsvRecordingReader(QFile *file)
        : m_file(file)
        , m_records(',')
    {
    }

    Outcome next() override;

private:
    /// One line.
    struct Row
    {
        qint64 time = 0;
        quint64 number = 0;
        qint64 index = -1; ///< -1: the revision has no elements
        QByteArray element;
    };

    Outcome takeDescription();
    bool takeRow(const CsvRecords::Record &record);
    /// The next line of the file; at the end of what is whole, nothing.
    CsvRecords::Outcome nextRecord(CsvRecords::Record *record);
    Outcome endEntry();

    QFile *m_file;
    CsvRecords m_records;
    std::unique_ptr<ElementText> m_text;
    QByteArray m_header;
    bool m_hasHeader = false;
    bool m_isAtEnd = false;
    char m_lastByte = '\n';
    Row m_row;
    bool m_hasRow = false; ///< a line that was read and is of no entry yet
    QByteArray m_elements; ///< of the present entry
};
