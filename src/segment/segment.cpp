// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "segment.h"

#include "../os/atomic.h"
#include "name.h"

#include <cstring>
#include <map>
#include <new>

namespace sharedsegment::segment {

namespace {

constexpr int CreateTries = 64;
constexpr int OpenTries = 5;
constexpr std::chrono::milliseconds ClosingPause{1};

using OwnedSegments = std::map<InstanceId, std::weak_ptr<Segment>>;

/// The segments that this process owns. Never destroyed, because segments may be static objects.
///
/// The barrier also serves as the mutex: no fork happens during a change or a lookup, so a child never inherits a
/// half-changed map.
OwnedSegments &ownedSegments(const os::ForkBarrier &)
{
    static constinit OwnedSegments *owned = nullptr;
    static constinit os::ProcessToken process = 0;
    // In a forked child, the map belongs to the parent.
    if (!owned || process != os::processToken()) {
        process = os::processToken();
        owned = new OwnedSegments;
    }
    return *owned;
}

std::shared_ptr<Segment> findOwned(const InstanceId &instance)
{
    const os::ForkBarrier barrier;
    const OwnedSegments &owned = ownedSegments(barrier);
    const auto found = owned.find(instance);
    return found == owned.end() ? nullptr : found->second.lock();
}

Error taken(std::string_view name, const FoundRecord &found)
{
    const std::string owner = found.owner();
    return {ErrorCode::AlreadyExists, "a living owner has the name \"" + std::string(name) + '"'
                                          + (owner.empty() ? std::string() : ": " + owner)
                                          + "; open it, or choose another name"};
}

/// Closing normally takes a moment; a longer time suggests that the owner is stopped.
Error closingTakesTooLong(std::string_view name, const FoundRecord &found)
{
    const std::string owner = found.owner();
    return {ErrorCode::Busy, (owner.empty() ? std::string() : owner + ", ") + "the owner of \"" + std::string(name)
                                 + "\", does not end closing it and may be stopped; try again, or continue or end "
                                   "that process"};
}

void fillRecord(RecordHeader *header, std::string_view name, const Geometry &geometry, os::Backend backend,
                const std::string &object, std::int64_t descriptor)
{
    std::memcpy(header->magic, RecordMagic, sizeof header->magic);
    header->version = FormatVersion;
    header->backend = static_cast<std::uint32_t>(backend);
    header->instance = geometry.instance;
    header->pid = geometry.pid;
    header->descriptor = descriptor;
    header->segmentSize = geometry.segmentSize;
    header->flags = geometry.flags;
    header->nameBytes = static_cast<std::uint32_t>(name.size());
    std::memcpy(header->name, name.data(), name.size());
    std::memcpy(header->object, object.data(), object.size());
}

Result<Registry> registry(bool make)
{
    Result<os::Folder> folder = make ? os::Folder::create() : os::Folder::open();
    if (!folder)
        return folder.error();
    return Registry(*folder);
}

/// Watches the owner's mark or, if it has none, the owner's process, provided that `isOwnerPidVisible` confirms it.
template<typename IsVisible>
Result<OwnerWatch> watchOwnerBy(const std::string &mark, const InstanceId &instance, std::uint64_t pid,
                                IsVisible isOwnerPidVisible)
{
    Result<os::ProcessWatch> watch = os::OwnerMark::watch(mark);
    if (!watch && watch.error().code == ErrorCode::Unsupported) {
        watch = os::ProcessWatch::start(pid);
        // Ask after the watch has begun: before, the process may have become another program while its lock was not
        // free yet.
        if (watch && !isOwnerPidVisible())
            watch = Error{ErrorCode::Unsupported, "it is out of sight, or just ending; try again"};
    }
    // An owner that has ended keeps the name for a moment, so this is not NotFound.
    if (!watch)
        return Error{ErrorCode::Unsupported, "the owner cannot be watched: " + watch.error().text};
    return OwnerWatch(*std::move(watch), instance);
}

os::Sharing sharingOf(std::uint32_t flags)
{
    return (flags & FlagMultipleWriters) != 0 ? os::Sharing::MultipleWriters : os::Sharing::SingleWriter;
}

} // namespace

Result<Segment::Created> Segment::create(std::string_view name, const Layout &layout, const CreateOptions &options)
{
    if (Status status = checkName(name); !status)
        return status.error();
    Result<Geometry> planned = plan(layout, options.length, options.bufferCount, options.multipleWriters);
    if (!planned)
        return planned.error();
    if (!options.content.empty() && options.content.size() != planned->payloadSize)
        return Error{ErrorCode::InvalidSize,
                     "\"" + std::string(name) + "\" takes " + layout.amount(planned->payloadSize) + ", not "
                         + layout.amount(options.content.size()) + "; give the first revision whole"};
    const Result<Registry> registry = segment::registry(true);
    if (!registry)
        return registry.error();
    const std::span<const os::Backend> usable = os::Memory::backends();
    const bool isAutomatic = options.backend == os::Backend::Automatic && !usable.empty();
    os::Backend backend = isAutomatic ? usable.front() : options.backend;

    Geometry geometry = *planned;
    geometry.pid = os::processId();
    std::chrono::milliseconds paused{0};
    for (int tries = 0; tries < CreateTries; ++tries) {
        // Also sweeps a dead owner's record of this name.
        Result<FoundRecord> found = registry->findTaken(name);
        if (found && found->isClosing) {
            // The name becomes free in a moment.
            if (paused >= os::RecordFile::LockWait)
                return closingTakesTooLong(name, *found);
            std::this_thread::sleep_for(ClosingPause);
            paused += ClosingPause;
            continue;
        }
        if (found)
            return taken(name, *found);
        if (found.error().code != ErrorCode::NotFound)
            return found.error();

        geometry.instance = os::randomId();
        geometry.created = os::wallClock();
        const std::string hex = toHex(geometry.instance);
        const os::Folder &folder = registry->folder();
        // Create the mark before the record and close it after it. A process that ends or becomes another program
        // closes its lower descriptors last (the mark's among them), so the name is free when the mark reports the end.
        Result<os::OwnerMark> mark = os::OwnerMark::create(ownerMarkPath(folder, hex));
        if (!mark)
            return mark.error();
        Result<os::RecordFile> file = os::RecordFile::create(folder, hex);
        if (!file) {
            mark->remove();
            return file.error();
        }
        os::MemoryLocation location{backend, geometry.pid, -1, os::Memory::objectName(backend, hex)};
        auto abandon = [&](Error error) {
            file->remove();
            mark->remove();
            return error;
        };
        Record content{};
        markOf(content) = RecordMark;
        fillRecord(&content.header, name, geometry, backend, location.object, -1);
        auto writeContent = [&] { return file->write(std::as_bytes(std::span(&content, 1))); };
        // Write the record before creating named memory: after a kill in between, a sweep still finds everything.
        // Anonymous memory disappears with its process, and its record needs the descriptor first.
        const bool hasName = !location.object.empty();
        if (hasName) {
            if (Status written = writeContent(); !written)
                return abandon(written.error());
        }
        Result<os::Mapping> recordMapping = file->map(RecordSize);
        if (!recordMapping) {
            Error error = abandon(recordMapping.error());
            if (error.code == ErrorCode::NotFound)
                continue; // Swept before it was locked.
            return error;
        }

        Result<os::Memory> memory = os::Memory::create(backend, location.object, geometry.segmentSize);
        if (!memory) {
            Error error = abandon(memory.error());
            // A sandbox may have forbidden the backend since it was checked.
            if (isAutomatic && error.code == ErrorCode::Unsupported && backend != usable.back()) {
                backend = usable.back();
                continue;
            }
            return error;
        }
        auto abandonMemory = [&](Error error) {
            os::WriterLock::remove(writerLockPath(folder, hex));
            os::Memory::remove(location);
            return abandon(std::move(error));
        };
        Result<os::Mapping> mapping = memory->map(os::Access::ReadWrite);
        if (!mapping)
            return abandonMemory(mapping.error());
        writeHeader({mapping->data(), static_cast<std::size_t>(mapping->size())}, geometry, layout);
        if (!options.content.empty()) {
            Buffers buffers(mapping->data(), geometry);
            std::memcpy(buffers.begin().data(), options.content.data(), options.content.size());
            buffers.publish(os::wallClock());
        }
        if (Status sealed = memory->seal(sharingOf(geometry.flags)); !sealed)
            return abandonMemory(sealed.error());
        if (!hasName) {
            content.header.descriptor = memory->native();
            if (Status written = writeContent(); !written)
                return abandonMemory(written.error());
        }
        std::optional<os::WriterLock> writerLock;
        if (options.multipleWriters) {
            Result<os::WriterLock> made =
                os::WriterLock::create(reinterpret_cast<Record *>(recordMapping->data())->writerLock,
                                       writerLockPath(folder, hex));
            if (!made)
                return abandonMemory(made.error());
            writerLock = *std::move(made);
        }

        if (Status published = file->publish(recordFileName(name)); !published) {
            Error error = abandonMemory(published.error());
            if (error.code == ErrorCode::AlreadyExists || error.code == ErrorCode::NotFound)
                continue;
            return error;
        }

        const std::shared_ptr<Segment> segment(new Segment);
        segment->m_name = name;
        segment->m_instanceHex = hex;
        segment->m_geometry = geometry;
        segment->m_layout = std::make_shared<Layout>(layout);
        segment->m_backend = backend;
        segment->m_isLocal = true;
        segment->m_isWritable = true;
        segment->m_memory = std::move(*mapping);
        segment->setRecord(std::move(*recordMapping), file->path());
        segment->m_buffers = Buffers(segment->m_memory.data(), geometry);
        segment->m_folder = folder;
        segment->m_notifier = std::make_unique<UpdateNotifier>(segment->record(), content.header,
                                                               segment->m_recordGuard, segment->doorbells());
        segment->m_writerLock = std::move(writerLock);
        std::unique_ptr<Ownership> ownership(
            new Ownership(segment, std::move(*file), std::move(*memory), std::move(location), std::move(*mark)));
        return Created{segment, std::move(ownership)};
    }
    return Error{ErrorCode::Busy, "others keep taking and leaving the name \"" + std::string(name) + "\"; try again"};
}

Result<std::shared_ptr<Segment>> Segment::open(std::string_view name, os::Access access)
{
    if (Status status = checkName(name); !status)
        return status.error();
    const Result<Registry> registry = segment::registry(false);
    if (!registry) {
        // Without a folder, no segment has been created yet.
        if (registry.error().code == ErrorCode::NotFound)
            return Error{ErrorCode::NotFound,
                         "there is no segment \"" + std::string(name) + "\" yet; start the program that creates it"};
        return registry.error();
    }
    for (int tries = 1;; ++tries) {
        Result<FoundRecord> found = registry->find(name);
        if (!found)
            return found.error();
        const RecordHeader &header = found->header;
        if (header.pid == os::processId()) {
            if (std::shared_ptr<Segment> own = findOwned(header.instance))
                return own;
        }
        if (access == os::Access::ReadWrite && (header.flags & FlagMultipleWriters) == 0)
            return Error{ErrorCode::PermissionDenied, "\"" + std::string(name)
                                                          + "\" has a single writer, its owner; open it read-only, or "
                                                            "have it created with multipleWriters"};
        const bool mayTryAgain = tries < OpenTries;
        if (Status mappable = found->file.checkMappable(RecordSize); !mappable) {
            if (mappable.error().code == ErrorCode::NotFound && mayTryAgain)
                continue;
            return mappable.error();
        }
        if (found->isClosing)
            return Error{ErrorCode::NotFound,
                         "the owner of \"" + std::string(name) + "\" is just closing it; start the next one"};
        Result<os::Memory> memory =
            os::Memory::open(locationOf(header), access, sharingOf(header.flags), header.segmentSize);
        if (!memory) {
            Error error = memory.error();
            // An ending process's memory becomes unreachable before its lock is free.
            const bool isOwnerGone = os::isEnding(header.pid) || !found->file.isOwned();
            if (!isOwnerGone && error.code != ErrorCode::NotFound)
                return error;
            if (mayTryAgain)
                continue;
            if (isOwnerGone)
                return Error{ErrorCode::NotFound,
                             "the owner of \"" + std::string(name) + "\" is gone; start the next one"};
            // The owner lives and is not closing, but its memory is not found: it is out of reach.
            if (!isClosing(found->file))
                error.code = ErrorCode::Unsupported;
            return error;
        }
        Result<os::Mapping> mapping = memory->map(access);
        if (!mapping)
            return mapping.error();
        Result<CheckedHeader> checked =
            checkHeader({mapping->data(), static_cast<std::size_t>(mapping->size())}, header);
        if (!checked) {
            // Another process's memory may have replaced it.
            if (header.backend == static_cast<std::uint32_t>(os::Backend::Memfd) && mayTryAgain)
                continue;
            return checked.error();
        }

        const std::shared_ptr<Segment> segment(new Segment);
        segment->m_name = name;
        segment->m_instanceHex = toHex(header.instance);
        segment->m_geometry = checked->geometry;
        segment->m_geometry.pid = header.pid;
        segment->m_layout = std::make_shared<Layout>(std::move(checked->layout));
        segment->m_backend = static_cast<os::Backend>(header.backend);
        segment->m_isWritable = access == os::Access::ReadWrite;
        segment->m_memory = std::move(*mapping);
        segment->m_buffers = Buffers(segment->m_memory.data(), segment->m_geometry);
        segment->m_folder = registry->folder();
        if (segment->m_isWritable) {
            Result<os::Mapping> recordMapping = found->file.map(RecordSize);
            if (!recordMapping)
                return recordMapping.error();
            segment->setRecord(std::move(*recordMapping), found->file.path());
            segment->m_notifier = std::make_unique<UpdateNotifier>(segment->record(), header, segment->m_recordGuard,
                                                                   segment->doorbells());
            Result<os::WriterLock> lock =
                os::WriterLock::open(segment->record()->writerLock,
                                     writerLockPath(registry->folder(), segment->m_instanceHex));
            if (!lock)
                return lock.error();
            segment->m_writerLock = *std::move(lock);
        }
        return segment;
    }
}

Result<bool> Segment::exists(std::string_view name)
{
    if (Status status = checkName(name); !status)
        return status.error();
    const Result<Registry> registry = segment::registry(false);
    if (!registry) {
        if (registry.error().code == ErrorCode::NotFound)
            return false;
        return registry.error();
    }
    const Result<FoundRecord> found = registry->find(name);
    if (found)
        return !found->isClosing;
    switch (found.error().code) {
    case ErrorCode::NotFound:
        return false;
    case ErrorCode::Corrupt:
    case ErrorCode::UnsupportedVersion:
        return true; // Unreadable, but a living owner holds it.
    default:
        return found.error();
    }
}

Result<std::vector<std::string>> Segment::names(Error *unseen)
{
    const Result<Registry> registry = segment::registry(false);
    Result<std::vector<std::string>> names = registry ? registry->names(unseen) : registry.error();
    // The folder does not exist, or was just removed.
    if (!names && names.error().code == ErrorCode::NotFound)
        return std::vector<std::string>();
    return names;
}

Result<OwnerWatch> Segment::watchOwnerOf(std::string_view name)
{
    const Result<Registry> registry = segment::registry(false);
    if (!registry)
        return registry.error();
    const Result<FoundRecord> found = registry->find(name);
    if (!found)
        return found.error();
    const RecordHeader &header = found->header;
    if (header.pid == os::processId() && findOwned(header.instance))
        return Error{ErrorCode::NotFound, "this process owns \"" + std::string(name) + "\"; close it to free the name"};
    if (found->isClosing)
        return Error{ErrorCode::Unsupported, "the owner of \"" + std::string(name) + "\" is just ending; try again"};
    return watchOwnerBy(ownerMarkPath(registry->folder(), toHex(header.instance)), header.instance, header.pid,
                        [&] { return found->file.isOpenIn(header.pid); });
}

Segment::~Segment() = default;

void Segment::setRecord(os::Mapping mapping, const std::string &path)
{
    m_record = std::move(mapping);
    m_recordGuard = os::RecordGuard(m_record, path);
    m_recordAt.store(reinterpret_cast<Record *>(m_record.data()), std::memory_order_release);
}

Result<FoundRecord> Segment::findRecord() const
{
    Result<FoundRecord> found = Registry(*m_folder).find(m_name);
    if (found && (found->header.instance != m_geometry.instance || found->isClosing))
        return Error{ErrorCode::NotFound,
                     "the owner of this instance of \"" + m_name + "\" is gone; open the next one"};
    return found;
}

Error Segment::notOfThisProcess() const
{
    if (m_isLocal && !m_external)
        return {ErrorCode::PermissionDenied,
                "this process was forked from the owner of \"" + m_name
                    + "\" and cannot write to it; create it after the fork, or open it again to read it"};
    return {ErrorCode::PermissionDenied, "this process was forked from the one that opened \"" + m_name
                                             + "\" and can only read through that opening; open it again"};
}

Status Segment::mapRecord()
{
    // The child must not wait for a lock that a thread of its parent holds.
    if (!isOfThisProcess())
        return record() ? Status() : notOfThisProcess();
    const std::lock_guard lock(m_recordMutex);
    if (record())
        return {};
    const Result<FoundRecord> found = findRecord();
    if (!found)
        return found.error();
    Result<os::Mapping> mapping = found->file.map(RecordSize);
    if (!mapping)
        return mapping.error();
    setRecord(std::move(*mapping), found->file.path());
    return {};
}

bool Segment::isClosedByOwner() const
{
    if (m_isOwnerGone.load(std::memory_order_relaxed))
        return true;
    const Record *const mapped = record();
    return mapped && os::loadAcquire(mapped->state) != static_cast<std::uint32_t>(RecordState::Live);
}

bool Segment::isOwnerAlive() const
{
    if (isClosedByOwner())
        return false;
    if (m_external)
        return true;
    // A failed check (for example without free descriptors) does not prove the owner's death.
    const Result<FoundRecord> found = findRecord();
    return found || found.error().code != ErrorCode::NotFound;
}

bool Segment::read(std::span<std::byte> to, std::uint64_t offset, RevisionInfo *info, Error *why) const
{
    if (m_external) {
        *info = {revision(), this->timestamp()};
        const Status read = m_external->memory.read(to, m_external->offset + offset);
        if (!read && why)
            *why = read.error();
        return bool(read);
    }
    if (m_buffers.read(to, offset, info))
        return true;
    if (why) {
        const bool isLost = !m_buffers.isWhole() && !isOwnerAlive();
        *why = isLost
                 ? Error{ErrorCode::Corrupt,
                         "the only buffer of \"" + m_name
                             + "\" was interrupted while being written, and its owner is gone; have it created "
                               "with two buffers or more"}
                 : Error{ErrorCode::Busy,
                         "\"" + m_name
                             + "\" was being written to each time; try again, or have it created with more buffers"};
    }
    return false;
}

Result<OwnerWatch> Segment::watchOwner() const
{
    return watchOwnerBy(ownerMarkPath(*m_folder, m_instanceHex), m_geometry.instance, m_geometry.pid, [this] {
        const Result<FoundRecord> found = findRecord();
        return found && found->file.isOpenIn(m_geometry.pid);
    });
}

std::span<std::byte> Segment::live() const
{
    if (m_isWritable && !isOfThisProcess())
        return {};
    if (m_external)
        return externalPayload();
    if (m_geometry.bufferCount != 1)
        return {};
    return m_buffers.newest();
}

int Segment::listenerCount()
{
    return m_external || !mapRecord() ? 0 : countListeners(*record());
}

Result<Listener> Segment::listen()
{
    if (!isOfThisProcess())
        return notOfThisProcess();
    if (Status mapped = mapRecord(); !mapped)
        return mapped.error();
    // Opens a separate file description: the mapped one would keep the slot's lock after its listener's end.
    Result<os::RecordFile> file = os::RecordFile::open(*m_folder, recordFileName(m_name));
    if (!file)
        return file.error();
    return Listener::claim(record(), *file, doorbells());
}

// In a forked child, these functions do nothing: a thread of the parent may hold the mutex forever, and observers are
// not called there.

void Segment::addObserver(const void *key, Observer observer)
{
    if (!isOfThisProcess())
        return;
    const std::lock_guard lock(m_observerMutex);
    m_observers.push_back({key, std::move(observer), true});
    m_hasArmedObservers.store(true, std::memory_order_seq_cst);
}

void Segment::armObserver(const void *key)
{
    if (!isOfThisProcess())
        return;
    const std::lock_guard lock(m_observerMutex);
    for (Observation &observation : m_observers) {
        if (observation.key == key)
            observation.isArmed = true;
    }
    // Sequentially consistent with the publisher's store of the revision, like Listener::arm().
    m_hasArmedObservers.store(true, std::memory_order_seq_cst);
    os::fenceFull();
}

void Segment::removeObserver(const void *key)
{
    if (!isOfThisProcess())
        return;
    const std::lock_guard lock(m_observerMutex);
    std::erase_if(m_observers, [key](const Observation &observation) { return observation.key == key; });
}

void Segment::notifyObservers()
{
    if (!isOfThisProcess())
        return;
    const std::lock_guard lock(m_observerMutex);
    m_hasArmedObservers.store(false, std::memory_order_relaxed);
    for (Observation &observation : m_observers) {
        if (std::exchange(observation.isArmed, false))
            observation.observer();
    }
}

Ownership::Ownership(std::shared_ptr<Segment> segment, os::RecordFile file, os::Memory memory,
                     os::MemoryLocation location, os::OwnerMark mark)
    : m_segment(std::move(segment))
    , m_file(std::move(file))
    , m_memory(std::move(memory))
    , m_location(std::move(location))
    , m_mark(std::move(mark))
{
    const os::ForkBarrier barrier;
    ownedSegments(barrier)[m_segment->m_geometry.instance] = m_segment;
}

Ownership::~Ownership()
{
    if (!m_segment->isOfThisProcess())
        return;
    {
        const os::ForkBarrier barrier;
        ownedSegments(barrier).erase(m_segment->m_geometry.instance);
    }
    m_segment->m_isOwnerGone.store(true);
    os::storeRelease(m_segment->record()->state, static_cast<std::uint32_t>(RecordState::Closed));
    // Remove the memory and the lock first: after a kill in between, a sweep still finds the record.
    if (m_segment->m_geometry.hasMultipleWriters())
        os::WriterLock::remove(writerLockPath(*m_segment->m_folder, m_segment->m_instanceHex));
    os::Memory::remove(m_location);
    if (m_file.isLinked())
        m_file.remove();
    m_file.close();
    m_mark.remove();
    // A separate notifier, because a writer thread of this process may be using the segment's own one.
    UpdateNotifier::forSameRecord(*m_segment->m_notifier).notifyAll();
    m_segment->notifyObservers();
}

} // namespace sharedsegment::segment
