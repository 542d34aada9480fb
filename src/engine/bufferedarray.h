// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "buffers.h"
#include "content.h"
#include "segmentview.h"
#include "staging.h"

namespace sharedsegment::engine {

/// Arrays of which readers get the newest revision: a latest-value channel. What arrays of fixed and of variable count
/// have in common; the buffers know which of them a memory contains.
class BufferedArray : public Content
{
public:
    std::uint64_t revision() const final { return m_buffers.revision(); }
    std::int64_t timestamp() const final { return m_buffers.timestamp(); }
    Status read(std::span<std::byte> to, std::uint64_t offset, RevisionInfo *info) const final;
    bool isWhole() const final { return m_buffers.isWhole(); }
    Result<std::uint64_t> publish(std::span<const std::byte> bytes, const RevisionTimes &times) final;
    Result<Next> begin() final;
    Result<std::uint64_t> commit(const Next &next) final;
    Pieces newest() const final { return {m_buffers.newest()}; }
    void recover() final { m_buffers.recover(); }

protected:
    /// @param view must outlive this object
    explicit BufferedArray(const SegmentView &view)
        : Content(view)
        , m_buffers(view.memory.data(), view.geometry)
    {
    }

    const Buffers &buffers() const { return m_buffers; }

private:
    /// With one buffer, a revision is assembled apart.
    bool isStaged() const { return geometry().bufferCount == 1; }
    std::uint64_t countOf(std::size_t bytes) const
    {
        // A division may take longer than the rest of a publication of a few bytes.
        return bytes == geometry().payloadSize ? geometry().capacity : bytes / view().layout->elementSize();
    }

    Buffers m_buffers;
    Staging m_staging;
};

} // namespace sharedsegment::engine
