// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What the surrounding machine may do: other users, a full /dev/shm, no runtime folder. Each test runs in a child
// process that changes its own view of the system.

#include "../../support/posixchild.h"
#include "../../support/testsupport.h"

#include <SharedSegment/SharedSegment>

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace testsupport;
using namespace childprocess;
using Access = SharedSegment::Access;
using Error = SharedSegment::Error;
using Backend = SharedSegment::Backend;

class tst_Environment : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void registryFolderRules();
    void anotherUserIsShutOut();
    void fullDevShm();
    void unreachableOwner();
};

void tst_Environment::registryFolderRules()
{
    QTemporaryDir runtime;
    const int result = inChild([&] {
        qunsetenv("SHAREDSEGMENT_DIR");
        qputenv("XDG_RUNTIME_DIR", QFile::encodeName(runtime.path()));
        SharedSegment s(uniqueName());
        if (!s.create(SharedLayout::of<int>(), 1))
            return 1;
        struct stat info;
        if (stat(QFile::encodeName(runtime.path() + u"/sharedsegment"_s), &info) != 0 || (info.st_mode & 0777) != 0700)
            return 2;
        return QDir(runtime.path() + u"/sharedsegment"_s).entryList({u"s.*"_s}, QDir::Files).size() == 1 ? 0 : 3;
    });
    QCOMPARE(result, 0);
    if (geteuid() != 0)
        QSKIP("only root can become a user without a runtime folder");
    const int other = inChild([&] {
        qunsetenv("SHAREDSEGMENT_DIR");
        qunsetenv("XDG_RUNTIME_DIR");
        if (becomeNobody() != 0)
            return NotAllowed;
        SharedSegment s(uniqueName());
        if (!s.create(SharedLayout::of<int>(), 1))
            return 1;
        const bool isThere = QDir(u"/dev/shm/sharedsegment-65534"_s).exists();
        s.close();
        rmdir("/dev/shm/sharedsegment-65534");
        return isThere ? 0 : 2;
    });
    QCOMPARE(other, 0);
}

void tst_Environment::anotherUserIsShutOut()
{
    if (geteuid() != 0)
        QSKIP("only root can become another user");
    for (const Backend backend : SharedSegment::backends()) {
        RegistryFolder folder;
        // The path is accessible to all users; the folder itself is private.
        const QString name = uniqueName();
        auto peer = owner(name, backend);
        SharedSegment s(name);
        QVERIFY(s.open());
        const QByteArray record = QFile::encodeName(folder.path() + u"/s."_s + name + u".segment"_s);
        qint64 descriptor = -1;
        QFile file(QFile::decodeName(record));
        QVERIFY(file.open(QIODevice::ReadOnly) && file.seek(40));
        QCOMPARE(file.read(reinterpret_cast<char *>(&descriptor), 8), 8);
        const QByteArray memory = backend == Backend::Posix ? "/dev/shm/ss-" + s.instance().left(22).toLatin1()
                                                            : "/proc/" + QByteArray::number(peer->pid()) + "/fd/"
                                                                  + QByteArray::number(descriptor);
        QTRY_COMPARE_WITH_TIMEOUT(s.listenerCount(), 1, Deadline);
        const QStringList doorbells = folder.files().filter(u".bell"_s);
        QCOMPARE(doorbells.size(), 1);
        const QByteArray doorbell = QFile::encodeName(folder.path() + u'/' + doorbells.first());
        const int result = inChild([&] {
            if (becomeNobody() != 0)
                return NotAllowed;
            // Neither notify nor lock.
            if (::open(doorbell, O_WRONLY | O_NONBLOCK) != -1 || ::open(record, O_RDONLY) != -1)
                return 6;
            SharedSegment other(name);
            other.setBackend(backend);
            if (other.open() || other.error() != Error::PermissionDenied)
                return 1;
            if (other.create(SharedLayout::of<int>(), 1) || other.error() != Error::PermissionDenied)
                return 2;
            if (SharedSegment::exists(name) || !SharedSegment::names().isEmpty())
                return 3;
            if (::access(record, F_OK) == 0)
                return 4;
            if (::open(memory, O_RDONLY) != -1 || ::open(memory, O_RDWR) != -1)
                return 5;
            return 0;
        });
        QCOMPARE(result, 0);
        QVERIFY(SharedSegment::exists(name));
        QCOMPARE(peer->ask("publish 5"), u"published 1"_s);
    }
}

void tst_Environment::fullDevShm()
{
    RegistryFolder folder;
    const int result = inChild([&] {
        if (unshare(CLONE_NEWNS) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
            return NotAllowed;
        if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0
            || mount("tmpfs", "/dev/shm", "tmpfs", 0, "size=4m") != 0)
            return NotAllowed;
        SharedSegment s(u"full"_s);
        s.setBackend(Backend::Posix);
        s.setBufferCount(1);
        if (s.create(SharedLayout::of<char>(), 8 << 20) || s.error() != Error::OutOfMemory)
            return 1;
        if (!s.errorString().contains(u"memfd"_s))
            return 2;
        // Nothing of it is left: a segment that fits is available.
        if (!QDir(u"/dev/shm"_s).isEmpty() || !s.create(SharedLayout::of<char>(), 3 << 20))
            return 3;
        if (!s.publish(QByteArray(3 << 20, 'x'))) // Every page is there: no SIGBUS.
            return 4;
        SharedSegment other(u"full too"_s);
        other.setBackend(Backend::Posix);
        if (other.create(SharedLayout::of<char>(), 2 << 20) || other.error() != Error::OutOfMemory)
            return 5;
        if (!SharedSegment::backends().contains(Backend::Memfd))
            return 0;
        // The default backend is not affected.
        other.setBackend(Backend::Automatic);
        return other.create(SharedLayout::of<char>(), 8 << 20) ? 0 : 6;
    });
    if (result == NotAllowed)
        QSKIP("a mount namespace is not allowed here");
    QCOMPARE(result, 0);
}

void tst_Environment::unreachableOwner()
{
    // An owner that forbids other processes to inspect it: the error names the remedy.
    if (!SharedSegment::backends().contains(Backend::Memfd))
        QSKIP("without memfd no process inspects an owner");
    RegistryFolder folder;
    if (geteuid() != 0)
        QSKIP("only root can make an owner that even its own user may not look into");
    int ready[2];
    int end[2];
    QVERIFY(pipe(ready) == 0 && pipe(end) == 0);
    QCOMPARE(chown(QFile::encodeName(folder.path()), Nobody, Nobody), 0);
    const pid_t child = fork();
    if (child == 0) {
        alarm(60);
        char byte = 'x';
        SharedSegment s(u"hidden"_s);
        if (becomeNobody() == 0 && prctl(PR_SET_DUMPABLE, 0) == 0 && s.create(SharedLayout::of<int>(), 1))
            byte = 'r';
        if (write(ready[1], &byte, 1) == 1 && read(end[0], &byte, 1) == 1)
            s.close();
        _exit(0);
    }
    char byte = 0;
    QVERIFY(read(ready[0], &byte, 1) == 1 && byte == 'r');
    const int result = inChild([&] {
        if (becomeNobody() != 0)
            return NotAllowed;
        SharedSegment s(u"hidden"_s);
        if (s.open() || s.error() != Error::PermissionDenied)
            return 1;
        return s.errorString().contains(u"posix"_s) ? 0 : 2;
    });
    QCOMPARE(write(end[1], "x", 1), 1);
    QCOMPARE(childprocess::waitForChild(child), child);
    for (const int descriptor : {ready[0], ready[1], end[0], end[1]})
        close(descriptor);
    QCOMPARE(result, 0);
}

QTEST_GUILESS_MAIN(tst_Environment)
#include "tst_environment.moc"
