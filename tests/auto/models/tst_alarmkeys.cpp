// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Alarms that keep to their element by a key, in SharedLimits and in the model of what is not normal.

#include "modelsupport.h"

#include <SharedSegment/SharedAlarmModel>
#include <SharedSegment/SharedStream>

#include <QtCore/QJsonDocument>
#include <QtCore/QPersistentModelIndex>
#include <QtCore/QRegularExpression>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <vector>

using namespace Qt::StringLiterals;
using namespace testsupport;
using namespace modelsupport;
using Level = SharedLimits::Level;

struct Sensor
{
    qint32 id;
    char name[12];
    double value;
    float battery;
};
SHARED_STRUCT(Sensor, id, name, value, battery)

struct Nameless
{
    double value;
    qint32 other;
};
SHARED_STRUCT(Nameless, value, other)

namespace {

constexpr const char *SensorLimits =
    R"({"fields": {"value": {"low": 20, "lowLow": 10, "high": 80, "highHigh": 90}, "battery": {"low": 5}}})";

Sensor sensorOf(int id, double value = 50, float battery = 50)
{
    Sensor sensor{id, {}, value, battery};
    qstrncpy(sensor.name, QByteArray("sensor " + QByteArray::number(id)).constData(), sizeof sensor.name);
    return sensor;
}

/// A row as text: field, key, index, level, and whether it waits to be acknowledged.
QString rowOf(const QAbstractItemModel &model, int row)
{
    const auto role = [&](const char *name) { return cell(model, row, 0, roleOf(model, name)); };
    return u"%1 %2 at %3 %4%5"_s.arg(role("field").toString(), role("key").toString(), role("element").toString(),
                                     cell(model, row, 3).toString(), role("acknowledged").toBool() ? u""_s : u"!"_s);
}

QStringList rowsOf(const SharedAlarmModel &model)
{
    QStringList rows;
    for (int row = 0; row < model.count(); ++row)
        rows.append(rowOf(model, row));
    return rows;
}

QStringList sorted(QStringList rows)
{
    rows.sort();
    return rows;
}

/// What is to be shown, found in the plainest way.
class Expected
{
public:
    explicit Expected(bool isText)
        : m_isText(isText)
    {
    }

    void judge(const QList<Sensor> &sensors)
    {
        for (auto &[identity, alarm] : m_alarms)
            alarm.index = -1;
        std::map<int, int> numbers;
        for (qsizetype i = 0; i < sensors.size(); ++i) {
            const int number = numbers[sensors.at(i).id]++;
            judge({"value", sensors.at(i).id, number}, i, sensors.at(i).value, {10, 20, 80, 90});
            judge({"battery", sensors.at(i).id, number}, i, double(sensors.at(i).battery), {NAN, 5, NAN, NAN});
        }
        for (auto &[identity, alarm] : m_alarms) {
            if (alarm.index < 0)
                alarm.active = {};
        }
        std::erase_if(m_alarms, [](const auto &item) { return item.second.isNormal(); });
    }

    void acknowledgeAll()
    {
        for (auto &[identity, alarm] : m_alarms)
            alarm.isAcknowledged = true;
        std::erase_if(m_alarms, [](const auto &item) { return item.second.isNormal(); });
    }

    QStringList rows() const
    {
        QStringList rows;
        for (const auto &[identity, alarm] : m_alarms) {
            const auto &[field, id, number] = identity;
            rows.append(u"%1 %2 at %3 %4%5"_s
                            .arg(QLatin1StringView(field), m_isText ? u"sensor %1"_s.arg(id) : QString::number(id))
                            .arg(alarm.index)
                            .arg(alarm.level(), alarm.isAcknowledged ? u""_s : u"!"_s));
        }
        return sorted(rows);
    }

private:
    using Identity = std::tuple<const char *, int, int>;
    struct Alarm
    {
        qsizetype index = -1;
        std::array<bool, 4> active{};
        bool isAcknowledged = true;

        bool isNormal() const { return level() == u"Normal" && isAcknowledged; }
        QString level() const
        {
            return active[0] ? u"LowLow"_s
                 : active[3] ? u"HighHigh"_s
                 : active[1] ? u"Low"_s
                 : active[2] ? u"High"_s
                             : u"Normal"_s;
        }
    };

    void judge(const Identity &identity, qsizetype index, double value, const std::array<double, 4> &limits)
    {
        const std::array<bool, 4> active{value<limits[0], value<limits[1], value> limits[2], value> limits[3]};
        Alarm &alarm = m_alarms[identity];
        for (std::size_t i = 0; i < active.size(); ++i)
            alarm.isAcknowledged = alarm.isAcknowledged && (!active[i] || alarm.active[i]);
        alarm.active = active;
        alarm.index = index;
    }

    bool m_isText;
    std::map<Identity, Alarm> m_alarms;
};

} // namespace

class tst_AlarmKeys : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void defaults();
    void elementVanishes();
    void keyComesBack();
    void equalKeys();
    void acknowledgeInSlots();
    void largeArray();
    void otherKeys();
    void layoutWithoutTheKey();
    void streamsAndIndexes();
    void randomChanges_data();
    void randomChanges();

private:
    bool publish(const QList<Sensor> &sensors) { return m_sensors->publish(sensors); }

    RegistryFolder m_folder;
    std::unique_ptr<SharedArray<Sensor>> m_sensors;
    std::unique_ptr<SharedLimits> m_limits;
    std::unique_ptr<SharedAlarmModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_checks;
};

void tst_AlarmKeys::init()
{
    m_checks.reset();
    m_model = std::make_unique<SharedAlarmModel>();
    m_limits = std::make_unique<SharedLimits>();
    m_sensors = std::make_unique<SharedArray<Sensor>>(uniqueName());
    m_sensors->segment()->setMetadata(QJsonDocument::fromJson(SensorLimits).toVariant().toMap());
    QVERIFY2(m_sensors->createWithCapacity(100'000), qPrintable(m_sensors->errorString()));
    QVERIFY(publish({}));
    m_limits->setMaximumRate(1000);
    m_limits->setKey(u"id"_s);
    m_limits->setSegment(m_sensors->segment());
    m_checks = tester(m_model.get());
    m_model->setSources({m_limits.get()});
    QCOMPARE(m_limits->level(), Level::Normal);
}

void tst_AlarmKeys::defaults()
{
    SharedLimits limits;
    QCOMPARE(limits.key(), QString());
    QSignalSpy changed(&limits, &SharedLimits::keyChanged);
    limits.setKey(u"id"_s);
    limits.setKey(u"id"_s);
    QCOMPARE(limits.property("key"), QVariant(u"id"_s));
    QCOMPARE(changed.count(), 1);
}

/// The alarms behind it stay with their elements, and so do their rows, selected or not.
void tst_AlarmKeys::elementVanishes()
{
    QVERIFY(publish({sensorOf(1), sensorOf(2, 85), sensorOf(3), sensorOf(4, 95), sensorOf(5, 15)}));
    QTRY_COMPARE(rowsOf(*m_model),
                 (QStringList{u"value 4 at 3 HighHigh!"_s, u"value 2 at 1 High!"_s, u"value 5 at 4 Low!"_s}));
    QCOMPARE(cell(*m_model, 2, 1).toString(), u"value 5"_s);
    const QPersistentModelIndex four = m_model->index(0, 0);
    const QPersistentModelIndex five = m_model->index(2, 0);
    QVERIFY(m_model->acknowledge(2));
    QSignalSpy removed(m_model.get(), &QAbstractItemModel::rowsRemoved);
    QSignalSpy inserted(m_model.get(), &QAbstractItemModel::rowsInserted);
    QVERIFY(publish({sensorOf(1), sensorOf(2, 85), sensorOf(4, 95), sensorOf(5, 15)}));
    QTRY_COMPARE(rowsOf(*m_model),
                 (QStringList{u"value 4 at 2 HighHigh!"_s, u"value 2 at 1 High!"_s, u"value 5 at 3 Low"_s}));
    QVERIFY(publish({sensorOf(5, 15), sensorOf(1), sensorOf(4, 95)}));
    QTRY_COMPARE(rowsOf(*m_model),
                 (QStringList{u"value 4 at 2 HighHigh!"_s, u"value 5 at 0 Low"_s, u"value 2 at -1 Normal!"_s}));
    QCOMPARE(removed.count() + inserted.count(), 0);
    QCOMPARE(rowOf(*m_model, four.row()), u"value 4 at 2 HighHigh!"_s);
    QCOMPARE(rowOf(*m_model, five.row()), u"value 5 at 0 Low"_s);
    // An acknowledged one goes with its element, another one when it is acknowledged.
    QVERIFY(publish({sensorOf(1), sensorOf(4, 95)}));
    QTRY_COMPARE(rowsOf(*m_model), (QStringList{u"value 4 at 1 HighHigh!"_s, u"value 2 at -1 Normal!"_s}));
    QVERIFY(m_model->acknowledge(1));
    QCOMPARE(rowsOf(*m_model), QStringList{u"value 4 at 1 HighHigh!"_s});
    QVERIFY(!five.isValid());
}

void tst_AlarmKeys::keyComesBack()
{
    QVERIFY(publish({sensorOf(7, 85), sensorOf(8, 85)}));
    QTRY_COMPARE(m_limits->count(), 2);
    const QPersistentModelIndex eight = m_model->index(1, 0);
    QVERIFY(publish({sensorOf(7, 85)}));
    QTRY_COMPARE(rowsOf(*m_model), (QStringList{u"value 7 at 0 High!"_s, u"value 8 at -1 Normal!"_s}));
    QVERIFY(publish({sensorOf(6, 85), sensorOf(7, 85)}));
    QTRY_COMPARE(m_limits->count(), 3);
    QVERIFY(publish({sensorOf(8, 95), sensorOf(6, 85), sensorOf(7, 85)}));
    QTRY_COMPARE(rowsOf(*m_model).constFirst(), u"value 8 at 0 HighHigh!"_s);
    QCOMPARE(m_limits->count(), 3);
    QCOMPARE(eight.row(), 0);
}

/// Of equal keys, the n-th element is the one that was the n-th.
void tst_AlarmKeys::equalKeys()
{
    QVERIFY(publish({sensorOf(1, 85), sensorOf(1), sensorOf(2), sensorOf(1, 86, 1)}));
    QTRY_COMPARE(m_limits->count(), 3);
    m_limits->acknowledge();
    QVERIFY(publish({sensorOf(2), sensorOf(2, 95), sensorOf(1, 85), sensorOf(2), sensorOf(1), sensorOf(1, 86, 1)}));
    QTRY_COMPARE(sorted(rowsOf(*m_model)), (QStringList{u"battery 1 at 5 Low"_s, u"value 1 at 2 High"_s,
                                                        u"value 1 at 5 High"_s, u"value 2 at 1 HighHigh!"_s}));
    // All of one key, all in alarm.
    QVERIFY(publish(QList<Sensor>(30'000, sensorOf(3, 99))));
    QTRY_COMPARE_WITH_TIMEOUT(m_limits->count(), 30'001, Deadline);
    QVERIFY(publish(QList<Sensor>(20'000, sensorOf(3, 99))));
    m_limits->acknowledge();
    QTRY_COMPARE_WITH_TIMEOUT(m_limits->count(), 20'000, Deadline);
    QVERIFY(m_limits->acknowledged());
}

/// A row that a slot acknowledges is the one that it shows, whatever its index is by then.
void tst_AlarmKeys::acknowledgeInSlots()
{
    QVERIFY(publish({sensorOf(1), sensorOf(2, 85), sensorOf(3, 85), sensorOf(4), sensorOf(5, 85)}));
    QTRY_COMPARE(m_limits->count(), 3);
    const QPersistentModelIndex five = m_model->index(2, 0);
    bool isAcknowledged = false;
    const auto acknowledge = [&] {
        if (!std::exchange(isAcknowledged, true))
            QVERIFY(m_model->acknowledge(five.row()));
    };
    connect(m_model.get(), &QAbstractItemModel::rowsAboutToBeMoved, this, acknowledge);
    connect(m_model.get(), &QAbstractItemModel::dataChanged, this, acknowledge);
    QVERIFY(publish({sensorOf(1), sensorOf(3, 85), sensorOf(5, 85)}));
    QTRY_COMPARE(rowsOf(*m_model),
                 (QStringList{u"value 3 at 1 High!"_s, u"value 5 at 2 High"_s, u"value 2 at -1 Normal!"_s}));
    // One that removes all, in the middle of a change.
    connect(m_limits.get(), &SharedLimits::countChanged, this, [this] { m_limits->acknowledge(); });
    QVERIFY(publish({sensorOf(3, 85), sensorOf(10, 85), sensorOf(9, 85)}));
    QTRY_COMPARE(rowsOf(*m_model),
                 (QStringList{u"value 9 at 2 High"_s, u"value 10 at 1 High"_s, u"value 3 at 0 High"_s}));
}

/// An array of more than one read without a key is one revision all the same.
void tst_AlarmKeys::largeArray()
{
    QList<Sensor> sensors;
    for (int id = 0; id < 100'000; ++id)
        sensors.append(sensorOf(id, id % 40'000 == 39'999 || id == 99'999 ? 85 : 50));
    QVERIFY(publish(sensors));
    const QStringList before{u"value 39999 at 39999 High!"_s, u"value 79999 at 79999 High!"_s,
                             u"value 99999 at 99999 High!"_s};
    QTRY_COMPARE_WITH_TIMEOUT(rowsOf(*m_model), before, Deadline);
    sensors.removeAt(60'000);
    sensors.prepend(sensorOf(-1, 15));
    sensors.prepend(sensorOf(-2));
    QVERIFY(!publish(sensors)); // It is full.
    sensors.removeAt(1);
    QVERIFY(publish(sensors));
    const QStringList moved{u"value 39999 at 40000 High!"_s, u"value 79999 at 79999 High!"_s,
                            u"value 99999 at 99999 High!"_s};
    QTRY_COMPARE_WITH_TIMEOUT(rowsOf(*m_model), moved, Deadline);
    sensors.remove(1, 39'000);
    QVERIFY(publish(sensors));
    QTRY_COMPARE_WITH_TIMEOUT(rowsOf(*m_model).constLast(), u"value 99999 at 60999 High!"_s, Deadline);
}

void tst_AlarmKeys::otherKeys()
{
    QVERIFY(publish({sensorOf(1), sensorOf(2, 85)}));
    QTRY_COMPARE(m_limits->count(), 1);
    m_limits->acknowledge();
    m_limits->setKey(u"name"_s);
    QVERIFY(!m_limits->acknowledged()); // Another key forgets the alarms.
    QCOMPARE(rowsOf(*m_model), QStringList{u"value sensor 2 at 1 High!"_s});
    QVERIFY(publish({sensorOf(2, 85)}));
    QTRY_COMPARE(rowsOf(*m_model), QStringList{u"value sensor 2 at 0 High!"_s});
    QTest::ignoreMessage(
        QtWarningMsg, QRegularExpression(
                          u"SharedLimits: the field \"battery\" of .* is f32, and a key is .*; possible: id, name$"_s));
    m_limits->setKey(u"battery"_s);
    QCOMPARE(rowsOf(*m_model), QStringList{u"value  at 0 High!"_s});
    QVERIFY(!cell(*m_model, 0, 0, SharedAlarmModel::KeyRole).isValid());
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"SharedLimits: .* has no field \"no\" for a key"_s));
    m_limits->setKey(u"no"_s);
    QVERIFY(publish({sensorOf(2), sensorOf(2, 85)}));
    QTRY_COMPARE(rowsOf(*m_model), (QStringList{u"value  at 1 High!"_s, u"value  at 0 Normal!"_s}));
}

/// Alarms of elements that cannot be recognized any more have ended, and wait to be acknowledged.
void tst_AlarmKeys::layoutWithoutTheKey()
{
    const QString name = m_sensors->segment()->name();
    SharedSegment segment(name);
    segment.setActive(true);
    QTRY_COMPARE(segment.state(), SharedSegment::State::Open);
    m_limits->setSegment(&segment);
    QVERIFY(publish({sensorOf(0), sensorOf(1, 85)}));
    QTRY_COMPARE(rowsOf(*m_model), QStringList{u"value 1 at 1 High!"_s});
    m_sensors.reset();
    QTRY_COMPARE_WITH_TIMEOUT(segment.state(), SharedSegment::State::Orphaned, Deadline);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"SharedLimits: .* has no field \"id\" for a key"_s));
    {
        SharedArray<Nameless> other(name);
        other.segment()->setMetadata(
            QJsonDocument::fromJson(R"({"fields": {"value": {"high": 80}}})").toVariant().toMap());
        QVERIFY2(other.createWithCapacity(4), qPrintable(other.errorString()));
        QVERIFY(other.publish(QList<Nameless>{{50, 0}, {85, 0}}));
        QTRY_COMPARE_WITH_TIMEOUT(rowsOf(*m_model), (QStringList{u"value  at 1 High!"_s, u"value 1 at -1 Normal!"_s}),
                                  Deadline);
    }
    QTRY_COMPARE_WITH_TIMEOUT(segment.state(), SharedSegment::State::Orphaned, Deadline);
    SharedArray<Sensor> again(name);
    again.segment()->setMetadata(QJsonDocument::fromJson(SensorLimits).toVariant().toMap());
    QVERIFY2(again.createWithCapacity(4), qPrintable(again.errorString()));
    QVERIFY(again.publish(QList<Sensor>{sensorOf(1, 95)}));
    QTRY_COMPARE_WITH_TIMEOUT(rowsOf(*m_model), (QStringList{u"value 1 at 0 HighHigh!"_s, u"value  at -1 Normal!"_s}),
                              Deadline);
    m_model->acknowledgeAll();
    QCOMPARE(rowsOf(*m_model), QStringList{u"value 1 at 0 HighHigh"_s});
}

void tst_AlarmKeys::streamsAndIndexes()
{
    SharedStream<Sensor> out(uniqueName());
    out.segment()->setMetadata(QJsonDocument::fromJson(SensorLimits).toVariant().toMap());
    QVERIFY(out.create(100));
    SharedLimits limits;
    limits.setKey(u"no such field"_s); // No warning.
    limits.setSegment(out.segment());
    m_model->setSources({&limits});
    QVERIFY(out.append(sensorOf(3, 85)));
    QVERIFY(out.append(sensorOf(4, 85)));
    QTRY_COMPARE(rowsOf(*m_model), QStringList{u"value  at -1 High!"_s});
    QVERIFY(m_model->acknowledge(0));
    QVERIFY(limits.acknowledged());

    limits.setIndex(1);
    limits.setSegment(m_sensors->segment());
    QVERIFY(publish({sensorOf(1, 85), sensorOf(2, 85)}));
    QTRY_COMPARE(rowsOf(*m_model), QStringList{u"value  at 1 High!"_s});
    limits.setKey(u"id"_s);
    limits.setIndex(-1);
    QCOMPARE(rowsOf(*m_model), (QStringList{u"value 1 at 0 High!"_s, u"value 2 at 1 High!"_s}));
}

void tst_AlarmKeys::randomChanges_data()
{
    QTest::addColumn<int>("ids");
    QTest::addColumn<int>("most");
    QTest::addColumn<bool>("isText");
    QTest::newRow("few elements") << 8 << 6 << false;
    QTest::newRow("equal keys") << 3 << 12 << false;
    QTest::newRow("text keys") << 40 << 40 << true;
    QTest::newRow("many elements") << 600 << 300 << false;
}

/// The rows are always those that the plainest way finds; the tester checks each signal.
void tst_AlarmKeys::randomChanges()
{
    QFETCH(int, ids);
    QFETCH(int, most);
    QFETCH(bool, isText);
    std::mt19937 random(5); // NOLINT(cert-msc32-c,cert-msc51-cpp): each run the same
    const auto below = [&](int end) { return static_cast<int>(random() % static_cast<unsigned>(end)); };
    m_limits->setKey(isText ? u"name"_s : u"id"_s);
    m_model->setLimit(10'000);
    Expected expected(isText);
    QList<Sensor> sensors;
    QPersistentModelIndex followed;
    QVariant key;
    for (int round = 0; round < 40; ++round) {
        const int changes = 1 + below(std::max(most / 4, 2));
        for (int i = 0; i < changes; ++i) {
            const int at = below(static_cast<int>(sensors.size()) + 1);
            const double value = below(3) > 0 ? 50 : below(100);
            const Sensor sensor = sensorOf(below(ids), value, float(below(10) == 0 ? 1 : 50));
            if (below(3) == 0 && at < sensors.size())
                sensors.removeAt(at);
            else if (below(3) == 0 && at < sensors.size())
                sensors[at] = sensor;
            else if (below(4) == 0 && !sensors.isEmpty())
                sensors.move(below(static_cast<int>(sensors.size())), below(static_cast<int>(sensors.size())));
            else if (sensors.size() < most)
                sensors.insert(at, sensor);
        }
        if (below(10) == 0)
            sensors.resize(sensors.size() / 2);
        QVERIFY(publish(sensors));
        expected.judge(sensors);
        QTRY_COMPARE_WITH_TIMEOUT(sorted(rowsOf(*m_model)), expected.rows(), Deadline);
        if (followed.isValid())
            QCOMPARE(followed.data(SharedAlarmModel::KeyRole), key);
        followed = m_model->index(below(m_model->count() + 1), 0);
        key = followed.data(SharedAlarmModel::KeyRole);
        if (below(6) == 0) {
            m_model->acknowledgeAll();
            expected.acknowledgeAll();
            QCOMPARE(sorted(rowsOf(*m_model)), expected.rows());
        }
    }
}

QTEST_GUILESS_MAIN(tst_AlarmKeys)
#include "tst_alarmkeys.moc"
