// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "mcapwriter.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;
using Mcap::FieldWriter;
using Mcap::Opcode;

namespace {

constexpr qsizetype ChunkSize = 1 << 20;

void appendRecord(QByteArray &to, Opcode opcode, QByteArrayView content)
{
    to += FieldWriter().number(quint8(opcode)).number(quint64(content.size())).all();
    to += content;
}

} // namespace

bool McapWriter::put(QByteArrayView bytes)
{
    if (!m_error.isEmpty())
        return false;
    if (m_device->write(bytes.data(), bytes.size()) != bytes.size()) {
        m_error = m_device->errorString();
        return false;
    }
    m_offset += quint64(bytes.size());
    m_crc.add(bytes);
    return true;
}

bool McapWriter::put(Opcode opcode, QByteArrayView content)
{
    return put(FieldWriter().number(quint8(opcode)).number(quint64(content.size())).all()) && put(content);
}

bool McapWriter::begin(QByteArrayView library)
{
    return put(Mcap::Magic) && put(Opcode::Header, FieldWriter().text({}).text(library).all());
}

bool McapWriter::addSchema(Mcap::Schema *schema)
{
    if (m_schemas.size() == std::numeric_limits<quint16>::max()) {
        m_error = u"a file has at most 65535 schemas; record to another one"_s;
        return false;
    }
    schema->id = quint16(m_schemas.size() + 1);
    m_schemas.append(
        FieldWriter().number(schema->id).text(schema->name).text(schema->encoding).text(schema->data).all());
    appendRecord(m_chunk.records, Opcode::Schema, m_schemas.last());
    return m_error.isEmpty();
}

bool McapWriter::addChannel(Mcap::Channel *channel)
{
    if (m_channels.size() == std::numeric_limits<quint16>::max()) {
        m_error = u"a file has at most 65535 channels; record to another one"_s;
        return false;
    }
    channel->id = quint16(m_channels.size() + 1);
    FieldWriter metadata;
    for (auto i = channel->metadata.cbegin(); i != channel->metadata.cend(); ++i)
        metadata.text(i.key()).text(i.value());
    m_channels.append(FieldWriter()
                          .number(channel->id)
                          .number(channel->schema)
                          .text(channel->topic)
                          .text(channel->messageEncoding)
                          .text(metadata.all())
                          .all());
    appendRecord(m_chunk.records, Opcode::Channel, m_channels.last());
    return m_error.isEmpty();
}

bool McapWriter::write(const Mcap::Message &message)
{
    const bool isFirst = m_counts.isEmpty();
    m_begin = isFirst ? message.logTime : std::min(m_begin, message.logTime);
    m_end = isFirst ? message.logTime : std::max(m_end, message.logTime);
    ++m_counts[message.channel];

    const bool isFirstOfChunk = m_chunk.index.isEmpty();
    m_chunk.begin = isFirstOfChunk ? message.logTime : std::min(m_chunk.begin, message.logTime);
    m_chunk.end = isFirstOfChunk ? message.logTime : std::max(m_chunk.end, message.logTime);
    m_chunk.index[message.channel] +=
        FieldWriter().number(message.logTime).number(quint64(m_chunk.records.size())).all();
    const QByteArray fields = FieldWriter()
                                  .number(message.channel)
                                  .number(message.sequence)
                                  .number(message.logTime)
                                  .number(message.publishTime)
                                  .all();
    m_chunk.records += FieldWriter()
                           .number(quint8(Opcode::Message))
                           .number(quint64(fields.size()) + quint64(message.data.size()))
                           .bytes(fields)
                           .all();
    m_chunk.records += message.data;
    return m_chunk.records.size() < ChunkSize ? m_error.isEmpty() : flush();
}

bool McapWriter::flush()
{
    const Chunk chunk = std::exchange(m_chunk, {});
    if (chunk.records.isEmpty())
        return m_error.isEmpty();
    const auto size = quint64(chunk.records.size());
    Mcap::Crc32 crc;
    crc.add(chunk.records);
    const quint64 begin = m_offset;
    // The records follow the other fields without a copy of them.
    const QByteArray fields = FieldWriter()
                                  .number(chunk.begin)
                                  .number(chunk.end)
                                  .number(size)
                                  .number(crc.value())
                                  .text({}) // not compressed
                                  .number(size)
                                  .all();
    put(FieldWriter().number(quint8(Opcode::Chunk)).number(quint64(fields.size()) + size).bytes(fields).all());
    put(chunk.records);
    const quint64 end = m_offset;

    FieldWriter offsets;
    for (auto i = chunk.index.cbegin(); i != chunk.index.cend(); ++i) {
        offsets.number(i.key()).number(m_offset);
        put(Opcode::MessageIndex, FieldWriter().number(i.key()).text(i.value()).all());
    }
    m_chunkIndexes.append(FieldWriter()
                              .number(chunk.begin)
                              .number(chunk.end)
                              .number(begin)
                              .number(end - begin)
                              .text(offsets.all())
                              .number(m_offset - end)
                              .text({})
                              .number(size)
                              .number(size)
                              .all());
    return m_error.isEmpty();
}

bool McapWriter::finish()
{
    if (!flush() || !put(Opcode::DataEnd, FieldWriter().number(m_crc.value()).all()))
        return false;
    const quint64 summary = m_offset;
    m_crc = {};
    if (!putGroup(Opcode::Schema, m_schemas) || !putGroup(Opcode::Channel, m_channels)
        || !putGroup(Opcode::Statistics, {statistics()}) || !putGroup(Opcode::ChunkIndex, m_chunkIndexes))
        return false;
    const quint64 summaryOffset = m_offset;
    if (!put(m_summaryOffsets))
        return false;
    // The last checksum covers the footer up to itself.
    constexpr quint64 FooterSize = 8 + 8 + 4;
    return put(FieldWriter()
                   .number(quint8(Opcode::Footer))
                   .number(FooterSize)
                   .number(summary)
                   .number(summaryOffset)
                   .all())
        && put(FieldWriter().number(m_crc.value()).all()) && put(Mcap::Magic);
}

bool McapWriter::putGroup(Opcode opcode, const QList<QByteArray> &contents)
{
    const quint64 begin = m_offset;
    for (const QByteArray &content : contents) {
        if (!put(opcode, content))
            return false;
    }
    if (m_offset > begin)
        appendRecord(m_summaryOffsets, Opcode::SummaryOffset,
                     FieldWriter().number(quint8(opcode)).number(begin).number(m_offset - begin).all());
    return true;
}

QByteArray McapWriter::statistics() const
{
    quint64 messages = 0;
    FieldWriter counts;
    for (auto i = m_counts.cbegin(); i != m_counts.cend(); ++i) {
        counts.number(i.key()).number(i.value());
        messages += i.value();
    }
    return FieldWriter()
        .number(messages)
        .number(quint16(m_schemas.size()))
        .number(quint32(m_channels.size()))
        .number(quint32(0)) // attachments
        .number(quint32(0)) // metadata records
        .number(quint32(m_chunkIndexes.size()))
        .number(m_begin)
        .number(m_end)
        .text(counts.all())
        .all();
}
