// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "content.h"
#include "segmentview.h"
#include "staging.h"

#include "../os/externalmemory.h"

#include <atomic>
#include <vector>

namespace sharedsegment::engine {

/// The memory of another library, which has no protocol: this process counts its polls and writes, and the counter
/// serves as the revision.
///
/// Owns the handle of the memory. Not consistent: a reader may see half of a write by another process.
class ExternalContent final : public Content
{
public:
    /// @param view must outlive this object
    ExternalContent(const SegmentView &view, os::ExternalMemory memory);

    std::uint64_t revision() const override { return m_revision.load(); }
    std::int64_t timestamp() const override { return m_timestamp.load(); }
    Status read(std::span<std::byte> to, std::uint64_t offset, RevisionInfo *info) const override;
    std::span<std::byte> live() const override;
    Change check() override;
    /// Publishes now: the memory has no place for times.
    Result<std::uint64_t> publish(std::span<const std::byte> bytes, const RevisionTimes &times) override;
    Result<Next> begin() override;
    /// Writes only the elements that differ from those at begin(), and so preserves what other processes write to other
    /// elements meanwhile.
    Result<std::uint64_t> commit(const Next &next) override;

private:
    /// Counts a possible update as a revision. @returns its number.
    std::uint64_t countRevision();

    os::ExternalMemory m_memory;
    std::atomic<std::uint64_t> m_revision = 0;
    std::atomic<std::int64_t> m_timestamp = 0;
    Staging m_staging;
    std::vector<std::byte> m_before; ///< the content at begin()
};

} // namespace sharedsegment::engine
