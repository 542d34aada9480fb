// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The bytes of a revision that may be a picture. Reads each byte that a viewer of it would read.

#include "expect.h"

#include "core/imageheader_p.h"

#include <cstddef>
#include <span>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto bytes = std::as_bytes(std::span(data, size));
    ImageHeader::Fault fault;
    const std::optional<ImageHeader> header = ImageHeader::read(bytes, size, &fault);
    if (!header) {
        EXPECT(!fault.text.isEmpty());
        return 0;
    }
    EXPECT(header->size() <= size);
    unsigned sum = 0;
    const PixelFormat &format = *header->pixelFormat();
    for (quint32 i = 0; i < format.planeCount; ++i) {
        const PixelFormat::Plane &plane = format.planes[i];
        for (quint32 row = 0; row < plane.rows(header->height); ++row) {
            const std::size_t start = header->planes[i].offset + std::size_t(row) * header->planes[i].stride;
            for (std::size_t at = start; at < start + plane.rowBytes(header->width); ++at)
                sum += data[at];
        }
    }
    static volatile unsigned sink;
    sink = sum;
    // What was read can be written, and is read again as the same.
    std::array<std::byte, ImageHeader::Size> written{};
    header->write(written);
    EXPECT(ImageHeader::read(written, size, &fault) == header);
    return 0;
}
