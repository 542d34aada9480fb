// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// While rows of a stream or of the registry come and go, those that stay show what they showed before: a view may read them in each
// signal.

#include "modelsupport.h"
#include "rowwitness.h"

#include <SharedSegment/SharedRegistryModel>
#include <SharedSegment/SharedStream>
#include <SharedSegment/SharedStreamModel>

#include <map>
#include <random>

using namespace Qt::StringLiterals;
using namespace testsupport;
using namespace modelsupport;

class tst_RowSignals : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void arrayMetadata();
    void streamRounds();
    void streamMetadata();
    void registryChangeBesideRemoval_data();
    void registryChangeBesideRemoval();
    void registryRowsThatGo();
    void registryRounds_data();
    void registryRounds();
};

namespace {

std::unique_ptr<SharedSegment> created(const QString &name, qint64 capacity = 4)
{
    auto segment = std::make_unique<SharedSegment>(name);
    if (!segment->create(SharedLayout::of<double>(), capacity))
        qWarning("%s", qPrintable(segment->errorString()));
    return segment;
}

QVariantMap sampledIn(const QString &unit, quint64 rate)
{
    return {{u"sampleRate"_s, rate}, {u"fields"_s, QVariantMap{{u"value"_s, QVariantMap{{u"unit"_s, unit}}}}}};
}

} // namespace

/// Texts are other ones, and rows come, when an array is replaced.
void tst_RowSignals::arrayMetadata()
{
    SharedArray<double> array(uniqueName());
    array.segment()->setMetadata(sampledIn(u"bar"_s, 1));
    QVERIFY(array.create(5));
    SharedArrayModel model;
    const auto checks = tester(&model);
    model.setSegment(array.segment());
    RowWitness witness(&model);
    array.segment()->setMetadata(sampledIn(u"kPa"_s, 1));
    QVERIFY(array.segment()->recreate(8));
    QTRY_COMPARE_WITH_TIMEOUT(model.count(), 8, Deadline);
    QTRY_COMPARE_WITH_TIMEOUT(model.headerData(0, Qt::Horizontal).toString(), u"value [kPa]"_s, Deadline);
    QCOMPARE(cell(model, 7, 0, SharedArrayModel::TextRole).toString(), u"0\u00a0kPa"_s);
    QCOMPARE(witness.problem(), QString());
}

void tst_RowSignals::streamRounds()
{
    std::mt19937 random(1);
    SharedStream<double> stream(uniqueName());
    stream.segment()->setMetadata(sampledIn(u"bar"_s, 1000));
    QVERIFY(stream.create(50));
    SharedStreamModel model;
    const auto checks = tester(&model);
    RowWitness witness(&model);
    model.setMaximumRate(1000);
    model.setSegment(stream.segment());
    for (int round = 0; round < 60; ++round) {
        const auto count = static_cast<qsizetype>(random() % 30);
        QVERIFY(stream.append(QList<double>(count, round)));
        if (random() % 6 == 0)
            model.setLimit(static_cast<int>(random() % 40));
        if (random() % 8 == 0) {
            stream.segment()->setMetadata(sampledIn(random() % 2 == 0 ? u"bar"_s : u"kPa"_s, 1 + random() % 100));
            QVERIFY(stream.segment()->recreate(30 + random() % 40));
        }
        if (random() % 3 != 0)
            QTRY_COMPARE_WITH_TIMEOUT(model.revision(), stream.segment()->revision(), Deadline);
    }
    QTRY_COMPARE_WITH_TIMEOUT(model.revision(), stream.segment()->revision(), Deadline);
    QCOMPARE(witness.problem(), QString());
}

/// Texts and times are other ones when the header is.
void tst_RowSignals::streamMetadata()
{
    SharedStream<double> stream(uniqueName());
    stream.segment()->setMetadata(sampledIn(u"bar"_s, 1000));
    QVERIFY(stream.create(50));
    QVERIFY(stream.append(QList<double>(10, 1.5)));
    SharedStreamModel model;
    const auto checks = tester(&model);
    model.setSegment(stream.segment());
    RowWitness witness(&model);
    stream.segment()->setMetadata(sampledIn(u"kPa"_s, 10));
    QVERIFY(stream.segment()->recreate(60));
    QTRY_COMPARE_WITH_TIMEOUT(model.headerData(0, Qt::Horizontal).toString(), u"value [kPa]"_s, Deadline);
    QCOMPARE(cell(model, 0, 0, SharedStreamModel::TextRole).toString(), u"1.5\u00a0kPa"_s);
    QCOMPARE(witness.problem(), QString());
}

void tst_RowSignals::registryChangeBesideRemoval_data()
{
    QTest::addColumn<bool>("isTree");
    QTest::newRow("list") << false;
    QTest::newRow("tree") << true;
}

/// One name has another instance, while another one goes.
void tst_RowSignals::registryChangeBesideRemoval()
{
    QFETCH(const bool, isTree);
    const RegistryFolder folder;
    const auto grows = created(u"plant/grows"_s);
    auto goes = created(u"plant/goes"_s);
    SharedRegistryModel model;
    model.setTree(isTree);
    const auto checks = tester(&model);
    RowWitness witness(&model);
    const QPersistentModelIndex row = model.indexOf(u"plant/grows"_s);
    QTRY_COMPARE_WITH_TIMEOUT(row.data(SharedRegistryModel::CapacityRole).toLongLong(), 4, Deadline);
    QVERIFY(grows->recreate(100'000));
    goes.reset();
    const auto comes = created(u"plant/new"_s);
    QTRY_VERIFY_WITH_TIMEOUT(model.indexOf(u"plant/new"_s).isValid(), Deadline);
    QTRY_COMPARE_WITH_TIMEOUT(row.data(SharedRegistryModel::CapacityRole).toLongLong(), 100'000, Deadline);
    QCOMPARE(model.count(), 2);
    QCOMPARE(witness.problem(), QString());
}

/// Until it is removed, a row shows what it is: a view may note which name goes.
void tst_RowSignals::registryRowsThatGo()
{
    const RegistryFolder folder;
    std::map<QString, std::unique_ptr<SharedSegment>> owned;
    for (const auto &name : {u"a/1"_s, u"a/2"_s, u"b"_s, u"b/3"_s, u"stays"_s})
        owned[name] = created(name);
    SharedRegistryModel model;
    model.setTree(true);
    const auto checks = tester(&model);
    RowWitness witness(&model);
    QStringList gone;
    connect(&model, &QAbstractItemModel::rowsAboutToBeRemoved, this,
            [&](const QModelIndex &parent, int first, int last) {
                for (int row = first; row <= last; ++row) {
                    const QModelIndex index = model.index(row, 0, parent);
                    const QString name = index.data(SharedRegistryModel::FullNameRole).toString();
                    gone.append(name.isEmpty() ? index.data().toString() + u'/' : name);
                    if (!name.isEmpty())
                        QCOMPARE(model.indexOf(name), index);
                }
            });
    model.setFilter(u"stays"_s);
    gone.sort();
    QCOMPARE(gone, (QStringList{u"a/"_s, u"a/1"_s, u"a/2"_s, u"b/"_s, u"b/3"_s}));
    QCOMPARE(witness.problem(), QString());
    QCOMPARE(model.count(), 1);
    model.setFilter(QString());
    QCOMPARE(model.count(), 5);
    QCOMPARE(witness.problem(), QString());
}

void tst_RowSignals::registryRounds_data()
{
    addFormsOfRegistry();
}

void tst_RowSignals::registryRounds()
{
    QFETCH(const bool, isTree);
    QFETCH(const bool, keepsClosed);
    const RegistryFolder folder;
    SharedRegistryModel model;
    model.setTree(isTree);
    model.setKeepClosed(keepsClosed);
    const auto checks = tester(&model);
    RowWitness witness(&model);
    std::map<QString, std::unique_ptr<SharedSegment>> owned;
    std::mt19937 random(isTree ? 3 : 4);
    for (int round = 0; round < 80; ++round) {
        const QString name = QStringList{u"a"_s, u"a/b"_s, u"a/b/c"_s, u"a/d"_s, u"e"_s, u"e/f"_s}.value(random() % 6);
        std::unique_ptr<SharedSegment> &segment = owned[name];
        if (!segment)
            segment = created(name);
        else if (random() % 2 == 0)
            QVERIFY(segment->recreate(segment->capacity() + 1 + random() % 100'000));
        else
            segment.reset();
        if (random() % 3 == 0)
            QCoreApplication::processEvents();
        if (random() % 12 == 0)
            model.setFilter(model.filter().isEmpty() ? u"b"_s : QString());
        if (random() % 20 == 0)
            model.removeClosed();
    }
    owned.clear();
    model.setFilter(QString());
    const auto openRows = [&model] {
        return model.match(model.index(0, 0), SharedRegistryModel::OpenRole, true, -1, Qt::MatchRecursive).size();
    };
    QTRY_COMPARE_WITH_TIMEOUT(openRows(), 0, Deadline);
    QCOMPARE(witness.problem(), QString());
}

QTEST_GUILESS_MAIN(tst_RowSignals)
#include "tst_rowsignals.moc"
