// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The roles that tell where the value of a row is among its limits.

#include "modelsupport.h"

#include <SharedSegment/SharedLimits>
#include <SharedSegment/SharedStream>
#include <SharedSegment/SharedStreamModel>

#include <QtCore/QHash>
#include <QtCore/QJsonDocument>
#include <QtCore/QPersistentModelIndex>
#include <QtCore/QRandomGenerator>
#include <QtCore/QRegularExpression>
#include <QtCore/QSortFilterProxyModel>

#include <algorithm>
#include <limits>
#include <numeric>
#include <vector>

using namespace Qt::StringLiterals;
using namespace testsupport;
using namespace modelsupport;
using Level = SharedLimits::Level;

struct Boiler
{
    qint32 id;
    double pressure;
    float flow[2];
    char name[8];

    bool operator==(const Boiler &) const = default;
};
SHARED_STRUCT(Boiler, id, pressure, flow, name)

namespace {

constexpr double Nan = std::numeric_limits<double>::quiet_NaN();
constexpr int PressureColumn = 1;
constexpr auto HighWithHysteresis = R"({"fields": {"pressure": {"high": 80, "hysteresis": 10}}})";

QVariantMap json(const char *text)
{
    return QJsonDocument::fromJson(text).toVariant().toMap();
}

Level levelOf(const QAbstractItemModel &model, int row, const char *role = "pressureLevel")
{
    return cell(model, row, 0, roleOf(model, role)).value<Level>();
}

QList<Level> levelsOf(const QAbstractItemModel &model)
{
    QList<Level> levels;
    for (int row = 0; row < model.rowCount(); ++row)
        levels.append(levelOf(model, row));
    return levels;
}

bool namesLevel(const QList<QVariant> &signal)
{
    const auto roles = signal.at(2).value<QList<int>>();
    return roles.contains(SharedArrayModel::LevelRole);
}

QList<Boiler> boilersOf(const QList<double> &pressures)
{
    QList<Boiler> boilers;
    for (const double pressure : pressures)
        boilers.append({static_cast<qint32>(boilers.size()), pressure, {0, 0}, "b"});
    return boilers;
}

class CountingSegment : public SharedSegment
{
public:
    using SharedSegment::SharedSegment;
    int staleReceivers() const { return receivers(SIGNAL(staleChanged())); }
};

/// A view of the levels that reads only what signals name, and checks after each signal that nothing else has changed.
class LevelView : public QObject
{
public:
    explicit LevelView(SharedArrayModel *shown)
        : model(shown)
        , role(roleOf(*shown, "pressureLevel"))
    {
        insert(0, model->rowCount() - 1);
        connect(model, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex &, int first, int last) {
            insert(first, last);
            check();
        });
        connect(model, &QAbstractItemModel::rowsRemoved, this, [this] { check(); });
        connect(model, &QAbstractItemModel::rowsMoved, this, [this] { check(); });
        connect(model, &QAbstractItemModel::layoutChanged, this, [this] { check(); });
        connect(model, &QAbstractItemModel::dataChanged, this,
                [this](const QModelIndex &from, const QModelIndex &to, const QList<int> &roles) {
                    if (roles.isEmpty() || roles.contains(role)) {
                        std::erase_if(rows, [&](const Row &row) {
                            return row.index.row() >= from.row() && row.index.row() <= to.row();
                        });
                        insert(from.row(), to.row());
                    }
                    check();
                });
    }

    int faults = 0;

private:
    struct Row
    {
        QPersistentModelIndex index;
        Level level;
    };

    void insert(int first, int last)
    {
        for (int row = first; row <= last; ++row)
            rows.push_back({model->index(row, 0), read(row)});
    }
    Level read(int row) const { return model->data(model->index(row, 0), role).value<Level>(); }
    void check()
    {
        std::erase_if(rows, [](const Row &row) { return !row.index.isValid(); });
        for (const Row &row : rows)
            faults += read(row.index.row()) != row.level;
    }

    SharedArrayModel *const model;
    const int role;
    std::vector<Row> rows;
};

} // namespace

class tst_ModelLevels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void names();
    void levelsOfRows();
    void withoutLimits();
    void nothingUnlessRequested();
    void hysteresisOfEachRow();
    void delayWithoutRevisions();
    void pausedRows();
    void variableCount();
    void keyedRows();
    void randomRows_data();
    void randomRows();
    void manyRows();
    void sortedByLevel();
    void otherMetadata();
    void anotherSegment();
    void contradictions();
    void ownerIsKilled();

private:
    bool create(const char *metadata, qint64 capacity, bool isVariable = false);
    bool publish(const QList<double> &pressures) { return m_boilers->publish(boilersOf(pressures)); }
    bool isShown() const { return m_model->revision() == m_boilers->revision(); }

    RegistryFolder m_folder;
    std::unique_ptr<SharedArray<Boiler>> m_boilers;
    std::unique_ptr<SharedArrayModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

void tst_ModelLevels::init()
{
    m_tester.reset();
    m_model = std::make_unique<SharedArrayModel>();
    m_model->setMaximumRate(1000);
    m_tester = tester(m_model.get());
    m_boilers = std::make_unique<SharedArray<Boiler>>(uniqueName());
}

bool tst_ModelLevels::create(const char *metadata, qint64 capacity, bool isVariable)
{
    m_boilers->segment()->setMetadata(json(metadata));
    if (!(isVariable ? m_boilers->createWithCapacity(capacity) : m_boilers->create(capacity)))
        return false;
    m_model->setSegment(m_boilers->segment());
    return true;
}

void tst_ModelLevels::names()
{
    QVERIFY(roleOf(*m_model, "valueLevel") >= 0);
    QVERIFY(create(HighWithHysteresis, 1));
    QCOMPARE(roleOf(*m_model, "idLevel"), SharedArrayModel::FirstLevelRole);
    QCOMPARE(roleOf(*m_model, "pressureLevel"), SharedArrayModel::FirstLevelRole + PressureColumn);
    QCOMPARE(roleOf(*m_model, "valueLevel"), SharedArrayModel::LevelRole);
    QVERIFY(!m_model->setData(m_model->index(0, 1), 3, SharedArrayModel::LevelRole));
    SharedStream<Boiler> stream(uniqueName());
    QVERIFY(stream.create(8));
    SharedStreamModel log;
    log.setSegment(stream.segment());
    QVERIFY(roleOf(log, "pressureText") >= 0);
    QCOMPARE(roleOf(log, "pressureLevel"), -1);
}

void tst_ModelLevels::levelsOfRows()
{
    QVERIFY(create(
        R"({"fields": {"pressure": {"low": 20, "lowLow": 10, "high": 80, "highHigh": 90}, "flow": {"high": 5}}})", 7));
    QCOMPARE(levelOf(*m_model, 0), Level::Unknown); // Nothing was published yet.
    QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
    QList<Boiler> boilers = boilersOf({50, 15, 5, 85, 95, Nan, 80});
    boilers[2].flow[1] = 6;
    QVERIFY(m_boilers->publish(boilers));
    QTRY_VERIFY_WITH_TIMEOUT(isShown(), Deadline);
    QCOMPARE(levelsOf(*m_model), (QList<Level>{Level::Normal, Level::Low, Level::LowLow, Level::High, Level::HighHigh,
                                               Level::Unknown, Level::Normal}));
    QVERIFY(std::any_of(changed.cbegin(), changed.cend(), namesLevel));
    QCOMPARE(levelOf(*m_model, 1, "flowLevel"), Level::Normal);
    QCOMPARE(levelOf(*m_model, 2, "flowLevel"), Level::High); // one of its items
    QCOMPARE(levelOf(*m_model, 2, "idLevel"), Level::Normal);
    QCOMPARE(levelOf(*m_model, 2, "nameLevel"), Level::Normal);
    QCOMPARE(cell(*m_model, 3, PressureColumn, SharedArrayModel::LevelRole).value<Level>(), Level::High);
    QCOMPARE(cell(*m_model, 3, 0, SharedArrayModel::LevelRole).value<Level>(), Level::Normal);
    // One level changes, of one row and one field.
    changed.clear();
    boilers[3].pressure = 95;
    boilers[0].pressure = 51;
    QVERIFY(m_boilers->publish(boilers));
    QTRY_VERIFY_WITH_TIMEOUT(isShown(), Deadline);
    QList<QList<QVariant>> named;
    std::copy_if(changed.cbegin(), changed.cend(), std::back_inserter(named), namesLevel);
    QCOMPARE(named.size(), 1);
    QCOMPARE(named[0][0].toModelIndex(), m_model->index(3, PressureColumn));
    QCOMPARE(named[0][1].toModelIndex(), m_model->index(3, PressureColumn));
    const auto roles = named[0][2].value<QList<int>>();
    QVERIFY(roles.contains(roleOf(*m_model, "pressureLevel")) && !roles.contains(roleOf(*m_model, "flowLevel"))
            && !roles.contains(Qt::DisplayRole));
}

void tst_ModelLevels::withoutLimits()
{
    CountingSegment segment(m_boilers->segment()->name());
    QVERIFY(m_boilers->create(2));
    QVERIFY(segment.open());
    m_model->setSegment(&segment);
    QCOMPARE(levelOf(*m_model, 0), Level::Normal);
    QCOMPARE(segment.staleReceivers(), 0);
    QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
    m_boilers->close();
    QTRY_COMPARE_WITH_TIMEOUT(segment.state(), SharedSegment::State::Orphaned, Deadline);
    QCOMPARE(levelOf(*m_model, 0), Level::Unknown);
    QCOMPARE(changed.count(), 1);
    QVERIFY(namesLevel(changed[0]));
}

void tst_ModelLevels::nothingUnlessRequested()
{
    m_boilers->segment()->setMetadata(json(R"({"fields": {"pressure": {"high": 80, "delay": 1}, "id": {"low": -1}}})"));
    QVERIFY(m_boilers->create(2));
    CountingSegment segment(m_boilers->segment()->name());
    QVERIFY(segment.open());
    m_model->setSegment(&segment);
    QCOMPARE(cell(*m_model, 0, PressureColumn), QVariant(0.0));
    QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
    QVERIFY(publish({90, 50}));
    QTRY_VERIFY_WITH_TIMEOUT(isShown(), Deadline);
    QVERIFY(!changed.isEmpty() && std::none_of(changed.cbegin(), changed.cend(), namesLevel));
    QCOMPARE(segment.staleReceivers(), 0);
    QCOMPARE(levelOf(*m_model, 0, "flowLevel"), Level::Normal);
    QCOMPARE(segment.staleReceivers(), 0);
    QTRY_COMPARE_WITH_TIMEOUT(levelOf(*m_model, 0), Level::High, Deadline);
    QCOMPARE(segment.staleReceivers(), 1);
    m_model->setSegment(nullptr);
    QCOMPARE(segment.staleReceivers(), 0);
}

void tst_ModelLevels::hysteresisOfEachRow()
{
    QVERIFY(create(HighWithHysteresis, 3));
    QCOMPARE(levelOf(*m_model, 0), Level::Unknown);
    const LevelView view(m_model.get());
    QVERIFY(publish({85, 75, 75}));
    QTRY_VERIFY_WITH_TIMEOUT(isShown(), Deadline);
    QCOMPARE(levelsOf(*m_model), (QList<Level>{Level::High, Level::Normal, Level::Normal}));
    QVERIFY(publish({75, 85, 75}));
    QTRY_VERIFY_WITH_TIMEOUT(isShown(), Deadline);
    QCOMPARE(levelsOf(*m_model), (QList<Level>{Level::High, Level::High, Level::Normal}));
    QVERIFY(publish({70, 71, 75}));
    QTRY_VERIFY_WITH_TIMEOUT(isShown(), Deadline);
    QCOMPARE(levelsOf(*m_model), (QList<Level>{Level::Normal, Level::High, Level::Normal}));
    QCOMPARE(view.faults, 0);
}

void tst_ModelLevels::delayWithoutRevisions()
{
    QVERIFY(create(R"({"fields": {"pressure": {"high": 80, "delay": 300}}})", 2));
    QCOMPARE(levelOf(*m_model, 1), Level::Unknown);
    const LevelView view(m_model.get());
    QVERIFY(publish({50, 50}));
    QTRY_COMPARE_WITH_TIMEOUT(levelOf(*m_model, 1), Level::Normal, Deadline);
    QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
    QVERIFY(publish({50, 85}));
    QTRY_COMPARE_WITH_TIMEOUT(levelOf(*m_model, 1), Level::High, Deadline);
    QVERIFY(m_boilers->segment()->updatedAt().msecsTo(QDateTime::currentDateTime()) >= 299);
    QCOMPARE(levelOf(*m_model, 0), Level::Normal);
    QCOMPARE(m_model->revision(), 2u);
    QCOMPARE(changed.count(), 2); // the value, and the level
    QCOMPARE(changed[1][0].toModelIndex(), m_model->index(1, PressureColumn));
    QVERIFY(!namesLevel(changed[0]) && namesLevel(changed[1]));
    QCOMPARE(view.faults, 0);
}

/// A value that is held says nothing of what came since.
void tst_ModelLevels::pausedRows()
{
    QVERIFY(create(R"({"fields": {"pressure": {"high": 80, "delay": 50}}})", 1));
    QCOMPARE(levelOf(*m_model, 0), Level::Unknown);
    QVERIFY(publish({50}));
    QTRY_COMPARE_WITH_TIMEOUT(levelOf(*m_model, 0), Level::Normal, Deadline);
    QVERIFY(publish({85}));
    QTRY_VERIFY_WITH_TIMEOUT(isShown(), Deadline);
    if (levelOf(*m_model, 0) != Level::Normal)
        QSKIP("this machine is too busy to pause a model within the delay");
    m_model->setPaused(true);
    QVERIFY(publish({50}));
    QTest::qWait(100); // longer than the delay
    QCOMPARE(levelOf(*m_model, 0), Level::Normal);
    m_model->setPaused(false);
    QTRY_VERIFY_WITH_TIMEOUT(isShown(), Deadline);
    QCOMPARE(levelOf(*m_model, 0), Level::Normal);
}

void tst_ModelLevels::variableCount()
{
    QVERIFY(create(HighWithHysteresis, 10, true));
    QVERIFY(publish({85, 85, 85}));
    QTRY_COMPARE_WITH_TIMEOUT(m_model->count(), 3, Deadline);
    QCOMPARE(levelsOf(*m_model), QList<Level>(3, Level::High));
    const LevelView view(m_model.get());
    QVERIFY(publish({75}));
    QTRY_COMPARE_WITH_TIMEOUT(m_model->count(), 1, Deadline);
    QVERIFY(publish({75, 75, 85, 75}));
    QTRY_COMPARE_WITH_TIMEOUT(m_model->count(), 4, Deadline);
    // The element that was gone begins anew.
    QCOMPARE(levelsOf(*m_model), (QList<Level>{Level::High, Level::Normal, Level::High, Level::Normal}));
    QVERIFY(publish({}));
    QTRY_COMPARE_WITH_TIMEOUT(m_model->count(), 0, Deadline);
    QCOMPARE(view.faults, 0);
}

void tst_ModelLevels::keyedRows()
{
    m_model->setKey(u"id"_s);
    QVERIFY(create(HighWithHysteresis, 10, true));
    const auto publishAndShow = [this](const QList<Boiler> &boilers) {
        return m_boilers->publish(boilers) && QTest::qWaitFor([this] { return isShown(); }, Deadline);
    };
    QVERIFY(publishAndShow({{1, 50, {}, ""}, {2, 85, {}, ""}, {3, 75, {}, ""}, {4, 85, {}, ""}}));
    QCOMPARE(levelsOf(*m_model), (QList<Level>{Level::Normal, Level::High, Level::Normal, Level::High}));
    const LevelView view(m_model.get());
    // The third one vanishes, and the second one moves with its state.
    QVERIFY(publishAndShow({{2, 75, {}, ""}, {1, 75, {}, ""}, {4, 75, {}, ""}}));
    QCOMPARE(levelsOf(*m_model), (QList<Level>{Level::High, Level::Normal, Level::High}));
    QVERIFY(publishAndShow({{1, 75, {}, ""}, {3, 75, {}, ""}, {2, 75, {}, ""}}));
    QVERIFY(publishAndShow({{4, 75, {}, ""}, {2, 75, {}, ""}}));
    QCOMPARE(levelsOf(*m_model), (QList<Level>{Level::Normal, Level::High}));
    QCOMPARE(view.faults, 0);
}

void tst_ModelLevels::randomRows_data()
{
    QTest::addColumn<bool>("isKeyed");
    QTest::newRow("places") << false;
    QTest::newRow("keys") << true;
}

void tst_ModelLevels::randomRows()
{
    QFETCH(const bool, isKeyed);
    if (isKeyed)
        m_model->setKey(u"id"_s);
    QVERIFY(create(HighWithHysteresis, 40, true));
    QSortFilterProxyModel proxy;
    proxy.setSourceModel(m_model.get());
    const auto checks = tester(&proxy);
    proxy.setSortRole(SharedArrayModel::LevelRole);
    proxy.sort(PressureColumn);
    const LevelView view(m_model.get());
    QRandomGenerator random(7);
    QHash<int, bool> isHigh; // by id or place
    QList<int> ids(60);
    std::iota(ids.begin(), ids.end(), 100);
    for (int round = 0; round < 60; ++round) {
        for (int swaps = random.bounded(6); swaps > 0; --swaps)
            ids.swapItemsAt(random.bounded(ids.size()), random.bounded(ids.size()));
        QList<Boiler> boilers;
        for (int count = random.bounded(41), i = 0; i < count; ++i)
            boilers.append({ids.at(i), 60.0 + random.bounded(30), {}, ""});
        QHash<int, bool> isHighNow;
        QList<Level> expected;
        for (qsizetype i = 0; i < boilers.size(); ++i) {
            const int identity = isKeyed ? boilers[i].id : static_cast<int>(i);
            isHighNow[identity] = boilers[i].pressure > (isHigh.value(identity) ? 70 : 80);
            expected.append(isHighNow.value(identity) ? Level::High : Level::Normal);
        }
        isHigh = isHighNow;
        QVERIFY(m_boilers->publish(boilers));
        QTRY_VERIFY_WITH_TIMEOUT(isShown(), Deadline);
        QCOMPARE(m_model->count(), boilers.size());
        QCOMPARE(levelsOf(*m_model), expected);
        for (int row = 1; row < proxy.rowCount(); ++row) // A proxy compares the names: High, then Normal.
            QVERIFY(levelOf(proxy, row - 1) >= levelOf(proxy, row));
    }
    QCOMPARE(view.faults, 0);
}

/// Of a large array, the model judges the rows that it reads; a row that a view comes back to begins anew.
void tst_ModelLevels::manyRows()
{
    constexpr int Count = 80'000;
    m_tester.reset(); // It would read all rows for each signal.
    QVERIFY(create(HighWithHysteresis, Count));
    const int role = roleOf(*m_model, "pressureLevel");
    QCOMPARE(cell(*m_model, 0, 0, role).value<Level>(), Level::Unknown);
    QVERIFY(publish(QList<double>(Count, 85)));
    QTRY_VERIFY_WITH_TIMEOUT(isShown(), Deadline);
    QCOMPARE(cell(*m_model, 10, 0, role).value<Level>(), Level::High);
    QVERIFY(publish(QList<double>(Count, 75)));
    QTRY_VERIFY_WITH_TIMEOUT(isShown(), Deadline);
    QCOMPARE(cell(*m_model, 10, 0, role).value<Level>(), Level::High);
    QCOMPARE(cell(*m_model, Count - 1, 0, role).value<Level>(), Level::Normal);
    // More rows than have a state.
    m_model->setPaused(true);
    QVERIFY(publish(QList<double>(Count, 50)));
    m_model->setPaused(false);
    QVERIFY(publish(QList<double>(Count, 95)));
    QTRY_VERIFY_WITH_TIMEOUT(isShown(), Deadline);
    m_model->setPaused(true);
    for (int row = 0; row < Count; row += 997)
        QCOMPARE(cell(*m_model, row, 0, role).value<Level>(), Level::High);
}

void tst_ModelLevels::sortedByLevel()
{
    QVERIFY(create(R"({"fields": {"pressure": {"high": 80, "delay": 100}}})", 4));
    QSortFilterProxyModel proxy;
    proxy.setSourceModel(m_model.get());
    const auto checks = tester(&proxy);
    proxy.setFilterRole(roleOf(*m_model, "pressureLevel"));
    proxy.setFilterRegularExpression(u"^High$"_s);
    QVERIFY(publish({50, 85, 50, 85}));
    QTRY_COMPARE_WITH_TIMEOUT(proxy.rowCount(), 2, Deadline); // by the end of the delay alone
    QCOMPARE(cell(proxy, 1, 0), QVariant(3));
    QVERIFY(publish({50, 50, 50, 85}));
    QTRY_COMPARE_WITH_TIMEOUT(proxy.rowCount(), 1, Deadline);
}

void tst_ModelLevels::otherMetadata()
{
    QVERIFY(create(HighWithHysteresis, 2));
    QVERIFY(publish({85, 75}));
    QTRY_VERIFY_WITH_TIMEOUT(isShown(), Deadline);
    QCOMPARE(levelsOf(*m_model), (QList<Level>{Level::High, Level::Normal}));
    const LevelView view(m_model.get());
    m_boilers->segment()->setMetadata(json(R"({"fields": {"pressure": {"high": 74, "hysteresis": 10}}})"));
    QVERIFY2(m_boilers->segment()->recreate(3), qPrintable(m_boilers->errorString()));
    QTRY_COMPARE_WITH_TIMEOUT(m_model->rowCount(), 3, Deadline);
    QTRY_COMPARE_WITH_TIMEOUT(levelsOf(*m_model), (QList<Level>{Level::High, Level::High, Level::Normal}), Deadline);
    m_boilers->segment()->setMetadata({});
    QVERIFY(m_boilers->segment()->recreate(4));
    QTRY_COMPARE_WITH_TIMEOUT(levelsOf(*m_model), QList<Level>(4, Level::Normal), Deadline);
}

void tst_ModelLevels::anotherSegment()
{
    QVERIFY(create(HighWithHysteresis, 1));
    QVERIFY(publish({85}));
    QTRY_COMPARE_WITH_TIMEOUT(levelOf(*m_model, 0), Level::High, Deadline);
    SharedArray<Boiler> other(uniqueName());
    other.segment()->setMetadata(json(HighWithHysteresis));
    QVERIFY(other.create(1));
    QVERIFY(other.publish(boilersOf({75})));
    m_model->setSegment(other.segment());
    QTRY_COMPARE_WITH_TIMEOUT(levelOf(*m_model, 0), Level::Normal, Deadline);
}

void tst_ModelLevels::contradictions()
{
    QVERIFY(create(R"({"fields": {"pressure": {"low": 8, "high": 5, "highHigh": 90}}})", 1));
    QTest::ignoreMessage(
        QtWarningMsg, QRegularExpression(u"SharedArrayModel: of \".*\", field \"pressure\".*low, high; the order.*"_s));
    QCOMPARE(levelOf(*m_model, 0), Level::Unknown);
    QVERIFY(publish({95}));
    QTRY_COMPARE_WITH_TIMEOUT(levelOf(*m_model, 0), Level::HighHigh, Deadline);
}

/// Nothing is normal whose owner is gone; an alarm stays.
void tst_ModelLevels::ownerIsKilled()
{
    const QString name = uniqueName();
    Peer owner({u"own"_s, name, u"u64"_s, u"4"_s, u"automatic"_s, u"0"_s, u"one"_s, u"fixed"_s,
                u"{\"fields\":{\"value\":{\"high\":81}}}"_s});
    QCOMPARE(owner.line(), u"ready"_s);
    SharedSegment segment(name);
    QVERIFY(segment.open());
    m_model->setSegment(&segment);
    QCOMPARE(levelOf(*m_model, 0, "valueLevel"), Level::Unknown);
    owner.ask("publish 81");
    QTRY_COMPARE_WITH_TIMEOUT(levelOf(*m_model, 0, "valueLevel"), Level::Normal, Deadline);
    QCOMPARE(levelOf(*m_model, 1, "valueLevel"), Level::High);
    QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
    owner.kill();
    QTRY_COMPARE_WITH_TIMEOUT(segment.state(), SharedSegment::State::Orphaned, Deadline);
    QTRY_COMPARE_WITH_TIMEOUT(levelOf(*m_model, 0, "valueLevel"), Level::Unknown, Deadline);
    QCOMPARE(levelOf(*m_model, 1, "valueLevel"), Level::High);
    QVERIFY(std::any_of(changed.cbegin(), changed.cend(), namesLevel));
}

QTEST_GUILESS_MAIN(tst_ModelLevels)

#include "tst_modellevels.moc"
