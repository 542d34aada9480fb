// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The axes, the cursor and the legend of a SharedPlot, as an application sees them.

#include "axestest.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedSeries>
#include <SharedSegment/SharedStream>

#include <QtCore/QAbstractItemModel>
#include <QtCore/QDateTime>
#include <QtCore/QRegularExpression>
#include <QtGui/QPalette>
#include <QtQml/QQmlComponent>
#include <QtQml/QQmlEngine>
#include <QtTest/QSignalSpy>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

using namespace Qt::StringLiterals;
using namespace axestest;
using namespace testsupport;

class tst_PlotAxes : public AxesTest
{
    Q_OBJECT

private Q_SLOTS:
    void init() { showPlot(); }
    void cleanup() { m_window.reset(); }
    void defaults();
    void cursorSet();
    void cursorShownEarly();
    void linkedPlots();
    void boundPlots();
    void boundLivePlots();
    void legend();
    void textsOfLegend_data();
    void textsOfLegend();
    void numbersOfCursor();
    void times();
    void edgesInAnyOrder();
    void heldBeforeAndAfterTheData();
    void axesAreDrawn();
    void fontSetInParts();
    void followsPalette();

private:
    /// Shows two plots whose ranges and cursors are bound to each other: `upper` and `lower` of the object.
    std::unique_ptr<QObject> showBoundPlots();
};

void tst_PlotAxes::defaults()
{
    const SharedPlot plot;
    QVERIFY(plot.axesVisible());
    QVERIFY(plot.gridVisible());
    QCOMPARE(plot.xLabel(), QString());
    QCOMPARE(plot.yLabel(), QString());
    QCOMPARE(plot.textColor(), QGuiApplication::palette().color(QPalette::WindowText));
    QCOMPARE(plot.font(), QGuiApplication::font());
    QCOMPARE(plot.xMinimum(), 0.0);
    QCOMPARE(plot.xMaximum(), 1.0);
    QVERIFY(plot.isFollowing());
    QVERIFY(plot.panEnabled());
    QVERIFY(plot.zoomEnabled());
    QVERIFY(plot.cursorEnabled());
    QVERIFY(!plot.isCursorVisible());
    QVERIFY(std::isnan(plot.cursorX()));
    QCOMPARE(plot.legend()->rowCount(), 0);
}

void tst_PlotAxes::cursorSet()
{
    m_plot->setCursorX(50);
    QVERIFY(m_plot->isCursorVisible());
    QCOMPARE(m_plot->cursorX(), 50.0);
    // It stays at its number.
    m_plot->setXMaximum(2 * Width);
    QCOMPARE(m_plot->cursorX(), 50.0);
    m_plot->setCursorX(std::nan(""));
    QVERIFY(!m_plot->isCursorVisible());
    m_plot->setCursorVisible(true);
    QCOMPARE(m_plot->cursorX(), 50.0);
}

/// A cursor that is shown before the plot has a size, as QML does it, is in its middle.
void tst_PlotAxes::cursorShownEarly()
{
    SharedPlot plot(m_window->contentItem());
    plot.setCursorVisible(true);
    plot.setSize(QSizeF(Width, Height));
    plot.setXMaximum(10);
    m_window->grabWindow();
    QCOMPARE(plot.cursorX(), 5.0);
}

void tst_PlotAxes::linkedPlots()
{
    SharedPlot other(m_window->contentItem());
    for (const auto &[from, to] : {std::pair(m_plot, &other), std::pair(&other, m_plot)}) {
        connect(from, &SharedPlot::xMinimumChanged, to, [from = from, to = to] { to->setXMinimum(from->xMinimum()); });
        connect(from, &SharedPlot::xMaximumChanged, to, [from = from, to = to] { to->setXMaximum(from->xMaximum()); });
    }
    drag({200, 150}, {120, 150});
    QCOMPARE(other.xMinimum(), 80.0);
    QCOMPARE(other.xMaximum(), Width + 80.0);
    other.setXMinimum(7);
    QCOMPARE(m_plot->xMinimum(), 7.0);
    other.setXMinimum(std::nan(""));
    QCOMPARE(other.xMinimum(), 7.0);
}

/// Ranges that are bound to each other, also where one jumps, and without a binding loop.
void tst_PlotAxes::boundPlots()
{
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    const std::unique_ptr<QObject> both = showBoundPlots();
    QVERIFY(both);
    auto *const upper = both->property("upper").value<SharedPlot *>();
    auto *const lower = both->property("lower").value<SharedPlot *>();
    for (const auto &[from, to] : {std::pair(upper, lower), std::pair(lower, upper)}) {
        for (const double start : {1000.0, 5.0, -1e6}) {
            from->setXMinimum(start);
            from->setXMaximum(start + 10);
            QCOMPARE(to->xMinimum(), start);
            QCOMPARE(to->xMaximum(), start + 10);
            QCOMPARE(from->xMinimum(), start);
        }
    }
    upper->setCursorX(7);
    QCOMPARE(lower->cursorX(), 7.0);
    lower->setCursorVisible(false);
    QVERIFY(!upper->isCursorVisible());
}

/// While one follows its data, the other one shows the same time, also when nothing comes any more.
void tst_PlotAxes::boundLivePlots()
{
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    const std::unique_ptr<QObject> both = showBoundPlots();
    QVERIFY(both);
    const QList<SharedPlot *> plots{both->property("upper").value<SharedPlot *>(),
                                    both->property("lower").value<SharedPlot *>()};
    SharedStream<double> streams[]{SharedStream<double>(uniqueName()), SharedStream<double>(uniqueName())};
    for (int i = 0; i < 2; ++i) {
        QVERIFY(streams[i].create(100));
        auto *const series = new SharedSeries(plots[i]);
        series->setTimeSpan(0.4);
        series->setSegment(streams[i].segment());
        QVERIFY(streams[i].append(1));
    }
    const auto areSame = [&plots] {
        return plots[0]->xMinimum() == plots[1]->xMinimum() && plots[0]->xMaximum() == plots[1]->xMaximum();
    };
    const auto start = static_cast<double>(QDateTime::currentMSecsSinceEpoch());
    // Much longer than all data are in view.
    for (const double later : {100.0, 1500.0}) {
        QTRY_VERIFY_WITH_TIMEOUT(plots[0]->xMaximum() > start + later, Patience);
        QVERIFY(areSame());
        QVERIFY(plots[0]->isFollowing() != plots[1]->isFollowing());
    }
    // The user stops both in either plot.
    for (SharedPlot *const plot : plots) {
        plot->setFollowing(true);
        QTRY_VERIFY_WITH_TIMEOUT(plot->xMaximum() > start + 1500 && areSame(), Patience);
        plot->setXMinimum(start);
        plot->setXMaximum(start + 100);
        QTest::qWait(50);
        const QString ranges = u"%1 %2, %3 %4"_s.arg(plots[0]->xMinimum() - start)
                                   .arg(plots[0]->xMaximum() - start)
                                   .arg(plots[1]->xMinimum() - start)
                                   .arg(plots[1]->xMaximum() - start);
        QVERIFY2(areSame() && std::abs(plot->xMinimum() - start) < 1e-3, qPrintable(ranges));
        QVERIFY(!plots[0]->isFollowing() && !plots[1]->isFollowing());
    }
}

std::unique_ptr<QObject> tst_PlotAxes::showBoundPlots()
{
    m_window->engine()->addImportPath(testPath("IMPORT_PATH"));
    QQmlComponent component(m_window->engine());
    component.setData(R"(
import QtQuick
import SharedSegment
Column {
    property alias upper: upper
    property alias lower: lower
    SharedPlot {
        id: upper
        width: 400
        height: 150
        xMinimum: lower.xMinimum
        xMaximum: lower.xMaximum
        cursorX: lower.cursorX
    }
    SharedPlot {
        id: lower
        width: 400
        height: 150
        xMinimum: upper.xMinimum
        xMaximum: upper.xMaximum
        cursorX: upper.cursorX
    }
}
)",
                      {});
    std::unique_ptr<QObject> both(component.create());
    if (auto *const item = qobject_cast<QQuickItem *>(both.get()))
        item->setParentItem(m_window->contentItem());
    return both;
}

void tst_PlotAxes::textsOfLegend_data()
{
    QTest::addColumn<QString>("layout");
    QTest::addColumn<double>("value");
    QTest::addColumn<QVariantMap>("field");
    QTest::addColumn<double>("maximum");
    QTest::addColumn<QString>("text");
    const QVariantMap bar{{u"unit"_s, u"bar"_s}};
    QVariantMap two = bar;
    two.insert(u"decimals"_s, 2);
    const QVariantMap named{{u"values"_s, QVariantMap{{u"2"_s, u"open"_s}}}};
    QTest::newRow("decimals") << u"f64"_s << 3.14159 << two << 1e4 << u"3.14\u00a0bar"_s;
    QTest::newRow("of a pixel") << u"f64"_s << 3.14159 << bar << 10.0 << u"3.14\u00a0bar"_s;
    QTest::newRow("float") << u"f32"_s << 0.1 << QVariantMap() << 1.0 << u"0.100"_s;
    QTest::newRow("integer") << u"i16"_s << 3.0 << bar << 10.0 << u"3\u00a0bar"_s;
    QTest::newRow("large integer") << u"i64"_s << 12345678.0 << bar << 1e10 << u"12,345,678\u00a0bar"_s;
    QTest::newRow("name") << u"u8"_s << 2.0 << named << 10.0 << u"open"_s;
    QTest::newRow("small") << u"f64"_s << 1.23456789e-9 << bar << 1e-8 << u"1.23×10⁻⁹\u00a0bar"_s;
    QTest::newRow("large") << u"f64"_s << 1.23456789e12 << bar << 1e13 << u"1.23×10¹²\u00a0bar"_s;
    QTest::newRow("greatest") << u"f64"_s << 1.5e308 << bar << 1.7e308 << u"150.0×10³⁰⁶\u00a0bar"_s;
    QTest::newRow("millions") << u"f64"_s << 5.25e7 << bar << 5.3e7 << u"52.5×10⁶\u00a0bar"_s;
    QTest::newRow("no finite number") << u"f64"_s << qInf() << bar << 1.0 << u"\u2013"_s;
}

/// As the metadata say, or with digits that make a difference.
void tst_PlotAxes::textsOfLegend()
{
    QFETCH(QString, layout);
    QFETCH(double, value);
    QFETCH(QVariantMap, field);
    QFETCH(double, maximum);
    QFETCH(QString, text);
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    SharedSegment segment(uniqueName());
    segment.setMetadata({{u"fields"_s, QVariantMap{{u"value"_s, field}}}});
    QVERIFY2(segment.create(SharedLayout::parse(layout), 1), qPrintable(segment.errorString()));
    QVERIFY2(segment.write(0, value), qPrintable(segment.errorString()));
    m_plot->setAutoScale(false);
    m_plot->setMinimum(0);
    m_plot->setMaximum(maximum);
    SharedSeries series(m_plot);
    series.setSegment(&segment);
    const QAbstractItemModel &legend = *m_plot->legend();
    const int role = legend.roleNames().key("text");
    QTRY_COMPARE_WITH_TIMEOUT(legend.data(legend.index(0, 0), role).toString(), text, Patience);
}

void tst_PlotAxes::legend()
{
    QAbstractItemModel *const legend = m_plot->legend();
    QSignalSpy inserted(legend, &QAbstractItemModel::rowsInserted);
    QSignalSpy changed(legend, &QAbstractItemModel::dataChanged);
    auto *const first = new SharedSeries;
    first->setParent(m_plot);
    const auto second = std::make_unique<SharedSeries>();
    first->setParentItem(m_plot);
    second->setParentItem(m_plot);
    QCOMPARE(inserted.count(), 2);
    const QHash<int, QByteArray> names = legend->roleNames();
    const auto role = [&names](const char *name) { return names.key(name, -1); };
    const auto at = [&](int row, const char *name) { return legend->data(legend->index(row, 0), role(name)); };
    first->setLabel(u"Pressure"_s);
    first->setUnit(u"bar"_s);
    first->setColor(Qt::red);
    QVERIFY(changed.count() >= 3);
    QCOMPARE(at(0, "label").toString(), u"Pressure"_s);
    QCOMPARE(at(0, "unit").toString(), u"bar"_s);
    QCOMPARE(at(0, "color").value<QColor>(), QColor(Qt::red));
    QCOMPARE(at(0, "series").value<QObject *>(), first);
    QVERIFY(!at(0, "value").isValid());
    QVERIFY(at(0, "shown").toBool());
    QVERIFY(legend->setData(legend->index(0, 0), false, role("shown")));
    QVERIFY(!first->isVisible());
    QVERIFY(!at(0, "shown").toBool());
    first->setVisible(true);
    QVERIFY(at(0, "shown").toBool());
    QVERIFY(!legend->setData(legend->index(0, 0), 1, role("value")));
    // The title is what all series have in common.
    QCOMPARE(m_plot->yLabel(), QString());
    second->setUnit(u"bar"_s);
    QCOMPARE(m_plot->yLabel(), u"bar"_s);
    second->setLabel(u"Pressure"_s);
    QCOMPARE(m_plot->yLabel(), u"Pressure [bar]"_s);
    m_plot->setYLabel(u"p"_s);
    QCOMPARE(m_plot->yLabel(), u"p"_s);
    m_plot->resetYLabel();
    delete first;
    QCOMPARE(legend->rowCount(), 1);
}

/// The legend has the numbers at the cursor, and the newest ones without it.
void tst_PlotAxes::numbersOfCursor()
{
    SharedArray<double> numbers(uniqueName());
    QVERIFY(numbers.create(11));
    QList<double> values(11);
    for (int i = 0; i < values.size(); ++i)
        values[i] = i * i;
    QVERIFY(numbers.publish(values));
    auto *const series = new SharedSeries;
    series->setUnit(u"m"_s);
    series->setSegment(numbers.segment());
    series->setParent(m_plot);
    series->setParentItem(m_plot);
    m_plot->setFollowing(true);
    QAbstractItemModel *const legend = m_plot->legend();
    const QHash<int, QByteArray> names = legend->roleNames();
    const auto at = [&](const char *name) { return legend->data(legend->index(0, 0), names.key(name)); };
    QTRY_COMPARE_WITH_TIMEOUT(at("value"), QVariant(100.0), Patience);
    QVERIFY2(at("text").toString().startsWith(u"100"_s) && at("text").toString().endsWith(u"m"_s),
             qPrintable(at("text").toString()));
    QCOMPARE(m_plot->xMaximum(), 10.0);
    QTest::mouseMove(m_window.get(), {100, 150});
    QTest::mouseMove(m_window.get(), {Width * 7 / 10, 150});
    QTRY_COMPARE_WITH_TIMEOUT(at("value"), QVariant(49.0), Patience);
    values[7] = 50;
    QVERIFY(numbers.publish(values));
    QTRY_COMPARE_WITH_TIMEOUT(at("value"), QVariant(50.0), Patience);
    m_plot->setCursorX(3);
    QTRY_COMPARE_WITH_TIMEOUT(at("value"), QVariant(9.0), Patience);
    m_plot->setCursorVisible(false);
    QTRY_COMPARE_WITH_TIMEOUT(at("value"), QVariant(100.0), Patience);
    QVERIFY(!at("stale").toBool());
    QSignalSpy changed(legend, &QAbstractItemModel::dataChanged);
    numbers.segment()->setStaleAfter(1);
    QTRY_VERIFY_WITH_TIMEOUT(at("stale").toBool(), Patience);
    const auto isOfAge = [&](const QList<QVariant> &each) {
        return each[2].value<QList<int>>() == QList{names.key("stale")};
    };
    QTRY_VERIFY_WITH_TIMEOUT(std::any_of(changed.cbegin(), changed.cend(), isOfAge), Patience);
    series->setSegment(nullptr);
    QTRY_VERIFY_WITH_TIMEOUT(!at("value").isValid(), Patience);
}

/// Times are those of `Date`.
void tst_PlotAxes::times()
{
    SharedStream<double> numbers(uniqueName());
    QVERIFY(numbers.create(100));
    auto *const series = new SharedSeries;
    series->setTimeSpan(10);
    series->setSegment(numbers.segment());
    series->setParent(m_plot);
    series->setParentItem(m_plot);
    m_plot->setFollowing(true);
    QVERIFY(numbers.append(1));
    const auto now = [] { return static_cast<double>(QDateTime::currentMSecsSinceEpoch()); };
    QTRY_VERIFY_WITH_TIMEOUT(std::abs(m_plot->xMaximum() - now()) < 60'000, Patience);
    QVERIFY(std::abs(m_plot->xMaximum() - m_plot->xMinimum() - 10'000) < 100);
    // Held, it no longer scrolls, and is exactly what was set.
    const double start = std::floor(now()) - 5000;
    m_plot->setXMinimum(start);
    m_plot->setXMaximum(start + 1000);
    QVERIFY(numbers.append(2));
    m_window->grabWindow();
    QVERIFY(std::abs(m_plot->xMinimum() - start) < 1e-3);
    QVERIFY(std::abs(m_plot->xMaximum() - start - 1000) < 1e-3);
    QVERIFY(!m_plot->isFollowing());
}

void tst_PlotAxes::edgesInAnyOrder()
{
    SharedPlot plot(m_window->contentItem());
    plot.setXMinimum(10);
    plot.setXMaximum(20);
    QCOMPARE(plot.xMinimum(), 10.0);
    QCOMPARE(plot.xMaximum(), 20.0);
    plot.setXMaximum(5);
    plot.setXMinimum(2);
    QCOMPARE(plot.xMinimum(), 2.0);
    QCOMPARE(plot.xMaximum(), 5.0);
    plot.setXMinimum(30);
    plot.setXMaximum(40);
    QCOMPARE(plot.xMinimum(), 30.0);
    QCOMPARE(plot.xMaximum(), 40.0);
}

/// A range of times that is set before the plot knows that x are times, and one that is held when the segment is closed.
void tst_PlotAxes::heldBeforeAndAfterTheData()
{
    SharedPlot plot(m_window->contentItem());
    plot.setSize(QSizeF(Width, Height));
    const double start = std::floor(static_cast<double>(QDateTime::currentMSecsSinceEpoch())) - 5000;
    plot.setXMinimum(start);
    plot.setXMaximum(start + 1000);
    SharedStream<double> numbers(uniqueName());
    QVERIFY(numbers.create(100));
    QVERIFY(numbers.append(1));
    SharedSeries series(&plot);
    series.setTimeSpan(10);
    series.setSegment(numbers.segment());
    const auto holds = [&] {
        return !plot.isFollowing() && std::abs(plot.xMinimum() - start) < 1e-3
            && std::abs(plot.xMaximum() - start - 1000) < 1e-3;
    };
    m_window->grabWindow();
    QVERIFY(series.dataRange().right > 0);
    QVERIFY(holds());
    numbers.segment()->close();
    m_window->grabWindow();
    QVERIFY(holds());
}

void tst_PlotAxes::axesAreDrawn()
{
    m_plot->setGridVisible(false);
    QCOMPARE(drawnPixels(), 0);
    m_plot->setGridVisible(true);
    QTRY_VERIFY_WITH_TIMEOUT(drawnPixels() > 1000, Patience);
    m_plot->setGridVisible(false);
    m_plot->setAxesVisible(true);
    QTRY_VERIFY_WITH_TIMEOUT(drawnPixels({0, Height - 20, Width, 20}) > 100, Patience);
    QVERIFY(drawnPixels({0, 0, 20, Height}) > 20);
    // More labels, and fewer, in a window that is shown: all at the place of the plot.
    constexpr int Offset = 100;
    m_plot->setPosition(QPointF(Offset, Offset));
    for (const double maximum : {10.0, 13.0, 1e5, 3.0, 7.7e7, 7.0}) {
        m_plot->setXMaximum(maximum);
        QVERIFY(drawnPixels() > 100);
        QCOMPARE(drawnPixels({0, 0, Width, Offset - 2}), 0);
    }
    m_plot->setPosition(QPointF());
    // A font that is larger takes more space.
    const int before = drawnPixels();
    QFont font = m_plot->font();
    font.setPixelSize(30);
    m_plot->setFont(font);
    QTRY_VERIFY_WITH_TIMEOUT(drawnPixels() > before * 3 / 2, Patience);
}

/// Family and size of the font are set one after the other, as with a Text.
void tst_PlotAxes::fontSetInParts()
{
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    QQmlEngine engine;
    engine.addImportPath(testPath("IMPORT_PATH"));
    QQmlComponent component(&engine);
    component.setData("import SharedSegment\nSharedPlot { font.family: 'Serif'; font.bold: true; font.pixelSize: 11 }",
                      QUrl());
    const std::unique_ptr<QObject> plot(component.create());
    QVERIFY2(plot, qPrintable(component.errorString()));
    const QFont font = plot->property("font").value<QFont>();
    QCOMPARE(font.family(), u"Serif"_s);
    QCOMPARE(font.pixelSize(), 11);
    QVERIFY(font.bold());
}

void tst_PlotAxes::followsPalette()
{
    m_window->engine()->addImportPath(testPath("IMPORT_PATH"));
    QQmlComponent component(m_window->engine());
    component.setData("import QtQuick\nimport SharedSegment\nItem { palette.windowText: 'red'\n"
                      "  property alias plot: plot\n  SharedPlot { id: plot } }",
                      {});
    const std::unique_ptr<QObject> item(component.create());
    QVERIFY2(item, qPrintable(component.errorString()));
    auto *const plot = item->property("plot").value<SharedPlot *>();
    QVERIFY(plot);
    QCOMPARE(plot->textColor(), QColor(Qt::red));
    QVERIFY(plot->gridColor().alpha() < 100);
    plot->setTextColor(Qt::blue);
    QCOMPARE(plot->textColor(), QColor(Qt::blue));
    plot->resetTextColor();
    QCOMPARE(plot->textColor(), QColor(Qt::red));
}

QTEST_MAIN(tst_PlotAxes)
#include "tst_plotaxes.moc"
