// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// A segment of another process may be larger than the machine and cost its owner nothing: a read of it is bounded, or an error.

#include "../../support/sparsesegment.h"
#include "../../support/testsupport.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedArrayModel>
#include <SharedSegment/SharedObject>
#include <SharedSegment/SharedPlot>

#include <QtCore/QElapsedTimer>
#include <QtCore/QRegularExpression>
#include <QtGui/QImage>
#include <QtQml/QQmlComponent>
#include <QtQml/QQmlEngine>
#include <QtQuick/QQuickView>
#include <QtTest/QSignalSpy>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <unistd.h>
#include <utility>

using namespace Qt::StringLiterals;
using namespace testsupport;
using Error = SharedSegment::Error;

namespace {

// In bytes. The address sanitizer divides the address space.
#ifdef __SANITIZE_ADDRESS__
constexpr quint64 Most = quint64(1) << 45;
#else
constexpr quint64 Most = (quint64(1) << 46) - (quint64(1) << 20);
#endif
/// Far more than it takes on a busy machine, and far less than it takes to read all.
constexpr qint64 Bounded = 10000;
constexpr qint64 Gibibyte = qint64(1) << 30;

} // namespace

class tst_Sparse : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void rows_data();
    void rows();
    void jumps();
    void copies_data() { rows_data(); }
    void copies();
    void object_data() { rows_data(); }
    void object();
    void plot_data() { rows_data(); }
    void plot();
    void writing();
    void takeOver();

private:
    RegistryFolder m_folder;
    QElapsedTimer m_timer;
};

void tst_Sparse::init()
{
    // A test that reads all would take hours, and no deadline of its own would end it.
    alarm(100);
    m_timer.start();
}

void tst_Sparse::cleanup()
{
    QVERIFY2(m_timer.elapsed() < Bounded, qPrintable(QString::number(m_timer.elapsed())));
    QCOMPARE(SharedSegment::names(), QStringList());
}

void tst_Sparse::rows_data()
{
    QTest::addColumn<QString>("layout");
    QTest::addColumn<quint64>("length");
    QTest::newRow("bytes") << u"u8"_s << Most;
    QTest::newRow("numbers") << u"f64"_s << Most / 8;
    QTest::newRow("structs") << u"S{id:i32;name:char[28];value:f64[4]}"_s << Most / 64;
    QTest::newRow("array of 2 GiB") << u"f64[268435455]"_s << Most / 8 / 268435455;
    QTest::newRow("text of 2 GiB") << u"char[2147483647]"_s << Most / 2147483647;
}

void tst_Sparse::rows()
{
    QFETCH(QString, layout);
    QFETCH(quint64, length);
    const QString name = uniqueName("sparse");
    const SparseSegment sparse(name, layout, length);
    QVERIFY(sparse.isReady());
    SharedSegment segment(name);
    QVERIFY2(segment.open(), qPrintable(segment.errorString()));
    QCOMPARE(quint64(segment.capacity()), length);
    SharedArrayModel model;
    model.setSegment(&segment);
    const bool isShown = segment.layout().elementSize() < Gibibyte;
    QCOMPARE(quint64(model.rowCount()), std::min<quint64>(length, std::numeric_limits<int>::max()));
    for (const int row : {0, model.rowCount() - 1, model.rowCount() / 2, 0}) {
        for (int column = 0; column < model.columnCount(); ++column) {
            for (const int role : {int(Qt::DisplayRole), int(Qt::UserRole)})
                QCOMPARE(model.data(model.index(row, column), role).isValid(), isShown);
        }
    }
    QCOMPARE(segment.error(), isShown ? Error::NoError : Error::OutOfMemory);
    // Another range, and another revision.
    model.setFirstRow(qint64(length) - 10);
    QCOMPARE(model.rowCount(), 10);
    QCOMPARE(model.data(model.index(9, 0)).isValid(), isShown);
    model.setFirstRow(0);
    QVERIFY(sparse.publish());
    QCOMPARE(model.data(model.index(model.rowCount() - 1, 0)).isValid(), isShown);
    // A copy of all of it is not available.
    model.setPaused(true);
    QCOMPARE(segment.error(), Error::OutOfMemory);
    model.setPaused(false);
    QCOMPARE(model.data(model.index(0, 0)).isValid(), isShown);
}

/// A view that goes from one end to the other shows the content, and receives updates.
void tst_Sparse::jumps()
{
    SharedArray<double> values(uniqueName());
    constexpr int Length = 20'000'000;
    values.segment()->setBufferCount(2);
    QVERIFY2(values.create(Length), qPrintable(values.errorString()));
    SharedArrayModel model;
    model.setSegment(values.segment());
    const auto cell = [&](int row) { return model.data(model.index(row, 0)).toDouble(); };
    QCOMPARE(cell(0), 0.0);
    QCOMPARE(cell(Length - 1), 0.0);
    bool isTold = false;
    connect(&model, &QAbstractItemModel::dataChanged, this, [&](const QModelIndex &from, const QModelIndex &to) {
        isTold = isTold || (from.row() <= Length - 1 && to.row() >= Length - 1);
    });
    for (int i = 1; i <= 3; ++i) {
        isTold = false;
        {
            auto writer = values.beginWrite();
            writer[0] = i;
            writer[Length - 1] = -i;
        }
        QTRY_COMPARE(model.revision(), quint64(i));
        QVERIFY(isTold);
        QCOMPARE(cell(Length - 1), double(-i));
        QCOMPARE(cell(0), double(i));
    }
}

void tst_Sparse::copies()
{
    QFETCH(QString, layout);
    QFETCH(quint64, length);
    const QString name = uniqueName("sparse");
    const SparseSegment sparse(name, layout, length);
    QVERIFY(sparse.isReady());
    SharedSegment segment(name);
    QVERIFY(segment.open());
    SharedArrayModel model;
    model.setSegment(&segment);
    const auto isOutOfMemory = [&] {
        const bool is = segment.error() == Error::OutOfMemory && !segment.errorString().isEmpty();
        segment.setError(Error::NoError, QString());
        return is;
    };
    QVERIFY(segment.snapshot().isEmpty());
    QVERIFY(isOutOfMemory());
    if (length > quint64(std::numeric_limits<int>::max()) * 8) {
        model.setRowLimit(-1);
        QVERIFY(model.slice(0, 1000).size() > 0);
        QCOMPARE(segment.error(), Error::NoError);
    }
    // A model has rows for as many bytes as a machine may have.
    if (segment.layout().elementSize() < Gibibyte)
        return;
    for (int i = 0; i < 2; ++i) {
        QVERIFY(model.slice().isEmpty());
        QVERIFY(isOutOfMemory());
        if (layout.startsWith(u"char"_s))
            continue;
        QVERIFY(std::isnan(model.minimum()));
        QVERIFY(isOutOfMemory());
        QCOMPARE(model.sum(), 0.0);
        QVERIFY(isOutOfMemory());
    }
}

void tst_Sparse::object()
{
    QFETCH(QString, layout);
    QFETCH(quint64, length);
    const QString name = uniqueName("sparse");
    const SparseSegment sparse(name, layout, length);
    QVERIFY(sparse.isReady());
    QQmlEngine engine;
    engine.addImportPath(testPath("IMPORT_PATH"));
    QQmlComponent component(&engine);
    component.setData("import SharedSegment\nSharedObject { property var value }", {});
    const std::unique_ptr<QObject> object(component.create());
    auto *shared = qobject_cast<SharedObject *>(object.get());
    QVERIFY(shared);
    SharedSegment segment(name);
    QVERIFY(segment.open());
    shared->setSegment(&segment);
    const bool isShown = segment.layout().elementSize() < Gibibyte;
    QCOMPARE(segment.error(), isShown ? Error::NoError : Error::OutOfMemory);
    shared->setIndex(qint64(length) - 1);
    QCOMPARE(shared->isValid(), isShown);
    QVERIFY(shared->field(u"value"_s));
}

void tst_Sparse::plot()
{
    QFETCH(QString, layout);
    QFETCH(quint64, length);
    const QString name = uniqueName("sparse");
    const SparseSegment sparse(name, layout, length);
    QVERIFY(sparse.isReady());
    SharedSegment segment(name);
    QVERIFY(segment.open());
    QQuickView window;
    window.resize(200, 100);
    window.setColor(Qt::white);
    auto *plot = new SharedPlot(window.contentItem());
    plot->setSize(QSizeF(200, 100));
    plot->setAxesVisible(false);
    plot->setGridVisible(false);
    auto *series = new SharedSeries(plot);
    series->setColor(Qt::black);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    QSignalSpy failed(&segment, &SharedSegment::errorOccurred);
    const auto isDrawn = [&] {
        const QImage image = window.grabWindow();
        for (int y = 0; y < image.height(); ++y) {
            // Pale, since nothing was published.
            if (image.pixelColor(image.width() / 2, y).red() < 250)
                return true;
        }
        return false;
    };
    if (layout.startsWith(u"char"_s))
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"no numbers to plot"_s));
    series->setSegment(&segment);
    QVERIFY(!isDrawn());
    if (layout.startsWith(u"char"_s))
        return;
    QCOMPARE(segment.error(), Error::OutOfMemory);
    QVERIFY2(segment.errorString().contains(u"first and count"_s), qPrintable(segment.errorString()));
    QCOMPARE(failed.count(), 1);
    plot->setWidth(150); // the same again, and so nothing to announce
    QVERIFY(!isDrawn());
    QCOMPARE(failed.count(), 1);
    plot->setWidth(200);
    if (segment.layout().elementSize() > Gibibyte)
        return;
    series->setFirst(qint64(length) / 2);
    series->setCount(100'000);
    QVERIFY(isDrawn());
    QCOMPARE(failed.count(), 1);
    series->setPaused(true);
    QVERIFY(isDrawn());
    QCOMPARE(failed.count(), 2);
    series->setPaused(false);
    series->setCount(-1);
    QVERIFY(!isDrawn());
    QCOMPARE(failed.count(), 3);
}

void tst_Sparse::writing()
{
#ifdef __SANITIZE_ADDRESS__
    QSKIP("the address sanitizer ends the process where operator new has no memory");
#endif
    const QString name = uniqueName("sparse");
    const SparseSegment sparse(name, u"f64"_s, Most / 8, true);
    QVERIFY(sparse.isReady());
    QQmlEngine engine;
    engine.addImportPath(testPath("IMPORT_PATH"));
    QQmlComponent component(&engine);
    component.setData(R"(import SharedSegment
        SharedSegment {
            access: SharedSegment.ReadWrite
            active: true
            onErrorOccurred: {}
            function writeOne(): bool { return write(3, 1.5) }
            function writeAll(): bool { return write([1, 2, 3]) }
        })",
                      {});
    const std::unique_ptr<QObject> object(component.createWithInitialProperties({{u"name"_s, name}}));
    auto *segment = qobject_cast<SharedSegment *>(object.get());
    QVERIFY(segment && segment->isOpen());
    // Three values are too few, whatever the memory.
    for (const auto &[method, expected] :
         {std::pair("writeOne", Error::OutOfMemory), {"writeAll", Error::InvalidSize}}) {
        segment->setError(Error::NoError, QString());
        bool isWritten = true;
        QVERIFY(QMetaObject::invokeMethod(segment, method, Q_RETURN_ARG(bool, isWritten)));
        QVERIFY(!isWritten);
        QCOMPARE(segment->error(), expected);
    }
    SharedArrayModel model;
    model.setSegment(segment);
    QVERIFY(!model.setData(model.index(0, 0), 1.5));
    QCOMPARE(segment->error(), Error::OutOfMemory);
}

/// A peer does not begin anew if it has no memory for the old values.
void tst_Sparse::takeOver()
{
    const QString name = uniqueName("sparse");
    SharedSegment peer(name);
    peer.setLayoutText(u"f64"_s);
    peer.setCapacity(qint64(Most / 8));
    {
        const SparseSegment sparse(name, u"f64"_s, Most / 8);
        QVERIFY(sparse.isReady() && sparse.publish());
        QVERIFY2(peer.createOrOpen(), qPrintable(peer.errorString()));
        QVERIFY(!peer.isOwner());
    }
    QTRY_COMPARE_WITH_TIMEOUT(peer.state(), SharedSegment::State::Orphaned, Deadline);
    QVERIFY(!peer.createOrOpen());
    QCOMPARE(peer.error(), Error::OutOfMemory);
}

QTEST_MAIN(tst_Sparse)

#include "tst_sparse.moc"
