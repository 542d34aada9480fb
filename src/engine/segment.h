// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "content.h"
#include "listener.h"
#include "ownermonitor.h"
#include "publisher.h"
#include "segmentview.h"
#include "updateobservers.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace sharedsegment::engine {

class Wish;

/// One opening of a segment in this process: its memory, its content, what is known of its owner, and what its writers
/// share.
///
/// Shared by all users in the process through std::shared_ptr. Reading is safe from any thread. Writing is safe from any
/// thread, too, and one thread writes at a time: see WriteTransaction. A Segment stays readable after the owner's end.
/// It does not own the name: see Ownership.
class SHAREDSEGMENTENGINE_EXPORT Segment : public std::enable_shared_from_this<Segment>
{
public:
    using MakeContent = std::function<std::unique_ptr<Content>(const SegmentView &)>;

    /// For createSegment(), openSegment() and openExternal().
    /// @param folder where its record lies; none for external memory
    Segment(SegmentView view, std::optional<RegistryFolder> folder, const MakeContent &makeContent);
    Segment(const Segment &) = delete;
    Segment &operator=(const Segment &) = delete;
    ~Segment();

    const SegmentView &view() const { return m_view; }
    const std::string &name() const { return m_view.name; }
    const Geometry &geometry() const { return m_view.geometry; }
    const std::shared_ptr<const Layout> &layout() const { return m_view.layout; }
    bool isOfThisProcess() const { return m_view.isOfThisProcess(); }
    bool isExternal() const { return m_view.geometry.kind == Kind::External; }

    Content &content() { return *m_content; }
    const Content &content() const { return *m_content; }
    OwnerMonitor &owner() { return m_owner; }
    const OwnerMonitor &owner() const { return m_owner; }
    UpdateObservers &observers() { return m_observers; }
    Publisher &publisher() { return m_publisher; }

    /// The newest revision, and its publication time (ns since 1970 UTC; 0 if it is unknown at the moment).
    std::uint64_t revision() const { return m_content->revision(); }
    std::int64_t timestamp() const { return m_content->timestamp(); }

    /// Copies bytes of the newest revision. `offset` and the size must lie within the payload.
    /// @returns Busy when a writer overtook each try, Corrupt when the owner died while it wrote the only buffer, and
    /// the errors of external memory. Then the content of `to` is undefined.
    Status read(std::span<std::byte> to, std::uint64_t offset, RevisionInfo *info) const
    {
        Status read = m_content->read(to, offset, info);
        if (!read)
            explain(read);
        return read;
    }

    /// Reads as above, and checks the range first. Composes no error, and does not check the owner: for callers that try
    /// again at the next update anyway. @returns whether it succeeded.
    bool tryRead(std::span<std::byte> to, std::uint64_t offset, RevisionInfo *info) const
    {
        return isWithin(to.size(), offset) && m_content->read(to, offset, info);
    }
    /// Reads as above, and checks the range first. @returns InvalidSize when the bytes do not lie within the payload.
    Status readWithin(std::span<std::byte> to, std::uint64_t offset, RevisionInfo *info) const
    {
        return isWithin(to.size(), offset) ? read(to, offset, info) : outOfRange(to.size(), offset);
    }

    /// Says whether the host that this mirror mirrors is reachable, and wakes all that have it open. From any thread.
    /// @returns PermissionDenied when this process does not own it, InvalidState when it is no mirror; Here is no source of
    /// a mirror.
    Status setSource(Source source);

    /// The payload in place, where the kind of content allows it; empty otherwise, and for a writable segment in a forked
    /// child.
    std::span<std::byte> live() const;

    /// Polls external memory: counts its current content as a new revision, or notices that its name leads elsewhere.
    /// Otherwise does nothing.
    void refresh();

    /// Registers a listener. @returns NotFound when the owner or this instance has ended.
    Result<Listener> listen();
    /// The number of listeners in all processes, sleeping or busy. The owner's own process receives its updates without
    /// a listener.
    int listenerCount();

    /// Keeps a wish for as long as this exists. For openSegment(); null: none.
    void keep(std::shared_ptr<Wish> wish) { m_wish = std::move(wish); }

private:
    bool isWithin(std::uint64_t size, std::uint64_t offset) const
    {
        return offset <= geometry().payloadSize && size <= geometry().payloadSize - offset;
    }

    /// Adds to an error of the content why it is Busy.
    void explain(Status &error) const;
    Error outOfRange(std::uint64_t size, std::uint64_t offset) const;

    SegmentView m_view;
    OwnerMonitor m_owner;
    std::unique_ptr<Content> m_content;
    UpdateObservers m_observers;
    Publisher m_publisher;
    std::shared_ptr<Wish> m_wish;
};

} // namespace sharedsegment::engine
