// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "../../support/testsupport.h"
#include "exampleprocess.h"
#include "windowtest.h"

#include <SharedSegment/SharedArray>

#include <QtCore/QTemporaryDir>
#include <QtGui/QImage>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

using namespace Qt::StringLiterals;

/// As the panel describes it.
struct Setpoint
{
    char name[24];
    char unit[8];
    double value;
    double minimum;
    double maximum;
};
SHARED_STRUCT(Setpoint, name, unit, value, minimum, maximum)

class tst_Setpoints : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void panelToTable();
    void tableToPanel();
    void tableRefuses();
    void bothAtOnce();
    void panelDies();
    void secondPanelWaits();
    void panelPicture_data();
    void panelPicture();
    void tablePicture();
    void noPanel();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::optional<testsupport::RegistryFolder> m_registry;
    const QString m_program = testPath("SETPOINTS");
    const QString m_panel = QStringLiteral("qrc:/Setpoints/Panel.qml");
    const QString m_table = QStringLiteral("qrc:/Setpoints/Table.qml");
};

namespace {

constexpr int Timeout = ExampleProcess::Timeout;
const QString Defaults = QStringLiteral("180 4.5 62 320 95 3.2");

/// Replaces the text of the field, and presses Enter.
void type(QWindow *window, const char *text)
{
    QTest::keyClick(window, Qt::Key_A, Qt::ControlModifier);
    for (const char *letter = text; *letter != '\0'; ++letter)
        QTest::keyClick(window, *letter);
    QTest::keyClick(window, Qt::Key_Return);
}

} // namespace

void tst_Setpoints::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
    m_registry.emplace();
}

void tst_Setpoints::panelToTable()
{
    ExampleProcess table(m_program, {u"table"_s, u"--verbose"_s});
    QVERIFY(table.waitForLine(u"Waiting"_s));
    ExampleWindow panel(m_panel, {});
    QVERIFY(panel.show());
    QVERIFY(table.waitForLine(Defaults));
    QTRY_VERIFY_WITH_TIMEOUT(panel.item(u"slider 0"_s), Timeout);

    // By a slider: to its right end.
    const QQuickItem *slider = panel.item(u"slider 0"_s);
    const double handle = 13 + (180.0 - 20) / 230 * (slider->width() - 26);
    const QPoint at = panel.place(slider, handle, slider->height() / 2);
    const QPoint end = panel.place(slider, slider->width() + 50, slider->height() / 2);
    QTest::mousePress(panel.window(), Qt::LeftButton, {}, at);
    QTest::mouseMove(panel.window(), (at + end) / 2);
    QTest::mouseMove(panel.window(), end);
    QTest::mouseRelease(panel.window(), Qt::LeftButton, {}, end);
    QVERIFY(table.waitForLine(u"250 4.5 62 320 95 3.2"_s));

    // By a field: it accepts a comma, and limits a value that is too large to the maximum.
    panel.click(panel.item(u"field 1"_s));
    type(panel.window(), "-7,5");
    QVERIFY(table.waitForLine(u"250 -7.5 62 320 95 3.2"_s));
    panel.click(panel.item(u"field 2"_s));
    type(panel.window(), "500");
    QVERIFY(table.waitForLine(u"250 -7.5 100 320 95 3.2"_s));

    // Text that is not a number changes nothing.
    SharedSegment segment(u"setpoints"_s);
    QVERIFY(segment.open());
    const quint64 revision = segment.revision();
    panel.click(panel.item(u"field 3"_s));
    type(panel.window(), "fast");
    QCOMPARE(panel.item(u"field 3"_s)->property("text").toString(), u"320.0"_s);
    QCOMPARE(segment.revision(), revision);
}

void tst_Setpoints::tableToPanel()
{
    ExampleProcess panel(m_program, {u"panel"_s, u"--verbose"_s});
    QVERIFY(panel.waitForLine(Defaults));
    ExampleWindow table(m_table, {});
    QVERIFY(table.show());
    QTRY_COMPARE_WITH_TIMEOUT(table.property("headline").toString(), u"Shared"_s, Timeout);
    QTRY_VERIFY_WITH_TIMEOUT(table.item(u"cell 5 4"_s), Timeout);

    table.click(table.item(u"cell 0 2"_s));
    type(table.window(), "150");
    QVERIFY(panel.waitForLine(u"150 4.5 62 320 95 3.2"_s));
    table.click(table.item(u"cell 1 2"_s));
    type(table.window(), "-18.5");
    QVERIFY(panel.waitForLine(u"150 -18.5 62 320 95 3.2"_s));
    QTRY_COMPARE_WITH_TIMEOUT(table.item(u"cell 1 2"_s)->property("shown").toString(), u"−18.5"_s, Timeout);

    // A name, and a bound that the value may then reach.
    table.click(table.item(u"cell 3 0"_s));
    type(table.window(), "Kneader");
    table.click(table.item(u"cell 3 4"_s));
    type(table.window(), "2000");
    QTRY_COMPARE_WITH_TIMEOUT(table.item(u"cell 3 4"_s)->property("shown").toString(), u"2000.0"_s, Timeout);
    table.click(table.item(u"cell 3 2"_s));
    type(table.window(), "1999");
    QVERIFY(panel.waitForLine(u"150 -18.5 62 1999 95 3.2"_s));
    SharedArray<Setpoint> setpoints(u"setpoints"_s);
    QVERIFY(setpoints.open());
    QCOMPARE(setpoints.readElement(3).name, "Kneader");
    QCOMPARE(setpoints.readElement(3).maximum, 2000.0);
    QCOMPARE(setpoints.readElement(3).unit, "rpm");
}

void tst_Setpoints::tableRefuses()
{
    ExampleProcess panel(m_program, {u"panel"_s, u"--verbose"_s});
    QVERIFY(panel.waitForLine(Defaults));
    ExampleWindow table(m_table, {});
    QVERIFY(table.show());
    QTRY_VERIFY_WITH_TIMEOUT(table.item(u"cell 5 4"_s), Timeout);
    SharedSegment segment(u"setpoints"_s);
    QVERIFY(segment.open());
    const quint64 revision = segment.revision();

    table.click(table.item(u"cell 0 2"_s));
    type(table.window(), "hot");
    QVERIFY(table.property("refusal").toString().contains(u"hot"_s));
    table.click(table.item(u"cell 0 2"_s));
    type(table.window(), "251");
    QCOMPARE(table.property("refusal").toString(), u"Oven takes 20 to 250."_s);
    table.click(table.item(u"cell 0 1"_s));
    type(table.window(), "much too long a unit");
    QVERIFY(!table.property("refusal").toString().isEmpty());
    table.click(table.item(u"cell 0 2"_s));
    QTest::keyClick(table.window(), Qt::Key_9);
    QTest::keyClick(table.window(), Qt::Key_Escape);
    QCOMPARE(segment.revision(), revision);
    QCOMPARE(table.item(u"cell 0 2"_s)->property("shown").toString(), u"180.0"_s);

    table.click(table.item(u"cell 0 2"_s));
    type(table.window(), "249");
    QCOMPARE(table.property("refusal").toString(), QString());
    QCOMPARE(segment.revision(), revision + 1);
}

/// Neither reverts what the other wrote.
void tst_Setpoints::bothAtOnce()
{
    ExampleWindow panel(m_panel, {});
    QVERIFY(panel.show());
    ExampleProcess table(m_program, {u"table"_s, u"--verbose"_s});
    QVERIFY(table.waitForLine(Defaults));
    SharedArray<Setpoint> setpoints(u"setpoints"_s);
    QVERIFY(setpoints.open(SharedSegment::Access::ReadWrite));
    QTRY_VERIFY_WITH_TIMEOUT(panel.item(u"field 0"_s), Timeout);
    for (int round = 1; round <= 20; ++round) {
        {
            auto writer = setpoints.beginWrite();
            QVERIFY(writer);
            writer[5].value = round / 10.0;
        }
        panel.click(panel.item(u"field 0"_s));
        type(panel.window(), QByteArray::number(100 + round).constData());
        QVERIFY(table.waitForLine(u"%1 4.5 62 320 95 %2"_s.arg(100 + round).arg(round / 10.0)));
    }
    QTRY_COMPARE_WITH_TIMEOUT(panel.item(u"field 5"_s)->property("text").toString(), u"2.0"_s, Timeout);
}

void tst_Setpoints::panelDies()
{
    ExampleWindow table(m_table, {});
    QVERIFY(table.show());
    QCOMPARE(table.property("headline").toString(), u"Waiting for the panel"_s);
    for (int round = 0; round < 3; ++round) {
        ExampleProcess panel(m_program, {u"panel"_s, u"--verbose"_s});
        QVERIFY(panel.waitForLine(Defaults));
        QTRY_COMPARE_WITH_TIMEOUT(table.property("headline").toString(), u"Shared"_s, Timeout);
        QTRY_VERIFY_WITH_TIMEOUT(
            table.item(u"cell 4 2"_s) && table.item(u"cell 4 2"_s)->property("shown").toString() == u"95.0"_s, Timeout);
        table.click(table.item(u"cell 4 2"_s));
        type(table.window(), "33");
        QVERIFY(panel.waitForLine(u"180 4.5 62 320 33 3.2"_s));

        QVERIFY(panel.kill());
        QTRY_COMPARE_WITH_TIMEOUT(table.property("headline").toString(), u"The panel is gone"_s, Timeout);
        QTRY_COMPARE_WITH_TIMEOUT(table.item(u"cell 4 2"_s)->property("shown").toString(), u"33.0"_s, Timeout);
        // Nothing can be changed any more.
        table.click(table.item(u"cell 4 2"_s));
        type(table.window(), "44");
        QCOMPARE(table.item(u"cell 4 2"_s)->property("shown").toString(), u"33.0"_s);
    }
}

void tst_Setpoints::secondPanelWaits()
{
    ExampleProcess first(m_program, {u"panel"_s, u"--verbose"_s});
    QVERIFY(first.waitForLine(Defaults));
    ExampleProcess second(m_program, {u"panel"_s, u"--verbose"_s});
    QVERIFY(second.waitForLine(u"Waiting"_s));
    QVERIFY(first.kill());
    QVERIFY(second.waitForLine(u"Open"_s));
    QVERIFY(second.waitForLine(Defaults));
}

void tst_Setpoints::panelPicture_data()
{
    QTest::addColumn<int>("scale");
    QTest::addColumn<double>("share");
    QTest::newRow("a quarter") << 1 << 0.25;
    QTest::newRow("four fifths") << 1 << 0.8;
    QTest::newRow("2x") << 2 << 0.5;
}

/// The sliders' blue parts are as long as the values say.
void tst_Setpoints::panelPicture()
{
    QFETCH(int, scale);
    QFETCH(double, share);
    const QString picture = m_folder->filePath(u"picture.png"_s);
    qputenv("QT_SCALE_FACTOR", QByteArray::number(scale));
    ExampleProcess panel(m_program, {u"panel"_s, u"--grab"_s, picture, u"--after"_s, u"4"_s, u"--verbose"_s});
    qunsetenv("QT_SCALE_FACTOR");
    QVERIFY(panel.waitForLine(Defaults));
    {
        SharedArray<Setpoint> setpoints(u"setpoints"_s);
        QVERIFY(setpoints.open(SharedSegment::Access::ReadWrite));
        auto writer = setpoints.beginWrite();
        QVERIFY(writer);
        for (Setpoint &setpoint : writer)
            setpoint.value = std::lerp(setpoint.minimum, setpoint.maximum, share);
    }
    QCOMPARE(panel.waitForEnd(), 0);
    QVERIFY(panel.lines().contains(picture));

    const QImage image = QImage(picture).convertToFormat(QImage::Format_RGB32);
    QCOMPARE(image.size(), QSize(1120, 640) * scale);
    const double width = (1040.0 - 2 * 20) / 3 - 2 * 24;
    const double expected = scale * share * (width - 26);
    int slidersInRow = 0;
    int rowsWithSliders = 0;
    for (int y = 0; y < image.height(); ++y) {
        const auto *line = reinterpret_cast<const QRgb *>(image.constScanLine(y));
        int sliders = 0;
        for (int x = 0, run = 0; x <= image.width(); ++x) {
            if (x < image.width() && line[x] == qRgb(0x58, 0xb4, 0xff)) {
                ++run;
                continue;
            }
            sliders += run > 0 && std::abs(run - expected) <= 6 * scale;
            run = 0;
        }
        slidersInRow = std::max(slidersInRow, sliders);
        rowsWithSliders += sliders == 3;
    }
    QCOMPARE(slidersInRow, 3);
    QVERIFY2(rowsWithSliders >= 2 * 3 * scale && rowsWithSliders <= 2 * 6 * scale,
             qPrintable(QString::number(rowsWithSliders)));
}

/// Another value makes another picture, in that value's cell alone.
void tst_Setpoints::tablePicture()
{
    ExampleProcess panel(m_program, {u"panel"_s, u"--verbose"_s});
    QVERIFY(panel.waitForLine(Defaults));
    SharedArray<Setpoint> setpoints(u"setpoints"_s);
    QVERIFY(setpoints.open(SharedSegment::Access::ReadWrite));
    const auto grab = [this] {
        const QString picture = m_folder->filePath(u"picture.png"_s);
        ExampleProcess table(m_program, {u"table"_s, u"--grab"_s, picture, u"--after"_s, u"4"_s});
        return table.waitForEnd() == 0 ? QImage(picture).convertToFormat(QImage::Format_RGB32) : QImage();
    };
    const QImage before = grab();
    QCOMPARE(before.size(), QSize(960, 560));
    {
        auto writer = setpoints.beginWrite();
        QVERIFY(writer);
        writer[0].value = 24;
    }
    const QImage after = grab();
    QCOMPARE(after.size(), before.size());
    QRect changed;
    for (int y = 0; y < after.height(); ++y) {
        for (int x = 0; x < after.width(); ++x) {
            if (before.pixel(x, y) != after.pixel(x, y))
                changed |= QRect(x, y, 1, 1);
        }
    }
    QVERIFY(changed.width() > 10 && changed.height() > 5);
    const QRect cell(40 + qRound(880 * 0.43), 144, qRound(880 * 0.19), 52);
    QVERIFY2(cell.contains(changed),
             qPrintable(u"%1 %2 %3 %4"_s.arg(changed.x()).arg(changed.y()).arg(changed.width()).arg(changed.height())));
}

void tst_Setpoints::noPanel()
{
    const QString picture = m_folder->filePath(u"picture.png"_s);
    ExampleProcess table(m_program, {u"table"_s, u"--grab"_s, picture, u"--after"_s, u"0.5"_s});
    QCOMPARE(table.waitForEnd(), 1);
    QVERIFY(!QImage(picture).isNull());
    ExampleProcess neither(m_program, {});
    QCOMPARE(neither.waitForEnd(), 1);
}

QTEST_MAIN(tst_Setpoints)
#include "tst_setpoints.moc"
