// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// A model that is paused, and one whose view is invisible.

#include "modelsupport.h"

using namespace Qt::StringLiterals;
using namespace testsupport;
using namespace modelsupport;

class tst_ModelPausing : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void pauseKeepsTheRevision();
    void pauseTakesTheNewest();
    void pauseKeepsTheRows();
    void pauseTakesTheNewestRows();
    void hiddenViewWaits();

private:
    RegistryFolder m_folder;
};

void tst_ModelPausing::pauseKeepsTheRevision()
{
    SharedArray<quint64> values(uniqueName());
    QVERIFY(values.create(100'000));
    SharedArrayModel model;
    const auto checks = tester(&model);
    model.setSegment(values.segment());
    QList<quint64> numbers(100'000, 7);
    QVERIFY(values.publish(numbers));
    QTRY_COMPARE(model.revision(), 1u);
    QCOMPARE(cell(model, 0), QVariant(quint64(7)));
    model.setPaused(true);
    const quint64 reads = model.readCount();
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QSignalSpy updated(values.segment(), &SharedSegment::updated);
    for (quint64 i = 8; i < 12; ++i) {
        numbers.fill(i);
        updated.clear();
        QVERIFY(values.publish(numbers));
        QVERIFY(updated.wait());
    }
    // Rows that were never read before are of the paused revision, too.
    QCOMPARE(cell(model, 0), QVariant(quint64(7)));
    QCOMPARE(cell(model, 60'000), QVariant(quint64(7)));
    QCOMPARE(cell(model, 99'999), QVariant(quint64(7)));
    QCOMPARE(model.revision(), 1u);
    QCOMPARE(model.readCount(), reads);
    QCOMPARE(changed.count(), 0);
    model.setPaused(false);
    QTRY_COMPARE(model.revision(), 5u);
    QTRY_COMPARE(cell(model, 60'000), QVariant(quint64(11)));
}

void tst_ModelPausing::pauseTakesTheNewest()
{
    SharedArray<quint64> values(uniqueName());
    QVERIFY(values.create(100'000));
    SharedArrayModel model;
    const auto checks = tester(&model);
    model.setSegment(values.segment());
    QList<quint64> numbers(100'000, 7);
    QVERIFY(values.publish(numbers));
    QTRY_COMPARE(model.revision(), 1u);
    QCOMPARE(cell(model, 0), QVariant(quint64(7)));
    numbers.fill(8);
    QVERIFY(values.publish(numbers)); // The model does not know it yet when it is paused.
    model.setPaused(true);
    QCOMPARE(model.revision(), 2u);
    QCOMPARE(cell(model, 0), QVariant(quint64(8)));
    QCOMPARE(cell(model, 99'999), QVariant(quint64(8)));
}

/// The rows of a variable array stay, too.
void tst_ModelPausing::pauseKeepsTheRows()
{
    SharedArray<int> values(uniqueName());
    QVERIFY(values.createWithCapacity(10));
    QVERIFY(values.publish(QList<int>{1, 2, 3}));
    SharedArrayModel model;
    const auto checks = tester(&model);
    model.setSegment(values.segment());
    QCOMPARE(cell(model, 2), QVariant(3));
    model.setPaused(true);
    QSignalSpy updated(values.segment(), &SharedSegment::updated);
    for (const QList<int> &numbers : {QList<int>{9}, QList<int>{4, 5, 6, 7, 8}}) {
        updated.clear();
        QVERIFY(values.publish(numbers));
        QVERIFY(updated.wait());
        QCOMPARE(model.count(), 3);
        QCOMPARE(cell(model, 0), QVariant(1));
        QCOMPARE(cell(model, 2), QVariant(3));
    }
    model.setPaused(false);
    QTRY_COMPARE(model.count(), 5);
    QCOMPARE(cell(model, 4), QVariant(8));
}

void tst_ModelPausing::pauseTakesTheNewestRows()
{
    SharedArray<quint64> values(uniqueName());
    QVERIFY(values.createWithCapacity(100'000));
    SharedArrayModel model;
    const auto checks = tester(&model);
    model.setSegment(values.segment());
    QVERIFY(values.publish(QList<quint64>(50'000, 7)));
    QTRY_COMPARE(model.count(), 50'000);
    QCOMPARE(cell(model, 0), QVariant(quint64(7)));
    QVERIFY(values.publish(QList<quint64>(40'000, 8))); // The model does not know it yet when it is paused.
    model.setPaused(true);
    QCOMPARE(model.revision(), 2u);
    QCOMPARE(model.count(), 40'000);
    QVERIFY(values.publish(QList<quint64>(60'000, 9)));
    QCOMPARE(cell(model, 39'999), QVariant(quint64(8)));
    model.setPaused(false);
    QTRY_COMPARE(model.count(), 60'000);
    QCOMPARE(cell(model, 59'999), QVariant(quint64(9)));
}

/// What a view of Qt Quick tells its model. What was published meanwhile is shown as soon as the view is visible again.
void tst_ModelPausing::hiddenViewWaits()
{
    struct Model : SharedArrayModel
    {
        using SharedArrayModel::setViewHidden;
    };
    SharedArray<int> values(uniqueName());
    QVERIFY(values.create(3));
    Model model;
    const auto checks = tester(&model);
    model.setSegment(values.segment());
    QCOMPARE(cell(model, 0), QVariant(0));
    QSignalSpy updated(values.segment(), &SharedSegment::updated);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    model.setViewHidden(true);
    QVERIFY(values.publish(QList<int>{1, 2, 3}));
    QVERIFY(updated.wait());
    QTest::qWait(50); // nothing to wait for: nothing more comes
    QCOMPARE(changed.count(), 0);
    QCOMPARE(model.revision(), 0u);
    model.setViewHidden(false);
    QTRY_COMPARE(changed.count(), 1);
    QCOMPARE(cell(model, 0), QVariant(1));
}

QTEST_GUILESS_MAIN(tst_ModelPausing)

#include "tst_modelpausing.moc"
