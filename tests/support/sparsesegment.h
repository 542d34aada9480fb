// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "engine/buffers.h"
#include "engine/geometry.h"
#include "engine/instancefiles.h"
#include "engine/name.h"
#include "engine/registry.h"
#include "engine/registryfolder.h"
#include "os/folder.h"
#include "os/ownermark.h"
#include "os/recordfile.h"
#include "os/system.h"
#include "os/writerlock.h"
#include "posixchild.h"

#include <QtCore/QString>

#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <span>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/// A process that owns a segment far larger than the machine, of sealed memory without a page. A stream has `length`
/// elements appended. The library itself refuses to make such a segment.
class SparseSegment
{
public:
    SparseSegment(const QString &name, const QString &layout, quint64 length, bool hasMultipleWriters = false,
                  sharedsegment::engine::Kind kind = sharedsegment::engine::Kind::FixedArray)
    {
        int toChild[2];
        int toParent[2];
        if (::pipe(toChild) != 0 || ::pipe(toParent) != 0)
            return;
        m_child = ::fork();
        if (m_child == 0) {
            ::alarm(60);
            ::close(toChild[1]);
            ::_exit(own(name.toStdString(), layout.toStdString(),
                        {.kind = kind, .capacity = length, .bufferCount = 1, .multipleWriters = hasMultipleWriters},
                        toChild[0], toParent[1]));
        }
        ::close(toChild[0]);
        ::close(toParent[1]);
        m_toChild = toChild[1];
        m_fromChild = toParent[0];
        m_isReady = answer();
    }
    ~SparseSegment()
    {
        ::close(m_toChild);
        ::close(m_fromChild);
        if (m_child > 0) {
            ::kill(m_child, SIGKILL);
            childprocess::waitForChild(m_child);
        }
    }
    Q_DISABLE_COPY_MOVE(SparseSegment)

    bool isReady() const { return m_isReady; }
    /// Publishes another revision of zeros, in an array.
    bool publish() const { return ::write(m_toChild, "p", 1) == 1 && answer(); }

private:
    bool answer() const
    {
        char byte = 'n';
        return ::read(m_fromChild, &byte, 1) == 1 && byte == 'y';
    }

    static int own(const std::string &name, const std::string &layoutText, const sharedsegment::engine::Plan &options,
                   int in, int out)
    {
        using namespace sharedsegment;
        using namespace sharedsegment::engine;
        const auto layout = Layout::parse(layoutText);
        if (!layout)
            return 1;
        auto geometry = plan(*layout, options);
        if (!geometry)
            return 2;
        geometry->pid = os::processId();
        geometry->instance = os::randomId();
        const std::string hex = toHex(geometry->instance);
        const int memory = ::memfd_create("sparse", MFD_CLOEXEC | MFD_ALLOW_SEALING);
        if (memory == -1 || ::ftruncate(memory, static_cast<off_t>(geometry->segmentSize)) != 0)
            return 3;
        const std::size_t mapped = geometry->payloadOffset;
        void *const bytes = ::mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
        if (bytes == MAP_FAILED)
            return 4;
        writeHeader({static_cast<std::byte *>(bytes), mapped}, *geometry, *layout, {});
        if (options.kind == Kind::Stream) {
            static_cast<MemoryHeader *>(bytes)->revision = options.capacity;
            static_cast<MemoryHeader *>(bytes)->reservedPosition = options.capacity;
        }
        constexpr int FutureWrite = 0x0010; // F_SEAL_FUTURE_WRITE
        if (::fcntl(memory, F_ADD_SEALS,
                    F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL | (options.multipleWriters ? 0 : FutureWrite))
            != 0)
            return 5;
        const auto folder = os::Folder::create(os::FolderLocation::ofEnvironment());
        if (!folder)
            return 6;
        auto mark = os::OwnerMark::create(ownerMarkPath(*folder, hex));
        auto file = os::RecordFile::create(*folder, hex);
        if (!mark || !file)
            return 7;
        Record record{};
        std::memcpy(record.header.magic, RecordMagic, sizeof record.header.magic);
        record.header.version = FormatVersion;
        record.header.backend = static_cast<std::uint32_t>(os::Backend::Memfd);
        record.header.instance = geometry->instance;
        record.header.pid = geometry->pid;
        record.header.descriptor = memory;
        record.header.segmentSize = geometry->segmentSize;
        record.header.requiredFeatures = geometry->requiredFeatures;
        record.header.kind = static_cast<std::uint32_t>(geometry->kind);
        record.header.nameBytes = static_cast<std::uint32_t>(name.size());
        std::memcpy(record.header.name, name.data(), name.size());
        markOf(record) = RecordMark;
        const auto mapping = file->map(RecordSize);
        if (!mapping || !file->write(std::as_bytes(std::span(&record, 1))))
            return 8;
        if (options.multipleWriters
            && !os::WriterLock::create(reinterpret_cast<Record *>(mapping->data())->writerLock,
                                       writerLockPath(*folder, hex)))
            return 9;
        if (!file->publish(recordFileName(name)))
            return 10;
        Buffers buffers(static_cast<std::byte *>(bytes), *geometry);
        for (char byte = 'y'; ::write(out, "y", 1) == 1 && ::read(in, &byte, 1) == 1;) {
            static_cast<void>(buffers.begin());
            buffers.publish({os::wallClock()}, geometry->capacity);
        }
        return 0;
    }

    pid_t m_child = -1;
    int m_toChild = -1;
    int m_fromChild = -1;
    bool m_isReady = false;
};
