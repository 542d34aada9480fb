// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The ticks of an axis: numbers, durations and times that people would choose, and few or none for hostile ranges.

#include "plotticks.h"

#include <QtCore/QDateTime>
#include <QtCore/QRandomGenerator>
#include <QtTest/QTest>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;
using Kind = PlotTicks::Kind;

namespace {

constexpr double CharacterWidth = 7;
constexpr double Gap = 10;

PlotTicks::Axis axisOf(double from, double to, double length, Kind kind = Kind::Number)
{
    PlotTicks::Axis axis;
    axis.from = from;
    axis.to = to;
    axis.length = length;
    axis.gap = Gap;
    axis.kind = kind;
    axis.extent = [](const QString &text) { return CharacterWidth * static_cast<double>(text.size()); };
    axis.locale = QLocale::c();
    axis.zone = QTimeZone("Europe/Berlin");
    return axis;
}

QString textsOf(const PlotTicks &ticks)
{
    QStringList texts;
    for (const PlotTick &tick : ticks.major)
        texts.append(tick.text);
    return texts.join(u' ');
}

double berlin(const char *time)
{
    QDateTime result = QDateTime::fromString(QString::fromLatin1(time), Qt::ISODate);
    result.setTimeZone(QTimeZone("Europe/Berlin"));
    return static_cast<double>(result.toSecsSinceEpoch());
}

/// What holds for each axis: ticks within the range, ascending, few, with labels that have space between them.
void verify(const PlotTicks::Axis &axis)
{
    const PlotTicks ticks = PlotTicks::of(axis);
    const double low = std::min(axis.from, axis.to);
    const double high = std::max(axis.from, axis.to);
    const auto place = [&](double value) { return (value / 2 - low / 2) / (high / 2 - low / 2) * axis.length; };
    QVERIFY(double(ticks.major.size()) <= axis.length / (Gap + CharacterWidth) + 1);
    QVERIFY(double(ticks.minor.size()) <= axis.length / 5 + 10);
    double end = -std::numeric_limits<double>::infinity();
    for (const PlotTick &tick : ticks.major) {
        QVERIFY(tick.value >= low && tick.value <= high);
        QVERIFY(!tick.text.isEmpty());
        const double half = axis.extent(tick.text) / 2;
        QVERIFY2(place(tick.value) - half >= end - 1e-6, qPrintable(textsOf(ticks)));
        end = place(tick.value) + half + Gap;
    }
    for (qsizetype i = 1; i < ticks.major.size(); ++i)
        QVERIFY2(ticks.major[i].text != ticks.major[i - 1].text || axis.kind == Kind::Time, qPrintable(textsOf(ticks)));
    QVERIFY(std::is_sorted(ticks.minor.cbegin(), ticks.minor.cend()));
    for (const double value : ticks.minor)
        QVERIFY(value >= low && value <= high);
}

} // namespace

class tst_PlotTicks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void numbers_data();
    void numbers();
    void exactNumbers();
    void minorNumbers();
    void reversed();
    void hostile_data();
    void hostile();
    void durations_data();
    void durations();
    void times_data();
    void times();
    void daylightSaving_data();
    void daylightSaving();
    void randomRanges_data();
    void randomRanges();
    void asManyAsFit();
};

void tst_PlotTicks::numbers_data()
{
    QTest::addColumn<double>("from");
    QTest::addColumn<double>("to");
    QTest::addColumn<double>("length");
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<QString>("texts");
    QTest::addColumn<QString>("caption");
    QTest::newRow("0 to 1") << 0.0 << 1.0 << 200.0 << Kind::Number << u"0.0 0.2 0.4 0.6 0.8 1.0"_s << QString();
    QTest::newRow("longer") << 0.0 << 1.0 << 400.0 << Kind::Number << u"0.0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1.0"_s
                            << QString();
    QTest::newRow("ends between") << -0.07 << 4.3 << 120.0 << Kind::Number << u"0 1 2 3 4"_s << QString();
    QTest::newRow("below 0") << -20.0 << 20.0 << 200.0 << Kind::Number << u"-20 -10 0 10 20"_s << QString();
    QTest::newRow("hundreds") << 0.0 << 1013.0 << 250.0 << Kind::Number << u"0 200 400 600 800 1000"_s << QString();
    QTest::newRow("far from 0") << 990.2 << 990.8 << 250.0 << Kind::Number << u"990.2 990.4 990.6 990.8"_s << QString();
    QTest::newRow("millions") << 0.0 << 2.5e6 << 250.0 << Kind::Number << u"0.0 0.5 1.0 1.5 2.0 2.5"_s << u"×10⁶"_s;
    QTest::newRow("10^13") << 1e13 << 5e13 << 200.0 << Kind::Number << u"10 15 20 25 30 35 40 45 50"_s << u"×10¹²"_s;
    QTest::newRow("thousandths") << 0.0 << 5e-4 << 250.0 << Kind::Number << u"0 100 200 300 400 500"_s << u"×10⁻⁶"_s;
    QTest::newRow("whole numbers") << 0.0 << 3.0 << 400.0 << Kind::Index << u"0 1 2 3"_s << QString();
    QTest::newRow("between whole ones") << 0.2 << 0.8 << 400.0 << Kind::Index << QString() << QString();
    QTest::newRow("short") << 0.0 << 1.0 << 30.0 << Kind::Number << u"0 1"_s << QString();
    QTest::newRow("shorter") << 0.0 << 1.0 << 10.0 << Kind::Number << u"0"_s << QString();
    QTest::newRow("no pixel") << 0.0 << 1.0 << 0.0 << Kind::Number << QString() << QString();
}

void tst_PlotTicks::numbers()
{
    QFETCH(double, from);
    QFETCH(double, to);
    QFETCH(double, length);
    QFETCH(Kind, kind);
    const PlotTicks ticks = PlotTicks::of(axisOf(from, to, length, kind));
    QTEST(textsOf(ticks), "texts");
    if (!ticks.major.isEmpty())
        QTEST(ticks.caption, "caption");
}

/// A tick is the double that one writes: 0.3, not 0.30000000000000004.
void tst_PlotTicks::exactNumbers()
{
    for (const double unit : {1e-9, 1e-6, 0.001, 0.1, 1.0, 1000.0}) {
        const PlotTicks ticks = PlotTicks::of(axisOf(-10 * unit, 10 * unit, 900));
        QVERIFY(ticks.major.size() > 10);
        for (const PlotTick &tick : ticks.major) {
            const double written = QByteArray::number(tick.value, 'g', 6).toDouble();
            QCOMPARE(QByteArray::number(tick.value, 'g', 17), QByteArray::number(written, 'g', 17));
            QVERIFY(!std::signbit(tick.value) || tick.value != 0);
        }
    }
}

void tst_PlotTicks::minorNumbers()
{
    const PlotTicks ticks = PlotTicks::of(axisOf(0, 2, 160));
    QCOMPARE(textsOf(ticks), u"0.0 0.5 1.0 1.5 2.0"_s);
    QCOMPARE(ticks.minor.size(), 16);
    QCOMPARE(ticks.minor.constFirst(), 0.1);
    // Beside the outer ones, too.
    QCOMPARE(PlotTicks::of(axisOf(-0.15, 2, 170)).minor.constFirst(), -0.1);
    // Lines that are close to each other are no help.
    QCOMPARE(PlotTicks::of(axisOf(0, 500, 24)).minor.size(), 0);
}

void tst_PlotTicks::reversed()
{
    const PlotTicks ticks = PlotTicks::of(axisOf(1, 0, 200));
    QCOMPARE(textsOf(ticks), u"0.0 0.2 0.4 0.6 0.8 1.0"_s);
    QCOMPARE(ticks.minor, PlotTicks::of(axisOf(0, 1, 200)).minor);
}

void tst_PlotTicks::hostile_data()
{
    constexpr double Infinity = std::numeric_limits<double>::infinity();
    constexpr double Nan = std::numeric_limits<double>::quiet_NaN();
    constexpr double Greatest = std::numeric_limits<double>::max();
    constexpr double Least = std::numeric_limits<double>::denorm_min();
    QTest::addColumn<double>("from");
    QTest::addColumn<double>("to");
    QTest::addColumn<int>("least");
    QTest::newRow("empty") << 1.0 << 1.0 << 0;
    QTest::newRow("NaN") << Nan << 1.0 << 0;
    QTest::newRow("to NaN") << 1.0 << Nan << 0;
    QTest::newRow("infinite") << 0.0 << Infinity << 0;
    QTest::newRow("all") << -Infinity << Infinity << 0;
    QTest::newRow("greatest") << -Greatest << Greatest << 3;
    QTest::newRow("to the greatest") << 0.0 << Greatest << 2;
    QTest::newRow("1e300") << 1e300 << 5e300 << 4;
    QTest::newRow("1e-300") << 0.0 << 1e-298 << 2;
    QTest::newRow("denormal") << 0.0 << Least << 0;
    QTest::newRow("denormals") << -1e-310 << 1e-310 << 0;
    QTest::newRow("next to each other") << 1.0 << std::nextafter(1.0, 2.0) << 0;
    QTest::newRow("close to each other") << 1e15 << 1e15 + 2 << 0;
    QTest::newRow("next at 1e300") << 1e300 << std::nextafter(1e300, Greatest) << 0;
    QTest::newRow("before year 1") << -1e12 << 0.0 << 0;
    QTest::newRow("long after") << 0.0 << 1e18 << 0;
}

void tst_PlotTicks::hostile()
{
    QFETCH(double, from);
    QFETCH(double, to);
    QFETCH(int, least);
    for (const Kind kind : {Kind::Number, Kind::Index, Kind::Seconds, Kind::Time}) {
        for (const double length : {0.0, 1.0, 100.0, 1e4, 1e9, std::numeric_limits<double>::infinity()}) {
            for (const PlotTicks::Axis &axis : {axisOf(from, to, length, kind), axisOf(to, from, length, kind)}) {
                const PlotTicks ticks = PlotTicks::of(axis);
                QVERIFY(ticks.major.size() <= 201);
                QVERIFY(ticks.minor.size() <= 2010);
            }
        }
    }
    QVERIFY(PlotTicks::of(axisOf(from, to, 500)).major.size() >= least);
    if (std::isfinite(from) && std::isfinite(to) && from < to)
        verify(axisOf(from, to, 500));
}

void tst_PlotTicks::durations_data()
{
    QTest::addColumn<double>("from");
    QTest::addColumn<double>("to");
    QTest::addColumn<QString>("texts");
    QTest::addColumn<QString>("caption");
    QTest::newRow("seconds") << 0.0 << 10.0 << u"0 1 2 3 4 5 6 7 8 9 10"_s << QString();
    QTest::newRow("backwards") << -60.0 << 0.0 << u"-60 -50 -40 -30 -20 -10 0"_s << QString();
    QTest::newRow("minutes") << 0.0 << 300.0 << u"0:00 1:00 2:00 3:00 4:00 5:00"_s << u"min:s"_s;
    QTest::newRow("below 0") << -150.0 << 30.0 << u"-2:00 -1:00 0:00"_s << u"min:s"_s;
    QTest::newRow("hours") << 3000.0 << 4500.0 << u"0:50:00 1:00:00 1:10:00"_s << u"h:min:s"_s;
    QTest::newRow("fractions") << 299.8 << 300.2 << u"4:59.8 4:59.9 5:00.0 5:00.1 5:00.2"_s << u"min:s"_s;
    QTest::newRow("fractions below 0") << -300.2 << -299.8 << u"-5:00.2 -5:00.0 -4:59.8"_s << u"min:s"_s;
    QTest::newRow("days") << 0.0 << 400000.0 << u"0:00:00 48:00:00 96:00:00"_s << u"h:min:s"_s;
}

void tst_PlotTicks::durations()
{
    QFETCH(double, from);
    QFETCH(double, to);
    const PlotTicks ticks = PlotTicks::of(axisOf(from, to, 230, Kind::Seconds));
    QTEST(textsOf(ticks), "texts");
    QTEST(ticks.caption, "caption");
}

void tst_PlotTicks::times_data()
{
    QTest::addColumn<double>("from");
    QTest::addColumn<double>("span");
    QTest::addColumn<QString>("texts");
    QTest::addColumn<QString>("caption");
    const double noon = berlin("2026-11-29T12:00:00");
    QTest::newRow("tenths") << noon + 0.03 << 0.4 << u"12:00:00.2 12:00:00.4"_s << u"29 Nov 2026"_s;
    QTest::newRow("seconds") << noon + 0.5 << 10.0 << u"12:00:05 12:00:10"_s << u"29 Nov 2026"_s;
    QTest::newRow("minute") << noon << 60.0 << u"12:00:00 12:00:15 12:00:30 12:00:45 12:01:00"_s << u"29 Nov 2026"_s;
    QTest::newRow("10 minutes") << noon << 600.0 << u"12:00 12:02 12:04 12:06 12:08 12:10"_s << u"29 Nov 2026"_s;
    QTest::newRow("hours") << noon << 6 * 3600.0 << u"12:00 13:00 14:00 15:00 16:00 17:00 18:00"_s << u"29 Nov 2026"_s;
    QTest::newRow("midnight") << noon << 86400.0 << u"12:00 18:00 30 Nov 06:00 12:00"_s << u"29 Nov 2026"_s;
    QTest::newRow("midnight in seconds") << berlin("2026-11-29T23:59:58") << 4.0
                                         << u"23:59:58 23:59:59 30 Nov 00:00:01 00:00:02"_s << u"29 Nov 2026"_s;
    QTest::newRow("new year") << berlin("2026-12-30T12:00:00") << 3 * 86400.0 << u"31 Dec 2027 2 Jan"_s << u"2026"_s;
    QTest::newRow("days") << noon << 5 * 86400.0 << u"30 Nov 1 Dec 2 Dec 3 Dec 4 Dec"_s << u"2026"_s;
    QTest::newRow("weeks") << noon << 21 * 86400.0 << u"30 Nov 7 Dec 14 Dec"_s << u"2026"_s;
    QTest::newRow("months") << noon << 150 * 86400.0 << u"Dec 2027 Feb Mar Apr"_s << QString();
    QTest::newRow("years") << noon << 5 * 366 * 86400.0 << u"2027 2028 2029 2030 2031"_s << QString();
    QTest::newRow("centuries") << 0.0 << 1e10 << u"2000 2050 2100 2150 2200 2250"_s << QString();
}

void tst_PlotTicks::times()
{
    QFETCH(double, from);
    QFETCH(double, span);
    const PlotTicks ticks = PlotTicks::of(axisOf(from, from + span, 270, Kind::Time));
    QTEST(textsOf(ticks), "texts");
    QTEST(ticks.caption, "caption");
}

void tst_PlotTicks::daylightSaving_data()
{
    QTest::addColumn<double>("from");
    QTest::addColumn<double>("hours");
    QTest::addColumn<double>("length");
    QTest::addColumn<QString>("texts");
    const double spring = berlin("2026-03-29T00:00:00"); // 2:00 is 3:00
    const double autumn = berlin("2026-10-25T00:00:00"); // 3:00 is 2:00
    QTest::newRow("spring, 1 h") << spring << 5.0 << 300.0 << u"29 Mar 01:00 03:00 04:00 05:00 06:00"_s;
    QTest::newRow("spring, 2 h") << spring << 9.0 << 330.0 << u"29 Mar 04:00 06:00 08:00 10:00"_s;
    QTest::newRow("spring, 6 h") << spring << 23.0 << 270.0 << u"29 Mar 06:00 12:00 18:00 30 Mar"_s;
    QTest::newRow("spring, days") << spring - 86400.0 << 71.0 << 270.0 << u"28 Mar 29 Mar 30 Mar 31 Mar"_s;
    QTest::newRow("autumn, 1 h") << autumn << 5.0 << 300.0 << u"25 Oct 01:00 02:00 02:00 03:00 04:00"_s;
    QTest::newRow("autumn, 6 h") << autumn << 25.0 << 270.0 << u"25 Oct 06:00 12:00 18:00 26 Oct"_s;
    QTest::newRow("autumn, days") << autumn - 86400.0 << 73.0 << 270.0 << u"24 Oct 25 Oct 26 Oct 27 Oct"_s;
}

void tst_PlotTicks::daylightSaving()
{
    QFETCH(double, from);
    QFETCH(double, hours);
    QFETCH(double, length);
    QTEST(textsOf(PlotTicks::of(axisOf(from, from + hours * 3600, length, Kind::Time))), "texts");
}

void tst_PlotTicks::randomRanges_data()
{
    QTest::addColumn<Kind>("kind");
    QTest::newRow("numbers") << Kind::Number;
    QTest::newRow("whole numbers") << Kind::Index;
    QTest::newRow("durations") << Kind::Seconds;
    QTest::newRow("times") << Kind::Time;
}

void tst_PlotTicks::randomRanges()
{
    QFETCH(Kind, kind);
    QRandomGenerator random(20);
    for (int i = 0; i < 300; ++i) {
        const double exponent = kind == Kind::Time ? 9.3 : random.bounded(40.0) - 20;
        const double centre = (random.bounded(2.0) - 1) * std::pow(10.0, exponent);
        const double span = std::pow(10.0, random.bounded(16.0) - 8) * (kind == Kind::Time ? 1 : std::abs(centre));
        const double length = 20 + random.bounded(2000.0);
        const PlotTicks::Axis axis = axisOf(centre - span / 2, centre + span / 2, length, kind);
        verify(axis);
        if (QTest::currentTestFailed()) {
            qWarning("%.17g to %.17g, %g pixels", axis.from, axis.to, length);
            return;
        }
    }
}

/// Unless the range is too small for doubles, an axis that has space for some labels has at least two.
void tst_PlotTicks::asManyAsFit()
{
    QRandomGenerator random(3);
    for (int i = 0; i < 300; ++i) {
        const double centre = (random.bounded(2.0) - 1) * 1e4;
        const double span = std::pow(10.0, random.bounded(8.0) - 4);
        const PlotTicks ticks = PlotTicks::of(axisOf(centre - span / 2, centre + span / 2, 600));
        QVERIFY2(ticks.major.size() >= 3, qPrintable(QString::number(centre, 'g', 17) + u' ' + QString::number(span)));
    }
}

QTEST_GUILESS_MAIN(tst_PlotTicks)
#include "tst_plotticks.moc"
