// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Rows that are recognized by a key: where their elements go, they go.

#include "modelsupport.h"

#include <QtCore/QPersistentModelIndex>
#include <QtCore/QRegularExpression>
#include <QtCore/QSortFilterProxyModel>

#include <algorithm>
#include <numeric>

using namespace Qt::StringLiterals;
using namespace testsupport;
using namespace modelsupport;

struct Sensor
{
    qint32 id;
    double value;
    char name[20];
    float parts[2];

    bool operator==(const Sensor &) const = default;
};
SHARED_STRUCT(Sensor, id, value, name, parts)

class tst_ModelKeys : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void defaults();
    void rowsOfElements();
    void rowsThatGoAreReadOnceMore();
    void movedElements();
    void manyMovedElements();
    void equalKeys();
    void textKeys();
    void plainElements();
    void unusableKeys_data();
    void unusableKeys();
    void windowOnKeys();
    void anotherKey();
    void instancesAndStates();
    void pausedRows();
    void writesTheElementOfTheRow();
    void writesOneOfEqualKeys();
    void writesAKey();
    void changesInSlots();
    void segmentGoesInASlot();

private:
    /// Publishes sensors with these numbers, each with ten times its number as value.
    bool publish(const QList<int> &ids);
    bool isShown() const { return m_model->revision() == m_sensors->revision(); }
    QList<int> ids() const;

    RegistryFolder m_folder;
    std::unique_ptr<SharedArray<Sensor>> m_sensors;
    std::unique_ptr<SharedArrayModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_checks;
};

namespace {

Sensor sensorOf(int id)
{
    Sensor sensor{};
    sensor.id = id;
    sensor.value = 10 * id;
    qstrncpy(sensor.name, QByteArray("sensor " + QByteArray::number(id)).constData(), sizeof sensor.name);
    return sensor;
}

/// What was emitted, in one line.
class Signals : public QObject
{
public:
    explicit Signals(QAbstractItemModel *model)
    {
        const auto rows = [this](const char *what) {
            return [this, what](const QModelIndex &, int first, int last) {
                m_text += u"%1 %2-%3 "_s.arg(QLatin1StringView(what)).arg(first).arg(last);
            };
        };
        connect(model, &QAbstractItemModel::rowsRemoved, this, rows("removed"));
        connect(model, &QAbstractItemModel::rowsInserted, this, rows("inserted"));
        connect(model, &QAbstractItemModel::rowsMoved, this,
                [this](const QModelIndex &, int first, int last, const QModelIndex &, int to) {
                    m_text += u"moved %1-%2 to %3 "_s.arg(first).arg(last).arg(to);
                });
        connect(model, &QAbstractItemModel::dataChanged, this, [this](const QModelIndex &from, const QModelIndex &to) {
            m_text += u"changed %1,%2-%3,%4 "_s.arg(from.row()).arg(from.column()).arg(to.row()).arg(to.column());
        });
        connect(model, &QAbstractItemModel::layoutChanged, this, [this] { m_text += u"layout "_s; });
        connect(model, &QAbstractItemModel::modelReset, this, [this] { m_text += u"reset "_s; });
    }
    QString take() { return std::exchange(m_text, QString()).trimmed(); }

private:
    QString m_text;
};

} // namespace

void tst_ModelKeys::init()
{
    m_checks.reset();
    m_model = std::make_unique<SharedArrayModel>();
    m_sensors = std::make_unique<SharedArray<Sensor>>(uniqueName());
    QVERIFY2(m_sensors->createWithCapacity(20'000), qPrintable(m_sensors->errorString()));
    m_model->setKey(u"id"_s);
    m_model->setSegment(m_sensors->segment());
    m_checks = tester(m_model.get());
}

bool tst_ModelKeys::publish(const QList<int> &ids)
{
    QList<Sensor> sensors;
    for (const int id : ids)
        sensors.append(sensorOf(id));
    return m_sensors->publish(sensors);
}

QList<int> tst_ModelKeys::ids() const
{
    QList<int> ids;
    for (int row = 0; row < m_model->count(); ++row)
        ids.append(cell(*m_model, row).toInt());
    return ids;
}

void tst_ModelKeys::defaults()
{
    SharedArrayModel model;
    QCOMPARE(model.key(), QString());
    QSignalSpy changed(&model, &SharedArrayModel::keyChanged);
    model.setKey(u"id"_s);
    model.setKey(u"id"_s);
    QCOMPARE(model.property("key"), QVariant(u"id"_s));
    QCOMPARE(changed.count(), 1);
    QCOMPARE(model.count(), 0);
}

void tst_ModelKeys::rowsOfElements()
{
    Signals emitted(m_model.get());
    QSignalSpy count(m_model.get(), &SharedArrayModel::countChanged);
    QSignalSpy revision(m_model.get(), &SharedArrayModel::revisionChanged);
    QVERIFY(publish({1, 2, 3, 4, 5}));
    QTRY_VERIFY(isShown());
    QCOMPARE(emitted.take(), u"inserted 0-4"_s);
    QCOMPARE(ids(), (QList<int>{1, 2, 3, 4, 5}));
    const QPersistentModelIndex two = m_model->index(1, 1);
    const QPersistentModelIndex three = m_model->index(2, 0);
    const QPersistentModelIndex five = m_model->index(4, 2);

    QVERIFY(publish({1, 2, 4, 5}));
    QTRY_VERIFY(isShown());
    QCOMPARE(emitted.take(), u"removed 2-2"_s);
    QCOMPARE(ids(), (QList<int>{1, 2, 4, 5}));
    QVERIFY(!three.isValid());
    QCOMPARE(two.row(), 1);
    QCOMPARE(five.row(), 3);
    QCOMPARE(five.data(), QVariant(u"sensor 5"_s));

    QVERIFY(publish({9, 1, 2, 4, 7, 8, 5}));
    QTRY_VERIFY(isShown());
    QCOMPARE(emitted.take(), u"inserted 0-0 inserted 4-5"_s);
    QCOMPARE(two.row(), 2);
    QCOMPARE(two.data(), QVariant(20.0));
    QCOMPARE(five.row(), 6);
    QCOMPARE(m_model->count(), 7);
    QCOMPARE(m_model->headerData(6, Qt::Vertical), QVariant(6));

    // Rows that stay change only in the cells that changed.
    QList<Sensor> sensors{sensorOf(1), sensorOf(2), sensorOf(4), sensorOf(6)};
    sensors[1].value = -1;
    QVERIFY(m_sensors->publish(sensors));
    QTRY_VERIFY(isShown());
    QCOMPARE(emitted.take(), u"removed 4-6 removed 0-0 inserted 3-3 changed 1,1-1,1"_s);
    QCOMPARE(two.row(), 1);
    QCOMPARE(two.data(), QVariant(-1.0));
    QVERIFY(!five.isValid());

    QVERIFY(publish({}));
    QTRY_VERIFY(isShown());
    QCOMPARE(emitted.take(), u"removed 0-3"_s);
    QCOMPARE(count.count(), 5);
    QCOMPARE(revision.count(), 5);
}

/// While rows are removed, moved and inserted, each one has the values that it was shown with.
void tst_ModelKeys::rowsThatGoAreReadOnceMore()
{
    QVERIFY(publish({1, 2, 3, 4, 5, 6}));
    QTRY_VERIFY(isShown());
    QStringList seen;
    const auto check = [&] {
        QStringList row;
        for (const int id : ids())
            row.append(QString::number(id));
        for (int i = 0; i < m_model->count(); ++i)
            QVERIFY(cell(*m_model, i, 1) == QVariant(10.0 * ids().at(i)) || cell(*m_model, i, 1) == QVariant(1.5));
        seen.append(row.join(u' '));
    };
    connect(m_model.get(), &QAbstractItemModel::rowsAboutToBeRemoved, this, check);
    connect(m_model.get(), &QAbstractItemModel::rowsRemoved, this, check);
    connect(m_model.get(), &QAbstractItemModel::rowsAboutToBeMoved, this, check);
    connect(m_model.get(), &QAbstractItemModel::rowsMoved, this, check);
    connect(m_model.get(), &QAbstractItemModel::rowsAboutToBeInserted, this, check);
    connect(m_model.get(), &QAbstractItemModel::rowsInserted, this, check);
    connect(m_model.get(), &QAbstractItemModel::dataChanged, this, [&] {
        check();
        QCOMPARE(cell(*m_model, 1, 1), QVariant(1.5));
        QCOMPARE(m_model->revision(), m_sensors->revision());
    });
    QList<Sensor> sensors{sensorOf(6), sensorOf(1), sensorOf(3), sensorOf(9)};
    sensors[1].value = 1.5;
    QVERIFY(m_sensors->publish(sensors));
    QTRY_VERIFY(isShown());
    QCOMPARE(seen, (QStringList{u"1 2 3 4 5 6"_s, u"1 2 3 6"_s, u"1 2 3 6"_s, u"1 3 6"_s, u"1 3 6"_s, u"6 1 3"_s,
                                u"6 1 3"_s, u"6 1 3 9"_s, u"6 1 3 9"_s}));
}

void tst_ModelKeys::movedElements()
{
    QVERIFY(publish({1, 2, 3, 4, 5, 6}));
    QTRY_VERIFY(isShown());
    Signals emitted(m_model.get());
    const QPersistentModelIndex six = m_model->index(5, 1);
    const QPersistentModelIndex one = m_model->index(0, 1);
    QVERIFY(publish({6, 1, 2, 3, 4, 5}));
    QTRY_VERIFY(isShown());
    QCOMPARE(emitted.take(), u"moved 5-5 to 0"_s);
    QCOMPARE(six.row(), 0);
    QVERIFY(publish({3, 4, 6, 1, 2, 5}));
    QTRY_VERIFY(isShown());
    QCOMPARE(emitted.take(), u"moved 3-4 to 0"_s);
    QCOMPARE(ids(), (QList<int>{3, 4, 6, 1, 2, 5}));
    QCOMPARE(six.row(), 2);
    QCOMPARE(one.row(), 3);
    QCOMPARE(one.data(), QVariant(10.0));
}

/// Beyond a limit, all rows change their places at once.
void tst_ModelKeys::manyMovedElements()
{
    m_checks.reset(); // It walks through all rows at each signal.
    QList<int> numbers(10'000);
    std::iota(numbers.begin(), numbers.end(), 0);
    QVERIFY(publish(numbers));
    QTRY_VERIFY(isShown());
    Signals emitted(m_model.get());
    QSortFilterProxyModel proxy;
    proxy.setSourceModel(m_model.get());
    proxy.sort(0);
    const QPersistentModelIndex sorted = proxy.index(9'999, 1);
    const QPersistentModelIndex last = m_model->index(9'999, 1);
    const QPersistentModelIndex first = m_model->index(0, 2);
    const QPersistentModelIndex gone = m_model->index(5'000, 2);
    std::reverse(numbers.begin(), numbers.end());
    numbers.removeOne(5'000);
    numbers.append(20'000);
    QVERIFY(publish(numbers));
    QTRY_VERIFY(isShown());
    QCOMPARE(emitted.take(), u"removed 5000-5000 layout inserted 9999-9999"_s);
    QVERIFY(!gone.isValid());
    QCOMPARE(last.row(), 0);
    QCOMPARE(last.data(), QVariant(99'990.0));
    QCOMPARE(first.row(), 9'998);
    QCOMPARE(first.data(), QVariant(u"sensor 0"_s));
    QVERIFY(ids() == numbers);
    QCOMPARE(proxy.rowCount(), 10'000);
    QCOMPARE(sorted.row(), 9'998);
    QCOMPARE(sorted.data(), QVariant(99'990.0));
    QCOMPARE(cell(proxy, 9'999), QVariant(20'000));
}

void tst_ModelKeys::equalKeys()
{
    QVERIFY(publish({7, 1, 7, 2, 7}));
    QTRY_VERIFY(isShown());
    const QPersistentModelIndex first = m_model->index(0, 0);
    const QPersistentModelIndex second = m_model->index(2, 0);
    const QPersistentModelIndex third = m_model->index(4, 0);
    QVERIFY(publish({1, 7, 2, 7}));
    QTRY_VERIFY(isShown());
    QCOMPARE(first.row(), 1);
    QCOMPARE(second.row(), 3);
    QVERIFY(!third.isValid());
    QVERIFY(publish({7, 1, 2}));
    QTRY_VERIFY(isShown());
    QCOMPARE(first.row(), 0);
    QVERIFY(!second.isValid());
    QVERIFY(publish({1, 7, 7, 7}));
    QTRY_VERIFY(isShown());
    QCOMPARE(first.row(), 1);
    QCOMPARE(ids(), (QList<int>{1, 7, 7, 7}));
}

void tst_ModelKeys::textKeys()
{
    m_model->setKey(u"name"_s);
    QVERIFY(publish({1, 2, 3}));
    QTRY_VERIFY(isShown());
    const QPersistentModelIndex three = m_model->index(2, 2);
    Signals emitted(m_model.get());
    QVERIFY(publish({2, 3}));
    QTRY_VERIFY(isShown());
    QCOMPARE(emitted.take(), u"removed 0-0"_s);
    QCOMPARE(three.row(), 1);
    QCOMPARE(three.data(), QVariant(u"sensor 3"_s));
}

/// An element that is not a struct is its own key, by the name of its role.
void tst_ModelKeys::plainElements()
{
    SharedArray<quint16> numbers(uniqueName());
    QVERIFY(numbers.createWithCapacity(10));
    m_model->setSegment(nullptr);
    m_model->setKey(u"value"_s);
    m_model->setSegment(numbers.segment());
    QVERIFY(numbers.publish(QList<quint16>{4, 5, 6}));
    QTRY_COMPARE(m_model->count(), 3);
    Signals emitted(m_model.get());
    QVERIFY(numbers.publish(QList<quint16>{4, 6}));
    QTRY_COMPARE(m_model->count(), 2);
    QCOMPARE(emitted.take(), u"removed 1-1"_s);
    QCOMPARE(ids(), (QList<int>{4, 6}));
}

void tst_ModelKeys::unusableKeys_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("warning");
    QTest::newRow("none of the fields") << u"number"_s << u"has no field \"number\" for a key; possible: id, name"_s;
    QTest::newRow("floating-point") << u"value"_s
                                    << u"the field \"value\" of \".*\" is f64, and a key is an integer or a text; "
                                       u"possible: id, name"_s;
    QTest::newRow("array") << u"parts"_s << u"the field \"parts\" of \".*\" is f32\\[2\\], and a key"_s;
}

/// The model warns once, and works as without a key.
void tst_ModelKeys::unusableKeys()
{
    QFETCH(QString, key);
    QFETCH(QString, warning);
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(warning));
    m_model->setKey(key);
    Signals emitted(m_model.get());
    QVERIFY(publish({1, 2, 3}));
    QTRY_VERIFY(isShown());
    QCOMPARE(ids(), (QList<int>{1, 2, 3}));
    QVERIFY(publish({2, 3}));
    QTRY_VERIFY(isShown());
    QCOMPARE(ids(), (QList<int>{2, 3}));
    QVERIFY(emitted.take().startsWith(u"inserted 0-2 removed 2-2"_s));
    m_sensors->close();
    QCOMPARE(m_model->count(), 0);
    QVERIFY(m_sensors->createWithCapacity(10));
    QVERIFY(publish({5}));
    QTRY_COMPARE(ids(), (QList<int>{5}));
    m_model->setKey(u"id"_s);
    QCOMPARE(ids(), (QList<int>{5}));
}

void tst_ModelKeys::windowOnKeys()
{
    m_model->setFirstRow(1);
    m_model->setRowLimit(3);
    QVERIFY(publish({1, 2, 3, 4, 5, 6}));
    QTRY_VERIFY(isShown());
    QCOMPARE(ids(), (QList<int>{2, 3, 4}));
    const QPersistentModelIndex four = m_model->index(2, 0);
    Signals emitted(m_model.get());
    m_model->setFirstRow(2);
    QCOMPARE(emitted.take(), u"removed 0-0 inserted 2-2"_s);
    QCOMPARE(ids(), (QList<int>{3, 4, 5}));
    QCOMPARE(four.row(), 1);
    QCOMPARE(m_model->headerData(0, Qt::Vertical), QVariant(2));
    m_model->setRowLimit(-1);
    QCOMPARE(ids(), (QList<int>{3, 4, 5, 6}));
    QVERIFY(publish({9, 1, 2, 3, 4}));
    QTRY_VERIFY(isShown());
    QCOMPARE(ids(), (QList<int>{2, 3, 4}));
    QCOMPARE(four.row(), 2);
    m_model->setFirstRow(100);
    QCOMPARE(m_model->count(), 0);
    QVERIFY(!four.isValid());
    m_model->setFirstRow(0);
    QCOMPARE(ids(), (QList<int>{9, 1, 2, 3, 4}));
}

void tst_ModelKeys::anotherKey()
{
    QVERIFY(publish({1, 2, 3}));
    QTRY_VERIFY(isShown());
    Signals emitted(m_model.get());
    m_model->setKey(QString());
    QCOMPARE(emitted.take(), u"reset"_s);
    QCOMPARE(ids(), (QList<int>{1, 2, 3}));
    m_model->setKey(u"name"_s);
    QCOMPARE(emitted.take(), u"reset inserted 0-2"_s);
    QCOMPARE(ids(), (QList<int>{1, 2, 3}));
}

void tst_ModelKeys::instancesAndStates()
{
    QVERIFY(publish({1, 2, 3}));
    SharedSegment reader(m_sensors->segment()->name());
    reader.setActive(true);
    m_model->setSegment(&reader);
    QTRY_COMPARE_WITH_TIMEOUT(ids(), (QList<int>{1, 2, 3}), Deadline);
    const QPersistentModelIndex three = m_model->index(2, 0);
    Signals emitted(m_model.get());
    QVERIFY2(m_sensors->segment()->recreate(5), qPrintable(m_sensors->errorString()));
    QVERIFY(publish({1, 3, 4}));
    QTRY_COMPARE_WITH_TIMEOUT(ids(), (QList<int>{1, 3, 4}), Deadline);
    QCOMPARE(emitted.take(), u"removed 1-1 inserted 2-2"_s);
    QCOMPARE(three.row(), 1);
    // Its end leaves the rows, and its successor takes them over.
    m_sensors->close();
    QTRY_COMPARE_WITH_TIMEOUT(reader.state(), SharedSegment::State::Orphaned, Deadline);
    QCOMPARE(ids(), (QList<int>{1, 3, 4}));
    QVERIFY(m_sensors->createWithCapacity(2));
    QVERIFY(publish({3}));
    QTRY_COMPARE_WITH_TIMEOUT(ids(), (QList<int>{3}), Deadline);
    QCOMPARE(three.row(), 0);
    reader.setActive(false);
    QCOMPARE(m_model->count(), 0);
    QVERIFY(!three.isValid());
    m_model->setSegment(nullptr);
    QCOMPARE(m_model->revision(), 0U);
}

void tst_ModelKeys::pausedRows()
{
    QVERIFY(publish({1, 2, 3}));
    QTRY_VERIFY(isShown());
    m_model->setPaused(true);
    QVERIFY(publish({2, 3}));
    QTest::qWait(50);
    QCOMPARE(ids(), (QList<int>{1, 2, 3}));
    Signals emitted(m_model.get());
    m_model->setPaused(false);
    QTRY_COMPARE(ids(), (QList<int>{2, 3}));
    QCOMPARE(emitted.take(), u"removed 0-0"_s);
}

/// Another writer may have moved the element meanwhile: the value follows it. A value for an element that is gone goes nowhere.
void tst_ModelKeys::writesTheElementOfTheRow()
{
    QVERIFY(publish({1, 2, 3}));
    QTRY_VERIFY(isShown());
    m_model->setMaximumRate(0.001);
    QVERIFY(publish({3, 9, 1, 2}));
    QCOMPARE(ids(), (QList<int>{1, 2, 3}));
    QVERIFY2(m_model->setData(m_model->index(1, 1), 2.5), qPrintable(m_sensors->errorString()));
    QCOMPARE(m_sensors->readElement(3).value, 2.5);
    QCOMPARE(m_sensors->readElement(1).value, 90.0);
    QCOMPARE(ids(), (QList<int>{3, 9, 1, 2})); // One's own change is shown at once.
    QCOMPARE(cell(*m_model, 3, 1), QVariant(2.5));

    QVERIFY(publish({9, 1}));
    const quint64 revision = m_sensors->revision();
    QVERIFY(!m_model->setData(m_model->index(0, 1), 7.5));
    QCOMPARE(m_sensors->error(), SharedSegment::Error::InvalidSize);
    QVERIFY2(m_sensors->errorString().contains(u"no longer has an element with the key id = 3"_s),
             qPrintable(m_sensors->errorString()));
    QCOMPARE(m_sensors->revision(), revision);

    // Several edits are one revision, or none.
    m_model->beginEdit();
    QVERIFY(m_model->setData(m_model->index(2, 1), 0.5)); // 1
    QVERIFY(m_model->setData(m_model->index(3, 1), 0.5)); // 2 is gone
    QVERIFY(!m_model->endEdit());
    QCOMPARE(m_sensors->revision(), revision);
    QCOMPARE(m_sensors->readElement(1).value, 10.0);
}

void tst_ModelKeys::writesOneOfEqualKeys()
{
    QVERIFY(publish({7, 1, 7, 7}));
    QTRY_VERIFY(isShown());
    m_model->setMaximumRate(0.001);
    QVERIFY(publish({7, 7, 1, 7}));
    QVERIFY(m_model->setData(m_model->index(2, 1), 0.5)); // the second
    QCOMPARE(m_sensors->readElement(1).value, 0.5);
    QCOMPARE(m_sensors->readElement(0).value, 70.0);
    QCOMPARE(m_sensors->readElement(3).value, 70.0);
}

void tst_ModelKeys::writesAKey()
{
    QVERIFY(publish({1, 2, 3}));
    QTRY_VERIFY(isShown());
    Signals emitted(m_model.get());
    QVERIFY(m_model->setData(m_model->index(1, 0), 5));
    QCOMPARE(emitted.take(), u"removed 1-1 inserted 1-1"_s); // another element
    QCOMPARE(ids(), (QList<int>{1, 5, 3}));
    // Edits that are collected find their elements by the keys before.
    m_model->beginEdit();
    QVERIFY(m_model->setData(m_model->index(0, 0), 8));
    QVERIFY(m_model->setData(m_model->index(0, 1), 0.5));
    QVERIFY(m_model->endEdit());
    QCOMPARE(ids(), (QList<int>{8, 5, 3}));
    QCOMPARE(cell(*m_model, 0, 1), QVariant(0.5));
}

/// A slot of a row's signals may change everything; it takes effect when the change is over.
void tst_ModelKeys::changesInSlots()
{
    QVERIFY(publish({1, 2, 3, 4}));
    QTRY_VERIFY(isShown());
    int calls = 0;
    connect(m_model.get(), &QAbstractItemModel::rowsRemoved, this, [&] {
        if (++calls == 1)
            m_model->setRowLimit(2);
        else if (calls == 3)
            m_model->setKey(u"name"_s);
    });
    connect(m_model.get(), &QAbstractItemModel::rowsInserted, this,
            [&] { QVERIFY(m_model->setData(m_model->index(0, 1), 0.25 + calls)); });
    QVERIFY(publish({1, 3, 4, 5}));
    QTRY_COMPARE(ids(), (QList<int>{1, 3}));
    QCOMPARE(cell(*m_model, 0, 1), QVariant(1.25));
    QVERIFY(publish({3, 1}));
    QVERIFY(publish({3}));
    QTRY_COMPARE(ids(), (QList<int>{3}));
    QVERIFY(publish({3, 9}));
    QTRY_COMPARE(ids(), (QList<int>{3, 9}));
    QTRY_COMPARE(cell(*m_model, 0, 1), QVariant(0.25 + calls));
    QVERIFY(calls >= 3);
}

void tst_ModelKeys::segmentGoesInASlot()
{
    QVERIFY(publish({1, 2, 3}));
    QTRY_VERIFY(isShown());
    connect(m_model.get(), &QAbstractItemModel::rowsRemoved, this, [&] {
        if (!m_sensors)
            return;
        m_sensors.reset();
        QCOMPARE(ids(), (QList<int>{1, 3}));
        QVERIFY(!m_model->setData(m_model->index(0, 1), 1.5));
    });
    QVERIFY(publish({1, 3, 4}));
    QTRY_VERIFY(!m_sensors);
    QTRY_COMPARE(m_model->count(), 0);
    QVERIFY(!m_model->segment());
}

QTEST_GUILESS_MAIN(tst_ModelKeys)
#include "tst_modelkeys.moc"
