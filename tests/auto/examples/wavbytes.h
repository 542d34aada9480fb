// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QList>
#include <QtCore/QtEndian>

/// Builds WAV files piece by piece.
namespace wavbytes {

template<typename T>
QByteArray littleEndian(T value)
{
    QByteArray bytes(sizeof value, '\0');
    qToLittleEndian(value, bytes.data());
    return bytes;
}

template<typename T>
QByteArray littleEndian(const QList<T> &values)
{
    QByteArray bytes;
    for (T value : values)
        bytes += littleEndian(value);
    return bytes;
}

inline QByteArray chunk(const char *name, const QByteArray &content)
{
    return name + littleEndian(static_cast<quint32>(content.size())) + content + QByteArray(content.size() % 2, '\0');
}

inline QByteArray riff(const QByteArray &chunks)
{
    return chunk("RIFF", "WAVE" + chunks);
}

inline QByteArray format(quint16 coding, quint16 channels, quint32 rate, quint16 bits)
{
    const auto frame = static_cast<quint16>(channels * bits / 8);
    return littleEndian(coding) + littleEndian(channels) + littleEndian(rate) + littleEndian(rate * frame)
         + littleEndian(frame) + littleEndian(bits);
}

inline QByteArray wav(const QByteArray &format, const QByteArray &data)
{
    return riff(chunk("fmt ", format) + chunk("data", data));
}

} // namespace wavbytes
