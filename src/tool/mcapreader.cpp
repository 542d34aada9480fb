// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "mcapreader.h"

#include <algorithm>

using namespace Qt::StringLiterals;
using Mcap::FieldReader;
using Mcap::Opcode;

std::optional<Mcap::Schema> McapReader::schema(quint16 id) const
{
    const auto found = m_schemas.constFind(id);
    return found == m_schemas.cend() ? std::nullopt : std::optional(*found);
}

McapReader::Outcome McapReader::failed(const QString &why)
{
    if (m_error.isEmpty())
        m_error = why;
    return Outcome::Failed;
}

bool McapReader::read(qint64 size)
{
    m_content = m_device->read(size);
    return m_content.size() == size;
}

bool McapReader::begin()
{
    m_hasBegun = true;
    if (!read(Mcap::Magic.size()) || m_content != Mcap::Magic) {
        failed(u"this is no MCAP file of version 0; give a recording"_s);
        return false;
    }
    m_crc.add(m_content);
    return true;
}

McapReader::Taken McapReader::takeRecord(Opcode *opcode)
{
    if (!read(Mcap::RecordHeaderSize))
        return Taken::Nothing;
    const QByteArray header = m_content;
    FieldReader fields(header);
    *opcode = Opcode(fields.number<quint8>());
    const auto size = fields.number<quint64>();
    // The size is other programs' data: memory is taken only for what the file has.
    if (size > quint64(m_device->bytesAvailable()))
        return Taken::Nothing;
    if (!read(qint64(size))) {
        failed(u"reading failed: %1; replay a copy of the file"_s.arg(m_device->errorString()));
        return Taken::Failed;
    }
    if (*opcode != Opcode::DataEnd) {
        m_crc.add(header);
        m_crc.add(m_content);
    }
    return Taken::Record;
}

McapReader::Outcome McapReader::next()
{
    if (!m_error.isEmpty() || (!m_hasBegun && !begin()))
        return Outcome::Failed;
    while (!m_isAtEnd) {
        Opcode opcode{};
        QByteArrayView content;
        if (!m_chunk.isEmpty()) {
            FieldReader fields(m_chunk);
            opcode = Opcode(fields.number<quint8>());
            content = fields.bytes();
            if (!fields.isGood())
                return failed(u"a chunk is damaged: its last record has no end; record again"_s);
            m_chunk = fields.rest();
            // A chunk has no others, so it cannot contain itself.
            if (opcode != Opcode::Schema && opcode != Opcode::Channel && opcode != Opcode::Message)
                continue;
        } else {
            switch (takeRecord(&opcode)) {
            case Taken::Record:
                break;
            case Taken::Nothing:
                return Outcome::End;
            case Taken::Failed:
                return Outcome::Failed;
            }
            content = m_content;
        }
        const Outcome outcome = takeContent(opcode, content);
        if (outcome != Outcome::End)
            return outcome;
    }
    return Outcome::End;
}

/// @returns End for records that are of no interest to the caller.
McapReader::Outcome McapReader::takeContent(Opcode opcode, QByteArrayView content)
{
    FieldReader fields(content);
    switch (opcode) {
    case Opcode::Schema: {
        Mcap::Schema schema;
        schema.id = fields.number<quint16>();
        schema.name = fields.text().toByteArray();
        schema.encoding = fields.text().toByteArray();
        schema.data = fields.text().toByteArray();
        if (fields.isGood())
            m_schemas.insert(schema.id, schema);
        break;
    }
    case Opcode::Channel: {
        Mcap::Channel channel;
        channel.id = fields.number<quint16>();
        channel.schema = fields.number<quint16>();
        channel.topic = fields.text().toByteArray();
        channel.messageEncoding = fields.text().toByteArray();
        FieldReader metadata(fields.text());
        while (!metadata.isAtEnd() && metadata.isGood()) {
            const QByteArray key = metadata.text().toByteArray();
            channel.metadata.insert(key, metadata.text().toByteArray());
        }
        if (!metadata.isGood())
            fields.bytes(); // no longer good
        if (!fields.isGood())
            break;
        // The same channel may occur again.
        if (m_channels.contains(channel.id))
            return Outcome::End;
        m_channels.insert(channel.id, channel);
        m_channel = channel;
        return Outcome::Channel;
    }
    case Opcode::Message:
        m_message.channel = fields.number<quint16>();
        m_message.sequence = fields.number<quint32>();
        m_message.logTime = fields.number<quint64>();
        m_message.publishTime = fields.number<quint64>();
        m_message.data = fields.rest();
        if (!fields.isGood())
            break;
        if (!m_channels.contains(m_message.channel))
            return failed(u"the file is damaged: a message is of channel %1, which is missing; record again"_s.arg(
                m_message.channel));
        return Outcome::Message;
    case Opcode::Chunk:
        return takeChunk() ? Outcome::End : Outcome::Failed;
    case Opcode::DataEnd:
        return takeEnd(fields.number<quint32>()) ? Outcome::End : Outcome::Failed;
    default:
        return Outcome::End;
    }
    return fields.isGood() ? Outcome::End
                           : failed(u"the file is damaged: the record at byte %1 is too short; record again"_s.arg(
                               m_device->pos() - m_content.size() - Mcap::RecordHeaderSize));
}

bool McapReader::takeChunk()
{
    FieldReader fields(m_content);
    fields.number<quint64>(); // the earliest time
    fields.number<quint64>(); // the latest time
    const auto size = fields.number<quint64>();
    const auto crc = fields.number<quint32>();
    const QByteArrayView compression = fields.text();
    const QByteArrayView records = fields.bytes();
    const auto where = [this] { return m_device->pos() - m_content.size() - Mcap::RecordHeaderSize; };
    if (!fields.isGood() || (compression.isEmpty() && quint64(records.size()) != size)) {
        failed(u"the file is damaged: the chunk at byte %1 has the wrong size; record again"_s.arg(where()));
        return false;
    }
    if (!compression.isEmpty()) {
        failed(u"the chunk at byte %1 is compressed (%2); give a file without compression"_s.arg(where()).arg(
            QString::fromUtf8(compression.first(std::min<qsizetype>(compression.size(), 20)))));
        return false;
    }
    Mcap::Crc32 own;
    own.add(records);
    // 0: the writer made no checksum.
    if (crc != 0 && crc != own.value()) {
        failed(u"the file is damaged: the chunk at byte %1 has another checksum; record again"_s.arg(where()));
        return false;
    }
    m_chunk = records;
    return true;
}

bool McapReader::takeEnd(quint32 crc)
{
    m_isAtEnd = true;
    if (crc != 0 && crc != m_crc.value()) {
        failed(u"the file is damaged: its data have another checksum; record again"_s);
        return false;
    }
    // The footer and the magic bytes are the last of the file.
    constexpr qint64 FooterSize = 8 + 8 + 4;
    const qint64 begin = m_device->size() - Mcap::Magic.size() - FooterSize - Mcap::RecordHeaderSize;
    m_isComplete = begin >= m_device->pos() && m_device->seek(begin + Mcap::RecordHeaderSize + FooterSize)
                && read(Mcap::Magic.size()) && m_content == Mcap::Magic;
    return true;
}
