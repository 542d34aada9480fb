// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "mcapformat.h"

#include <QtCore/QIODevice>
#include <QtCore/QList>
#include <QtCore/QMap>
#include <QtCore/QString>

#include <optional>

/// Writes an MCAP file from its begin to its end, without going back: uncompressed chunks with their indexes, a summary, and all
/// checksums.
///
/// Schemas, channels and messages are collected in a chunk, which is written when it has 1 MiB, or on flush(). If the writing
/// program ends early, readers get all chunks that were written.
class McapWriter
{
public:
    /// The device is open for writing and outlives the writer.
    explicit McapWriter(QIODevice *device)
        : m_device(device)
    {
    }

    /// Begins the file. `library` names the writing program. @returns false on failure, as all functions do.
    bool begin(QByteArrayView library);
    /// Adds a schema and a channel, and sets their ids. There are at most 65535 of each.
    bool addSchema(Mcap::Schema *schema);
    bool addChannel(Mcap::Channel *channel);
    /// Adds a message of a channel that was added before.
    bool write(const Mcap::Message &message);
    /// Writes what was collected.
    bool flush();
    /// Ends the file with its summary.
    bool finish();

    const QString &errorString() const { return m_error; }

private:
    struct Chunk
    {
        QByteArray records;
        QMap<quint16, QByteArray> index; ///< for each channel, time and offset of its messages
        quint64 begin = 0;               ///< the earliest time
        quint64 end = 0;
    };

    bool put(QByteArrayView bytes);
    bool put(Mcap::Opcode opcode, QByteArrayView content);
    /// Writes records of one kind to the summary.
    bool putGroup(Mcap::Opcode opcode, const QList<QByteArray> &contents);
    QByteArray statistics() const;

    QIODevice *m_device;
    quint64 m_offset = 0;
    Mcap::Crc32 m_crc;
    Chunk m_chunk;
    QList<QByteArray> m_schemas;
    QList<QByteArray> m_channels;
    QList<QByteArray> m_chunkIndexes;
    QByteArray m_summaryOffsets;
    QMap<quint16, quint64> m_counts;
    quint64 m_begin = 0;
    quint64 m_end = 0;
    QString m_error;
};
