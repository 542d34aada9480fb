// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "../../support/testsupport.h"
#include "exampleprocess.h"
#include "rooms.h"
#include "roomwindow.h"

#include <QtCore/QFile>
#include <QtCore/QRegularExpression>
#include <QtCore/QTemporaryDir>
#include <QtCore/QTimer>
#include <QtGui/QImage>
#include <QtTest/QTest>
#include <QtWidgets/QAbstractSpinBox>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QTableView>

#include <algorithm>
#include <cmath>
#include <optional>

using namespace Qt::StringLiterals;

class tst_Widgets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void showsTheBuilding();
    void editReachesTheBuilding();
    void typingWhileOthersPublish();
    void sortAndSearch();
    void selectionStaysWithItsRoom();
    void buildingComesBack();
    void picture_data();
    void picture();
    void pictureOfADeadBuilding();
    void noBuilding();
    void loadsNoQuick();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::optional<testsupport::RegistryFolder> m_registry;
    const QString m_building = testPath("BUILDING");
    const QString m_rooms = testPath("ROOMS");
};

namespace {

constexpr int Timeout = ExampleProcess::Timeout;
constexpr QRgb Blue = qRgb(0x58, 0xb4, 0xff);
constexpr QRgb Orange = qRgb(0xff, 0xb8, 0x4d);
constexpr QRgb Grey = qRgb(0x77, 0x82, 0x8f);

bool show(RoomWindow *window)
{
    window->show();
    if (!QTest::qWaitForWindowExposed(window, Timeout))
        return false;
    window->activateWindow(); // there may be no window manager that does
    return QTest::qWaitForWindowActive(window, Timeout);
}

QModelIndex cell(const QTableView *view, int row, RoomColumn column)
{
    return view->model()->index(row, static_cast<int>(column));
}

/// All that are not being renovated.
bool hasAllRooms(const QTableView *view)
{
    return view->model()->rowCount() >= static_cast<int>(RoomCount - MostClosedRooms);
}

qint64 count(const QImage &picture, QRgb color)
{
    const QImage image = picture.convertToFormat(QImage::Format_RGB32);
    qint64 result = 0;
    for (int y = 0; y < image.height(); ++y) {
        const auto *line = reinterpret_cast<const QRgb *>(image.constScanLine(y));
        result += std::count(line, line + image.width(), color);
    }
    return result;
}

} // namespace

void tst_Widgets::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
    m_registry.emplace();
}

void tst_Widgets::showsTheBuilding()
{
    RoomWindow window;
    QVERIFY(show(&window));
    QCOMPARE(window.headline(), u"Waiting for the building"_s);
    auto *const view = window.findChild<QTableView *>();
    ExampleProcess building(m_building, {});
    QTRY_COMPARE_WITH_TIMEOUT(window.headline(), u"Live"_s, Timeout);
    QTRY_VERIFY_WITH_TIMEOUT(hasAllRooms(view), Timeout);
    QCOMPARE(view->model()->columnCount(), 4);

    // It moves.
    const float before = cell(view, 0, RoomColumn::Temperature).data(Qt::EditRole).toFloat();
    QTRY_VERIFY_WITH_TIMEOUT(cell(view, 0, RoomColumn::Temperature).data(Qt::EditRole).toFloat() != before, Timeout);

    // The values of a dead building do not change, so each figure can be compared.
    SharedRooms rooms(u"building/rooms"_s);
    QVERIFY(rooms.open());
    QVERIFY(building.kill());
    QTRY_COMPARE_WITH_TIMEOUT(window.headline(), u"No longer updated"_s, Timeout);
    const QList<Room> last = rooms.snapshot();
    QTRY_COMPARE_WITH_TIMEOUT(view->model()->rowCount(), static_cast<int>(last.size()), Timeout);
    const auto shows = [&] {
        for (int row = 0; row < last.size(); ++row) {
            const Room &room = last.at(row);
            if (cell(view, row, RoomColumn::Name).data().toString() != QString::fromUtf8(room.name)
                || cell(view, row, RoomColumn::Temperature).data(Qt::EditRole).toFloat() != room.temperature
                || cell(view, row, RoomColumn::Target).data(Qt::EditRole).toFloat() != room.target
                || cell(view, row, RoomColumn::Power).data(Qt::EditRole).toFloat() != room.power)
                return false;
        }
        return true;
    };
    QTRY_VERIFY_WITH_TIMEOUT(shows(), Timeout);
}

void tst_Widgets::editReachesTheBuilding()
{
    ExampleProcess building(m_building, {});
    QVERIFY(building.waitForLine(u"building: publishing 240 rooms"_s));
    RoomWindow window;
    QVERIFY(show(&window));
    auto *const view = window.findChild<QTableView *>();
    QTRY_VERIFY_WITH_TIMEOUT(hasAllRooms(view), Timeout);
    SharedRooms rooms(u"building/rooms"_s);
    QVERIFY(rooms.open());
    QCOMPARE(rooms.readElement(2).target, 20.5F);

    const auto edit = [&](RoomColumn column) {
        const QPoint at = view->visualRect(cell(view, 2, column)).center();
        QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, at);
        QTest::mouseDClick(view->viewport(), Qt::LeftButton, {}, at);
        return view->findChild<QAbstractSpinBox *>();
    };
    // The building measures these itself.
    QVERIFY(!edit(RoomColumn::Temperature));
    QVERIFY(!edit(RoomColumn::Power));
    QVERIFY(!edit(RoomColumn::Name));

    QAbstractSpinBox *const editor = edit(RoomColumn::Target);
    QVERIFY(editor);
    editor->selectAll();
    QTest::keyClicks(editor, u"28.5"_s);
    QTest::keyClick(editor, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(rooms.readElement(2).target, 28.5F, Timeout);

    // The building continues with it: it heats, and writes its own figures without writing over ours.
    const quint64 revision = rooms.revision();
    QTRY_VERIFY_WITH_TIMEOUT(rooms.revision() > revision + 20, Timeout);
    const Room room = rooms.readElement(2);
    QCOMPARE(room.target, 28.5F);
    QCOMPARE(room.power, 2000.0F);
    QTRY_VERIFY_WITH_TIMEOUT(rooms.readElement(2).temperature > 21.5F, Timeout); // the old target is behind it
    QTRY_COMPARE_WITH_TIMEOUT(cell(view, 2, RoomColumn::Target).data(Qt::EditRole).toFloat(), 28.5F, Timeout);

    // The values of a dead building cannot be changed.
    QVERIFY(building.kill());
    QTRY_COMPARE_WITH_TIMEOUT(window.headline(), u"No longer updated"_s, Timeout);
    QTRY_VERIFY_WITH_TIMEOUT(!view->findChild<QAbstractSpinBox *>(), Timeout);
    QVERIFY(!edit(RoomColumn::Target));
}

/// At a person's pace, while another process publishes fifty times per second, also the value that is being edited.
void tst_Widgets::typingWhileOthersPublish()
{
    SharedRooms rooms(u"building/rooms"_s);
    rooms.segment()->setMultipleWriters(true);
    QVERIFY(rooms.createWithCapacity(RoomCount) && rooms.publish(QList<Room>(RoomCount)));
    int published = 0;
    bool isRival = false;
    QTimer publisher;
    connect(&publisher, &QTimer::timeout, this, [&] {
        auto next = rooms.beginWrite();
        ++published;
        for (Room &room : next) {
            room.temperature += 0.1F;
            room.power += 1;
        }
        next[1].target = static_cast<float>(6 + published % 20); // a neighbour's
        if (isRival)
            next[2].target = static_cast<float>(6 + published % 20);
    });
    RoomWindow window;
    QVERIFY(show(&window));
    auto *const view = window.findChild<QTableView *>();
    QTRY_VERIFY_WITH_TIMEOUT(hasAllRooms(view), Timeout);
    publisher.start(20);
    for (const bool rival : {false, true}) {
        isRival = rival;
        const QPoint at = view->visualRect(cell(view, 2, RoomColumn::Target)).center();
        QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, at);
        QTest::mouseDClick(view->viewport(), Qt::LeftButton, {}, at);
        auto *const editor = view->findChild<QAbstractSpinBox *>();
        QVERIFY(editor);
        editor->selectAll();
        const QString text = rival ? u"23.5"_s : u"28.5"_s;
        const int before = published;
        for (const QChar key : text) {
            QTest::keyClick(editor, key.toLatin1());
            QTest::qWait(150);
        }
        QVERIFY(published > before + 10);
        isRival = false;
        QTest::keyClick(editor, Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(rooms.readElement(2).target, text.toFloat(), Timeout);
        QTRY_VERIFY_WITH_TIMEOUT(!view->findChild<QAbstractSpinBox *>(), Timeout);
    }
}

void tst_Widgets::sortAndSearch()
{
    ExampleProcess building(m_building, {});
    RoomWindow window;
    QVERIFY(show(&window));
    auto *const view = window.findChild<QTableView *>();
    QTRY_VERIFY_WITH_TIMEOUT(hasAllRooms(view), Timeout);
    QTRY_COMPARE_WITH_TIMEOUT(cell(view, 0, RoomColumn::Name).data().toString(), u"Room 0.01"_s, Timeout);

    const auto clickHeader = [&](RoomColumn column) {
        const int section = static_cast<int>(column);
        QTest::mouseClick(view->horizontalHeader()->viewport(), Qt::LeftButton, {},
                          {view->horizontalHeader()->sectionViewportPosition(section) + 30, 22});
    };
    const auto isSorted = [&](bool up) {
        float last = up ? -1e9F : 1e9F;
        for (int row = 0; row < view->model()->rowCount(); ++row) {
            const float target = cell(view, row, RoomColumn::Target).data(Qt::EditRole).toFloat();
            if (up ? target < last : target > last)
                return false;
            last = target;
        }
        return true;
    };
    QVERIFY(!isSorted(true) && !isSorted(false));
    clickHeader(RoomColumn::Target);
    QTRY_VERIFY_WITH_TIMEOUT(isSorted(true), Timeout);
    clickHeader(RoomColumn::Target);
    QTRY_VERIFY_WITH_TIMEOUT(isSorted(false), Timeout);

    auto *const search = window.findChild<QLineEdit *>();
    QTest::mouseClick(search, Qt::LeftButton);
    QTest::keyClicks(search, u"room 3."_s);
    QTRY_COMPARE_WITH_TIMEOUT(view->model()->rowCount(), 24, Timeout);
    for (int row = 0; row < 24; ++row)
        QVERIFY(cell(view, row, RoomColumn::Name).data().toString().startsWith(u"Room 3."_s));
    QVERIFY(isSorted(false));
    QTest::keyClick(search, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClick(search, Qt::Key_Delete);
    QTRY_VERIFY_WITH_TIMEOUT(hasAllRooms(view), Timeout);
}

/// Rooms come and go around the one that is selected, and being edited.
void tst_Widgets::selectionStaysWithItsRoom()
{
    SharedRooms rooms(u"building/rooms"_s);
    rooms.segment()->setMultipleWriters(true);
    QVERIFY(rooms.createWithCapacity(RoomCount));
    const auto publish = [&rooms](const QByteArray &doors) {
        QList<Room> list;
        for (const char door : doors) {
            list.append(Room{});
            qstrncpy(list.last().name, QByteArray("Room ") + door, sizeof list.last().name);
            list.last().target = 20;
        }
        return rooms.publish(list);
    };
    QVERIFY(publish("bdf"));
    RoomWindow window;
    QVERIFY(show(&window));
    auto *const view = window.findChild<QTableView *>();
    QTRY_COMPARE_WITH_TIMEOUT(view->model()->rowCount(), 3, Timeout);
    const QPoint at = view->visualRect(cell(view, 1, RoomColumn::Target)).center();
    QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, at);
    QTest::mouseDClick(view->viewport(), Qt::LeftButton, {}, at);
    auto *const editor = view->findChild<QAbstractSpinBox *>();
    QVERIFY(editor);
    editor->selectAll();
    QTest::keyClicks(editor, u"25"_s);
    for (const char *doors : {"abcdf", "adf", "df", "d", "fed"}) {
        QVERIFY(publish(doors));
        QTRY_COMPARE_WITH_TIMEOUT(view->model()->rowCount(), static_cast<int>(qstrlen(doors)), Timeout);
        QTRY_COMPARE_WITH_TIMEOUT(view->currentIndex().siblingAtColumn(0).data().toString(), u"Room d"_s, Timeout);
        QCOMPARE(view->selectionModel()->selectedIndexes().value(0), view->currentIndex());
        QCOMPARE(view->findChild<QAbstractSpinBox *>(), editor);
    }
    QTest::keyClick(editor, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(rooms.readElement(2).target, 25.0F, Timeout); // where it is now
}

void tst_Widgets::buildingComesBack()
{
    ExampleProcess rooms(m_rooms, {u"--verbose"_s});
    QVERIFY(rooms.waitForLine(u"Waiting for the building"_s));
    for (int round = 0; round < 3; ++round) {
        ExampleProcess building(m_building, {});
        QVERIFY(rooms.waitForLine(u"Live"_s));
        rooms.forgetLines();
        QVERIFY(building.kill());
        QVERIFY(rooms.waitForLine(u"No longer updated"_s));
        rooms.forgetLines();
    }
}

void tst_Widgets::picture_data()
{
    QTest::addColumn<int>("scale");
    QTest::newRow("1x") << 1;
    QTest::newRow("2x") << 2;
}

void tst_Widgets::picture()
{
    QFETCH(int, scale);
    const QString picture = m_folder->filePath(u"picture.png"_s);
    ExampleProcess building(m_building, {});
    QVERIFY(building.waitForLine(u"building: publishing "_s));
    qputenv("QT_SCALE_FACTOR", QByteArray::number(scale));
    ExampleProcess rooms(m_rooms, {u"--grab"_s, picture});
    qunsetenv("QT_SCALE_FACTOR");
    QCOMPARE(rooms.waitForEnd(), 0);
    QCOMPARE(rooms.lines(), QStringList{picture});
    const QImage image(picture);
    QCOMPARE(image.size(), QSize(1120, 800) * scale);
    QVERIFY(count(image, Blue) > 5000);
    QVERIFY(count(image, Orange) > 5000);
    QCOMPARE(count(image, Grey), 0);
}

/// Grey, and each bar is as long as the room's last temperature says.
void tst_Widgets::pictureOfADeadBuilding()
{
    const QString picture = m_folder->filePath(u"picture.png"_s);
    ExampleProcess building(m_building, {});
    QVERIFY(building.waitForLine(u"building: publishing "_s));
    SharedRooms last(u"building/rooms"_s);
    QVERIFY(last.open());
    ExampleProcess rooms(m_rooms, {u"--grab"_s, picture, u"--after"_s, u"4"_s, u"--verbose"_s});
    QVERIFY(rooms.waitForLine(u"Live"_s));
    QVERIFY(building.kill());
    QVERIFY(rooms.waitForLine(u"No longer updated"_s));
    QCOMPARE(rooms.waitForEnd(), 0);

    const QImage image(picture);
    QCOMPARE(image.size(), QSize(1120, 800));
    QCOMPARE(count(image, Blue), 0);
    const QList<Room> snapshot = last.snapshot();
    QCOMPARE(snapshot.size(), static_cast<qsizetype>(RoomCount));
    for (int row = 0; row < 13; ++row) {
        const int y = 144 + 44 * row + 22;
        int end = 0;
        for (int x = 318; x < 546; ++x) {
            if ((image.pixel(x, y) | 0xff000000) == Grey)
                end = x + 1 - 318;
        }
        const double expected = 228
                              * std::clamp((static_cast<double>(snapshot.at(row).temperature) - 5) / 25, 0.0, 1.0);
        QVERIFY2(std::abs(end - expected) <= 4, qPrintable(u"row %1: %2, not %3"_s.arg(row).arg(end).arg(expected)));
    }
}

void tst_Widgets::noBuilding()
{
    const QString picture = m_folder->filePath(u"picture.png"_s);
    ExampleProcess rooms(m_rooms, {u"--grab"_s, picture, u"--after"_s, u"0.5"_s});
    QCOMPARE(rooms.waitForEnd(), 1);
    QCOMPARE(count(QImage(picture), Blue), 0);
}

/// The model is in the core library, so a program with Widgets needs neither Qt Quick nor Qt Qml.
void tst_Widgets::loadsNoQuick()
{
#ifndef Q_OS_LINUX
    QSKIP("there is no /proc/PID/maps");
#endif
    ExampleProcess building(m_building, {});
    QVERIFY(building.waitForLine(u"building: publishing 240 rooms"_s));
    ExampleProcess rooms(m_rooms, {u"--verbose"_s});
    QVERIFY(rooms.waitForLine(u"Live"_s));
    QFile maps(u"/proc/%1/maps"_s.arg(rooms.processId()));
    QVERIFY(maps.open(QIODevice::ReadOnly));
    const QString mapped = QString::fromLocal8Bit(maps.readAll());
    // Libraries of this project that are static are in the program.
    QVERIFY(mapped.contains(u"Qt6Widgets"_s) || mapped.contains(u"/rooms"_s));
    static const QRegularExpression unwanted(u"\\S*lib(Qt6Quick|Qt6Qml|SharedSegmentQml)\\S*"_s);
    QCOMPARE(unwanted.match(mapped).captured(), QString());
}

QTEST_MAIN(tst_Widgets)
#include "tst_widgets.moc"
