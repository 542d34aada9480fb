// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "../lifetime/testsupport.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedArrayModel>

#include <QtCore/QAbstractItemModel>
#include <QtCore/QElapsedTimer>
#include <QtCore/QSet>
#include <QtQml/QQmlComponent>
#include <QtQml/QQmlEngine>
#include <QtQuick/QQuickItem>
#include <QtQuick/QQuickView>
#include <QtTest/QAbstractItemModelTester>
#include <QtTest/QSignalSpy>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <limits>
#include <new>
#include <numeric>
#include <random>

using namespace Qt::StringLiterals;
using namespace testsupport;

namespace {

#ifdef SHAREDSEGMENT_PORTABLE
/// Of this thread alone: the replacement for a kqueue has a thread of its own.
thread_local quint64 allocations = 0;
#else
std::atomic<quint64> allocations = 0;
#endif

} // namespace

// The address sanitizer brings its own.
#ifndef __SANITIZE_ADDRESS__
// GCC falsely warns of free() where it inlines these.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif
void *operator new(std::size_t size)
{
    ++allocations;
    if (void *memory = std::malloc(size))
        return memory;
    throw std::bad_alloc();
}

void operator delete(void *memory) noexcept
{
    std::free(memory);
}

void operator delete(void *memory, std::size_t) noexcept
{
    std::free(memory);
}
#endif

struct Sample
{
    qint32 id;
    double value;
    char label[12];
    float matrix[3];
    bool valid;
    quint8 index;
    quint64 model;
};
SHARED_STRUCT(Sample, id, value, label, matrix, valid, index, model)

struct Point
{
    double x;
    double y;
};
SHARED_STRUCT(Point, x, y)

struct Body
{
    Point pos;
    qint32 pos_x;
};
SHARED_STRUCT(Body, pos, pos_x)

namespace {

quint64 wordOf(quint64 key, quint64 index)
{
    return index == 0 ? key : (key + index) * 0x9e3779b97f4a7c15u;
}

QVariant cell(const QAbstractItemModel &model, int row, int column = 0, int role = Qt::DisplayRole)
{
    return model.data(model.index(row, column), role);
}

int roleOf(const QAbstractItemModel &model, const char *name)
{
    return model.roleNames().key(name, -1);
}

/// Fatal checks of every signal of a model.
std::unique_ptr<QAbstractItemModelTester> tester(SharedArrayModel *model)
{
    return std::make_unique<QAbstractItemModelTester>(model, QAbstractItemModelTester::FailureReportingMode::Fatal);
}

} // namespace

class tst_Model : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void defaults();
    void rolesAndColumns();
    void namesWithDots();
    void scalarElement();
    void refreshesOnceAFrame();
    void announcesOnlyChanges();
    void bytesWithoutMeaningAreNoChange();
    void forgetsAndStillTells();
    void lengthChangesAtTheEnd();
    void roleNamesStay();
    void delegatesAreMadeOnce_data();
    void delegatesAreMadeOnce();
    void maximumRateIsKept();
    void readsNothingUnlessRequested();
    void readsOnlyRequestedRows();
    void pausesWhileItsViewIsHidden();
    void showsOneRevision_data();
    void showsOneRevision();
    void allocatesNothingInSteadyState();
    void pauseKeepsTheRevision();
    void pauseTakesTheNewest();
    void window();
    void ownerComesAndGoes();
    void ownerReturnsWithSameRows();
    void updateWhileRowsAppear();
    void segmentDies();
    void twoModelsOnOneSegment();
    void stormOfSegments();
    void setData_data();
    void setData();
    void editsAreOneRevision();
    void notWritable();
    void interruptedValueIsNoError();
    void slice();
    void reductions();
    void reductionsOfFieldsAndArrays();
    void listViewShowsAll();

private:
    RegistryFolder m_folder;
};

void tst_Model::defaults()
{
    SharedArrayModel model;
    const auto checks = tester(&model);
    QCOMPARE(model.segment(), nullptr);
    QCOMPARE(model.firstRow(), 0);
    QCOMPARE(model.rowLimit(), -1);
    QCOMPARE(model.maximumRate(), 0.0);
    QCOMPARE(model.isPaused(), false);
    QCOMPARE(model.revision(), 0u);
    QVERIFY(!model.updatedAt().isValid());
    QCOMPARE(model.count(), 0);
    QCOMPARE(model.rowCount(), 0);
    QCOMPARE(model.columnCount(), 0);
    QVERIFY(model.slice().isEmpty());
    QVERIFY(std::isnan(model.minimum()));
    QCOMPARE(model.sum(), 0.0);
    QVERIFY(!model.endEdit());
}

void tst_Model::rolesAndColumns()
{
    SharedArray<Sample> samples(uniqueName());
    QVERIFY2(samples.create(2), qPrintable(samples.errorString()));
    SharedArrayModel model;
    const auto checks = tester(&model);
    model.setSegment(samples.segment());
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.columnCount(), 7);
    QCOMPARE(cell(model, 1, 1), QVariant(0.0));
    const Sample sample{-7, 2.5, "fünfzehn", {1, 2, 3}, true, 200, 1ull << 63};
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    const Sample values[]{Sample{}, sample};
    QVERIFY(samples.write(values));
    QVERIFY(changed.wait());

    QCOMPARE(model.headerData(2, Qt::Horizontal), QVariant(u"label"_s));
    QCOMPARE(model.headerData(5, Qt::Horizontal), QVariant(u"index"_s));
    QCOMPARE(model.headerData(1, Qt::Vertical), QVariant(1));
    for (const char *name : {"display", "edit", "id", "value", "label", "matrix", "valid", "index_", "model_"})
        QVERIFY2(roleOf(model, name) >= 0, name);
    QCOMPARE(model.roleNames().size(), 9);
    QCOMPARE(cell(model, 1, 0), QVariant(-7));
    QCOMPARE(cell(model, 1, 0, roleOf(model, "value")), QVariant(2.5));
    QCOMPARE(cell(model, 1, 2, Qt::EditRole), QVariant(u"fünfzehn"_s));
    QCOMPARE(cell(model, 1, 0, roleOf(model, "label")), QVariant(u"fünfzehn"_s));
    QCOMPARE(cell(model, 1, 3, Qt::EditRole), QVariant(QVariantList{1.0f, 2.0f, 3.0f}));
    QCOMPARE(cell(model, 1, 0, roleOf(model, "matrix")), QVariant(QVariantList{1.0f, 2.0f, 3.0f}));
    QCOMPARE(cell(model, 1, 3), QVariant(u"1, 2, 3"_s));
    QCOMPARE(cell(model, 1, 4), QVariant(true));
    QCOMPARE(cell(model, 1, 5), QVariant(200));
    QCOMPARE(cell(model, 1, 6), QVariant(quint64(1) << 63));
    QCOMPARE(cell(model, 1, 0, Qt::DecorationRole), QVariant());
    QCOMPARE(model.revision(), 1u);
    QVERIFY(std::abs(model.updatedAt().msecsTo(QDateTime::currentDateTime())) < Deadline);
}

void tst_Model::namesWithDots()
{
    SharedArray<Body> bodies(uniqueName());
    QVERIFY(bodies.create(1));
    SharedArrayModel model;
    model.setSegment(bodies.segment());
    QCOMPARE(model.headerData(0, Qt::Horizontal), QVariant(u"pos.x"_s));
    QVERIFY(roleOf(model, "pos_x") >= 0);
    QVERIFY(roleOf(model, "pos_y") >= 0);
    QVERIFY(roleOf(model, "pos_x_") >= 0);
    QCOMPARE(model.roleNames().size(), 6);
}

void tst_Model::scalarElement()
{
    SharedArray<float> floats(uniqueName());
    QVERIFY(floats.create(3));
    SharedArrayModel model;
    model.setSegment(floats.segment());
    QCOMPARE(model.columnCount(), 1);
    QCOMPARE(model.headerData(0, Qt::Horizontal), QVariant(u"value"_s));
    QCOMPARE(model.roleNames().size(), 3);
    QCOMPARE(cell(model, 2, 0, roleOf(model, "value")), QVariant(0.0f));
}

void tst_Model::refreshesOnceAFrame()
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
        values.write()[999] = double(++published);
        QCoreApplication::processEvents();
    }
    // Twenty frames; the first at once, and room for a timer that is a little early.
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
void tst_Model::announcesOnlyChanges()
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
            auto writer = samples.write();
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
void tst_Model::bytesWithoutMeaningAreNoChange()
{
    SharedArray<Sample> samples(uniqueName());
    QVERIFY(samples.create(1));
    {
        auto writer = samples.write();
        writer[0] = Sample{};
        std::memcpy(writer[0].label, "abc\0x", 5);
    }
    SharedArrayModel model;
    model.setSegment(samples.segment());
    QTRY_COMPARE(model.revision(), 1u);
    QCOMPARE(cell(model, 0, 2), QVariant(u"abc"_s));
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    std::memcpy(samples.write()[0].label, "abc\0y", 5);
    QTRY_COMPARE(model.revision(), 2u);
    QCOMPARE(changed.count(), 0);
}

/// Rows that were read once are not read for ever; a view that shows them is still told of each change.
void tst_Model::forgetsAndStillTells()
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
            auto writer = values.write();
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

/// For views a new instance's rows are rows, and the views stay where they are.
void tst_Model::lengthChangesAtTheEnd()
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

/// Qt Quick's views begin anew where a reset changes the names of roles.
void tst_Model::roleNamesStay()
{
    SharedArrayModel model;
    const QHash<int, QByteArray> atFirst = model.roleNames();
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    {
        SharedArray<double> values(uniqueName());
        QVERIFY(values.create(3));
        model.setSegment(values.segment());
        QCOMPARE(model.roleNames(), atFirst);
        QCOMPARE(reset.count(), 1);
        values.close();
        QCOMPARE(model.roleNames(), atFirst);
    }
    SharedArray<Sample> samples(uniqueName());
    QVERIFY(samples.create(3));
    model.setSegment(samples.segment());
    const QHash<int, QByteArray> ofSamples = model.roleNames();
    QVERIFY(ofSamples != atFirst);
    QCOMPARE(model.rowCount(), 3);
    samples.close();
    QCOMPARE(model.rowCount(), 0);
    QCOMPARE(model.roleNames(), ofSamples);
    QVERIFY(samples.create(4));
    QCOMPARE(model.roleNames(), ofSamples);
    model.setSegment(nullptr);
    QCOMPARE(model.roleNames(), ofSamples);
}

void tst_Model::delegatesAreMadeOnce_data()
{
    QTest::addColumn<QString>("layout");
    QTest::addColumn<QByteArray>("view");
    for (const char *view : {"Repeater", "ListView"}) {
        QTest::addRow("%s of numbers", view) << u"f64"_s << QByteArray(view);
        QTest::addRow("%s of structs", view) << u"S{value:f64;id:i32}"_s << QByteArray(view);
    }
}

void tst_Model::delegatesAreMadeOnce()
{
    QFETCH(QString, layout);
    QFETCH(QByteArray, view);
    QQuickView window;
    QQmlEngine &engine = *window.engine();
    engine.addImportPath(testPath("IMPORT_PATH"));
    QQmlComponent component(&engine);
    component.setData(R"(
        import QtQuick
        import SharedSegment
        Item {
            id: page
            property int made: 0
            property alias source: model.segment
            SharedArrayModel { id: model }
            )" + view + R"( {
                width: 100; height: 400
                model: model
                delegate: Text { required property double value; height: 20; text: value; Component.onCompleted: ++page.made }
            }
        }
    )",
                      QUrl());
    auto *object = qobject_cast<QQuickItem *>(component.create());
    QVERIFY2(object, qPrintable(component.errorString()));
    window.setContent(QUrl(), &component, object); // the segment owns it from here on
    window.resize(100, 400); // without a size it draws nothing, and a list is filled when it is drawn
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    SharedSegment segment(uniqueName());
    QVERIFY(segment.create(SharedLayout::parse(layout), 5));
    object->setProperty("source", QVariant::fromValue(&segment));
    QTRY_COMPARE(object->property("made"), QVariant(5));
    QTest::qWait(100); // nothing to wait for: nothing more comes
    QCOMPARE(object->property("made"), QVariant(5));
    segment.close();
    QVERIFY(segment.create(SharedLayout::parse(layout), 5));
    QTRY_COMPARE(object->property("made"), QVariant(10));
    QTest::qWait(100);
    QCOMPARE(object->property("made"), QVariant(10));
}

void tst_Model::maximumRateIsKept()
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
        values.write()[0] = double(timer.elapsed());
        QCoreApplication::processEvents();
    }
    QVERIFY2(changed.count() >= 2 && changed.count() <= 4, qPrintable(QString::number(changed.count())));
}

void tst_Model::readsNothingUnlessRequested()
{
    SharedArray<double> values(uniqueName());
    QVERIFY(values.create(10));
    SharedArrayModel model;
    model.setSegment(values.segment());
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    for (int i = 1; i <= 5; ++i) {
        values.write()[0] = i;
        QTRY_COMPARE(changed.count(), i);
    }
    QCOMPARE(model.readCount(), 0u);
    QCOMPARE(model.revision(), 5u);
    QCOMPARE(cell(model, 0), QVariant(5.0));
    QCOMPARE(cell(model, 9), QVariant(0.0));
    QCOMPARE(model.readCount(), 1u);
    values.write()[0] = 6;
    QTRY_COMPARE(changed.count(), 6);
    QCOMPARE(model.readCount(), 2u);
}

void tst_Model::readsOnlyRequestedRows()
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
    constexpr int frames = 20;
    qint64 nearby = 0;
    for (int i = 0; i < frames; ++i) {
        values.write()[2'000'001] = i + 1;
        const int before = int(changed.count());
        QTRY_VERIFY(changed.count() > before);
        timer.start();
        QCOMPARE(cell(model, 2'000'001), QVariant(i + 1.0));
        nearby += timer.nsecsElapsed();
    }
    QVERIFY2(nearby / frames < 1'000'000, qPrintable(QString::number(nearby / frames)));
}

void tst_Model::pausesWhileItsViewIsHidden()
{
    SharedArray<double> values(uniqueName());
    QVERIFY(values.create(10));
    QQmlEngine engine;
    engine.addImportPath(testPath("IMPORT_PATH"));
    QQmlComponent component(&engine);
    component.setData(R"(
        import QtQuick
        import SharedSegment
        ListView {
            width: 100; height: 100
            property alias shared: shown
            model: SharedArrayModel { id: shown }
            delegate: Text { required property double value; text: value }
        }
    )",
                      QUrl());
    std::unique_ptr<QObject> object(component.create());
    QVERIFY2(object, qPrintable(component.errorString()));
    QQuickView window;
    window.resize(100, 100);
    auto *view = qobject_cast<QQuickItem *>(object.get());
    view->setParentItem(window.contentItem());
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    auto *model = view->property("shared").value<SharedArrayModel *>();
    QVERIFY(model);
    model->setSegment(values.segment());
    QTRY_VERIFY(model->readCount() > 0);

    QSignalSpy updated(values.segment(), &SharedSegment::updated);
    QSignalSpy changed(model, &QAbstractItemModel::dataChanged);
    auto publish = [&](double value) {
        updated.clear();
        values.write()[0] = value;
        QVERIFY(updated.count() > 0 || updated.wait());
        QCoreApplication::processEvents();
    };
    auto reads = model->readCount();
    view->setVisible(false);
    for (int i = 1; i < 5; ++i)
        publish(i);
    QCOMPARE(model->readCount(), reads);
    QCOMPARE(changed.count(), 0);
    view->setVisible(true);
    QTRY_COMPARE(model->revision(), 4u);
    QTRY_VERIFY(model->readCount() > reads);

    window.hide();
    QCoreApplication::processEvents();
    reads = model->readCount();
    for (int i = 5; i < 9; ++i)
        publish(i);
    QCOMPARE(model->readCount(), reads);
    window.show();
    QTRY_COMPARE(model->revision(), 8u);
}

void tst_Model::showsOneRevision_data()
{
    QTest::addColumn<int>("length");
    QTest::newRow("copied whole") << 1000;
    QTest::newRow("copied in part") << 200'000;
}

void tst_Model::showsOneRevision()
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

void tst_Model::allocatesNothingInSteadyState()
{
#ifdef __SANITIZE_ADDRESS__
    QSKIP("the address sanitizer's allocator counts for itself");
#endif
    const QString name = uniqueName();
    const auto peer = owner(name, preferredBackend(), 1000);
    SharedSegment segment(name);
    QVERIFY(segment.open());
    SharedArrayModel model;
    model.setSegment(&segment);
    int frames = 0;
    quint64 counted = 0;
    quint64 sum = 0;
    quint64 before = 0;
    // What the model does between the update and the end of its refresh.
    connect(&model, &SharedArrayModel::revisionChanged, this, [&] { before = allocations; });
    connect(&model, &QAbstractItemModel::dataChanged, this, [&] {
        for (int row = 0; row < 30; ++row)
            sum += model.data(model.index(row, 0), Qt::DisplayRole).toULongLong();
        if (++frames > 5)
            counted += allocations - before;
    });
    peer->tell("spin");
    QTRY_VERIFY_WITH_TIMEOUT(frames >= 40, Deadline);
    QVERIFY(sum > 0);
    QCOMPARE(counted, 0u);
}

void tst_Model::pauseKeepsTheRevision()
{
    SharedArray<quint64> values(uniqueName());
    QVERIFY(values.create(100'000));
    SharedArrayModel model;
    const auto checks = tester(&model);
    model.setSegment(values.segment());
    QList<quint64> numbers(100'000, 7);
    QVERIFY(values.write(numbers));
    QTRY_COMPARE(model.revision(), 1u);
    QCOMPARE(cell(model, 0), QVariant(quint64(7)));
    model.setPaused(true);
    const quint64 reads = model.readCount();
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QSignalSpy updated(values.segment(), &SharedSegment::updated);
    for (quint64 i = 8; i < 12; ++i) {
        numbers.fill(i);
        updated.clear();
        QVERIFY(values.write(numbers));
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

void tst_Model::pauseTakesTheNewest()
{
    SharedArray<quint64> values(uniqueName());
    QVERIFY(values.create(100'000));
    SharedArrayModel model;
    const auto checks = tester(&model);
    model.setSegment(values.segment());
    QList<quint64> numbers(100'000, 7);
    QVERIFY(values.write(numbers));
    QTRY_COMPARE(model.revision(), 1u);
    QCOMPARE(cell(model, 0), QVariant(quint64(7)));
    numbers.fill(8);
    QVERIFY(values.write(numbers)); // The model does not know it yet when it is paused.
    model.setPaused(true);
    QCOMPARE(model.revision(), 2u);
    QCOMPARE(cell(model, 0), QVariant(quint64(8)));
    QCOMPARE(cell(model, 99'999), QVariant(quint64(8)));
}

void tst_Model::window()
{
    SharedArray<int> values(uniqueName());
    QVERIFY(values.create(100));
    QList<int> numbers(100);
    std::iota(numbers.begin(), numbers.end(), 0);
    QVERIFY(values.write(numbers));
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

void tst_Model::ownerComesAndGoes()
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

/// What is published after a view has read its new rows, and before the model has announced all of them, is shown too.
void tst_Model::updateWhileRowsAppear()
{
    SharedArray<int> values(uniqueName());
    QVERIFY(values.create(3));
    SharedArrayModel model;
    const auto checks = tester(&model);
    connect(&model, &QAbstractItemModel::modelReset, this, [&] {
        QCOMPARE(cell(model, 0), QVariant(0));
        QVERIFY(values.write(QList<int>{7, 8, 9}));
    });
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    model.setSegment(values.segment());
    QTRY_COMPARE(changed.count(), 1);
    QCOMPARE(cell(model, 0), QVariant(7));
    QCOMPARE(model.revision(), 1u);
}

void tst_Model::ownerReturnsWithSameRows()
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

void tst_Model::segmentDies()
{
    SharedArrayModel model;
    const auto checks = tester(&model);
    QSignalSpy changed(&model, &SharedArrayModel::segmentChanged);
    {
        SharedArray<double> values(uniqueName());
        QVERIFY(values.create(10));
        model.setSegment(values.segment());
        QCOMPARE(cell(model, 0), QVariant(0.0));
        values.write()[0] = 1;
        model.beginEdit();
        QVERIFY(model.setData(model.index(0, 0), 2.0));
    }
    QCOMPARE(model.segment(), nullptr);
    QCOMPARE(model.count(), 0);
    QCOMPARE(changed.count(), 2);
    QVERIFY(model.endEdit()); // nothing is left to publish
    QCoreApplication::processEvents();
}

void tst_Model::twoModelsOnOneSegment()
{
    SharedArray<double> values(uniqueName());
    QVERIFY(values.create(10));
    SharedArrayModel fast;
    auto slow = std::make_unique<SharedArrayModel>();
    fast.setSegment(values.segment());
    slow->setSegment(values.segment());
    slow->setPaused(true);
    values.write()[0] = 3;
    QTRY_COMPARE(cell(fast, 0), QVariant(3.0));
    QCOMPARE(slow->revision(), 0u);
    slow.reset();
    values.write()[0] = 4;
    QTRY_COMPARE(cell(fast, 0), QVariant(4.0));
}

void tst_Model::stormOfSegments()
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
                owner->write().publish();
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

void tst_Model::setData_data()
{
    QTest::addColumn<int>("column");
    QTest::addColumn<QVariant>("value");
    QTest::addColumn<QVariant>("expected"); // invalid: refused
    QTest::newRow("int") << 0 << QVariant(5) << QVariant(5);
    QTest::newRow("int from a whole double") << 0 << QVariant(-5.0) << QVariant(-5);
    QTest::newRow("int from text") << 0 << QVariant(u" 42 "_s) << QVariant(42);
    QTest::newRow("int from a fraction") << 0 << QVariant(0.5) << QVariant();
    QTest::newRow("int too great") << 0 << QVariant(2147483648.0) << QVariant();
    QTest::newRow("int too small") << 0 << QVariant(qint64(-2147483649)) << QVariant();
    QTest::newRow("int of NaN") << 0 << QVariant(std::nan("")) << QVariant();
    QTest::newRow("int of words") << 0 << QVariant(u"five"_s) << QVariant();
    QTest::newRow("int of nothing") << 0 << QVariant() << QVariant();
    QTest::newRow("double") << 1 << QVariant(0.25) << QVariant(0.25);
    QTest::newRow("double from text") << 1 << QVariant(u"1e3"_s) << QVariant(1000.0);
    QTest::newRow("double of a list") << 1 << QVariant(QVariantList{1}) << QVariant();
    QTest::newRow("text") << 2 << QVariant(u"abc"_s) << QVariant(u"abc"_s);
    QTest::newRow("text that fills it") << 2 << QVariant(u"abcdefghijkl"_s) << QVariant(u"abcdefghijkl"_s);
    QTest::newRow("text too long") << 2 << QVariant(u"abcdefghijklm"_s) << QVariant();
    QTest::newRow("text too long in bytes") << 2 << QVariant(u"üüüüüüü"_s) << QVariant();
    QTest::newRow("text of a number") << 2 << QVariant(5) << QVariant();
    QTest::newRow("array") << 3 << QVariant(QVariantList{1, 2.5, 3}) << QVariant(QVariantList{1.0f, 2.5f, 3.0f});
    QTest::newRow("array too short") << 3 << QVariant(QVariantList{1, 2}) << QVariant();
    QTest::newRow("array with one bad") << 3 << QVariant(QVariantList{1, 2, u"x"_s}) << QVariant();
    QTest::newRow("array beyond float") << 3 << QVariant(QVariantList{1, 2, 1e300}) << QVariant();
    QTest::newRow("bool") << 4 << QVariant(true) << QVariant(true);
    QTest::newRow("bool of two") << 4 << QVariant(2) << QVariant();
    QTest::newRow("u8") << 5 << QVariant(255) << QVariant(255);
    QTest::newRow("u8 too great") << 5 << QVariant(256) << QVariant();
    QTest::newRow("u8 negative") << 5 << QVariant(-1) << QVariant();
    QTest::newRow("u64") << 6 << QVariant(~quint64(0)) << QVariant(~quint64(0));
    QTest::newRow("u64 from text") << 6 << QVariant(u"18446744073709551615"_s) << QVariant(~quint64(0));
    QTest::newRow("u64 too great") << 6 << QVariant(18446744073709551616.0) << QVariant();
}

void tst_Model::setData()
{
    QFETCH(int, column);
    QFETCH(QVariant, value);
    QFETCH(QVariant, expected);
    SharedArray<Sample> samples(uniqueName());
    QVERIFY(samples.create(3));
    SharedArrayModel model;
    const auto checks = tester(&model);
    model.setSegment(samples.segment());
    const QModelIndex index = model.index(1, column);
    const QVariant before = model.data(index, Qt::EditRole);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QVERIFY(model.flags(index).testFlag(Qt::ItemIsEditable));
    QSignalSpy errors(samples.segment(), &SharedSegment::errorOccurred);
    QCOMPARE(model.setData(index, value), expected.isValid());
    QCOMPARE(errors.count(), expected.isValid() ? 0 : 1);
    if (!expected.isValid()) {
        QCOMPARE(samples.error(), SharedSegment::Error::InvalidValue);
        const QString name = model.headerData(column, Qt::Horizontal).toString();
        const QString begin = u"row 1: the field \"%1\" does not take the value: "_s.arg(name);
        QVERIFY2(samples.errorString().startsWith(begin), qPrintable(samples.errorString()));
    }
    QCOMPARE(samples.revision(), expected.isValid() ? 1u : 0u);
    QCOMPARE(model.data(index, Qt::EditRole), expected.isValid() ? expected : before);
    QCOMPARE(changed.count(), expected.isValid() ? 1 : 0);
    QVERIFY(!model.setData(index, value, Qt::DisplayRole));
    QVERIFY(!model.setData(QModelIndex(), value));
}

void tst_Model::editsAreOneRevision()
{
    SharedArray<double> values(uniqueName());
    QVERIFY(values.create(5));
    SharedArrayModel model;
    const auto checks = tester(&model);
    model.setSegment(values.segment());
    model.beginEdit();
    for (int row = 0; row < 5; ++row)
        QVERIFY(model.setData(model.index(row, 0), row + 1.0, roleOf(model, "value")));
    model.beginEdit();
    QVERIFY(model.endEdit());
    QCOMPARE(values.revision(), 0u);
    QVERIFY(model.endEdit());
    QCOMPARE(values.revision(), 1u);
    QCOMPARE(values.snapshot(), (QList<double>{1, 2, 3, 4, 5}));
    QCOMPARE(cell(model, 4), QVariant(5.0));
    model.beginEdit();
    QVERIFY(model.setData(model.index(0, 0), 9.0));
    model.cancelEdit();
    QVERIFY(!model.endEdit());
    QCOMPARE(values.revision(), 1u);
}

void tst_Model::notWritable()
{
    const QString name = uniqueName();
    const auto peer = owner(name, preferredBackend(), 4);
    SharedSegment segment(name);
    QVERIFY(segment.open());
    SharedArrayModel model;
    model.setSegment(&segment);
    const QModelIndex index = model.index(0, 0);
    QVERIFY(!model.flags(index).testFlag(Qt::ItemIsEditable));
    QVERIFY(!model.setData(index, 1));
    QCOMPARE(segment.error(), SharedSegment::Error::PermissionDenied);
    segment.setError(SharedSegment::Error::NoError, QString());
    model.beginEdit();
    QVERIFY(!model.setData(index, 1));
    QCOMPARE(segment.error(), SharedSegment::Error::PermissionDenied);
    QVERIFY(model.endEdit());
}

void tst_Model::interruptedValueIsNoError()
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

void tst_Model::slice()
{
    SharedArray<qint16> values(uniqueName());
    QVERIFY(values.create(6));
    const QList<qint16> numbers{1, 2, 3, 4, 5, 6};
    QVERIFY(values.write(numbers));
    SharedArrayModel model;
    model.setSegment(values.segment());
    auto bytes = [&](int first, int count) {
        return QByteArray(reinterpret_cast<const char *>(numbers.constData() + first), count * 2);
    };
    QCOMPARE(model.slice(), bytes(0, 6));
    QCOMPARE(model.slice(4), bytes(4, 2));
    QCOMPARE(model.slice(1, 3), bytes(1, 3));
    model.setFirstRow(2);
    QCOMPARE(model.slice(1, 1), bytes(3, 1));
    QVERIFY(model.slice(-1, 2).isEmpty());
    QVERIFY(model.slice(0, 5).isEmpty());
    QVERIFY(model.slice(4, 1).isEmpty());
    QVERIFY(model.slice(1, std::numeric_limits<qint64>::max()).isEmpty());
    QVERIFY(model.slice(std::numeric_limits<qint64>::min(), -1).isEmpty());
}

void tst_Model::reductions()
{
    SharedArray<double> values(uniqueName());
    QVERIFY(values.create(1001));
    QList<double> numbers(1001, 2.0);
    numbers[0] = std::nan("");
    numbers[500] = -3;
    numbers[1000] = 7;
    QVERIFY(values.write(numbers));
    SharedArrayModel model;
    model.setSegment(values.segment());
    QCOMPARE(model.minimum(), -3.0);
    QCOMPARE(model.maximum(), 7.0);
    QCOMPARE(model.sum(), 998 * 2.0 + 4);
    QCOMPARE(model.mean(), (998 * 2.0 + 4) / 1000);
    QCOMPARE(model.minimum(501, 500), 2.0);
    QCOMPARE(model.maximum(0, 1000), 2.0);
    QVERIFY(std::isnan(model.minimum(0, 1)));
    QVERIFY(std::isnan(model.mean(0, 1)));
    QVERIFY(std::isnan(model.minimum(0, 0)));
    QVERIFY(std::isnan(model.maximum(0, 1002)));
    QVERIFY(std::isnan(model.maximum(0, 10, u"none"_s)));
    // The newest revision, also before the model shows it.
    numbers[3] = std::numeric_limits<double>::infinity();
    QVERIFY(values.write(numbers));
    QCOMPARE(model.maximum(), std::numeric_limits<double>::infinity());
}

void tst_Model::reductionsOfFieldsAndArrays()
{
    SharedArray<Sample> samples(uniqueName());
    QVERIFY(samples.create(20));
    {
        auto writer = samples.write();
        for (qint32 i = 0; i < 20; ++i)
            writer[i] = {-i, i * 0.5, "x", {float(i), 50, 1}, i == 3, quint8(i * 10), ~quint64(0)};
    }
    SharedArrayModel model;
    model.setSegment(samples.segment());
    QCOMPARE(model.minimum(), -19.0);
    QCOMPARE(model.minimum(0, -1, u"id"_s), -19.0);
    QCOMPARE(model.maximum(0, -1, u"value"_s), 9.5);
    QCOMPARE(model.maximum(0, -1, u"matrix"_s), 50.0);
    QCOMPARE(model.sum(0, 2, u"matrix"_s), 0.0 + 50 + 1 + 1 + 50 + 1);
    QCOMPARE(model.sum(0, -1, u"valid"_s), 1.0);
    QCOMPARE(model.maximum(0, -1, u"index"_s), 190.0);
    QCOMPARE(model.maximum(0, -1, u"index_"_s), 190.0);
    QCOMPARE(model.maximum(0, -1, u"model"_s), 18446744073709551615.0);
    QVERIFY(std::isnan(model.minimum(0, -1, u"label"_s)));
}

void tst_Model::listViewShowsAll()
{
    const QString name = uniqueName();
    QQmlEngine engine;
    engine.addImportPath(testPath("IMPORT_PATH"));
    QQmlComponent component(&engine);
    component.setData(R"(
        import QtQuick
        import SharedSegment
        Item {
            id: page
            property string name
            property alias repeater: repeater
            SharedSegment { id: segment; active: true; name: page.name }
            Repeater {
                id: repeater
                model: SharedArrayModel { segment: segment }
                delegate: Text { required property double value; text: value }
            }
        }
    )",
                      QUrl());
    std::unique_ptr<QObject> object(component.createWithInitialProperties({{u"name"_s, name}}));
    QVERIFY2(object, qPrintable(component.errorString()));
    auto *repeater = object->property("repeater").value<QObject *>();
    QCOMPARE(repeater->property("count"), QVariant(0));
    const auto peer = owner(name, preferredBackend(), 3);
    QTRY_COMPARE_WITH_TIMEOUT(repeater->property("count"), QVariant(3), Deadline);
    QCOMPARE(peer->ask("publish 12"), u"published 1"_s);
    QQuickItem *item = nullptr;
    QVERIFY(QMetaObject::invokeMethod(repeater, "itemAt", Q_RETURN_ARG(QQuickItem *, item), Q_ARG(int, 0)));
    QVERIFY(item);
    QTRY_COMPARE(item->property("text"), QVariant(u"12"_s));
}

QTEST_MAIN(tst_Model)

#include "tst_model.moc"
