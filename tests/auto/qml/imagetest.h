// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../../support/testsupport.h"

#include "core/imageheader_p.h"

#include <QtCore/QByteArray>
#include <QtCore/QTextStream>
#include <QtCore/QtEndian>
#include <QtGui/QColor>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

/// Pictures in all formats, written byte by byte after the names of drm_fourcc.h, and a process that publishes them.
namespace imagetest {

constexpr int BorderWidth = 2;

/// A picture in one colour with a white border, whose upper left quarter within it is black.
struct Picture
{
    QString format;
    int width = 24;
    int height = 16;
    QColor color = Qt::red;
    quint32 rotation = 0;
    quint32 extra = 0; ///< bytes between header, planes and rows that need not be there

    QColor at(int x, int y) const
    {
        if (std::min({x, y, width - 1 - x, height - 1 - y}) < BorderWidth)
            return Qt::white;
        return x < width / 2 && y < height / 2 ? QColor(Qt::black) : color;
    }
};

inline quint32 codeOf(const QString &format)
{
    const QByteArray text = format.toLatin1().leftJustified(4, ' ');
    return PixelFormat::code({text[0], text[1], text[2], text[3], '\0'});
}

/// Y, U and V of BT.601 in full range.
inline std::array<int, 3> toYuv(const QColor &color)
{
    const double y = 0.299 * color.red() + 0.587 * color.green() + 0.114 * color.blue();
    const auto rounded = [](double value) { return int(std::clamp(std::lround(value), 0L, 255L)); };
    return {rounded(y), rounded(128 + (color.blue() - y) / 1.772), rounded(128 + (color.red() - y) / 1.402)};
}

/// Stores a pixel, of YUV each one again for the chroma that it shares.
inline void store(const QString &format, const QColor &color, const ImageHeader &header, int x, int y, uchar *picture)
{
    const auto at = [&](int plane, int column, int row) {
        const ImageHeader::Plane &of = header.planes[std::size_t(plane)];
        return picture + of.offset + row * int(of.stride) + column;
    };
    const auto [luma, u, v] = toYuv(color);
    const auto packed = [&](int bits, int first, int second, int third) {
        const int drop = 8 - std::min(bits, 8);
        const auto part = [&](int value) {
            return quint32(value) >> drop << std::max(bits - 8, 0) | quint32(bits > 8 ? value >> 6 : 0);
        };
        // Unused bits are 0, as hardware leaves them.
        const quint32 alpha = format.startsWith(u'A') ? ~0U << (3 * bits) : 0;
        qToLittleEndian(alpha | part(first) << (2 * bits) | part(second) << bits | part(third), at(0, 4 * x, y));
    };
    const int red = color.red();
    const int green = color.green();
    const int blue = color.blue();
    const QString code = format.mid(1);
    if (code == u"R24")
        packed(8, red, green, blue);
    else if (code == u"B24")
        packed(8, blue, green, red);
    else if (code == u"R30")
        packed(10, red, green, blue);
    else if (code == u"B30")
        packed(10, blue, green, red);
    else if (format == u"RG24")
        std::copy_n(std::array{uchar(blue), uchar(green), uchar(red)}.data(), 3, at(0, 3 * x, y));
    else if (format == u"BG24")
        std::copy_n(std::array{uchar(red), uchar(green), uchar(blue)}.data(), 3, at(0, 3 * x, y));
    else if (format == u"RG16")
        qToLittleEndian(quint16(red >> 3 << 11 | green >> 2 << 5 | blue >> 3), at(0, 2 * x, y));
    else if (format == u"R8")
        *at(0, x, y) = uchar(luma);
    else if (format == u"R16")
        qToLittleEndian(quint16(luma * 257), at(0, 2 * x, y));
    else if (format == u"YUYV") {
        *at(0, 2 * x, y) = uchar(luma);
        *at(0, x / 2 * 4 + 1, y) = uchar(u);
        *at(0, x / 2 * 4 + 3, y) = uchar(v);
    } else if (format == u"NV12") {
        *at(0, x, y) = uchar(luma);
        *at(1, x / 2 * 2, y / 2) = uchar(u);
        *at(1, x / 2 * 2 + 1, y / 2) = uchar(v);
    } else if (format == u"YU12") {
        *at(0, x, y) = uchar(luma);
        *at(1, x / 2, y / 2) = uchar(u);
        *at(2, x / 2, y / 2) = uchar(v);
    }
}

/// The bytes of a revision.
inline QByteArray toBytes(const Picture &picture)
{
    ImageHeader::Fault fault;
    ImageHeader header =
        ImageHeader::of(quint32(picture.width), quint32(picture.height), codeOf(picture.format), &fault).value();
    header.matrix = ImageHeader::Matrix::Bt601;
    header.rotation = picture.rotation;
    quint32 shift = picture.extra;
    for (quint32 i = 0; i < header.pixelFormat()->planeCount; ++i) {
        header.planes[i].offset += shift;
        header.planes[i].stride += picture.extra;
        shift += picture.extra * quint32(picture.height + 1);
    }
    QByteArray bytes(qsizetype(header.size()), '\x55');
    header.write(std::as_writable_bytes(std::span(bytes.data(), std::size_t(bytes.size()))).first<ImageHeader::Size>());
    for (int y = 0; y < picture.height; ++y) {
        for (int x = 0; x < picture.width; ++x)
            store(picture.format, picture.at(x, y), header, x, y, reinterpret_cast<uchar *>(bytes.data()));
    }
    return bytes;
}

/// Publishes a picture for each line "FORMAT WIDTH HEIGHT COLOR ROTATION EXTRA", the same one with a number of 32 bits changed for
/// a line "OFFSET VALUE", bytes for a line in hexadecimal digits, and answers with the revision. @returns the exit code
inline int publishPictures(const QString &name)
{
    SharedSegment segment(name);
    segment.setKind(SharedSegment::Kind::VariableArray);
    segment.setMetadata({{QStringLiteral("content"), ImageHeader::content()}});
    if (!segment.create(SharedLayout::of<quint8>(), 1 << 20))
        return 1;
    std::puts("ready");
    std::fflush(stdout);
    QTextStream input(stdin);
    QByteArray last;
    for (QString line = input.readLine(); !line.isNull(); line = input.readLine()) {
        const QStringList words = line.split(u' ');
        QByteArray bytes = last;
        if (words.size() == 6)
            last = bytes = toBytes(
                {words[0], words[1].toInt(), words[2].toInt(), QColor(words[3]), words[4].toUInt(), words[5].toUInt()});
        else if (words.size() == 2)
            qToLittleEndian(words[1].toUInt(), bytes.data() + words[0].toInt());
        else
            bytes = QByteArray::fromHex(line.toLatin1());
        if (!segment.publish(bytes))
            return 1;
        std::printf("%llu\n", static_cast<unsigned long long>(segment.revision()));
        std::fflush(stdout);
    }
    return 0;
}

/// A process that publishes pictures: the program of the test, whose main() calls publishPictures() for the argument "publish".
class Publisher
{
public:
    explicit Publisher(const QString &name)
        : m_peer({QStringLiteral("publish"), name}, QCoreApplication::applicationFilePath())
        , m_name(name)
    {
        if (m_peer.line() != QStringLiteral("ready"))
            qFatal("The publisher did not start.");
    }
    /// Each returns the revision.
    quint64 publish(const Picture &picture)
    {
        return tell(QStringLiteral("%1 %2 %3 %4 %5 %6")
                        .arg(picture.format)
                        .arg(picture.width)
                        .arg(picture.height)
                        .arg(picture.color.name())
                        .arg(picture.rotation)
                        .arg(picture.extra));
    }
    quint64 publishChanged(int offset, quint32 value) { return tell(QStringLiteral("%1 %2").arg(offset).arg(value)); }
    quint64 publishBytes(const QByteArray &bytes) { return tell(QString::fromLatin1(bytes.toHex())); }
    void kill() { m_peer.kill(); }
    QString name() const { return m_name; }

private:
    quint64 tell(const QString &line) { return m_peer.ask(line.toLatin1().constData()).toULongLong(); }

    testsupport::Peer m_peer;
    QString m_name;
};

} // namespace imagetest
