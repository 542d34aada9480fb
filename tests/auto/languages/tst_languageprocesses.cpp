// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Kills and forks, of a process in another language and of one in C++.

#include "languagetest.h"

#include <SharedSegment/SharedArray>

#include <QtTest/QTest>

#include <csignal>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace testsupport;
using State = SharedSegment::State;

class tst_LanguageProcesses : public LanguageTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void cleanup() { checkNothingIsLeft(); }

    void independentOwnerKilled();
    void cppOwnerKilled();
    void listenersKilled();
    void independentWriterKilledInItsBuffer_data() { addBufferRows(); }
    void independentWriterKilledInItsBuffer();
    void cppWriterKilledInItsBuffer_data() { addBufferRows(); }
    void cppWriterKilledInItsBuffer();
    void childrenOfAnOwner_data();
    void childrenOfAnOwner();
    void childrenOfAReader_data() { childrenOfAnOwner_data(); }
    void childrenOfAReader();
    void ownerKilledBeforeItsChild();
    void readerBesideAChildThatKeepsTheName();
    void ownerBecomesAnotherProgram();
    void listenerKilledBeforeItsChild();
};

void tst_LanguageProcesses::independentOwnerKilled()
{
    const QString name = uniqueName();
    SharedSegment s(name);
    s.setActive(true);
    auto independent = independentOwner(name, 8);
    QCOMPARE(independent->ask("publish 7"), u"published 1"_s);
    QTRY_COMPARE_WITH_TIMEOUT(s.state(), State::Open, Deadline);
    independent->tell("spin");
    QTRY_VERIFY_WITH_TIMEOUT(s.revision() > 1000, Deadline);
    const QString instance = s.instance();
    independent->kill();
    QTRY_COMPARE_WITH_TIMEOUT(s.state(), State::Orphaned, Deadline);
    QVERIFY(!s.snapshot().isEmpty());
    QVERIFY(!SharedSegment::exists(name));
    QVERIFY(!hasPosixObject(instance));
    // The name is free, and a waiting process continues.
    independent = independentOwner(name, 8);
    QTRY_COMPARE_WITH_TIMEOUT(s.state(), State::Open, Deadline);
    QVERIFY(s.instance() != instance);
    s.close();
}

void tst_LanguageProcesses::cppOwnerKilled()
{
    const QString name = uniqueName();
    auto inCpp = owner(name, backend());
    QCOMPARE(inCpp->ask("publish 7"), u"published 1"_s);
    auto reader = independentReader(name);
    reader->tell("wait 1 -1");
    inCpp->kill();
    QCOMPARE(reader->line(), u"orphaned 1"_s);
    QCOMPARE(reader->ask("read"), u"whole 1"_s);
    // It sweeps as well as C++ does.
    const QStringList before = m_folder.files();
    auto independent = independentOwner(name, 8);
    QVERIFY(before.contains(u"s."_s + name + u".segment"_s));
    SharedSegment s(name);
    QVERIFY(s.open());
    QCOMPARE(s.ownerPid(), independent->pid());
}

void tst_LanguageProcesses::listenersKilled()
{
    const QString name = uniqueName();
    auto inCpp = owner(name, backend());
    SharedSegment s(name);
    QVERIFY(s.open());
    QTRY_COMPARE_WITH_TIMEOUT(s.listenerCount(), 1, Deadline);
    auto reader = independentReader(name);
    reader->tell("wait 0 -1");
    QTRY_COMPARE_WITH_TIMEOUT(s.listenerCount(), 2, Deadline);
    // A listener that is killed before it sleeps is not notified: its slot is free for the next listener.
    QTRY_COMPARE_WITH_TIMEOUT(armed(name), 2, Deadline);
    reader->kill();
    for (int i = 1; i <= 3; ++i)
        QCOMPARE(inCpp->ask("publish 5"), u"published "_s + QString::number(i));
    QTRY_COMPARE_WITH_TIMEOUT(s.revision(), 3u, Deadline);
    QTRY_COMPARE_WITH_TIMEOUT(s.listenerCount(), 1, Deadline);

    // The same where the publisher is independent.
    auto independent = independentOwner(name + u"c"_s, 8);
    SharedSegment other(name + u"c"_s);
    QVERIFY(other.open());
    QTRY_COMPARE_WITH_TIMEOUT(other.listenerCount(), 1, Deadline);
    auto listener = independentReader(name + u"c"_s);
    listener->tell("wait 0 -1");
    QTRY_COMPARE_WITH_TIMEOUT(other.listenerCount(), 2, Deadline);
    QTRY_COMPARE_WITH_TIMEOUT(armed(name + u"c"_s), 2, Deadline);
    listener->kill();
    QCOMPARE(independent->ask("publish 5"), u"published 1"_s);
    QCOMPARE(independent->ask("publish 5"), u"published 2"_s);
    QTRY_COMPARE_WITH_TIMEOUT(other.listenerCount(), 1, Deadline);
}

void tst_LanguageProcesses::independentWriterKilledInItsBuffer()
{
    QFETCH(int, bufferCount);
    const QString name = uniqueName();
    auto independent = independentOwner(name, 8, bufferCount);
    QCOMPARE(independent->ask("publish 7"), u"published 1"_s);
    SharedArray<quint64> array(name);
    QVERIFY(array.open());
    QCOMPARE(independent->ask("begin"), u"begun"_s);
    independent->kill();
    QTRY_COMPARE_WITH_TIMEOUT(array.segment()->state(), State::Orphaned, Deadline);
    if (bufferCount == 1) {
        QVERIFY(array.snapshot().isEmpty());
        QCOMPARE(array.error(), SharedSegment::Error::Corrupt);
    } else {
        QCOMPARE(array.readElement(0), 7u);
    }
}

void tst_LanguageProcesses::cppWriterKilledInItsBuffer()
{
    QFETCH(int, bufferCount);
    const QString name = uniqueName();
    auto inCpp = owner(name, backend(), 8, bufferCount, true);
    QCOMPARE(inCpp->ask("publish 7"), u"published 1"_s);
    auto reader = independentReader(name);
    {
        Peer holder({name}, testPath("HOLDER"));
        QCOMPARE(holder.line(), u"ready"_s);
        QCOMPARE(holder.ask("hold"), u"done"_s);
        QCOMPARE(holder.ask("begin"), u"done"_s);
    } // Killed.
    QCOMPARE(reader->ask("read"), bufferCount == 1 ? u"busy"_s : u"whole 1"_s);
    QCOMPARE(inCpp->ask("publish 8"), u"published 2"_s);
    QCOMPARE(reader->ask("read"), u"whole 2"_s);
}

void tst_LanguageProcesses::childrenOfAnOwner_data()
{
    QTest::addColumn<QByteArray>("how");
    QTest::newRow("fork") << QByteArray("fork ");
    // No fork handler runs.
    QTest::newRow("clone") << QByteArray("clone ");
}

void tst_LanguageProcesses::childrenOfAnOwner()
{
    QFETCH(QByteArray, how);
    const QString name = uniqueName();
    auto independent = independentOwner(name, 8);
    QCOMPARE(independent->ask("publish 7"), u"published 1"_s);
    // A child does not write, and says so.
    const QString refused = independent->ask(QByteArray(how + "publish"));
    QVERIFY2(refused.startsWith(u"error -7 "_s), qPrintable(refused));
    QCOMPARE(independent->line(), u"child 0"_s);
    // However it ends, its parent continues.
    for (const char *end : {"exit", "crash"}) {
        QVERIFY(independent->ask(QByteArray(how + end)).startsWith(u"child "_s));
        SharedSegment s(name);
        QVERIFY2(s.open(), qPrintable(s.errorString()));
        QCOMPARE(s.revision(), 1u);
    }
    QVERIFY(independentPeer({u"own"_s, name, u"u64"_s, u"1"_s, nameOf(backend()), u"4"_s})
                ->line()
                .startsWith(u"error -2 "_s));
    auto reader = std::make_unique<Peer>(QStringList{u"attach"_s, name, u"read"_s});
    QCOMPARE(reader->line(), u"ready"_s);
    QCOMPARE(independent->ask("publish 8"), u"published 2"_s);
    QCOMPARE(reader->ask("read"), u"whole 2"_s);
    QVERIFY(independent->finish());
    QVERIFY(!SharedSegment::exists(name));
}

void tst_LanguageProcesses::childrenOfAReader()
{
    QFETCH(QByteArray, how);
    const QString name = uniqueName();
    auto inCpp = owner(name, backend());
    auto reader = independentReader(name);
    QCOMPARE(reader->ask("wait 0 0"), u"timeout 0"_s);
    inCpp->ask("publish 7");
    QCOMPARE(reader->ask(QByteArray(how + "read")), u"whole 1"_s);
    QCOMPARE(reader->line(), u"child 0"_s);
    QCOMPARE(reader->ask(QByteArray(how + "owned")), u"1"_s);
    QCOMPARE(reader->line(), u"child 0"_s);
    const QString refused = reader->ask(QByteArray(how + "wait"));
    QVERIFY2(refused.startsWith(u"error -7 "_s), qPrintable(refused));
    QCOMPARE(reader->line(), u"child 0"_s);
    QCOMPARE(reader->ask(QByteArray(how + "exit")), u"child 0"_s);
    // The parent still has its doorbell and its slot.
    QCOMPARE(m_folder.doorbells(), 1);
    reader->tell("wait 1 20000");
    inCpp->ask("publish 8");
    QCOMPARE(reader->line(), u"updated 2"_s);
}

void tst_LanguageProcesses::ownerKilledBeforeItsChild()
{
    const QString name = uniqueName();
    auto independent = independentOwner(name, 8);
    QCOMPARE(independent->ask("publish 7"), u"published 1"_s);
    const int child = independent->ask("fork stay").toInt();
    QVERIFY(child > 0);
    const auto end = qScopeGuard([child] { ::kill(child, SIGKILL); });
    SharedSegment s(name);
    s.setActive(true);
    QTRY_COMPARE_WITH_TIMEOUT(s.state(), State::Open, Deadline);
    independent->kill();
    QTRY_COMPARE_WITH_TIMEOUT(s.state(), State::Orphaned, Deadline);
    QVERIFY(!SharedSegment::exists(name));
    independent = independentOwner(name, 8);
    QCOMPARE(independent->ask("publish 8"), u"published 1"_s);
    QTRY_COMPARE_WITH_TIMEOUT(s.state(), State::Open, Deadline);
    s.close();
}

static long ticksOf(qint64 pid)
{
    QFile file(u"/proc/%1/stat"_s.arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return -1;
    const QByteArrayList words = file.readAll().split(' ');
    return words.value(13).toLong() + words.value(14).toLong();
}

void tst_LanguageProcesses::readerBesideAChildThatKeepsTheName()
{
    if (!QFile::exists(u"/proc/self/stat"_s))
        QSKIP("there is no /proc that tells of processor time");
    const QString name = uniqueName();
    auto independent = independentOwner(name, 8);
    auto reader = independentReader(name);
    const int child = independent->ask("clone stay").toInt();
    QVERIFY(child > 0);
    reader->tell("wait 0 -1");
    QTRY_COMPARE_WITH_TIMEOUT(m_folder.doorbells(), 1, Deadline);
    independent->kill();
    // No fork handler ran: the child has the lock. The reader polls, and does not spin.
    const long before = ticksOf(reader->pid());
    QTest::qWait(1000);
    const long used = ticksOf(reader->pid()) - before;
    QVERIFY2(before >= 0 && used < 5, qPrintable(QString::number(used)));
    ::kill(child, SIGKILL);
    QCOMPARE(reader->line(), u"orphaned 0"_s);
}

void tst_LanguageProcesses::ownerBecomesAnotherProgram()
{
#ifdef SHAREDSEGMENT_PORTABLE
    QSKIP("by the rules of macOS a kqueue reports it, and Linux has no kqueue");
#endif
    const QString name = uniqueName();
    auto independent = independentOwner(name, 8);
    auto reader = independentReader(name);
    reader->tell("wait 0 -1");
    QTRY_COMPARE_WITH_TIMEOUT(armed(name), 1, Deadline);
    // The process lives on, and has no part of the segment any more.
    QCOMPARE(independent->ask("exec"), u"other"_s);
    QCOMPARE(reader->line(), u"orphaned 0"_s);
    QCOMPARE(reader->ask("close"), u"closed"_s);
    QVERIFY(!SharedSegment::exists(name));
}

void tst_LanguageProcesses::listenerKilledBeforeItsChild()
{
    const QString name = uniqueName();
    auto inCpp = owner(name, backend());
    SharedSegment s(name);
    QVERIFY(s.open());
    QTRY_COMPARE_WITH_TIMEOUT(s.listenerCount(), 1, Deadline);
    auto reader = independentReader(name);
    QCOMPARE(reader->ask("wait 0 0"), u"timeout 0"_s);
    QTRY_COMPARE_WITH_TIMEOUT(s.listenerCount(), 2, Deadline);
    const int child = reader->ask("fork stay").toInt();
    QVERIFY(child > 0);
    const auto end = qScopeGuard([child] { ::kill(child, SIGKILL); });
    reader->kill();
    // No process has the doorbell open, so the publisher takes it for what it is.
    QCOMPARE(inCpp->ask("publish 5"), u"published 1"_s);
    QTRY_COMPARE_WITH_TIMEOUT(s.listenerCount(), 1, Deadline);
}

QTEST_GUILESS_MAIN(tst_LanguageProcesses)
#include "tst_languageprocesses.moc"
