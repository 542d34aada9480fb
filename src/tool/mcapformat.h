// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>
#include <QtCore/QMap>
#include <QtCore/QtEndian>

#include <limits>

/// Parts of the file format MCAP, version 0, which writer and reader share. https://mcap.dev/spec
namespace Mcap {

inline constexpr QByteArrayView Magic("\x89MCAP0\r\n", 8);
/// An opcode and the number of bytes that follow.
inline constexpr qsizetype RecordHeaderSize = 1 + 8;

enum class Opcode : quint8 {
    Header = 0x01,
    Footer = 0x02,
    Schema = 0x03,
    Channel = 0x04,
    Message = 0x05,
    Chunk = 0x06,
    MessageIndex = 0x07,
    ChunkIndex = 0x08,
    Statistics = 0x0b,
    SummaryOffset = 0x0e,
    DataEnd = 0x0f,
};

/// How the messages of channels are to be understood. Ids begin with 1.
struct Schema
{
    quint16 id = 0;
    QByteArray name;
    QByteArray encoding;
    QByteArray data;
};

/// A sequence of messages with one schema.
struct Channel
{
    quint16 id = 0;
    quint16 schema = 0;
    QByteArray topic;
    QByteArray messageEncoding;
    QMap<QByteArray, QByteArray> metadata;
};

struct Message
{
    quint16 channel = 0;
    quint32 sequence = 0;
    quint64 logTime = 0; ///< in ns
    quint64 publishTime = 0;
    QByteArrayView data;
};

/// The CRC32 of Ethernet, gzip and PNG, over bytes that come in pieces.
class Crc32
{
public:
    void add(QByteArrayView bytes);
    quint32 value() const { return ~m_state; }

private:
    quint32 m_state = std::numeric_limits<quint32>::max();
};

/// The fields of a record, one after another.
class FieldWriter
{
public:
    template<typename Number>
    FieldWriter &number(Number value)
    {
        const qsizetype at = m_bytes.size();
        m_bytes.resize(at + qsizetype(sizeof value));
        qToLittleEndian(value, m_bytes.data() + at);
        return *this;
    }
    /// Text or bytes behind their number. It has 32 bits, except for the records of a chunk.
    FieldWriter &text(QByteArrayView text) { return number(quint32(text.size())).bytes(text); }
    FieldWriter &bytes(QByteArrayView bytes)
    {
        m_bytes += bytes;
        return *this;
    }
    const QByteArray &all() const { return m_bytes; }

private:
    QByteArray m_bytes;
};

/// Takes the fields of a record. A field that reaches beyond the end gives 0 or nothing, and isGood() is false from then on.
class FieldReader
{
public:
    explicit FieldReader(QByteArrayView bytes)
        : m_left(bytes)
    {
    }

    template<typename Number>
    Number number()
    {
        const QByteArrayView bytes = take(sizeof(Number));
        return bytes.isEmpty() ? Number(0) : qFromLittleEndian<Number>(bytes.data());
    }
    QByteArrayView text() { return take(number<quint32>()); }
    QByteArrayView bytes() { return take(number<quint64>()); }
    QByteArrayView rest() { return take(quint64(m_left.size())); }
    bool isAtEnd() const { return m_left.isEmpty(); }
    bool isGood() const { return m_isGood; }

private:
    QByteArrayView take(quint64 size)
    {
        m_isGood = m_isGood && size <= quint64(m_left.size());
        if (!m_isGood)
            return {};
        const QByteArrayView taken = m_left.first(qsizetype(size));
        m_left = m_left.sliced(taken.size());
        return taken;
    }

    QByteArrayView m_left;
    bool m_isGood = true;
};

} // namespace Mcap
