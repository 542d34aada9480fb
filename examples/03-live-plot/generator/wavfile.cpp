// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "wavfile.h"

#include <QtCore/QByteArrayView>
#include <QtCore/QFile>
#include <QtCore/QFileInfo>
#include <QtCore/QtEndian>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

using namespace Qt::StringLiterals;

namespace {

// The same samples as floats can take four times as much memory.
constexpr qint64 MaximumFileSize = 128 << 20;
constexpr quint16 Pcm = 1;
constexpr quint16 Float = 3;
constexpr quint16 Extensible = 0xfffe;

struct Format
{
    quint16 coding = 0;
    int channels = 0;
    int rate = 0;
    int bits = 0;

    qsizetype sampleSize() const { return bits / 8; }
    qsizetype frameSize() const { return sampleSize() * channels; }
};

template<typename T>
T number(QByteArrayView bytes, qsizetype offset)
{
    return qFromLittleEndian<T>(bytes.data() + offset);
}

/// The first chunk of each kind, cut at the end of the file.
struct Chunks
{
    QByteArrayView format;
    QByteArrayView data;
    bool hasData = false;
};

Chunks chunksOf(QByteArrayView file)
{
    Chunks chunks;
    qsizetype at = 12;
    while (file.size() - at >= 8) {
        const QByteArrayView name = file.sliced(at, 4);
        // A program that writes a stream of unknown length stores the size 0xffffffff.
        const qint64 statedSize = number<quint32>(file, at + 4);
        const auto size = static_cast<qsizetype>(std::min<qint64>(statedSize, file.size() - at - 8));
        const QByteArrayView content = file.sliced(at + 8, size);
        if (name == "fmt " && chunks.format.isEmpty()) {
            chunks.format = content;
        } else if (name == "data" && !chunks.hasData) {
            chunks.data = content;
            chunks.hasData = true;
        }
        at += 8 + size + size % 2;
    }
    return chunks;
}

std::optional<Format> formatOf(QByteArrayView chunk, QString *why)
{
    if (chunk.size() < 16) {
        *why = u"it has no whole \"fmt \" chunk"_s;
        return std::nullopt;
    }
    Format format{.coding = number<quint16>(chunk, 0),
                  .channels = number<quint16>(chunk, 2),
                  .rate = static_cast<int>(std::min<quint32>(number<quint32>(chunk, 4), 1'000'000)),
                  .bits = number<quint16>(chunk, 14)};
    // The coding is then the first two bytes of a GUID; its other bytes are fixed.
    if (format.coding == Extensible) {
        constexpr QByteArrayView GuidTail("\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71", 14);
        if (chunk.size() < 40 || chunk.sliced(26, 14) != GuidTail) {
            *why = u"its coding is not known here"_s;
            return std::nullopt;
        }
        format.coding = number<quint16>(chunk, 24);
    }
    const int bits = format.bits;
    const bool isPcm = format.coding == Pcm && (bits == 8 || bits == 16 || bits == 24 || bits == 32);
    const bool isFloat = format.coding == Float && (bits == 32 || bits == 64);
    if (!isPcm && !isFloat) {
        *why = u"its coding %1 with %2 bits is not known here; convert it to PCM of 16 bits"_s.arg(format.coding)
                   .arg(bits);
        return std::nullopt;
    }
    if (format.channels < 1 || format.channels > 32) {
        *why = u"it has %1 channels; 1 to 32 can be read"_s.arg(format.channels);
        return std::nullopt;
    }
    if (format.rate < 100 || format.rate >= 1'000'000) {
        *why = u"its rate is not between 100 and 999 999 samples a second"_s;
        return std::nullopt;
    }
    if (number<quint16>(chunk, 12) != format.frameSize()) {
        *why = u"its \"fmt \" chunk contradicts itself"_s;
        return std::nullopt;
    }
    return format;
}

double sampleAt(const Format &format, const char *bytes)
{
    if (format.coding == Float) {
        const double value = format.bits == 32 ? static_cast<double>(qFromLittleEndian<float>(bytes))
                                               : qFromLittleEndian<double>(bytes);
        return std::isfinite(value) ? std::clamp(value, -1e6, 1e6) : 0;
    }
    switch (format.bits) {
    case 8: // the only unsigned size
        return (static_cast<quint8>(*bytes) - 128) / 128.0;
    case 16:
        return qFromLittleEndian<qint16>(bytes) / 32768.0;
    case 24: {
        const auto low = qFromLittleEndian<quint16>(bytes);
        return (static_cast<qint8>(bytes[2]) * 65536 + low) / 8388608.0;
    }
    default:
        return qFromLittleEndian<qint32>(bytes) / 2147483648.0;
    }
}

std::vector<float> decode(const Format &format, QByteArrayView data)
{
    std::vector<float> samples(static_cast<std::size_t>(data.size() / format.frameSize()));
    const char *bytes = data.data();
    for (float &sample : samples) {
        double sum = 0;
        for (int channel = 0; channel < format.channels; ++channel, bytes += format.sampleSize())
            sum += sampleAt(format, bytes);
        sample = static_cast<float>(sum / format.channels);
    }
    return samples;
}

} // namespace

std::optional<Sound> readWavFile(const QString &path, QString *why)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        *why = file.errorString();
        return std::nullopt;
    }
    const QByteArray bytes = file.read(MaximumFileSize + 1);
    if (bytes.size() > MaximumFileSize) {
        *why = u"it is larger than 128 MiB; take a part of it"_s;
        return std::nullopt;
    }
    if (bytes.size() < 12 || !bytes.startsWith("RIFF") || bytes.sliced(8, 4) != "WAVE") {
        *why = u"it is not a WAV file"_s;
        return std::nullopt;
    }
    const Chunks chunks = chunksOf(bytes);
    const std::optional<Format> format = formatOf(chunks.format, why);
    if (!format)
        return std::nullopt;
    auto samples = std::make_shared<const std::vector<float>>(decode(*format, chunks.data));
    if (samples->empty()) {
        *why = u"there are no samples in it"_s;
        return std::nullopt;
    }
    return Sound{QFileInfo(path).completeBaseName(), format->rate, [samples = std::move(samples)](qint64 number) {
                     return (*samples)[static_cast<std::size_t>(number) % samples->size()];
                 }};
}
