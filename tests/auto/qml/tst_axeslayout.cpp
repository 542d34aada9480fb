// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The texts around the data of a plot: none is cut, and none is over another one. And the bounds of what a user shows.

#include "axeslayout.h"
#include "plotbounds.h"

#include <QtCore/QRandomGenerator>
#include <QtTest/QTest>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;
using Kind = PlotTicks::Kind;

namespace {

std::shared_ptr<TextSizes> textsOf(int pixelSize)
{
    QFont font;
    font.setPixelSize(pixelSize);
    return std::make_shared<TextSizes>(font);
}

} // namespace

class tst_AxesLayout : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void randomSizes_data();
    void randomSizes();
    void smallPlot();
    void lowPlot();
    void withoutAxes();
    void withoutGrid();
    void titles();
    void longTitle();
    void zoomKeepsTheNumberBelowThePointer();
    void zoomEnds();
    void panEnds();
    void hostileBounds();
};

void tst_AxesLayout::randomSizes_data()
{
    QTest::addColumn<Kind>("kind");
    QTest::newRow("numbers") << Kind::Number;
    QTest::newRow("whole numbers") << Kind::Index;
    QTest::newRow("seconds") << Kind::Seconds;
    QTest::newRow("times") << Kind::Time;
}

void tst_AxesLayout::randomSizes()
{
    QFETCH(Kind, kind);
    QRandomGenerator random(7);
    for (int i = 0; i < 60; ++i) {
        AxesLayout layout;
        layout.size = QSizeF(40 + random.bounded(900.0), 30 + random.bounded(600.0));
        layout.texts = textsOf(8 + random.bounded(20));
        layout.kind = kind;
        const double start = kind == Kind::Time ? 1.7e9 : random.bounded(1e5);
        layout.x = {start, start + std::pow(10.0, random.bounded(10.0) - 3)};
        layout.y = {-std::pow(10.0, random.bounded(16.0) - 8), std::pow(10.0, random.bounded(16.0) - 8)};
        if (i % 3 == 0)
            std::swap(layout.y.from, layout.y.to);
        if (i % 4 == 0)
            std::swap(layout.x.from, layout.x.to);
        layout.xTitle = i % 2 == 0 ? u"Distance along the shaft"_s : QString();
        layout.yTitle = i % 2 == 0 ? u"Pressure [bar]"_s : QString();
        layout.textColor = Qt::black;
        layout.locale = QLocale::c();
        const QRectF whole(QPointF(), layout.size);
        const QRectF area = whole.marginsRemoved(layout.margins());
        QVERIFY(area.isValid());
        const AxesLayout::Result result = layout.place(area);
        QCOMPARE(result.beside.texts.size(), result.textAreas.size());
        for (qsizetype at = 0; at < result.textAreas.size(); ++at) {
            const QString text = result.beside.texts[at].text;
            const QRectF rect = result.textAreas[at];
            QVERIFY2(whole.contains(rect.adjusted(0.5, 0.5, -0.5, -0.5)), qPrintable(text));
            for (qsizetype other = 0; other < at; ++other)
                QVERIFY2(!rect.intersects(result.textAreas[other]),
                         qPrintable(text + u" over "_s + result.beside.texts[other].text));
            QVERIFY2(!rect.intersects(area.adjusted(1, 1, -1, -1)), qPrintable(text));
        }
        for (const PlotShapes::Rectangle &line : result.behind.rectangles)
            QVERIFY(area.adjusted(-1, -1, 1, 1).contains(line.rect));
    }
}

void tst_AxesLayout::smallPlot()
{
    AxesLayout layout;
    layout.texts = textsOf(12);
    layout.size = QSizeF(60, 20);
    QVERIFY(layout.margins().isNull());
    QVERIFY(layout.place(QRectF(QPointF(), layout.size)).beside.texts.isEmpty());
    layout.size = QSizeF(0, 0);
    QVERIFY(layout.place(QRectF(0, 0, 0, 0)).behind.rectangles.isEmpty());
    layout.size = QSizeF(400, 300);
    QVERIFY(!layout.margins().isNull());
}

/// A low plot has two numbers on its y axis, since one tells nothing of the scale.
void tst_AxesLayout::lowPlot()
{
    AxesLayout layout;
    layout.size = QSizeF(400, 110);
    layout.texts = textsOf(12);
    layout.xTitle = u"s"_s;
    layout.yTitle = u"V"_s;
    for (const AxesLayout::Range range : {AxesLayout::Range{-8, 15.5}, {17, 25.4}, {15.5, -8}, {0, 1}}) {
        layout.y = range;
        const QRectF area = QRectF(QPointF(), layout.size).marginsRemoved(layout.margins());
        const AxesLayout::Result result = layout.place(area);
        const auto beside = [&](const QRectF &text) {
            return text.right() < area.left() && text.bottom() > area.top();
        };
        QVERIFY2(std::count_if(result.textAreas.cbegin(), result.textAreas.cend(), beside) >= 2,
                 qPrintable(QString::number(range.from)));
    }
}

void tst_AxesLayout::withoutAxes()
{
    AxesLayout layout;
    layout.texts = textsOf(12);
    layout.size = QSizeF(400, 300);
    layout.hasAxes = false;
    QVERIFY(layout.margins().isNull());
    const AxesLayout::Result result = layout.place(QRectF(QPointF(), layout.size));
    QVERIFY(result.beside.texts.isEmpty());
    QVERIFY(!result.behind.rectangles.isEmpty());
}

void tst_AxesLayout::withoutGrid()
{
    AxesLayout layout;
    layout.texts = textsOf(12);
    layout.size = QSizeF(400, 300);
    layout.hasGrid = false;
    const AxesLayout::Result result = layout.place(QRectF(QPointF(), layout.size).marginsRemoved(layout.margins()));
    QVERIFY(result.behind.rectangles.isEmpty());
    QVERIFY(!result.beside.texts.isEmpty());
}

void tst_AxesLayout::titles()
{
    AxesLayout layout;
    layout.texts = textsOf(12);
    layout.size = QSizeF(400, 300);
    const QMarginsF without = layout.margins();
    layout.xTitle = u"s"_s;
    QVERIFY(layout.margins().bottom() > without.bottom());
    QCOMPARE(layout.margins().top(), without.top());
    layout.yTitle = u"bar"_s;
    QVERIFY(layout.margins().top() > without.top());
    layout.y = {0, 5e6};
    const AxesLayout::Result result = layout.place(QRectF(QPointF(), layout.size).marginsRemoved(layout.margins()));
    QCOMPARE(result.beside.texts.constLast().text, u"bar  ×10⁶"_s);
}

/// A title comes from the metadata, which another process writes.
void tst_AxesLayout::longTitle()
{
    AxesLayout layout;
    layout.texts = textsOf(12);
    layout.size = QSizeF(400, 300);
    layout.xTitle = QString(100'000, u'w');
    layout.yTitle = layout.xTitle;
    const AxesLayout::Result result = layout.place(QRectF(QPointF(), layout.size).marginsRemoved(layout.margins()));
    for (const QRectF &rect : result.textAreas)
        QVERIFY(rect.width() <= 400);
}

void tst_AxesLayout::zoomKeepsTheNumberBelowThePointer()
{
    const PlotBounds bounds = PlotBounds::of(0, 100, {0, 100}, 0);
    for (const PlotView::Range range : {PlotView::Range{0, 100}, PlotView::Range{100, 0}}) {
        const PlotView::Range near = bounds.zoomed(range, 25, 0.5);
        QCOMPARE(std::abs(near.span()), 50.0);
        QCOMPARE(near.isReversed(), range.isReversed());
        QCOMPARE((25 - near.from) / near.span(), (25 - range.from) / range.span());
    }
}

void tst_AxesLayout::zoomEnds()
{
    const PlotBounds bounds = PlotBounds::of(1000, 1100, {1000, 1100}, 0);
    PlotView::Range range{1000, 1100};
    for (int i = 0; i < 1000; ++i)
        range = bounds.zoomed(range, 1050, 0.5);
    // Each pixel of a large screen is another number.
    QVERIFY(range.from + range.span() / 10000 != range.from);
    QVERIFY(range.span() < 1e-6);
    for (int i = 0; i < 1000; ++i)
        range = bounds.zoomed(range, 1050, 2);
    QCOMPARE(range.span(), 400.0);
    // Indexes have two elements at least.
    QCOMPARE(PlotBounds::of(0, 100, {0, 100}, 2).zoomed({0, 3}, 1, 0.01).span(), 2.0);
    // A range that is already beyond the end is not pulled back.
    QCOMPARE(bounds.zoomed({0, 4000}, 1000, 1.0), (PlotView::Range{0, 4000}));
    QCOMPARE(bounds.zoomed({1, 1}, 1, 2), (PlotView::Range{1, 1}));
}

void tst_AxesLayout::panEnds()
{
    const PlotBounds bounds = PlotBounds::of(0, 100, {0, 100}, 0);
    QCOMPARE(bounds.moved({0, 40}, 20), (PlotView::Range{20, 60}));
    QCOMPARE(bounds.moved({0, 40}, 1e9), (PlotView::Range{90, 130}));
    QCOMPARE(bounds.moved({0, 40}, -1e9), (PlotView::Range{-30, 10}));
    QCOMPARE(bounds.moved({40, 0}, 1e9), (PlotView::Range{130, 90}));
    // All data are fewer than a quarter.
    QCOMPARE(bounds.moved({-500, 500}, 1e9), (PlotView::Range{0, 1000}));
}

void tst_AxesLayout::hostileBounds()
{
    constexpr double Nan = std::numeric_limits<double>::quiet_NaN();
    constexpr double Greatest = std::numeric_limits<double>::max();
    const PlotView::Range range{0, 10};
    QCOMPARE(PlotBounds::of(Nan, Nan, range, 0).moved(range, 1), (PlotView::Range{1, 11}));
    QCOMPARE(PlotBounds::of(5, 5, range, 0).moved(range, 100), (PlotView::Range{5, 15}));
    const PlotView::Range all{-Greatest, Greatest};
    QCOMPARE(PlotBounds::of(-Greatest, Greatest, all, 0).zoomed(all, 0, 0.5), all);
    QCOMPARE(PlotBounds::of(0, 10, range, 0).zoomed(range, 5, Nan), range);
}

QTEST_MAIN(tst_AxesLayout)
#include "tst_axeslayout.moc"
