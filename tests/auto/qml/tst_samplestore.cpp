// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What a series keeps of a stream, and how it becomes columns of pixels: beside a pass over all samples.

#include "samplestore.h"

#include <QtTest/QTest>

#include <cmath>
#include <random>
#include <vector>

namespace {

struct Sample
{
    double x;
    double value;
};

PlotColumn columnOf(const std::vector<Sample> &samples, const PlotWindow &window, int column)
{
    PlotColumn result;
    for (const Sample &sample : samples) {
        const bool isAtEnd = column + 1 == window.columns && sample.x == window.to();
        if (sample.x >= window.edge(column) && (sample.x < window.edge(column + 1) || isAtEnd)
            && std::isfinite(sample.value))
            result.add(sample.value, sample.value);
    }
    return result;
}

bool isSame(double one, double other)
{
    return one == other || (std::isnan(one) && std::isnan(other));
}

} // namespace

class tst_SampleStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void noSpikeIsLost_data();
    void noSpikeIsLost();
    void ranges();
    void gaps();
    void pointsWhereColumnsAreMore();
    void onlyWhatIsNew();
    void oldSamplesGo();
};

void tst_SampleStore::noSpikeIsLost_data()
{
    QTest::addColumn<unsigned>("seed");
    for (unsigned seed = 1; seed <= 3; ++seed)
        QTest::addRow("seed %u", seed) << seed;
}

/// Spikes at random places, in windows that scroll, zoom and change their width.
void tst_SampleStore::noSpikeIsLost()
{
    QFETCH(unsigned, seed);
    std::mt19937 random(seed);
    const auto number = [&random](int least, int most) { return std::uniform_int_distribution(least, most)(random); };
    SampleStore store;
    PlotCurve curve;
    std::vector<Sample> samples;
    PlotWindow window{0, 0, 0.5, 40};
    double x = 0;
    quint64 dropped = 0;
    for (int step = 0; step < 50; ++step) {
        const int count = number(0, 700);
        std::vector<double> values(static_cast<std::size_t>(count));
        for (double &value : values)
            value = number(0, 99) == 0 ? number(-1000, 1000) : number(0, 400) == 0 ? std::nan("") : number(0, 3) * 0.1;
        QVERIFY(store.reserve(count));
        const quint64 first = store.end();
        store.append(values, {});
        for (int i = 0; i < count; ++i) {
            x += number(0, 20) * 0.001;
            store.setX(first + static_cast<quint64>(i), x);
            samples.push_back({x, values[static_cast<std::size_t>(i)]});
        }
        if (number(0, 5) == 0)
            store.dropBefore(x - 30);
        dropped = store.begin();
        switch (number(0, 9)) {
        case 0:
            window = {number(-5, 5) * 0.3, 0, number(1, 40) * 0.02, number(1, 80)};
            break;
        case 1:
            window.columns = number(1, 80);
            break;
        default:
            break;
        }
        window.first = static_cast<qint64>(std::ceil((x - window.origin) / window.width)) - window.columns
                     - number(0, 3);
        store.reduce(window, &curve);
        if (curve.hasPoints)
            continue;
        const std::vector<Sample> kept(samples.cbegin() + static_cast<std::ptrdiff_t>(dropped), samples.cend());
        QCOMPARE(curve.columns.size(), static_cast<std::size_t>(window.columns));
        for (int column = 0; column < window.columns; ++column) {
            const PlotColumn wanted = columnOf(kept, window, column);
            const PlotColumn &found = curve.columns[static_cast<std::size_t>(column)];
            QVERIFY2(isSame(found.low, wanted.low) && isSame(found.high, wanted.high),
                     qPrintable(QStringLiteral("step %1, column %2: %3 to %4 instead of %5 to %6")
                                    .arg(step)
                                    .arg(column)
                                    .arg(found.low)
                                    .arg(found.high)
                                    .arg(wanted.low)
                                    .arg(wanted.high)));
        }
    }
}

void tst_SampleStore::ranges()
{
    SampleStore store(true);
    std::vector<double> lows(10'000, 0.0);
    std::vector<double> highs(10'000, 1.0);
    lows[5000] = -7;
    highs[9999] = 9;
    for (int i = 0; i < 10; ++i) {
        QVERIFY(store.reserve(1000));
        store.append(std::span(lows).subspan(static_cast<std::size_t>(i) * 1000, 1000),
                     std::span(highs).subspan(static_cast<std::size_t>(i) * 1000, 1000));
    }
    const PlotColumn all = store.column(0, 10'000);
    QCOMPARE(all.low, -7.0);
    QCOMPARE(all.high, 9.0);
    QCOMPARE(store.column(5001, 9999).low, 0.0);
    QCOMPARE(store.column(5001, 9999).high, 1.0);
}

void tst_SampleStore::gaps()
{
    SampleStore store;
    std::vector<double> values(1000, 1.0);
    std::fill(values.begin() + 400, values.begin() + 600, std::nan(""));
    QVERIFY(store.reserve(1000));
    store.append(values, {});
    store.setX(0, 1000, 0, 1);
    store.breakBefore(800);
    PlotCurve curve;
    store.reduce({0, 0, 10, 100}, &curve);
    QVERIFY(!curve.hasPoints);
    for (int column = 0; column < 100; ++column) {
        const PlotColumn &found = curve.columns[static_cast<std::size_t>(column)];
        QCOMPARE(found.isEmpty(), column >= 40 && column < 60);
        QCOMPARE(found.isBroken, (column >= 40 && column < 60) || column == 80);
    }
    store.reduce({780, 0, 0.25, 160}, &curve);
    QVERIFY(curve.hasPoints);
    for (const PlotPoint &point : curve.points)
        QCOMPARE(point.isBroken, point.x == 800);
}

void tst_SampleStore::pointsWhereColumnsAreMore()
{
    SampleStore store;
    const std::vector<double> values{1, 2, 3, 4, 5};
    QVERIFY(store.reserve(5));
    store.append(values, {});
    store.setX(0, 5, 0, 10);
    PlotCurve curve;
    store.reduce({5, 0, 1, 20}, &curve);
    QVERIFY(curve.hasPoints);
    // Those at 10 and 20, and one beyond each edge.
    QCOMPARE(curve.points.size(), std::size_t(4));
    QCOMPARE(curve.points.front().x, 0.0);
    QCOMPARE(curve.points.back().x, 30.0);
    QCOMPARE(curve.extent().low, 2.0);
    QCOMPARE(curve.extent().high, 3.0);
    QCOMPARE(curve.pointWidth, 10.0);
}

/// Columns in view stay as they are while others come.
void tst_SampleStore::onlyWhatIsNew()
{
    SampleStore store;
    PlotCurve curve;
    const std::vector<double> values(100, 1.0);
    for (int i = 0; i < 50; ++i) {
        QVERIFY(store.reserve(100));
        const quint64 first = store.end();
        store.append(values, {});
        store.setX(first, store.end(), static_cast<double>(first), 1);
        curve.changedFrom = std::numeric_limits<qint64>::max();
        const auto newest = static_cast<qint64>(store.end() / 10);
        store.reduce({0, newest - 100, 10, 100}, &curve);
        if (i > 20)
            QCOMPARE(curve.changedFrom, newest - 11); // The column of the last sample, too.
    }
}

void tst_SampleStore::oldSamplesGo()
{
    SampleStore store;
    const std::vector<double> values(5000, 1.0);
    for (int i = 0; i < 20; ++i) {
        store.keepLast(3000);
        QVERIFY(store.reserve(5000));
        const quint64 first = store.end();
        store.append(values, {});
        store.setX(first, store.end(), static_cast<double>(first), 1);
    }
    QCOMPARE(store.end() - store.begin(), quint64(8000));
    QCOMPARE(store.firstAt(-1), store.begin());
    QCOMPARE(store.firstAt(95'000.5), quint64(95'001));
    store.dropBefore(97'000);
    QCOMPARE(store.begin(), quint64(96'999)); // From which the line comes.
    store.clear();
    QVERIFY(store.isEmpty());
}

QTEST_APPLESS_MAIN(tst_SampleStore)

#include "tst_samplestore.moc"
