// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Rows come and go with the owner and the window. tst_modelcounts has those of the count.

#include "modelsupport.h"

#include <limits>
#include <memory>
#include <numeric>
#include <random>

using namespace Qt::StringLiterals;
using namespace testsupport;
using namespace modelsupport;

class tst_ModelRows : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void capacityChangesAtTheEnd();
    void window();
    void ownerComesAndGoes();
    void ownerReturnsWithSameRows();
    void segmentDies();
    void stormOfSegments();

private:
    RegistryFolder m_folder;
};

/// For views a new instance's rows are rows, and the views stay where they are.
void tst_ModelRows::capacityChangesAtTheEnd()
{
    const QString name = uniqueName();
    SharedSegment segment(name);
    segment.setActive(true);
    SharedArrayModel model;
    const auto checks = tester(&model);
    model.setSegment(&segment);
    auto peer = owner(name, preferredBackend(), 100);
    QTRY_COMPARE_WITH_TIMEOUT(model.count(), 100, Deadline);
    QCOMPARE(peer->ask("publish 5"), u"published 1"_s);
    QTRY_COMPARE(cell(model, 99), QVariant(wordOf(5, 99)));
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
    peer->kill();
    peer = owner(name, preferredBackend(), 101);
    QTRY_COMPARE_WITH_TIMEOUT(model.count(), 101, Deadline);
    QCOMPARE(inserted.count(), 1);
    QCOMPARE(inserted.at(0).at(1), QVariant(100));
    QCOMPARE(inserted.at(0).at(2), QVariant(100));
    QTRY_COMPARE(cell(model, 99), QVariant(quint64(0)));
    QCOMPARE(cell(model, 100), QVariant(quint64(0)));
    QCOMPARE(peer->ask("publish 6"), u"published 1"_s);
    QTRY_COMPARE(cell(model, 100), QVariant(wordOf(6, 100)));
    peer->kill();
    peer = owner(name, preferredBackend(), 40);
    QTRY_COMPARE_WITH_TIMEOUT(model.count(), 40, Deadline);
    QCOMPARE(removed.count(), 1);
    QCOMPARE(removed.at(0).at(1), QVariant(40));
    QCOMPARE(removed.at(0).at(2), QVariant(100));
    QTRY_COMPARE(cell(model, 39), QVariant(quint64(0)));
    QCOMPARE(reset.count(), 0);
}

void tst_ModelRows::window()
{
    SharedArray<int> values(uniqueName());
    QVERIFY(values.create(100));
    QList<int> numbers(100);
    std::iota(numbers.begin(), numbers.end(), 0);
    QVERIFY(values.publish(numbers));
    SharedArrayModel model;
    const auto checks = tester(&model);
    model.setSegment(values.segment());
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    QSignalSpy count(&model, &SharedArrayModel::countChanged);
    model.setRowLimit(10);
    QCOMPARE(model.count(), 10);
    QCOMPARE(count.count(), 1);
    model.setFirstRow(50);
    QCOMPARE(model.count(), 10);
    QCOMPARE(count.count(), 1);
    QCOMPARE(cell(model, 0), QVariant(50));
    QCOMPARE(model.headerData(9, Qt::Vertical), QVariant(59));
    model.setFirstRow(95);
    QCOMPARE(model.count(), 5);
    QCOMPARE(cell(model, 4), QVariant(99));
    model.setFirstRow(1000);
    QCOMPARE(model.count(), 0);
    model.setFirstRow(-5);
    QCOMPARE(model.firstRow(), 0);
    QCOMPARE(model.count(), 10);
    model.setRowLimit(-9);
    QCOMPARE(model.rowLimit(), -1);
    QCOMPARE(model.count(), 100);
    QCOMPARE(cell(model, 99), QVariant(99));
    // Read for the last time while it is destroyed.
    const QModelIndex last = model.index(99, 0);
    connect(&model, &QAbstractItemModel::rowsAboutToBeRemoved, &model,
            [&] { QCOMPARE(model.data(last), QVariant(99)); });
    connect(&model, &QAbstractItemModel::rowsRemoved, &model, [&] { QVERIFY(!model.data(last).isValid()); });
    model.setRowLimit(0);
    QCOMPARE(model.count(), 0);
    model.setFirstRow(std::numeric_limits<qint64>::max());
    model.setRowLimit(std::numeric_limits<qint64>::max());
    QCOMPARE(model.count(), 0);
    QCOMPARE(reset.count(), 0);
}

void tst_ModelRows::ownerComesAndGoes()
{
    const QString name = uniqueName();
    SharedSegment segment(name);
    segment.setActive(true);
    SharedArrayModel model;
    const auto checks = tester(&model);
    model.setSegment(&segment);
    QCOMPARE(model.count(), 0);
    auto peer = owner(name, preferredBackend(), 8);
    QTRY_COMPARE_WITH_TIMEOUT(model.count(), 8, Deadline);
    QCOMPARE(peer->ask("publish 5"), u"published 1"_s);
    QTRY_COMPARE(cell(model, 3), QVariant(wordOf(5, 3)));
    peer->kill();
    // Orphaned: the rows stay.
    QTRY_VERIFY(segment.state() != SharedSegment::State::Open);
    QCOMPARE(segment.state(), SharedSegment::State::Orphaned);
    QCOMPARE(model.count(), 8);
    QCOMPARE(cell(model, 3), QVariant(wordOf(5, 3)));
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    peer = owner(name, SharedSegment::Backend::Posix, 3);
    QTRY_COMPARE_WITH_TIMEOUT(model.count(), 3, Deadline);
    QCOMPARE(reset.count(), 0);
    QTRY_COMPARE(cell(model, 2), QVariant(quint64(0)));
    segment.close();
    QCOMPARE(model.count(), 0);
    QCOMPARE(model.revision(), 0u);
}

void tst_ModelRows::ownerReturnsWithSameRows()
{
    const QString name = uniqueName();
    SharedSegment segment(name);
    segment.setActive(true);
    SharedArrayModel model;
    const auto checks = tester(&model);
    model.setSegment(&segment);
    auto peer = owner(name, preferredBackend(), 8);
    QTRY_COMPARE_WITH_TIMEOUT(model.count(), 8, Deadline);
    QCOMPARE(peer->ask("publish 5"), u"published 1"_s);
    QTRY_COMPARE(cell(model, 3), QVariant(wordOf(5, 3)));
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    const QString first = segment.instance();
    peer->kill();
    peer = owner(name, preferredBackend(), 8);
    QTRY_VERIFY_WITH_TIMEOUT(segment.instance() != first, Deadline);
    QTRY_COMPARE(cell(model, 3), QVariant(quint64(0)));
    QCOMPARE(peer->ask("publish 6"), u"published 1"_s);
    QTRY_COMPARE(cell(model, 3), QVariant(wordOf(6, 3)));
    // The view keeps its place.
    QCOMPARE(reset.count(), 0);
}

void tst_ModelRows::segmentDies()
{
    SharedArrayModel model;
    const auto checks = tester(&model);
    QSignalSpy changed(&model, &SharedArrayModel::segmentChanged);
    {
        SharedArray<double> values(uniqueName());
        QVERIFY(values.create(10));
        model.setSegment(values.segment());
        QCOMPARE(cell(model, 0), QVariant(0.0));
        values.beginWrite()[0] = 1;
        model.beginEdit();
        QVERIFY(model.setData(model.index(0, 0), 2.0));
    }
    QCOMPARE(model.segment(), nullptr);
    QCOMPARE(model.count(), 0);
    QCOMPARE(changed.count(), 2);
    QVERIFY(model.endEdit()); // nothing is left to publish
    QCoreApplication::processEvents();
}

void tst_ModelRows::stormOfSegments()
{
    // Seeded, so that a failure is repeatable.
    std::mt19937 random(4);
    auto numberBelow = [&](int bound) { return int(random() % unsigned(bound)); };
    const QString name = uniqueName();
    std::unique_ptr<SharedSegment> owner;
    auto reader = std::make_unique<SharedSegment>(name);
    SharedArrayModel model;
    const auto checks = tester(&model);
    model.setSegment(reader.get());
    const QString layouts[]{u"f64"_s, u"P{x:f32;y:f32}"_s, u"char[7]"_s, u"S{a:i32[4];b:bool;c:u8}"_s};
    int filled = 0;
    for (int step = 0; step < 600; ++step) {
        switch (numberBelow(10)) {
        case 0:
            owner = std::make_unique<SharedSegment>(name);
            owner->create(SharedLayout::parse(layouts[numberBelow(4)]), 1 + numberBelow(20));
            break;
        case 1:
            owner.reset();
            break;
        case 2:
            if (!reader) {
                reader = std::make_unique<SharedSegment>(name);
                model.setSegment(reader.get());
            }
            reader->setActive(true);
            break;
        case 3:
            if (reader)
                reader->close();
            break;
        case 4:
            if (numberBelow(4) == 0)
                reader.reset();
            break;
        case 5:
            model.setFirstRow(numberBelow(12));
            break;
        case 6:
            model.setRowLimit(numberBelow(15) - 1);
            break;
        case 7:
            model.setPaused(numberBelow(2) == 0);
            break;
        default:
            if (owner)
                owner->beginWrite().publish();
            break;
        }
        for (int i = numberBelow(3); i > 0; --i)
            QCoreApplication::processEvents();
        filled += model.count() > 0;
        for (int row = 0; row < model.count(); ++row)
            QVERIFY(cell(model, row).isValid() || model.segment()->state() != SharedSegment::State::Open);
    }
    QVERIFY2(filled > 50, qPrintable(QString::number(filled)));
}

QTEST_GUILESS_MAIN(tst_ModelRows)
#include "tst_modelrows.moc"
