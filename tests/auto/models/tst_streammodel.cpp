// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What SharedStreamModel promises: rows come at the end and go at the front, and what is not shown is counted.

#include "../../support/errorstyle.h"
#include "modelsupport.h"

#include <SharedSegment/SharedStream>
#include <SharedSegment/SharedStreamModel>

#include <QtCore/QDateTime>
#include <QtCore/QElapsedTimer>
#include <QtCore/QSortFilterProxyModel>

#include <atomic>
#include <numeric>
#include <thread>

using namespace Qt::StringLiterals;
using namespace testsupport;
using namespace modelsupport;
using Error = SharedSegment::Error;
using Numbers = QList<quint64>;
using Stream = SharedStream<quint64>;

struct Line
{
    qint64 timestamp;
    qint32 position;
    char text[16];
};
SHARED_STRUCT(Line, timestamp, position, text)

namespace {

Numbers ramp(quint64 first, qsizetype count)
{
    Numbers values(count);
    std::iota(values.begin(), values.end(), first);
    return values;
}

/// The values of all rows, in order.
Numbers shown(const QAbstractItemModel &model)
{
    Numbers values;
    for (int row = 0; row < model.rowCount(); ++row)
        values += cell(model, row).toULongLong();
    return values;
}

} // namespace

class tst_StreamModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void defaults();
    void historyThenLive();
    void rowsGoAtTheFront();
    void limits();
    void skippedIsExact();
    void fastWriterDoesNotStall();
    void pauseKeepsTheRows();
    void pausedWhileTheOwnerChanges();
    void hiddenViewWaits();
    void closeAndOpen();
    void replacementContinues();
    void orphanKeepsTheRows();
    void roles();
    void times();
    void behindAFilter();
    void anotherKind();
    void changesInSlots();

private:
    RegistryFolder m_folder;
};

void tst_StreamModel::defaults()
{
    SharedStreamModel model;
    const auto checks = tester(&model);
    QCOMPARE(model.segment(), nullptr);
    QCOMPARE(model.limit(), 1000);
    QCOMPARE(model.maximumRate(), 0.0);
    QVERIFY(!model.paused());
    QCOMPARE(model.skipped(), 0u);
    QCOMPARE(model.revision(), 0u);
    QCOMPARE(model.count(), 0);
    QCOMPARE(model.columnCount(), 0);
    QSignalSpy limit(&model, &SharedStreamModel::limitChanged);
    model.setLimit(-7);
    QCOMPARE(model.limit(), 0);
    model.setLimit(0);
    QCOMPARE(limit.count(), 1);
    auto segment = std::make_unique<SharedSegment>();
    QSignalSpy changed(&model, &SharedStreamModel::segmentChanged);
    model.setSegment(segment.get());
    segment.reset();
    QCOMPARE(changed.count(), 2);
    QCOMPARE(model.segment(), nullptr);
}

void tst_StreamModel::historyThenLive()
{
    const QString name = uniqueName();
    Stream out(name);
    QVERIFY(out.create(100));
    QVERIFY(out.append(ramp(0, 250)));
    Stream in(name);
    SharedStreamModel model;
    const auto checks = tester(&model);
    model.setSegment(in.segment());
    QCOMPARE(model.count(), 0);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    QSignalSpy count(&model, &SharedStreamModel::countChanged);
    QVERIFY(in.open());
    QCOMPARE(shown(model), ramp(150, 100));
    QCOMPARE(model.skipped(), 0u); // what was overwritten before was not missed
    QCOMPARE(model.revision(), 250u);
    QCOMPARE(inserted.count(), 1);
    QCOMPARE(reset.count(), 1);
    QCOMPARE(count.count(), 1);
    for (quint64 next = 250; next < 260; next += 5) {
        QVERIFY(out.append(ramp(next, 5)));
        QTRY_COMPARE(model.revision(), next + 5);
    }
    QCOMPARE(shown(model), ramp(150, 110)); // more rows than the stream keeps
    QCOMPARE(model.skipped(), 0u);
    QCOMPARE(reset.count(), 1);
}

void tst_StreamModel::rowsGoAtTheFront()
{
    Stream stream(uniqueName());
    QVERIFY(stream.create(64));
    SharedStreamModel model;
    model.setLimit(10);
    const auto checks = tester(&model);
    model.setSegment(stream.segment());
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
    QVERIFY(stream.append(ramp(0, 8)));
    QTRY_COMPARE(model.count(), 8);
    QCOMPARE(removed.count(), 0);
    const QPersistentModelIndex fifth = model.index(5, 0);
    QVERIFY(stream.append(ramp(8, 5)));
    QTRY_COMPARE(model.revision(), 13u);
    QCOMPARE(shown(model), ramp(3, 10));
    QCOMPARE(removed.count(), 1);
    QCOMPARE(removed.at(0).at(1).toInt(), 0);
    QCOMPARE(removed.at(0).at(2).toInt(), 2);
    QCOMPARE(inserted.count(), 2);
    QCOMPARE(inserted.at(1).at(1).toInt(), 5);
    QCOMPARE(inserted.at(1).at(2).toInt(), 9);
    QCOMPARE(fifth.row(), 2);
    QCOMPARE(fifth.data().toULongLong(), 5u);
    QCOMPARE(model.headerData(0, Qt::Vertical), QVariant(quint64(3)));
    QCOMPARE(model.headerData(10, Qt::Vertical), QVariant());
    QCOMPARE(model.headerData(0, Qt::Horizontal), QVariant(u"value"_s));
}

void tst_StreamModel::limits()
{
    Stream stream(uniqueName());
    QVERIFY(stream.create(20));
    QVERIFY(stream.append(ramp(0, 20)));
    SharedStreamModel model;
    const auto checks = tester(&model);
    model.setLimit(15);
    model.setSegment(stream.segment());
    QCOMPARE(shown(model), ramp(5, 15));
    QCOMPARE(model.skipped(), 0u);
    model.setLimit(4);
    QCOMPARE(shown(model), ramp(16, 4));
    QCOMPARE(model.skipped(), 0u); // they were shown
    model.setLimit(0);             // the capacity
    for (quint64 next = 20; next < 50; next += 10) {
        QVERIFY(stream.append(ramp(next, 10)));
        QTRY_COMPARE(model.revision(), next + 10);
    }
    QCOMPARE(shown(model), ramp(30, 20));
    QVERIFY(stream.segment()->recreate(8));
    QCOMPARE(shown(model), ramp(42, 8));
    QCOMPARE(model.skipped(), 0u);
}

void tst_StreamModel::skippedIsExact()
{
    Stream stream(uniqueName());
    QVERIFY(stream.create(50));
    SharedStreamModel model;
    const auto checks = tester(&model);
    model.setLimit(30);
    model.setSegment(stream.segment());
    quint64 inserted = 0;
    connect(&model, &QAbstractItemModel::rowsInserted, this,
            [&](const QModelIndex &, int first, int last) { inserted += quint64(last - first + 1); });
    quint64 next = 0;
    for (quint64 batch = 1; batch < 120; batch += 7) {
        QVERIFY(stream.append(ramp(next, qsizetype(batch)))); // fits, is more than the limit, is more than the stream
        next += batch;
        QTRY_COMPARE(model.revision(), next);
        QCOMPARE(inserted + model.skipped(), next);
        for (int row = 0; row < model.count(); ++row)
            QCOMPARE(cell(model, row), cell(model, row, 0, SharedStreamModel::PositionRole));
        QCOMPARE(cell(model, model.count() - 1).toULongLong(), next - 1);
    }
    QVERIFY(model.skipped() > 500);
}

/// A writer that appends as fast as it can costs the model's thread no more than `limit` elements per refresh.
void tst_StreamModel::fastWriterDoesNotStall()
{
    const QString name = uniqueName();
    Stream in(name);
    SharedStreamModel model;
    const auto checks = tester(&model);
    model.setSegment(in.segment());
    int refreshes = 0;
    int most = 0;
    connect(&model, &QAbstractItemModel::rowsInserted, this, [&](const QModelIndex &, int first, int last) {
        ++refreshes;
        most = std::max(most, last - first + 1);
    });
    std::atomic<bool> isEnding = false;
    std::atomic<quint64> appended = 0;
    std::thread writer([&] {
        Stream out(name);
        Numbers values(200);
        for (bool isWritten = out.create(1 << 16); isWritten && (!isEnding || appended < 1'000'000);) {
            std::iota(values.begin(), values.end(), appended.load());
            isWritten = out.append(values);
            appended += quint64(values.size());
        }
    });
    const bool isOpen = in.waitForOpened(QDeadlineTimer(Deadline));
    QElapsedTimer time;
    time.start();
    QTest::qWait(500);
    isEnding = true;
    writer.join();
    QVERIFY(isOpen);
    QTRY_COMPARE(model.revision(), appended.load());
    QCOMPARE(shown(model), ramp(model.revision() - 1000, 1000));
    QVERIFY(model.skipped() > 100'000);
    QVERIFY2(refreshes <= time.elapsed() / 16 + 20, qPrintable(QString::number(refreshes)));
    QCOMPARE(most, 1000);
}

void tst_StreamModel::pauseKeepsTheRows()
{
    Stream stream(uniqueName());
    QVERIFY(stream.create(50));
    SharedStreamModel model;
    const auto checks = tester(&model);
    model.setLimit(10);
    model.setSegment(stream.segment());
    QVERIFY(stream.append(ramp(0, 7))); // The model does not know it yet when it is paused.
    QSignalSpy paused(&model, &SharedStreamModel::pausedChanged);
    model.setPaused(true);
    QCOMPARE(shown(model), ramp(0, 7));
    QSignalSpy updated(stream.segment(), &SharedSegment::updated);
    QVERIFY(stream.append(ramp(7, 40)));
    QVERIFY(updated.wait());
    QTest::qWait(40); // nothing to wait for: nothing more comes
    QCOMPARE(shown(model), ramp(0, 7));
    QCOMPARE(model.skipped(), 0u);
    model.setPaused(false);
    QCOMPARE(shown(model), ramp(37, 10));
    QCOMPARE(model.skipped(), 30u);
    QCOMPARE(paused.count(), 2);
}

void tst_StreamModel::pausedWhileTheOwnerChanges()
{
    const QString name = uniqueName();
    auto out = std::make_unique<Stream>(name);
    QVERIFY(out->create(50));
    QVERIFY(out->append(ramp(0, 5)));
    SharedSegment segment(name);
    segment.setActive(true);
    SharedStreamModel model;
    const auto checks = tester(&model);
    model.setPaused(true);
    model.setSegment(&segment);
    QCOMPARE(shown(model), ramp(0, 5)); // what is there when it first sees the segment
    out = std::make_unique<Stream>(name);
    QSignalSpy opened(&segment, &SharedSegment::opened);
    QVERIFY(out->create(50));
    QVERIFY(out->append(ramp(100, 3)));
    QTRY_COMPARE(opened.count(), 1);
    QCOMPARE(shown(model), ramp(0, 5));
    model.setPaused(false);
    QCOMPARE(shown(model), ramp(100, 3));
    model.setPaused(true);
    segment.close();
    QCOMPARE(model.count(), 3);
    model.setPaused(false);
    QCOMPARE(model.count(), 0);
}

/// What a view of Qt Quick tells its model.
void tst_StreamModel::hiddenViewWaits()
{
    struct Model : SharedStreamModel
    {
        using SharedStreamModel::setViewHidden;
    };
    Stream stream(uniqueName());
    QVERIFY(stream.create(50));
    Model model;
    const auto checks = tester(&model);
    model.setSegment(stream.segment());
    QSignalSpy updated(stream.segment(), &SharedSegment::updated);
    model.setViewHidden(true);
    QVERIFY(stream.append(ramp(0, 60)));
    QVERIFY(updated.wait());
    QTest::qWait(40); // nothing to wait for: nothing more comes
    QCOMPARE(model.count(), 0);
    model.setViewHidden(false);
    QTRY_COMPARE(shown(model), ramp(10, 50));
    QCOMPARE(model.skipped(), 10u);
}

void tst_StreamModel::closeAndOpen()
{
    const QString name = uniqueName();
    auto out = std::make_unique<Stream>(name);
    QVERIFY(out->create(50));
    QVERIFY(out->append(ramp(0, 120)));
    SharedSegment segment(name);
    SharedStreamModel model;
    const auto checks = tester(&model);
    model.setSegment(&segment);
    segment.setActive(true);
    QCOMPARE(shown(model), ramp(70, 50));
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    QSignalSpy opened(&segment, &SharedSegment::opened);
    QSignalSpy count(&model, &SharedStreamModel::countChanged);
    out = std::make_unique<Stream>(name);
    QVERIFY(out->create(50));
    QVERIFY(out->append(ramp(500, 5)));
    QTRY_COMPARE(opened.count(), 1);
    QTRY_COMPARE(shown(model), ramp(500, 5));
    QCOMPARE(model.revision(), 5u);
    QCOMPARE(cell(model, 0, 0, SharedStreamModel::PositionRole), QVariant(quint64(0)));
    segment.close();
    QCOMPARE(model.count(), 0);
    QCOMPARE(model.revision(), 0u);
    QCOMPARE(reset.count(), 0);
    QCOMPARE(model.columnCount(), 1);
    QVERIFY(segment.open());
    QCOMPARE(shown(model), ramp(500, 5));
    QVERIFY(count.count() >= 3);
    // Another layout.
    SharedStream<Line> lines(uniqueName());
    QVERIFY(lines.create(5));
    QVERIFY(lines.append(Line{1, 2, "three"}));
    model.setSegment(lines.segment());
    QCOMPARE(reset.count(), 1);
    QCOMPARE(model.columnCount(), 3);
    QCOMPARE(cell(model, 0, 2), QVariant(u"three"_s));
    model.setSegment(nullptr);
    QCOMPARE(model.count(), 0);
}

void tst_StreamModel::replacementContinues()
{
    const QString name = uniqueName();
    Stream out(name);
    QVERIFY(out.create(8));
    Stream in(name);
    QVERIFY(in.open());
    SharedStreamModel model;
    const auto checks = tester(&model);
    model.setSegment(in.segment());
    QVERIFY(out.append(ramp(0, 6)));
    QTRY_COMPARE(model.count(), 6);
    QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
    QVERIFY(out.segment()->recreate(100));
    QVERIFY(out.append(ramp(6, 50)));
    QTRY_COMPARE(shown(model), ramp(0, 56));
    QCOMPARE(removed.count(), 0);
    QCOMPARE(model.skipped(), 0u);
}

void tst_StreamModel::orphanKeepsTheRows()
{
    const QString name = uniqueName();
    auto out = std::make_unique<Stream>(name);
    QVERIFY(out->create(8));
    Stream in(name);
    QVERIFY(in.open());
    SharedStreamModel model;
    const auto checks = tester(&model);
    model.setSegment(in.segment());
    QVERIFY(out->append(ramp(0, 6)));
    out.reset(); // its last elements, too
    QTRY_COMPARE(in.segment()->state(), SharedSegment::State::Orphaned);
    QTRY_COMPARE(shown(model), ramp(0, 6));
    in.close();
    QCOMPARE(model.count(), 0);
}

void tst_StreamModel::roles()
{
    SharedStream<Line> lines(uniqueName());
    QVERIFY(lines.create(5));
    SharedStreamModel model;
    const auto checks = tester(&model);
    QCOMPARE(roleOf(model, "position"), int(SharedStreamModel::PositionRole));
    model.setSegment(lines.segment());
    QVERIFY(lines.append(Line{1, -2, "three"}));
    QTRY_COMPARE(model.count(), 1);
    // The field takes the role of its name.
    QCOMPARE(cell(model, 0, 0, roleOf(model, "position")), QVariant(-2));
    QCOMPARE(cell(model, 0, 0, roleOf(model, "text")), QVariant(u"three"_s));
    QCOMPARE(cell(model, 0, 0, roleOf(model, "value")), QVariant(qint64(1)));
    QCOMPARE(cell(model, 0, 2, Qt::DisplayRole), QVariant(u"three"_s));
    QCOMPARE(cell(model, 0, 0, SharedStreamModel::PositionRole), QVariant(quint64(0)));
    QCOMPARE(cell(model, 0, 0, SharedStreamModel::FirstFieldRole + 3), QVariant());
    QCOMPARE(cell(model, 0, 0, Qt::ToolTipRole), QVariant());
    QCOMPARE(cell(model, 1), QVariant());
    QCOMPARE(model.headerData(2, Qt::Horizontal), QVariant(u"text"_s));
}

void tst_StreamModel::times()
{
    const auto timeOf = [](const SharedStreamModel &model, int row) {
        return cell(model, row, 0, SharedStreamModel::TimeRole).toDateTime();
    };
    const QDateTime begin = QDateTime::currentDateTime();
    Stream stream(uniqueName());
    QVERIFY(stream.create(50));
    QVERIFY(stream.append(ramp(0, 3)));
    SharedStreamModel model;
    const auto checks = tester(&model);
    model.setSegment(stream.segment());
    QVERIFY(!timeOf(model, 0).isValid()); // nothing says when
    QVERIFY(timeOf(model, 2) >= begin.addMSecs(-1));
    QVERIFY(stream.append(ramp(3, 3)));
    QTRY_COMPARE(model.count(), 6);
    QVERIFY(timeOf(model, 3) >= timeOf(model, 2));
    QCOMPARE(timeOf(model, 3), timeOf(model, 5));
    QVERIFY(timeOf(model, 5) <= QDateTime::currentDateTime());

    Stream sampled(uniqueName());
    sampled.segment()->setMetadata({{u"sampleRate"_s, 1000}});
    QVERIFY(sampled.create(50));
    QVERIFY(sampled.append(ramp(0, 11)));
    model.setSegment(sampled.segment());
    QCOMPARE(timeOf(model, 0).msecsTo(timeOf(model, 10)), 10);

    SharedStream<Line> lines(uniqueName());
    lines.segment()->setMetadata({{u"timeField"_s, u"timestamp"_s}});
    QVERIFY(lines.create(5));
    QVERIFY(lines.append(Line{1'700'000'000'123'000'000, 0, ""}));
    model.setSegment(lines.segment());
    QCOMPARE(timeOf(model, 0), QDateTime::fromMSecsSinceEpoch(1'700'000'000'123));
}

void tst_StreamModel::behindAFilter()
{
    SharedStream<Line> lines(uniqueName());
    QVERIFY(lines.create(100));
    SharedStreamModel model;
    model.setLimit(6);
    QSortFilterProxyModel proxy;
    proxy.setSourceModel(&model);
    proxy.setFilterRole(SharedStreamModel::FirstFieldRole + 2);
    proxy.setFilterFixedString(u"odd"_s);
    const QAbstractItemModelTester checks(&proxy, QAbstractItemModelTester::FailureReportingMode::Fatal);
    model.setSegment(lines.segment());
    for (qint32 i = 0; i < 20; ++i) {
        QVERIFY(i % 2 ? lines.append(Line{0, i, "odd"}) : lines.append(Line{0, i, "even"}));
        QTRY_COMPARE(model.revision(), quint64(i + 1));
    }
    QCOMPARE(proxy.rowCount(), 3);
    QCOMPARE(cell(proxy, 2, 1), QVariant(19));
}

void tst_StreamModel::anotherKind()
{
    SharedArray<quint64> array(uniqueName());
    SharedStreamModel model;
    const auto checks = tester(&model);
    model.setSegment(array.segment());
    QSignalSpy failed(array.segment(), &SharedSegment::errorOccurred);
    QVERIFY(array.create(4));
    QCOMPARE(failed.count(), 1); // once
    QCOMPARE(array.error(), Error::LayoutMismatch);
    QVERIFY2(array.errorString().contains(u"SharedArrayModel"_s), qPrintable(array.errorString()));
    QCOMPARE(errorstyle::problemOf(array.errorString()), QString());
    QVERIFY(array.publish(ramp(0, 4)));
    QTest::qWait(40); // nothing to wait for: nothing comes
    QCOMPARE(model.count(), 0);

    Stream stream(uniqueName());
    QVERIFY(stream.create(4));
    QVERIFY(stream.append(ramp(0, 4)));
    SharedArrayModel arrays;
    const auto arrayChecks = tester(&arrays);
    arrays.setSegment(stream.segment());
    QCOMPARE(stream.error(), Error::LayoutMismatch);
    QVERIFY2(stream.errorString().contains(u"SharedStreamModel"_s), qPrintable(stream.errorString()));
    QCOMPARE(errorstyle::problemOf(stream.errorString()), QString());
    QCOMPARE(arrays.count(), 0);
    QCOMPARE(arrays.revision(), 0u);
    QCOMPARE(arrays.slice(), QByteArray());
    QVERIFY(qIsNaN(arrays.maximum()));
    arrays.setPaused(true);
    QCOMPARE(arrays.count(), 0);
    // Each shows what it can.
    model.setSegment(stream.segment());
    arrays.setSegment(array.segment());
    QCOMPARE(shown(model), ramp(0, 4));
    QCOMPARE(arrays.count(), 4);
}

/// A view may react to rows by what inserts or removes rows.
void tst_StreamModel::changesInSlots()
{
    auto stream = std::make_unique<Stream>(uniqueName());
    QVERIFY(stream->create(50));
    SharedStreamModel model;
    const auto checks = tester(&model);
    model.setLimit(10);
    model.setSegment(stream->segment());
    const auto first = connect(&model, &QAbstractItemModel::rowsInserted, this, [&] { model.setLimit(4); });
    QVERIFY(stream->append(ramp(0, 8)));
    QTRY_COMPARE(shown(model), ramp(4, 4));
    disconnect(first);
    const auto second = connect(&model, &QAbstractItemModel::rowsRemoved, this, [&] { stream->close(); });
    QVERIFY(stream->append(ramp(8, 3)));
    QTRY_COMPARE(model.count(), 0);
    disconnect(second);
    QVERIFY(stream->create(50));
    connect(&model, &QAbstractItemModel::rowsRemoved, this, [&] { stream.reset(); });
    QVERIFY(stream->append(ramp(0, 3)));
    QTRY_COMPARE(model.count(), 3);
    QVERIFY(stream->append(ramp(3, 3)));
    QTRY_COMPARE(model.segment(), nullptr);
    QTRY_COMPARE(model.count(), 0);
}

QTEST_GUILESS_MAIN(tst_StreamModel)
#include "tst_streammodel.moc"
