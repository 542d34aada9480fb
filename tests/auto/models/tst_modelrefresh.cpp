// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// From the update of a segment to dataChanged(): when, and for which cells.

#include "modelsupport.h"

#include <QtCore/QElapsedTimer>
#include <QtCore/QSet>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <random>
#include <utility>

using namespace Qt::StringLiterals;
using namespace testsupport;
using namespace modelsupport;

class tst_ModelRefresh : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refreshesOnceEachInterval();
    void announcesOnlyChanges();
    void bytesWithoutMeaningAreNoChange();
    void forgetsAndStillTells();
    void maximumRateIsKept();
    void readsNothingUnlessRequested();
    void readsOnlyRequestedRows();
    void showsOneRevision_data();
    void showsOneRevision();
    void updateWhileRowsAppear();
    void twoModelsOnOneSegment();
    void interruptedValueIsNoError();

private:
    RegistryFolder m_folder;
};

void tst_ModelRefresh::refreshesOnceEachInterval()
{
    SharedArray<double> values(uniqueName());
    QVERIFY(values.create(1000));
    SharedArrayModel model;
    const auto checks = tester(&model);
    model.setSegment(values.segment());
    QCOMPARE(cell(model, 999), QVariant(0.0));
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    QElapsedTimer timer;
    timer.start();
    quint64 published = 0;
    while (timer.elapsed() < 320) {
        values.beginWrite()[999] = double(++published);
        QCoreApplication::processEvents();
    }
    // Twenty intervals of 16 ms; the first refresh comes at once, and a timer may be a little early.
    QVERIFY2(changed.count() >= 2 && changed.count() <= 24, qPrintable(QString::number(changed.count())));
    QVERIFY(published > 100);
    QTRY_COMPARE(model.revision(), published);
    QTRY_COMPARE(cell(model, 999), QVariant(double(published)));
    QCOMPARE(reset.count(), 0);
    for (const QList<QVariant> &arguments : std::as_const(changed)) {
        QCOMPARE(arguments.at(0).toModelIndex(), model.index(999, 0));
        QCOMPARE(arguments.at(1).toModelIndex(), model.index(999, 0));
    }
}

/// The blocks are exact: no cell that has not changed, and each requested cell that has.
void tst_ModelRefresh::announcesOnlyChanges()
{
    SharedArray<Sample> samples(uniqueName());
    QVERIFY(samples.create(50));
    SharedArrayModel model;
    model.setSegment(samples.segment());
    for (int row = 10; row < 50; ++row) {
        for (int column = 0; column < model.columnCount(); ++column)
            cell(model, row, column);
    }
    using Cells = QSet<std::pair<int, int>>;
    Cells announced;
    connect(&model, &QAbstractItemModel::dataChanged, this, [&](const QModelIndex &from, const QModelIndex &to) {
        for (int row = from.row(); row <= to.row(); ++row) {
            for (int column = from.column(); column <= to.column(); ++column)
                announced.insert({row, column});
        }
    });
    std::mt19937 random(1); // NOLINT(cert-msc32-c,cert-msc51-cpp): each run the same
    for (quint64 revision = 1; revision <= 30; ++revision) {
        Cells expected;
        {
            auto writer = samples.beginWrite();
            const auto changes = random() % 120;
            for (unsigned i = 0; i < changes; ++i) {
                const auto row = int(random() % 50);
                const auto column = int(random() % 7);
                Sample &sample = writer[row];
                switch (column) {
                case 0:
                    sample.id = int(revision);
                    break;
                case 1:
                    sample.value = double(revision);
                    break;
                case 2:
                    sample.label[0] = char('0' + revision);
                    break;
                case 3:
                    sample.matrix[2] = float(revision);
                    break;
                case 4:
                    sample.valid = revision % 2 == 1;
                    break;
                case 5:
                    sample.index = quint8(revision);
                    break;
                default:
                    sample.model = revision;
                }
                // Of a bool, the first change is visible with odd revisions only.
                if (column != 4 && row >= 10)
                    expected.insert({row, column});
            }
        }
        QTRY_COMPARE(model.revision(), revision);
        for (auto it = announced.begin(); it != announced.end();)
            it = it->second == 4 ? announced.erase(it) : std::next(it);
        QCOMPARE(announced, expected);
        announced.clear();
        // No view requests again: a cell that was requested once may still be shown.
    }
}

/// Differences without meaning: behind the end of a text, the byte of a bool.
void tst_ModelRefresh::bytesWithoutMeaningAreNoChange()
{
    SharedArray<Sample> samples(uniqueName());
    QVERIFY(samples.create(1));
    {
        auto writer = samples.beginWrite();
        writer[0] = Sample{};
        std::memcpy(writer[0].label, "abc\0x", 5);
    }
    SharedArrayModel model;
    model.setSegment(samples.segment());
    QTRY_COMPARE(model.revision(), 1u);
    QCOMPARE(cell(model, 0, 2), QVariant(u"abc"_s));
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    std::memcpy(samples.beginWrite()[0].label, "abc\0y", 5);
    QTRY_COMPARE(model.revision(), 2u);
    QCOMPARE(changed.count(), 0);
}

/// Rows that were read once are not read for ever; a view that shows them is still told of each change.
void tst_ModelRefresh::forgetsAndStillTells()
{
    constexpr int Length = 1'000'000;
    SharedArray<double> values(uniqueName());
    QVERIFY(values.create(Length));
    SharedArrayModel model;
    model.setSegment(values.segment());
    // A view of 30 rows, and something that shows all, for its first half.
    QList<double> shown(30, 0.0);
    bool isAllShown = true;
    double last = 0;
    const auto readRows = [&] {
        for (int row = 0; row < 30; ++row)
            shown[row] = cell(model, 1000 + row).toDouble();
        if (isAllShown) {
            cell(model, 0);
            last = cell(model, Length - 1).toDouble();
        }
    };
    connect(&model, &QAbstractItemModel::dataChanged, this, [&](const QModelIndex &from, const QModelIndex &to) {
        for (int row = std::max(from.row(), 1000); row <= std::min(to.row(), 1029); ++row)
            shown[row - 1000] = cell(model, row).toDouble();
        if (isAllShown && from.row() == 0)
            cell(model, 0);
        if (isAllShown && to.row() == Length - 1)
            last = cell(model, Length - 1).toDouble();
    });
    readRows();
    for (int i = 1; i <= 40; ++i) {
        {
            auto writer = values.beginWrite();
            writer[1000 + i % 30] = i;
            if (i % 3 == 0)
                writer[Length - 1] = i;
        }
        QTRY_COMPARE(model.revision(), quint64(i));
        QTRY_COMPARE(shown.at(i % 30), double(i));
        if (isAllShown)
            QTRY_COMPARE(last, double(i - i % 3));
        if (i == 20)
            isAllShown = false;
    }
}

void tst_ModelRefresh::maximumRateIsKept()
{
    SharedArray<double> values(uniqueName());
    QVERIFY(values.create(10));
    SharedArrayModel model;
    model.setMaximumRate(10);
    model.setSegment(values.segment());
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 350) {
        values.beginWrite()[0] = double(timer.elapsed());
        QCoreApplication::processEvents();
    }
    QVERIFY2(changed.count() >= 2 && changed.count() <= 4, qPrintable(QString::number(changed.count())));
}

void tst_ModelRefresh::readsNothingUnlessRequested()
{
    SharedArray<double> values(uniqueName());
    QVERIFY(values.create(10));
    SharedArrayModel model;
    model.setSegment(values.segment());
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    for (int i = 1; i <= 5; ++i) {
        values.beginWrite()[0] = i;
        QTRY_COMPARE(changed.count(), i);
    }
    QCOMPARE(model.readCount(), 0u);
    QCOMPARE(model.revision(), 5u);
    QCOMPARE(cell(model, 0), QVariant(5.0));
    QCOMPARE(cell(model, 9), QVariant(0.0));
    QCOMPARE(model.readCount(), 1u);
    values.beginWrite()[0] = 6;
    QTRY_COMPARE(changed.count(), 6);
    QCOMPARE(model.readCount(), 2u);
}

void tst_ModelRefresh::readsOnlyRequestedRows()
{
    SharedArray<double> values(uniqueName());
    QVERIFY(values.create(4'000'000));
    SharedArrayModel model;
    model.setSegment(values.segment());
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QCOMPARE(cell(model, 2'000'000), QVariant(0.0));
    const quint64 reads = model.readCount();
    // Nearby rows are read too; far rows are read when a view requests them.
    QCOMPARE(cell(model, 2'000'050), QVariant(0.0));
    QCOMPARE(model.readCount(), reads);
    QCOMPARE(cell(model, 3'999'999), QVariant(0.0));
    QCOMPARE(model.readCount(), reads + 1);

    QElapsedTimer timer;
    constexpr int Revisions = 20;
    qint64 nearby = 0;
    for (int i = 0; i < Revisions; ++i) {
        values.beginWrite()[2'000'001] = i + 1;
        const int before = int(changed.count());
        QTRY_VERIFY(changed.count() > before);
        timer.start();
        QCOMPARE(cell(model, 2'000'001), QVariant(i + 1.0));
        nearby += timer.nsecsElapsed();
    }
    QVERIFY2(nearby / Revisions < 1'000'000, qPrintable(QString::number(nearby / Revisions)));
}

void tst_ModelRefresh::showsOneRevision_data()
{
    QTest::addColumn<int>("length");
    QTest::newRow("copied whole") << 1000;
    QTest::newRow("copied in part") << 200'000;
}

void tst_ModelRefresh::showsOneRevision()
{
    QFETCH(int, length);
    const QString name = uniqueName();
    const auto peer = owner(name, preferredBackend(), length);
    SharedSegment segment(name);
    QVERIFY2(segment.open(), qPrintable(segment.errorString()));
    SharedArrayModel model;
    model.setSegment(&segment);
    const int last = length - 1;
    cell(model, 0);
    cell(model, last);
    peer->tell("spin");
    int seen = 0;
    quint64 mixed = 0;
    connect(&model, &QAbstractItemModel::dataChanged, this, [&] {
        const quint64 key = cell(model, 0).toULongLong();
        for (int row : {1, length / 2, last}) {
            if (cell(model, row).toULongLong() != (key == 0 ? 0 : wordOf(key, quint64(row))))
                ++mixed;
        }
        ++seen;
    });
    QTRY_VERIFY_WITH_TIMEOUT(seen >= 30, Deadline);
    QCOMPARE(mixed, 0u);
    QVERIFY(model.revision() > 30);
}

/// What is published after a view has read its new rows, and before the model has announced all of them, is shown too.
void tst_ModelRefresh::updateWhileRowsAppear()
{
    SharedArray<int> values(uniqueName());
    QVERIFY(values.create(3));
    SharedArrayModel model;
    const auto checks = tester(&model);
    connect(&model, &QAbstractItemModel::modelReset, this, [&] {
        QCOMPARE(cell(model, 0), QVariant(0));
        QVERIFY(values.publish(QList<int>{7, 8, 9}));
    });
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    model.setSegment(values.segment());
    QTRY_COMPARE(changed.count(), 1);
    QCOMPARE(cell(model, 0), QVariant(7));
    QCOMPARE(model.revision(), 1u);
}

void tst_ModelRefresh::twoModelsOnOneSegment()
{
    SharedArray<double> values(uniqueName());
    QVERIFY(values.create(10));
    SharedArrayModel fast;
    auto slow = std::make_unique<SharedArrayModel>();
    fast.setSegment(values.segment());
    slow->setSegment(values.segment());
    slow->setPaused(true);
    values.beginWrite()[0] = 3;
    QTRY_COMPARE(cell(fast, 0), QVariant(3.0));
    QCOMPARE(slow->revision(), 0u);
    slow.reset();
    values.beginWrite()[0] = 4;
    QTRY_COMPARE(cell(fast, 0), QVariant(4.0));
}

void tst_ModelRefresh::interruptedValueIsNoError()
{
    // One buffer whose writer was killed in the middle: nothing is readable until another writer writes a whole value.
    const QString name = uniqueName();
    const auto peer = owner(name, preferredBackend(), 4, 1, true);
    QProcess holder;
    holder.start(testPath("HOLDER"), {name});
    for (const char *command : {"", "hold\n", "begin\n"}) {
        holder.write(command);
        QVERIFY(holder.waitForReadyRead(Deadline));
        holder.readAll();
    }
    holder.kill();
    QVERIFY(holder.waitForFinished(Deadline));

    SharedSegment segment(name);
    QSignalSpy errors(&segment, &SharedSegment::errorOccurred);
    SharedArrayModel model;
    const auto checks = tester(&model);
    model.setSegment(&segment);
    QVERIFY(segment.open());
    QCOMPARE(model.rowCount(), 4);
    QVERIFY(!model.data(model.index(0, 0)).isValid());
    QCoreApplication::processEvents();
    QCOMPARE(errors.count(), 0);
    QCOMPARE(segment.error(), SharedSegment::Error::NoError);
    QCOMPARE(peer->ask("publish 5"), u"published 1"_s);
    QTRY_VERIFY_WITH_TIMEOUT(model.data(model.index(0, 0)).isValid(), Deadline);
    QCOMPARE(errors.count(), 0);
}

QTEST_GUILESS_MAIN(tst_ModelRefresh)

#include "tst_modelrefresh.moc"
