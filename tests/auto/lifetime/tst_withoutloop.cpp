// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Waiting in threads that have no event loop.

#include "../../support/posixchild.h"
#include "../../support/readable.h"
#include "../../support/testsupport.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedSegment>

#include <QtCore/QElapsedTimer>
#include <QtCore/QScopeGuard>

#include <atomic>
#include <csignal>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace testsupport;
using State = SharedSegment::State;
using Error = SharedSegment::Error;

class tst_WithoutLoop : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void cleanup() { QCOMPARE(SharedSegment::names(), QStringList()); }

    void updates();
    void endsWithItsOwner_data();
    void endsWithItsOwner();
    void stoppedOwner();
    void ownProcess();
    void anotherThread();
    void opening();
    void openingByTheNextOwner();
    void hopeless();
    void bytesInTheOwnersMark();
    void threadSaysThatItHasNoLoop_data();
    void threadSaysThatItHasNoLoop();

private:
    RegistryFolder m_registry;
};

void tst_WithoutLoop::updates()
{
    const QString name = uniqueName();
    auto peer = owner(name, backend());
    std::atomic<int> seen = 0;
    bool isGood = false;
    std::thread([&] {
        SharedSegment s(name);
        if (!s.open() || s.waitForUpdated(0, QDeadlineTimer(20)) || s.error() != Error::NoError)
            return;
        ++seen;
        quint64 last = 0;
        while (last < 100 && s.waitForUpdated(last, QDeadlineTimer(Deadline)))
            last = s.revision();
        isGood = last == 100 && !s.waitForUpdated(last, QDeadlineTimer(0));
        ++seen;
    }).detach();
    QTRY_VERIFY_WITH_TIMEOUT(seen >= 1, Deadline);
    for (int i = 1; i <= 100; ++i)
        QCOMPARE(peer->ask("publish 7"), u"published %1"_s.arg(i));
    QTRY_VERIFY_WITH_TIMEOUT(seen == 2, Deadline);
    QVERIFY(isGood);
}

void tst_WithoutLoop::endsWithItsOwner_data()
{
    QTest::addColumn<bool>("isKilled");
    QTest::newRow("closed") << false;
    QTest::newRow("killed") << true;
}

void tst_WithoutLoop::endsWithItsOwner()
{
    QFETCH(bool, isKilled);
    const QString name = uniqueName();
    auto peer = owner(name, backend());
    std::atomic<bool> isWaiting = false;
    bool wasUpdated = true;
    Error error = Error::NoError;
    State state = State::Open;
    std::thread waiter([&] {
        SharedSegment s(name);
        s.open();
        isWaiting = true;
        wasUpdated = s.waitForUpdated(0, QDeadlineTimer(Deadline));
        error = s.error();
        state = s.state();
    });
    QTRY_VERIFY_WITH_TIMEOUT(isWaiting, Deadline);
    QTest::qWait(50);
    QElapsedTimer timer;
    timer.start();
    if (isKilled)
        peer->kill();
    else
        QCOMPARE(peer->ask("close"), u"closed"_s);
    waiter.join();
    QVERIFY(timer.elapsed() < Deadline / 4);
    QVERIFY(!wasUpdated);
    QCOMPARE(error, Error::NotFound);
    QCOMPARE(state, State::Orphaned);
}

void tst_WithoutLoop::stoppedOwner()
{
    const QString name = uniqueName();
    auto peer = owner(name, backend());
    SharedSegment s(name);
    QVERIFY(s.open());
    kill(static_cast<pid_t>(peer->pid()), SIGSTOP);
    QElapsedTimer timer;
    timer.start();
    QVERIFY(!s.waitForUpdated(0, QDeadlineTimer(100)));
    QVERIFY(timer.elapsed() >= 100);
    QCOMPARE(s.error(), Error::NoError);
    QCOMPARE(s.state(), State::Open);
    kill(static_cast<pid_t>(peer->pid()), SIGCONT);
    peer->tell("publish 3");
    QVERIFY(s.waitForUpdated(0, QDeadlineTimer(Deadline)));
}

void tst_WithoutLoop::ownProcess()
{
    SharedArray<quint64> owned(uniqueName());
    owned.segment()->setBackend(backend());
    QVERIFY(owned.create(4));
    std::atomic<int> seen = 0;
    quint64 last = 0;
    std::thread reader([&] {
        SharedArray<quint64> s(owned.segment()->name());
        if (!s.open())
            return;
        ++seen;
        while (s.waitForUpdated(last, QDeadlineTimer(Deadline)))
            last = s.revision();
        ++seen;
    });
    QTRY_COMPARE_WITH_TIMEOUT(seen, 1, Deadline);
    for (int i = 0; i < 50; ++i)
        QVERIFY(owned.publish(std::vector<quint64>(4, 1)));
    QTest::qWait(20);
    owned.close();
    reader.join();
    QCOMPARE(seen, 2);
    QCOMPARE(last, 50u);
}

void tst_WithoutLoop::anotherThread()
{
    const QString name = uniqueName();
    auto peer = owner(name, backend());
    SharedSegment s(name);
    QVERIFY(s.open());
    std::atomic<bool> isUpdated = false;
    std::thread waiter([&] { isUpdated = s.waitForUpdated(0, QDeadlineTimer(Deadline)); });
    QCOMPARE(peer->ask("publish 3"), u"published 1"_s);
    waiter.join();
    QVERIFY(isUpdated);
}

void tst_WithoutLoop::opening()
{
    const QString name = uniqueName();
    std::atomic<int> seen = 0;
    bool isOpen = false;
    std::thread waiter([&] {
        SharedSegment s(name);
        if (s.waitForOpened(QDeadlineTimer(30)) || s.error() != Error::NotFound)
            return;
        ++seen;
        isOpen = s.waitForOpened(QDeadlineTimer(Deadline)) && s.error() == Error::NoError && s.state() == State::Open;
        ++seen;
    });
    QTRY_COMPARE_WITH_TIMEOUT(seen, 1, Deadline);
    QTest::qWait(20);
    auto peer = owner(name, backend());
    waiter.join();
    QVERIFY(isOpen);
}

void tst_WithoutLoop::openingByTheNextOwner()
{
    const QString name = uniqueName();
    auto peer = owner(name, backend());
    std::atomic<bool> isOwner = false;
    std::thread waiter([&] {
        SharedArray<quint64> s(name);
        s.segment()->setOwner(true);
        s.segment()->setCapacity(8);
        isOwner = s.waitForOpened(QDeadlineTimer(Deadline)) && s.segment()->isOwner();
    });
    QTest::qWait(50);
    QVERIFY(!isOwner);
    peer->kill();
    waiter.join();
    QVERIFY(isOwner);
}

void tst_WithoutLoop::hopeless()
{
    const QString name = uniqueName();
    auto peer = owner(name, backend());
    SharedArray<float> other(name);
    QElapsedTimer timer;
    timer.start();
    QVERIFY(!other.waitForOpened());
    QCOMPARE(other.error(), Error::LayoutMismatch);
    SharedSegment unnamed;
    QVERIFY(!unnamed.waitForOpened());
    QCOMPARE(unnamed.error(), Error::InvalidName);
    QVERIFY(timer.elapsed() < Deadline / 4);
    QVERIFY(!unnamed.waitForUpdated(0));
    QCOMPARE(unnamed.error(), Error::NotFound);
}

/// They mean nothing, and wake no process for longer than it takes to read them.
void tst_WithoutLoop::bytesInTheOwnersMark()
{
    const QString name = uniqueName();
    auto peer = owner(name, backend());
    const QStringList marks = m_registry.files().filter(u".owner"_s);
    if (marks.isEmpty())
        QSKIP("owners have no marks here");
    int toParent[2];
    QCOMPARE(pipe(toParent), 0);
    const pid_t waiter = fork();
    if (waiter == 0) {
        alarm(60);
        SharedSegment s(name);
        if (!s.open() || s.waitForUpdated(0, QDeadlineTimer(1)) || write(toParent[1], "r", 1) != 1)
            _exit(1);
        rusage before;
        rusage after;
        if (getrusage(RUSAGE_SELF, &before) != 0 || s.waitForUpdated(0, QDeadlineTimer(2000))
            || s.error() != Error::NoError)
            _exit(2);
        getrusage(RUSAGE_SELF, &after);
        if (after.ru_nvcsw - before.ru_nvcsw > 50 || write(toParent[1], "w", 1) != 1)
            _exit(3);
        // It is still notified of the end.
        _exit(!s.waitForUpdated(0, QDeadlineTimer(Deadline)) && s.error() == Error::NotFound ? 0 : 4);
    }
    ::close(toParent[1]);
    auto end = qScopeGuard([&] {
        kill(waiter, SIGKILL);
        childprocess::waitForChild(waiter);
    });
    const auto shut = qScopeGuard([&] { ::close(toParent[0]); });
    QVERIFY(isReadable(toParent[0], Deadline));
    char byte = 0;
    QCOMPARE(read(toParent[0], &byte, 1), 1);
    const QByteArray mark = QFile::encodeName(m_registry.path() + u'/' + marks.constFirst());
    for (int i = 0; i < 5; ++i) {
        QCOMPARE(childprocess::inChild([&] {
                     const int descriptor = ::open(mark.constData(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
                     return write(descriptor, "junk", 4) == 4 ? 0 : 1;
                 }),
                 0);
    }
    QVERIFY(isReadable(toParent[0], Deadline)); // also when it has ended
    peer->kill();
    int status = 0;
    QCOMPARE(childprocess::waitForChild(waiter, &status), waiter);
    end.dismiss();
    QVERIFY(WIFEXITED(status));
    QCOMPARE(WEXITSTATUS(status), 0);
}

void tst_WithoutLoop::threadSaysThatItHasNoLoop_data()
{
    QTest::addColumn<QByteArray>("signal");
    for (const char *signal : {SIGNAL(updated(SharedRevision)), SIGNAL(revisionChanged()), SIGNAL(updatedAtChanged())})
        QTest::newRow(signal) << QByteArray(signal);
}

void tst_WithoutLoop::threadSaysThatItHasNoLoop()
{
    QFETCH(QByteArray, signal);
    const QString name = uniqueName();
    auto peer = owner(name, backend());
    QString waiting;
    QString listening;
    QString reading = u"?"_s;
    QString later;
    QString closed = u"?"_s;
    QString owning;
    const auto connectTo = [&](SharedSegment &s) { QObject::connect(&s, signal.constData(), &s, SLOT(deleteLater())); };
    std::thread([&] {
        SharedSegment absent(name + u"-absent"_s);
        absent.setActive(true);
        waiting = absent.errorString();
        SharedSegment read(name);
        read.open();
        QObject::connect(&read, &SharedSegment::orphaned, [] {});
        reading = read.errorString();
        SharedSegment receiver(name);
        connectTo(receiver);
        closed = receiver.errorString();
        receiver.open();
        listening = receiver.errorString();
        SharedSegment connected(name);
        connected.open();
        connectTo(connected);
        later = connected.errorString();
        SharedSegment owned(name + u"-own"_s);
        owned.create(SharedLayout::of<double>(), 1);
        connectTo(owned);
        owning = owned.errorString();
    }).join();
    QVERIFY2(waiting.contains(u"event loop"_s) && waiting.contains(u"waitForOpened"_s), qPrintable(waiting));
    QVERIFY2(listening.contains(u"event loop"_s) && listening.contains(u"waitForUpdated"_s), qPrintable(listening));
    QCOMPARE(later, listening);
    QCOMPARE(owning, listening);
    QCOMPARE(reading, QString());
    QCOMPARE(closed, QString());
    // A thread that has an event loop says nothing.
    SharedSegment here(name);
    QVERIFY(here.open());
    connectTo(here);
    QCOMPARE(here.error(), Error::NoError);
}

QTEST_GUILESS_MAIN(tst_WithoutLoop)
#include "tst_withoutloop.moc"
