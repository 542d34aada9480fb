// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "testsupport.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedValue>

#include <QtCore/QFile>
#include <QtTest/QSignalSpy>

#include <array>
#include <cstring>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;
using namespace testsupport;
using State = SharedSegment::State;
using Access = SharedSegment::Access;
using Error = SharedSegment::Error;
using Backend = SharedSegment::Backend;

struct Sample
{
    qint32 id;
    double value;
    char label[20];
};
SHARED_STRUCT(Sample, id, value, label)

class tst_Lifetime : public QObject
{
    Q_OBJECT

private:
    RegistryFolder m_folder;

    static bool create(SharedSegment &segment, int length = 8)
    {
        segment.setBackend(backend());
        return segment.create(SharedLayout::of<quint64>(), length);
    }

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void cleanup()
    {
        QCOMPARE(SharedSegment::names(), QStringList());
        QCOMPARE(m_folder.files(), QStringList());
    }

    void defaults();
    void propertiesNotify();
    void createOpenClose();
    void typedForms();
    void writerPublishesDiscardsUnwinds();
    void oneBuffer();
    void bufferCountDefault();
    void namesAreDistinct();
    void secondCreateAndOpen();
    void signalsOncePerOpening();
    void activeWaitsAndMovesOn();
    void ownerRequestWaits();
    void killedOwnerFreesTheName();
    void replacedBeforeTheFirstEvent();
    void recordThatCannotBeMapped();
    void recycledPid();
    void racingCreators();
    void orphanKeepsTheLastRevision();
    void ownerObjectsShareOneMapping();
    void readsFromThreads();
    void deletedInItsOwnSignals();
    void layoutMismatch();
    void changesWhileOpen();
    void whatIsKnownOfTheOwner();
};

void tst_Lifetime::defaults()
{
    SharedSegment s;
    QCOMPARE(s.name(), QString());
    QCOMPARE(s.layoutText(), QString());
    QVERIFY(!s.layout().isValid());
    QCOMPARE(s.length(), 0);
    QCOMPARE(s.bufferCount(), 0);
    QCOMPARE(s.backend(), Backend::Automatic);
    QCOMPARE(s.access(), Access::ReadOnly);
    QCOMPARE(s.multipleWriters(), false);
    QCOMPARE(s.state(), State::Closed);
    QCOMPARE(s.isActive(), false);
    QCOMPARE(s.owner(), false);
    QCOMPARE(s.isOwner(), false);
    QCOMPARE(s.size(), 0);
    QCOMPARE(s.revision(), 0u);
    QVERIFY(!s.updatedAt().isValid());
    QCOMPARE(s.ownerPid(), 0);
    QCOMPARE(s.instance(), QString());
    QCOMPARE(s.ownerProgram(), QString());
    QVERIFY(!s.createdAt().isValid());
    QCOMPARE(s.listenerCount(), 0);
    QCOMPARE(s.error(), Error::NoError);
    QCOMPARE(s.errorString(), QString());
    QVERIFY(!s.isOpen());
    QVERIFY(s.snapshot().isEmpty());
    QCOMPARE(SharedSegment(u"x"_s).name(), u"x"_s);
}

void tst_Lifetime::propertiesNotify()
{
    // Each property has its own notifier, named after it.
    const QMetaObject &meta = SharedSegment::staticMetaObject;
    for (int i = meta.propertyOffset(); i < meta.propertyCount(); ++i) {
        const QMetaProperty property = meta.property(i);
        QCOMPARE(property.notifySignal().name(), QByteArray(property.name()) + "Changed");
    }
    SharedSegment s(uniqueName());
    QSignalSpy state(&s, &SharedSegment::stateChanged);
    QSignalSpy length(&s, &SharedSegment::lengthChanged);
    QSignalSpy layout(&s, &SharedSegment::layoutChanged);
    QSignalSpy size(&s, &SharedSegment::sizeChanged);
    QSignalSpy isOwner(&s, &SharedSegment::isOwnerChanged);
    QVERIFY(create(s));
    s.close();
    QCOMPARE(state.count(), 2);
    QCOMPARE(length.count(), 2);
    QCOMPARE(layout.count(), 2);
    QCOMPARE(size.count(), 2);
    QCOMPARE(isOwner.count(), 2);
}

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
    QCOMPARE(reader.length(), 8);
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

void tst_Lifetime::typedForms()
{
    const QString name = uniqueName();
    SharedArray<double, 20> fixed(name);
    fixed.segment()->setBackend(backend());
    QVERIFY2(fixed.create(), qPrintable(fixed.errorString()));
    QCOMPARE(fixed.size(), 20);
    SharedArray<double> reader(name);
    QVERIFY(reader.open());
    std::vector<double> values(20);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = double(i) * 1.5;
    QVERIFY(fixed.write(values));
    SharedRevision revision;
    QCOMPARE(reader.snapshot(&revision), QList<double>(values.begin(), values.end()));
    QCOMPARE(revision.number, 1u);
    QVERIFY(revision.timestamp > 0);
    QCOMPARE(reader.at(3), 4.5);
    QCOMPARE(reader.at(20), 0.0);
    QCOMPARE(reader.error(), Error::InvalidSize);
    std::array<double, 2> two{};
    QCOMPARE(reader.read(two), std::optional<quint64>(1));
    QCOMPARE(two[1], 1.5);
    QVERIFY(!fixed.write(std::span<const double>(values).first(19)));
    QCOMPARE(fixed.error(), Error::InvalidSize);
    QVERIFY(reader.live().empty());

    SharedValue<Sample> sample(uniqueName());
    sample.segment()->setBackend(backend());
    QVERIFY(sample.create());
    SharedValue<Sample> mirror(sample.segment()->name());
    QVERIFY(mirror.open());
    sample.write()->id = 42;
    QVERIFY(sample.set({7, 2.5, "seven"}));
    QCOMPARE(mirror.get().id, 7);
    QCOMPARE(mirror.get().value, 2.5);
    QCOMPARE(QString::fromUtf8(mirror.get().label), u"seven"_s);
    QCOMPARE(mirror.revision(), 2u);
}

void tst_Lifetime::writerPublishesDiscardsUnwinds()
{
    SharedArray<int> array(uniqueName());
    array.segment()->setBackend(backend());
    for (const int bufferCount : {1, 2, 16}) {
        array.segment()->setBufferCount(bufferCount);
        QVERIFY(array.create(4));
        {
            auto w = array.write();
            QVERIFY(w);
            QCOMPARE(w.size(), 4);
            w[3] = 1;
            QCOMPARE(array.at(3), 0); // No reader sees it yet.
        }
        QCOMPARE(array.at(3), 1);
        {
            auto w = array.write();
            QCOMPARE(w[3], 1);
            w[3] = 2;
            w.discard();
            QVERIFY(!w);
        }
        QCOMPARE(array.at(3), 1);
        QCOMPARE(array.revision(), 1u);
        try {
            auto w = array.write();
            w[3] = 3;
            throw 1;
        } catch (int) {
        }
        QCOMPARE(array.at(3), 1);
        {
            auto w = array.write();
            QVERIFY(!array.write()); // A second one in the same thread is an error, not a deadlock.
            QCOMPARE(array.error(), Error::Busy);
            QCOMPARE(w.publish(), std::optional<quint64>(2));
            QVERIFY(!w.publish());
        }
        // Every buffer is used in turn.
        for (int i = 0; i < 40; ++i) {
            const std::array<int, 4> values{i, i, i, i};
            QVERIFY(array.write(values));
            QCOMPARE(array.snapshot(), QList<int>(4, i));
        }
        {
            auto w = array.write();
            w[0] = 99;
            array.close(); // Destroyed while writing.
        }
        QVERIFY(!array.isOpen());
    }
}

void tst_Lifetime::oneBuffer()
{
    SharedArray<int> array(uniqueName());
    array.segment()->setBackend(backend());
    array.segment()->setBufferCount(1);
    QVERIFY(array.create(4));
    SharedArray<int> reader(array.segment()->name());
    QVERIFY(reader.open());
    array.live()[2] = 5;
    QCOMPARE(reader.live()[2], 5);
    QCOMPARE(reader.snapshot()[2], 5);
    array.write()[1] = 6;
    QCOMPARE(reader.live()[1], 6);
    QCOMPARE(reader.revision(), 1u);
}

void tst_Lifetime::bufferCountDefault()
{
    SharedSegment s(uniqueName());
    QVERIFY(create(s, 8));
    QCOMPARE(s.bufferCount(), 4);
    s.close();
    QVERIFY(create(s, (16 << 20) / 8));
    QCOMPARE(s.bufferCount(), 4);
    s.close();
    QVERIFY(create(s, (16 << 20) / 8 + 1));
    QCOMPARE(s.bufferCount(), 2);
}

void tst_Lifetime::namesAreDistinct()
{
    const QString prefix = uniqueName();
    const QStringList names{prefix + u"/a"_s,
                            prefix + u"/A"_s,
                            prefix + u"%41"_s,
                            prefix + u"%2FA"_s,
                            prefix + u"../x"_s,
                            prefix + u" x"_s,
                            prefix + u"ü"_s,
                            prefix + u"ä"_s,
                            prefix + u"日本"_s,
                            prefix + u"\t\n"_s,
                            u"."_s,
                            u".."_s,
                            u"/"_s,
                            QString(255, u'n'),
                            QString(254, u'n') + u'm',
                            QString(255, u'N')};
    std::vector<std::unique_ptr<SharedSegment>> owners;
    for (const QString &name : names) {
        owners.push_back(std::make_unique<SharedSegment>(name));
        QVERIFY2(create(*owners.back()), qPrintable(name + owners.back()->errorString()));
        QVERIFY(owners.back()->publish(name.toUtf8().leftJustified(64, '-', true)));
    }
    QCOMPARE(SharedSegment::names().size(), names.size());
    for (const QString &name : names) {
        SharedSegment reader(name);
        QVERIFY2(reader.open(), qPrintable(reader.errorString()));
        QCOMPARE(reader.snapshot(), name.toUtf8().leftJustified(64, '-', true));
    }
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

void tst_Lifetime::signalsOncePerOpening()
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
        QTRY_VERIFY_WITH_TIMEOUT(!updated.isEmpty() && updated.last().at(0).toULongLong() == quint64(i), Deadline);
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

void tst_Lifetime::activeWaitsAndMovesOn()
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

void tst_Lifetime::ownerRequestWaits()
{
    const QString name = uniqueName();
    auto peer = testsupport::owner(name, backend());
    SharedSegment s(name);
    s.setBackend(backend());
    s.setLayoutText(u"f64"_s);
    s.setLength(8);
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

void tst_Lifetime::replacedBeforeTheFirstEvent()
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
    second.write()[0] = 3;
    QCOMPARE(owner.at(0), 3u);
    QTRY_COMPARE_WITH_TIMEOUT(updated.count(), 1, Deadline);
    owner.close();
    QTRY_COMPARE_WITH_TIMEOUT(orphaned.count(), 1, Deadline);
    QVERIFY(!second.write());
    // Another process that is not the owner is refused.
    auto peer = testsupport::owner(name, backend());
    second.close();
    QVERIFY(!second.open(Access::ReadWrite));
    QCOMPARE(second.error(), Error::PermissionDenied);
}

void tst_Lifetime::readsFromThreads()
{
    SharedArray<quint64> owner(uniqueName());
    owner.segment()->setBackend(backend());
    QVERIFY(owner.create(512));
    SharedArray<quint64> reader(owner.segment()->name());
    QVERIFY(reader.open());
    std::atomic<bool> stop = false;
    std::atomic<int> torn = 0;
    std::atomic<int> reads = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([&] {
            while (!stop) {
                const QList<quint64> values = reader.snapshot();
                for (const quint64 value : values) {
                    if (value != values.first())
                        ++torn;
                }
                reads += values.isEmpty() ? 0 : 1;
            }
        });
    }
    std::vector<quint64> values(512);
    for (quint64 i = 1; i < 20000 || reads < 100; ++i) {
        std::fill(values.begin(), values.end(), i);
        owner.write(values);
        if (i % 2000 == 0) {
            // Closing under reading threads is safe.
            reader.close();
            QVERIFY(reader.open());
        }
    }
    stop = true;
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(torn.load(), 0);
}

void tst_Lifetime::deletedInItsOwnSignals()
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

void tst_Lifetime::layoutMismatch()
{
    SharedSegment owner(uniqueName());
    owner.setBackend(backend());
    QVERIFY(owner.create(SharedLayout::of<Sample>(), 2));
    const QList<QPair<QString, QString>> wrong{
        {u"Sample{value:f64@8;id:i32@0;label:char[20]@16}/40"_s, QString()}, // The same: order is by offset.
        {u"Sample{id:i32;other:f64;label:char[20]}"_s, u"other"_s},
        {u"Sample{id:u32;value:f64;label:char[20]}"_s, u"u32"_s},
        {u"Sample{id:i32;value:f64;label:char[24]}"_s, u"char[24]"_s},
        {u"Sample{id:f32@0;value:f64@8;label:char[20]@16}/40"_s, u"f32"_s},
        {u"Sample{value:f64@0;id:i32@8;label:char[20]@16}/40"_s, u"value"_s},
        {u"f64"_s, u"f64"_s},
    };
    for (const auto &[text, difference] : wrong) {
        SharedSegment reader(owner.name());
        reader.setLayoutText(text);
        if (difference.isEmpty()) {
            QVERIFY2(reader.open(), qPrintable(reader.errorString()));
            continue;
        }
        QVERIFY(!reader.open());
        QCOMPARE(reader.error(), Error::LayoutMismatch);
        QVERIFY2(reader.errorString().contains(owner.layoutText()), qPrintable(reader.errorString()));
        QVERIFY2(reader.errorString().contains(reader.layout().text()), qPrintable(reader.errorString()));
        QVERIFY2(reader.errorString().contains(difference), qPrintable(reader.errorString()));
        QCOMPARE(reader.state(), State::Closed);
    }
    SharedArray<Sample, 3> three(owner.name());
    QVERIFY(!three.open());
    QCOMPARE(three.error(), Error::LayoutMismatch);
    SharedArray<Sample, 2> two(owner.name());
    QVERIFY(two.open());
}

void tst_Lifetime::changesWhileOpen()
{
    const QString first = uniqueName();
    const QString second = uniqueName();
    SharedSegment a(first);
    SharedSegment b(second);
    QVERIFY(create(a));
    QVERIFY(create(b));
    SharedSegment reader(first);
    QSignalSpy opened(&reader, &SharedSegment::opened);
    QSignalSpy closed(&reader, &SharedSegment::closed);
    reader.setActive(true);
    QCOMPARE(reader.instance(), a.instance());
    reader.setName(second);
    QCOMPARE(reader.instance(), b.instance());
    QCOMPARE(opened.count(), 2);
    QCOMPARE(closed.count(), 1);
    reader.setLayoutText(u"f32"_s);
    QCOMPARE(reader.state(), State::Waiting);
    QCOMPARE(reader.error(), Error::LayoutMismatch);
    reader.setLayoutText(u"u64"_s);
    QCOMPARE(reader.state(), State::Open);
    // Not active: closed under the old name, and not opened under the new one.
    reader.close();
    QVERIFY(reader.open());
    reader.setName(first);
    QCOMPARE(reader.state(), State::Closed);
}

void tst_Lifetime::whatIsKnownOfTheOwner()
{
    QCOMPARE(SharedSegment::registryFolder(), m_folder.path());
    QVERIFY(SharedSegment::backends().contains(backend()));
    const QDateTime before = QDateTime::currentDateTime().addMSecs(-1);
    const QString name = uniqueName();
    auto peer = owner(name, backend());
    SharedSegment s(name);
    QVERIFY(s.open());
    QCOMPARE(s.ownerPid(), peer->pid());
    QVERIFY2(s.ownerProgram().startsWith(u"sharedsegment_p"_s), qPrintable(s.ownerProgram())); // as much as Linux keeps
    QVERIFY(s.createdAt() >= before && s.createdAt() <= QDateTime::currentDateTime());
    QTRY_COMPARE_WITH_TIMEOUT(s.listenerCount(), 1, Deadline);
    {
        SharedSegment other(name);
        QVERIFY(other.open());
        QTRY_COMPARE_WITH_TIMEOUT(s.listenerCount(), 2, Deadline);
    }
    QTRY_COMPARE_WITH_TIMEOUT(s.listenerCount(), 1, Deadline);
}

QTEST_GUILESS_MAIN(tst_Lifetime)
#include "tst_lifetime.moc"
