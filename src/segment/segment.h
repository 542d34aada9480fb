// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "buffers.h"
#include "external.h"
#include "geometry.h"
#include "layout.h"
#include "notification.h"
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
class WriteTransaction;

/// The properties of a new segment.
struct CreateOptions
{
    os::Backend backend = os::Backend::Automatic;
    std::uint64_t length = 0;      ///< the number of elements
    std::uint32_t bufferCount = 0; ///< 0: see defaultBufferCount()
    bool multipleWriters = false;
    /// The whole first revision, present when the name appears. Empty: the segment starts with zeros.
    std::span<const std::byte> content = {};
};

/// A segment mapped into this process. Owns the mappings of memory and record, and its handle of the writers' lock.
///
/// Shared by all users in the process through std::shared_ptr. Reading is safe from any thread. Writing is safe from
/// any thread, too, and one thread writes at a time. A Segment stays readable after the owner's end. It does not own
/// the name: see Ownership. No lock is held after a failed operation.
class Segment : public std::enable_shared_from_this<Segment>
{
public:
    struct Created
    {
        std::shared_ptr<Segment> segment;
        std::unique_ptr<Ownership> ownership;
    };

    /// Creates and publishes a segment, zero-filled or with `options.content`.
    /// @returns AlreadyExists when a living owner has the name. Leaves nothing behind on failure.
    static Result<Created> create(std::string_view name, const Layout &layout, const CreateOptions &options);

    /// Opens a living owner's segment. Within the owner's process, all users share the owner's mapping.
    /// @returns PermissionDenied for write access to a segment with a single writer, except in the owner's process.
    static Result<std::shared_ptr<Segment>> open(std::string_view name, os::Access access);

    /// Opens external memory as `length` elements of `layout` (0: as many as fit), starting at byte `offset`. Such a
    /// segment has no notifications, no lock and no buffers: see ExternalPayload, and refresh().
    /// @returns InvalidSize when the memory is too small for the elements.
    static Result<std::shared_ptr<Segment>> openExternal(os::ExternalMemory memory, const Layout &layout,
                                                         std::uint64_t offset, std::uint64_t length, os::Access access);

    /// Whether the name has a living owner. @returns an error when that cannot be determined.
    static Result<bool> exists(std::string_view name);
    /// See Registry::names().
    static Result<std::vector<std::string>> names(Error *unseen = nullptr);

    /// Watches the living owner of a name for its end. Check the owner again after this call.
    /// @returns NotFound when the name has no owner or belongs to this process; another error when its owner cannot be
    /// watched: it is in another pid namespace, or just ending.
    static Result<OwnerWatch> watchOwnerOf(std::string_view name);

    ~Segment();

    const std::string &name() const { return m_name; }
    const std::string &instanceHex() const { return m_instanceHex; }
    const Geometry &geometry() const { return m_geometry; }
    const std::shared_ptr<const Layout> &layout() const { return m_layout; }
    const Buffers &buffers() const { return m_buffers; }
    os::Backend backend() const { return m_backend; }
    /// Whether this process owns the segment or, for external memory, counts the revisions itself.
    bool isLocal() const { return m_isLocal; }
    /// Whether all updates come from this process (for external memory: from its polls and writes). They arrive through
    /// observers, and no doorbell is needed.
    bool hasOnlyLocalWriters() const { return m_isLocal && !m_geometry.hasMultipleWriters(); }
    bool isWritable() const { return m_isWritable; }
    /// Whether this process opened the segment. In a forked child of the opening process the segment is read-only: the
    /// child neither writes nor unlocks it, and calls no observers.
    bool isOfThisProcess() const { return os::isThisProcess(m_process); }
    /// The error for a write attempt in a forked child.
    Error notOfThisProcess() const;
    /// See Layout::amount().
    std::string amount(std::uint64_t bytes) const { return m_layout->amount(bytes); }
    bool isExternal() const { return m_external != nullptr; }

    /// The newest revision, and its publication time (ns since 1970 UTC; 0 if it is unknown at the moment).
    std::uint64_t revision() const { return m_external ? m_external->revision.load() : m_buffers.revision(); }
    std::int64_t timestamp() const { return m_external ? m_external->timestamp.load() : m_buffers.timestamp(); }

    /// Copies bytes of the newest revision. `offset` and the size must lie within the payload.
    /// @param why if not null, receives the reason of a failure
    /// @returns false on failure; then the content of `to` is undefined.
    bool read(std::span<std::byte> to, std::uint64_t offset, RevisionInfo *info, Error *why) const;

    /// Polls external memory: counts its current content as a new revision, or notices that its name leads elsewhere.
    /// Otherwise does nothing.
    void refresh();

    /// Whether the owner has closed the segment. Does not detect a killed owner: see isOwnerAlive().
    bool isClosedByOwner() const;
    /// Checks the kernel's lock: whether the owner still holds this instance.
    bool isOwnerAlive() const;

    /// Watches the owner for its end. Check isOwnerAlive() again after this call.
    /// @returns an error when the owner cannot be watched, or has ended.
    Result<OwnerWatch> watchOwner() const;

    /// Starts the next revision as a copy of the newest. Waits at most `wait` for other writers. The transaction holds
    /// the writers' lock until it ends; on failure the lock is free.
    /// @returns Busy after that time or when the newest revision is incomplete (one buffer), NotFound when the owner
    /// has ended.
    Result<WriteTransaction> beginWrite(os::Wait wait);

    /// Publishes `bytes`, the whole payload, as the next revision. @returns its number.
    Result<std::uint64_t> publish(std::span<const std::byte> bytes, os::Wait wait);

    /// The payload in place. Only with one buffer and the alignment of the layout; empty otherwise, and for a writable
    /// segment in a forked child.
    std::span<std::byte> live() const;

    /// The number of listeners in all processes, sleeping or busy. The owner's own process receives its updates without
    /// a listener.
    int listenerCount();

    /// Registers a listener. @returns NotFound when the owner or this instance has ended.
    Result<Listener> listen();

    /// An observer is called at the next publication or refresh() in this process, and when the owner in this process
    /// closes: once for each arming, in the thread that publishes or closes. It must be fast and must not call back into
    /// the segment. A new observer is armed.
    using Observer = std::function<void()>;
    void addObserver(const void *key, Observer observer);
    void armObserver(const void *key);
    void removeObserver(const void *key);

private:
    friend class Ownership;
    friend class WriteTransaction;
    Segment() = default;

    Status lockForWriting(os::Wait wait);
    Error heldByAnother() const;
    void unlockForWriting();
    std::uint64_t publishBuffer();
    std::span<std::byte> externalPayload() const;
    void notifyObservers();
    /// Null until the record is mapped. A read-only segment without listeners needs no record.
    Record *record() const { return m_recordAt.load(std::memory_order_acquire); }
    void setRecord(os::Mapping mapping, const std::string &path);
    /// Finds the record by name. @returns NotFound when the owner has ended or is closing, or when another instance has
    /// the name by now.
    Result<FoundRecord> findRecord() const;
    /// Maps the record if it is not mapped yet. @returns the error of findRecord() or of the mapping.
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
    os::RecordGuard m_recordGuard; ///< for m_record, so it is destroyed first
    std::atomic<Record *> m_recordAt = nullptr;
    Buffers m_buffers;
    std::unique_ptr<ExternalPayload> m_external; ///< if set, the segment has no record and no buffers
    std::optional<os::Folder> m_folder;
    std::atomic<bool> m_isOwnerGone = false;

    std::timed_mutex m_writing;
    std::atomic<std::thread::id> m_writingThread;
    std::unique_ptr<UpdateNotifier> m_notifier; ///< only if writable
    std::optional<os::WriterLock> m_writerLock; ///< only if writable, with multiple writers
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

/// The ownership of a name: owns the record file with its lock, the memory and its name, and the owner's mark. Keeps
/// the Segment alive.
///
/// The destructor frees the name, removes these objects and notifies all that have the segment open. It does nothing in
/// a forked child. The Segment itself may live on for its other users.
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

/// A write transaction: the next revision while it is being written. Owns the writers' lock, which the destructor
/// releases. Belongs to the thread that began it. The destructor does not publish; call publish(). In a forked child it
/// touches neither memory nor lock.
class WriteTransaction
{
public:
    WriteTransaction(WriteTransaction &&other) noexcept;
    WriteTransaction &operator=(WriteTransaction &&) = delete;
    ~WriteTransaction();

    std::span<std::byte> bytes() const { return m_bytes; }
    /// Publishes the revision and ends the transaction.
    /// @returns the new revision, or 0 when nothing was published: the segment was closed meanwhile, external memory
    /// was not writable, or this is a forked child of the process that began the transaction.
    std::uint64_t publish();

private:
    friend class Segment;
    WriteTransaction(std::shared_ptr<Segment> segment, std::span<std::byte> bytes, bool isStaged);

    std::shared_ptr<Segment> m_segment;
    std::span<std::byte> m_bytes;
    bool m_isStaged;
};

/// A write transaction that its destructor publishes, unless it was discarded or an exception is leaving the scope.
class ScopedWriteTransaction
{
public:
    explicit ScopedWriteTransaction(WriteTransaction transaction);
    ScopedWriteTransaction(ScopedWriteTransaction &&other) noexcept;
    ScopedWriteTransaction &operator=(ScopedWriteTransaction &&) = delete;
    ~ScopedWriteTransaction();

    /// Publishes now. @returns the revision; nothing if there was no transaction to publish.
    std::optional<std::uint64_t> publish();
    void discard() { m_transaction.reset(); }

private:
    std::optional<WriteTransaction> m_transaction;
    int m_exceptions;
};

} // namespace sharedsegment::segment
