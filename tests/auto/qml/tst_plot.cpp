// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What SharedPlot draws.

#include "plottest.h"

#include <SharedSegment/SharedArray>

#include <QtCore/QRegularExpression>
#include <QtGui/QImage>
#include <QtTest/QSignalSpy>

#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;
using namespace plottest;
using namespace testsupport;

class tst_Plot : public PlotTest
{
    Q_OBJECT

private Q_SLOTS:
    void init() { showPlot(); }
    void cleanup() { removePlot(); }

    void defaults();
    void ramp();
    void spikeAmongTenMillion();
    void cornerCases_data();
    void cornerCases();
    void everyType_data();
    void everyType();
    void range();
    void scale();
    void upsideDown_data();
    void upsideDown();
    void loneSamples_data();
    void loneSamples();
    void farOutside_data();
    void farOutside();
    void fieldWithoutNumbers();
    void fill();
    void bars();
    void manyBars();
};

void tst_Plot::defaults()
{
    const SharedPlot plot;
    QVERIFY(plot.series().isEmpty());
    QCOMPARE(plot.minimum(), 0.0);
    QCOMPARE(plot.maximum(), 1.0);
    QVERIFY(plot.autoScale());
    const SharedSeries series;
    QCOMPARE(series.segment(), nullptr);
    QCOMPARE(series.first(), 0);
    QCOMPARE(series.count(), -1);
    QCOMPARE(series.style(), SharedSeries::Style::Line);
    QCOMPARE(series.field(), QString());
    QCOMPARE(series.color(), QColor(u"steelblue"_s));
    QCOMPARE(series.fill(), QColor(Qt::transparent));
    QCOMPARE(series.lineWidth(), 1.0);
    QCOMPARE(series.label(), QString());
    QCOMPARE(series.unit(), QString());
    QCOMPARE(series.timeSpan(), 0.0);
    QCOMPARE(series.sampleRate(), 0.0);
    QCOMPARE(series.timeField(), QString());
    QCOMPARE(series.maximumRate(), 0.0);
    QVERIFY(!series.isPaused());
    QCOMPARE(series.revision(), 0u);
    QVERIFY(!series.valueNear(0));
    QCOMPARE(drawnIn(grab()), 0);
}

void tst_Plot::ramp()
{
    SharedArray<double> values(uniqueName());
    QVERIFY(values.create(1000));
    {
        auto writer = values.beginWrite();
        for (qsizetype i = 0; i < 1000; ++i)
            writer[i] = double(i);
    }
    m_series->setSegment(values.segment());
    const QImage image = grab();
    QVERIFY(isDrawn(image.pixel(1, Height - 2)));
    QVERIFY(isDrawn(image.pixel(Width - 2, 1)));
    QCOMPARE(drawnIn(image, QRect(0, 0, Width / 2, Height / 2 - 2)), 0);
    QCOMPARE(drawnIn(image, QRect(Width / 2, Height / 2 + 2, Width / 2, Height / 2 - 2)), 0);
    for (int x = 0; x < Width; ++x)
        QVERIFY2(drawnIn(image, QRect(x, 0, 1, Height)) >= 1, qPrintable(QString::number(x)));
    QCOMPARE(m_plot->minimum(), 0.0);
    QCOMPARE(m_plot->maximum(), 999.0);
    QCOMPARE(m_series->revision(), 1u);
}

void tst_Plot::spikeAmongTenMillion()
{
    SharedArray<double> values(uniqueName());
    values.segment()->setBufferCount(2);
    QVERIFY2(values.create(10'000'000), qPrintable(values.errorString()));
    m_series->setSegment(values.segment());
    m_plot->setAutoScale(false);
    m_plot->setMinimum(-1);
    m_plot->setMaximum(1);
    for (qsizetype place : {qsizetype(0), qsizetype(7'123'456), qsizetype(9'999'999)}) {
        {
            auto writer = values.beginWrite();
            std::fill(writer.begin(), writer.end(), 0.0);
            writer[place] = 1;
        }
        QTRY_COMPARE(m_series->revision(), values.revision());
        const QImage image = grab();
        const int x = int(place * Width / 10'000'000);
        QCOMPARE(drawnIn(image, QRect(0, 0, Width, Height / 2 - 4)), drawnIn(image, QRect(x, 0, 1, Height / 2 - 4)));
        QVERIFY(drawnIn(image, QRect(x, 0, 1, Height / 2 - 4)) >= Height / 2 - 8);
    }
}

void tst_Plot::cornerCases_data()
{
    const double nan = std::nan("");
    const double inf = std::numeric_limits<double>::infinity();
    const double huge = std::numeric_limits<double>::max();
    QTest::addColumn<QList<double>>("values");
    QTest::addColumn<bool>("draws"); // a line; bars, too
    QTest::newRow("one") << QList<double>{3} << true;
    QTest::newRow("two") << QList<double>{3, 4} << true;
    QTest::newRow("constant") << QList<double>(5000, 3) << true;
    QTest::newRow("zero") << QList<double>(5000, 0) << true;
    QTest::newRow("all NaN") << QList<double>(5000, nan) << false;
    QTest::newRow("few NaN") << QList<double>(5, nan) << false;
    QTest::newRow("all infinite") << QList<double>(5000, inf) << false;
    QTest::newRow("NaN among") << QList<double>{1, nan, 2, 3, nan} << true;
    QTest::newRow("infinite among") << QList<double>{1, inf, 2, -inf, 3} << true;
    QTest::newRow("greatest") << QList<double>{-huge, huge, 0} << true;
    QTest::newRow("greatest constant") << QList<double>(1000, huge) << true;
    QTest::newRow("smallest") << QList<double>{5e-324, 0, 5e-324} << true;
}

void tst_Plot::cornerCases()
{
    QFETCH(QList<double>, values);
    QFETCH(bool, draws);
    SharedArray<double> shared(uniqueName());
    QVERIFY(shared.create(values.size()));
    QVERIFY(shared.publish(values));
    m_series->setSegment(shared.segment());
    m_series->setLineWidth(2);
    QCOMPARE(drawnIn(grab()) > 0, draws);
    m_series->setFill(Qt::black);
    QCOMPARE(drawnIn(grab()) > 0, draws);
    m_series->setStyle(SharedSeries::Style::Bars);
    QCOMPARE(drawnIn(grab()) > 0, draws);
    m_plot->setAutoScale(false);
    m_plot->setMinimum(5);
    m_plot->setMaximum(-5);
    grab();
    m_plot->setMinimum(std::nan(""));
    m_series->setLineWidth(std::numeric_limits<double>::infinity());
    QCOMPARE(m_plot->minimum(), 5.0);
    grab();
    m_plot->setSize(QSizeF(0, 0));
    grab();
    m_plot->setSize(QSizeF(1, 1));
    grab();
}

void tst_Plot::everyType_data()
{
    QTest::addColumn<QString>("layout");
    QTest::addColumn<QByteArray>("high");
    auto row = [](const char *type, auto value) {
        QTest::newRow(type) << QString::fromLatin1(type)
                            << QByteArray(reinterpret_cast<const char *>(&value), sizeof value);
    };
    row("i8", qint8(100));
    row("u8", quint8(100));
    row("i16", qint16(100));
    row("u16", quint16(100));
    row("i32", qint32(100));
    row("u32", quint32(100));
    row("i64", qint64(100));
    row("u64", quint64(100));
    row("f32", 100.0f);
    row("f64", 100.0);
    row("bool", quint8(1));
}

void tst_Plot::everyType()
{
    QFETCH(QString, layout);
    QFETCH(QByteArray, high);
    SharedSegment segment(uniqueName());
    QVERIFY(segment.create(SharedLayout::parse(layout), 4000));
    QVERIFY(segment.publish(QByteArray(segment.size() / 2, '\0') + high.repeated(2000)));
    m_series->setSegment(&segment);
    const QImage image = grab();
    QVERIFY(isDrawn(image.pixel(Width / 4, Height - 1)));
    QVERIFY(isDrawn(image.pixel(Width * 3 / 4, 0)));
    QCOMPARE(m_plot->minimum(), 0.0);
    QCOMPARE(m_plot->maximum(), layout == u"bool"_s ? 1.0 : 100.0);
}

void tst_Plot::range()
{
    SharedSegment segment(uniqueName());
    QVERIFY(segment.create(SharedLayout::parse(u"S{name:char[4];pos.x:f32;n:i32}"), 1000));
    {
        SharedWriter writer = segment.beginWrite();
        for (size_t i = 0; i < 1000; ++i) {
            const float x = float(i);
            const qint32 n = -qint32(i);
            std::memcpy(writer.bytes().data() + i * 12 + 4, &x, 4);
            std::memcpy(writer.bytes().data() + i * 12 + 8, &n, 4);
        }
    }
    m_series->setSegment(&segment);
    auto extent = [this] {
        grab();
        return std::pair(m_plot->minimum(), m_plot->maximum());
    };
    using Extent = std::pair<double, double>;
    QCOMPARE(extent(), Extent(0, 999)); // the first field with numbers
    m_series->setField(u"n"_s);
    QCOMPARE(extent(), Extent(-999, 0));
    m_series->setField(u"pos_x"_s);
    m_series->setFirst(100);
    QCOMPARE(extent(), Extent(100, 999));
    m_series->setCount(50);
    QCOMPARE(extent(), Extent(100, 149));
    m_series->setFirst(990);
    QCOMPARE(extent(), Extent(990, 999));
    m_series->setFirst(std::numeric_limits<qint64>::max());
    QCOMPARE(drawnIn(grab()), 0);
    m_series->setFirst(-3);
    QCOMPARE(m_series->first(), 0);
    m_series->setField(u"name"_s);
    QCOMPARE(drawnIn(grab()), 0);
    m_series->setField(u"none"_s);
    QCOMPARE(drawnIn(grab()), 0);
}

void tst_Plot::scale()
{
    SharedArray<double> values(uniqueName());
    QVERIFY(values.create(3));
    QVERIFY(values.publish(QList<double>{0, 0, 0}));
    m_series->setSegment(values.segment());
    m_plot->setAutoScale(false);
    m_plot->setMinimum(-1);
    m_plot->setMaximum(3);
    QImage image = grab();
    QVERIFY(drawnIn(image, QRect(0, Height * 3 / 4 - 2, Width, 4)) >= Width - 2);
    // Outside of the scale is outside of the picture.
    m_plot->setMinimum(1);
    QCOMPARE(drawnIn(grab()), 0);
    m_plot->setAutoScale(true);
    image = grab();
    QVERIFY(drawnIn(image, QRect(0, Height / 2 - 2, Width, 4)) >= Width - 2);
}

void tst_Plot::fill()
{
    SharedArray<double> values(uniqueName());
    QVERIFY(values.create(4));
    QVERIFY(values.publish(QList<double>{1, 1, 1, 1}));
    m_series->setSegment(values.segment());
    m_plot->setAutoScale(false);
    m_plot->setMinimum(0);
    m_plot->setMaximum(2);
    const int line = drawnIn(grab());
    m_series->setFill(Qt::black);
    const int area = drawnIn(grab());
    QVERIFY2(line < 3 * Width && area > Width * Height * 45 / 100, qPrintable(u"%1 %2"_s.arg(line).arg(area)));
}

void tst_Plot::bars()
{
    SharedArray<double> values(uniqueName());
    QVERIFY(values.create(5));
    QVERIFY(values.publish(std::array{2.0, -1.0, 0.0, std::nan(""), 1.0}));
    m_series->setSegment(values.segment());
    QSignalSpy changed(m_series, &SharedSeries::styleChanged);
    m_series->setStyle(SharedSeries::Style::Bars);
    m_series->setStyle(SharedSeries::Style::Bars);
    QCOMPARE(changed.count(), 1);
    const QImage image = grab();
    // 0 is a third from below: the span is -1 to 2.
    QCOMPARE(m_plot->minimum(), -1.0);
    QCOMPARE(m_plot->maximum(), 2.0);
    constexpr int Base = 67;
    constexpr int Slot = Width / 5;
    constexpr int Gap = Slot / 5;
    const auto isFull = [&image](QRect rect) { return drawnIn(image, rect) == rect.width() * rect.height(); };
    QVERIFY(isFull(QRect(Gap / 2, 0, Slot - Gap, Base)));
    QVERIFY(isFull(QRect(Slot + Gap / 2, Base, Slot - Gap, Height - Base)));
    QVERIFY(isFull(QRect(2 * Slot + Gap / 2, Base, Slot - Gap, 1))); // 0 is a line,
    QCOMPARE(drawnIn(image, QRect(3 * Slot, 0, Slot, Height)), 0);   // an invalid number nothing,
    QVERIFY(isFull(QRect(4 * Slot + Gap / 2, 34, Slot - Gap, Base - 34)));
    // and nothing is beside, above or below.
    const int expected = (Slot - Gap) * (Base + (Height - Base) + 1 + (Base - 33));
    QCOMPARE(drawnIn(image), expected);

    // Bars of one sign stand on 0 too.
    QVERIFY(values.publish(std::array{5.0, 6.0, 7.0, 8.0, 9.0}));
    QTRY_COMPARE(m_series->revision(), values.revision());
    QCOMPARE(m_plot->minimum(), 0.0);
    m_series->setStyle(SharedSeries::Style::Line);
    QCOMPARE(m_plot->minimum(), 5.0);
    // A base outside the picture is drawn at the edge.
    m_series->setStyle(SharedSeries::Style::Bars);
    m_plot->setAutoScale(false);
    m_plot->setMinimum(7);
    m_plot->setMaximum(9);
    const QImage cut = grab();
    QCOMPARE(drawnIn(cut, QRect(0, 0, 2 * Slot, Height - 1)), 0);
    QCOMPARE(drawnIn(cut, QRect(4 * Slot, 0, Slot, Height)), (Slot - Gap) * Height);
}

void tst_Plot::manyBars()
{
    SharedArray<float> values(uniqueName());
    QVERIFY(values.create(1'000'000));
    {
        auto writer = values.beginWrite();
        std::fill(writer.begin(), writer.end(), 1.0f);
        writer[500'000] = -1;
    }
    m_series->setSegment(values.segment());
    m_series->setStyle(SharedSeries::Style::Bars);
    const QImage image = grab();
    QCOMPARE(drawnIn(image, QRect(0, 0, Width, Height / 2)), Width * Height / 2);
    QCOMPARE(drawnIn(image, QRect(0, Height / 2, Width, Height / 2)), Height / 2);
    QCOMPARE(drawnIn(image, QRect(Width / 2, Height / 2, 1, Height / 2)), Height / 2);
}

void tst_Plot::upsideDown_data()
{
    QTest::addColumn<int>("length");
    QTest::addColumn<SharedSeries::Style>("style");
    QTest::newRow("line of few") << 3 << SharedSeries::Style::Line;
    QTest::newRow("line of many") << 100'000 << SharedSeries::Style::Line;
    QTest::newRow("bars") << 10 << SharedSeries::Style::Bars;
}

/// The picture of the other order of minimum and maximum, turned over.
void tst_Plot::upsideDown()
{
    QFETCH(int, length);
    QFETCH(SharedSeries::Style, style);
    SharedArray<double> values(uniqueName());
    QVERIFY(values.create(length));
    {
        auto writer = values.beginWrite();
        for (int i = 0; i < length; ++i)
            writer[i] = double(i) / (length - 1);
    }
    m_plot->setAutoScale(false);
    m_series->setStyle(style);
    m_series->setSegment(values.segment());
    m_plot->setMinimum(-1);
    m_plot->setMaximum(1);
#if QT_VERSION >= QT_VERSION_CHECK(6, 9, 0)
    const QImage upright = grab().flipped(Qt::Vertical);
#else
    const QImage upright = grab().mirrored();
#endif
    m_plot->setMinimum(1);
    m_plot->setMaximum(-1);
    const QImage turned = grab();
    QVERIFY(drawnIn(turned) > 50);
    // Rounding to whole pixels goes the same way in both.
    int others = 0;
    for (int y = 1; y + 1 < Height; ++y) {
        for (int x = 0; x < Width; ++x) {
            if (isDrawn(turned.pixel(x, y)))
                others += drawnIn(upright, QRect(x, y - 1, 1, 3)) == 0;
        }
    }
    QCOMPARE(others, 0);
}

void tst_Plot::loneSamples_data()
{
    QTest::addColumn<double>("lineWidth");
    QTest::newRow("thin") << 1.0;
    QTest::newRow("thick") << 6.0;
}

void tst_Plot::loneSamples()
{
    QFETCH(double, lineWidth);
    constexpr double Gap = std::numeric_limits<double>::quiet_NaN();
    SharedArray<double> values(uniqueName());
    QVERIFY(values.create(5));
    QVERIFY(values.publish(QList<double>{1, Gap, Gap, Gap, 2}));
    m_series->setLineWidth(lineWidth);
    m_series->setSegment(values.segment());
    const auto inked = [](const QImage &image, QRect rect) {
        int result = 0;
        for (int y = rect.top(); y <= rect.bottom(); ++y) {
            for (int x = rect.left(); x <= rect.right(); ++x)
                result += qRed(image.pixel(x, y)) < 230; // a thin point lies between pixels
        }
        return result;
    };
    const QImage image = grab();
    QVERIFY(inked(image, QRect(0, 0, 8, Height)) >= lineWidth * lineWidth * 0.7);
    QVERIFY(inked(image, QRect(Width - 8, 0, 8, Height)) >= lineWidth * lineWidth * 0.7);
    QCOMPARE(inked(image, QRect(8, 0, Width - 16, Height)), 0);
    // Between two gaps it is a dot that one finds.
    m_plot->setAutoScale(false);
    m_plot->setMinimum(0);
    m_plot->setMaximum(4);
    QVERIFY(values.publish(QList<double>{Gap, Gap, 2, Gap, Gap}));
    QTRY_COMPARE(m_series->revision(), values.revision());
    const double size = lineWidth + 2;
    const int dot = inked(grab(), QRect(Width / 2 - 8, Height / 2 - 8, 16, 16));
    QVERIFY2(dot >= size * size * 0.7 && dot <= (size + 2) * (size + 2), qPrintable(QString::number(dot)));
    QCOMPARE(inked(grab(), grab().rect()), dot);
    // And among more than there are pixels.
    constexpr int Many = 10 * Width;
    SharedArray<double> more(uniqueName());
    QVERIFY(more.create(Many));
    QList<double> numbers(Many, Gap);
    numbers[0] = numbers[Many / 2] = numbers[Many - 1] = 2;
    QVERIFY(more.publish(numbers));
    m_series->setSegment(more.segment());
    const QImage among = grab();
    for (const QRect &place :
         {QRect(0, 0, 8, Height), QRect(Width / 2 - 8, 0, 16, Height), QRect(Width - 8, 0, 8, Height)})
        QVERIFY(inked(among, place) >= 3);
}

void tst_Plot::farOutside_data()
{
    QTest::addColumn<QList<double>>("samples");
    QTest::addColumn<double>("least");
    QTest::addColumn<int>("crossing");
    QTest::newRow("up") << QList<double>{0, 10} << 0.0 << Width / 20;
    QTest::newRow("down") << QList<double>{1, -9} << 0.0 << Width / 20;
    QTest::newRow("down to it") << QList<double>{10, 0} << 0.0 << Width - Width / 20;
    QTest::newRow("through") << QList<double>{-99.5, 100.5} << 0.0 << Width / 2;
    QTest::newRow("through, far") << QList<double>{1e300, -1e300} << 0.0 << Width / 2;
    QTest::newRow("through, beyond halves") << QList<double>{-1.7e308, 1.7e308} << 0.0 << Width / 2;
    QTest::newRow("no scale") << QList<double>{0, 0.5, 1} << 1.0 << Width - 1;
}

/// The line is as steep as with visible ends.
void tst_Plot::farOutside()
{
    QFETCH(QList<double>, samples);
    QFETCH(double, least);
    QFETCH(int, crossing);
    SharedArray<double> values(uniqueName());
    QVERIFY(values.create(samples.size()));
    QVERIFY(values.publish(samples));
    m_plot->setAutoScale(false);
    m_plot->setMinimum(least);
    m_plot->setMaximum(1);
    m_series->setSegment(values.segment());
    const QImage image = grab();
    // In the middle of the height.
    int first = -1;
    int last = -1;
    for (int x = 0; x < Width; ++x) {
        if (drawnIn(image, QRect(x, Height / 2 - 2, 1, 4)) == 0)
            continue;
        first = first < 0 ? x : first;
        last = x;
    }
    QVERIFY2(first >= 0 && first >= crossing - 2 && last <= crossing + 2, qPrintable(u"%1..%2"_s.arg(first).arg(last)));
}

void tst_Plot::fieldWithoutNumbers()
{
    SharedSegment segment(uniqueName());
    QVERIFY(segment.create(SharedLayout::parse(u"S{name:char[8];value:f64}"_s), 2));
    m_series->setField(u"name"_s);
    QTest::ignoreMessage(QtWarningMsg,
                         QRegularExpression(u"no numbers in a field \"name\"; set field to one of: value"_s));
    m_series->setSegment(&segment);
    grab();
}

QTEST_MAIN(tst_Plot)

#include "tst_plot.moc"
