// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "content.h"
#include "ringbuffer.h"
#include "segmentview.h"

namespace sharedsegment::engine {

/// Streams: each element reaches each reader that takes it before it is overwritten. Its revision is the position. It is
/// read by a StreamReader and written by append().
class Stream final : public Content
{
public:
    /// @param view must outlive this object
    explicit Stream(const SegmentView &view)
        : Content(view)
        , m_elements(view.memory.data(), view.geometry)
    {
    }

    std::uint64_t revision() const override { return m_elements.position(); }
    std::int64_t timestamp() const override { return m_elements.timestamp(); }
    /// Reads what `info` says, and no elements: InvalidState.
    Status read(std::span<std::byte> to, std::uint64_t offset, RevisionInfo *info) const override;
    std::span<std::byte> live() const override { return {}; }
    Status checkSize(std::size_t bytes) const override;
    Result<std::uint64_t> publish(std::span<const std::byte> bytes, const RevisionTimes &times) override;
    Result<Next> begin() override;
    Result<std::uint64_t> commit(const Next &next) override;
    Pieces newest() const override { return m_elements.newest(); }
    RingBuffer *ringBuffer() override { return &m_elements; }

private:
    Error notReplaced() const;

    RingBuffer m_elements;
};

} // namespace sharedsegment::engine
