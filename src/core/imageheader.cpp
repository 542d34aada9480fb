// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "imageheader_p.h"

#include <QtCore/QStringList>

#include <algorithm>
#include <cstring>
#include <limits>

using namespace Qt::StringLiterals;

namespace {

/// The bytes of the header, little-endian as all of a segment.
struct ImageHeaderBytes
{
    std::array<char, 4> signature;
    quint32 version;
    quint32 headerBytes;
    quint32 width;
    quint32 height;
    quint32 format;
    quint32 planeCount;
    quint32 zero;
    std::array<ImageHeader::Plane, ImageHeader::MostPlanes> planes;
    qint64 captureTime;
    quint32 matrix;
    quint32 range;
    quint32 transfer;
    quint32 rotation;
    std::array<std::byte, 40> rest;
};
static_assert(sizeof(ImageHeaderBytes) == ImageHeader::Size);
static_assert(offsetof(ImageHeaderBytes, planes) == 32);
static_assert(offsetof(ImageHeaderBytes, captureTime) == 64);
static_assert(offsetof(ImageHeaderBytes, rotation) == 84);

constexpr std::array<char, 4> Signature{'S', 'I', 'M', 'G'};
constexpr quint32 ImageVersion = 1;
/// Rows of planes begin at multiples of it, where ImageHeader::of() chooses.
constexpr quint64 RowAlignment = 4;

constexpr PixelFormat packed(const char (&code)[5], quint32 bytes, quint32 pixels = 1)
{
    return {PixelFormat::code(code), 1, {{{bytes, pixels, 1}}}};
}

// The codes of drm_fourcc.h. Names there go from the most to the least significant byte of a little-endian number: XR24 begins with blue.
constexpr PixelFormat Formats[] = {
    packed("XR24", 4),
    packed("AR24", 4),
    packed("XB24", 4),
    packed("AB24", 4),
    packed("RG24", 3),
    packed("BG24", 3),
    packed("RG16", 2),
    packed("XR30", 4),
    packed("AR30", 4),
    packed("XB30", 4),
    packed("AB30", 4),
    packed("R8  ", 1),
    packed("R16 ", 2),
    packed("YUYV", 4, 2),
    {PixelFormat::code("NV12"), 2, {{{1, 1, 1}, {2, 2, 2}}}},
    {PixelFormat::code("YU12"), 3, {{{1, 1, 1}, {1, 2, 2}, {1, 2, 2}}}},
};

std::optional<ImageHeader> refuseImage(ImageHeader::Fault *fault, const char *field, const QString &text)
{
    *fault = {field, text};
    return std::nullopt;
}

std::optional<ImageHeader> refuseFormat(ImageHeader::Fault *fault, quint32 format)
{
    QStringList names;
    for (const PixelFormat &known : Formats)
        names.append(PixelFormat::name(known.fourcc));
    return refuseImage(fault, "format",
                       u"has the pixel format %1, which is not known; convert it to one of %2"_s.arg(
                           PixelFormat::name(format), names.join(", "_L1)));
}

} // namespace

quint64 PixelFormat::Plane::rowBytes(quint32 width) const
{
    return (quint64(width) + pixelsAcross - 1) / pixelsAcross * groupBytes;
}

quint32 PixelFormat::Plane::rows(quint32 height) const
{
    return static_cast<quint32>((quint64(height) + rowsDown - 1) / rowsDown);
}

QString PixelFormat::name(quint32 code)
{
    QString name;
    for (int i = 0; i < 4; ++i) {
        const auto character = static_cast<char>(code >> (8 * i) & 0xff);
        const bool isPlain = (character >= '0' && character <= '9') || (character >= 'A' && character <= 'Z')
                          || (character >= 'a' && character <= 'z') || (character == ' ' && i > 0);
        if (!isPlain)
            return u"0x%1"_s.arg(code, 8, 16, '0'_L1);
        name.append(QLatin1Char(character));
    }
    return name.trimmed();
}

const PixelFormat *PixelFormat::find(quint32 code)
{
    const auto *const found = std::ranges::find(Formats, code, &PixelFormat::fourcc);
    return found == std::end(Formats) ? nullptr : found;
}

std::span<const PixelFormat> PixelFormat::all()
{
    return Formats;
}

QString ImageHeader::content()
{
    return u"image/x-raw"_s;
}

std::optional<ImageHeader> ImageHeader::read(std::span<const std::byte> bytes, quint64 count, Fault *fault)
{
    if (count < Size || bytes.size() < Size)
        return refuseImage(
            fault, "count",
            u"has %1 bytes, and a picture begins with a header of %2; publish header and pixels"_s.arg(count).arg(
                Size));
    ImageHeaderBytes raw;
    std::memcpy(&raw, bytes.data(), sizeof raw);
    if (raw.signature != Signature)
        return refuseImage(fault, "signature", u"does not begin with SIMG; publish a picture with its header"_s);
    if (raw.version != ImageVersion)
        return refuseImage(fault, "version",
                           u"is a picture of version %1, and only version %2 is known; publish that"_s.arg(raw.version)
                               .arg(ImageVersion));
    if (raw.headerBytes != Size)
        return refuseImage(fault, "headerBytes",
                           u"has a header of %1 bytes, and one of version %2 has %3; write that"_s.arg(raw.headerBytes)
                               .arg(ImageVersion)
                               .arg(Size));
    if (raw.width == 0 || raw.height == 0)
        return refuseImage(fault, "size", u"has %1 x %2 pixels; publish at least one"_s.arg(raw.width).arg(raw.height));
    const PixelFormat *const pixels = PixelFormat::find(raw.format);
    if (!pixels)
        return refuseFormat(fault, raw.format);
    if (raw.planeCount != pixels->planeCount)
        return refuseImage(fault, "planes",
                           u"has %1 planes, and the pixel format %2 has %3; write that"_s.arg(raw.planeCount)
                               .arg(PixelFormat::name(raw.format))
                               .arg(pixels->planeCount));
    if (raw.matrix > quint32(Matrix::Bt2020))
        return refuseImage(fault, "matrix", u"has the colour matrix %1; write one of 0 to 3"_s.arg(raw.matrix));
    if (raw.range > quint32(Range::Limited))
        return refuseImage(fault, "range", u"has the range %1; write 0 or 1"_s.arg(raw.range));
    if (raw.transfer > quint32(Transfer::Hlg))
        return refuseImage(fault, "transfer", u"has the transfer %1; write one of 0 to 3"_s.arg(raw.transfer));
    if (raw.rotation >= 360 || raw.rotation % 90 != 0)
        return refuseImage(fault, "rotation",
                           u"has a rotation of %1 degrees; write 0, 90, 180 or 270"_s.arg(raw.rotation));
    ImageHeader header;
    header.width = raw.width;
    header.height = raw.height;
    header.format = raw.format;
    std::copy_n(raw.planes.begin(), raw.planeCount, header.planes.begin());
    header.captureTime = raw.captureTime;
    header.matrix = Matrix{raw.matrix};
    header.range = Range{raw.range};
    header.transfer = Transfer{raw.transfer};
    header.rotation = raw.rotation;
    if (!header.checkPlanes(*pixels, count, fault))
        return std::nullopt;
    return header;
}

bool ImageHeader::checkPlanes(const PixelFormat &pixels, quint64 count, Fault *fault) const
{
    const auto refuse = [fault](const char *field, const QString &text) {
        *fault = {field, text};
        return false;
    };
    for (quint32 i = 0; i < pixels.planeCount; ++i) {
        if (planes[i].offset < Size)
            return refuse("offset",
                          u"has a plane at the offset %1, within its header of %2 bytes; write the offset from "
                          "the start of the revision"_s.arg(planes[i].offset)
                              .arg(Size));
        const quint64 rowBytes = pixels.planes[i].rowBytes(width);
        if (planes[i].stride < rowBytes)
            return refuse("stride",
                          u"has a plane with a stride of %1 bytes, and a row has %2; write the bytes from one "
                          "row to the next"_s.arg(planes[i].stride)
                              .arg(rowBytes));
        if (const quint64 planeEnd = end(pixels, i); planeEnd > count)
            return refuse("end",
                          u"has %1 bytes, and a plane that ends at %2; publish the whole picture"_s.arg(count).arg(
                              planeEnd));
    }
    return true;
}

std::optional<ImageHeader> ImageHeader::of(quint32 width, quint32 height, quint32 format, Fault *fault)
{
    const PixelFormat *const pixels = PixelFormat::find(format);
    if (!pixels)
        return refuseFormat(fault, format);
    if (width == 0 || height == 0)
        return refuseImage(fault, "size", u"has %1 x %2 pixels; give it at least one"_s.arg(width).arg(height));
    ImageHeader header;
    header.width = width;
    header.height = height;
    header.format = format;
    quint64 offset = Size;
    for (quint32 i = 0; i < pixels->planeCount; ++i) {
        const PixelFormat::Plane &plane = pixels->planes[i];
        const quint64 stride = (plane.rowBytes(width) + RowAlignment - 1) / RowAlignment * RowAlignment;
        constexpr quint64 Most = std::numeric_limits<quint32>::max();
        if (stride > Most || offset > Most)
            return refuseImage(fault, "size",
                               u"has %1 x %2 pixels, and offset and stride of a plane are at most %3; divide it"_s
                                   .arg(width)
                                   .arg(height)
                                   .arg(Most));
        header.planes[i] = {static_cast<quint32>(offset), static_cast<quint32>(stride)};
        // At most 2^64 - 2^32: both factors are below 2^32.
        offset += stride * plane.rows(height);
    }
    return header;
}

void ImageHeader::write(std::span<std::byte, Size> bytes) const
{
    const PixelFormat *const pixels = pixelFormat();
    ImageHeaderBytes raw{};
    raw.signature = Signature;
    raw.version = ImageVersion;
    raw.headerBytes = Size;
    raw.width = width;
    raw.height = height;
    raw.format = format;
    raw.planeCount = pixels ? pixels->planeCount : 0;
    raw.planes = planes;
    raw.captureTime = captureTime;
    raw.matrix = quint32(matrix);
    raw.range = quint32(range);
    raw.transfer = quint32(transfer);
    raw.rotation = rotation;
    std::memcpy(bytes.data(), &raw, sizeof raw);
}

quint64 ImageHeader::size() const
{
    const PixelFormat *const pixels = pixelFormat();
    quint64 size = Size;
    for (quint32 i = 0; pixels && i < pixels->planeCount; ++i)
        size = std::max(size, end(*pixels, i));
    return size;
}

quint64 ImageHeader::end(const PixelFormat &pixels, quint32 plane) const
{
    // No overflow: a row is at most the stride, and offset, stride and rows are below 2^32.
    const PixelFormat::Plane &shape = pixels.planes[plane];
    return planes[plane].offset + quint64(shape.rows(height) - 1) * planes[plane].stride + shape.rowBytes(width);
}
