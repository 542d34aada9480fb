// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What other processes of the user may do to the registry, stopped in the middle of something or not: calls stay
// bounded, and updates still arrive.

#include "../../support/backendtest.h"
#include "../../support/posixchild.h"

#include "os/recordfile.h"
#include "os/recordlock.h"

#include <SharedSegment/SharedSegment>

#include <QtCore/QDir>
#include <QtCore/QElapsedTimer>
#include <QtCore/QFile>
#include <QtCore/QScopeGuard>
#include <QtTest/QSignalSpy>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <fcntl.h>
#include <optional>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace Qt::StringLiterals;
using namespace testsupport;
using Error = SharedSegment::Error;
using sharedsegment::os::RecordFile;

class tst_Bounds : public BackendTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void cleanup() { checkNothingIsLeft(); }

    void stoppedSweeper();
    void busyMachine();
    void nameThatBeginsWithAMark();
    void lostDoorbell_data();
    void lostDoorbell();
    void publisherWithoutDescriptors_data();
    void publisherWithoutDescriptors();
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

void tst_Bounds::nameThatBeginsWithAMark()
{
    const QString name = QChar(0xfeff) + uniqueName("mark");
    SharedSegment s(name);
    QVERIFY(create(s));
    QCOMPARE(SharedSegment::names(), QStringList{name});
    QVERIFY(SharedSegment::exists(SharedSegment::names().constFirst()));
    s.close();
    s.setLayoutText(QChar(0xfeff) + u"A{v:i32@0}/4"_s);
    s.setCapacity(1);
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

QTEST_GUILESS_MAIN(tst_Bounds)
#include "tst_bounds.moc"
