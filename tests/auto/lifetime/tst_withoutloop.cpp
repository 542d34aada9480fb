// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Waiting in threads that have no event loop, and equal peers. The program itself is a peer, too: `tst_withoutloop peer
// NAME LENGTH`, and a reader: `tst_withoutloop reader NAME`.

#include "../../support/posixchild.h"
#include "../../support/testsupport.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedSegment>

#include <QtCore/QElapsedTimer>
#include <QtCore/QScopeGuard>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

using namespace Qt::StringLiterals;
using namespace testsupport;
using State = SharedSegment::State;
using Error = SharedSegment::Error;

namespace {

void say(const QString &line)
{
    std::printf("%s\n", qPrintable(line));
    std::fflush(stdout);
}

QString stateOf(SharedSegment &s)
{
    return (s.isOwner() ? u"owns "_s : u"uses "_s) + QString::number(s.snapshot().front());
}

/// Waits for `go`; then prints its state at each change.
int bePeer(const QString &name, int length)
{
    alarm(60);
    SharedSegment s(name);
    s.setLayoutText(u"u8"_s);
    s.setCapacity(length);
    s.setMultipleWriters(true);
    QObject::connect(&s, &SharedSegment::opened, [&] { say(stateOf(s)); });
    say(u"waiting"_s);
    char text[8];
    if (read(STDIN_FILENO, text, sizeof text) <= 0)
        return 1;
    s.setActive(false);
    if (!s.createOrOpen()) {
        say(u"failed "_s + s.errorString());
        return 1;
    }
    s.setActive(true);
    return QCoreApplication::exec();
}

/// Opens and reads until its input ends. Prints the first value that is not all 42; else how many times it opened.
int beReader(const QString &name)
{
    alarm(60);
    quint64 openings = 0;
    pollfd input = {STDIN_FILENO, POLLIN, 0};
    for (bool isReady = false; poll(&input, 1, 0) == 0;) {
        SharedSegment s(name);
        if (!s.open())
            continue;
        const QByteArray bytes = s.snapshot();
        if (!bytes.isEmpty() && bytes.count('*') != bytes.size()) {
            say(u"revision %1 has %2 wrong bytes"_s.arg(s.revision()).arg(bytes.size() - bytes.count('*')));
            return 1;
        }
        ++openings;
        if (!std::exchange(isReady, true))
            say(u"reading"_s);
    }
    say(u"opened %1"_s.arg(openings));
    return 0;
}

bool isReadable(qintptr descriptor, int milliseconds)
{
    pollfd polled = {static_cast<int>(descriptor), POLLIN, 0};
    return poll(&polled, 1, milliseconds) == 1;
}

} // namespace

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
    void descriptor();
    void opening();
    void openingByTheNextOwner();
    void hopeless();
    void bytesInTheOwnersMark();
    void threadSaysThatItHasNoLoop_data();
    void threadSaysThatItHasNoLoop();
    void equalPeers();
    void takeOverIsWhole();

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

void tst_WithoutLoop::descriptor()
{
    const QString name = uniqueName();
    SharedSegment s(name);
    QCOMPARE(s.updateDescriptor(), -1);
    QCOMPARE(s.error(), Error::NotFound);
    auto peer = owner(name, backend());
    QVERIFY(s.open());
    const qintptr descriptor = s.updateDescriptor();
    QVERIFY(descriptor >= 0);
    QVERIFY(!s.waitForUpdated(0, QDeadlineTimer(0)));
    for (quint64 i = 0; i < 20; ++i) {
        QVERIFY(!isReadable(descriptor, 0));
        QCOMPARE(peer->ask("publish 3"), u"published %1"_s.arg(i + 1));
        QVERIFY(isReadable(descriptor, Deadline));
        QVERIFY(s.waitForUpdated(i, QDeadlineTimer(0)));
        QVERIFY(!s.waitForUpdated(i + 1, QDeadlineTimer(0)));
    }
    QCOMPARE(s.updateDescriptor(), descriptor);
    peer->kill();
    QVERIFY(isReadable(descriptor, Deadline));
    QVERIFY(!s.waitForUpdated(20, QDeadlineTimer(Deadline)));
    QCOMPARE(s.state(), State::Orphaned);
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

void tst_WithoutLoop::equalPeers()
{
    const QString name = uniqueName();
    std::vector<std::unique_ptr<Peer>> peers;
    for (int i = 0; i < 5; ++i) {
        peers.push_back(
            std::make_unique<Peer>(QStringList{u"peer"_s, name, u"1"_s}, QCoreApplication::applicationFilePath()));
        QCOMPARE(peers.back()->line(), u"waiting"_s);
    }
    for (auto &peer : peers)
        peer->tell("go");
    std::size_t first = peers.size();
    for (std::size_t i = 0; i < peers.size(); ++i) {
        const QString line = peers[i]->line();
        QVERIFY2(line == u"owns 0"_s || line == u"uses 0"_s, qPrintable(line));
        if (line == u"owns 0"_s) {
            QCOMPARE(first, peers.size());
            first = i;
        }
    }
    QVERIFY(first < peers.size());
    SharedArray<quint8> mine(name);
    mine.segment()->setMultipleWriters(true);
    QVERIFY(mine.createOrOpen(1));
    QVERIFY(!mine.segment()->isOwner());
    QVERIFY(!mine.createOrOpen(1));
    QCOMPARE(mine.error(), Error::InvalidState);
    QVERIFY(mine.publish(std::vector<quint8>{42}));
    mine.close();
    // One of the remaining peers takes over, with the last value, and the others switch to it.
    for (int killed = 0; killed < 2; ++killed) {
        peers[first]->kill();
        peers.erase(peers.begin() + std::ptrdiff_t(first));
        first = peers.size();
        for (std::size_t i = 0; i < peers.size(); ++i) {
            const QString line = peers[i]->line();
            QVERIFY2(line.startsWith(u"owns "_s) || line.startsWith(u"uses "_s), qPrintable(line));
            if (line.startsWith(u"owns "_s)) {
                QCOMPARE(line, u"owns 42"_s);
                QCOMPARE(first, peers.size());
                first = i;
            }
        }
        QVERIFY(first < peers.size());
    }
    SharedArray<float> wrong(name);
    QVERIFY(!wrong.createOrOpen(1));
    QCOMPARE(wrong.error(), Error::LayoutMismatch);
    peers.clear();
}

/// A process that opens the segment while one peer after the other takes it over sees the old values, whole.
void tst_WithoutLoop::takeOverIsWhole()
{
    constexpr int Length = 1 << 23;
    const QString name = uniqueName();
    const auto start = [&] {
        auto peer = std::make_unique<Peer>(QStringList{u"peer"_s, name, QString::number(Length)},
                                           QCoreApplication::applicationFilePath());
        if (peer->line() == u"waiting"_s)
            peer->tell("go");
        return peer;
    };
    std::vector<std::unique_ptr<Peer>> peers;
    peers.push_back(start());
    QCOMPARE(peers.front()->line(), u"owns 0"_s);
    {
        SharedArray<quint8> mine(name);
        mine.segment()->setMultipleWriters(true);
        QVERIFY(mine.createOrOpen(Length));
        QVERIFY(mine.publish(std::vector<quint8>(Length, 42)));
    }
    Peer reader(QStringList{u"reader"_s, name}, QCoreApplication::applicationFilePath());
    QCOMPARE(reader.line(), u"reading"_s);
    for (int round = 0; round < 12; ++round) {
        peers.push_back(start());
        QCOMPARE(peers.back()->line(), u"uses 42"_s);
        peers.front()->kill();
        peers.erase(peers.begin());
        QCOMPARE(peers.front()->line(), u"owns 42"_s);
    }
    QVERIFY(reader.finish());
    const QString said = reader.line();
    QVERIFY2(said.startsWith(u"opened "_s), qPrintable(said));
}

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == u"peer"_s)
        return bePeer(arguments.value(2), arguments.value(3).toInt());
    if (arguments.value(1) == u"reader"_s)
        return beReader(arguments.value(2));
    tst_WithoutLoop test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_withoutloop.moc"
