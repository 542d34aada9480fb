// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The system's clock is set while segments have an age: this program has a clock of its own in its place.

#include "../../support/testsupport.h"

#include <SharedSegment/SharedArray>

#include <QtTest/QSignalSpy>

#include <atomic>
#include <ctime>
#include <sys/syscall.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace testsupport;

namespace {

/// How many seconds this process believes to be later.
std::atomic<time_t> step = 0;

constexpr time_t Year = 365 * 24 * 3600;

} // namespace

/// In place of the C library's: a program's own function comes first.
extern "C" int clock_gettime(clockid_t clock, timespec *time) noexcept
{
    const int result = static_cast<int>(syscall(SYS_clock_gettime, clock, time));
    if (result == 0 && clock == CLOCK_REALTIME)
        time->tv_sec += step;
    return result;
}

class tst_ClockSteps : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { step = 0; }
    void cleanup() { step = 0; }

    void ageOfWhatWasTaken_data() { addSteps(); }
    void ageOfWhatWasTaken();
    void ageOfWhatComes_data() { addSteps(); }
    void ageOfWhatComes();
    void timestampsOfAnyTime();

private:
    static void addSteps()
    {
        QTest::addColumn<qint64>("seconds");
        QTest::newRow("back") << -qint64(Year);
        QTest::newRow("forth") << qint64(Year);
    }

    RegistryFolder m_folder;
};

void tst_ClockSteps::ageOfWhatWasTaken()
{
    QFETCH(qint64, seconds);
    const QString name = uniqueName();
    auto peer = owner(name, preferredBackend());
    QCOMPARE(peer->ask("publish 5"), u"published 1"_s);
    SharedSegment s(name);
    s.setStaleAfter(500);
    QVERIFY(s.open());
    QSignalSpy stale(&s, &SharedSegment::staleChanged);
    const qint64 before = s.age();
    step = time_t(seconds);
    QVERIFY2(s.age() >= before && s.age() < Deadline, qPrintable(QString::number(s.age())));
    // It gets stale at its time.
    QTRY_COMPARE_WITH_TIMEOUT(stale.count(), 1, Deadline);
    QVERIFY(s.isStale());
    QVERIFY2(s.age() > 500 && s.age() < Deadline, qPrintable(QString::number(s.age())));
}

void tst_ClockSteps::ageOfWhatComes()
{
    // All processes have the same clock, also after it was set.
    QFETCH(qint64, seconds);
    SharedArray<double> array(uniqueName());
    QVERIFY(array.create(4));
    SharedSegment s(array.segment()->name());
    s.setStaleAfter(Deadline);
    QVERIFY(s.open());
    QSignalSpy stale(&s, &SharedSegment::staleChanged);
    QVERIFY(array.publish(std::vector<double>(4, 1)));
    QTRY_COMPARE_WITH_TIMEOUT(stale.count(), 1, Deadline);
    step = time_t(seconds);
    QVERIFY(array.publish(std::vector<double>(4, 2)));
    QVERIFY2(s.age() >= 0 && s.age() < Deadline, qPrintable(QString::number(s.age())));
    QVERIFY(!s.isStale());
    // Published just before the clock was set back: never below 0. And forth: as old as it says, until the next one.
    step = 0;
    s.close();
    QVERIFY(s.open());
    QVERIFY(s.age() >= 0);
    QCOMPARE(s.isStale(), seconds < 0);
    QVERIFY(array.publish(std::vector<double>(4, 3)));
    QVERIFY(!s.isStale());
}

void tst_ClockSteps::timestampsOfAnyTime()
{
    // Centuries before and after.
    SharedArray<double> array(uniqueName());
    QVERIFY(array.create(4));
    for (const time_t centuries : {-2, 2}) {
        step = centuries * 100 * Year;
        QVERIFY(array.publish(std::vector<double>(4, 1)));
        step = 0;
        SharedSegment s(array.segment()->name());
        s.setStaleAfter(Deadline);
        QVERIFY(s.open());
        QVERIFY(s.age() >= 0);
        QCOMPARE(s.isStale(), centuries < 0);
    }
}

QTEST_GUILESS_MAIN(tst_ClockSteps)
#include "tst_clocksteps.moc"
