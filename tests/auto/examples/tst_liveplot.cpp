// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "../../support/testsupport.h"
#include "exampleprocess.h"
#include "wavbytes.h"
#include "windowtest.h"

#include <SharedSegment/SharedArray>

#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtGui/QImage>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

using namespace Qt::StringLiterals;
using namespace wavbytes;

class tst_LivePlot : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void picture_data();
    void picture();
    void noGenerator();
    void generatorComesBack();
    void zoomAndPan();
    void pauseHoldsTheSignal();
    void readoutSaysWhatIsThere();
    void anotherGenerator();

private:
    QString file(const QByteArray &bytes);
    QVariantMap properties() const { return {{u"heldName"_s, u"live-plot/held-test"_s}}; }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::optional<testsupport::RegistryFolder> m_registry;
    const QString m_generator = testPath("GENERATOR");
    const QString m_plot = testPath("PLOT");
    const QString m_main = QStringLiteral("qrc:/LivePlot/Main.qml");
};

namespace {

constexpr int Timeout = ExampleProcess::Timeout;

/// Half of full scale up and down, each for a tenth of a second.
QByteArray squareWave()
{
    QList<qint16> samples(8000, 16384);
    std::fill(samples.begin() + 4000, samples.end(), qint16(-16384));
    return wav(format(1, 1, 40000, 16), littleEndian(samples));
}

constexpr QRgb Blue = qRgb(0x58, 0xb4, 0xff);

/// The number of pixels of that colour in each row.
QList<int> countRows(const QImage &picture, QRgb color)
{
    const QImage image = picture.convertToFormat(QImage::Format_RGB32);
    QList<int> rows(image.height(), 0);
    for (int y = 0; y < image.height(); ++y) {
        const auto *line = reinterpret_cast<const QRgb *>(image.constScanLine(y));
        rows[y] = static_cast<int>(std::count(line, line + image.width(), color));
    }
    return rows;
}

} // namespace

void tst_LivePlot::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
    m_registry.emplace();
}

QString tst_LivePlot::file(const QByteArray &bytes)
{
    QFile file(m_folder->filePath(u"sound.wav"_s));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        return QString();
    return file.fileName();
}

void tst_LivePlot::picture_data()
{
    QTest::addColumn<int>("scale");
    QTest::newRow("1x") << 1;
    QTest::newRow("2x") << 2;
}

void tst_LivePlot::picture()
{
    QFETCH(int, scale);
    const QString picture = m_folder->filePath(u"picture.png"_s);
    ExampleProcess generator(m_generator, {file(squareWave()), u"--window"_s, u"2"_s});
    QVERIFY(generator.waitForLine(u"generator: publishing "_s));
    qputenv("QT_SCALE_FACTOR", QByteArray::number(scale));
    ExampleProcess plot(m_plot, {u"--grab"_s, picture, u"--after"_s, u"4"_s});
    qunsetenv("QT_SCALE_FACTOR");
    QCOMPARE(plot.waitForEnd(), 0);
    QCOMPARE(plot.lines(), QStringList{picture});

    const QImage image(picture);
    QCOMPARE(image.size(), QSize(1280, 800) * scale);
    // The line is at +0.5 and -0.5, half of the time each, and nowhere above or below.
    const QList<int> rows = countRows(image, Blue);
    QList<int> lines;
    for (int y = 0; y < rows.size(); ++y) {
        if (rows.at(y) > image.width() / 4)
            lines += y;
    }
    QVERIFY(lines.size() >= 2);
    const int up = lines.first();
    const int down = lines.last();
    QVERIFY(down - up > image.height() / 5);
    for (int y = 0; y < rows.size(); ++y) {
        if (y < up - 2 * scale || y > down + 2 * scale)
            QCOMPARE(rows.at(y), 0);
        else if (y > up + 2 * scale && y < down - 2 * scale)
            QVERIFY2(rows.at(y) < image.width() / 8, qPrintable(QString::number(y)));
    }
    QVERIFY(rows.at((up + down) / 2) >= 15); // the edges of two seconds
}

void tst_LivePlot::noGenerator()
{
    const QString picture = m_folder->filePath(u"picture.png"_s);
    ExampleProcess plot(m_plot, {u"--grab"_s, picture, u"--after"_s, u"0.5"_s, u"--verbose"_s});
    QCOMPARE(plot.waitForEnd(), 1);
    QVERIFY(plot.lines().contains(u"live-plot/signal Waiting"_s));
    QCOMPARE(countRows(QImage(picture), Blue), QList<int>(800, 0));
}

void tst_LivePlot::generatorComesBack()
{
    ExampleProcess plot(m_plot, {u"--verbose"_s});
    for (int round = 0; round < 3; ++round) {
        ExampleProcess generator(m_generator, {u"--window"_s, QString::number(1 + round)});
        QVERIFY(plot.waitForLine(u"live-plot/signal Open"_s));
        QVERIFY(plot.waitForLine(u"live-plot/source Open"_s));
        plot.forgetLines();
        QVERIFY(generator.kill());
        QVERIFY(plot.waitForLine(u"live-plot/signal Orphaned"_s));
        QVERIFY(plot.waitForLine(u"live-plot/source Orphaned"_s));
        plot.forgetLines();
    }
}

void tst_LivePlot::zoomAndPan()
{
    ExampleProcess generator(m_generator, {u"--window"_s, u"2"_s});
    ExampleWindow plot(m_main, properties());
    QVERIFY(plot.show());
    QTRY_COMPARE_WITH_TIMEOUT(plot.property("headline").toString(), u"Live"_s, Timeout);
    const QQuickItem *scope = plot.item(u"scope"_s);
    const QQuickItem *area = plot.item(u"plot"_s);
    QVERIFY(scope && area);
    const auto first = [&] { return scope->property("first").toInt(); };
    const auto count = [&] { return scope->property("count").toInt(); };
    QTRY_COMPARE_WITH_TIMEOUT(count(), 88200, Timeout);
    QCOMPARE(first(), 0);

    // Zooming in: the point under the pointer stays there, wherever that is.
    for (double share : {0.25, 0.5, 0.9}) {
        const QPoint at = plot.place(area, area->width() * share, area->height() / 3);
        const double x = at.x() - area->mapToScene({0, 0}).x();
        const auto under = [&] { return first() + x / area->width() * (count() - 1); };
        const double before = under();
        const int countBefore = count();
        plot.wheel(at, 120);
        QVERIFY(std::abs(count() - countBefore / std::sqrt(2.0)) <= 1);
        plot.wheel(at, 120);
        QVERIFY(std::abs(count() - countBefore / 2.0) <= 2);
        QVERIFY2(std::abs(under() - before) <= 1.5, qPrintable(u"%1 %2"_s.arg(under()).arg(before)));
    }

    // Dragging: the point that was taken follows the pointer.
    const int firstBefore = first();
    const int countBefore = count();
    const QPoint middle = plot.middle(area);
    QTest::mousePress(plot.window(), Qt::LeftButton, {}, middle);
    QTest::mouseMove(plot.window(), middle + QPoint(60, 5));
    QTest::mouseMove(plot.window(), middle + QPoint(200, 9));
    QTest::mouseRelease(plot.window(), Qt::LeftButton, {}, middle + QPoint(200, 9));
    QCOMPARE(count(), countBefore);
    QVERIFY(std::abs(firstBefore - first() - 200 / area->width() * countBefore) <= 1);
    const int released = first();
    QTest::mouseMove(plot.window(), middle);
    QCOMPARE(first(), released);

    // Neither goes beyond the signal.
    for (int i = 0; i < 60; ++i)
        plot.wheel(middle, 120);
    QCOMPARE(count(), 32);
    for (int i = 0; i < 80; ++i)
        plot.wheel(middle, -120);
    QCOMPARE(count(), 88200);
    QCOMPARE(first(), 0);
    plot.wheel(middle, 240);
    QTest::mousePress(plot.window(), Qt::LeftButton, {}, middle);
    QTest::mouseMove(plot.window(), middle + QPoint(630, 0));
    QCOMPARE(first(), 0);
    QTest::mouseMove(plot.window(), middle - QPoint(630, 0));
    QCOMPARE(first() + count(), 88200);
    QTest::mouseRelease(plot.window(), Qt::LeftButton, {}, middle - QPoint(630, 0));

    QTest::mouseDClick(plot.window(), Qt::LeftButton, {}, middle);
    QCOMPARE(count(), 88200);
}

void tst_LivePlot::pauseHoldsTheSignal()
{
    ExampleProcess generator(m_generator, {u"--window"_s, u"1"_s});
    ExampleWindow plot(m_main, properties());
    QVERIFY(plot.show());
    QTRY_COMPARE_WITH_TIMEOUT(plot.property("headline").toString(), u"Live"_s, Timeout);
    const QQuickItem *area = plot.item(u"plot"_s);
    QVERIFY(area);
    const QRect rect(plot.place(area, 0, 0), QSize(qRound(area->width()), qRound(area->height())));
    const auto grab = [&] { return plot.window()->grabWindow().copy(rect); };
    const auto blue = [&] {
        const QList<int> rows = countRows(grab(), Blue);
        return std::accumulate(rows.begin(), rows.end(), 0);
    };
    SharedSegment signal(u"live-plot/signal"_s);
    QVERIFY(signal.open());
    QTRY_VERIFY_WITH_TIMEOUT(blue() > 5000, Timeout);

    // While live, the picture moves.
    QImage before = grab();
    QTRY_VERIFY_WITH_TIMEOUT(grab() != before, Timeout);

    plot.click(plot.item(u"pause"_s));
    QCOMPARE(plot.property("headline").toString(), u"Paused"_s);
    QTest::mouseMove(plot.window(), QPoint(5, 5));
    QVERIFY(blue() > 5000);
    before = grab();
    const quint64 revision = signal.revision();
    QTRY_VERIFY_WITH_TIMEOUT(signal.revision() > revision + 5, Timeout);
    QVERIFY(grab() == before);

    // From near and from far the plot shows the same moment.
    const QPoint at = plot.middle(area);
    plot.wheel(at, 480);
    QVERIFY(grab() != before);
    QTest::mouseDClick(plot.window(), Qt::LeftButton, {}, at);
    QTest::mouseMove(plot.window(), QPoint(5, 5));
    QVERIFY(grab() == before);

    // Not even the generator's death changes it.
    QVERIFY(generator.kill());
    QTRY_COMPARE_WITH_TIMEOUT(plot.window()->findChild<SharedSegment *>(u"signal"_s)->state(),
                              SharedSegment::State::Orphaned, Timeout);
    QCOMPARE(plot.property("headline").toString(), u"Paused"_s);
    QTest::keyClick(plot.window(), Qt::Key_Space);
    QCOMPARE(plot.property("headline").toString(), u"No longer updated"_s);
    QVERIFY(!SharedSegment::exists(u"live-plot/held-test"_s));
}

void tst_LivePlot::readoutSaysWhatIsThere()
{
    ExampleProcess generator(m_generator, {u"--window"_s, u"1"_s});
    ExampleWindow plot(m_main, properties());
    QVERIFY(plot.show());
    QTRY_COMPARE_WITH_TIMEOUT(plot.property("headline").toString(), u"Live"_s, Timeout);
    SharedSegment signal(u"live-plot/signal"_s);
    QVERIFY(signal.open());
    QTRY_VERIFY_WITH_TIMEOUT(signal.revision() > 5, Timeout); // something is to be heard
    QTest::keyClick(plot.window(), Qt::Key_Space);
    QCOMPARE(plot.property("headline").toString(), u"Paused"_s);

    SharedArray<float> held(u"live-plot/held-test"_s);
    QVERIFY(held.open());
    const QList<float> samples = held.snapshot();
    QCOMPARE(samples.size(), 44100);
    const QQuickItem *scope = plot.item(u"scope"_s);
    const QQuickItem *area = plot.item(u"plot"_s);
    QVERIFY(scope && area);
    QTest::mouseMove(plot.window(), QPoint(5, 5));
    QVERIFY(!scope->property("hasReadout").toBool());

    for (int notches : {0, 6, 10}) {
        for (double share : {0.9, 0.2, 0.6}) {
            const QPoint at = plot.place(area, area->width() * share, area->height() / 2);
            for (int i = 0; i < notches; ++i)
                plot.wheel(at, 120);
            QTest::mouseMove(plot.window(), at + QPoint(3, 3));
            QTest::mouseMove(plot.window(), at);
            QVERIFY(scope->property("hasReadout").toBool());

            const double x = at.x() - area->mapToScene({0, 0}).x();
            const int first = scope->property("first").toInt();
            const int count = scope->property("count").toInt();
            const int number = first + qRound(x / area->width() * (count - 1));
            QCOMPARE(scope->property("pointed").toInt(), number);
            const qsizetype span =
                std::min<qsizetype>(std::max(1, qRound(count / area->width())), samples.size() - number);
            const auto [low, high] = std::minmax_element(samples.begin() + number, samples.begin() + number + span);
            QCOMPARE(scope->property("low").toFloat(), *low);
            QCOMPARE(scope->property("high").toFloat(), *high);
            const QString text = scope->property("readoutText").toString().replace(u'−', u'-');
            QCOMPARE(text, span == 1 || *low == *high ? QString::number(static_cast<double>(*high), 'f', 4)
                                                      : u"%1 to %2"_s.arg(static_cast<double>(*low), 0, 'f', 3)
                                                            .arg(static_cast<double>(*high), 0, 'f', 3));
            QTest::mouseDClick(plot.window(), Qt::LeftButton, {}, at);
        }
    }
}

void tst_LivePlot::anotherGenerator()
{
    ExampleWindow plot(m_main, properties());
    QVERIFY(plot.show());
    QCOMPARE(plot.property("headline").toString(), u"Waiting for the generator"_s);
    const QQuickItem *scope = plot.item(u"scope"_s);
    const QQuickItem *area = plot.item(u"plot"_s);
    {
        ExampleProcess generator(m_generator, {u"--window"_s, u"1"_s});
        QTRY_COMPARE_WITH_TIMEOUT(plot.property("headline").toString(), u"Live"_s, Timeout);
        QTRY_COMPARE_WITH_TIMEOUT(scope->property("count").toInt(), 44100, Timeout);
        plot.wheel(plot.middle(area), 240);
        QVERIFY(scope->property("count").toInt() < 44100);
        QVERIFY(generator.kill());
        QTRY_COMPARE_WITH_TIMEOUT(plot.property("headline").toString(), u"No longer updated"_s, Timeout);
    }
    ExampleProcess generator(m_generator, {file(squareWave()), u"--window"_s, u"0.5"_s});
    QTRY_COMPARE_WITH_TIMEOUT(plot.property("headline").toString(), u"Live"_s, Timeout);
    QTRY_COMPARE_WITH_TIMEOUT(scope->property("count").toInt(), 20000, Timeout);
    QTRY_COMPARE_WITH_TIMEOUT(scope->property("rate").toInt(), 40000, Timeout);
    QCOMPARE(scope->property("first").toInt(), 0);
}

QTEST_MAIN(tst_LivePlot)
#include "tst_liveplot.moc"
