// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Equal peers, one of which owns the segment that all use. The program itself is a peer, too: `tst_peers peer NAME LENGTH`,
// and a reader: `tst_peers reader NAME`.

#include "../../support/testsupport.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedSegment>

#include <array>
#include <cstdio>
#include <memory>
#include <poll.h>
#include <span>
#include <unistd.h>
#include <utility>
#include <vector>

using namespace Qt::StringLiterals;
using namespace testsupport;
using Error = SharedSegment::Error;
using Kind = SharedSegment::Kind;

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

} // namespace

class tst_Peers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { QCOMPARE(SharedSegment::names(), QStringList()); }

    void equalPeers();
    void takeOverIsWhole();
    void variableCount();
    void recreate();

private:
    RegistryFolder m_registry;
};

void tst_Peers::equalPeers()
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
void tst_Peers::takeOverIsWhole()
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

void tst_Peers::variableCount()
{
    const QString name = uniqueName();
    SharedSegment first(name);
    SharedSegment second(name);
    for (SharedSegment *s : {&first, &second}) {
        s->setKind(Kind::VariableArray);
        s->setMultipleWriters(true);
        QVERIFY2(s->createOrOpen(SharedLayout::of<int>(), 8), qPrintable(s->errorString()));
    }
    QCOMPARE(second.kind(), Kind::VariableArray);
    const std::array values{1, 2, 3};
    QVERIFY(second.publish(std::as_bytes(std::span(values))));
    const QByteArray last = second.snapshot();
    QCOMPARE(last.size(), 12);
    // The next owner continues with all elements of the last revision, and with no others.
    second.setActive(true);
    first.close();
    QTRY_VERIFY_WITH_TIMEOUT(second.isOwner(), Deadline);
    QCOMPARE(second.snapshot(), last);
    second.close();
}

/// Of equal peers, the next owner continues with the capacity that the previous one chose, and with its last revision.
void tst_Peers::recreate()
{
    const QString name = uniqueName();
    SharedArray<int> first(name);
    SharedArray<int> second(name);
    for (SharedArray<int> *array : {&first, &second}) {
        array->segment()->setKind(Kind::VariableArray);
        array->segment()->setMultipleWriters(true);
        QVERIFY2(array->createOrOpen(2), qPrintable(array->errorString()));
    }
    second.segment()->setActive(true);
    QVERIFY2(first.segment()->recreate(9), qPrintable(first.errorString()));
    QTRY_COMPARE_WITH_TIMEOUT(second.capacity(), 9, Deadline);
    QVERIFY2(second.publish(std::array{1, 2, 3, 4, 5}), qPrintable(second.errorString()));
    first.close();
    QTRY_VERIFY_WITH_TIMEOUT(second.segment()->isOwner(), Deadline);
    QCOMPARE(second.capacity(), 9);
    QCOMPARE(second.snapshot(), QList<int>({1, 2, 3, 4, 5}));
    second.close();
}

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == u"peer"_s)
        return bePeer(arguments.value(2), arguments.value(3).toInt());
    if (arguments.value(1) == u"reader"_s)
        return beReader(arguments.value(2));
    tst_Peers test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_peers.moc"
