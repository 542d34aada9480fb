// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What other processes of the user may do to the registry, stopped in the middle of something or not: calls stay
// bounded, and names can be listed and taken again.

#include "childprocess.h"
#include "testsupport.h"

#include "engine/opensegment.h"
#include "engine/registry.h"
#include "engine/segment.h"
#include "os/recordfile.h"
#include "os/recordlock.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedSegment>

#include <QtCore/QDir>
#include <QtCore/QElapsedTimer>
#include <QtCore/QFile>
#include <QtCore/QScopeGuard>
#include <QtCore/QTemporaryFile>
#include <QtTest/QSignalSpy>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <initializer_list>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <optional>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace Qt::StringLiterals;
using namespace testsupport;
using State = SharedSegment::State;
using Error = SharedSegment::Error;
using Backend = SharedSegment::Backend;
using sharedsegment::engine::Segment;
using sharedsegment::os::RecordFile;

class tst_Bounds : public QObject
{
    Q_OBJECT

private:
    RegistryFolder m_folder;

    QString recordOf(const QString &name) const { return m_folder.path() + u"/s."_s + name + u".segment"_s; }
    static bool create(SharedSegment &segment)
    {
        segment.setBackend(backend());
        return segment.create(SharedLayout::of<quint64>(), 8);
    }

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void cleanup()
    {
        QCOMPARE(SharedSegment::names(), QStringList());
        QCOMPARE(m_folder.files(), QStringList());
    }

    void stoppedSweeper();
    void busyMachine();
    void secondLinkAndCopy();
    void swappedRecords();
    void otherThingInPlaceOfARecord_data();
    void otherThingInPlaceOfARecord();
    void overwrittenRecord();
    void movedRecord();
    void copyOfADeadRecord();
    void noDescriptorIsAnError();
    void nameThatBeginsWithAMark();
    void lostDoorbell_data();
    void lostDoorbell();
    void publisherWithoutDescriptors_data();
    void publisherWithoutDescriptors();
    void fileSizeLimit_data();
    void fileSizeLimit();
    void strangeUmask_data();
    void strangeUmask();
    void refusedCalls_data();
    void refusedCalls();
    void cutRecord_data();
    void cutRecord();
    void cutRecordOfMultipleWriters();
    void recordCutAllTheTime();
    void otherFaultsAreTheProgramsOwn();
    void limitOfAControlGroup();
};

void tst_Bounds::stoppedSweeper()
{
    const QString name = uniqueName("stopped");
    auto peer = owner(name, backend());
    peer->kill();
    QVERIFY(QFile::exists(recordOf(name)));
    int ready[2];
    QCOMPARE(pipe(ready), 0);
    const pid_t sweeper = fork();
    if (sweeper == 0) {
        const auto folder = sharedsegment::os::Folder::open(sharedsegment::os::FolderLocation::ofEnvironment());
        auto file = folder ? RecordFile::open(*folder, "s." + name.toStdString() + ".segment") : folder.error();
        const bool isLocked = file && file->lockForSweep(std::chrono::milliseconds(0));
        [[maybe_unused]] const ssize_t count = write(ready[1], isLocked ? "y" : "n", 1);
        raise(SIGSTOP);
        _exit(0);
    }
    ::close(ready[1]);
    char answer = 'n';
    QCOMPARE(read(ready[0], &answer, 1), 1);
    ::close(ready[0]);
    const auto end = qScopeGuard([sweeper] {
        kill(sweeper, SIGKILL);
        childprocess::waitForChild(sweeper);
    });
    QCOMPARE(answer, 'y');
    int status = 0;
    QCOMPARE(childprocess::waitForChild(sweeper, &status, WUNTRACED), sweeper);
    QVERIFY(WIFSTOPPED(status));

    // Well below the former wait for a sweeper, and far above what a busy machine takes for the 50 ms.
    constexpr qint64 Bounded = 1000;
    SharedSegment s(name);
    QElapsedTimer timer;
    timer.start();
    QVERIFY(!SharedSegment::exists(name));
    QCOMPARE(SharedSegment::names(), QStringList());
    QVERIFY(!s.open());
    QCOMPARE(s.error(), Error::NotFound);
    QVERIFY2(timer.elapsed() < Bounded, qPrintable(QString::number(timer.elapsed())));
    timer.restart();
    QVERIFY(!create(s));
    QVERIFY2(timer.elapsed() < Bounded, qPrintable(QString::number(timer.elapsed())));
    QCOMPARE(s.error(), Error::Busy);
    QVERIFY2(s.errorString().contains(u"stopped"_s) && s.errorString().contains(m_folder.path()),
             qPrintable(s.errorString()));
    // The process that holds the lock, where the system shows its locks.
    const bool isShown = QFile::exists(u"/proc/self/fdinfo"_s);
    QVERIFY2(!isShown || s.errorString().contains(u", process %1, holds"_s.arg(sweeper)), qPrintable(s.errorString()));
    kill(sweeper, SIGKILL);
    QCOMPARE(childprocess::waitForChild(sweeper, &status), sweeper);
    QVERIFY(create(s));
}

void tst_Bounds::busyMachine()
{
    // A lock that is free at the tenth attempt: a waiter makes ten within 50 ms when it gets a processor once in 10 ms.
    using namespace std::chrono_literals;
    int tries = 0;
    const auto lockAtTheTenth = [&tries]() -> std::optional<sharedsegment::Status> {
        std::this_thread::sleep_for(10ms);
        return ++tries == 10 ? std::optional(sharedsegment::Status()) : std::nullopt;
    };
    const auto noHolder = [] { return std::uint64_t(0); };
    QVERIFY(sharedsegment::os::lockWithin(50ms, "lock", lockAtTheTenth, noHolder));
    QCOMPARE(tries, 10);
    // No call waits for ever, and a call that does not wait tries once.
    tries = 100;
    QElapsedTimer timer;
    timer.start();
    QVERIFY(!sharedsegment::os::lockWithin(50ms, "lock", lockAtTheTenth, noHolder));
    QVERIFY2(tries <= 100 + 20, qPrintable(QString::number(tries)));
    QVERIFY(timer.elapsed() >= 50);
    tries = 100;
    QVERIFY(!sharedsegment::os::lockWithin(0ms, "lock", lockAtTheTenth, noHolder));
    QCOMPARE(tries, 101);
}

void tst_Bounds::secondLinkAndCopy()
{
    const QString name = uniqueName("original");
    const QString other = uniqueName("other");
    const QString third = uniqueName("third");
    auto peer = owner(name, backend());
    QCOMPARE(::link(QFile::encodeName(recordOf(name)), QFile::encodeName(recordOf(other))), 0);
    QVERIFY(QFile::copy(recordOf(name), recordOf(third)));
    QCOMPARE(SharedSegment::names(), QStringList{name});
    QCOMPARE(::link(QFile::encodeName(recordOf(name)), QFile::encodeName(recordOf(other))), 0);
    QVERIFY(QFile::copy(recordOf(name), recordOf(third)));
    QVERIFY(!SharedSegment::exists(other));
    QVERIFY(!SharedSegment::exists(third));
    for (const QString &taken : {other, third}) {
        SharedSegment s(taken);
        QVERIFY2(create(s), qPrintable(s.errorString()));
        QVERIFY(SharedSegment::exists(taken));
    }
    // The segment still works.
    SharedSegment reader(name);
    QVERIFY(reader.open());
    QCOMPARE(peer->ask("publish 5"), u"published 1"_s);
    QVERIFY(peer->finish());
    QVERIFY(!SharedSegment::exists(name));
}

void tst_Bounds::swappedRecords()
{
    const QString first = uniqueName("first");
    const QString second = uniqueName("second");
    for (const bool byList : {true, false}) {
        auto one = owner(first, backend());
        auto two = owner(second, backend());
        const QString aside = m_folder.path() + u"/aside"_s;
        QVERIFY(QFile::rename(recordOf(first), aside) && QFile::rename(recordOf(second), recordOf(first))
                && QFile::rename(aside, recordOf(second)));
        if (byList) {
            QCOMPARE(SharedSegment::names(), (QStringList{first, second}));
        } else {
            SharedSegment s(first);
            QVERIFY(!create(s));
            QCOMPARE(s.error(), Error::AlreadyExists);
        }
        for (const auto &[name, pid] : {std::pair(first, one->pid()), std::pair(second, two->pid())}) {
            SharedSegment s(name);
            QVERIFY2(s.open(), qPrintable(s.errorString()));
            QCOMPARE(s.ownerPid(), pid);
        }
        one->kill();
        two->kill();
        SharedSegment s(first);
        QVERIFY(create(s));
    }
}

void tst_Bounds::otherThingInPlaceOfARecord_data()
{
    using Make = bool (*)(const QString &path);
    QTest::addColumn<Make>("make");
    QTest::addColumn<bool>("isSwept");
    const auto row = [](const char *name, Make make, bool isSwept) { QTest::newRow(name) << make << isSwept; };
    row(
        "link to itself", [](const QString &path) { return QFile::link(path, path); }, true);
    row(
        "link to nothing", [](const QString &path) { return QFile::link(u"/nonexistent"_s, path); }, true);
    row(
        "link to a file", [](const QString &path) { return QFile::link(u"/etc/passwd"_s, path); }, true);
    row(
        "socket", [](const QString &path) { return mknod(path.toUtf8().constData(), S_IFSOCK | 0600, 0) == 0; }, true);
    row(
        "FIFO", [](const QString &path) { return mkfifo(path.toUtf8().constData(), 0600) == 0; }, true);
    row(
        "empty file", [](const QString &path) { return QFile(path).open(QFile::WriteOnly); }, true);
    row(
        "empty folder", [](const QString &path) { return QDir().mkdir(path); }, true);
    row(
        "folder", [](const QString &path) { return QDir().mkpath(path + u"/in"_s); }, false);
}

void tst_Bounds::otherThingInPlaceOfARecord()
{
    using Make = bool (*)(const QString &path);
    QFETCH(Make, make);
    QFETCH(bool, isSwept);
    const QString name = uniqueName("place");
    const QString temporary = m_folder.path() + u"/."_s + QString(32, u'A') + u".new"_s;
    for (const bool byName : {true, false}) {
        QVERIFY(make(recordOf(name)));
        QVERIFY(make(temporary));
        SharedSegment s(name);
        if (!byName) {
            QCOMPARE(SharedSegment::names(), QStringList());
        } else if (isSwept) {
            QVERIFY2(create(s), qPrintable(s.errorString()));
            QVERIFY(SharedSegment::exists(name));
        } else {
            QVERIFY(!create(s));
            QVERIFY2(s.errorString().contains(u"remove it"_s), qPrintable(s.errorString()));
            QCOMPARE(s.error(), Error::Corrupt);
        }
        if (isSwept && !byName)
            QCOMPARE(m_folder.files(), QStringList());
        s.close();
        QCOMPARE(SharedSegment::names(), QStringList());
        QDir(recordOf(name)).removeRecursively();
        QDir(temporary).removeRecursively();
    }
    QVERIFY(QFile::exists(u"/etc/passwd"_s));
}

void tst_Bounds::overwrittenRecord()
{
    const QString name = uniqueName("overwritten");
    SharedSegment s(name);
    QVERIFY(create(s));
    SharedSegment reader(name);
    QVERIFY(reader.open());
    QFile record(recordOf(name));
    QVERIFY(record.open(QFile::ReadWrite));
    QCOMPARE(record.write(QByteArray(8192, char(0xff))), 8192);
    record.close();
    // It owns the segment, and must not be told that its owner is gone.
    QVERIFY(!s.publish(QByteArray(64, 'x')));
    QCOMPARE(s.error(), Error::Corrupt);
    QVERIFY2(s.errorString().contains(u"create it again"_s), qPrintable(s.errorString()));
    QVERIFY(!s.write());
    QCOMPARE(s.error(), Error::Corrupt);
    s.close();
    QVERIFY(create(s));
    QVERIFY(s.publish(QByteArray(64, 'x')));
}

void tst_Bounds::movedRecord()
{
    const QString name = uniqueName("moved");
    const QString elsewhere = uniqueName("elsewhere");
    SharedSegment s(elsewhere);
    {
        auto peer = owner(name, backend());
        QVERIFY(QFile::rename(recordOf(name), recordOf(elsewhere)));
        // The same as for changed content: no process removes a living owner's record.
        QCOMPARE(SharedSegment::names(), QStringList());
        QVERIFY(!SharedSegment::exists(name));
        QVERIFY(!create(s));
        QCOMPARE(s.error(), Error::AlreadyExists);
        QVERIFY2(s.errorString().contains(QString::number(peer->pid())), qPrintable(s.errorString()));
    }
    // Its owner is dead by now.
    QVERIFY2(create(s), qPrintable(s.errorString()));
}

void tst_Bounds::copyOfADeadRecord()
{
    const QString name = uniqueName("left");
    const QString copy = uniqueName("copy");
    QString instance;
    {
        auto peer = owner(name, backend());
        SharedSegment s(name);
        QVERIFY(s.open());
        instance = s.instance();
        QVERIFY(QFile::rename(recordOf(name), recordOf(copy)));
    }
    QVERIFY(!SharedSegment::exists(copy));
    QVERIFY(!hasPosixObject(instance));
}

void tst_Bounds::noDescriptorIsAnError()
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

void tst_Bounds::nameThatBeginsWithAMark()
{
    const QString name = QChar(0xfeff) + uniqueName("mark");
    SharedSegment s(name);
    QVERIFY(create(s));
    QCOMPARE(SharedSegment::names(), QStringList{name});
    QVERIFY(SharedSegment::exists(SharedSegment::names().constFirst()));
    s.close();
    s.setLayoutText(QChar(0xfeff) + u"A{v:i32@0}/4"_s);
    s.setLength(1);
    QVERIFY2(s.create(), qPrintable(s.errorString()));
    QCOMPARE(s.layoutText(), QChar(0xfeff) + u"A{v:i32@0}/4"_s);
}

void tst_Bounds::lostDoorbell_data()
{
    QTest::addColumn<QString>("kind");
    for (const char *kind : {"removed", "file", "folder", "link", "dead doorbell"})
        QTest::newRow(kind) << QString::fromLatin1(kind);
}

void tst_Bounds::lostDoorbell()
{
    QFETCH(QString, kind);
    const QString name = uniqueName("lost");
    auto peer = owner(name, backend());
    SharedSegment s(name);
    QSignalSpy updated(&s, &SharedSegment::updated);
    QSignalSpy orphaned(&s, &SharedSegment::orphaned);
    QVERIFY(s.open());
    QTRY_COMPARE_WITH_TIMEOUT(s.listenerCount(), 1, Deadline);
    for (int round = 1; round <= 3; ++round) {
        QTRY_COMPARE_WITH_TIMEOUT(m_folder.doorbells(), 1, Deadline);
        const QString doorbell = m_folder.path() + u'/' + m_folder.files().filter(u".bell"_s).constFirst();
        QVERIFY(QFile::remove(doorbell));
        if (kind == u"file"_s) {
            QFile file(doorbell);
            QVERIFY(file.open(QIODevice::WriteOnly));
        } else if (kind == u"folder"_s) {
            QVERIFY(QDir().mkdir(doorbell));
        } else if (kind == u"link"_s) {
            QVERIFY(QFile::link(u"/dev/null"_s, doorbell));
        } else if (kind == u"dead doorbell"_s) {
            QCOMPARE(mkfifo(QFile::encodeName(doorbell), 0600), 0);
        }
        if (round == 3)
            break;
        QCOMPARE(peer->ask("publish 5"), u"published %1"_s.arg(round));
        QTRY_COMPARE_WITH_TIMEOUT(updated.count(), round, Deadline);
        QTRY_COMPARE_WITH_TIMEOUT(s.listenerCount(), 1, Deadline);
    }
    QCOMPARE(peer->ask("close"), u"closed"_s);
    QTRY_COMPARE_WITH_TIMEOUT(orphaned.count(), 1, Deadline);
}

void tst_Bounds::publisherWithoutDescriptors_data()
{
    QTest::addColumn<int>("listeners");
    QTest::addColumn<int>("left");
    QTest::newRow("1 listener, none left") << 1 << 0;
    QTest::newRow("5 listeners, none left") << 5 << 0;
    QTest::newRow("5 listeners, 2 left") << 5 << 2;
}

void tst_Bounds::publisherWithoutDescriptors()
{
    QFETCH(int, listeners);
    QFETCH(int, left);
    const QString name = uniqueName("full");
    int toChild[2];
    int toParent[2];
    QVERIFY(pipe(toChild) == 0 && pipe(toParent) == 0);
    const auto wanted = backend();
    const pid_t child = fork();
    if (child == 0) {
        alarm(60);
        auto tell = [&](char byte) { return write(toParent[1], &byte, 1) == 1; };
        auto wait = [&] {
            char byte = 0;
            return read(toChild[0], &byte, 1) == 1;
        };
        SharedSegment owner(name);
        owner.setBackend(wanted);
        if (!tell(owner.create(SharedLayout::of<quint64>(), 8) ? 'y' : 'n') || !wait())
            _exit(1);
        std::vector<int> taken;
        rlimit low = {64, 64};
        setrlimit(RLIMIT_NOFILE, &low);
        for (int descriptor = dup(STDERR_FILENO); descriptor != -1; descriptor = dup(STDERR_FILENO))
            taken.push_back(descriptor);
        for (int i = 0; i < left; ++i) {
            ::close(taken.back());
            taken.pop_back();
        }
        for (int i = 0; i < 3; ++i) {
            if (!tell(owner.publish(QByteArray(64, 'x')) ? 'p' : 'n') || !wait())
                _exit(2);
        }
        owner.close();
        tell('c');
        wait();
        _exit(0);
    }
    const auto end = qScopeGuard([&] {
        kill(child, SIGKILL);
        childprocess::waitForChild(child);
        for (const int descriptor : {toChild[0], toChild[1], toParent[0], toParent[1]})
            ::close(descriptor);
    });
    auto answer = [&] {
        char byte = 0;
        return read(toParent[0], &byte, 1) == 1 ? byte : '\0';
    };
    QCOMPARE(answer(), 'y');
    std::vector<std::unique_ptr<SharedSegment>> readers;
    int received = 0;
    int orphaned = 0;
    for (int i = 0; i < listeners; ++i) {
        readers.push_back(std::make_unique<SharedSegment>(name));
        connect(readers.back().get(), &SharedSegment::updated, this, [&] { ++received; });
        connect(readers.back().get(), &SharedSegment::orphaned, this, [&] { ++orphaned; });
        QVERIFY(readers.back()->open());
    }
    QTRY_COMPARE_WITH_TIMEOUT(readers.front()->listenerCount(), listeners, Deadline);
    QTest::qWait(20); // Until they have checked for earlier updates.
    for (int i = 1; i <= 3; ++i) {
        QCOMPARE(write(toChild[1], "g", 1), 1);
        QCOMPARE(answer(), 'p');
        QTRY_COMPARE_WITH_TIMEOUT(received, i * listeners, Deadline);
    }
    QCOMPARE(write(toChild[1], "g", 1), 1);
    QCOMPARE(answer(), 'c');
    // Its process lives on: nothing else reports the end.
    QTRY_COMPARE_WITH_TIMEOUT(orphaned, listeners, Deadline);
}

void tst_Bounds::fileSizeLimit_data()
{
    QTest::addColumn<int>("limit");
    QTest::addColumn<int>("length");
    QTest::newRow("nothing") << 0 << 8;
    QTest::newRow("half a record") << 4096 << 8;
    QTest::newRow("a record") << 8192 << 2000;
    QTest::newRow("less than the memory") << (1 << 20) << (1 << 17);
}

void tst_Bounds::fileSizeLimit()
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

void tst_Bounds::strangeUmask_data()
{
    QTest::addColumn<int>("mask");
    for (const int mask : {0777, 0277, 0700, 0200, 0077, 0})
        QTest::newRow(qPrintable(QString::number(mask, 8))) << mask;
}

void tst_Bounds::strangeUmask()
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

void tst_Bounds::refusedCalls_data()
{
    QTest::addColumn<int>("error");
    QTest::newRow("unknown") << ENOSYS;
    QTest::newRow("forbidden") << EPERM;
}

void tst_Bounds::refusedCalls()
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

void tst_Bounds::cutRecord_data()
{
    QTest::addColumn<int>("bytes");
    QTest::addColumn<bool>("isRegrown");
    for (const int bytes : {0, 100, 512, 520, 4096, 8000}) {
        QTest::newRow(qPrintable(QString::number(bytes))) << bytes << false;
        QTest::newRow(qPrintable(u"%1 and back"_s.arg(bytes))) << bytes << true;
    }
}

void tst_Bounds::cutRecord()
{
    QFETCH(int, bytes);
    QFETCH(bool, isRegrown);
    const QString name = uniqueName("cut");
    auto peer = owner(name, backend());
    SharedSegment s(name);
    QSignalSpy updated(&s, &SharedSegment::updated);
    QSignalSpy orphaned(&s, &SharedSegment::orphaned);
    QVERIFY(s.open());
    QTRY_COMPARE_WITH_TIMEOUT(s.listenerCount(), 1, Deadline);
    QTest::qWait(20); // Until it has checked for earlier updates.
    auto cut = [&] {
        QFile record(recordOf(name));
        return record.resize(bytes) && (!isRegrown || record.resize(8192));
    };
    for (int round = 1; round <= 2; ++round) {
        QVERIFY(cut());
        QCOMPARE(peer->ask("publish 5"), u"published %1"_s.arg(round));
        QTRY_COMPARE_WITH_TIMEOUT(updated.count(), round, Deadline);
        QTRY_COMPARE_WITH_TIMEOUT(s.listenerCount(), 1, Deadline);
        if (bytes > 520)
            continue; // The beginning was there all the time, and no one owns what was cut off.
        SharedSegment second(name);
        QVERIFY2(second.open(), qPrintable(second.errorString()));
        QCOMPARE(SharedSegment::names(), QStringList{name});
    }
    QVERIFY(cut());
    // A listener may be the first to see it.
    QVERIFY(s.listenerCount() <= 1);
    QCOMPARE(peer->ask("close"), u"closed"_s);
    QTRY_COMPARE_WITH_TIMEOUT(orphaned.count(), 1, Deadline);
    QVERIFY(!SharedSegment::exists(name));
    SharedSegment next(name);
    QVERIFY(create(next));
}

void tst_Bounds::cutRecordOfMultipleWriters()
{
    const QString name = uniqueName("cut");
    auto peer = owner(name, backend(), 8, 0, true);
    SharedSegment s(name);
    QVERIFY(s.open(SharedSegment::Access::ReadWrite));
    QVERIFY(QFile(recordOf(name)).resize(0));
    // The lock is lost where it lies in the record: an error, for the writers and the owner.
    const QString answer = peer->ask("publish 5");
    const bool isPublished = s.publish(QByteArray(64, 'x'));
    QVERIFY2(answer.startsWith(u"published"_s) || answer.startsWith(u"error Corrupt"_s), qPrintable(answer));
    QVERIFY(isPublished || s.error() == Error::Corrupt);
    QCOMPARE(isPublished, answer.startsWith(u"published"_s));
    QVERIFY(!s.snapshot().isEmpty());
    QCOMPARE(peer->ask("close"), u"closed"_s);
    QVERIFY(!SharedSegment::exists(name));
}

void tst_Bounds::recordCutAllTheTime()
{
    const QString name = uniqueName("cut");
    SharedSegment s(name);
    QVERIFY(create(s));
    std::atomic<bool> isEnded = false;
    std::thread cutting([&] {
        QFile record(recordOf(name));
        while (!isEnded && record.resize(0)) { }
    });
    // Other processes that find the record cut make it long again, too.
    std::vector<std::thread> others;
    others.reserve(3);
    for (int i = 0; i < 3; ++i) {
        others.emplace_back([&] {
            SharedSegment other(name);
            while (!isEnded)
                static_cast<void>(other.isOpen() ? other.listenerCount() : int(other.open()));
        });
    }
    bool isPublished = true;
    for (int i = 0; i < 100000 && isPublished; ++i)
        isPublished = s.publish(QByteArray(64, 'x'));
    isEnded = true;
    cutting.join();
    for (std::thread &other : others)
        other.join();
    QVERIFY2(isPublished && s.publish(QByteArray(64, 'y')), qPrintable(s.errorString()));
    // Its writes still go to the file, and not to a copy.
    QFile record(recordOf(name));
    QVERIFY(record.open(QIODevice::ReadOnly));
    const QByteArray content = record.readAll();
    QCOMPARE(content.size(), 8192);
    QCOMPARE(content.first(8), "SSRECORD"_ba);
    QCOMPARE(content.last(4), "MARK"_ba);
}

void tst_Bounds::otherFaultsAreTheProgramsOwn()
{
    QTemporaryFile file;
    QVERIFY(file.open() && file.resize(8192));
    const int descriptor = file.handle();
    const auto fault = [descriptor] {
        void *const memory = mmap(nullptr, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
        if (memory == MAP_FAILED || ftruncate(descriptor, 0) != 0)
            return 1;
        return int(*static_cast<volatile char *>(memory)) + 2;
    };
    const auto use = [] {
        rlimit noCore = {};
        setrlimit(RLIMIT_CORE, &noCore);
        SharedSegment s(u"faults"_s);
        return create(s);
    };
    // Without a handler of its own, and with one that was there before.
    QCOMPARE(childprocess::inChild([&] {
                 signal(SIGBUS, SIG_DFL);
                 return use() ? fault() : 3;
             }),
             -SIGBUS);
    QCOMPARE(childprocess::inChild([&] {
                 struct sigaction own = {};
                 own.sa_handler = [](int) { _exit(42); };
                 sigaction(SIGBUS, &own, nullptr);
                 return use() ? fault() : 3;
             }),
             42);
    QCOMPARE(childprocess::inChild([&] {
                 signal(SIGBUS, SIG_DFL);
                 if (use())
                     raise(SIGBUS);
                 return 3;
             }),
             -SIGBUS);
}

void tst_Bounds::limitOfAControlGroup()
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

QTEST_GUILESS_MAIN(tst_Bounds)
#include "tst_bounds.moc"
