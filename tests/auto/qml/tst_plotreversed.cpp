// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// SharedPlot with x from right to left.

#include "plottest.h"

#include <SharedSegment/SharedArray>

#include <QtGui/QImage>
#include <QtTest/QSignalSpy>

#include <chrono>
#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;
using namespace plottest;
using namespace testsupport;

namespace {

enum class Scale { Index, Seconds, Time };

struct Timed
{
    qint64 time;
    double value;
};

constexpr qint64 Millisecond = 1'000'000;
constexpr qint64 StartTime = 1'700'000'000'000; // ms since 1970

QImage turned(const QImage &image)
{
#if QT_VERSION >= QT_VERSION_CHECK(6, 9, 0)
    return image.flipped(Qt::Horizontal);
#else
    return image.mirrored(true, false);
#endif
}

/// Counts what is drawn and has nothing within one pixel in the other picture.
int drawnAlone(const QImage &image, const QImage &other)
{
    int result = 0;
    for (int y = 1; y + 1 < image.height(); ++y) {
        for (int x = 1; x + 1 < image.width(); ++x)
            result += isDrawn(image.pixel(x, y)) && drawnIn(other, QRect(x - 1, y - 1, 3, 3)) == 0;
    }
    return result;
}

} // namespace

class tst_PlotReversed : public PlotTest
{
    Q_OBJECT

private Q_SLOTS:
    void init() { showPlot(); }
    void cleanup() { removePlot(); }

    void mirrors_data();
    void mirrors();
    void staysWhenFollowing();
    void scrollsToTheRight();
    void edgesInAnyOrder();
};

void tst_PlotReversed::mirrors_data()
{
    QTest::addColumn<Scale>("scale");
    QTest::addColumn<int>("length");
    QTest::addColumn<SharedSeries::Style>("style");
    QTest::addColumn<bool>("isFilled");
    using Style = SharedSeries::Style;
    QTest::newRow("index, few") << Scale::Index << 12 << Style::Line << false;
    QTest::newRow("index, many") << Scale::Index << 20'000 << Style::Line << false;
    QTest::newRow("index, bars") << Scale::Index << 12 << Style::Bars << false;
    QTest::newRow("index, many bars") << Scale::Index << 20'000 << Style::Bars << false;
    QTest::newRow("rate, few") << Scale::Seconds << 12 << Style::Line << true;
    QTest::newRow("rate, many") << Scale::Seconds << 20'000 << Style::Line << true;
    QTest::newRow("time, few") << Scale::Time << 12 << Style::Line << false;
    QTest::newRow("time, many") << Scale::Time << 20'000 << Style::Line << false;
}

/// The picture of the other order of xMinimum and xMaximum, turned over.
void tst_PlotReversed::mirrors()
{
    QFETCH(Scale, scale);
    QFETCH(int, length);
    QFETCH(SharedSeries::Style, style);
    QFETCH(bool, isFilled);
    SharedSegment segment(uniqueName());
    if (scale == Scale::Time)
        segment.setMetadata({{u"timeField"_s, u"time"_s}});
    else if (scale == Scale::Seconds)
        segment.setMetadata({{u"sampleRate"_s, 1000}});
    QVERIFY2(segment.create(SharedLayout::parse(u"S{time:i64;value:f64}"_s), length),
             qPrintable(segment.errorString()));
    std::vector<Timed> elements;
    for (int i = 0; i < length; ++i) {
        // Not symmetric, and with a gap.
        const double share = double(i) / length;
        const double value = share > 0.4 && share < 0.5 ? std::nan("") : share * share + 0.1 * std::sin(40 * share);
        elements.push_back({(StartTime + i) * Millisecond, value});
    }
    QVERIFY(segment.publish(QByteArray(reinterpret_cast<const char *>(elements.data()), segment.size())));
    m_series->setField(u"value"_s);
    m_series->setStyle(style);
    m_series->setFill(isFilled ? Qt::lightGray : Qt::transparent);
    m_series->setSegment(&segment);
    m_plot->setAutoScale(false);
    m_plot->setMinimum(-0.2);
    m_plot->setMaximum(1.2);
    const QImage all = grab();
    const double step = scale == Scale::Seconds ? 0.001 : 1;
    QVERIFY(std::abs(m_plot->xMaximum() - m_plot->xMinimum()) >= step * (length - 1));
    // A part of it, whose edges lie between two elements.
    const double start = scale == Scale::Time ? double(StartTime) : 0;
    const double left = start + step * length * 0.13;
    const double right = start + step * length * 0.77;
    m_plot->setXMinimum(left);
    m_plot->setXMaximum(right);
    const QImage upright = grab();
    QVERIFY(upright != all);
    m_plot->setXMinimum(right);
    m_plot->setXMaximum(left);
    QVERIFY(std::abs(m_plot->xMinimum() - right) < 1e-3);
    QVERIFY(std::abs(m_plot->xMaximum() - left) < 1e-3);
    const QImage mirrored = grab();
    QVERIFY(drawnIn(mirrored) > 50);
    QCOMPARE(drawnAlone(mirrored, turned(upright)), 0);
    QCOMPARE(drawnAlone(turned(upright), mirrored), 0);
    const SharedSeries::DataRange range = m_series->dataRange();
    const auto near = m_series->valueNear(range.left + (range.right - range.left) * 0.25);
    QVERIFY(near);
    QVERIFY(std::abs(near->y() - (0.0625 + 0.1 * std::sin(10))) < 0.1);
}

/// What the application has turned over stays so when the user returns to all the data.
void tst_PlotReversed::staysWhenFollowing()
{
    SharedArray<double> values(uniqueName());
    QVERIFY(values.create(3));
    QVERIFY(values.publish(QList<double>{0, 1, 5}));
    m_series->setSegment(values.segment());
    m_plot->setXMinimum(1);
    m_plot->setXMaximum(0);
    m_plot->setFollowing(true);
    const QImage image = grab();
    QCOMPARE(m_plot->xMinimum(), 2.0);
    QCOMPARE(m_plot->xMaximum(), 0.0);
    QVERIFY(m_plot->isFollowing());
    QVERIFY(drawnIn(image, QRect(0, 0, 4, 6)) > 0);
    QVERIFY(drawnIn(image, QRect(Width - 4, Height - 6, 4, 6)) > 0);
}

void tst_PlotReversed::scrollsToTheRight()
{
    SharedSegment stream(uniqueName());
    stream.setKind(SharedSegment::Kind::Stream);
    stream.setMetadata({{u"sampleRate"_s, 1000}});
    QVERIFY(stream.create(SharedLayout::of<float>(), 10'000));
    m_series->setTimeSpan(2);
    m_series->setSegment(&stream);
    m_plot->setXMinimum(1);
    m_plot->setXMaximum(0);
    m_plot->setFollowing(true);
    const std::vector<float> values(500, 0.5F);
    QVERIFY(stream.append(QByteArray(reinterpret_cast<const char *>(values.data()), 2000)));
    QTRY_COMPARE_WITH_TIMEOUT(m_series->revision(), 500u, Deadline);
    QVERIFY(m_plot->xMinimum() > m_plot->xMaximum());
    // The newest quarter, which goes on to the right.
    const QImage image = grab();
    QVERIFY(drawnIn(image, QRect(0, 0, Width / 2, Height)) > 0);
    QTRY_COMPARE_WITH_TIMEOUT(drawnIn(grab(), QRect(0, 0, Width / 2, Height)), 0, Deadline);
    QVERIFY(m_plot->isFollowing());
}

void tst_PlotReversed::edgesInAnyOrder()
{
    SharedPlot plot;
    plot.setXMinimum(30);
    plot.setXMaximum(10);
    QCOMPARE(plot.xMinimum(), 30.0);
    QCOMPARE(plot.xMaximum(), 10.0);
    plot.setXMaximum(40);
    QCOMPARE(plot.xMinimum(), 30.0);
    QCOMPARE(plot.xMaximum(), 40.0);
    plot.setXMaximum(0);
    plot.setXMinimum(-std::numeric_limits<double>::infinity());
    QCOMPARE(plot.xMinimum(), 30.0);
    QCOMPARE(plot.xMaximum(), 0.0);
}

QTEST_MAIN(tst_PlotReversed)
#include "tst_plotreversed.moc"
