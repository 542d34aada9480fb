// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "mcapformat.h"

#include <QtCore/QHash>
#include <QtCore/QIODevice>
#include <QtCore/QString>

#include <optional>

/// Reads the messages of an MCAP file in the order of the file, and checks its checksums.
///
/// A file without its end, as a killed writer leaves it, is no error: isComplete() tells. Chunks must not be compressed. The reader
/// keeps one chunk in memory, which is at most as large as the file.
class McapReader
{
public:
    enum class Outcome {
        Channel, ///< a channel that was not there before
        Message,
        End,
        Failed, ///< see errorString()
    };

    /// The device is open for reading and outlives the reader. It is a file: its size is known.
    explicit McapReader(QIODevice *device)
        : m_device(device)
    {
    }

    Outcome next();
    /// After a Channel.
    const Mcap::Channel &channel() const { return m_channel; }
    /// After a Message; the data are valid until the next call.
    const Mcap::Message &message() const { return m_message; }
    /// The schema with this id, if any.
    std::optional<Mcap::Schema> schema(quint16 id) const;
    /// After the End: whether the file has one.
    bool isComplete() const { return m_isComplete; }
    const QString &errorString() const { return m_error; }

private:
    enum class Taken { Record, Nothing, Failed };

    bool begin();
    /// Reads the next record of the file. Nothing: the file ends within it.
    Taken takeRecord(Mcap::Opcode *opcode);
    bool read(qint64 size);
    Outcome takeContent(Mcap::Opcode opcode, QByteArrayView content);
    bool takeChunk();
    bool takeEnd(quint32 crc);
    Outcome failed(const QString &why);

    QIODevice *m_device;
    Mcap::Crc32 m_crc;
    QByteArray m_content;   ///< of the current record
    QByteArrayView m_chunk; ///< what is left of the current chunk
    QHash<quint16, Mcap::Schema> m_schemas;
    QHash<quint16, Mcap::Channel> m_channels;
    Mcap::Channel m_channel;
    Mcap::Message m_message;
    bool m_hasBegun = false;
    bool m_isAtEnd = false;
    bool m_isComplete = false;
    QString m_error;
};
