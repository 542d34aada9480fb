// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "creation.h"

#include "../os/atomic.h"
#include "../os/system.h"
#include "instancefiles.h"
#include "kinds.h"
#include "name.h"

#include <cstring>
#include <memory>
#include <span>
#include <utility>

namespace sharedsegment::engine {

namespace {

os::Sharing sharingOf(const Geometry &geometry)
{
    return geometry.hasMultipleWriters() ? os::Sharing::MultipleWriters : os::Sharing::SingleWriter;
}

} // namespace

Creation::Creation(const RegistryFolder &folder, std::string_view name, const Layout &layout,
                   const CreateOptions &options, const Geometry &geometry, os::Backend backend)
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

Creation::~Creation()
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

Status Creation::makeRecord()
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

Status Creation::mapRecord()
{
    Result<os::Mapping> record = m_file->map(RecordSize);
    if (!record)
        return record.error();
    m_recordMapping = *std::move(record);
    return {};
}

Status Creation::makeMemory()
{
    Result<os::Memory> memory = os::Memory::create(m_backend, m_location.object, m_geometry.segmentSize);
    if (!memory)
        return memory.error();
    m_memory = *std::move(memory);
    return {};
}

Status Creation::complete()
{
    if (Status filled = fillMemory(); !filled)
        return filled;
    if (!hasNamedMemory()) {
        m_content.header.descriptor = m_memory->native();
        if (Status written = writeRecord(); !written)
            return written;
    }
    // On Windows, what may change is in memory beside the file.
    os::storeRelaxed(reinterpret_cast<Record *>(m_recordMapping.data())->source, m_content.source);
    return m_options.multipleWriters ? makeWriterLock() : Status();
}

Status Creation::publish()
{
    return m_file->publish(recordFileName(m_name));
}

CreatedSegment Creation::finish()
{
    m_isComplete = true;
    SegmentView view;
    view.name = m_name;
    view.instanceHex = m_hex;
    view.geometry = m_geometry;
    view.layout = std::make_shared<Layout>(m_layout);
    view.metadata = m_options.metadata;
    view.backend = m_backend;
    view.isOwned = true;
    view.isWritable = true;
    view.memory = std::move(m_mapping);
    const auto segment = std::make_shared<Segment>(std::move(view), m_folder, makeContent);
    segment->owner().setRecord(std::move(m_recordMapping), m_file->path());
    segment->owner().setSource(m_options.source);
    segment->publisher().enable(m_content.header, std::move(m_writerLock));
    return {segment, std::make_unique<Ownership>(segment, std::move(*m_file), std::move(*m_memory),
                                                 std::move(m_location), std::move(*m_mark))};
}

void Creation::fillRecord()
{
    markOf(m_content) = RecordMark;
    m_content.source = static_cast<std::uint32_t>(m_options.source);
    RecordHeader &header = m_content.header;
    std::memcpy(header.magic, RecordMagic, sizeof header.magic);
    header.version = FormatVersion;
    header.backend = static_cast<std::uint32_t>(m_backend);
    header.instance = m_geometry.instance;
    header.pid = m_geometry.pid;
    header.descriptor = -1;
    header.segmentSize = m_geometry.segmentSize;
    header.requiredFeatures = m_geometry.requiredFeatures;
    header.kind = static_cast<std::uint32_t>(m_geometry.kind);
    header.nameBytes = static_cast<std::uint32_t>(m_name.size());
    std::memcpy(header.name, m_name.data(), m_name.size());
    std::memcpy(header.object, m_location.object.data(), m_location.object.size());
}

Status Creation::fillMemory()
{
    Result<os::Mapping> mapping = m_memory->map(os::Access::ReadWrite);
    if (!mapping)
        return mapping.error();
    m_mapping = *std::move(mapping);
    writeHeader({m_mapping.data(), static_cast<std::size_t>(m_mapping.size())}, m_geometry, m_layout,
                m_options.metadata);
    if (m_options.content.size() != 0 || m_options.revision.number != 0)
        startContent(m_mapping.data(), m_geometry, m_options.content, firstRevision());
    return m_memory->seal(sharingOf(m_geometry));
}

RevisionInfo Creation::firstRevision() const
{
    const std::uint64_t count = m_options.content.size() / m_layout.elementSize();
    RevisionInfo first = m_options.revision;
    if (first.number == 0)
        first = {m_geometry.kind == Kind::Stream ? count : 1, os::wallClock(), 0};
    // A fixed revision has all elements, also where an older segment with fewer is recreated.
    first.count = m_geometry.kind == Kind::FixedArray ? m_geometry.capacity : count;
    return first;
}

Status Creation::makeWriterLock()
{
    Result<os::WriterLock> lock = os::WriterLock::create(reinterpret_cast<Record *>(m_recordMapping.data())->writerLock,
                                                         writerLockPath(m_folder.folder(), m_hex));
    if (!lock)
        return lock.error();
    m_writerLock = *std::move(lock);
    return {};
}

Status Creation::writeRecord()
{
    return m_file->write(std::as_bytes(std::span(&m_content, 1)));
}

} // namespace sharedsegment::engine
