// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The Qt objects: moved between threads, with values larger than the memory or the stack, and the texts of their errors.

#include "../../support/testsupport.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedValue>

#include <QtCore/QThread>
#include <QtTest/QSignalSpy>

#include <array>
#include <atomic>
#include <memory>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace testsupport;
using State = SharedSegment::State;
using Error = SharedSegment::Error;

struct LargeValue
{
    qint32 number;
    std::array<quint32, 1500 * 1024> pixels; // 6 MB, too much for a stack
};
SHARED_STRUCT(LargeValue, number, pixels)

class tst_Objects : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { QCOMPARE(SharedSegment::names(), QStringList()); }

    void moved_data();
    void moved();
    void movedFromAThreadThatEnds();
    void largeValue();
    void moreThanThereIsMemory();
    void errorGoesWithTheNextSuccess();
    void notFoundNamesTheFolder();
    void sizesInElements();

private:
    RegistryFolder m_registry;
};

void tst_Objects::moved_data()
{
    QTest::addColumn<bool>("isWaiting");
    QTest::newRow("open") << false;
    QTest::newRow("waiting") << true;
}

void tst_Objects::moved()
{
    QFETCH(bool, isWaiting);
    const QString name = uniqueName();
    std::unique_ptr<Peer> peer;
    if (!isWaiting)
        peer = owner(name, preferredBackend());
    QThread thread;
    auto *const s = new SharedSegment(name);
    std::atomic<int> opened = 0;
    std::atomic<int> updated = 0;
    std::atomic<int> orphaned = 0;
    std::atomic<int> elsewhere = 0;
    const auto count = [&](std::atomic<int> &what) {
        return [&] {
            ++what;
            elsewhere += QThread::currentThread() == &thread ? 0 : 1;
        };
    };
    s->setActive(true);
    QCOMPARE(s->state(), isWaiting ? State::Waiting : State::Open);
    QCoreApplication::processEvents();
    connect(s, &SharedSegment::opened, s, count(opened), Qt::DirectConnection);
    connect(s, &SharedSegment::updated, s, count(updated), Qt::DirectConnection);
    connect(s, &SharedSegment::orphaned, s, count(orphaned), Qt::DirectConnection);
    s->moveToThread(&thread);
    thread.start();
    // This thread's event loop does not run from here on: signals come from the other thread's loop.
    const auto waitFor = [](const std::atomic<int> &what, int wanted) {
        for (int i = 0; i < Deadline && what < wanted; ++i)
            QThread::msleep(1);
        return what >= wanted;
    };
    if (isWaiting) {
        peer = owner(name, preferredBackend());
        QVERIFY(waitFor(opened, 1));
    }
    for (int i = 1; i <= 3; ++i) {
        QCOMPARE(peer->ask("publish 5"), u"published %1"_s.arg(i));
        QVERIFY(waitFor(updated, i));
    }
    peer->kill();
    QVERIFY(waitFor(orphaned, 1));
    QCOMPARE(elsewhere, 0);
    // And it waits for the next owner there.
    opened = 0;
    auto next = owner(name, preferredBackend());
    QVERIFY(waitFor(opened, 1));
    QMetaObject::invokeMethod(
        s, [s] { delete s; }, Qt::BlockingQueuedConnection);
    thread.quit();
    QVERIFY(thread.wait(Deadline));
}

void tst_Objects::movedFromAThreadThatEnds()
{
    const QString name = uniqueName();
    auto peer = owner(name, preferredBackend());
    std::unique_ptr<SharedSegment> s;
    std::unique_ptr<QThread> thread(QThread::create([&] {
        s = std::make_unique<SharedSegment>(name);
        s->setActive(true);
        QCoreApplication::processEvents();
        // Comes while the object is between the threads.
        s->moveToThread(QCoreApplication::instance()->thread());
    }));
    thread->start();
    QVERIFY(thread->wait(Deadline));
    QCOMPARE(peer->ask("publish 5"), u"published 1"_s);
    QSignalSpy updated(s.get(), &SharedSegment::updated);
    QTRY_COMPARE_WITH_TIMEOUT(updated.count(), 1, Deadline);
    QCOMPARE(peer->ask("publish 5"), u"published 2"_s);
    QTRY_COMPARE_WITH_TIMEOUT(updated.count(), 2, Deadline);
    peer->kill();
    QTRY_COMPARE_WITH_TIMEOUT(s->state(), State::Orphaned, Deadline);
}

void tst_Objects::largeValue()
{
    SharedValue<LargeValue> value(uniqueName());
    QVERIFY(value.create());
    auto large = std::make_unique<LargeValue>();
    large->number = 5;
    large->pixels.back() = 7;
    QVERIFY(value.set(*large));
    auto copy = std::make_unique<LargeValue>();
    QCOMPARE(value.read(*copy), std::optional<quint64>(1));
    QCOMPARE(copy->number, 5);
    QCOMPARE(copy->pixels.back(), 7u);
    value.close();
    QVERIFY(!value.read(*copy));
}

void tst_Objects::moreThanThereIsMemory()
{
    const QString name = uniqueName();
    auto peer = owner(name, preferredBackend(), 32 << 20, 1);
    SharedSegment s(name);
    QVERIFY(s.open());
    SharedArray<quint64> array(name);
    QVERIFY(array.open());
    rlimit before;
    QCOMPARE(getrlimit(RLIMIT_AS, &before), 0);
    rlimit little = before;
    QFile statm(u"/proc/self/statm"_s);
    QVERIFY(statm.open(QIODevice::ReadOnly));
    little.rlim_cur = statm.readAll().split(' ').first().toULongLong() * static_cast<rlim_t>(sysconf(_SC_PAGESIZE))
                    + (128 << 20);
    QCOMPARE(setrlimit(RLIMIT_AS, &little), 0);
    const bool isEmpty = s.snapshot().isEmpty() && array.snapshot().isEmpty();
    QCOMPARE(setrlimit(RLIMIT_AS, &before), 0);
    QVERIFY(isEmpty);
    QCOMPARE(s.error(), Error::OutOfMemory);
    QCOMPARE(array.error(), Error::OutOfMemory);
    QCOMPARE(s.snapshot().size(), s.size());
    QCOMPARE(s.error(), Error::NoError);
    QVERIFY(!s.checkMemory(std::numeric_limits<qint64>::max()));
    QVERIFY(!s.checkMemory(qint64(1) << 46));
}

void tst_Objects::errorGoesWithTheNextSuccess()
{
    SharedArray<qint32> array(uniqueName());
    SharedSegment &s = *array.segment();
    const auto fail = [&] { s.setError(Error::InvalidValue, u"a failure"_s); };
    fail();
    QVERIFY(array.create(3));
    QCOMPARE(s.error(), Error::NoError);
    fail();
    QVERIFY(array.publish(std::vector<qint32>(3)));
    QCOMPARE(s.error(), Error::NoError);
    QCOMPARE(s.errorString(), QString());
    fail();
    QCOMPARE(array.snapshot().size(), 3);
    QCOMPARE(s.error(), Error::NoError);
    fail();
    QVERIFY(array.beginWrite());
    QCOMPARE(s.error(), Error::NoError);
    QCOMPARE(array.readElement(3), 0);
    QCOMPARE(s.error(), Error::InvalidSize);
    QCOMPARE(array.readElement(2), 0);
    QCOMPARE(s.error(), Error::NoError);
}

void tst_Objects::notFoundNamesTheFolder()
{
    const QString name = u"plant/"_s + uniqueName();
    SharedArray<qint32> array(name);
    QVERIFY(array.create(1));
    SharedSegment other(name + u"x"_s);
    QVERIFY(!other.open());
    QCOMPARE(other.error(), Error::NotFound);
    QVERIFY2(other.errorString().contains(m_registry.path()), qPrintable(other.errorString()));
    QVERIFY2(other.errorString().contains(u"did you mean \""_s + name + u"\"?"_s), qPrintable(other.errorString()));
    array.close();
    QVERIFY(!other.open());
    QVERIFY2(!other.errorString().contains(name + u"\"?"_s), qPrintable(other.errorString()));
}

void tst_Objects::sizesInElements()
{
    SharedArray<double> array(uniqueName());
    QVERIFY(array.create(10));
    QVERIFY(!array.publish(std::vector<double>(8)));
    QCOMPARE(array.error(), Error::InvalidSize);
    QVERIFY2(array.errorString().contains(u"10 elements"_s) && array.errorString().contains(u"8 elements"_s),
             qPrintable(array.errorString()));
    array.readElement(-3);
    QVERIFY2(array.errorString().contains(u"at the index -3"_s), qPrintable(array.errorString()));
    for (const qsizetype index :
         {std::numeric_limits<qsizetype>::max(), std::numeric_limits<qsizetype>::min(), qsizetype(10)}) {
        QCOMPARE(array.readElement(index), 0.0);
        QCOMPARE(array.error(), Error::InvalidSize);
    }
}

QTEST_GUILESS_MAIN(tst_Objects)
#include "tst_objects.moc"
