// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "bufferedarray.h"

namespace sharedsegment::engine {

/// Arrays of a fixed number of elements: each revision has as many as the capacity.
class FixedArray final : public BufferedArray
{
public:
    /// @param view must outlive this object
    explicit FixedArray(const SegmentView &view)
        : BufferedArray(view)
    {
    }

    /// The only buffer.
    std::span<std::byte> live() const override
    {
        return geometry().bufferCount == 1 ? buffers().newest() : std::span<std::byte>();
    }
};

} // namespace sharedsegment::engine
