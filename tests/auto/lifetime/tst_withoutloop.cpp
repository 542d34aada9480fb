// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Waiting in threads that have no event loop, and equal peers. The program itself is a peer, too: `tst_withoutloop peer NAME`.

#include "testsupport.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedSegment>

#include <QtCore/QElapsedTimer>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <poll.h>
#include <thread>
#include <unistd.h>

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

/// Waits for `go`; then tells what it is at each change.
int bePeer(const QString &name)
{
    alarm(60);
    SharedSegment s(name);
    s.setLayoutText(u"u8"_s);
    s.setLength(1);
    s.setSharedWriting(true);
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
    void threadSaysThatItHasNoLoop();
    void equalPeers();

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
        QVERIFY(owned.write(std::vector<quint64>(4, 1)));
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
        s.segment()->setLength(8);
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

void tst_WithoutLoop::threadSaysThatItHasNoLoop()
{
    const QString name = uniqueName();
    auto peer = owner(name, backend());
    QString waiting;
    QString listening;
    QString reading = u"?"_s;
    std::thread([&] {
        SharedSegment absent(name + u"-absent"_s);
        absent.setActive(true);
        waiting = absent.errorString();
        SharedSegment read(name);
        read.open();
        reading = read.errorString();
        SharedSegment heard(name);
        QObject::connect(&heard, &SharedSegment::updated, [] {});
        heard.open();
        listening = heard.errorString();
    }).join();
    QVERIFY2(waiting.contains(u"event loop"_s) && waiting.contains(u"waitForOpened"_s), qPrintable(waiting));
    QVERIFY2(listening.contains(u"event loop"_s) && listening.contains(u"waitForUpdated"_s), qPrintable(listening));
    QCOMPARE(reading, QString());
}

void tst_WithoutLoop::equalPeers()
{
    const QString name = uniqueName();
    std::vector<std::unique_ptr<Peer>> peers;
    for (int i = 0; i < 5; ++i) {
        peers.push_back(std::make_unique<Peer>(QStringList{u"peer"_s, name}, QCoreApplication::applicationFilePath()));
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
    mine.segment()->setSharedWriting(true);
    QVERIFY(mine.createOrOpen(1));
    QVERIFY(!mine.segment()->isOwner());
    QVERIFY(!mine.createOrOpen(1));
    QCOMPARE(mine.error(), Error::InvalidState);
    QVERIFY(mine.write(std::vector<quint8>{42}));
    mine.close();
    // One of those that are left takes over, with the last value, and the others go over to it.
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

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == u"peer"_s)
        return bePeer(arguments.value(2));
    tst_WithoutLoop test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_withoutloop.moc"
