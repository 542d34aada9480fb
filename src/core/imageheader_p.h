// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegment_export.h"

#include <QtCore/QString>

#include <array>
#include <cstddef>
#include <optional>
#include <span>

/// How the pixels of a picture lie in memory, by a fourcc code of DRM.
struct SHAREDSEGMENT_EXPORT PixelFormat
{
    /// Rows of equal groups of bytes.
    struct Plane
    {
        quint32 groupBytes = 0;
        quint32 pixelsAcross = 1; ///< pixels of a row that share a group
        quint32 rowsDown = 1;     ///< rows of pixels that share a row of the plane

        /// Returns the least bytes of a row; at most 2^34.
        quint64 rowBytes(quint32 width) const;
        /// Returns the number of rows.
        quint32 rows(quint32 height) const;
    };

    static constexpr quint32 code(const char (&text)[5])
    {
        quint32 code = 0;
        for (int i = 0; i < 4; ++i)
            code |= quint32(static_cast<unsigned char>(text[i])) << (8 * i);
        return code;
    }
    /// Returns the code as people write it, such as `NV12`; in hexadecimal digits if it has other characters than letters and digits.
    static QString name(quint32 code);
    /// Returns the format of a code, or null if it is none that this library knows.
    static const PixelFormat *find(quint32 code);
    /// Returns all formats that this library knows.
    static std::span<const PixelFormat> all();

    quint32 fourcc = 0;
    quint32 planeCount = 1;
    std::array<Plane, 3> planes{};
};

/// The header with which each revision of a segment of pictures begins: section 16 of src/doc/format.md.
///
/// Another process writes it. What read() returns is consistent: each plane lies within the revision, also where width, height and
/// stride are as large as their types allow.
struct SHAREDSEGMENT_EXPORT ImageHeader
{
    /// Bytes of the header.
    static constexpr quint32 Size = 128;
    static constexpr quint32 MostPlanes = 4;

    enum class Matrix : quint32 { Unknown, Bt601, Bt709, Bt2020 };
    enum class Range : quint32 { Full, Limited };
    enum class Transfer : quint32 { Srgb, Bt709, Pq, Hlg };

    struct Plane
    {
        quint32 offset = 0; ///< from the start of the revision
        quint32 stride = 0;
        bool operator==(const Plane &other) const = default;
    };

    /// Why bytes are no picture.
    struct Fault
    {
        const char *field = ""; ///< the field at fault, the same for all values of it
        QString text;           ///< follows the name of the revision: "is ...; remedy"
    };

    /// Returns the media type in the metadata of a segment of pictures.
    static QString content();

    /// Reads the header. @param bytes the first bytes of a revision; more than Size are not read @param count the bytes that the
    /// whole revision has @returns nothing if the revision is no picture; then `fault` says why.
    static std::optional<ImageHeader> read(std::span<const std::byte> bytes, quint64 count, Fault *fault);
    /// Returns the header of a picture whose planes follow it one after the other, with rows that begin at multiples of 4 bytes.
    /// @returns nothing if there is no such picture; then `fault` says why.
    static std::optional<ImageHeader> of(quint32 width, quint32 height, quint32 format, Fault *fault);
    /// Writes the header. `bytes` has Size bytes.
    void write(std::span<std::byte, Size> bytes) const;

    /// Returns how many bytes of the revision the picture takes, with the header.
    quint64 size() const;
    /// Returns the format; never null for what read() and of() return.
    const PixelFormat *pixelFormat() const { return PixelFormat::find(format); }

    quint32 width = 0;
    quint32 height = 0;
    quint32 format = 0; ///< a fourcc code of DRM
    std::array<Plane, MostPlanes> planes{};
    qint64 captureTime = 0; ///< ns since 1970 UTC; 0: the timestamp of the revision
    Matrix matrix = Matrix::Unknown;
    Range range = Range::Full;
    Transfer transfer = Transfer::Srgb;
    quint32 rotation = 0; ///< degrees by which the picture is turned clockwise to be shown: 0, 90, 180 or 270

    bool operator==(const ImageHeader &other) const = default;

private:
    bool checkPlanes(const PixelFormat &pixels, quint64 count, Fault *fault) const;
    /// Returns the end of a plane within the revision.
    quint64 end(const PixelFormat &pixels, quint32 plane) const;
};
