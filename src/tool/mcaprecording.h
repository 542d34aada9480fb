// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "elementtext.h"
#include "mcapreader.h"
#include "mcapwriter.h"
#include "recording.h"

#include <QtCore/QFile>
#include <QtCore/QHash>

#include <memory>
#include <optional>
#include <vector>

/// A recording as an MCAP file. Each segment is a channel with its name as topic, and its description in JSON as the value
/// `sharedsegment` of the channel's metadata. Both times of a message are the time of the entry, and its sequence is the number modulo 2^32.
///
/// As JSON, the schema is a JSON Schema of the layout. A message is the element of a stream, as `dump` writes it; or {"value": it}, if
/// it is not a struct; or {"elements": [...]} with the elements of a revision. Raw, the schema is the layout's text, with
/// "sharedsegment" as encoding of schema and messages, and a message is the bytes of its elements.
class McapRecordingWriter : public RecordingWriter
{
public:
    enum class Encoding { Json, Raw };

    /// The file is open for writing and outlives the writer.
    McapRecordingWriter(QFile *file, Encoding encoding)
        : m_file(file)
        , m_writer(file)
        , m_encoding(encoding)
    {
    }

    bool addSegment(const RecordedSegment &segment) override;
    bool write(const RecordedEntry &entry) override;
    bool flush() override;
    bool finish() override;

private:
    struct Target
    {
        quint16 channel = 0;
        bool isStream = false;
        ElementText text;
    };

    bool begin();
    bool checked(bool isDone) { return isDone || failed(m_writer.errorString()); }

    QFile *m_file;
    McapWriter m_writer;
    Encoding m_encoding;
    bool m_hasBegun = false;
    std::vector<Target> m_targets;
    OutputBlock m_block;
};

/// Reads such a recording. Other channels are left out.
class McapRecordingReader : public RecordingReader
{
public:
    explicit McapRecordingReader(QFile *file)
        : m_reader(file)
    {
    }

    Outcome next() override;

private:
    struct Source
    {
        qsizetype index = 0;
        RecordedSegment segment;
        std::unique_ptr<ElementText> text; ///< of messages in JSON
    };

    std::optional<Outcome> takeChannel();
    Outcome takeMessage(const Source &source);

    McapReader m_reader;
    QHash<quint16, Source *> m_byChannel;
    std::vector<std::unique_ptr<Source>> m_sources;
    QByteArray m_elements;
};
