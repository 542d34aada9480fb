// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Records that another process cuts short while they are in use: owner, writers and listeners live on.

#include "../../support/backendtest.h"
#include "../../support/posixchild.h"

#include <SharedSegment/SharedSegment>

#include <QtCore/QFile>
#include <QtCore/QTemporaryFile>
#include <QtTest/QSignalSpy>

#include <atomic>
#include <csignal>
#include <sys/mman.h>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace Qt::StringLiterals;
using namespace testsupport;
using Error = SharedSegment::Error;

class tst_CutRecord : public BackendTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void cleanup() { checkNothingIsLeft(); }

    void cutRecord_data();
    void cutRecord();
    void cutRecordOfMultipleWriters();
    void recordCutAllTheTime();
    void otherFaultsAreTheProgramsOwn();
};

void tst_CutRecord::cutRecord_data()
{
    QTest::addColumn<int>("bytes");
    QTest::addColumn<bool>("isRegrown");
    for (const int bytes : {0, 100, 512, 520, 4096, 8000}) {
        QTest::newRow(qPrintable(QString::number(bytes))) << bytes << false;
        QTest::newRow(qPrintable(u"%1 and back"_s.arg(bytes))) << bytes << true;
    }
}

void tst_CutRecord::cutRecord()
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

void tst_CutRecord::cutRecordOfMultipleWriters()
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

void tst_CutRecord::recordCutAllTheTime()
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

void tst_CutRecord::otherFaultsAreTheProgramsOwn()
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

QTEST_GUILESS_MAIN(tst_CutRecord)
#include "tst_cutrecord.moc"
