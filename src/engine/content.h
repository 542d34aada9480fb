// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "pieces.h"
#include "revisioninfo.h"
#include "revisiontimes.h"
#include "segmentview.h"

#include "../os/error.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace sharedsegment::engine {

class RingBuffer;

/// What a segment contains: one of the kinds of content, each of which is a class of its own. This interface is all that
/// the other parts of the engine know of a kind.
///
/// Reading is safe from any thread and process. The functions for writing belong to the holder of the PublishLock.
class SHAREDSEGMENTENGINE_EXPORT Content
{
public:
    virtual ~Content() = default;
    Content(const Content &) = delete;
    Content &operator=(const Content &) = delete;

    /// The newest revision. 0: nothing has been published yet.
    virtual std::uint64_t revision() const = 0;
    /// The publication time of the newest revision (ns since 1970 UTC; 0 if it is unknown at the moment).
    virtual std::int64_t timestamp() const = 0;

    /// Copies bytes of the newest revision. `offset` and the size must lie within the payload.
    /// @returns Busy, with an empty text, when a writer overtook each try, and the kind's own errors. Then the content
    /// of `to` is undefined.
    virtual Status read(std::span<std::byte> to, std::uint64_t offset, RevisionInfo *info) const = 0;
    /// Whether the newest revision is complete. If not, its writer is at work, or died at it.
    virtual bool isWhole() const { return true; }
    /// The payload in place; empty where that is not possible.
    virtual std::span<std::byte> live() const = 0;

    /// What a check of content without notifications has found.
    enum class Change { None, Updated, Gone };
    /// Checks content that no notification announces; None for all other content.
    virtual Change check() { return Change::None; }

    /// Whether a whole revision may have this number of bytes. @returns InvalidSize if not.
    virtual Status checkSize(std::size_t bytes) const;
    /// Publishes `bytes`, a whole revision that checkSize() accepts, with these times or now. @returns its number.
    virtual Result<std::uint64_t> publish(std::span<const std::byte> bytes, const RevisionTimes &times) = 0;
    /// The next revision while it is being written.
    struct Next
    {
        std::span<std::byte> space; ///< where its bytes lie, and how many it can have
        std::size_t size = 0;       ///< how many it has
    };
    /// Begins the next revision as a copy of the newest.
    virtual Result<Next> begin() = 0;
    /// Publishes the revision of the last begin(). @returns the revision's number.
    virtual Result<std::uint64_t> commit(const Next &next) = 0;
    /// What a reader can get in place, for the writer: the newest revision, or the elements of a stream.
    virtual Pieces newest() const { return {}; }
    /// Repairs the state after a writer died.
    virtual void recover() { }

    /// The elements of a stream, which append() and StreamReader use; null for all other content.
    virtual RingBuffer *ringBuffer() { return nullptr; }

protected:
    /// @param view must outlive this object
    explicit Content(const SegmentView &view)
        : m_view(view)
    {
    }
    const SegmentView &view() const { return m_view; }
    const Geometry &geometry() const { return m_view.geometry; }

private:
    const SegmentView &m_view;
};

} // namespace sharedsegment::engine
