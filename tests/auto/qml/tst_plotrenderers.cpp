// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The software renderer and OpenGL draw the same scenes alike. A process has one renderer, so each draws in a process
// of its own.

#include "plottest.h"

#include <SharedSegment/SharedArray>

#include <QtCore/QDir>
#include <QtCore/QProcess>
#include <QtCore/QTemporaryDir>
#include <QtGui/QGuiApplication>
#include <QtGui/QOpenGLContext>
#include <QtQuick/QSGRendererInterface>

#include <cmath>
#include <cstdio>

using namespace Qt::StringLiterals;
using namespace testsupport;
using Style = SharedSeries::Style;

namespace {

constexpr int SceneWidth = 300;
constexpr int SceneHeight = 200;

struct Scene
{
    const char *name;
    int length;
    Style style;
    double lineWidth;
    bool isFilled;
    bool isReversed;
    bool hasAxes;
};

constexpr Scene Scenes[] = {
    {"few", 10, Style::Line, 1, false, false, false},
    {"few, thick", 10, Style::Line, 3, false, false, false},
    {"few, filled", 10, Style::Line, 1, true, false, false},
    {"few, reversed", 10, Style::Line, 2, false, true, false},
    {"many", 30'000, Style::Line, 1, false, false, false},
    {"many, thick", 30'000, Style::Line, 3, false, false, false},
    {"many, filled", 30'000, Style::Line, 1, true, false, false},
    {"many, reversed", 30'000, Style::Line, 1, false, true, false},
    {"bars", 10, Style::Bars, 1, false, false, false},
    {"bars, reversed", 10, Style::Bars, 1, false, true, false},
    {"many bars", 30'000, Style::Bars, 1, false, false, false},
    {"axes and cursor", 10, Style::Line, 2, false, false, true},
    {"axes and cursor, reversed", 10, Style::Line, 2, false, true, true},
};

/// Noise around a slope, with gaps, and with a lone sample among them.
double valueAt(double share, int index)
{
    if ((share > 0.3 && share < 0.45) || (share > 0.55 && share < 0.7))
        return std::nan("");
    return std::sin(9 * share) - 0.3 + (index * 7919 % 100) / 400.0;
}

/// Draws each scene into a file of the folder. @returns the exit code.
int draw(const QString &folder)
{
    const RegistryFolder registry;
    QQuickView window;
    window.resize(SceneWidth, SceneHeight);
    window.setColor(Qt::white);
    window.show();
    if (!QTest::qWaitForWindowExposed(&window, Deadline))
        return 1;
    int number = 0;
    for (const Scene &scene : Scenes) {
        SharedArray<double> array(uniqueName());
        if (!array.create(scene.length))
            return 1;
        QList<double> values(scene.length);
        for (int i = 0; i < scene.length; ++i)
            values[i] = valueAt(double(i) / scene.length, i);
        array.publish(values);
        SharedPlot plot(window.contentItem());
        plot.setSize(QSizeF(SceneWidth, SceneHeight));
        plot.setTextColor(Qt::black);
        plot.setAxesVisible(scene.hasAxes);
        plot.setGridVisible(scene.hasAxes);
        if (scene.isReversed) {
            plot.setAutoScale(false);
            plot.setMinimum(2);
            plot.setMaximum(-2);
            plot.setXMinimum(scene.length - 1);
            plot.setXMaximum(0);
        }
        SharedSeries series(&plot);
        series.setColor(Qt::black);
        series.setFill(scene.isFilled ? QColor(Qt::darkGray) : QColor(Qt::transparent));
        series.setStyle(scene.style);
        series.setLineWidth(scene.lineWidth);
        series.setSegment(array.segment());
        if (scene.hasAxes)
            plot.setCursorX(2);
        window.grabWindow(); // takes the numbers
        if (!window.grabWindow().save(folder + u"/%1.png"_s.arg(number++)))
            return 1;
    }
    const auto api = window.rendererInterface()->graphicsApi();
    std::puts(api == QSGRendererInterface::OpenGL ? "opengl" : api == QSGRendererInterface::Software ? "software" : "");
    return 0;
}

/// Counts pixels that are dark in one picture, and have nothing within one pixel in the other.
int drawnAlone(const QImage &image, const QImage &other)
{
    constexpr int Dark = 110;
    constexpr int Pale = 225; // a thin line lies between two pixels
    int alone = 0;
    for (int y = 1; y + 1 < image.height(); ++y) {
        for (int x = 1; x + 1 < image.width(); ++x) {
            bool isAlone = qRed(image.pixel(x, y)) < Dark;
            for (int i = 0; i < 9 && isAlone; ++i)
                isAlone = qRed(other.pixel(x - 1 + i % 3, y - 1 + i / 3)) >= Pale;
            alone += isAlone;
        }
    }
    return alone;
}

/// Returns how much colour is in a picture, in black pixels.
double inkIn(const QImage &image)
{
    double ink = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            ink += 1 - qRed(image.pixel(x, y)) / 255.0;
    }
    return ink;
}

} // namespace

class tst_PlotRenderers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void samePicture_data();
    void samePicture();

private:
    /// Draws all scenes in another process. @returns the renderer that it had.
    QString drawBy(const QString &folder, const QProcessEnvironment &environment);

    QTemporaryDir m_folder;
};

QString tst_PlotRenderers::drawBy(const QString &folder, const QProcessEnvironment &environment)
{
    QDir().mkpath(m_folder.filePath(folder));
    QProcess process;
    process.setProcessEnvironment(environment);
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(QCoreApplication::applicationFilePath(), {u"draw"_s, m_folder.filePath(folder)});
    if (!process.waitForFinished(6 * Deadline) || process.exitStatus() != QProcess::NormalExit
        || process.exitCode() != 0)
        return u"failed"_s;
    return QString::fromUtf8(process.readAll()).trimmed();
}

void tst_PlotRenderers::initTestCase()
{
    if (!QGuiApplication::platformName().startsWith(u"xcb"_s))
        QSKIP("OpenGL is tested on the platform xcb only");
    QOpenGLContext context;
    if (!context.create())
        QSKIP("this display has no OpenGL");
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"QT_QUICK_BACKEND"_s, u"software"_s);
    QCOMPARE(drawBy(u"software"_s, environment), u"software"_s);
    environment.remove(u"QT_QUICK_BACKEND"_s);
    environment.insert(u"QSG_RHI_BACKEND"_s, u"opengl"_s);
    environment.insert(u"LIBGL_ALWAYS_SOFTWARE"_s, u"1"_s);
    QCOMPARE(drawBy(u"opengl"_s, environment), u"opengl"_s);
}

void tst_PlotRenderers::samePicture_data()
{
    QTest::addColumn<int>("number");
    int number = 0;
    for (const Scene &scene : Scenes)
        QTest::newRow(scene.name) << number++;
}

void tst_PlotRenderers::samePicture()
{
    QFETCH(int, number);
    const QImage software(m_folder.filePath(u"software/%1.png"_s.arg(number)));
    const QImage openGl(m_folder.filePath(u"opengl/%1.png"_s.arg(number)));
    QVERIFY(!software.isNull());
    QCOMPARE(openGl.size(), software.size());
    const double ink = inkIn(software);
    QVERIFY2(ink > 100, qPrintable(QString::number(ink)));
    QVERIFY2(std::abs(inkIn(openGl) / ink - 1) < 0.2, qPrintable(u"%1 %2"_s.arg(ink).arg(inkIn(openGl))));
    QCOMPARE(drawnAlone(software, openGl), 0);
    QCOMPARE(drawnAlone(openGl, software), 0);
    // The comparison sees three pixels.
    QVERIFY(drawnAlone(software, openGl.copy(3, 3, openGl.width(), openGl.height())) > 0);
}

int main(int argc, char **argv)
{
    QGuiApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == u"draw"_s)
        return draw(arguments.value(2));
    tst_PlotRenderers test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_plotrenderers.moc"
