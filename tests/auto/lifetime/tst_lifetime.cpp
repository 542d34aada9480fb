// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "../../support/backendtest.h"

#include <SharedSegment/SharedArray>

#include <QtCore/QFile>
#include <QtTest/QSignalSpy>

#include <vector>

using namespace Qt::StringLiterals;
using namespace testsupport;
using State = SharedSegment::State;
using Access = SharedSegment::Access;
using Error = SharedSegment::Error;
using Backend = SharedSegment::Backend;

class tst_Lifetime : public BackendTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void cleanup() { checkNothingIsLeft(); }

    void createOpenClose();
    void secondCreateAndOpen();
    void killedOwnerFreesTheName();
    void recordThatCannotBeMapped();
    void recycledPid();
    void racingCreators();
    void orphanKeepsTheLastRevision();
    void ownerObjectsShareOneMapping();
};

void tst_Lifetime::createOpenClose()
{
    const QString name = uniqueName();
    QVERIFY(!SharedSegment::exists(name));
    SharedSegment owner(name);
    QVERIFY2(create(owner), qPrintable(owner.errorString()));
    QCOMPARE(owner.state(), State::Open);
    QVERIFY(owner.isOwner());
    QCOMPARE(owner.access(), Access::ReadWrite);
    QCOMPARE(owner.backend(), backend());
    QCOMPARE(owner.layoutText(), u"u64"_s);
    QCOMPARE(owner.size(), 64);
    QCOMPARE(owner.ownerPid(), QCoreApplication::applicationPid());
    QCOMPARE(owner.instance().size(), 32);
    QVERIFY(SharedSegment::exists(name));
    QCOMPARE(SharedSegment::names(), QStringList{name});

    SharedSegment reader(name);
    QVERIFY2(reader.open(), qPrintable(reader.errorString()));
    QVERIFY(!reader.isOwner());
    QCOMPARE(reader.access(), Access::ReadOnly);
    QCOMPARE(reader.capacity(), 8);
    QCOMPARE(reader.bufferCount(), 4);
    QCOMPARE(reader.instance(), owner.instance());
    QCOMPARE(reader.snapshot(), QByteArray(64, '\0'));
    QVERIFY(owner.publish(QByteArray(64, 'x')));
    QCOMPARE(reader.snapshot(), QByteArray(64, 'x'));
    QCOMPARE(reader.revision(), 1u);
    QVERIFY(qAbs(reader.updatedAt().msecsTo(QDateTime::currentDateTime())) < 60000);
    QVERIFY(!reader.publish(QByteArray(64, 'y')));
    QCOMPARE(reader.error(), Error::PermissionDenied);

    QCOMPARE(hasPosixObject(reader.instance()), backend() == Backend::Posix);
    owner.close();
    QVERIFY(!SharedSegment::exists(name));
    QVERIFY(!hasPosixObject(reader.instance()));
    QCOMPARE(reader.snapshot(), QByteArray(64, 'x'));
    SharedSegment late(name);
    QVERIFY(!late.open());
    QCOMPARE(late.error(), Error::NotFound);
    // The name is available at once, while the old readers still hold the old memory.
    SharedSegment next(name);
    QVERIFY(create(next));
    QCOMPARE(reader.snapshot(), QByteArray(64, 'x'));
    QVERIFY(late.open());
    QCOMPARE(late.error(), Error::NoError);
}

void tst_Lifetime::secondCreateAndOpen()
{
    const QString name = uniqueName();
    SharedSegment owner(name);
    QVERIFY(create(owner));
    const QString instance = owner.instance();
    QVERIFY(!create(owner));
    QCOMPARE(owner.error(), Error::InvalidState);
    QVERIFY(!owner.open());
    QCOMPARE(owner.error(), Error::InvalidState);
    QCOMPARE(owner.instance(), instance);
    QVERIFY(owner.isOwner());
    SharedSegment other(name);
    for (int i = 0; i < 3; ++i) {
        QVERIFY(!create(other));
        QCOMPARE(other.error(), Error::AlreadyExists);
        QCOMPARE(other.state(), State::Closed);
    }
    QVERIFY(owner.publish(QByteArray(64, 'x')));
    owner.close();
    QVERIFY(create(owner));
    QVERIFY(owner.instance() != instance);
}

void tst_Lifetime::killedOwnerFreesTheName()
{
    const QString name = uniqueName();
    for (int i = 0; i < 5; ++i) {
        auto peer = testsupport::owner(name, backend());
        SharedSegment reader(name);
        QVERIFY(reader.open());
        QVERIFY(SharedSegment::exists(name));
        peer->kill();
        QVERIFY(!SharedSegment::exists(name));
        QVERIFY(!hasPosixObject(reader.instance()));
        QVERIFY(m_folder.files().isEmpty());
    }
    auto peer = testsupport::owner(name, backend());
    peer->kill();
    SharedSegment next(name);
    QVERIFY2(create(next), qPrintable(next.errorString()));
}

void tst_Lifetime::recordThatCannotBeMapped()
{
    const QString name = uniqueName();
    auto peer = testsupport::owner(name, backend());
    SharedSegment reader(name);
    QVERIFY(reader.open());
    {
        // Longer than any record is, before the reader has claimed its slot in it.
        QFile record(m_folder.record());
        QVERIFY(record.open(QIODevice::Append));
        QCOMPARE(record.write("too long"), 8);
    }
    // It gets no notification, and still misses nothing.
    QSignalSpy updated(&reader, &SharedSegment::updated);
    for (int revision = 1; revision <= 3; ++revision) {
        QCOMPARE(peer->ask("publish 1"), u"published %1"_s.arg(revision));
        QTRY_COMPARE_WITH_TIMEOUT(updated.size(), revision, Deadline);
    }
    // The process stays: the only sign of the end is that the record is gone.
    QCOMPARE(peer->ask("close"), u"closed"_s);
    QTRY_COMPARE_WITH_TIMEOUT(reader.state(), State::Orphaned, Deadline);
    QCOMPARE(reader.revision(), 3u);
}

void tst_Lifetime::recycledPid()
{
    const QString name = uniqueName();
    auto peer = testsupport::owner(name, backend());
    peer->kill();
    // As if another living process had been given the number.
    QFile record(m_folder.record());
    QVERIFY(record.open(QIODevice::ReadWrite));
    const quint64 pid = quint64(QCoreApplication::applicationPid());
    QVERIFY(record.seek(32) && record.write(reinterpret_cast<const char *>(&pid), 8) == 8);
    record.close();
    QVERIFY(!SharedSegment::exists(name));
    SharedSegment next(name);
    QVERIFY(create(next));
}

void tst_Lifetime::racingCreators()
{
    for (int round = 0; round < 10; ++round) {
        const QString name = uniqueName("race");
        std::vector<std::unique_ptr<Peer>> peers;
        for (int i = 0; i < 4; ++i) {
            peers.push_back(std::make_unique<Peer>(QStringList{u"race"_s, name}));
            QCOMPARE(peers.back()->line(), u"waiting"_s);
        }
        for (auto &peer : peers)
            peer->tell("go");
        int winners = 0;
        Peer *winner = nullptr;
        for (auto &peer : peers) {
            const QString answer = peer->line();
            if (answer == u"ready"_s) {
                ++winners;
                winner = peer.get();
            } else {
                QVERIFY2(answer.startsWith(u"error AlreadyExists"_s), qPrintable(answer));
            }
        }
        QCOMPARE(winners, 1);
        QCOMPARE(winner->ask("publish 5"), u"published 1"_s);
        SharedSegment reader(name);
        QVERIFY(reader.open());
        QCOMPARE(reader.ownerPid(), winner->pid());
        QCOMPARE(reader.revision(), 1u);
    }
}

void tst_Lifetime::orphanKeepsTheLastRevision()
{
    const QString name = uniqueName();
    auto peer = testsupport::owner(name, backend());
    SharedSegment s(name);
    QSignalSpy orphaned(&s, &SharedSegment::orphaned);
    QVERIFY(s.open());
    QCOMPARE(peer->ask("publish 9"), u"published 1"_s);
    peer->kill();
    QTRY_COMPARE_WITH_TIMEOUT(s.state(), State::Orphaned, Deadline);
    QCOMPARE(orphaned.count(), 1);
    QCOMPARE(s.revision(), 1u);
    QCOMPARE(s.snapshot().size(), 64);
    QVERIFY(!s.publish(QByteArray(64, 'x')));
    // Orphaned and not active: it stays so, whichever process takes the name.
    SharedSegment next(name);
    QVERIFY(create(next));
    QTest::qWait(50);
    QCOMPARE(s.state(), State::Orphaned);
    // And it can be opened again by hand.
    QVERIFY(s.open());
    QCOMPARE(s.state(), State::Open);
    QCOMPARE(s.revision(), 0u);
}

void tst_Lifetime::ownerObjectsShareOneMapping()
{
    const QString name = uniqueName();
    SharedArray<quint64> owner(name);
    owner.segment()->setBackend(backend());
    owner.segment()->setBufferCount(1);
    QVERIFY(owner.create(8));
    SharedArray<quint64> second(name);
    QVERIFY2(second.open(Access::ReadWrite), qPrintable(second.errorString()));
    QCOMPARE(second.live().data(), owner.live().data());
    QSignalSpy updated(owner.segment(), &SharedSegment::updated);
    QSignalSpy orphaned(second.segment(), &SharedSegment::orphaned);
    second.beginWrite()[0] = 3;
    QCOMPARE(owner.readElement(0), 3u);
    QTRY_COMPARE_WITH_TIMEOUT(updated.count(), 1, Deadline);
    owner.close();
    QTRY_COMPARE_WITH_TIMEOUT(orphaned.count(), 1, Deadline);
    QVERIFY(!second.beginWrite());
    // Another process that is not the owner is refused.
    auto peer = testsupport::owner(name, backend());
    second.close();
    QVERIFY(!second.open(Access::ReadWrite));
    QCOMPARE(second.error(), Error::PermissionDenied);
}

QTEST_GUILESS_MAIN(tst_Lifetime)
#include "tst_lifetime.moc"
