// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What an object receives of external memory: updates, its appearance, its end, and its truncation.

#include "externalpeer.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedValue>

#include <QtTest/QSignalSpy>

#include <memory>

using namespace Qt::StringLiterals;
using namespace testsupport;

using Access = SharedSegment::Access;
using Error = SharedSegment::Error;
using State = SharedSegment::State;

class tst_ExternalUpdates : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refreshing();
    void polling();
    void noPollingNoUpdate();
    void unlinked();
    void ownerKilledAndRestarted();
    void comesLater();
    void cutShort();
    void deletedInItsHandlers();
};

void tst_ExternalUpdates::refreshing()
{
    ExternalName name;
    PythonMemory python(name, 8);
    SharedValue<double> value;
    QVERIFY(value.openExternal(name));
    QSignalSpy updated(value.segment(), &SharedSegment::updated);
    QSignalSpy revisionChanged(value.segment(), &SharedSegment::revisionChanged);
    for (int i = 0; i < 10; ++i)
        value.segment()->refresh();
    QTRY_COMPARE(updated.size(), 1);
    QCOMPARE(updated.first().first().value<SharedRevision>().number, 11u);
    QCOMPARE(revisionChanged.size(), 1);
    value.segment()->refresh();
    QTRY_COMPARE(updated.size(), 2);

    // Segments need no polling.
    RegistryFolder folder;
    SharedValue<double> own(uniqueName());
    QVERIFY(own.create());
    own.segment()->refresh();
    QCOMPARE(own.revision(), 0u);
    SharedSegment closed;
    closed.refresh();
    QCOMPARE(closed.state(), State::Closed);
}

void tst_ExternalUpdates::polling()
{
    ExternalName name;
    PythonMemory python(name, 8);
    SharedValue<double> value;
    value.segment()->setPollingInterval(10);
    QVERIFY(value.openExternal(name));
    double seen = 0;
    connect(value.segment(), &SharedSegment::updated, this, [&] { seen = value.get(); });
    python.ask(u"set d 0 1.5"_s);
    QTRY_COMPARE(seen, 1.5);
    python.ask(u"set d 0 2.5"_s);
    QTRY_COMPARE(seen, 2.5);
    value.close();
    QSignalSpy updated(value.segment(), &SharedSegment::updated);
    QTest::qWait(100);
    QCOMPARE(updated.size(), 0);
}

void tst_ExternalUpdates::noPollingNoUpdate()
{
    ExternalName name;
    PythonMemory python(name, 8);
    SharedValue<double> value;
    QVERIFY(value.openExternal(name));
    QSignalSpy updated(value.segment(), &SharedSegment::updated);
    value.segment()->setPollingInterval(2);
    QTRY_VERIFY(updated.size() > 2);
    value.segment()->setPollingInterval(0);
    QTest::qWait(20);
    updated.clear();
    QTest::qWait(200);
    QCOMPARE(updated.size(), 0);
}

void tst_ExternalUpdates::unlinked()
{
    ExternalName name;
    PythonMemory python(name, 8);
    python.ask(u"set d 0 1.5"_s);
    SharedValue<double> value;
    QVERIFY(value.openExternal(name, 0, Access::ReadWrite));
    QSignalSpy orphaned(value.segment(), &SharedSegment::orphaned);
    python.ask(u"unlink"_s);
    value.segment()->refresh();
    QTRY_COMPARE(orphaned.size(), 1);
    QCOMPARE(value.segment()->state(), State::Orphaned);
    // Its last state is still readable; publishing fails.
    QCOMPARE(value.get(), 1.5);
    QVERIFY(!value.set(2));
    QCOMPARE(value.error(), Error::NotFound);
}

void tst_ExternalUpdates::ownerKilledAndRestarted()
{
    ExternalName name;
    auto python = std::make_unique<PythonMemory>(name, 8);
    python->ask(u"set d 0 1.5"_s);
    SharedSegment segment;
    segment.setExternalName(name);
    segment.setLayout(SharedLayout::of<double>());
    segment.setPollingInterval(20);
    segment.setActive(true);
    QCOMPARE(segment.state(), State::Open);
    QSignalSpy opened(&segment, &SharedSegment::opened);
    QSignalSpy orphaned(&segment, &SharedSegment::orphaned);

    // Python's resource tracker, a process of its own, removes the name after the kill.
    python->kill();
    QTRY_COMPARE_WITH_TIMEOUT(segment.state(), State::Orphaned, Deadline);
    QCOMPARE(orphaned.size(), 1);
    QCOMPARE(segment.error(), Error::NoError);
    double value = 0;
    QVERIFY(segment.read(std::as_writable_bytes(std::span(&value, 1))));
    QCOMPARE(value, 1.5);

    python = std::make_unique<PythonMemory>(name, 8);
    python->ask(u"set d 0 2.5"_s);
    QTRY_COMPARE_WITH_TIMEOUT(opened.size(), 1, Deadline);
    QCOMPARE(segment.state(), State::Open);
    QVERIFY(segment.read(std::as_writable_bytes(std::span(&value, 1))));
    QCOMPARE(value, 2.5);
}

void tst_ExternalUpdates::comesLater()
{
    ExternalName name;
    SharedSegment segment;
    QSignalSpy opened(&segment, &SharedSegment::opened);
    segment.setExternalName(name);
    segment.setLayout(SharedLayout::of<double>());
    segment.setActive(true);
    QCOMPARE(segment.state(), State::Waiting);
    QCOMPARE(segment.error(), Error::NoError);
    PythonMemory python(name, 8);
    QTest::qWait(50);
    QCOMPARE(segment.state(), State::Waiting);
    segment.refresh();
    QCOMPARE(segment.state(), State::Open);
    QCOMPARE(opened.size(), 1);

    SharedSegment polling;
    ExternalName other;
    polling.setExternalName(other);
    polling.setLayout(SharedLayout::of<double>());
    polling.setPollingInterval(20);
    polling.setActive(true);
    QCOMPARE(polling.state(), State::Waiting);
    PythonMemory second(other, 8);
    QTRY_COMPARE(polling.state(), State::Open);
    // Another name while open: the state follows.
    polling.setExternalName(u"no-such-memory"_s);
    QCOMPARE(polling.state(), State::Waiting);
}

void tst_ExternalUpdates::cutShort()
{
    ExternalName name;
    PythonMemory python(name, 65536);
    SharedArray<double> array;
    QVERIFY(array.openExternal(name, 0, Access::ReadWrite));
    QCOMPARE(python.ask(u"truncate 4096"_s), u"ok"_s);
    // An error instead of SIGBUS.
    QCOMPARE(array.snapshot(), QList<double>());
    QCOMPARE(array.error(), Error::Corrupt);
    QVERIFY(array.errorString().contains(name));
    QVERIFY(!array.publish(std::vector<double>(8192)));
    QCOMPARE(array.error(), Error::Corrupt);
    QVERIFY(!array.beginWrite());
    // The remaining part is readable; writing has not made the memory grow.
    QCOMPARE(array.readElement(511), 0.0);
    QCOMPARE(array.error(), Error::NoError);
    QCOMPARE(array.readElement(512), 0.0);
    QCOMPARE(array.error(), Error::Corrupt);
    array.segment()->refresh();
    QTRY_COMPARE(array.segment()->state(), State::Orphaned);
    QCOMPARE(array.snapshot(), QList<double>());
}

void tst_ExternalUpdates::deletedInItsHandlers()
{
    ExternalName name;
    for (const auto signal : {&SharedSegment::opened, &SharedSegment::orphaned, &SharedSegment::revisionChanged}) {
        PythonPeer python;
        auto *segment = new SharedSegment;
        QPointer<SharedSegment> guard(segment);
        segment->setExternalName(name);
        segment->setLayout(SharedLayout::of<double>());
        segment->setPollingInterval(5);
        connect(segment, signal, this, [segment] { delete segment; });
        segment->setActive(true);
        QTest::qWait(20);
        python.ask(u"create %1 8"_s.arg(name));
        QTest::qWait(20);
        python.ask(u"unlink"_s);
        QTRY_VERIFY(!guard);
    }
}

QTEST_GUILESS_MAIN(tst_ExternalUpdates)
#include "tst_externalupdates.moc"
