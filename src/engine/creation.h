// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "createoptions.h"
#include "format.h"
#include "geometry.h"
#include "layout.h"
#include "registryfolder.h"

#include "../os/mapping.h"
#include "../os/memory.h"
#include "../os/ownermark.h"
#include "../os/recordfile.h"
#include "../os/writerlock.h"

#include <optional>
#include <string>
#include <string_view>

namespace sharedsegment::engine {

/// Attempts to create a segment while sweepers remove its record before it is locked, or other processes take the name.
inline constexpr int CreateTries = 64;

/// One attempt to create a segment: makes its objects one after the other, and removes them again unless it succeeds.
/// For createSegment() and recreateSegment().
class Creation
{
public:
    /// The arguments must outlive this object.
    Creation(const RegistryFolder &folder, std::string_view name, const Layout &layout, const CreateOptions &options,
             const Geometry &geometry, os::Backend backend);
    Creation(const Creation &) = delete;
    Creation &operator=(const Creation &) = delete;
    ~Creation();

    /// Makes the owner's mark and the record.
    Status makeRecord();
    /// Maps the record. @returns NotFound when another process swept it before it was locked.
    Status mapRecord();
    /// Makes the memory. @returns Unsupported when the system denies the backend.
    Status makeMemory();
    /// Fills the memory, completes the record, and makes the writers' lock.
    Status complete();

    /// Gives the segment its name. @returns AlreadyExists when another process took it meanwhile, or NotFound.
    Status publish();
    /// Gives the segment the name of the record `old` of this owner. See os::RecordFile::replace().
    Status replace(os::RecordFile &old) { return m_file->replace(old); }

    /// Hands everything over. Call it last.
    CreatedSegment finish();

private:
    bool hasNamedMemory() const { return !m_location.object.empty(); }
    void fillRecord();
    Status writeRecord();
    Status fillMemory();
    RevisionInfo firstRevision() const;
    Status makeWriterLock();

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

} // namespace sharedsegment::engine
