// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "imagepixels.h"

#include <QtCore/QtEndian>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

namespace {

/// A pixel format that a QImage has, too.
struct SameFormat
{
    quint32 fourcc;
    QImage::Format format;
    quint32 unused = 0; ///< bits of a pixel that are not used; Qt wants them to be set
};

// DRM's alpha is premultiplied, unless a display says otherwise.
constexpr SameFormat SameFormats[] = {
    {PixelFormat::code("XR24"), QImage::Format_RGB32, 0xff000000},
    {PixelFormat::code("AR24"), QImage::Format_ARGB32_Premultiplied},
    {PixelFormat::code("XB24"), QImage::Format_RGBX8888, 0xff000000},
    {PixelFormat::code("AB24"), QImage::Format_RGBA8888_Premultiplied},
    {PixelFormat::code("RG24"), QImage::Format_BGR888},
    {PixelFormat::code("BG24"), QImage::Format_RGB888},
    {PixelFormat::code("RG16"), QImage::Format_RGB16},
    {PixelFormat::code("XR30"), QImage::Format_RGB30, 0xc0000000},
    {PixelFormat::code("AR30"), QImage::Format_A2RGB30_Premultiplied},
    {PixelFormat::code("XB30"), QImage::Format_BGR30, 0xc0000000},
    {PixelFormat::code("AB30"), QImage::Format_A2BGR30_Premultiplied},
    {PixelFormat::code("R8  "), QImage::Format_Grayscale8},
    {PixelFormat::code("R16 "), QImage::Format_Grayscale16},
};

/// QImage reads whole words.
constexpr quint32 WordBytes = 4;

/// Sets unused bits: textures have alpha there.
void setUnused(QImage *image, quint32 bits)
{
    for (int y = 0; y < image->height(); ++y) {
        auto *const row = reinterpret_cast<quint32 *>(image->scanLine(y));
        std::for_each_n(row, image->width(), [bits](quint32 &pixel) { pixel |= bits; });
    }
}

/// Copies the picture into memory whose rows begin at whole words.
QImage aligned(const uchar *revision, const ImageHeader &header, QImage::Format format)
{
    QImage image(int(header.width), int(header.height), format);
    const quint64 rowBytes = header.pixelFormat()->planes[0].rowBytes(header.width);
    for (int y = 0; y < image.height(); ++y)
        std::memcpy(image.scanLine(y), revision + header.planes[0].offset + quint64(y) * header.planes[0].stride,
                    rowBytes);
    return image;
}

/// The factors from YUV to RGB, in 1/65536.
class YuvFactors
{
public:
    explicit YuvFactors(const ImageHeader &header)
    {
        // ITU-R BT.601, BT.709 and BT.2020: the shares of red and blue in the luma.
        double red = 0.299;
        double blue = 0.114;
        ImageHeader::Matrix matrix = header.matrix;
        if (matrix == ImageHeader::Matrix::Unknown && header.height > 576)
            matrix = ImageHeader::Matrix::Bt709;
        if (matrix == ImageHeader::Matrix::Bt709) {
            red = 0.2126;
            blue = 0.0722;
        } else if (matrix == ImageHeader::Matrix::Bt2020) {
            red = 0.2627;
            blue = 0.0593;
        }
        const bool isLimited = header.range == ImageHeader::Range::Limited;
        const double luma = isLimited ? 255.0 / 219 : 1;
        const double chroma = 2 * (isLimited ? 255.0 / 224 : 1);
        const double green = 1 - red - blue;
        m_black = isLimited ? 16 : 0;
        m_luma = fixed(luma);
        m_redOfV = fixed(chroma * (1 - red));
        m_greenOfU = fixed(chroma * (1 - blue) * blue / green);
        m_greenOfV = fixed(chroma * (1 - red) * red / green);
        m_blueOfU = fixed(chroma * (1 - blue));
    }

    QRgb toRgb(int y, int u, int v) const
    {
        const int luma = (y - m_black) * m_luma + Half;
        u -= 128;
        v -= 128;
        return qRgb(byte(luma + v * m_redOfV), byte(luma - u * m_greenOfU - v * m_greenOfV),
                    byte(luma + u * m_blueOfU));
    }

private:
    static constexpr int Bits = 16;
    static constexpr int Half = 1 << (Bits - 1);
    static int fixed(double factor) { return int(std::lround(factor * (1 << Bits))); }
    static int byte(int value) { return std::clamp(value >> Bits, 0, 255); }

    int m_black;
    int m_luma;
    int m_redOfV;
    int m_greenOfU;
    int m_greenOfV;
    int m_blueOfU;
};

/// Where the three values of a pixel are: the plane, the first byte in a row, and the bytes from one to the next.
struct YuvChannel
{
    quint32 plane;
    quint32 first;
    quint32 step;
};

struct YuvFormat
{
    quint32 fourcc;
    YuvChannel y;
    YuvChannel u;
    YuvChannel v;
};

// Each has one u and one v for two pixels of a row.
constexpr YuvFormat YuvFormats[] = {
    {PixelFormat::code("NV12"), {0, 0, 1}, {1, 0, 2}, {1, 1, 2}},
    {PixelFormat::code("YUYV"), {0, 0, 2}, {0, 1, 4}, {0, 3, 4}},
    {PixelFormat::code("YU12"), {0, 0, 1}, {1, 0, 1}, {2, 0, 1}},
};

const YuvFormat *findYuv(quint32 fourcc)
{
    const auto *const found = std::ranges::find(YuvFormats, fourcc, &YuvFormat::fourcc);
    return found == std::end(YuvFormats) ? nullptr : found;
}

} // namespace

bool ImagePixels::isYuv(quint32 format)
{
    return findYuv(format) != nullptr;
}

void ImagePixels::convertYuv(const uchar *revision, const ImageHeader &header, QImage *image)
{
    const YuvFormat &format = *findYuv(header.format);
    const PixelFormat &pixels = *header.pixelFormat();
    const YuvFactors factors(header);
    const auto row = [&](const YuvChannel &channel, quint32 y) {
        const ImageHeader::Plane plane = header.planes[channel.plane];
        return revision + plane.offset + quint64(y / pixels.planes[channel.plane].rowsDown) * plane.stride
             + channel.first;
    };
    for (quint32 y = 0; y < header.height; ++y) {
        const uchar *const lumas = row(format.y, y);
        const uchar *const us = row(format.u, y);
        const uchar *const vs = row(format.v, y);
        auto *const to = reinterpret_cast<QRgb *>(image->scanLine(int(y)));
        for (std::size_t x = 0; x < header.width; ++x)
            to[x] = factors.toRgb(lumas[x * format.y.step], us[x / 2 * format.u.step], vs[x / 2 * format.v.step]);
    }
}

QImage ImagePixels::toImage(QByteArray &&revision, const ImageHeader &header)
{
    const auto *const bytes = reinterpret_cast<const uchar *>(revision.constData());
    if (isYuv(header.format)) {
        QImage image(int(header.width), int(header.height), QImage::Format_RGB32);
        if (!image.isNull())
            convertYuv(bytes, header, &image);
        return image;
    }
    const auto *const same = std::ranges::find(SameFormats, header.format, &SameFormat::fourcc);
    if (same == std::end(SameFormats))
        return QImage();
    const auto [offset, stride] = header.planes[0];
    QImage image;
    if (offset % WordBytes == 0 && stride % WordBytes == 0) {
        auto kept = std::make_unique<QByteArray>(std::move(revision));
        auto *const pixels = reinterpret_cast<uchar *>(kept->data()) + offset;
        // A QImage that it cannot make does not call the function.
        image = QImage(
            pixels, int(header.width), int(header.height), qsizetype(stride), same->format,
            [](void *array) { delete static_cast<QByteArray *>(array); }, kept.get());
        if (!image.isNull())
            static_cast<void>(kept.release()); // The image deletes it.
    } else {
        image = aligned(bytes, header, same->format);
    }
    if (same->unused != 0)
        setUnused(&image, same->unused);
    return image;
}
