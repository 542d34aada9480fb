// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Views of Qt Quick on a model with a key: the current item, selections and delegates stay with their elements.

#include "../models/modelsupport.h"

#include <QtCore/QItemSelectionModel>
#include <QtQml/QQmlComponent>
#include <QtQml/QQmlEngine>
#include <QtQuick/QQuickItem>
#include <QtQuick/QQuickView>

#include <algorithm>
#include <numeric>
#include <random>

using namespace Qt::StringLiterals;
using namespace testsupport;
using namespace modelsupport;

struct Sensor
{
    qint32 number;
    double value;
};
SHARED_STRUCT(Sensor, number, value)

class tst_KeyedViews : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void currentItemStays();
    void randomRows();
    void manyMoves();

private:
    bool publish(const QList<int> &numbers, double value = 0);
    QQuickItem *list() const { return m_view->rootObject(); }
    /// The delegates that are there, by the number that they show.
    QHash<int, QQuickItem *> items() const;
    /// The numbers from top to bottom, as far as they are visible.
    QList<int> shown() const;
    QVariant currentNumber() const;

    RegistryFolder m_folder;
    std::unique_ptr<SharedArray<Sensor>> m_sensors;
    std::unique_ptr<QQuickView> m_view;
    SharedArrayModel *m_model = nullptr;
};

void tst_KeyedViews::init()
{
    m_view = std::make_unique<QQuickView>();
    m_sensors = std::make_unique<SharedArray<Sensor>>(uniqueName());
    QVERIFY(m_sensors->createWithCapacity(2000));
    m_view->engine()->addImportPath(testPath("IMPORT_PATH"));
    auto *const component = new QQmlComponent(m_view->engine(), m_view.get());
    component->setData(R"(
        import QtQuick
        import SharedSegment
        ListView {
            id: list
            required property string name
            width: 200; height: 600
            highlightFollowsCurrentItem: false
            model: SharedArrayModel {
                key: "number"
                segment: SharedSegment { name: list.name; active: true }
            }
            delegate: Text {
                objectName: "delegate"
                required property int number
                required property double value
                height: 20
                text: value
            }
        }
    )",
                       QUrl());
    QObject *const root = component->createWithInitialProperties({{u"name"_s, m_sensors->segment()->name()}});
    QVERIFY2(root, qPrintable(component->errorString()));
    m_view->setContent(QUrl(), component, root);
    m_model = list()->property("model").value<SharedArrayModel *>();
    QVERIFY(m_model);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get(), Deadline));
}

bool tst_KeyedViews::publish(const QList<int> &numbers, double value)
{
    QList<Sensor> sensors;
    for (const int number : numbers)
        sensors.append({number, value + number});
    if (!m_sensors->publish(sensors))
        return false;
    const bool isTaken = QTest::qWaitFor([this] { return m_model->revision() == m_sensors->revision(); }, Deadline);
    // The view places its items in the next frame.
    QMetaObject::invokeMethod(list(), "forceLayout");
    return isTaken;
}

QHash<int, QQuickItem *> tst_KeyedViews::items() const
{
    QHash<int, QQuickItem *> items;
    const QList<QQuickItem *> children = list()->property("contentItem").value<QQuickItem *>()->childItems();
    for (QQuickItem *item : children) {
        if (item->objectName() == u"delegate"_s && item->isVisible())
            items.insert(item->property("number").toInt(), item);
    }
    return items;
}

QList<int> tst_KeyedViews::shown() const
{
    QList<QQuickItem *> visible = items().values();
    const double top = list()->property("contentY").toDouble();
    visible.removeIf([top](const QQuickItem *item) { return item->y() < top || item->y() > top + 580; });
    std::sort(visible.begin(), visible.end(), [](const auto *a, const auto *b) { return a->y() < b->y(); });
    QList<int> numbers;
    for (const QQuickItem *item : std::as_const(visible))
        numbers.append(item->property("number").toInt());
    return numbers;
}

QVariant tst_KeyedViews::currentNumber() const
{
    const auto *const item = list()->property("currentItem").value<QQuickItem *>();
    return item ? item->property("number") : QVariant();
}

void tst_KeyedViews::currentItemStays()
{
    QVERIFY(publish({1, 2, 3, 4, 5}));
    list()->setProperty("currentIndex", 2);
    QCOMPARE(currentNumber(), QVariant(3));
    QItemSelectionModel selection(m_model);
    selection.select(m_model->index(2, 0), QItemSelectionModel::Select);
    const QHash<int, QQuickItem *> before = items();
    QCOMPARE(before.size(), 5);
    double value = 0;
    for (const QList<int> &numbers : {QList<int>{1, 3, 4, 5}, QList<int>{9, 1, 8, 3, 5}, QList<int>{5, 3, 1},
                                      QList<int>{3}, QList<int>{7, 6, 3}, QList<int>{3, 6, 7}}) {
        QVERIFY(publish(numbers, ++value));
        QCOMPARE(list()->property("count"), QVariant(numbers.size()));
        QCOMPARE(list()->property("currentIndex"), QVariant(numbers.indexOf(3)));
        QCOMPARE(currentNumber(), QVariant(3));
        QCOMPARE(list()->property("currentItem").value<QQuickItem *>(), before.value(3));
        QCOMPARE(before.value(3)->property("text"), QVariant(QString::number(value + 3)));
        QCOMPARE(selection.selectedIndexes(), QModelIndexList{m_model->index(static_cast<int>(numbers.indexOf(3)), 0)});
        QTRY_COMPARE_WITH_TIMEOUT(shown(), numbers, Deadline);
    }
}

void tst_KeyedViews::randomRows()
{
    const unsigned seed = std::random_device()();
    const QByteArray why = "seed " + QByteArray::number(seed);
    std::mt19937 random(seed);
    QList<int> numbers(20);
    std::iota(numbers.begin(), numbers.end(), 0);
    QVERIFY(publish(numbers));
    list()->setProperty("currentIndex", 7);
    const int current = 7;
    int last = 20;
    for (int round = 0; round < 60; ++round) {
        const QHash<int, QQuickItem *> before = items();
        for (int change = 0; change < 3; ++change) {
            const auto place = static_cast<qsizetype>(random() % static_cast<unsigned>(numbers.size()));
            if (random() % 3 == 0)
                numbers.move(place, static_cast<qsizetype>(random() % static_cast<unsigned>(numbers.size())));
            else if (numbers.size() < 22)
                numbers.insert(place, last++);
            else if (numbers.at(place) != current)
                numbers.removeAt(place);
        }
        QVERIFY2(publish(numbers, round), why);
        QVERIFY2(list()->property("currentIndex") == QVariant(numbers.indexOf(current)), why);
        QVERIFY2(currentNumber() == QVariant(current), why);
        QVERIFY2(QTest::qWaitFor([&] { return shown() == numbers; }, Deadline), why);
        const QHash<int, QQuickItem *> now = items();
        for (auto item = now.cbegin(); item != now.cend(); ++item) {
            QVERIFY2(item.value()->property("text").toString() == QString::number(round + item.key()), why);
            QVERIFY2(!before.contains(item.key()) || before.value(item.key()) == item.value(), why);
        }
    }
}

/// Above a limit, the rows change their places in one step.
void tst_KeyedViews::manyMoves()
{
    QList<int> numbers(2000);
    std::iota(numbers.begin(), numbers.end(), 0);
    QVERIFY(publish(numbers));
    QSignalSpy layout(m_model, &QAbstractItemModel::layoutChanged);
    std::reverse(numbers.begin(), numbers.end());
    QVERIFY(publish(numbers, 1));
    QCOMPARE(layout.count(), 1);
    QTRY_COMPARE_WITH_TIMEOUT(shown(), numbers.first(30), Deadline);
    QCOMPARE(items().value(1999)->property("text"), QVariant(u"2000"_s));
}

QTEST_MAIN(tst_KeyedViews)
#include "tst_keyedviews.moc"
