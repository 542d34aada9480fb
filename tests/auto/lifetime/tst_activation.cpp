// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "../../support/backendtest.h"

#include "engine/registry.h"

#include <QtCore/QDeadlineTimer>
#include <QtCore/QFile>
#include <QtTest/QSignalSpy>

#include <algorithm>
#include <memory>
#include <vector>

using namespace Qt::StringLiterals;
using namespace testsupport;
using State = SharedSegment::State;
using Error = SharedSegment::Error;

class tst_Activation : public BackendTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void cleanup() { checkNothingIsLeft(); }

    void signalsOncePerOpening();
    void activeWaitsAndMovesOn();
    void ownerRequestWaits();
    void replacedBeforeTheFirstEvent();
    void deletedInItsOwnSignals();
    void wishesAMirror();
    void wishesOnceForAllObjects();
    void wishesNothingElse();

private:
    static QString mirrorName() { return u"@host/"_s + uniqueName(); }
    /// The names that living processes wish.
    static QStringList wished();
    /// How many descriptors this process has open; 0 if unknown.
    static qsizetype descriptors()
    {
        return QDir(u"/proc/self/fd"_s).entryList(QDir::AllEntries | QDir::System).size();
    }
};

QStringList tst_Activation::wished()
{
    const auto folder = sharedsegment::engine::Registry::ofEnvironment().open();
    const auto wishes = folder->wishes();
    QStringList names;
    for (const auto &wish : *wishes)
        names += QString::fromStdString(wish.name);
    return names;
}

void tst_Activation::signalsOncePerOpening()
{
    const QString name = uniqueName();
    auto peer = testsupport::owner(name, backend());
    SharedSegment s(name);
    QSignalSpy opened(&s, &SharedSegment::opened);
    QSignalSpy closed(&s, &SharedSegment::closed);
    QSignalSpy updated(&s, &SharedSegment::updated);
    QSignalSpy errors(&s, &SharedSegment::errorOccurred);
    QVERIFY(s.open());
    QCOMPARE(opened.count(), 1);
    QVERIFY(!s.open());
    QCOMPARE(opened.count(), 1);
    QCOMPARE(errors.count(), 1);
    for (int i = 1; i <= 5; ++i) {
        QCOMPARE(peer->ask("publish 7"), u"published %1"_s.arg(i));
        QTRY_VERIFY_WITH_TIMEOUT(
            !updated.isEmpty() && updated.last().at(0).value<SharedRevision>().number == quint64(i), Deadline);
    }
    s.close();
    s.close();
    QCOMPARE(closed.count(), 1);
    QVERIFY(s.open());
    s.close();
    QCOMPARE(opened.count(), 2);
    QCOMPARE(closed.count(), 2);
    QVERIFY(peer->finish());
}

void tst_Activation::activeWaitsAndMovesOn()
{
    const QString name = uniqueName();
    SharedSegment s(name);
    QSignalSpy opened(&s, &SharedSegment::opened);
    QSignalSpy closed(&s, &SharedSegment::closed);
    QSignalSpy orphaned(&s, &SharedSegment::orphaned);
    s.setActive(true);
    QCOMPARE(s.state(), State::Waiting);
    QCOMPARE(s.error(), Error::NoError);
    for (int round = 1; round <= 4; ++round) {
        auto peer = testsupport::owner(name, backend());
        QTRY_COMPARE_WITH_TIMEOUT(opened.count(), round, Deadline);
        QCOMPARE(s.state(), State::Open);
        QCOMPARE(s.ownerPid(), peer->pid());
        QCOMPARE(peer->ask("publish 3"), u"published 1"_s);
        QTRY_COMPARE_WITH_TIMEOUT(s.revision(), 1u, Deadline);
        const QByteArray last = s.snapshot();
        if (round % 2 == 0)
            peer->kill();
        else
            QCOMPARE(peer->ask("close"), u"closed"_s);
        QTRY_COMPARE_WITH_TIMEOUT(orphaned.count(), round, Deadline);
        QCOMPARE(s.state(), State::Orphaned);
        QCOMPARE(s.snapshot(), last);
        QCOMPARE(closed.count(), round - 1);
    }
    s.setActive(false);
    QCOMPARE(s.state(), State::Closed);
    QCOMPARE(closed.count(), 4);
}

void tst_Activation::ownerRequestWaits()
{
    const QString name = uniqueName();
    auto peer = testsupport::owner(name, backend());
    SharedSegment s(name);
    s.setBackend(backend());
    s.setLayoutText(u"f64"_s);
    s.setCapacity(8);
    s.setOwner(true);
    s.setActive(true);
    QCOMPARE(s.state(), State::Waiting);
    QVERIFY(!s.isOwner());
    // Closed in order and then, after another process has owned it, by a kill.
    QCOMPARE(peer->ask("close"), u"closed"_s);
    QTRY_COMPARE_WITH_TIMEOUT(s.state(), State::Open, Deadline);
    s.setActive(false);
    peer = testsupport::owner(name, backend());
    s.setActive(true);
    QCOMPARE(s.state(), State::Waiting);
    // Nothing in the folder changes when an owner is killed, and no other process polls.
    peer->kill();
    QTRY_COMPARE_WITH_TIMEOUT(s.state(), State::Open, Deadline);
    QVERIFY(s.isOwner());
    QCOMPARE(s.layoutText(), u"f64"_s);
}

void tst_Activation::replacedBeforeTheFirstEvent()
{
    const QString name = uniqueName();
    for (const bool isKilled : {true, false}) {
        auto first = testsupport::owner(name, backend());
        SharedSegment reader(name);
        QVERIFY(reader.open());
        const QString instance = reader.instance();
        if (isKilled)
            first->kill();
        else
            QVERIFY(first->finish());
        auto second = testsupport::owner(name, backend());
        // Only now does the reader claim its slot among the listeners, and the name leads to another instance.
        QTRY_COMPARE_WITH_TIMEOUT(reader.state(), State::Orphaned, Deadline);
        QCOMPARE(reader.instance(), instance);
        QCOMPARE(reader.listenerCount(), 0);
        SharedSegment next(name);
        QVERIFY(next.open());
        QCOMPARE_NE(next.instance(), instance);
        QTRY_COMPARE_WITH_TIMEOUT(next.listenerCount(), 1, Deadline);
    }
}

void tst_Activation::deletedInItsOwnSignals()
{
    const QString name = uniqueName();
    auto peer = testsupport::owner(name, backend());
    for (auto signal : {&SharedSegment::opened, &SharedSegment::stateChanged, &SharedSegment::layoutChanged,
                        &SharedSegment::revisionChanged, &SharedSegment::instanceChanged}) {
        auto *s = new SharedSegment(name);
        QPointer<SharedSegment> guard(s);
        connect(s, signal, s, [s] { delete s; });
        s->open();
        if (guard) {
            peer->tell("publish 1");
            peer->line();
        }
        QTRY_VERIFY_WITH_TIMEOUT(!guard, Deadline);
    }
    for (auto signal : {&SharedSegment::orphaned, &SharedSegment::closed}) {
        auto *s = new SharedSegment(name);
        QPointer<SharedSegment> guard(s);
        QVERIFY(s->open());
        connect(s, signal, s, [s] { delete s; });
        if (signal == &SharedSegment::closed)
            s->close();
        else
            peer->ask("close");
        QTRY_VERIFY_WITH_TIMEOUT(!guard, Deadline);
        if (signal == &SharedSegment::orphaned)
            peer = testsupport::owner(name, backend());
    }
    auto *s = new SharedSegment;
    QPointer<SharedSegment> guard(s);
    connect(s, &SharedSegment::errorOccurred, s, [s] { delete s; });
    s->open();
    QVERIFY(!guard);
    // Closed and opened again inside the handler of its own end.
    SharedSegment again(name);
    QVERIFY(again.open());
    QSignalSpy opened(&again, &SharedSegment::opened);
    connect(&again, &SharedSegment::orphaned, &again, [&] {
        again.close();
        peer = testsupport::owner(name, backend());
        again.open();
    });
    peer->kill();
    QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, Deadline);
    QCOMPARE(again.state(), State::Open);
}

void tst_Activation::wishesAMirror()
{
    const QString name = mirrorName();
    SharedSegment s(name);
    s.setActive(true);
    QCOMPARE(s.state(), State::Waiting);
    QCOMPARE(wished(), QStringList{name});
    // It stays while the segment is open, and while its owner is gone.
    auto mirror = testsupport::owner(name, backend());
    QTRY_COMPARE_WITH_TIMEOUT(s.state(), State::Open, Deadline);
    QCOMPARE(wished(), QStringList{name});
    mirror->kill();
    QTRY_COMPARE_WITH_TIMEOUT(s.state(), State::Orphaned, Deadline);
    QCOMPARE(wished(), QStringList{name});
    mirror = testsupport::owner(name, backend());
    QTRY_COMPARE_WITH_TIMEOUT(s.state(), State::Open, Deadline);
    QCOMPARE(wished(), QStringList{name});
    s.setActive(false);
    QVERIFY(wished().isEmpty());
    // Opened without waiting.
    QVERIFY(s.open());
    QCOMPARE(wished(), QStringList{name});
    s.close();
    QVERIFY(wished().isEmpty());
    // It follows the name.
    s.setName(mirrorName());
    QVERIFY(!s.open());
    QVERIFY(!s.waitForOpened(QDeadlineTimer(1)));
    QVERIFY(wished().isEmpty());
    s.setActive(true);
    QCOMPARE(wished(), QStringList{s.name()});
    s.setName(name);
    QCOMPARE(s.state(), State::Open);
    QCOMPARE(wished(), QStringList{name});
    s.setName(mirrorName());
    QCOMPARE(wished(), QStringList{s.name()});
    // If another program removes it, the next change of the folder brings another.
    QVERIFY(QFile::remove(m_folder.path() + u'/' + m_folder.files().filter(u".wish"_s).value(0)));
    auto other = testsupport::owner(uniqueName(), backend());
    QTRY_COMPARE_WITH_TIMEOUT(wished(), QStringList{s.name()}, Deadline);
}

void tst_Activation::wishesOnceForAllObjects()
{
    const QString name = mirrorName();
    // What 100 objects cost that wait for a name of this host.
    qsizetype plain = 0;
    {
        std::vector<std::unique_ptr<SharedSegment>> waiting;
        for (int i = 0; i < 100; ++i) {
            waiting.push_back(std::make_unique<SharedSegment>(u"plain"_s));
            waiting.back()->setActive(true);
        }
        plain = descriptors();
        QVERIFY(m_folder.files().isEmpty());
    }
    std::vector<std::unique_ptr<SharedSegment>> waiting;
    for (int i = 0; i < 100; ++i) {
        waiting.push_back(std::make_unique<SharedSegment>(name));
        waiting.back()->setActive(true);
    }
    QCOMPARE(m_folder.files().size(), 1);
    QCOMPARE(wished(), QStringList{name});
    QCOMPARE(descriptors(), plain == 0 ? 0 : plain + 1);
    auto mirror = testsupport::owner(name, backend());
    QTRY_VERIFY_WITH_TIMEOUT(std::all_of(waiting.begin(), waiting.end(), [](const auto &s) { return s->isOpen(); }),
                             Deadline);
    QCOMPARE(m_folder.files().filter(u".wish"_s).size(), 1);
    waiting.erase(waiting.begin(), waiting.end() - 1);
    QCOMPARE(wished(), QStringList{name});
    waiting.clear();
    QVERIFY(wished().isEmpty());
}

void tst_Activation::wishesNothingElse()
{
    // For what is of this host, for what it creates itself, and where waiting is pointless.
    SharedSegment plain(uniqueName());
    plain.setActive(true);
    SharedSegment middle(u"host/@"_s + uniqueName());
    middle.setActive(true);
    auto mirror = testsupport::owner(mirrorName(), backend());
    SharedSegment owned(mirrorName());
    owned.setLayout(SharedLayout::of<quint64>());
    owned.setCapacity(8);
    owned.setOwner(true);
    owned.setActive(true);
    SharedSegment pointless(mirrorName());
    pointless.setLayoutText(u"nothing"_s);
    pointless.setActive(true);
    QCOMPARE(pointless.state(), State::Closed);
    QVERIFY(m_folder.files().filter(u".wish"_s).isEmpty());
}

QTEST_GUILESS_MAIN(tst_Activation)
#include "tst_activation.moc"
