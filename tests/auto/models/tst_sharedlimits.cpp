// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// SharedLimits follows the values of a segment.

#include "../../support/testsupport.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedLimits>
#include <SharedSegment/SharedStream>

#include <QtCore/QElapsedTimer>
#include <QtCore/QJsonDocument>
#include <QtCore/QPointer>
#include <QtCore/QRegularExpression>
#include <QtTest/QSignalSpy>

#include <algorithm>
#include <limits>
#include <vector>

using namespace Qt::StringLiterals;
using namespace testsupport;
using Level = SharedLimits::Level;

namespace {

struct Boiler
{
    double pressure;
    qint32 level;
    char name[8];
    float flow[2];
};
SHARED_STRUCT(Boiler, pressure, level, name, flow)

QVariantMap json(const char *text)
{
    return QJsonDocument::fromJson(text).toVariant().toMap();
}

constexpr double Nan = std::numeric_limits<double>::quiet_NaN();

/// An array of metadata in this process, and limits that follow another opening of it.
template<typename T>
struct Watched
{
    explicit Watched(const char *metadata, qint64 capacity = 1)
        : array(uniqueName())
        , segment(array.segment()->name())
    {
        array.segment()->setMetadata(json(metadata));
        if (!array.create(capacity) || !segment.open())
            qFatal("%s", qPrintable(array.errorString()));
        limits.setSegment(&segment);
    }

    SharedArray<T> array;
    SharedSegment segment;
    SharedLimits limits;
};

class CountingSegment : public SharedSegment
{
public:
    using SharedSegment::SharedSegment;
    int updateReceivers() const { return receivers(SIGNAL(updated(SharedRevision))); }
};

} // namespace

class tst_SharedLimits : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void defaults();
    void levelFollowsTheValue();
    void fieldsOfTheMetadata();
    void ownLimits();
    void oneElement();
    void variableCount();
    void stream();
    void delayWithoutRevisions();
    void delayWithUnreadRevision();
    void nothingWithoutLimits();
    void reopenedWithOtherLimits();
    void mistakes();
    void receiversMayDelete();
    void ownerIsKilledInAlarm();

private:
    RegistryFolder m_folder;
};

void tst_SharedLimits::defaults()
{
    const SharedLimits limits;
    QVERIFY(!limits.segment());
    QCOMPARE(limits.field(), QString());
    QCOMPARE(limits.index(), -1);
    for (const char *const name : {"low", "high", "lowLow", "highHigh", "hysteresis", "delay"})
        QVERIFY(qIsNaN(limits.property(name).toDouble()));
    QCOMPARE(limits.maximumRate(), 0.0);
    QCOMPARE(limits.level(), Level::Unknown);
    QVERIFY(limits.acknowledged());
    QCOMPARE(limits.count(), 0);
}

void tst_SharedLimits::levelFollowsTheValue()
{
    Watched<double> watched(R"({"fields": {"value": {"low": 20, "high": 80, "highHigh": 90, "hysteresis": 5}}})");
    QCOMPARE(watched.limits.level(), Level::Unknown); // Nothing was published yet.
    QSignalSpy level(&watched.limits, &SharedLimits::levelChanged);
    QSignalSpy acknowledged(&watched.limits, &SharedLimits::acknowledgedChanged);
    const auto publish = [&](double value) { return watched.array.publish(QList<double>{value}); };
    QVERIFY(publish(50));
    QTRY_COMPARE(watched.limits.level(), Level::Normal);
    QCOMPARE(level.count(), 1);
    QVERIFY(publish(85));
    QTRY_COMPARE(watched.limits.level(), Level::High);
    QVERIFY(!watched.limits.acknowledged());
    QCOMPARE(watched.limits.count(), 1);
    watched.limits.acknowledge();
    QVERIFY(watched.limits.acknowledged());
    QCOMPARE(watched.limits.level(), Level::High);
    QCOMPARE(acknowledged.count(), 2);
    QVERIFY(publish(91));
    QTRY_COMPARE(watched.limits.level(), Level::HighHigh);
    QVERIFY(!watched.limits.acknowledged());
    QVERIFY(publish(50));
    QTRY_COMPARE(watched.limits.level(), Level::Normal);
    QVERIFY(!watched.limits.acknowledged());
    QCOMPARE(watched.limits.count(), 1);
    watched.limits.acknowledge();
    QCOMPARE(watched.limits.count(), 0);
    QVERIFY(publish(Nan));
    QTRY_COMPARE(watched.limits.level(), Level::Unknown);
    QVERIFY(publish(15));
    QTRY_COMPARE(watched.limits.level(), Level::Low);
    // A closed segment keeps the alarm, and nothing is normal.
    watched.segment.close();
    QCOMPARE(watched.limits.level(), Level::Low);
    QVERIFY(watched.segment.open());
    QVERIFY(publish(50));
    QTRY_COMPARE(watched.limits.level(), Level::Normal);
    watched.limits.acknowledge();
    watched.segment.close();
    QCOMPARE(watched.limits.level(), Level::Unknown);
    watched.limits.setSegment(nullptr);
    QCOMPARE(watched.limits.level(), Level::Unknown);
}

void tst_SharedLimits::fieldsOfTheMetadata()
{
    Watched<Boiler> watched(R"({"fields": {"pressure": {"high": 8}, "flow": {"low": 1}, "name": {"high": 1}}})", 3);
    QList<Boiler> boilers(3, Boiler{5, 1000, "a", {2, 2}});
    QVERIFY(watched.array.publish(boilers));
    QTRY_COMPARE(watched.limits.level(), Level::Normal);
    boilers[2].flow[1] = 0.5F;
    QVERIFY(watched.array.publish(boilers));
    QTRY_COMPARE(watched.limits.level(), Level::Low);
    boilers[0].pressure = 9;
    QVERIFY(watched.array.publish(boilers));
    QTRY_COMPARE(watched.limits.count(), 2);
    watched.limits.setField(u"flow"_s);
    QCOMPARE(watched.limits.count(), 1);
    QCOMPARE(watched.limits.level(), Level::Low);
    watched.limits.setField(u"level"_s);
    QCOMPARE(watched.limits.level(), Level::Normal);
    watched.limits.setHighHigh(999);
    QCOMPARE(watched.limits.level(), Level::HighHigh);
    QCOMPARE(watched.limits.count(), 3);
    watched.limits.resetHighHigh();
    watched.limits.setField(QString());
    QCOMPARE(watched.limits.count(), 2);
}

void tst_SharedLimits::ownLimits()
{
    Watched<double> watched(R"({"fields": {"value": {"high": 80, "highHigh": 90}}})");
    QVERIFY(watched.array.publish(QList<double>{85}));
    QTRY_COMPARE(watched.limits.level(), Level::High);
    QSignalSpy changed(&watched.limits, &SharedLimits::limitsChanged);
    watched.limits.setHigh(88);
    QCOMPARE(watched.limits.level(), Level::Normal);
    QVERIFY(!watched.limits.acknowledged());
    watched.limits.setHighHigh(std::numeric_limits<double>::infinity());
    QVERIFY(watched.array.publish(QList<double>{95}));
    QTRY_COMPARE(watched.limits.level(), Level::High);
    watched.limits.resetHighHigh();
    QCOMPARE(watched.limits.level(), Level::HighHigh);
    watched.limits.resetHighHigh();
    QCOMPARE(changed.count(), 3);
    watched.limits.setHysteresis(20);
    QVERIFY(watched.array.publish(QList<double>{69}));
    QTRY_COMPARE(watched.limits.level(), Level::High);
}

void tst_SharedLimits::oneElement()
{
    Watched<int> watched(R"({"fields": {"value": {"high": 10}}})", 4);
    QVERIFY(watched.array.publish(QList<int>{1, 2, 30, 4}));
    QTRY_COMPARE(watched.limits.level(), Level::High);
    watched.limits.setIndex(1);
    QCOMPARE(watched.limits.level(), Level::Normal);
    QVERIFY(watched.limits.acknowledged());
    watched.limits.setIndex(2);
    QCOMPARE(watched.limits.level(), Level::High);
    watched.limits.setIndex(4);
    QCOMPARE(watched.limits.level(), Level::Unknown);
    watched.limits.setIndex(std::numeric_limits<qint64>::max());
    QCOMPARE(watched.limits.level(), Level::Unknown);
    watched.limits.setIndex(-7);
    QCOMPARE(watched.limits.index(), -1);
    QCOMPARE(watched.limits.level(), Level::High);
}

/// An element that is gone ends its alarm.
void tst_SharedLimits::variableCount()
{
    SharedArray<int> values(uniqueName());
    values.segment()->setMetadata(json(R"({"fields": {"value": {"high": 10}}})"));
    QVERIFY(values.createWithCapacity(1000));
    SharedLimits limits;
    limits.setSegment(values.segment());
    QVERIFY(values.publish(QList<int>{1, 20, 3, 40}));
    QTRY_COMPARE(limits.count(), 2);
    QVERIFY(values.publish(QList<int>{1, 20}));
    QTRY_COMPARE(values.revision(), 2u);
    limits.acknowledge();
    QTRY_COMPARE(limits.count(), 1);
    QVERIFY(values.publish(QList<int>()));
    QTRY_COMPARE(limits.count(), 0);
    QCOMPARE(limits.level(), Level::Normal);
    limits.setIndex(3);
    QCOMPARE(limits.level(), Level::Unknown);
    QVERIFY(values.publish(QList<int>{1, 2, 3, 4}));
    QTRY_COMPARE(limits.level(), Level::Normal);
}

/// Each element counts, also one between others of the same moment.
void tst_SharedLimits::stream()
{
    SharedStream<double> out(uniqueName());
    out.segment()->setMetadata(
        json(R"({"sampleRate": 1000, "fields": {"value": {"high": 10, "highHigh": 20, "delay": 5}}})"));
    QVERIFY2(out.create(100'000), qPrintable(out.errorString()));
    SharedSegment segment(out.segment()->name());
    QVERIFY(out.append(std::vector<double>(10, 99)));
    QVERIFY(out.append(1));
    QVERIFY(segment.open());
    SharedLimits limits;
    limits.setSegment(&segment);
    QTRY_COMPARE(limits.level(), Level::Normal);
    QVERIFY(limits.acknowledged()); // What was before is history.
    std::vector<double> samples(50'000, 5);
    std::fill_n(samples.begin() + 30'000, 5, 15); // for 4 ms
    QVERIFY(out.append(samples));
    QTRY_COMPARE(segment.revision(), 50'011u);
    std::fill_n(samples.begin() + 30'000, 6, 15); // for 5 ms
    QVERIFY(out.append(samples));
    QTRY_VERIFY(!limits.acknowledged());
    QCOMPARE(limits.level(), Level::Normal);
    QCOMPARE(limits.count(), 1);
    samples.assign(10, 25);
    QVERIFY(out.append(samples));
    QTRY_COMPARE(limits.level(), Level::HighHigh);
}

void tst_SharedLimits::delayWithoutRevisions()
{
    Watched<double> watched(R"({"fields": {"value": {"high": 80, "delay": 300}}})");
    QVERIFY(watched.array.publish(QList<double>{50}));
    QTRY_COMPARE(watched.limits.level(), Level::Normal);
    // Read by one revision, it is normal at first.
    QSignalSpy level(&watched.limits, &SharedLimits::levelChanged);
    QVERIFY(watched.array.publish(QList<double>{85}));
    QTRY_COMPARE_WITH_TIMEOUT(watched.segment.revision(), 2u, Deadline);
    QTRY_COMPARE_WITH_TIMEOUT(watched.limits.level(), Level::High, Deadline);
    QVERIFY(watched.array.segment()->updatedAt().msecsTo(QDateTime::currentDateTime()) >= 299);
    QCOMPARE(level.count(), 1);
    // A value that is old already counts at once.
    SharedLimits late;
    late.setSegment(&watched.segment);
    QCOMPARE(late.level(), Level::High);
}

/// A delay does not end by a value that is over, although the newer one is not judged yet.
void tst_SharedLimits::delayWithUnreadRevision()
{
    Watched<double> watched(R"({"fields": {"value": {"high": 80, "highHigh": 90, "delay": 500}}})", 2);
    watched.limits.setMaximumRate(1.25);
    QSignalSpy updated(&watched.segment, &SharedSegment::updated);
    QElapsedTimer elapsed;
    elapsed.start();
    QVERIFY(watched.array.publish(QList<double>{85, 50}));
    QTRY_COMPARE_WITH_TIMEOUT(updated.count(), 1, Deadline);
    QCOMPARE(watched.limits.level(), Level::Normal);
    QVERIFY(watched.array.publish(QList<double>{50, 95}));
    if (elapsed.elapsed() > 400)
        QSKIP("The delay may have ended before the second revision");
    QTRY_COMPARE_WITH_TIMEOUT(watched.limits.level(), Level::HighHigh, Deadline);
    QCOMPARE(watched.limits.count(), 1);
}

/// Without limits, nothing wakes, and nothing is read.
void tst_SharedLimits::nothingWithoutLimits()
{
    SharedArray<double> array(uniqueName());
    array.segment()->setMetadata(json(R"({"fields": {"value": {"unit": "bar"}}})"));
    QVERIFY(array.create(1));
    CountingSegment segment(array.segment()->name());
    QVERIFY(segment.open());
    SharedLimits limits;
    limits.setSegment(&segment);
    QCOMPARE(limits.level(), Level::Normal);
    QCOMPARE(segment.updateReceivers(), 0);
    limits.setLow(1);
    QCOMPARE(limits.level(), Level::Unknown);
    QCOMPARE(segment.updateReceivers(), 1);
    limits.resetLow();
    QCOMPARE(limits.level(), Level::Normal);
    QCOMPARE(segment.updateReceivers(), 0);
}

/// A replacement has other limits; the alarm stays, and is judged by them.
void tst_SharedLimits::reopenedWithOtherLimits()
{
    Watched<double> watched(R"({"fields": {"value": {"high": 80}}})");
    QVERIFY(watched.array.publish(QList<double>{85}));
    QTRY_COMPARE(watched.limits.level(), Level::High);
    watched.limits.acknowledge();
    watched.array.segment()->setMetadata(json(R"({"fields": {"value": {"high": 84}}})"));
    QVERIFY2(watched.array.segment()->recreate(2), qPrintable(watched.array.errorString()));
    QTRY_COMPARE_WITH_TIMEOUT(watched.segment.capacity(), 2, Deadline);
    QCOMPARE(watched.limits.level(), Level::High);
    QVERIFY(watched.limits.acknowledged());
    watched.array.segment()->setMetadata({});
    QVERIFY(watched.array.segment()->recreate(3));
    QTRY_COMPARE_WITH_TIMEOUT(watched.segment.capacity(), 3, Deadline);
    QCOMPARE(watched.limits.level(), Level::Normal);
    QCOMPARE(watched.limits.count(), 0);
}

void tst_SharedLimits::mistakes()
{
    const QRegularExpression contradiction(u"SharedLimits: of \".*\", field \"pressure\".*low, high; the order.*"_s);
    QTest::ignoreMessage(QtWarningMsg, contradiction);
    Watched<Boiler> watched(R"({"fields": {"pressure": {"low": 8, "high": 5}}})");
    SharedLimits &limits = watched.limits;
    QCOMPARE(limits.level(), Level::Normal);
    QTest::ignoreMessage(QtWarningMsg,
                         QRegularExpression(
                             u"SharedLimits: .* has no field \"presure\" to watch; its layout is Boiler.*"_s));
    limits.setField(u"presure"_s);
    QCOMPARE(limits.level(), Level::Unknown);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"SharedLimits: .* is a text, which has no limits.*"_s));
    limits.setField(u"name"_s);
    QCOMPARE(limits.level(), Level::Unknown);
    limits.setField(u"level"_s);
    QCOMPARE(limits.level(), Level::Normal);
    limits.setHigh(5);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"SharedLimits: .*low, high.*"_s));
    QTest::ignoreMessage(QtWarningMsg,
                         QRegularExpression(u"SharedLimits: .* has 4 fields, and own limits are ignored.*set field"_s));
    limits.setField(QString());
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"SharedLimits: .*delay.*"_s));
    limits.setField(u"level"_s);
    limits.setDelay(-3);
    limits.setDelay(std::numeric_limits<double>::infinity());
    limits.setDelay(Nan);
}

void tst_SharedLimits::receiversMayDelete()
{
    Watched<double> watched(R"({"fields": {"value": {"high": 80}}})");
    for (const auto signal :
         {&SharedLimits::levelChanged, &SharedLimits::acknowledgedChanged, &SharedLimits::countChanged}) {
        QVERIFY(watched.array.publish(QList<double>{50}));
        QTRY_COMPARE(watched.limits.level(), Level::Normal);
        watched.limits.acknowledge();
        auto *const limits = new SharedLimits;
        limits->setSegment(&watched.segment);
        const QPointer<SharedLimits> guard(limits);
        connect(limits, signal, this, [limits] { delete limits; });
        QVERIFY(watched.array.publish(QList<double>{99}));
        QTRY_VERIFY(!guard);
        QTRY_COMPARE(watched.limits.level(), Level::High);
    }
}

/// A publishing process crosses its limits, with hysteresis and delay, and is killed in alarm.
void tst_SharedLimits::ownerIsKilledInAlarm()
{
    const QString name = uniqueName();
    const QStringList arguments{
        u"own"_s, name,           u"u64"_s,
        u"1"_s,   u"automatic"_s, u"0"_s,
        u"one"_s, u"fixed"_s,     u"{\"fields\":{\"value\":{\"high\":80,\"hysteresis\":5,\"delay\":100}}}"_s};
    auto owner = std::make_unique<Peer>(arguments);
    QCOMPARE(owner->line(), u"ready"_s);
    SharedSegment segment(name);
    segment.setActive(true);
    SharedLimits limits;
    limits.setSegment(&segment);
    QTRY_COMPARE_WITH_TIMEOUT(segment.state(), SharedSegment::State::Open, Deadline);
    QCOMPARE(limits.level(), Level::Unknown);
    owner->ask("publish 80");
    QTRY_COMPARE_WITH_TIMEOUT(limits.level(), Level::Normal, Deadline);
    owner->ask("publish 85"); // No more revision comes.
    QTRY_COMPARE_WITH_TIMEOUT(limits.level(), Level::High, Deadline);
    owner->ask("publish 76");
    QTRY_COMPARE_WITH_TIMEOUT(segment.revision(), 3u, Deadline);
    QCOMPARE(limits.level(), Level::High);
    owner->kill();
    QTRY_COMPARE_WITH_TIMEOUT(segment.state(), SharedSegment::State::Orphaned, Deadline);
    QCOMPARE(limits.level(), Level::High); // Until a value tells otherwise.
    QVERIFY(!limits.acknowledged());
    owner = std::make_unique<Peer>(arguments);
    QCOMPARE(owner->line(), u"ready"_s);
    QTRY_COMPARE_WITH_TIMEOUT(segment.state(), SharedSegment::State::Open, Deadline);
    QCOMPARE(limits.level(), Level::High);
    owner->ask("publish 75");
    QTRY_COMPARE_WITH_TIMEOUT(limits.level(), Level::Normal, Deadline);
    QVERIFY(!limits.acknowledged());
    limits.acknowledge();
    QCOMPARE(limits.count(), 0);
    owner->kill();
    QTRY_COMPARE_WITH_TIMEOUT(limits.level(), Level::Unknown, Deadline);
}

QTEST_GUILESS_MAIN(tst_SharedLimits)
#include "tst_sharedlimits.moc"
