// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The descriptor that another event loop polls.

#include "../../support/readable.h"
#include "../../support/testsupport.h"

#include <SharedSegment/SharedSegment>

#include <QtTest/QSignalSpy>

using namespace Qt::StringLiterals;
using namespace testsupport;
using Error = SharedSegment::Error;
using State = SharedSegment::State;

class tst_UpdateDescriptor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void cleanup() { QCOMPARE(SharedSegment::names(), QStringList()); }

    void updates();
    void replacement();
    void replacementBesideAnEventLoop();

private:
    RegistryFolder m_registry;
};

void tst_UpdateDescriptor::updates()
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

/// It stays the same until close().
void tst_UpdateDescriptor::replacement()
{
    const QString name = uniqueName();
    auto peer = owner(name, backend(), 2);
    QCOMPARE(peer->ask("publish 1"), u"published 1"_s);
    SharedSegment reader(name);
    QVERIFY(reader.open());
    const qintptr descriptor = reader.updateDescriptor();
    QVERIFY(descriptor >= 0);
    QVERIFY(!reader.waitForUpdated(1, QDeadlineTimer(0)));
    QVERIFY(!isReadable(descriptor, 0));
    QCOMPARE(peer->ask("recreate 4"), u"recreated"_s);
    QVERIFY(isReadable(descriptor, Deadline));
    QVERIFY(!reader.waitForUpdated(1, QDeadlineTimer(0)));
    QVERIFY2(reader.error() == Error::NoError, qPrintable(reader.errorString()));
    QVERIFY(!isReadable(descriptor, 0));
    QCOMPARE(peer->ask("publish 2"), u"published 2"_s);
    QVERIFY(isReadable(descriptor, Deadline));
    QVERIFY(reader.waitForUpdated(1, QDeadlineTimer(0)));
    QVERIFY(!reader.waitForUpdated(2, QDeadlineTimer(0)));
    QVERIFY(!isReadable(descriptor, 0));
    QCOMPARE(reader.updateDescriptor(), descriptor);
    peer->kill();
    QVERIFY(isReadable(descriptor, Deadline));
    QVERIFY(!reader.waitForUpdated(2, QDeadlineTimer(0)));
    QCOMPARE(reader.error(), Error::NotFound);
}

/// The event loop goes over first. A revision that came before that is not lost.
void tst_UpdateDescriptor::replacementBesideAnEventLoop()
{
    const QString name = uniqueName();
    auto peer = owner(name, backend(), 2);
    QCOMPARE(peer->ask("publish 1"), u"published 1"_s);
    SharedSegment reader(name);
    QVERIFY(reader.open());
    const qintptr descriptor = reader.updateDescriptor();
    QVERIFY(!reader.waitForUpdated(1, QDeadlineTimer(0)));
    QSignalSpy reopened(&reader, &SharedSegment::reopened);
    QCOMPARE(peer->ask("recreate 4"), u"recreated"_s);
    QCOMPARE(peer->ask("publish 2"), u"published 2"_s);
    QTRY_COMPARE_WITH_TIMEOUT(reopened.size(), 1, Deadline);
    QCOMPARE(reader.updateDescriptor(), descriptor);
    QVERIFY(isReadable(descriptor, 0));
    QVERIFY(reader.waitForUpdated(1, QDeadlineTimer(0)));
    QVERIFY(!reader.waitForUpdated(2, QDeadlineTimer(0)));
    QVERIFY(!isReadable(descriptor, 0));
    QCOMPARE(peer->ask("publish 3"), u"published 3"_s);
    QVERIFY(isReadable(descriptor, Deadline));
}

QTEST_GUILESS_MAIN(tst_UpdateDescriptor)
#include "tst_updatedescriptor.moc"
