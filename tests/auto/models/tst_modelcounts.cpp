// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Rows come and go with the count of each revision, and when the segment is recreated.

#include "modelsupport.h"

#include <QtCore/QScopeGuard>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <numeric>
#include <random>
#include <thread>

using namespace Qt::StringLiterals;
using namespace testsupport;
using namespace modelsupport;

class tst_ModelCounts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rowsFollowTheCount();
    void rowsThatGoAreReadOnceMore();
    void rowsThatStayGetNoValueMeanwhile();
    void windowOnACount();
    void recreateKeepsTheView();
    void stormOfCounts_data();
    void stormOfCounts();

private:
    RegistryFolder m_folder;
};

/// The rows of a variable array are the elements of the shown revision.
void tst_ModelCounts::rowsFollowTheCount()
{
    SharedArray<int> values(uniqueName());
    QVERIFY2(values.createWithCapacity(100), qPrintable(values.errorString()));
    SharedArrayModel model;
    const auto checks = tester(&model);
    model.setSegment(values.segment());
    QCOMPARE(model.count(), 0);
    QCOMPARE(model.columnCount(), 1);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QSignalSpy count(&model, &SharedArrayModel::countChanged);
    const auto ends = [](const QSignalSpy &spy) {
        return std::pair(spy.constLast().at(1).toInt(), spy.constLast().at(2).toInt());
    };
    QVERIFY(values.publish(QList<int>{1, 2, 3}));
    QTRY_COMPARE(model.count(), 3);
    QCOMPARE(model.revision(), 1u);
    QCOMPARE(ends(inserted), std::pair(0, 2));
    QCOMPARE(cell(model, 0), QVariant(1));
    QCOMPARE(cell(model, 2), QVariant(3));

    changed.clear();
    QVERIFY(values.publish(QList<int>{1, 2, 3, 4, 5}));
    QTRY_COMPARE(model.count(), 5);
    QCOMPARE(ends(inserted), std::pair(3, 4));
    QCOMPARE(cell(model, 4), QVariant(5));
    QCOMPARE(changed.count(), 0); // The other rows have the same values.

    QVERIFY(values.publish(QList<int>{9}));
    QTRY_COMPARE(model.count(), 1);
    QCOMPARE(ends(removed), std::pair(1, 4));
    QCOMPARE(cell(model, 0), QVariant(9));
    QVERIFY(!cell(model, 1).isValid());

    QVERIFY(values.publish(QList<int>()));
    QTRY_COMPARE(model.count(), 0);
    QCOMPARE(ends(removed), std::pair(0, 0));
    QVERIFY(values.publish(QList<int>(100, 7)));
    QTRY_COMPARE(model.count(), 100);
    QCOMPARE(cell(model, 99), QVariant(7));
    QCOMPARE(model.revision(), 5u);
    QCOMPARE(inserted.count(), 3);
    QCOMPARE(removed.count(), 2);
    QCOMPARE(count.count(), 5);
    QCOMPARE(reset.count(), 0);
}

/// A view reads the rows that it removes, and the others keep their values until all are gone.
void tst_ModelCounts::rowsThatGoAreReadOnceMore()
{
    SharedArray<int> values(uniqueName());
    QVERIFY(values.createWithCapacity(10));
    QVERIFY(values.publish(QList<int>{1, 2, 3, 4}));
    SharedArrayModel model;
    const auto checks = tester(&model);
    model.setSegment(values.segment());
    for (int row = 0; row < 4; ++row)
        QCOMPARE(cell(model, row), QVariant(row + 1));
    int calls = 0;
    connect(&model, &QAbstractItemModel::rowsAboutToBeRemoved, this, [&] {
        QCOMPARE(cell(model, 0), QVariant(1));
        QCOMPARE(cell(model, 3), QVariant(4));
        ++calls;
    });
    connect(&model, &QAbstractItemModel::rowsRemoved, this, [&] {
        QCOMPARE(cell(model, 0), QVariant(1));
        ++calls;
    });
    QVERIFY(values.publish(QList<int>{8, 9}));
    QTRY_COMPARE(model.count(), 2);
    QCOMPARE(calls, 2);
    QCOMPARE(cell(model, 0), QVariant(8));
    QCOMPARE(cell(model, 1), QVariant(9));
}

/// At the first of the two signals, rows that stay are not in the newest revision; at the second, they are there again.
void tst_ModelCounts::rowsThatStayGetNoValueMeanwhile()
{
    SharedArray<int> values(uniqueName());
    QVERIFY(values.createWithCapacity(10));
    QVERIFY(values.publish(QList<int>(10, 1)));
    SharedArrayModel model;
    model.setSegment(values.segment());
    QCOMPARE(model.count(), 10);
    QVERIFY(values.publish(QList<int>(3, 2)));
    QCOMPARE(cell(model, 7), QVariant());
    int calls = 0;
    connect(&model, &QAbstractItemModel::rowsAboutToBeRemoved, this, [&] {
        if (++calls > 1)
            return;
        QVERIFY(values.publish(QList<int>(3, 4)));
        QCOMPARE(cell(model, 7), QVariant());
        QCOMPARE(cell(model, 6), QVariant());
    });
    connect(&model, &QAbstractItemModel::rowsRemoved, this, [&] {
        if (++calls > 2)
            return;
        QVERIFY(values.publish(QList<int>(10, 5)));
        QCOMPARE(cell(model, 7), QVariant());
        QCOMPARE(cell(model, 6), QVariant());
    });
    QVERIFY(values.publish(QList<int>(8, 3)));
    QTRY_VERIFY(calls >= 2);
    QTRY_COMPARE(cell(model, 7), QVariant(5));
    QCOMPARE(cell(model, 6), QVariant(5));
    QCOMPARE(model.count(), 10);
}

void tst_ModelCounts::windowOnACount()
{
    SharedArray<int> values(uniqueName());
    QVERIFY(values.createWithCapacity(10));
    SharedArrayModel model;
    const auto checks = tester(&model);
    model.setSegment(values.segment());
    model.setFirstRow(2);
    model.setRowLimit(3);
    QCOMPARE(model.count(), 0);
    const auto publish = [&](int count) {
        QList<int> numbers(count);
        std::iota(numbers.begin(), numbers.end(), 0);
        return values.publish(numbers);
    };
    for (const int count : {1, 4, 10, 2, 3, 0, 5}) {
        QVERIFY(publish(count));
        QTRY_COMPARE(model.revision(), values.revision());
        QCOMPARE(model.count(), std::clamp(count - 2, 0, 3));
        for (int row = 0; row < model.count(); ++row)
            QCOMPARE(cell(model, row), QVariant(row + 2));
    }
    model.setRowLimit(-1);
    model.setFirstRow(0);
    QCOMPARE(model.count(), 5);
    model.setFirstRow(5);
    QCOMPARE(model.count(), 0);
}

/// An owner that gives its segment another capacity: more rows, and the views stay where they are.
void tst_ModelCounts::recreateKeepsTheView()
{
    SharedArray<int> values(uniqueName());
    QVERIFY(values.create(3));
    QVERIFY(values.publish(QList<int>{1, 2, 3}));
    SharedSegment segment(values.segment()->name());
    QVERIFY(segment.open());
    SharedArrayModel model;
    const auto checks = tester(&model);
    model.setSegment(&segment);
    QCOMPARE(cell(model, 2), QVariant(3));
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    QVERIFY2(values.segment()->recreate(5), qPrintable(values.errorString()));
    QTRY_COMPARE_WITH_TIMEOUT(model.count(), 5, Deadline);
    QTRY_COMPARE(cell(model, 2), QVariant(3));
    QCOMPARE(cell(model, 4), QVariant(0));
    QCOMPARE(inserted.count(), 1);
    QVERIFY(values.publish(QList<int>{1, 2, 3, 4, 5}));
    QTRY_COMPARE(cell(model, 4), QVariant(5));
    QCOMPARE(reset.count(), 0);
}

void tst_ModelCounts::stormOfCounts_data()
{
    QTest::addColumn<int>("capacity");
    QTest::newRow("copied whole") << 300;
    QTest::newRow("copied in part") << 60'000;
}

/// A writer without pauses, with another count each time: all numbers of a revision are its key.
void tst_ModelCounts::stormOfCounts()
{
    QFETCH(int, capacity);
    constexpr int LastCount = 10;
    const QString name = uniqueName();
    std::atomic<bool> isEnd = false;
    std::atomic<bool> isLast = false;
    std::atomic<quint64> lastKey = 0;
    std::thread writer([&] {
        SharedArray<quint64> values(name);
        if (!values.createWithCapacity(capacity))
            qFatal("%s", qPrintable(values.errorString()));
        std::mt19937 random(5); // NOLINT(cert-msc32-c,cert-msc51-cpp): each run the same
        quint64 key = 0;
        for (bool isOver = false; !isOver;) {
            isOver = isEnd;
            const qsizetype count = isOver ? LastCount : qsizetype(random() % unsigned(capacity + 1));
            values.publish(QList<quint64>(count, ++key));
            std::this_thread::sleep_for(std::chrono::microseconds(random() % 300));
        }
        lastKey = key;
        while (!isLast)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
    });
    const auto end = qScopeGuard([&] {
        isEnd = true;
        isLast = true;
        writer.join();
    });
    SharedSegment segment(name);
    QVERIFY2(segment.waitForOpened(QDeadlineTimer(Deadline)), qPrintable(segment.errorString()));
    SharedArrayModel model;
    // It walks through all rows at each signal.
    const auto checks = capacity < 1000 ? tester(&model) : nullptr;
    int refreshes = 0;
    quint64 mixed = 0;
    // The first row is requested each time, and those that a view at the end would show.
    const auto read = [&] {
        ++refreshes;
        const quint64 key = cell(model, 0).toULongLong();
        for (int row = std::max(model.count() - 20, 0); row < model.count(); ++row) {
            const QVariant value = cell(model, row);
            // A newer revision may have been read in between, and have fewer rows.
            if (value.isValid() && value.toULongLong() < key)
                ++mixed;
        }
    };
    connect(&model, &SharedArrayModel::revisionChanged, this, read);
    connect(&model, &QAbstractItemModel::rowsInserted, this, read);
    // Rows whose change is not announced yet have their values before.
    connect(&model, &QAbstractItemModel::dataChanged, this, [&] {
        for (int row : {0, model.count() - 1})
            cell(model, row);
    });
    model.setSegment(&segment);
    QTRY_VERIFY_WITH_TIMEOUT(refreshes >= 200, Deadline);
    isEnd = true;
    QTRY_COMPARE_WITH_TIMEOUT(model.count(), LastCount, Deadline);
    QTRY_VERIFY_WITH_TIMEOUT(lastKey > 0, Deadline);
    QTRY_COMPARE_WITH_TIMEOUT(cell(model, LastCount - 1), QVariant(quint64(lastKey)), Deadline);
    for (int row = 0; row < LastCount; ++row)
        QCOMPARE(cell(model, row), QVariant(quint64(lastKey)));
    QCOMPARE(mixed, 0u);
    QCOMPARE(model.count(), LastCount);
}

QTEST_GUILESS_MAIN(tst_ModelCounts)
#include "tst_modelcounts.moc"
