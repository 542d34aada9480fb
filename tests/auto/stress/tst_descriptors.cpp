// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What a segment's descriptors allow and what they refuse: the seals of a memfd, and what a forked child has of them.

#include "../../peer/pattern.h"
#include "../../support/posixchild.h"
#include "../../support/testsupport.h"

#include "engine/buffers.h"
#include "engine/opensegment.h"
#include "engine/registry.h"
#include "engine/registryfolder.h"
#include "engine/segment.h"
#include "engine/writetransaction.h"
#include "os/folder.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace testsupport;
using Access = SharedSegment::Access;
using Backend = SharedSegment::Backend;
using sharedsegment::engine::FoundRecord;
using sharedsegment::engine::Registry;

namespace {

constexpr int Words = 512;

QByteArray content(quint64 key)
{
    QByteArray bytes(Words * 8, '\0');
    pattern::fill(std::as_writable_bytes(std::span(bytes.data(), std::size_t(bytes.size()))), key);
    return bytes;
}

/// A descriptor that is closed at the end.
class Descriptor
{
public:
    explicit Descriptor(int number)
        : m_number(number)
    {
    }
    ~Descriptor()
    {
        if (m_number != -1)
            ::close(m_number);
    }
    Q_DISABLE_COPY_MOVE(Descriptor)
    operator int() const { return m_number; }

private:
    int m_number;
};

QByteArray pathOfMemory(const QString &name)
{
    const sharedsegment::Result<FoundRecord> found = Registry::ofEnvironment().open()->find(name.toStdString());
    return found ? "/proc/" + QByteArray::number(quint64(found->header.pid)) + "/fd/"
                       + QByteArray::number(qint64(found->header.descriptor))
                 : QByteArray();
}

} // namespace

class tst_Descriptors : public QObject
{
    Q_OBJECT

private:
    RegistryFolder m_folder;

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void cleanup() { QCOMPARE(SharedSegment::names(), QStringList()); }

    void sealsOfOneWriter();
    void sealsOfMultipleWriters();
    void forkedChildWritesToNoStrangeDescriptor();
};

void tst_Descriptors::sealsOfOneWriter()
{
    if (backend() != Backend::Memfd)
        return; // Only memfds have seals.
    const QString name = uniqueName();
    auto peer = owner(name, backend(), Words);
    QCOMPARE(peer->ask("publish 9"), u"published 1"_s);
    const QByteArray path = pathOfMemory(name);
    QVERIFY(!path.isEmpty());
    const Descriptor readOnly(::open(path, O_RDONLY | O_CLOEXEC));
    QVERIFY(readOnly != -1);
    struct stat info;
    QCOMPARE(::fstat(readOnly, &info), 0);
    const auto size = static_cast<std::size_t>(info.st_size);

    // The same user may open it for writing, directly or again from a read-only opening: the kernel refuses each use.
    const QByteArray again = "/proc/self/fd/" + QByteArray::number(int(readOnly));
    for (const QByteArray &place : {path, again}) {
        const Descriptor writable(::open(place, O_RDWR | O_CLOEXEC));
        if (writable == -1)
            continue;
        QCOMPARE(::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, writable, 0), MAP_FAILED);
        QCOMPARE(errno, EPERM);
        QCOMPARE(::mmap(nullptr, size, PROT_WRITE, MAP_SHARED, writable, 0), MAP_FAILED);
        QCOMPARE(errno, EPERM);
        void *const view = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, writable, 0);
        QVERIFY(view != MAP_FAILED);
        QCOMPARE(::mprotect(view, size, PROT_READ | PROT_WRITE), -1);
        QCOMPARE(errno, EACCES);
        ::munmap(view, size);
        QCOMPARE(::write(writable, "x", 1), ssize_t(-1));
        QCOMPARE(errno, EPERM);
        QCOMPARE(::pwrite(writable, "x", 1, 4096), ssize_t(-1));
        QCOMPARE(errno, EPERM);
        QCOMPARE(::ftruncate(writable, 0), -1);
        QCOMPARE(errno, EPERM);
        QCOMPARE(::ftruncate(writable, info.st_size + 4096), -1);
        QCOMPARE(errno, EPERM);
        QCOMPARE(::fallocate(writable, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096), -1);
        QCOMPARE(errno, EPERM);
        QCOMPARE(::fallocate(writable, 0, 0, info.st_size + 4096), -1);
        QCOMPARE(errno, EPERM);
        QCOMPARE(::fcntl(writable, F_ADD_SEALS, F_SEAL_WRITE), -1);
        QCOMPARE(errno, EPERM);
    }
    QCOMPARE(::open(path, O_RDWR | O_TRUNC | O_CLOEXEC), -1);
    QCOMPARE(errno, EPERM);
    QCOMPARE(::truncate(path, 0), -1);
    QCOMPARE(errno, EPERM);
    // A reader's mapping cannot be made writable either.
    SharedSegment s(name);
    QVERIFY(s.open());
    QCOMPARE(s.snapshot(), content(9));
    QCOMPARE(peer->ask("publish 10"), u"published 2"_s);
}

void tst_Descriptors::sealsOfMultipleWriters()
{
    if (backend() != Backend::Memfd)
        return; // Only memfds have seals.
    const QString name = uniqueName();
    auto peer = owner(name, backend(), Words, 0, true);
    const Descriptor writable(::open(pathOfMemory(name), O_RDWR | O_CLOEXEC));
    QVERIFY(writable != -1);
    struct stat info;
    QCOMPARE(::fstat(writable, &info), 0);
    // Writing is its purpose; no process can change its size.
    QCOMPARE(::ftruncate(writable, 0), -1);
    QCOMPARE(errno, EPERM);
    QCOMPARE(::ftruncate(writable, info.st_size + 4096), -1);
    QCOMPARE(errno, EPERM);
    QCOMPARE(::fcntl(writable, F_ADD_SEALS, F_SEAL_WRITE), -1);
    QCOMPARE(errno, EPERM);
}

void tst_Descriptors::forkedChildWritesToNoStrangeDescriptor()
{
    const QString name = uniqueName();
    auto peer = owner(name, backend(), Words, 0, true);
    auto opened = sharedsegment::engine::openSegment(sharedsegment::engine::Registry::ofEnvironment(),
                                                     name.toStdString(), sharedsegment::os::Access::ReadWrite);
    QVERIFY(bool(opened));
    sharedsegment::engine::Segment &segment = **opened;
    auto listener = segment.listen();
    QVERIFY(bool(listener));
    const QByteArray bytes = content(1);
    const auto publishBy = [&](sharedsegment::engine::Segment &writer) {
        return bool(sharedsegment::engine::publish(
            writer, std::as_bytes(std::span(bytes.constData(), std::size_t(bytes.size()))), std::chrono::seconds(1)));
    };
    const auto publish = [&] { return publishBy(segment); };
    // From now on the doorbell is open for notifications.
    QVERIFY(listener->arm());
    QVERIFY(publish());
    listener->drain();
    QVERIFY(listener->arm());

    const pid_t child = ::fork();
    QVERIFY(child != -1);
    if (child == 0) {
        // Files get the numbers of the descriptors that the library closed here, whichever end has which.
        int pairs[16][2];
        for (auto &pair : pairs) {
            if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) == -1)
                ::_exit(3);
        }
        // Not through its parent's openings; through its own openings, which may take any free number.
        if (publish())
            ::_exit(4);
        auto own = sharedsegment::engine::openSegment(sharedsegment::engine::Registry::ofEnvironment(),
                                                      name.toStdString(), sharedsegment::os::Access::ReadWrite);
        if (!own || !publishBy(**own))
            ::_exit(6);
        for (const auto &pair : pairs) {
            char byte = 0;
            if (::read(pair[0], &byte, 1) != -1 || ::read(pair[1], &byte, 1) != -1)
                ::_exit(5);
        }
        ::_exit(0);
    }
    int status = 0;
    QCOMPARE(childprocess::waitForChild(child, &status), child);
    QVERIFY(WIFEXITED(status));
    QCOMPARE(WEXITSTATUS(status), 0);
    QCOMPARE(sharedsegment::engine::Buffers(segment.view().memory.data(), segment.geometry()).revision(), 2u);
}

QTEST_GUILESS_MAIN(tst_Descriptors)
#include "tst_descriptors.moc"
