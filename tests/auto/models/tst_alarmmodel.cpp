// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The model of what is not normal.

#include "modelsupport.h"

#include <SharedSegment/SharedAlarmModel>

#include <QtCore/QJsonDocument>
#include <QtCore/QRegularExpression>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using namespace Qt::StringLiterals;
using namespace testsupport;
using namespace modelsupport;
using Level = SharedLimits::Level;

struct Tank
{
    float level;
    qint32 flow;
};
SHARED_STRUCT(Tank, level, flow)

namespace {

constexpr const char *TankLimits =
    R"({"fields": {"level": {"label": "Fill", "unit": "%", "low": 20, "high": 80, "highHigh": 90},
                                                  "flow": {"unit": "l/s", "high": 100}}})";

QVariant role(const SharedAlarmModel &model, int row, SharedAlarmModel::Roles role)
{
    return model.data(model.index(row, 0), role);
}

/// The rows as text: segment, label and element, level, and whether they wait to be acknowledged.
QStringList rows(const SharedAlarmModel &model)
{
    QStringList texts;
    for (int row = 0; row < model.count(); ++row) {
        const auto shown = [&](int column) { return model.data(model.index(row, column)).toString(); };
        texts.append(shown(0) + u' ' + shown(1) + u' ' + shown(3)
                     + (role(model, row, SharedAlarmModel::AcknowledgedRole).toBool() ? u""_s : u"!"_s));
    }
    return texts;
}

void setMetadata(SharedSegment *segment, const char *text)
{
    segment->setMetadata(QJsonDocument::fromJson(text).toVariant().toMap());
}

} // namespace

class tst_AlarmModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void defaults();
    void rowsOfValues();
    void order();
    void segmentsWithoutValues();
    void sharedState();
    void sources();
    void limit();
    void stream();
    void changesInSlots();
    void randomChanges_data();
    void randomChanges();

private:
    RegistryFolder m_folder;
};

void tst_AlarmModel::defaults()
{
    const SharedAlarmModel model;
    QVERIFY(model.sources().isEmpty());
    QCOMPARE(model.limit(), 1000);
    QCOMPARE(model.count(), 0);
    QCOMPARE(model.omitted(), 0);
    QCOMPARE(model.unacknowledged(), 0);
    QCOMPARE(model.level(), Level::Unknown);
    QCOMPARE(model.columnCount(), 5);
    QCOMPARE(model.headerData(1, Qt::Horizontal).toString(), u"Field"_s);
    QVERIFY(!model.data(model.index(0, 0)).isValid());
}

void tst_AlarmModel::rowsOfValues()
{
    SharedArray<Tank> tanks(uniqueName("tanks"));
    setMetadata(tanks.segment(), TankLimits);
    QVERIFY(tanks.create(2));
    QVERIFY(tanks.publish(QList<Tank>{{50, 10}, {50, 10}}));
    SharedAlarmModel model;
    const auto checks = tester(&model);
    model.setSources({tanks.segment()});
    QCOMPARE(model.count(), 0);
    QCOMPARE(model.level(), Level::Normal);
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QVERIFY(tanks.publish(QList<Tank>{{50, 10}, {85.5F, 10}}));
    QTRY_COMPARE(model.count(), 1);
    QCOMPARE(inserted.count(), 1);
    QCOMPARE(model.unacknowledged(), 1);
    QCOMPARE(model.level(), Level::High);
    QCOMPARE(role(model, 0, SharedAlarmModel::SegmentNameRole).toString(), tanks.segment()->name());
    QCOMPARE(role(model, 0, SharedAlarmModel::FieldRole).toString(), u"level"_s);
    QCOMPARE(role(model, 0, SharedAlarmModel::LabelRole).toString(), u"Fill"_s);
    QCOMPARE(role(model, 0, SharedAlarmModel::ElementRole).toInt(), 1);
    QCOMPARE(role(model, 0, SharedAlarmModel::ValueRole).toFloat(), 85.5F);
    QCOMPARE(role(model, 0, SharedAlarmModel::TextRole).toString(), QLocale().toString(85.5) + u"\u00a0%"_s);
    QCOMPARE(role(model, 0, SharedAlarmModel::LevelRole).value<Level>(), Level::High);
    QCOMPARE(role(model, 0, SharedAlarmModel::SinceRole).toDateTime(), tanks.segment()->updatedAt());
    QVERIFY(!role(model, 0, SharedAlarmModel::AcknowledgedRole).toBool());

    QVERIFY(tanks.publish(QList<Tank>{{50, 10}, {86, 10}}));
    QTRY_COMPARE(role(model, 0, SharedAlarmModel::ValueRole).toFloat(), 86.0F);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(changed.constFirst().at(2).value<QList<int>>(),
             (QList<int>{Qt::DisplayRole, SharedAlarmModel::ValueRole, SharedAlarmModel::TextRole}));
    QVERIFY(model.acknowledge(0));
    QVERIFY(!model.acknowledge(0));
    QVERIFY(!model.acknowledge(1));
    QVERIFY(!model.acknowledge(-1));
    QVERIFY(role(model, 0, SharedAlarmModel::AcknowledgedRole).toBool());
    QCOMPARE(model.unacknowledged(), 0);
    QVERIFY(tanks.publish(QList<Tank>{{50, 10}, {50, 10}}));
    QTRY_COMPARE(model.count(), 0);

    // An alarm that ended stays until it is acknowledged.
    QVERIFY(tanks.publish(QList<Tank>{{50, 10}, {95, 10}}));
    QTRY_COMPARE(model.level(), Level::HighHigh);
    QVERIFY(tanks.publish(QList<Tank>{{50, 10}, {60, 10}}));
    QTRY_COMPARE(model.level(), Level::Normal);
    QCOMPARE(rows(model), QStringList{tanks.segment()->name() + u" Fill 1 Normal!"_s});
    QCOMPARE(role(model, 0, SharedAlarmModel::WorstLevelRole).value<Level>(), Level::HighHigh);
    QVERIFY(model.acknowledge(0));
    QCOMPARE(model.count(), 0);
}

/// By severity, newest first.
void tst_AlarmModel::order()
{
    SharedArray<Tank> a(u"a"_s);
    SharedArray<Tank> b(u"b"_s);
    for (SharedArray<Tank> *const tanks : {&a, &b}) {
        setMetadata(tanks->segment(), TankLimits);
        QVERIFY(tanks->create(2));
    }
    SharedAlarmModel model;
    const auto checks = tester(&model);
    model.setSources({b.segment(), a.segment()});
    QCOMPARE(rows(model), (QStringList{u"a  Unknown"_s, u"b  Unknown"_s}));
    QVERIFY(a.publish(QList<Tank>{{15, 0}, {50, 200}}));
    QTRY_COMPARE(rows(model), (QStringList{u"a Fill 0 Low!"_s, u"a flow 1 High!"_s, u"b  Unknown"_s}));
    QVERIFY(b.publish(QList<Tank>{{50, 0}, {85, 0}}));
    QTRY_COMPARE(rows(model), (QStringList{u"b Fill 1 High!"_s, u"a Fill 0 Low!"_s, u"a flow 1 High!"_s}));
    QVERIFY(b.publish(QList<Tank>{{50, 300}, {85, 0}}));
    QTRY_COMPARE(rows(model),
                 (QStringList{u"b flow 0 High!"_s, u"b Fill 1 High!"_s, u"a Fill 0 Low!"_s, u"a flow 1 High!"_s}));
    QSignalSpy moved(&model, &QAbstractItemModel::rowsMoved);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    QVERIFY(a.publish(QList<Tank>{{95, 0}, {50, 200}}));
    QTRY_COMPARE(rows(model).first(), u"a Fill 0 HighHigh!"_s);
    QCOMPARE(moved.count(), 1);
    QVERIFY(model.acknowledge(1));
    QVERIFY(b.publish(QList<Tank>{{50, 300}, {50, 0}}));
    QTRY_COMPARE(rows(model), (QStringList{u"a Fill 0 HighHigh!"_s, u"b flow 0 High"_s, u"a flow 1 High!"_s,
                                           u"b Fill 1 Normal!"_s}));
    model.acknowledgeAll();
    QCOMPARE(rows(model), (QStringList{u"a Fill 0 HighHigh"_s, u"b flow 0 High"_s, u"a flow 1 High"_s}));
    QCOMPARE(reset.count(), 0);
}

void tst_AlarmModel::segmentsWithoutValues()
{
    SharedSegment segment(u"pump"_s);
    SharedAlarmModel model;
    const auto checks = tester(&model);
    model.setSources({&segment});
    QCOMPARE(rows(model), QStringList{u"pump  Unknown"_s});
    QCOMPARE(role(model, 0, SharedAlarmModel::TextRole).toString(), u"not open"_s);
    QCOMPARE(role(model, 0, SharedAlarmModel::ElementRole).toInt(), -1);
    QVERIFY(!model.acknowledge(0));
    auto owner = std::make_unique<SharedArray<double>>(u"pump"_s);
    QVERIFY(owner->create(1));
    segment.setActive(true);
    QTRY_COMPARE(segment.state(), SharedSegment::State::Open);
    QCOMPARE(model.count(), 0); // It has no limits.
    owner.reset();
    QTRY_COMPARE(model.count(), 1);
    owner = std::make_unique<SharedArray<double>>(u"pump"_s);
    setMetadata(owner->segment(), R"({"fields": {"value": {"high": 3}}})");
    QVERIFY(owner->create(2));
    QTRY_COMPARE_WITH_TIMEOUT(segment.state(), SharedSegment::State::Open, Deadline);
    QCOMPARE(role(model, 0, SharedAlarmModel::TextRole).toString(), u"nothing published"_s);
    QVERIFY(owner->publish(QList<double>{1, qQNaN()}));
    QTRY_COMPARE(rows(model), QStringList{u"pump value 1 Unknown"_s});
    QVERIFY(owner->publish(QList<double>{5, 1}));
    QTRY_COMPARE(rows(model), QStringList{u"pump value 0 High!"_s});
    owner.reset();
    QTRY_COMPARE(model.count(), 2);
    QCOMPARE(rows(model), (QStringList{u"pump value 0 High!"_s, u"pump  Unknown"_s}));
}

/// Limits that the program uses elsewhere, too.
void tst_AlarmModel::sharedState()
{
    SharedArray<double> values(uniqueName());
    QVERIFY(values.create(1));
    QVERIFY(values.publish(QList<double>{5}));
    SharedLimits limits;
    limits.setHigh(4);
    limits.setSegment(values.segment());
    SharedAlarmModel model;
    model.setSources({&limits});
    QCOMPARE(model.count(), 1);
    limits.acknowledge();
    QVERIFY(role(model, 0, SharedAlarmModel::AcknowledgedRole).toBool());
    limits.setHigh(6);
    QCOMPARE(model.count(), 0);
    limits.setHigh(3);
    QCOMPARE(model.count(), 1);
    QVERIFY(model.acknowledge(0));
    QVERIFY(limits.acknowledged());
    limits.setSegment(nullptr);
    QCOMPARE(model.count(), 0);
}

void tst_AlarmModel::sources()
{
    auto values = std::make_unique<SharedArray<Tank>>(uniqueName());
    setMetadata(values->segment(), TankLimits);
    QVERIFY(values->create(1));
    QVERIFY(values->publish(QList<Tank>{{99, 0}}));
    SharedSegment other(u"other"_s);
    auto limits = std::make_unique<SharedLimits>();
    limits->setSegment(&other);
    SharedAlarmModel model;
    const auto checks = tester(&model);
    QSignalSpy changed(&model, &SharedAlarmModel::sourcesChanged);
    QTest::ignoreMessage(QtWarningMsg,
                         QRegularExpression(u"SharedAlarmModel: sources ignores .* tst_AlarmModel; list"_s));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"SharedAlarmModel: sources ignores .* null; list"_s));
    model.setSources({values->segment(), this, nullptr, limits.get(), values->segment()});
    QCOMPARE(model.sources(), (QObjectList{values->segment(), limits.get()}));
    QCOMPARE(model.count(), 2);
    model.acknowledgeAll();
    model.setSources({values->segment()});
    QCOMPARE(model.count(), 1);
    QVERIFY(role(model, 0, SharedAlarmModel::AcknowledgedRole).toBool());
    model.setSources({limits.get(), values->segment()});
    QCOMPARE(changed.count(), 3);
    limits.reset();
    QCOMPARE(model.sources(), QObjectList{values->segment()});
    QCOMPARE(model.count(), 1);
    values.reset();
    QCOMPARE(model.count(), 0);
    QCOMPARE(changed.count(), 5);
    QCOMPARE(model.level(), Level::Unknown);
}

void tst_AlarmModel::limit()
{
    SharedArray<int> values(uniqueName());
    setMetadata(values.segment(), R"({"fields": {"value": {"high": 0, "highHigh": 100}}})");
    QVERIFY(values.create(12'000));
    QList<int> numbers(12'000, 1);
    numbers[4321] = 200;
    QVERIFY(values.publish(numbers));
    SharedAlarmModel model;
    model.setSources({values.segment()});
    QCOMPARE(model.count(), 1000);
    QCOMPARE(model.omitted(), 11'000);
    QCOMPARE(role(model, 0, SharedAlarmModel::ElementRole).toInt(), 4321);
    QCOMPARE(role(model, 999, SharedAlarmModel::ElementRole).toInt(), 998);
    model.setLimit(0);
    QCOMPARE(model.limit(), 1);
    QCOMPARE(model.count(), 1);
    model.setLimit(100'000);
    QCOMPARE(model.limit(), 10'000);
    QCOMPARE(model.omitted(), 2000);
    numbers.fill(0);
    QVERIFY(values.publish(numbers));
    QTRY_COMPARE(model.level(), Level::Normal);
    QCOMPARE(model.count(), 10'000);
    model.acknowledgeAll();
    QCOMPARE(model.count(), 0);
    QCOMPARE(model.omitted(), 0);
}

void tst_AlarmModel::stream()
{
    SharedSegment out(uniqueName());
    out.setKind(SharedSegment::Kind::Stream);
    setMetadata(&out, R"({"fields": {"value": {"low": 0}}})");
    QVERIFY(out.create(SharedLayout::of<double>(), 100));
    SharedAlarmModel model;
    model.setSources({&out});
    const std::vector<double> samples{1, -1, 1};
    QVERIFY(out.append(QByteArrayView(reinterpret_cast<const char *>(samples.data()), 24)));
    QTRY_COMPARE(rows(model), QStringList{out.name() + u" value Normal!"_s});
    QCOMPARE(role(model, 0, SharedAlarmModel::ElementRole).toInt(), -1);
    QVERIFY(model.acknowledge(0));
    QCOMPARE(model.count(), 0);
}

/// A slot acknowledges what comes, and takes sources away.
void tst_AlarmModel::changesInSlots()
{
    SharedArray<Tank> tanks(uniqueName());
    setMetadata(tanks.segment(), TankLimits);
    QVERIFY(tanks.create(3));
    QVERIFY(tanks.publish(QList<Tank>(3, {50, 0})));
    SharedAlarmModel model;
    const auto checks = tester(&model);
    model.setSources({tanks.segment()});
    const auto acknowledging =
        connect(&model, &QAbstractItemModel::rowsInserted, this, [&] { model.acknowledgeAll(); });
    QVERIFY(tanks.publish(QList<Tank>(3, {99, 200})));
    QTRY_COMPARE(model.count(), 6);
    QCOMPARE(model.unacknowledged(), 0);
    disconnect(acknowledging);
    connect(&model, &QAbstractItemModel::rowsRemoved, this, [&] { model.setSources({}); });
    QVERIFY(tanks.publish(QList<Tank>{{99, 200}, {99, 0}, {50, 200}}));
    QTRY_COMPARE(model.count(), 0);
    QVERIFY(model.sources().isEmpty());
    QCoreApplication::processEvents();
}

void tst_AlarmModel::randomChanges_data()
{
    QTest::addColumn<int>("capacity");
    QTest::addColumn<int>("changes");
    QTest::newRow("few values") << 6 << 3;
    QTest::newRow("many values") << 80 << 15;
}

/// The rows are always those that the values tell, in their order; the tester checks each signal.
void tst_AlarmModel::randomChanges()
{
    QFETCH(int, capacity);
    QFETCH(int, changes);
    std::mt19937 random(3); // NOLINT(cert-msc32-c,cert-msc51-cpp): each run the same
    const auto below = [&](int end) { return static_cast<int>(random() % static_cast<unsigned>(end)); };
    std::vector<std::unique_ptr<SharedArray<Tank>>> arrays;
    QObjectList all;
    for (int i = 0; i < 3; ++i) {
        arrays.push_back(std::make_unique<SharedArray<Tank>>(uniqueName()));
        setMetadata(arrays.back()->segment(), TankLimits);
        QVERIFY(arrays.back()->createWithCapacity(capacity));
        QVERIFY(arrays.back()->publish(QList<Tank>(capacity, {50, 0})));
        all.append(arrays.back()->segment());
    }
    SharedAlarmModel model;
    const auto checks = tester(&model);
    model.setSources(all);
    for (int round = 0; round < 40; ++round) {
        SharedArray<Tank> &tanks = *arrays[static_cast<std::size_t>(below(3))];
        QList<Tank> values = tanks.snapshot();
        if (below(4) == 0)
            values.resize(below(capacity + 1), {50, 0});
        for (int i = 0; i < changes && !values.isEmpty(); ++i)
            values[below(static_cast<int>(values.size()))] = {below(20) == 0 ? NAN : float(below(120)), below(150)};
        QVERIFY(tanks.publish(values));
        if (below(5) == 0)
            model.setSources(below(2) == 0 ? QObjectList(all.rbegin(), all.rend()) : all.first(below(4)));
        if (below(3) == 0)
            model.acknowledge(below(model.count() + 1));
        if (below(10) == 0)
            model.acknowledgeAll();
        QTest::qWait(below(3) * 8);
    }
    model.setSources(all);
    int expected = 0;
    for (const auto &tanks : arrays) {
        for (const Tank &tank : tanks->snapshot())
            expected += (tank.level >= 20 && tank.level <= 80 ? 0 : 1) + (tank.flow > 100 ? 1 : 0);
    }
    const auto normal = [&] {
        int count = 0;
        for (int row = 0; row < model.count(); ++row)
            count += role(model, row, SharedAlarmModel::LevelRole).value<Level>() == Level::Normal ? 1 : 0;
        return count;
    };
    QTRY_COMPARE_WITH_TIMEOUT(model.count() + model.omitted() - normal(), expected, Deadline);
    model.acknowledgeAll();
    QCOMPARE(model.count() + model.omitted(), expected);
    for (int row = 1; row < model.count(); ++row) {
        const auto key = [&](int at) {
            const Level level = role(model, at, SharedAlarmModel::LevelRole).value<Level>();
            const int severity = level == Level::HighHigh || level == Level::LowLow ? 0
                               : level == Level::Unknown                            ? 2
                                                                                    : 1;
            return std::pair(severity, -role(model, at, SharedAlarmModel::SinceRole).toDateTime().toMSecsSinceEpoch());
        };
        QVERIFY(key(row - 1) <= key(row));
    }
}

QTEST_GUILESS_MAIN(tst_AlarmModel)
#include "tst_alarmmodel.moc"
