// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "bell.h"
#include "foreign.h"
#include "frames.h"
#include "geometry.h"
#include "layout.h"
#include "ownerwatch.h"
#include "registry.h"

#include "../os/memory.h"
#include "../os/ownermark.h"
#include "../os/recordguard.h"
#include "../os/wait.h"
#include "../os/writerlock.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace sharedsegment::segment {

class Ownership;
class Draft;

struct CreateOptions
{
    os::Backend backend = os::Backend::Automatic;
    std::uint64_t length = 0;
    std::uint32_t frames = 0;
    bool manyWriters = false;
    std::span<const std::byte> content =
        {}; ///< the first revision, all of it, there when the name is; none: the start of zeros
};

/// A segment mapped into this process. Shared by all who use it; reading is safe from any thread, and writing too, one at a time.
///
/// Whoever holds it can read on whatever becomes of the owner. The name's ownership is a thing of its own: Ownership.
class Segment : public std::enable_shared_from_this<Segment>
{
public:
    struct Created
    {
        std::shared_ptr<Segment> segment;
        std::unique_ptr<Ownership> ownership;
    };

    /// Makes and publishes a zero-filled segment. @returns AlreadyExists when a living owner has the name. Nothing is left after a failure.
    static Result<Created> create(std::string_view name, const Layout &layout, const CreateOptions &options);

    /// Opens the segment of a living owner. In the owner's process all share the owner's mapping.
    /// @returns PermissionDenied for writing to what has a single writer, elsewhere than in the owner's process.
    static Result<std::shared_ptr<Segment>> open(std::string_view name, os::Access access);

    /// Opens memory that others made, as `length` elements (0: as many as fit) of `layout` from `offset` bytes on. It has no bell,
    /// no lock and no frames: see Foreign, and refresh().
    /// @returns InvalidSize when the memory has no room for them.
    static Result<std::shared_ptr<Segment>> openForeign(os::ForeignMemory memory, const Layout &layout,
                                                        std::uint64_t offset, std::uint64_t length, os::Access access);

    /// Whether a living owner has the name. @returns an error when that cannot be told.
    static Result<bool> exists(std::string_view name);
    /// See Registry::names().
    static Result<std::vector<std::string>> names(Error *unseen = nullptr);

    /// Tells when the living owner of the name is gone. Look for it once more afterwards. @returns NotFound when nobody has the name, or this
    /// process; another error when its owner cannot be watched: in another pid namespace, or just ending.
    static Result<OwnerWatch> watchOwnerOf(std::string_view name);

    ~Segment();

    const std::string &name() const { return m_name; }
    const std::string &instanceHex() const { return m_instanceHex; }
    const Geometry &geometry() const { return m_geometry; }
    const std::shared_ptr<const Layout> &layout() const { return m_layout; }
    const Frames &frames() const { return m_frames; }
    os::Backend backend() const { return m_backend; }
    /// Whether this process owns it, or at least counts its revisions: those of foreign memory are nobody else's.
    bool isLocal() const { return m_isLocal; }
    /// Writers elsewhere cannot be: news come from this process alone, through observers, and the bell is not needed.
    bool hasOnlyLocalWriters() const { return m_isLocal && !m_geometry.hasManyWriters(); }
    bool isWritable() const { return m_isWritable; }
    /// Whether this process opened it. In a forked child of who did it can be read, and nothing else: it is neither written to nor unlocked,
    /// and calls no observer.
    bool isOfThisProcess() const { return os::isThisProcess(m_process); }
    /// What a child is told that wants to write.
    Error notOfThisProcess() const;
    /// See Layout::amount().
    std::string amount(std::uint64_t bytes) const { return m_layout->amount(bytes); }
    bool isForeign() const { return m_foreign != nullptr; }

    /// The newest revision, and when it was published (ns since 1970 UTC; 0 if that cannot be told just now).
    std::uint64_t revision() const { return m_foreign ? m_foreign->revision.load() : m_frames.revision(); }
    std::int64_t stamp() const { return m_foreign ? m_foreign->stamp.load() : m_frames.stamp(); }

    /// Copies bytes of the newest revision. `offset` and the size must lie within the payload.
    /// @returns false when that failed; then `to` holds no value, and `why`, if given, says what is wrong.
    bool read(std::span<std::byte> to, std::uint64_t offset, Stamp *stamp, Error *why) const;

    /// Foreign memory: takes whatever it holds now for a new revision, or finds that its name leads elsewhere. Else does nothing.
    void refresh();

    /// Whether the owner has closed it. An owner that was killed says nothing: see isOwnerAlive().
    bool isClosedByOwner() const;
    /// Looks at the kernel's lock: the owner is there, and so is this instance.
    bool isOwnerAlive() const;

    /// Tells of the owner's end. Look whether it lives once more afterwards. @returns an error when it cannot be watched, or not any more.
    Result<OwnerWatch> watchOwner() const;

    /// Starts the next revision, as a copy of the newest. Waits at most `wait` for other writers.
    /// @returns Busy when that was not enough, or when the newest revision was interrupted (one frame), NotFound when the owner is gone.
    Result<Draft> startRevision(os::Wait wait);

    /// Publishes `bytes` (all of the payload) as the next revision. @returns its number.
    Result<std::uint64_t> publish(std::span<const std::byte> bytes, os::Wait wait);

    /// The payload itself; only with one frame, and only where it is aligned as the layout wants it. None for writing in a forked child.
    std::span<std::byte> live() const;

    /// How many listeners there are in all processes, asleep or busy; the owner's own process needs no bell to hear itself.
    int listenerCount();

    /// Asks for the bell. See Listener. @returns NotFound when its owner, or this instance, is gone.
    Result<Listener> listen();

    /// Calls `observer` at the next publication in this process, or when the owner in this process closes: once each time it was
    /// armed, in the thread that did it. It must be quick and may not call back.
    using Observer = std::function<void()>;
    void addObserver(const void *key, Observer observer);
    void armObserver(const void *key);
    void removeObserver(const void *key);

private:
    friend class Ownership;
    friend class Draft;
    Segment() = default;

    Status lockForWriting(os::Wait wait);
    Error heldByAnother() const;
    void unlockForWriting();
    std::uint64_t publishFrame();
    std::span<std::byte> foreignPayload() const;
    void notifyObservers();
    /// Null until it is mapped, where this is only read: readers who listen to nobody need no record.
    Record *record() const { return m_recordAt.load(std::memory_order_acquire); }
    void setRecord(os::Mapping mapping, const std::string &path);
    /// Looks for it under the name. @returns NotFound when its owner is gone or just going, also where another one has the name by now.
    Result<FoundRecord> findRecord() const;
    /// Makes sure that the record is mapped. @returns the error of findRecord() or of the mapping.
    Status mapRecord();
    DoorbellPath doorbells() const { return DoorbellPath(*m_folder, m_instanceHex); }

    const os::ProcessToken m_process = os::processToken();
    std::string m_name;
    std::string m_instanceHex;
    Geometry m_geometry;
    std::shared_ptr<const Layout> m_layout;
    os::Backend m_backend = os::Backend::Automatic;
    bool m_isLocal = false;
    bool m_isWritable = false;
    os::Mapping m_memory;
    std::mutex m_recordMutex;
    os::Mapping m_record;
    os::RecordGuard m_recordGuard; ///< of m_record, so it goes first
    std::atomic<Record *> m_recordAt = nullptr;
    Frames m_frames;
    std::unique_ptr<Foreign> m_foreign; ///< then there is no record, and there are no frames
    std::optional<os::Folder> m_folder;
    std::atomic<bool> m_isOwnerGone = false;

    std::timed_mutex m_writing;
    std::atomic<std::thread::id> m_writingThread;
    std::unique_ptr<BellRinger> m_ringer;       ///< only if writable
    std::optional<os::WriterLock> m_writerLock; ///< only if writable, and there are many writers
    std::vector<std::byte> m_staging;

    struct Observation
    {
        const void *key;
        Observer observer;
        bool isArmed;
    };
    std::mutex m_observerMutex;
    std::vector<Observation> m_observers;
    std::atomic<bool> m_hasArmedObservers = false;
};

/// The ownership of a name and its memory. When it goes, the name is free, and those who have the segment open are told.
/// Does nothing in a forked child.
class Ownership
{
public:
    ~Ownership();
    Ownership(const Ownership &) = delete;
    Ownership &operator=(const Ownership &) = delete;

private:
    friend class Segment;
    Ownership(std::shared_ptr<Segment> segment, os::RecordFile file, os::Memory memory, os::MemoryLocation location,
              os::OwnerMark mark);

    std::shared_ptr<Segment> m_segment;
    os::RecordFile m_file;
    os::Memory m_memory;
    os::MemoryLocation m_location;
    os::OwnerMark m_mark;
};

/// The next revision while it is being written; holds the writers' lock. Belongs to its thread. Publishes only when told to. In a forked
/// child it ends without touching memory or lock.
class Draft
{
public:
    Draft(Draft &&other) noexcept;
    Draft &operator=(Draft &&) = delete;
    ~Draft();

    std::span<std::byte> bytes() const { return m_bytes; }
    /// @returns the new revision, or 0 when nothing was published: the segment was closed meanwhile, foreign memory not writable, or this is
    /// a forked child of who began it.
    std::uint64_t publish();

private:
    friend class Segment;
    Draft(std::shared_ptr<Segment> segment, std::span<std::byte> bytes, bool isStaged);

    std::shared_ptr<Segment> m_segment;
    std::span<std::byte> m_bytes;
    bool m_isStaged;
};

/// A draft that is published when it goes, unless it is discarded or left by an exception.
class ScopedDraft
{
public:
    explicit ScopedDraft(Draft draft);
    ScopedDraft(ScopedDraft &&other) noexcept;
    ScopedDraft &operator=(ScopedDraft &&) = delete;
    ~ScopedDraft();

    /// Publishes now. @returns the revision, or nothing if there was nothing to publish.
    std::optional<std::uint64_t> publish();
    void discard() { m_draft.reset(); }

private:
    std::optional<Draft> m_draft;
    int m_exceptions;
};

} // namespace sharedsegment::segment
