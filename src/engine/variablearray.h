// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "bufferedarray.h"

namespace sharedsegment::engine {

/// Arrays of a variable number of elements: each revision has its own, from none up to the capacity.
class VariableArray final : public BufferedArray
{
public:
    /// @param view must outlive this object
    explicit VariableArray(const SegmentView &view)
        : BufferedArray(view)
    {
    }

    std::span<std::byte> live() const override { return {}; }
    Status checkSize(std::size_t bytes) const override;
};

} // namespace sharedsegment::engine
