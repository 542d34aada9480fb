// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The plant of examples/10-cockpit as a process, and the page that shows it, which gets real clicks and keys.

#include "../../support/testsupport.h"
#include "exampleprocess.h"
#include "sortedmodel.h"
#include "windowtest.h"

#include <SharedSegment/SharedAlarmModel>

#include <QtCore/QTemporaryDir>
#include <QtGui/QImage>

#include <algorithm>
#include <csignal>
#include <optional>

using namespace Qt::StringLiterals;

class tst_Cockpit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { qmlRegisterType<SortedModel>("PlantCockpit", 1, 0, "SortedModel"); }
    void init() { m_registry.emplace(); }
    void picture();
    void oldValuesAreGrey();
    void sensorVanishes();
    void alarms();

private:
    std::optional<testsupport::RegistryFolder> m_registry;
    const QString m_plant = testPath("PLANT");
    const QString m_page = u"qrc:/PlantCockpit/Main.qml"_s;
};

namespace {

constexpr int Timeout = ExampleProcess::Timeout;
const QStringList Figures{u"supply"_s, u"returned"_s, u"flow"_s,     u"pressure"_s,
                          u"output"_s, u"valve"_s,    u"vibration"_s};
const QVariantMap Dark{{u"theme"_s, u"dark"_s}};
constexpr QRgb Blue = qRgb(0x58, 0xb4, 0xff);
constexpr QRgb Orange = qRgb(0xff, 0x8f, 0x6b);
constexpr QRgb Text = qRgb(0xee, 0xf2, 0xf7);
constexpr QRgb Stale = qRgb(0x66, 0x71, 0x80);
constexpr QRgb Warning = qRgb(0xff, 0xb8, 0x4d);

qint64 count(const QImage &image, QRgb color)
{
    qint64 result = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            result += (image.pixel(x, y) & 0xffffff) == (color & 0xffffff);
    }
    return result;
}

/// @returns whether each figure has that colour.
bool figuresAre(const ExampleWindow &page, QRgb color)
{
    return std::all_of(Figures.begin(), Figures.end(), [&](const QString &name) {
        const QQuickItem *figure = page.item(name);
        return figure && figure->property("ink").value<QColor>().rgb() == color;
    });
}

/// @returns the places of the sensors that are shown, by the rows of the view.
QStringList placesOf(const QQuickItem *list)
{
    QStringList places;
    const auto *model = list->property("model").value<QAbstractItemModel *>();
    for (int row = 0; row < model->rowCount(); ++row)
        places += model->index(row, 1).data().toString();
    return places;
}

/// @returns how many segments have a row as a whole, since nothing of them is known.
int unknownSegments(const SharedAlarmModel &model)
{
    int count = 0;
    for (int row = 0; row < model.rowCount(); ++row)
        count += model.index(row, 0).data(SharedAlarmModel::FieldRole).toString().isEmpty();
    return count;
}

/// @returns the first row that waits to be acknowledged.
QModelIndex waitingAlarm(const SharedAlarmModel &model)
{
    for (int row = 0; row < model.rowCount(); ++row) {
        const QModelIndex index = model.index(row, 0);
        if (!index.data(SharedAlarmModel::AcknowledgedRole).toBool())
            return index;
    }
    return {};
}

/// Whether the alarm is acknowledged: it stays as long as the value is outside its limits.
bool isDone(const QPersistentModelIndex &alarm)
{
    return !alarm.isValid() || alarm.data(SharedAlarmModel::AcknowledgedRole).toBool();
}

} // namespace

void tst_Cockpit::picture()
{
    ExampleProcess plant(m_plant, {});
    QVERIFY(plant.waitForLine(u"publishing"_s));
    QTemporaryDir folder;
    const QString file = folder.filePath(u"picture.png"_s);
    ExampleProcess cockpit(testPath("COCKPIT"), {u"--grab"_s, file, u"--after"_s, u"0.8"_s, u"--theme"_s, u"dark"_s});
    QCOMPARE(cockpit.waitForEnd(), 0);
    QCOMPARE(cockpit.lines(), QStringList{file});
    const QImage image(file);
    QCOMPARE(image.size(), QSize(1280, 800));
    QVERIFY(count(image, Blue) > 100);
    QVERIFY(count(image, Orange) > 100);
    // A second plant finds the names taken and says so.
    QCOMPARE(ExampleProcess(m_plant, {}).waitForEnd(), 1);
}

void tst_Cockpit::oldValuesAreGrey()
{
    ExampleWindow page(m_page, Dark);
    QVERIFY(page.show());
    QVERIFY(figuresAre(page, Stale));
    const auto seemsLive = [&page] {
        const QImage image = page.window()->grabWindow();
        return count(image, Blue) > 0 || count(image, Orange) > 0;
    };
    std::optional<ExampleProcess> plant(std::in_place, m_plant, QStringList());
    QTRY_VERIFY_WITH_TIMEOUT(figuresAre(page, Text), Timeout);
    QTRY_VERIFY_WITH_TIMEOUT(seemsLive(), Timeout);

    QCOMPARE(::kill(static_cast<pid_t>(plant->processId()), SIGSTOP), 0);
    QTRY_VERIFY_WITH_TIMEOUT(figuresAre(page, Stale), Timeout);
    QTRY_VERIFY_WITH_TIMEOUT(!seemsLive(), Timeout);
    QVERIFY(count(page.window()->grabWindow(), Warning) > 2000);
    QCOMPARE(::kill(static_cast<pid_t>(plant->processId()), SIGCONT), 0);
    QTRY_VERIFY_WITH_TIMEOUT(figuresAre(page, Text), Timeout);

    QVERIFY(plant->kill());
    QTRY_VERIFY_WITH_TIMEOUT(figuresAre(page, Stale), Timeout);
    QTRY_VERIFY_WITH_TIMEOUT(!seemsLive(), Timeout);
    plant.emplace(m_plant, QStringList());
    QTRY_VERIFY_WITH_TIMEOUT(figuresAre(page, Text), Timeout);
}

void tst_Cockpit::sensorVanishes()
{
    const QStringList all{u"Hospital"_s, u"Lighthouse"_s,    u"Market Hall"_s, u"Old Town"_s,
                          u"Shipyard"_s, u"Swimming Pool"_s, u"University"_s};
    ExampleWindow page(m_page, Dark);
    QVERIFY(page.show());
    ExampleProcess plant(m_plant, {u"--speed"_s, u"10"_s});
    QQuickItem *list = page.item(u"sensors"_s);
    QVERIFY(list);
    QTRY_COMPARE_WITH_TIMEOUT(placesOf(list), all, Timeout);
    list->setProperty("currentIndex", 3);
    const auto current = [list] { return list->property("currentItem").value<QQuickItem *>(); };
    const QQuickItem *const oldTown = current();
    QVERIFY(oldTown);
    // Its battery is low, by the limits of the metadata alone.
    const QList<QQuickItem *> cells = oldTown->childItems();
    const auto hasColor = [&cells](const QString &text, QRgb color) {
        return std::any_of(cells.begin(), cells.end(), [&](const QQuickItem *cell) {
            return cell->property("text").toString() == text && cell->property("color").value<QColor>().rgb() == color;
        });
    };
    QTRY_VERIFY_WITH_TIMEOUT(hasColor(u"17\u00a0%"_s, Warning), Timeout);
    QVERIFY(hasColor(u"Old Town"_s, Text));

    QStringList without = all;
    without.removeOne(u"Lighthouse"_s);
    QTRY_COMPARE_WITH_TIMEOUT(placesOf(list), without, Timeout);
    QTRY_COMPARE_WITH_TIMEOUT(list->property("currentIndex").toInt(), 2, Timeout);
    QCOMPARE(current(), oldTown);
    QTRY_COMPARE_WITH_TIMEOUT(placesOf(list), all, Timeout);
    QTRY_COMPARE_WITH_TIMEOUT(list->property("currentIndex").toInt(), 3, Timeout);
    QCOMPARE(current(), oldTown);

    // Another click on the heading turns the order round.
    page.click(page.item(u"sortBy0"_s));
    QTRY_COMPARE_WITH_TIMEOUT(placesOf(list).last(), all.first(), Timeout);
    QCOMPARE(current(), oldTown);
}

void tst_Cockpit::alarms()
{
    ExampleWindow page(m_page, Dark);
    QVERIFY(page.show());
    const auto *const model = page.window()->findChild<SharedAlarmModel *>();
    QVERIFY(model);
    ExampleProcess plant(m_plant, {u"--speed"_s, u"20"_s});
    QTRY_VERIFY_WITH_TIMEOUT(model->unacknowledged() > 2, Timeout);
    // Alarms stay when the plant is gone, and each segment gets a row that says so. Then no row moves any more.
    QVERIFY(plant.kill());
    QTRY_COMPARE_WITH_TIMEOUT(unknownSegments(*model), 2, Timeout);
    QTRY_COMPARE_WITH_TIMEOUT(figuresAre(page, Stale), true, Timeout);
    const int unacknowledged = model->unacknowledged();
    QVERIFY(unacknowledged > 2);

    QQuickItem *list = page.item(u"alarms"_s);
    QVERIFY(list);
    QPersistentModelIndex alarm = waitingAlarm(*model);
    QTest::mouseClick(page.window(), Qt::LeftButton, {}, page.place(list, list->width() / 2, 18 + alarm.row() * 40));
    QTRY_COMPARE_WITH_TIMEOUT(model->unacknowledged(), unacknowledged - 1, Timeout);
    QVERIFY(isDone(alarm));

    alarm = waitingAlarm(*model);
    for (int i = 0; i < 20 && !list->hasActiveFocus(); ++i)
        QTest::keyClick(page.window(), Qt::Key_Tab);
    QVERIFY(list->hasActiveFocus());
    // The current row is not the first one, if others came before it.
    while (const int rows = alarm.row() - list->property("currentIndex").toInt()) {
        const int next = alarm.row() - rows + (rows > 0 ? 1 : -1);
        QTest::keyClick(page.window(), rows > 0 ? Qt::Key_Down : Qt::Key_Up);
        QTRY_COMPARE_WITH_TIMEOUT(list->property("currentIndex").toInt(), next, Timeout);
    }
    QTest::keyClick(page.window(), Qt::Key_Space);
    QTRY_COMPARE_WITH_TIMEOUT(model->unacknowledged(), unacknowledged - 2, Timeout);
    QVERIFY(isDone(alarm));
    page.click(page.item(u"acknowledgeAll"_s));
    QTRY_COMPARE_WITH_TIMEOUT(model->unacknowledged(), 0, Timeout);
}

QTEST_MAIN(tst_Cockpit)
#include "tst_cockpit.moc"
