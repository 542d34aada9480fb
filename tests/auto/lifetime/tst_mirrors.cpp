// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What a reader sees of a mirror of another host's segment, which another process owns.

#include "../../support/testsupport.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedRegistryModel>

#include <QtTest/QSignalSpy>

#include <memory>

using namespace Qt::StringLiterals;
using namespace testsupport;
using Source = SharedSegment::Source;
using State = SharedSegment::State;

namespace {

/// The peer as the owner of a mirror, which has published revision 1: at second 1 by the clock of the source.
std::unique_ptr<Peer> mirror(const QString &name)
{
    auto peer = owner(name, preferredBackend(), 1);
    if (const QString answer = peer->ask("publish 1"); answer != u"published 1"_s)
        qWarning("peer: %s", qPrintable(answer));
    return peer;
}

} // namespace

class tst_Mirrors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { QCOMPARE(SharedSegment::names(), QStringList()); }

    void hostThatIsLost();
    void timesOfTheSource();
    void throttled();
    void inTheRegistry();
    void notForOthers();

private:
    RegistryFolder m_registry;
};

void tst_Mirrors::hostThatIsLost()
{
    SharedSegment reader(u"@boiler/pressure"_s);
    QCOMPARE(reader.source(), Source::Here);
    reader.setActive(true);
    const std::unique_ptr<Peer> peer = mirror(reader.name());
    QTRY_COMPARE_WITH_TIMEOUT(reader.state(), State::Open, Deadline);
    QCOMPARE(reader.source(), Source::Reachable);
    QVERIFY(!reader.isStale());
    QSignalSpy changes(&reader, &SharedSegment::sourceChanged);
    QSignalSpy stale(&reader, &SharedSegment::staleChanged);
    QSignalSpy closed(&reader, &SharedSegment::closed);
    QSignalSpy updates(&reader, &SharedSegment::updated);

    QCOMPARE(peer->ask("source 2"), u"done"_s);
    QTRY_COMPARE_WITH_TIMEOUT(changes.size(), 1, Deadline);
    QTRY_COMPARE_WITH_TIMEOUT(stale.size(), 1, Deadline);
    QCOMPARE(reader.source(), Source::NotReachable);
    QVERIFY(reader.isStale());
    QCOMPARE(reader.state(), State::Open);

    QCOMPARE(peer->ask("source 1"), u"done"_s);
    QTRY_COMPARE_WITH_TIMEOUT(stale.size(), 2, Deadline);
    QCOMPARE(changes.size(), 2);
    QCOMPARE(reader.source(), Source::Reachable);
    QVERIFY(!reader.isStale());
    QCOMPARE(updates.size(), 0);
    QCOMPARE(peer->ask("publish 2"), u"published 2"_s);
    QTRY_COMPARE_WITH_TIMEOUT(updates.size(), 1, Deadline);

    // It stays what it was at the end.
    QCOMPARE(peer->ask("source 2"), u"done"_s);
    peer->kill();
    QTRY_VERIFY_WITH_TIMEOUT(reader.state() != State::Open, Deadline);
    QCOMPARE(reader.source(), Source::NotReachable);
    QCOMPARE(closed.size(), 0);
    reader.close();
    QCOMPARE(reader.source(), Source::Here);
}

void tst_Mirrors::timesOfTheSource()
{
    SharedArray<quint64> reader(u"@boiler/pressure"_s);
    SharedSegment &segment = *reader.segment();
    QVERIFY(!segment.sourceUpdatedAt().isValid());
    const std::unique_ptr<Peer> peer = mirror(segment.name());
    QVERIFY2(reader.open(), qPrintable(reader.errorString()));
    QCOMPARE(segment.sourceUpdatedAt().toMSecsSinceEpoch(), 1000);
    QVERIFY(segment.updatedAt().toMSecsSinceEpoch() > 1000);
    QSignalSpy changes(&segment, &SharedSegment::sourceUpdatedAtChanged);
    QCOMPARE(peer->ask("publish 5"), u"published 2"_s);
    QTRY_COMPARE_WITH_TIMEOUT(changes.size(), 1, Deadline);
    QCOMPARE(segment.sourceUpdatedAt().toMSecsSinceEpoch(), 5000);
    SharedRevision revision;
    reader.snapshot(&revision);
    QCOMPARE(revision.sourceTimestamp, 5'000'000'000);
    QCOMPARE(revision.toSourceDateTime(), segment.sourceUpdatedAt());
    SharedRevision other = revision;
    QVERIFY(other == revision);
    other.sourceTimestamp = 1;
    QVERIFY(!(other == revision));
    reader.close();
    QVERIFY(!segment.sourceUpdatedAt().isValid());

    SharedArray<quint64> here(u"here"_s);
    QVERIFY(here.create(1));
    QVERIFY(here.publish(QList<quint64>{1}));
    QVERIFY(!here.segment()->sourceUpdatedAt().isValid());
    QCOMPARE(here.segment()->source(), Source::Here);
}

/// An owner that publishes all the time does not hide that its host is lost.
void tst_Mirrors::throttled()
{
    SharedSegment reader(u"@boiler/busy"_s);
    const std::unique_ptr<Peer> peer = mirror(reader.name());
    QVERIFY2(reader.open(), qPrintable(reader.errorString()));
    QSignalSpy updates(&reader, &SharedSegment::updated);
    QSignalSpy changes(&reader, &SharedSegment::sourceChanged);
    for (int i = 2; i < 200; ++i)
        peer->tell(qPrintable(u"publish %1"_s.arg(i)));
    peer->tell("source 2");
    QTRY_COMPARE_WITH_TIMEOUT(reader.revision(), 199u, Deadline);
    QTRY_COMPARE_WITH_TIMEOUT(changes.size(), 1, Deadline);
    QTRY_VERIFY_WITH_TIMEOUT(updates.size() > 0, Deadline);
    QCOMPARE(reader.source(), Source::NotReachable);
}

void tst_Mirrors::inTheRegistry()
{
    const std::unique_ptr<Peer> peer = mirror(u"@boiler/pressure"_s);
    SharedArray<quint64> here(u"here"_s);
    QVERIFY(here.create(1));
    SharedRegistryModel model;
    QTRY_COMPARE_WITH_TIMEOUT(model.count(), 2, Deadline);
    const auto source = [&model](const QString &name) {
        return Source(model.data(model.indexOf(name), SharedRegistryModel::SourceRole).toInt());
    };
    QCOMPARE(source(u"here"_s), Source::Here);
    QCOMPARE(source(u"@boiler/pressure"_s), Source::Reachable);
    QCOMPARE(peer->ask("source 2"), u"done"_s);
    QTRY_COMPARE_WITH_TIMEOUT(source(u"@boiler/pressure"_s), Source::NotReachable, Deadline);
    QCOMPARE(model.roleNames().value(SharedRegistryModel::SourceRole), QByteArray("source"));
}

void tst_Mirrors::notForOthers()
{
    SharedSegment segment(u"@boiler/pressure"_s);
    QVERIFY(!segment.create(SharedLayout::of<double>(), 1));
    QCOMPARE(segment.error(), SharedSegment::Error::InvalidName);
    QVERIFY2(segment.errorString().contains(u"mirrors"_s), qPrintable(segment.errorString()));
    QVERIFY(!segment.open());
    QCOMPARE(segment.error(), SharedSegment::Error::NotFound);
    QVERIFY2(segment.errorString().contains(u"bridge"_s), qPrintable(segment.errorString()));
    segment.setLayout(SharedLayout::of<double>());
    segment.setCapacity(1);
    segment.setOwner(true);
    segment.setActive(true);
    QCOMPARE(segment.state(), State::Closed);
    QCOMPARE(segment.error(), SharedSegment::Error::InvalidName);
}

QTEST_GUILESS_MAIN(tst_Mirrors)
#include "tst_mirrors.moc"
