// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "createsegment.h"

#include "../os/recordfile.h"
#include "../os/system.h"
#include "buffers.h"
#include "errors.h"
#include "kinds.h"
#include "name.h"

#include <chrono>
#include <cstring>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace sharedsegment::engine {

namespace {

constexpr int CreateTries = 64;
constexpr std::chrono::milliseconds ClosingPause{1};

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

os::Sharing sharingOf(const Geometry &geometry)
{
    return geometry.hasMultipleWriters() ? os::Sharing::MultipleWriters : os::Sharing::SingleWriter;
}

/// Waits until the name is free. Also sweeps a dead owner's record of this name.
/// @param paused how long the whole call has waited for owners that are closing
Status waitUntilFree(const RegistryFolder &folder, std::string_view name, std::chrono::milliseconds *paused)
{
    for (;; *paused += ClosingPause) {
        const Result<FoundRecord> found = folder.findTaken(name);
        if (!found)
            return found.error().code == ErrorCode::NotFound ? Status() : found.error();
        if (!found->isClosing)
            return taken(name, *found);
        // The name becomes free in a moment.
        if (*paused >= os::RecordFile::LockWait)
            return closingTakesTooLong(name, *found);
        std::this_thread::sleep_for(ClosingPause);
    }
}

/// One attempt to create a segment: makes its objects one after the other, and removes them again unless it succeeds.
class Creation
{
public:
    Creation(const RegistryFolder &folder, std::string_view name, const Layout &layout, const CreateOptions &options,
             const Geometry &geometry, os::Backend backend)
        : m_folder(folder)
        , m_name(name)
        , m_layout(layout)
        , m_options(options)
        , m_geometry(geometry)
        , m_backend(backend)
    {
        m_geometry.pid = os::processId();
        m_geometry.instance = os::randomId();
        m_geometry.created = os::wallClock();
        m_hex = toHex(m_geometry.instance);
        m_location = {backend, m_geometry.pid, -1, os::Memory::objectName(backend, m_hex)};
    }
    Creation(const Creation &) = delete;
    Creation &operator=(const Creation &) = delete;
    ~Creation()
    {
        if (m_isComplete)
            return;
        if (m_memory) {
            os::WriterLock::remove(writerLockPath(m_folder.folder(), m_hex));
            os::Memory::remove(m_location);
        }
        if (m_file)
            m_file->remove();
        if (m_mark)
            m_mark->remove();
    }

    /// Makes the owner's mark and the record.
    Status makeRecord()
    {
        // Create the mark before the record and close it after it. A process that ends or becomes another program
        // closes its lower descriptors last (the mark's among them), so the name is free when the mark reports the end.
        Result<os::OwnerMark> mark = os::OwnerMark::create(ownerMarkPath(m_folder.folder(), m_hex));
        if (!mark)
            return mark.error();
        m_mark = *std::move(mark);
        Result<os::RecordFile> file = os::RecordFile::create(m_folder.folder(), m_hex);
        if (!file)
            return file.error();
        m_file = *std::move(file);
        fillRecord();
        // Write the record before creating named memory: after a kill in between, a sweep still finds everything.
        // Anonymous memory disappears with its process, and its record needs the descriptor first.
        return hasNamedMemory() ? writeRecord() : Status();
    }

    /// Maps the record. @returns NotFound when another process swept it before it was locked.
    Status mapRecord()
    {
        Result<os::Mapping> record = m_file->map(RecordSize);
        if (!record)
            return record.error();
        m_recordMapping = *std::move(record);
        return {};
    }

    /// Makes the memory. @returns Unsupported when the system denies the backend.
    Status makeMemory()
    {
        Result<os::Memory> memory = os::Memory::create(m_backend, m_location.object, m_geometry.segmentSize);
        if (!memory)
            return memory.error();
        m_memory = *std::move(memory);
        return {};
    }

    /// Fills the memory, completes the record, and makes the writers' lock.
    Status complete()
    {
        if (Status filled = fillMemory(); !filled)
            return filled;
        if (!hasNamedMemory()) {
            m_content.header.descriptor = m_memory->native();
            if (Status written = writeRecord(); !written)
                return written;
        }
        return m_options.multipleWriters ? makeWriterLock() : Status();
    }

    /// Gives the segment its name. @returns AlreadyExists when another process took it meanwhile, or NotFound.
    Status publish() { return m_file->publish(recordFileName(m_name)); }

    /// Hands everything over. Call it last.
    CreatedSegment finish()
    {
        m_isComplete = true;
        SegmentView view;
        view.name = m_name;
        view.instanceHex = m_hex;
        view.geometry = m_geometry;
        view.layout = std::make_shared<Layout>(m_layout);
        view.backend = m_backend;
        view.isOwned = true;
        view.isWritable = true;
        view.memory = std::move(m_mapping);
        const auto segment = std::make_shared<Segment>(std::move(view), m_folder, makeContent);
        segment->owner().setRecord(std::move(m_recordMapping), m_file->path());
        segment->publisher().enable(m_content.header, std::move(m_writerLock));
        return {segment, std::make_unique<Ownership>(segment, std::move(*m_file), std::move(*m_memory),
                                                     std::move(m_location), std::move(*m_mark))};
    }

private:
    void fillRecord()
    {
        markOf(m_content) = RecordMark;
        RecordHeader &header = m_content.header;
        std::memcpy(header.magic, RecordMagic, sizeof header.magic);
        header.version = FormatVersion;
        header.backend = static_cast<std::uint32_t>(m_backend);
        header.instance = m_geometry.instance;
        header.pid = m_geometry.pid;
        header.descriptor = -1;
        header.segmentSize = m_geometry.segmentSize;
        header.flags = m_geometry.flags;
        header.nameBytes = static_cast<std::uint32_t>(m_name.size());
        std::memcpy(header.name, m_name.data(), m_name.size());
        std::memcpy(header.object, m_location.object.data(), m_location.object.size());
    }

    bool hasNamedMemory() const { return !m_location.object.empty(); }

    Status writeRecord() { return m_file->write(std::as_bytes(std::span(&m_content, 1))); }

    Status fillMemory()
    {
        Result<os::Mapping> mapping = m_memory->map(os::Access::ReadWrite);
        if (!mapping)
            return mapping.error();
        m_mapping = *std::move(mapping);
        writeHeader({m_mapping.data(), static_cast<std::size_t>(m_mapping.size())}, m_geometry, m_layout);
        if (!m_options.content.empty()) {
            Buffers buffers(m_mapping.data(), m_geometry);
            std::memcpy(buffers.begin().data(), m_options.content.data(), m_options.content.size());
            buffers.publish(os::wallClock());
        }
        return m_memory->seal(sharingOf(m_geometry));
    }

    Status makeWriterLock()
    {
        Result<os::WriterLock> lock =
            os::WriterLock::create(reinterpret_cast<Record *>(m_recordMapping.data())->writerLock,
                                   writerLockPath(m_folder.folder(), m_hex));
        if (!lock)
            return lock.error();
        m_writerLock = *std::move(lock);
        return {};
    }

    const RegistryFolder &m_folder;
    const std::string m_name;
    const Layout &m_layout;
    const CreateOptions &m_options;
    Geometry m_geometry;
    os::Backend m_backend;
    std::string m_hex;
    os::MemoryLocation m_location;
    Record m_content{};
    std::optional<os::OwnerMark> m_mark;
    std::optional<os::RecordFile> m_file;
    os::Mapping m_recordMapping;
    std::optional<os::Memory> m_memory;
    os::Mapping m_mapping;
    std::optional<os::WriterLock> m_writerLock;
    bool m_isComplete = false;
};

} // namespace

Result<CreatedSegment> createSegment(const Registry &registry, std::string_view name, const Layout &layout,
                                     const CreateOptions &options)
{
    if (Status status = checkName(name); !status)
        return status.error();
    const Result<Geometry> geometry = plan(layout, options.length, options.bufferCount, options.multipleWriters);
    if (!geometry)
        return geometry.error();
    if (!options.content.empty() && options.content.size() != geometry->payloadSize)
        return Error{ErrorCode::InvalidSize,
                     "\"" + std::string(name) + "\" takes " + layout.amount(geometry->payloadSize) + ", not "
                         + layout.amount(options.content.size()) + "; give the first revision whole"};
    const Result<RegistryFolder> folder = registry.create();
    if (!folder)
        return folder.error();
    const std::span<const os::Backend> usable = os::Memory::backends();
    const bool isAutomatic = options.backend == os::Backend::Automatic && !usable.empty();
    os::Backend backend = isAutomatic ? usable.front() : options.backend;

    std::chrono::milliseconds paused{0};
    for (int tries = 0; tries < CreateTries; ++tries) {
        if (Status free = waitUntilFree(*folder, name, &paused); !free)
            return free.error();
        Creation creation(*folder, name, layout, options, *geometry, backend);
        if (Status made = creation.makeRecord(); !made)
            return made.error();
        if (Status mapped = creation.mapRecord(); !mapped) {
            if (mapped.error().code == ErrorCode::NotFound)
                continue;
            return mapped.error();
        }
        if (Status made = creation.makeMemory(); !made) {
            // A sandbox may have forbidden the backend since it was checked.
            if (isAutomatic && made.error().code == ErrorCode::Unsupported && backend != usable.back()) {
                backend = usable.back();
                continue;
            }
            return made.error();
        }
        if (Status completed = creation.complete(); !completed)
            return completed.error();
        if (Status published = creation.publish(); !published) {
            if (published.error().code == ErrorCode::AlreadyExists || published.error().code == ErrorCode::NotFound)
                continue;
            return published.error();
        }
        return creation.finish();
    }
    return errors::nameContested(name);
}

} // namespace sharedsegment::engine
