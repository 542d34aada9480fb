// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What limits a process: descriptors, sizes of files, its umask, system calls that are denied, memory.

#include "../../support/backendtest.h"
#include "../../support/posixchild.h"

#include "engine/opensegment.h"
#include "engine/registry.h"

#include <SharedSegment/SharedSegment>

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QScopeGuard>

#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <initializer_list>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace testsupport;
using Error = SharedSegment::Error;
using Backend = SharedSegment::Backend;

class tst_Limits : public BackendTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void cleanup() { checkNothingIsLeft(); }

    void noDescriptorIsAnError();
    void fileSizeLimit_data();
    void fileSizeLimit();
    void strangeUmask_data();
    void strangeUmask();
    void refusedCalls_data();
    void refusedCalls();
    void limitOfAControlGroup();
};

void tst_Limits::noDescriptorIsAnError()
{
    const QString name = uniqueName("unseen");
    auto peer = owner(name, backend());
    rlimit before;
    QCOMPARE(getrlimit(RLIMIT_NOFILE, &before), 0);
    const int result = childprocess::inChild([&] {
        rlimit low = before;
        low.rlim_cur = 64;
        if (setrlimit(RLIMIT_NOFILE, &low) != 0)
            return 1;
        while (dup(STDERR_FILENO) != -1) { }
        if (const auto names = sharedsegment::engine::Registry::ofEnvironment().names();
            names || names.error().code != sharedsegment::ErrorCode::SystemError)
            return 2;
        if (const auto exists = sharedsegment::engine::Registry::ofEnvironment().exists(name.toStdString());
            exists || exists.error().code != sharedsegment::ErrorCode::SystemError)
            return 3;
        return 0;
    });
    QCOMPARE(result, 0);
    QCOMPARE(SharedSegment::names(), QStringList{name});
}

void tst_Limits::fileSizeLimit_data()
{
    QTest::addColumn<int>("limit");
    QTest::addColumn<int>("length");
    QTest::newRow("nothing") << 0 << 8;
    QTest::newRow("half a record") << 4096 << 8;
    QTest::newRow("a record") << 8192 << 2000;
    QTest::newRow("less than the memory") << (1 << 20) << (1 << 17);
}

void tst_Limits::fileSizeLimit()
{
    QFETCH(int, limit);
    QFETCH(int, length);
    const auto wanted = backend();
    const int result = childprocess::inChild([&] {
        rlimit low;
        if (getrlimit(RLIMIT_FSIZE, &low) != 0)
            return 1;
        const rlim_t before = low.rlim_cur;
        low.rlim_cur = rlim_t(limit);
        if (setrlimit(RLIMIT_FSIZE, &low) != 0)
            return 2;
        SharedSegment s(u"limited"_s);
        s.setBackend(wanted);
        s.setMultipleWriters(true);
        if (s.create(SharedLayout::of<quint64>(), length) || s.error() != Error::OutOfMemory
            || !s.errorString().contains(u"ulimit -f"_s))
            return 3;
        if (!m_folder.files().isEmpty())
            return 4;
        low.rlim_cur = before;
        if (setrlimit(RLIMIT_FSIZE, &low) != 0 || !s.create(SharedLayout::of<quint64>(), length))
            return 5;
        s.close();
        return 0;
    });
    QCOMPARE(result, 0);
}

void tst_Limits::strangeUmask_data()
{
    QTest::addColumn<int>("mask");
    for (const int mask : {0777, 0277, 0700, 0200, 0077, 0})
        QTest::newRow(qPrintable(QString::number(mask, 8))) << mask;
}

void tst_Limits::strangeUmask()
{
    QFETCH(int, mask);
    const auto wanted = backend();
    QTemporaryDir place;
    const QByteArray path = QFile::encodeName(place.path());
    QCOMPARE(chmod(path, 0755), 0);
    if (geteuid() == 0)
        QCOMPARE(chown(path, childprocess::Nobody, childprocess::Nobody), 0);
    const int result = childprocess::inChild([&] {
        // Modes mean nothing to root. Other processes cannot inspect a process that changed its user, which the backend
        // memfd needs.
        if (geteuid() == 0 && (childprocess::becomeNobody() != 0 || prctl(PR_SET_DUMPABLE, 1) != 0))
            return 1;
        qputenv("SHAREDSEGMENT_DIR", path + "/registry");
        umask(mode_t(mask));
        SharedSegment s(u"masked"_s);
        s.setBackend(wanted);
        s.setMultipleWriters(true);
        if (!s.create(SharedLayout::of<quint64>(), 8))
            return 2;
        if (umask(0) != mode_t(mask))
            return 3;
        umask(mode_t(mask));
        struct stat info;
        if (stat(path + "/registry", &info) != 0 || (info.st_mode & 07777) != 0700)
            return 4;
        const int other = childprocess::inChild([&] {
            auto segment = sharedsegment::engine::openSegment(sharedsegment::engine::Registry::ofEnvironment(),
                                                              "masked", sharedsegment::os::Access::ReadWrite);
            if (!segment)
                return 1;
            auto listener = (*segment)->listen();
            if (!listener || !listener->arm())
                return 2;
            const QDir folder(QFile::decodeName(path + "/registry"));
            for (const QString &file :
                 folder.entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot)) {
                struct stat made;
                if (stat(QFile::encodeName(folder.filePath(file)), &made) != 0 || (made.st_mode & 07777) != 0600)
                    return 3;
            }
            return 0;
        });
        return other == 0 ? 0 : 10 + other;
    });
    QCOMPARE(result, 0);
}

namespace {

/// From here on these system calls fail with `error` in this process.
bool deny(int error, std::initializer_list<long> calls)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return false;
    for (const long call : calls) {
        sock_filter filter[] = {
            BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(call), 0, 1),
            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<unsigned>(error)),
            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        };
        sock_fprog program = {4, filter};
        if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
            return false;
    }
    return true;
}

} // namespace

void tst_Limits::refusedCalls_data()
{
    QTest::addColumn<int>("error");
    QTest::newRow("unknown") << ENOSYS;
    QTest::newRow("forbidden") << EPERM;
}

void tst_Limits::refusedCalls()
{
    QFETCH(int, error);
    if (!SharedSegment::backends().contains(Backend::Memfd))
        QSKIP("nothing to do without");
    const QString name = uniqueName("refused");
    // Before the first check of the backends, and after it.
    for (const bool isLate : {false, true}) {
        const int result = childprocess::inChild([&] {
            if (isLate && !SharedSegment(name).create(SharedLayout::of<int>(), 1))
                return 1;
            if (!deny(error, {SYS_memfd_create, SYS_renameat2, SYS_pidfd_open, SYS_fallocate, SYS_statx}))
                return childprocess::NotAllowed;
            SharedSegment memfd(name);
            memfd.setBackend(Backend::Memfd);
            if (memfd.create(SharedLayout::of<int>(), 1) || memfd.error() != Error::Unsupported
                || !memfd.errorString().contains(u"posix"_s) || !m_folder.files().isEmpty())
                return 2;
            SharedSegment s(name);
            if (!s.create(SharedLayout::of<quint64>(), 100'000) || s.backend() != Backend::Posix)
                return 3;
            if (!s.publish(QByteArray(800'000, 'x')) || !SharedSegment::exists(name))
                return 4;
            SharedSegment second(name);
            if (second.create(SharedLayout::of<int>(), 1) || second.error() != Error::AlreadyExists)
                return 5;
            s.close();
            return m_folder.files().isEmpty() ? 0 : 6;
        });
        if (result == childprocess::NotAllowed)
            QSKIP("no filters of system calls here");
        QCOMPARE(result, 0);
    }
    // A program that never had the calls.
    QProcess peer;
    peer.setChildProcessModifier([error] { deny(error, {SYS_memfd_create}); });
    peer.start(testPath("PEER"), {u"own"_s, name, u"u64"_s, u"8"_s, u"automatic"_s, u"0"_s, u"one"_s});
    QVERIFY(peer.waitForReadyRead(Deadline));
    QCOMPARE(peer.readLine().trimmed(), QByteArray("ready"));
    SharedSegment s(name);
    QVERIFY2(s.open(), qPrintable(s.errorString()));
    QCOMPARE(s.backend(), Backend::Posix);
    peer.closeWriteChannel();
    QVERIFY(peer.waitForFinished(Deadline));
}

void tst_Limits::limitOfAControlGroup()
{
    // A control group of its own for the peer, of the version in which this machine has the memory controller.
    QFile groups(u"/proc/self/cgroup"_s);
    QVERIFY(groups.open(QIODevice::ReadOnly));
    QString parent;
    QString limit = u"memory.max"_s;
    for (const QByteArray &line : groups.readAll().split('\n')) {
        const QList<QByteArray> parts = line.split(':');
        if (parts.size() < 3)
            continue;
        if (parts.at(1).split(',').contains("memory")) {
            parent = u"/sys/fs/cgroup/memory"_s + QString::fromUtf8(parts.at(2));
            limit = u"memory.limit_in_bytes"_s;
            break;
        }
        if (parts.at(0) == "0")
            parent = u"/sys/fs/cgroup"_s + QString::fromUtf8(parts.at(2));
    }
    const QString group = parent + u"/tst_bounds-%1"_s.arg(QCoreApplication::applicationPid());
    if (parent.isEmpty() || !QDir().mkdir(group))
        QSKIP("no control group can be made here");
    const auto remove = qScopeGuard([&group] { rmdir(QFile::encodeName(group)); });
    QFile limitFile(group + u'/' + limit);
    if (!limitFile.exists() || !limitFile.open(QIODevice::WriteOnly | QIODevice::Unbuffered)
        || limitFile.write("67108864") < 0)
        QSKIP("no limit of memory can be set here");
    const QByteArray members = QFile::encodeName(group + u"/cgroup.procs"_s);
    const QString name = uniqueName("group");
    for (const bool isSmall : {false, true}) {
        QProcess peer;
        peer.setChildProcessModifier([members] {
            const int file = ::open(members, O_WRONLY);
            [[maybe_unused]] const ssize_t count = write(file, "0", 1);
            ::close(file);
        });
        // In u64: 256 MiB, four times what the group may have, and 8 MiB.
        peer.start(testPath("PEER"), {u"own"_s, name, u"u64"_s, isSmall ? u"1048576"_s : u"33554432"_s,
                                      nameOf(backend()), u"1"_s, u"one"_s});
        QVERIFY(peer.waitForReadyRead(Deadline));
        const QByteArray answer = peer.readLine().trimmed();
        peer.closeWriteChannel();
        QVERIFY(peer.waitForFinished(Deadline));
        if (isSmall)
            QCOMPARE(answer, QByteArray("ready"));
        else
            QVERIFY2(answer.startsWith("error OutOfMemory"), answer.constData());
    }
}

QTEST_GUILESS_MAIN(tst_Limits)
#include "tst_limits.moc"
