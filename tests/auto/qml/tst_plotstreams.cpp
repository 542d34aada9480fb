// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What SharedPlot shows of streams, and of several series.

#include "plottest.h"

#include <SharedSegment/SharedArray>

#include <QtCore/QRegularExpression>
#include <QtGui/QImage>
#include <QtQml/QQmlComponent>
#include <QtQml/QQmlEngine>
#include <QtTest/QSignalSpy>

#include <chrono>
#include <cmath>
#include <cstring>
#include <memory>

using namespace Qt::StringLiterals;
using namespace plottest;
using namespace testsupport;

namespace {

constexpr qint64 Second = 1'000'000'000;

struct Timed
{
    qint64 time;
    double value;
};

qint64 now()
{
    using namespace std::chrono;
    return duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count();
}

template<typename T>
QByteArray bytesOf(const std::vector<T> &values)
{
    return QByteArray(reinterpret_cast<const char *>(values.data()), qsizetype(values.size() * sizeof(T)));
}

/// Returns the columns in which something is drawn.
QList<int> drawnColumns(const QImage &image)
{
    QList<int> columns;
    for (int x = 0; x < image.width(); ++x) {
        if (drawnIn(image, QRect(x, 0, 1, image.height())) > 0)
            columns.append(x);
    }
    return columns;
}

} // namespace

class tst_PlotStreams : public PlotTest
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void byNumber();
    void byRate();
    void allThatIsThere();
    void byTimeField();
    void arrayByTimeField();
    void silentStreamScrollsOut();
    void longerSpanKeepsWhatIsShown();
    void paleWhenStale();
    void readsEachElementOnce();
    void gapWhereElementsWereLost();
    void spikesStay();
    void spikesAreAtTheirTimes();
    void pauses();
    void continuesAfterAnotherOwner();
    void severalSeries();
    void severalClocks();
    void otherMeaningOfX();
    void metadata();
    void valueNear();
    void warnings();

private:
    void create(const QString &layout, qint64 capacity, const QVariantMap &metadata = {});
    /// Shows values from 0 to 1, and nothing else.
    void showFixedScale();

    std::unique_ptr<SharedSegment> m_stream;
};

void tst_PlotStreams::init()
{
    showPlot();
    m_stream = std::make_unique<SharedSegment>(uniqueName());
    m_stream->setKind(SharedSegment::Kind::Stream);
}

void tst_PlotStreams::cleanup()
{
    removePlot();
    m_stream.reset();
}

void tst_PlotStreams::create(const QString &layout, qint64 capacity, const QVariantMap &metadata)
{
    m_stream->setMetadata(metadata);
    QVERIFY2(m_stream->create(SharedLayout::parse(layout), capacity), qPrintable(m_stream->errorString()));
    m_series->setSegment(m_stream.get());
}

void tst_PlotStreams::showFixedScale()
{
    m_plot->setAutoScale(false);
    m_plot->setMinimum(0);
    m_plot->setMaximum(1);
}

/// Without a time, x is the number of the element, and all that the stream has is shown.
void tst_PlotStreams::byNumber()
{
    create(u"i16"_s, 1000);
    QCOMPARE(drawnIn(grab()), 0);
    std::vector<qint16> ramp(700);
    for (qint16 i = 0; i < 700; ++i)
        ramp[size_t(i)] = i;
    QVERIFY(m_stream->append(bytesOf(ramp)));
    QTRY_COMPARE(m_series->revision(), 700u);
    QImage image = grab();
    QCOMPARE(m_plot->minimum(), 0.0);
    QCOMPARE(m_plot->maximum(), 699.0);
    QVERIFY(isDrawn(image.pixel(1, Height - 2)));
    QVERIFY(isDrawn(image.pixel(Width - 2, 1)));
    QCOMPARE(drawnColumns(image).size(), Width);
    // Then the newest.
    QVERIFY(m_stream->append(bytesOf(ramp)));
    QTRY_COMPARE(m_series->revision(), 1400u);
    QTRY_COMPARE(m_series->dataRange().left, 400.0);
    QCOMPARE(m_series->dataRange().right, 1399.0);
    m_series->setCount(100);
    QTRY_COMPARE(m_plot->minimum(), 600.0);
    QCOMPARE(drawnColumns(grab()).size(), Width);
}

/// With a rate, the newest element has the time of its append.
void tst_PlotStreams::byRate()
{
    create(u"f32"_s, 10'000, {{u"sampleRate"_s, 1000}});
    QCOMPARE(m_series->sampleRate(), 1000.0);
    m_series->setTimeSpan(4);
    QVERIFY(m_stream->append(bytesOf(std::vector<float>(2000, 0.5f))));
    QTRY_COMPARE(m_series->revision(), 2000u);
    const QList<int> columns = drawnColumns(grab());
    // Two of four seconds, and a bit for the time since.
    QVERIFY2(columns.size() >= Width / 2 - 2 && columns.size() <= Width / 2 + 2,
             qPrintable(QString::number(columns.size())));
    QCOMPARE(columns.constLast() - columns.constFirst() + 1, columns.size());
}

/// What takes several reads has its place, too.
void tst_PlotStreams::allThatIsThere()
{
    constexpr int Rate = 100'000;
    constexpr int Seconds = 30;
    m_stream->setMetadata({{u"sampleRate"_s, Rate}});
    QVERIFY(m_stream->create(SharedLayout::of<quint8>(), Seconds * Rate));
    for (int i = 0; i < Seconds; ++i)
        QVERIFY(m_stream->append(bytesOf(std::vector<quint8>(Rate, 1))));
    m_series->setTimeSpan(600);
    m_series->setSegment(m_stream.get());
    QTRY_COMPARE_WITH_TIMEOUT(m_series->revision(), quint64(Seconds * Rate), Deadline);
    const QList<int> columns = drawnColumns(grab());
    QVERIFY(!columns.isEmpty());
    const qsizetype shown = columns.size() * 600 / Width;
    QVERIFY2(std::abs(shown - Seconds) <= 6, qPrintable(QString::number(shown)));
    QVERIFY(columns.constLast() > Width * 9 / 10);
}

void tst_PlotStreams::byTimeField()
{
    create(u"S{time:i64;value:f64}"_s, 100, {{u"timeField"_s, u"time"_s}});
    showFixedScale();
    QCOMPARE(m_series->timeField(), u"time"_s);
    m_series->setTimeSpan(10);
    m_series->setLineWidth(2);
    const qint64 start = now();
    // Not in regular distances: the line goes through half of the plot, and then on.
    QVERIFY(m_stream->append(bytesOf(std::vector<Timed>{{start - 8 * Second, 0.5},
                                                        {start - 4 * Second, 0.5},
                                                        {start - 4 * Second, std::nan("")},
                                                        {start - 2 * Second, 0.5},
                                                        {start, 0.5}})));
    QTRY_COMPARE(m_series->revision(), 5u);
    const QImage image = grab();
    const QList<int> columns = drawnColumns(image);
    QVERIFY(!columns.isEmpty());
    const double width = columns.constLast() - columns.constFirst();
    QVERIFY2(std::abs(width - Width * 0.8) < 6, qPrintable(QString::number(width)));
    const int gap = columns.constFirst() + Width / 2; // 3 s before the end
    QCOMPARE(drawnIn(image, QRect(gap - 5, 0, 10, Height)), 0);
    // Another clock: the newest is at the right edge as well.
    QVERIFY(m_stream->append(bytesOf(std::vector<Timed>{{1000 * Second, 0.5}, {1005 * Second, 0.5}})));
    QTRY_COMPARE(m_series->revision(), 7u);
    const QList<int> others = drawnColumns(grab());
    QVERIFY2(std::abs(double(others.size()) - Width * 0.5) < 8, qPrintable(QString::number(others.size())));
}

void tst_PlotStreams::arrayByTimeField()
{
    SharedSegment array(uniqueName());
    array.setKind(SharedSegment::Kind::VariableArray);
    array.setMetadata({{u"timeField"_s, u"time"_s}});
    QVERIFY(array.create(SharedLayout::parse(u"S{time:i64;value:f64}"_s), 100));
    QVERIFY(array.publish(bytesOf(std::vector<Timed>{{0, 1}, {9 * Second, 2}, {10 * Second, 3}})));
    m_series->setSegment(&array);
    const QImage image = grab();
    QCOMPARE(m_plot->maximum(), 3.0);
    QCOMPARE(m_series->dataRange().right - m_series->dataRange().left, 10.0);
    // It reaches the middle of the height where nine tenths of the time are over.
    QVERIFY(drawnIn(image, QRect(Width * 9 / 10 - 3, Height / 2 - 3, 6, 6)) > 0);
    QVERIFY(array.publish(bytesOf(std::vector<Timed>{{0, 1}, {1 * Second, 5}})));
    QTRY_COMPARE(m_plot->maximum(), 5.0);
    QCOMPARE(m_series->revision(), 2u);
}

/// A stream from which nothing comes is not shown as if it were live.
void tst_PlotStreams::silentStreamScrollsOut()
{
    create(u"f32"_s, 1000, {{u"sampleRate"_s, 1000}});
    m_series->setTimeSpan(0.5);
    QVERIFY(m_stream->append(bytesOf(std::vector<float>(500, 0.5f))));
    QTRY_VERIFY_WITH_TIMEOUT(drawnIn(grab()) > 0, Deadline);
    QTRY_COMPARE_WITH_TIMEOUT(drawnIn(grab()), 0, Deadline);
    QVERIFY(m_stream->append(bytesOf(std::vector<float>(500, 0.5f))));
    QTRY_VERIFY_WITH_TIMEOUT(drawnIn(grab()) > 0, Deadline);
}

/// Elements without times lie where they were read: the segment cannot say that again.
void tst_PlotStreams::longerSpanKeepsWhatIsShown()
{
    create(u"f64"_s, 100);
    m_series->setTimeSpan(10);
    for (const double value : {1.0, 5.0}) {
        const quint64 before = m_series->revision();
        QVERIFY(m_stream->append(bytesOf(std::vector<double>{value})));
        QTRY_COMPARE_WITH_TIMEOUT(m_series->revision(), before + 1, Deadline);
    }
    QTRY_COMPARE_WITH_TIMEOUT(m_plot->maximum(), 5.0, Deadline);
    m_series->setTimeSpan(60);
    grab();
    QCOMPARE(m_plot->minimum(), 1.0);
    QCOMPARE(m_plot->maximum(), 5.0);
    const SharedSeries::DataRange range = m_series->dataRange();
    QVERIFY2(std::abs(range.right - range.left - 60) < 1, qPrintable(QString::number(range.right - range.left)));
}

void tst_PlotStreams::paleWhenStale()
{
    m_series->setLineWidth(4);
    create(u"f32"_s, 1000);
    m_stream->setStaleAfter(1000);
    QVERIFY(m_stream->append(bytesOf(std::vector<float>(500, 0.5f))));
    QTRY_VERIFY_WITH_TIMEOUT(drawnIn(grab()) > 0, Deadline);
    QTRY_VERIFY_WITH_TIMEOUT(m_stream->isStale(), Deadline);
    QTRY_COMPARE_WITH_TIMEOUT(drawnIn(grab()), 0, Deadline);
    QVERIFY(qRed(grab().pixel(Width / 2, Height / 2)) < 200);
}

void tst_PlotStreams::readsEachElementOnce()
{
    create(u"f32"_s, 100'000, {{u"sampleRate"_s, 100'000}});
    m_series->setTimeSpan(1);
    for (int i = 1; i <= 10; ++i) {
        QVERIFY(m_stream->append(bytesOf(std::vector<float>(100, 0.5f))));
        QTRY_COMPARE(m_series->revision(), quint64(i) * 100);
    }
    QCOMPARE(m_series->readCount(), 10u);
    QCOMPARE(m_series->readElements(), 1000u);
    for (int i = 0; i < 5; ++i) {
        m_plot->polish();
        m_plot->update();
        grab();
    }
    QCOMPARE(m_series->readCount(), 10u);
    QCOMPARE(m_series->readElements(), 1000u);
}

void tst_PlotStreams::gapWhereElementsWereLost()
{
    create(u"f64"_s, 100);
    m_series->setCount(1000);
    m_series->setLineWidth(2);
    showFixedScale();
    QVERIFY(m_stream->append(bytesOf(std::vector<double>(50, 0.5))));
    QTRY_COMPARE(m_series->revision(), 50u);
    QCOMPARE(drawnColumns(grab()).size(), Width);
    // 100 of 200 are overwritten before the next read.
    for (int i = 0; i < 4; ++i)
        QVERIFY(m_stream->append(bytesOf(std::vector<double>(50, 0.5))));
    QTRY_COMPARE(m_series->revision(), 250u);
    QCOMPARE(m_series->dataRange().left, 0.0);
    const QImage image = grab();
    // 0 to 49 and 150 to 249 of 0 to 249.
    QCOMPARE(drawnIn(image, QRect(42, 0, 76, Height)), 0);
    const auto drawn = double(drawnColumns(image).size());
    QVERIFY2(std::abs(drawn - Width * 0.6) < 4, qPrintable(QString::number(drawn)));
}

/// A spike among many samples is in each picture until it leaves the plot.
void tst_PlotStreams::spikesStay()
{
    create(u"f64"_s, 100'000);
    m_series->setCount(50'000);
    showFixedScale();
    m_plot->setMinimum(-1);
    std::vector<double> values(1000, 0.0);
    quint64 position = 0;
    int seen = 0;
    for (int i = 0; i < 40; ++i) {
        values[17] = i == 3 ? 1 : 0;
        QVERIFY(m_stream->append(bytesOf(values)));
        position += 1000;
        QTRY_COMPARE(m_series->revision(), position);
        if (i >= 3 && i % 4 == 3)
            seen += drawnIn(grab(), QRect(0, 0, Width, Height / 2 - 4)) >= Height / 2 - 8;
    }
    QCOMPARE(seen, 10);
}

/// Of a stream that scrolls, each spike of one sample is drawn in its column and up to its height, and no other.
void tst_PlotStreams::spikesAreAtTheirTimes()
{
    constexpr qint64 Period = 100'000; // ns
    constexpr qint64 BatchSize = 10'000;
    constexpr qint64 Distance = 3301;
    create(u"S{time:i64;value:f64}"_s, 20 * BatchSize, {{u"timeField"_s, u"time"_s}});
    showFixedScale();
    m_series->setTimeSpan(10);
    const qint64 start = now() - 14 * BatchSize * Period;
    const auto isSpike = [](qint64 sample) { return sample % Distance == 17; };
    std::vector<Timed> batch(BatchSize);
    int seen = 0;
    for (qint64 end = BatchSize; end <= 14 * BatchSize; end += BatchSize) {
        for (qint64 i = 0; i < BatchSize; ++i) {
            const qint64 sample = end - BatchSize + i;
            batch[size_t(i)] = {start + sample * Period, isSpike(sample) ? 0.9 : 0.1 + 0.2 * double(sample % 7) / 7};
        }
        QVERIFY(m_stream->append(bytesOf(batch)));
        QTRY_COMPARE_WITH_TIMEOUT(m_series->revision(), quint64(end), Deadline);
        const QImage image = grab();
        const double left = m_plot->xMinimum();
        const double width = (m_plot->xMaximum() - left) / Width; // ms
        QList<bool> isExplained(Width, false);
        for (qint64 sample = 0; sample < end; ++sample) {
            const double column = (double(start + sample * Period) / 1e6 - left) / width;
            if (!isSpike(sample) || column < 1 || column >= Width - 1)
                continue;
            const QRect tip(int(column) - 1, Height / 10 - 1, 3, 3);
            QVERIFY2(drawnIn(image, tip) > 0, qPrintable(u"%1 at %2"_s.arg(sample).arg(column)));
            for (int x = tip.left(); x <= tip.right(); ++x)
                isExplained[x] = true;
            ++seen;
        }
        for (int x = 1; x < Width - 1; ++x)
            QVERIFY2(isExplained.at(x) || drawnIn(image, QRect(x, 0, 1, Height / 2)) == 0,
                     qPrintable(QString::number(x)));
    }
    QVERIFY2(seen > 200, qPrintable(QString::number(seen)));
}

void tst_PlotStreams::pauses()
{
    create(u"f64"_s, 1000);
    QVERIFY(m_stream->append(bytesOf(std::vector<double>(100, 1))));
    QTRY_COMPARE(m_series->revision(), 100u);
    m_series->setPaused(true);
    QVERIFY(m_stream->append(bytesOf(std::vector<double>(100, 5))));
    grab();
    QCOMPARE(m_series->revision(), 100u);
    m_series->setPaused(false);
    QTRY_COMPARE(m_series->revision(), 200u);
    QTRY_COMPARE(m_plot->maximum(), 5.0);
}

void tst_PlotStreams::continuesAfterAnotherOwner()
{
    const QString name = uniqueName();
    const auto start = [&](double value) {
        auto owner = std::make_unique<SharedSegment>(name);
        owner->setKind(SharedSegment::Kind::Stream);
        owner->setMetadata({{u"sampleRate"_s, 100}});
        if (!owner->create(SharedLayout::of<double>(), 1000) || !owner->append(bytesOf(std::vector<double>(10, value))))
            owner.reset();
        return owner;
    };
    SharedSegment segment(name);
    segment.setActive(true);
    m_series->setSegment(&segment);
    m_series->setTimeSpan(60);
    auto owner = start(1);
    QVERIFY(owner);
    QTRY_COMPARE_WITH_TIMEOUT(m_series->revision(), 10u, Deadline);
    QTRY_COMPARE(m_plot->maximum(), 1.5); // As a constant has it.
    owner.reset();
    owner = start(2);
    QVERIFY(owner);
    QTRY_COMPARE_WITH_TIMEOUT(m_plot->maximum(), 2.0, Deadline);
    QCOMPARE(m_plot->minimum(), 1.0);
}

void tst_PlotStreams::severalSeries()
{
    create(u"S{a:f64;b:f64}"_s, 1000);
    QSignalSpy added(m_plot, &SharedPlot::seriesAdded);
    QSignalSpy removed(m_plot, &SharedPlot::seriesRemoved);
    auto *const other = new SharedSeries(m_plot);
    QCOMPARE(added.count(), 1);
    other->setSegment(m_stream.get());
    other->setField(u"b"_s);
    std::vector<double> values(200);
    for (size_t i = 0; i < 200; ++i)
        values[i] = i % 2 == 0 ? 1 : 3;
    QVERIFY(m_stream->append(bytesOf(values)));
    QTRY_COMPARE(m_plot->maximum(), 3.0);
    QCOMPARE(m_plot->minimum(), 1.0);
    QCOMPARE(m_plot->series(), (QList<SharedSeries *>{m_series, other}));
    delete other;
    QCOMPARE(removed.count(), 1);
    QCOMPARE(m_plot->series(), QList<SharedSeries *>{m_series});
    QTRY_COMPARE(m_plot->maximum(), 1.5); // As a constant has it.
}

/// Series whose newest elements are not of the same time share one span, and with it the columns of pixels.
void tst_PlotStreams::severalClocks()
{
    create(u"S{time:i64;value:f64}"_s, 1000, {{u"timeField"_s, u"time"_s}});
    SharedSegment other(uniqueName());
    other.setKind(SharedSegment::Kind::Stream);
    other.setMetadata({{u"timeField"_s, u"time"_s}});
    QVERIFY2(other.create(SharedLayout::parse(u"S{time:i64;value:f64}"_s), 1000), qPrintable(other.errorString()));
    auto *const late = new SharedSeries(m_plot);
    late->setSegment(&other);
    m_series->setTimeSpan(4);
    late->setTimeSpan(4);
    const qint64 start = now();
    QVERIFY(m_stream->append(bytesOf(std::vector<Timed>{{start - Second, 1}, {start, 2}})));
    QVERIFY(other.append(bytesOf(std::vector<Timed>{{start - 3 * Second, 3}, {start - 2 * Second, 4}})));
    QTRY_COMPARE(late->revision(), 2u);
    QTRY_COMPARE(m_series->revision(), 2u);
    grab();
    const double span = m_plot->xMaximum() - m_plot->xMinimum();
    QVERIFY2(std::abs(span - 4000) < 1, qPrintable(QString::number(span)));
    QCOMPARE(m_plot->maximum(), 4.0);
}

void tst_PlotStreams::otherMeaningOfX()
{
    create(u"f64"_s, 1000, {{u"sampleRate"_s, 1000}});
    QVERIFY(m_stream->append(bytesOf(std::vector<double>(100, 1))));
    SharedArray<double> array(uniqueName());
    QVERIFY(array.create(10));
    SharedSeries other(m_plot);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"x has another meaning than in other series"_s));
    other.setSegment(array.segment());
    QTRY_COMPARE(m_plot->minimum(), 0.5); // As a constant has it, of the stream alone.
    grab();
    QCOMPARE(m_plot->minimum(), 0.5);
}

void tst_PlotStreams::metadata()
{
    QCOMPARE(m_series->label(), QString());
    QSignalSpy labelChanged(m_series, &SharedSeries::labelChanged);
    QSignalSpy unitChanged(m_series, &SharedSeries::unitChanged);
    const QVariantMap field{{u"label"_s, u"Pressure"_s}, {u"unit"_s, u"bar"_s}};
    create(u"S{pressure:f64}"_s, 10, {{u"fields"_s, QVariantMap{{u"pressure"_s, field}}}});
    QCOMPARE(m_series->label(), u"Pressure"_s);
    QCOMPARE(m_series->unit(), u"bar"_s);
    QCOMPARE(labelChanged.count(), 1);
    QCOMPARE(unitChanged.count(), 1);
    m_series->setLabel(u"p"_s);
    m_series->setUnit(QString());
    QCOMPARE(m_series->label(), u"p"_s);
    QCOMPARE(m_series->unit(), QString());
    m_series->resetLabel();
    m_series->resetUnit();
    QCOMPARE(m_series->label(), u"Pressure"_s);
    QCOMPARE(m_series->unit(), u"bar"_s);
    m_series->setSampleRate(10);
    QCOMPARE(m_series->sampleRate(), 10.0);
    m_series->resetSampleRate();
    QCOMPARE(m_series->sampleRate(), 0.0);
}

void tst_PlotStreams::valueNear()
{
    create(u"f64"_s, 100'000);
    std::vector<double> values(20'000, 0.0);
    values[10'007] = 5;
    QVERIFY(m_stream->append(bytesOf(values)));
    QTRY_COMPARE(m_plot->maximum(), 5.0);
    const auto spike = m_series->valueNear(10'010);
    QVERIFY(spike);
    QCOMPARE(spike->y(), 5.0);
    QVERIFY(std::abs(spike->x() - 10'007) < 100);
    m_series->setCount(50);
    QTRY_COMPARE(m_series->dataRange().left, 19'950.0);
    grab();
    const auto exact = m_series->valueNear(19'960.3);
    QVERIFY(exact);
    QCOMPARE(*exact, QPointF(19'960, 0));
}

void tst_PlotStreams::warnings()
{
    create(u"S{value:f64;name:char[8]}"_s, 10);
    QQmlEngine engine;
    engine.addImportPath(testPath("IMPORT_PATH"));
    QQmlComponent component(&engine);
    component.setData(
        "import SharedSegment\nSharedPlot {\nSharedSeries {\nfield: \"speed\"\ntimeField: \"name\"\n}\n}\n",
        QUrl(u"file:///plot.qml"_s));
    const std::unique_ptr<QObject> object(component.create());
    auto *const plot = qobject_cast<SharedPlot *>(object.get());
    QVERIFY2(plot, qPrintable(component.errorString()));
    SharedSeries *const series = plot->series().constFirst();
    QTest::ignoreMessage(QtWarningMsg,
                         QRegularExpression(
                             u"plot.qml:3:1.*no numbers in a field \"speed\"; set field to one of: value"_s));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"plot.qml:3:1.*field \"name\" that could be times"_s));
    series->setSegment(m_stream.get());
    QTest::failOnWarning(QRegularExpression(u".*"_s)); // Each once.
    series->setField(u"value"_s);
    series->setField(u"speed"_s);
}

QTEST_MAIN(tst_PlotStreams)

#include "tst_plotstreams.moc"
