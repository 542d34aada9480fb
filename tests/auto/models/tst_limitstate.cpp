// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// One value against its limits, as tables of what happens and what is expected.

#include "core/fieldlimits_p.h"

#include <QtTest/QTest>

#include <cmath>
#include <random>

using namespace Qt::StringLiterals;
using Level = LimitLevel;

namespace {

constexpr double Nan = std::numeric_limits<double>::quiet_NaN();
constexpr double Infinite = std::numeric_limits<double>::infinity();
constexpr qint64 Millisecond = 1'000'000;

/// Four limits, a hysteresis, a delay in ms.
ValueLimits limits(double lowLow, double low, double high, double highHigh, double hysteresis = 0, qint64 delay = 0)
{
    return {lowLow, low, high, highHigh, hysteresis, delay};
}

QString letters(Level level)
{
    switch (level) {
    case Level::Normal:
        return u"N"_s;
    case Level::Low:
        return u"L"_s;
    case Level::LowLow:
        return u"LL"_s;
    case Level::High:
        return u"H"_s;
    case Level::HighHigh:
        return u"HH"_s;
    case Level::Unknown:
        return u"?"_s;
    }
    return QString();
}

/// Does a step such as `12:81`: at 12 ms the value is 81. Other steps are `ack`, `wait`, `lost` and `gone`, and `3..81` for
/// an array. @returns the level's letters, with `!` if it is not acknowledged.
QString after(const ValueLimits &limits, LimitState &state, const QString &step)
{
    const qint64 time = step.section(u':', 0, 0).toLongLong() * Millisecond;
    const QString what = step.section(u':', 1);
    if (what == u"ack"_s) {
        state.acknowledge();
    } else if (what == u"wait"_s) {
        state.advance(limits, time);
    } else if (what == u"lost"_s) {
        state.suspend(limits, time);
    } else if (what == u"gone"_s) {
        state.end(time);
    } else {
        const QStringList range = what.split(u".."_s);
        const double least = range.first().toDouble();
        const double greatest = range.last().toDouble();
        state.evaluate(limits, {least, greatest, !std::isnan(least)}, time);
    }
    return letters(state.level()) + (state.isAcknowledged() ? QString() : u"!"_s);
}

} // namespace

Q_DECLARE_METATYPE(ValueLimits)

class tst_LimitState : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void levels_data();
    void levels();
    void times();
    void worst();
    void normalise_data();
    void normalise();
    void blocks_data();
    void blocks();
    void surplus();
};

void tst_LimitState::levels_data()
{
    QTest::addColumn<ValueLimits>("limits");
    QTest::addColumn<QString>("steps");
    const ValueLimits four = limits(10, 20, 80, 90);
    QTest::newRow("equal to a limit") << four << u"0:20 N, 1:80 N, 2:50 N"_s;
    QTest::newRow("beyond it") << four << u"0:80.1 H!, 1:90 H!, 2:90.1 HH!, 3:19 L!, 4:10 L!, 5:9 LL!"_s;
    QTest::newRow("infinite values") << four << u"0:inf HH!, 1:-inf LL!"_s;
    QTest::newRow("no limits") << limits(Nan, Nan, Nan, Nan) << u"0:inf N, 1:-5 N, 2:nan ?"_s;
    QTest::newRow("one limit") << limits(Nan, Nan, Nan, 90) << u"0:89 N, 1:91 HH!, 2:-1e300 N!"_s;
    QTest::newRow("infinite limit") << limits(Nan, -Infinite, Infinite, Nan) << u"0:-inf N, 1:inf N"_s;
    QTest::newRow("both the same") << limits(Nan, 5, 5, Nan) << u"0:5 N, 1:4 L!, 2:6 H!, 3:5 N!"_s;

    // Unacknowledged, acknowledged, normal; and returned to normal unacknowledged.
    QTest::newRow("acknowledged before the return") << four << u"0:85 H!, 1:ack H, 2:86 H, 3:50 N"_s;
    QTest::newRow("returned unacknowledged") << four << u"0:85 H!, 1:50 N!, 2:51 N!, 3:ack N, 4:50 N"_s;
    QTest::newRow("again before it was acknowledged") << four << u"0:85 H!, 1:50 N!, 2:85 H!, 3:ack H"_s;
    QTest::newRow("again after it was acknowledged") << four << u"0:85 H!, 1:ack H, 2:50 N, 3:85 H!"_s;
    QTest::newRow("a worse level is a new alarm") << four << u"0:85 H!, 1:ack H, 2:95 HH!, 3:ack HH, 4:85 H"_s;
    QTest::newRow("a better level is none") << four << u"0:95 HH!, 1:ack HH, 2:85 H, 3:50 N"_s;
    QTest::newRow("the other side is a new alarm") << four << u"0:85 H!, 1:ack H, 2:15 L!, 3:ack L, 4:50 N"_s;

    const ValueLimits wide = limits(10, 20, 80, 90, 5);
    QTest::newRow("hysteresis above") << wide << u"0:80 N, 1:81 H!, 2:76 H!, 3:75 N!, 4:79 N!"_s;
    QTest::newRow("hysteresis below") << wide << u"0:20 N, 1:19 L!, 2:24 L!, 3:25 N!, 4:21 N!"_s;
    QTest::newRow("hysteresis of the outer limit") << wide << u"0:91 HH!, 1:86 HH!, 2:85 H!, 3:91 HH!, 4:75 N!"_s;
    QTest::newRow("hysteresis wider than normal")
        << limits(Nan, 40, 50, Nan, 30) << u"0:51 H!, 1:45 H!, 2:39 L!, 3:45 L!, 4:51 H!, 5:20 L!"_s;

    const ValueLimits late = limits(10, 20, 80, 90, 5, 100);
    QTest::newRow("delay by timestamps") << late << u"0:81 N, 99:82 N, 100:81 H!, 101:74 N!"_s;
    QTest::newRow("delay without revisions") << late << u"0:81 N, 99:wait N, 100:wait H!"_s;
    QTest::newRow("a short excursion") << late << u"0:81 N, 50:80 N, 100:81 N, 199:wait N, 200:wait H!"_s;
    QTest::newRow("each limit has its delay") << late << u"0:81 N, 50:91 N, 100:wait H!, 149:wait H!, 150:wait HH!"_s;
    QTest::newRow("straight over both") << late << u"0:95 N, 100:95 HH!"_s;
    QTest::newRow("to the other side") << late << u"0:95 N, 60:5 N, 120:5 N, 160:5 LL!"_s;
    QTest::newRow("the clock was set back") << late << u"1000:81 N, 500:81 N, 599:81 N, 600:81 H!"_s;
    QTest::newRow("the return has no delay") << late << u"0:81 N, 100:81 H!, 101:75 N!"_s;

    QTest::newRow("NaN is not normal") << four << u"0:50 N, 1:nan ?, 2:50 N"_s;
    QTest::newRow("NaN needs no acknowledgement") << four << u"0:nan ?, 1:ack ?, 2:50 N"_s;
    QTest::newRow("NaN ends no alarm") << four << u"0:85 H!, 1:nan H!, 2:ack H, 3:nan H, 4:50 N"_s;
    QTest::newRow("NaN ends a delay") << late << u"0:81 N, 50:nan ?, 60:81 N, 100:81 N, 160:81 H!"_s;
    QTest::newRow("NaN and an alarm that waits") << four << u"0:85 H!, 1:50 N!, 2:nan ?!, 3:50 N!, 4:ack N"_s;
    QTest::newRow("lost while normal") << four << u"0:50 N, 1:lost ?, 2:50 N"_s;
    QTest::newRow("lost in alarm") << four << u"0:85 H!, 1:lost H!, 2:ack H, 3:50 N"_s;
    QTest::newRow("lost during a delay") << late << u"0:81 N, 50:lost ?, 200:wait ?, 300:81 N"_s;
    QTest::newRow("gone while normal") << four << u"0:50 N, 1:gone N"_s;
    QTest::newRow("gone in alarm") << four << u"0:85 H!, 1:gone N!, 2:ack N"_s;
    QTest::newRow("gone acknowledged") << four << u"0:85 H!, 1:ack H, 2:gone N"_s;

    QTest::newRow("items of an array")
        << four << u"0:30..40 N, 1:30..81 H!, 2:15..81 H!, 3:5..81 LL!, 4:5..95 HH!, 5:30..40 N!"_s;
}

void tst_LimitState::levels()
{
    QFETCH(ValueLimits, limits);
    QFETCH(QString, steps);
    LimitState state;
    QVERIFY(state.isIdle());
    for (const QString &step : steps.split(u", "_s)) {
        const QString expected = step.section(u' ', 1);
        QCOMPARE(step + u" -> "_s + after(limits, state, step.section(u' ', 0, 0)), step + u" -> "_s + expected);
        QCOMPARE(state.isNormal(), expected == u"N"_s);
    }
}

/// A level has the time at which it counts, also if that is noticed later.
void tst_LimitState::times()
{
    const ValueLimits late = limits(Nan, Nan, 80, 90, 0, 100);
    LimitState state;
    state.evaluate(late, {81, 81}, 1000 * Millisecond);
    QVERIFY(!state.isIdle());
    QVERIFY(state.isNormal());
    QCOMPARE(state.due(late), 1100 * Millisecond);
    state.evaluate(late, {91, 91}, 1050 * Millisecond);
    QCOMPARE(state.due(late), 1100 * Millisecond);
    state.advance(late, 1120 * Millisecond);
    QCOMPARE(state.level(), Level::High);
    QCOMPARE(state.since(), 1100 * Millisecond);
    QCOMPARE(state.due(late), 1150 * Millisecond);
    state.advance(late, 1500 * Millisecond);
    QCOMPARE(state.since(), 1150 * Millisecond);
    QVERIFY(!state.due(late));
    state.evaluate(late, {95, 95}, 1600 * Millisecond);
    QCOMPARE(state.since(), 1150 * Millisecond);
    state.evaluate(late, {50, 50}, 1700 * Millisecond);
    QCOMPARE(state.since(), 1700 * Millisecond);
}

void tst_LimitState::worst()
{
    const ValueLimits four = limits(10, 20, 80, 90);
    LimitState state;
    const auto worstAfter = [&](const QString &step) {
        after(four, state, step);
        return state.worstLevel();
    };
    QCOMPARE(worstAfter(u"0:95"_s), Level::HighHigh);
    QCOMPARE(worstAfter(u"1:15"_s), Level::HighHigh);
    QCOMPARE(worstAfter(u"2:50"_s), Level::HighHigh);
    QCOMPARE(worstAfter(u"3:85"_s), Level::HighHigh);
    QCOMPARE(worstAfter(u"4:ack"_s), Level::High);
    QCOMPARE(worstAfter(u"5:50"_s), Level::Normal);
    QCOMPARE(worstAfter(u"6:15"_s), Level::Low);
}

void tst_LimitState::normalise_data()
{
    QTest::addColumn<ValueLimits>("limits");
    QTest::addColumn<QString>("left");
    QTest::addColumn<QString>("removed");
    QTest::newRow("all") << limits(1, 2, 3, 4, 1, 5) << u"1 2 3 4 1 5"_s << QString();
    QTest::newRow("none") << limits(Nan, Nan, Nan, Nan) << u"nan nan nan nan 0 0"_s << QString();
    QTest::newRow("equal") << limits(2, 2, 2, 2) << u"2 2 2 2 0 0"_s << QString();
    QTest::newRow("low above high") << limits(Nan, 5, 3, Nan) << u"nan nan nan nan 0 0"_s << u"low high"_s;
    QTest::newRow("highHigh below high") << limits(1, 2, 5, 4) << u"1 2 nan nan 0 0"_s << u"high highHigh"_s;
    QTest::newRow("not neighbours") << limits(9, Nan, Nan, 4) << u"nan nan nan nan 0 0"_s << u"lowLow highHigh"_s;
    QTest::newRow("what is left contradicts, too")
        << limits(95, 500, 80, 90) << u"nan nan nan nan 0 0"_s << u"low high lowLow highHigh"_s;
    QTest::newRow("infinite") << limits(-Infinite, 2, 3, Infinite) << u"-inf 2 3 inf 0 0"_s << QString();
    QTest::newRow("negative") << limits(1, 2, 3, 4, -1, -1) << u"1 2 3 4 0 0"_s << u"hysteresis delay"_s;
    QTest::newRow("NaN and too long") << limits(1, 2, 3, 4, Nan, std::numeric_limits<qint64>::max())
                                      << u"1 2 3 4 0 2147483647"_s << u"hysteresis"_s;
}

void tst_LimitState::normalise()
{
    QFETCH(ValueLimits, limits);
    QFETCH(QString, left);
    QFETCH(QString, removed);
    QCOMPARE(limits.normalise().join(u' '), removed);
    QStringList texts;
    for (const double limit : limits.ordered())
        texts.append(QString::number(limit));
    texts << QString::number(limits.hysteresis) << QString::number(limits.delay);
    QCOMPARE(texts.join(u' '), left);
    QVERIFY(limits.normalise().isEmpty());
}

void tst_LimitState::blocks_data()
{
    QTest::addColumn<QString>("layout");
    QTest::newRow("numbers") << u"f64"_s;
    QTest::newRow("integers in a struct") << u"Cell{name:char[5];value:i32;other:f64}"_s;
    QTest::newRow("items") << u"Cell{value:f32[3];other:u8}"_s;
    QTest::newRow("truth") << u"bool"_s;
}

/// Judging blocks of many elements is the same as judging each of them by itself.
void tst_LimitState::blocks()
{
    QFETCH(QString, layout);
    const SharedLayout parsed = SharedLayout::parse(layout);
    const QList<FieldDecoder> decoders = FieldDecoder::of(parsed);
    const qsizetype field = parsed.isStruct() && decoders.first().name() == u"name"_s ? 1 : 0;
    const FieldDecoder &decoder = decoders.at(field);
    const SharedLayout::Field &of = decoder.field();
    const bool isTruth = of.type == SharedLayout::Type::Bool;
    const ValueLimits tight = isTruth ? limits(Nan, Nan, 0, Nan) : limits(-90, -80, 80, 90, 10, 3);
    FieldLimits judged(field, decoder, FieldMetadata(), tight);
    constexpr qint64 Count = 5000;
    const qsizetype size = parsed.elementSize();
    std::vector<std::byte> bytes(static_cast<std::size_t>(Count * size));
    std::vector<LimitState> states(Count);
    std::mt19937 random(7); // NOLINT(cert-msc32-c,cert-msc51-cpp): each run the same
    for (qint64 round = 0; round < 12; ++round) {
        for (int change = 0; change < 200; ++change) {
            const auto at = static_cast<qint64>(random() % unsigned(Count));
            const double value =
                of.type == SharedLayout::Type::Float64 && random() % 10 == 0 ? Nan : int(random() % 200) - 100;
            QVariant written = isTruth ? QVariant(value > 95) : QVariant(value);
            if (of.isArray)
                written = QVariantList{0, written, 1};
            QVERIFY(decoder.write(bytes.data() + at * size, written, FieldDecoder::Strings::Refuse));
        }
        const qint64 time = round * Millisecond;
        judged.begin({0, Count}, time);
        judged.judge({bytes.data(), size, {0, 3333}, time});
        judged.judge({bytes.data() + 3333 * size, size, {3333, Count}, time});
        std::size_t entries = 0;
        Level worst = Level::Normal;
        int mismatches = 0;
        for (qint64 at = 0; at < Count; ++at) {
            const QVariant value = decoder.read(bytes.data() + at * size);
            const double number = of.isArray ? value.toList().at(1).toDouble() : value.toDouble();
            const bool isArray = of.isArray; // Two items are 0 and 1.
            LimitState &state = states[static_cast<std::size_t>(at)];
            state.evaluate(tight,
                           {isArray ? std::min(number, 0.0) : number, isArray ? std::max(number, 1.0) : number,
                            !std::isnan(number)},
                           time);
            mismatches += judged.levelOf(at) == state.level() ? 0 : 1;
            worst = LimitState::worse(worst, state.level());
            entries += state.isIdle() ? 0 : 1;
        }
        QCOMPARE(mismatches, 0);
        QCOMPARE(judged.entries().size(), entries);
        QCOMPARE(judged.level(), worst);
        QCOMPARE(worst == Level::Normal, round < 3 && !isTruth && of.type != SharedLayout::Type::Float64);
        for (const FieldLimits::Entry &entry : judged.entries()) {
            if (of.isArray && entry.state.level() != Level::Normal)
                QVERIFY(std::abs(entry.value.toDouble()) > 70);
        }
    }
    // Elements that are gone end their alarms.
    judged.acknowledgeAll();
    judged.begin({0, 100}, 20 * Millisecond);
    for (const FieldLimits::Entry &entry : judged.entries())
        QVERIFY(entry.index < 100);
    judged.begin({0, 0}, 20 * Millisecond);
    QVERIFY(judged.entries().empty());
}

/// More values than it keeps a state of.
void tst_LimitState::surplus()
{
    const SharedLayout layout = SharedLayout::parse(u"f32"_s);
    const FieldDecoder decoder = FieldDecoder::of(layout).first();
    FieldLimits judged(0, decoder, FieldMetadata(), limits(Nan, Nan, 1, 2, 0, 1000));
    constexpr qint64 Count = FieldLimits::MostEntries + 10;
    std::vector<float> values(Count, 1.5F);
    values.back() = 3;
    const auto judge = [&](qint64 time) {
        judged.begin({0, Count}, time);
        judged.judge({reinterpret_cast<const std::byte *>(values.data()), sizeof(float), {0, Count}, time});
    };
    judge(0);
    QCOMPARE(judged.entries().size(), FieldLimits::MostEntries);
    QCOMPARE(judged.level(), Level::HighHigh);
    values.back() = 0;
    judge(1);
    QCOMPARE(judged.level(), Level::High);
    values.assign(Count, 0);
    judge(2);
    QCOMPARE(judged.level(), Level::Normal);
    QVERIFY(judged.entries().empty());
}

QTEST_GUILESS_MAIN(tst_LimitState)
#include "tst_limitstate.moc"
