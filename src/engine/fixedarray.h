// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "buffers.h"
#include "content.h"
#include "segmentview.h"
#include "staging.h"

namespace sharedsegment::engine {

/// Arrays of a fixed number of elements, of which readers get the newest revision: a latest-value channel.
class FixedArray final : public Content
{
public:
    /// @param view must outlive this object
    explicit FixedArray(const SegmentView &view)
        : Content(view)
        , m_buffers(view.memory.data(), view.geometry)
    {
    }

    std::uint64_t revision() const override { return m_buffers.revision(); }
    std::int64_t timestamp() const override { return m_buffers.timestamp(); }
    Status read(std::span<std::byte> to, std::uint64_t offset, RevisionInfo *info) const override;
    bool isWhole() const override { return m_buffers.isWhole(); }
    std::span<std::byte> live() const override;
    Result<std::uint64_t> publish(std::span<const std::byte> bytes) override;
    Result<std::span<std::byte>> begin() override;
    Result<std::uint64_t> commit(std::span<std::byte> bytes) override;
    void recover() override { m_buffers.recover(); }

private:
    /// With one buffer, a revision is assembled apart.
    bool isStaged() const { return geometry().bufferCount == 1; }

    Buffers m_buffers;
    Staging m_staging;
};

} // namespace sharedsegment::engine
