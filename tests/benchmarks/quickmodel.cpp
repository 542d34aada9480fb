// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// A list of a million numbers, shown.

#include "baremodel.h"
#include "quickowner.h"
#include "quickview.h"

#include <SharedSegment/SharedArrayModel>

#include <benchmark/benchmark.h>

#include <QtCore/QElapsedTimer>
#include <QtCore/QTimer>

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

using namespace Qt::StringLiterals;

namespace {

// As the owner publishes it: other numbers in all rows each time.
double firstValue(qint64 round)
{
    return static_cast<double>(round % 1000);
}

constexpr const char *Texts = "Text { required property double ROLE; height: 20; text: ROLE }";
constexpr const char *Bars =
    "Rectangle { required property double ROLE; height: 20; width: ROLE % 200; color: \"steelblue\" }";

QByteArray listOf(const QByteArray &model, const QByteArray &role, const char *delegate)
{
    return "import QtQuick\n"
           "import SharedSegment\n"
           "ListView {\n"
           "    property string name\n"
           "    property var rows\n"
           "    width: 200; height: 400\n"
           "    model: "
         + model
         + "\n"
           "    delegate: "
         + QByteArray(delegate).replace("ROLE", role)
         + "\n"
           "}\n";
}

/// A view of one of the owner's segments, with all in it written in QML.
class ModelView
{
public:
    explicit ModelView(const char *segment, const char *delegate = Texts)
        : m_view(
            listOf("SharedArrayModel { segment: SharedSegment { name: \"NAME\"; active: true } }", "value", delegate)
                .replace("NAME", QuickOwner::nameOf(segment).toUtf8()))
        , m_model(m_view.isValid() ? m_view.root()->property("model").value<SharedArrayModel *>() : nullptr)
    {
        if (!m_model)
            return;
        QObject::connect(m_model, &SharedArrayModel::dataChanged, m_model, [this] { m_view.change(); });
        m_view.show();
        // An update of long ago.
        QuickView::run(100);
    }

    bool isValid() const { return m_model && m_model->count() == ListLength; }
    QuickView &view() { return m_view; }
    SharedArrayModel &model() { return *m_model; }

private:
    QuickView m_view;
    SharedArrayModel *m_model;
};

class BareView
{
public:
    explicit BareView(const char *delegate = Texts)
        : m_model(ListLength)
        , m_view(listOf("rows", "value", delegate), {{u"rows"_s, QVariant::fromValue(&m_model)}})
    {
        if (m_view.isValid())
            m_view.show();
    }

    QuickView &view() { return m_view; }
    BareModel &model() { return m_model; }

private:
    BareModel m_model;
    QuickView m_view;
};

/// Publishes after an idle frame or two. Also for the peers, so that their caches are as cold.
std::optional<quint64> publish(QuickOwner *owner)
{
    QuickView::run(20);
    return owner->publish(QuickOwner::List);
}

void refresh(benchmark::State &state, QuickOwner *owner, const char *delegate)
{
    ModelView list(QuickOwner::List, delegate);
    if (!list.isValid()) {
        state.SkipWithError("cannot show the segment");
        return;
    }
    for (auto iteration : state) {
        const std::optional<quint64> revision = publish(owner);
        const double begin = threadTime();
        const bool isShown = list.view().waitForFrame();
        state.SetIterationTime(threadTime() - begin);
        if (!isShown || list.model().revision() != revision) {
            state.SkipWithError("the new values are not shown");
            return;
        }
    }
}

void refreshBare(benchmark::State &state, QuickOwner *owner, const char *delegate)
{
    BareView list(delegate);
    qint64 round = 0;
    for (auto iteration : state) {
        std::iota(list.model().values().begin(), list.model().values().end(), firstValue(++round));
        publish(owner);
        const double begin = threadTime();
        list.model().announce();
        list.view().change();
        const bool isShown = list.view().waitForFrame();
        state.SetIterationTime(threadTime() - begin);
        if (!isShown) {
            state.SkipWithError("the new values are not shown");
            return;
        }
    }
}

template<typename List>
QVariant toVariant(const std::vector<double> &values)
{
    return QVariant::fromValue(List(values.begin(), values.end()));
}

/// The published data lie in memory, as for the bare model; a list is made of them and assigned. Or only assigned.
template<typename List, bool WithMaking>
void refreshList(benchmark::State &state, QuickOwner *owner, const char *delegate)
{
    QuickView view(listOf("rows", "modelData", delegate));
    if (!view.isValid()) {
        state.SkipWithError("cannot show a list");
        return;
    }
    view.show();
    std::vector<double> values(ListLength);
    qint64 round = 0;
    for (auto iteration : state) {
        std::iota(values.begin(), values.end(), firstValue(++round));
        QVariant rows = WithMaking ? QVariant() : toVariant<List>(values);
        publish(owner);
        const double begin = threadTime();
        if (WithMaking)
            rows = toVariant<List>(values);
        view.root()->setProperty("rows", std::exchange(rows, QVariant()));
        view.change();
        const bool isShown = view.waitForFrame();
        state.SetIterationTime(threadTime() - begin);
        if (!isShown || view.root()->property("count").toLongLong() != ListLength) {
            state.SkipWithError("the new values are not shown");
            return;
        }
    }
}

constexpr int VisibleRows = 64; // a power of two, so that counting costs nothing

std::vector<QModelIndex> firstRows(const QAbstractItemModel &model)
{
    std::vector<QModelIndex> rows;
    rows.reserve(VisibleRows);
    for (int row = 0; row < VisibleRows; ++row)
        rows.push_back(model.index(row, 0));
    return rows;
}

void readRows(benchmark::State &state, const QAbstractItemModel &model, int role)
{
    const std::vector<QModelIndex> rows = firstRows(model);
    std::size_t row = 0;
    for (auto iteration : state) {
        benchmark::DoNotOptimize(model.data(rows[row], role));
        row = (row + 1) % VisibleRows;
    }
}

void data(benchmark::State &state)
{
    SharedSegment segment(QuickOwner::nameOf(QuickOwner::Still));
    SharedArrayModel model;
    model.setSegment(&segment);
    if (!segment.open() || model.rowCount() != ListLength) {
        state.SkipWithError("cannot open");
        return;
    }
    readRows(state, model, model.roleNames().key("value"));
}

void dataBare(benchmark::State &state)
{
    const BareModel model(ListLength);
    readRows(state, model, BareModel::ValueRole);
}

constexpr double Frame = 1 / 60.0;
constexpr int StreamMilliseconds = 500;

/// The GUI thread's time in one frame's.
double frameTime()
{
    QElapsedTimer wall;
    wall.start();
    const double begin = threadTime();
    QuickView::run(StreamMilliseconds);
    return (threadTime() - begin) * Frame * 1e9 / static_cast<double>(wall.nsecsElapsed());
}

void stream(benchmark::State &state, QuickOwner *owner, bool areVisible)
{
    ModelView list(QuickOwner::Stream);
    if (!list.isValid() || !owner->startStream(areVisible)) {
        state.SkipWithError("cannot show the segment");
        return;
    }
    QuickView::run(100);
    for (auto iteration : state) {
        const quint64 before = list.model().segment()->revision();
        const quint64 shownBefore = list.model().readCount();
        QElapsedTimer wall;
        wall.start();
        state.SetIterationTime(frameTime());
        const double seconds = static_cast<double>(wall.nsecsElapsed()) / 1e9;
        const quint64 published = list.model().segment()->revision() - before;
        if (static_cast<double>(published) < 0.9 * QuickOwner::StreamRate * seconds)
            state.SkipWithError("the owner could not keep its publishing rate");
        else if (static_cast<double>(list.model().readCount() - shownBefore) < 0.7 * seconds / Frame)
            state.SkipWithError("the updates were not shown with each frame");
    }
    owner->stopStream();
}

void idle(benchmark::State &state)
{
    ModelView list(QuickOwner::Still);
    if (!list.isValid()) {
        state.SkipWithError("cannot show the segment");
        return;
    }
    for (auto iteration : state)
        state.SetIterationTime(frameTime());
}

/// What it costs to show as many new numbers in each frame.
void streamBare(benchmark::State &state)
{
    BareView list;
    double round = 0;
    QTimer timer;
    timer.setTimerType(Qt::PreciseTimer);
    QObject::connect(&timer, &QTimer::timeout, &timer, [&] {
        std::iota(list.model().values().begin(), list.model().values().begin() + 100, round += 166);
        list.model().announce();
    });
    timer.start(16);
    for (auto iteration : state)
        state.SetIterationTime(frameTime());
}

} // namespace

void addModelBenchmarks(QuickOwner *owner)
{
    benchmark::RegisterBenchmark("refresh/SharedArrayModel", refresh, owner, Texts)->UseManualTime();
    benchmark::RegisterBenchmark("refresh/bare model", refreshBare, owner, Texts)->UseManualTime();
    benchmark::RegisterBenchmark("refresh/QVariantList", refreshList<QVariantList, true>, owner, Texts)
        ->UseManualTime();
    benchmark::RegisterBenchmark("assign/QVariantList", refreshList<QVariantList, false>, owner, Texts)
        ->UseManualTime();
    benchmark::RegisterBenchmark("refresh/QList<double>", refreshList<QList<double>, true>, owner, Texts)
        ->UseManualTime();
    benchmark::RegisterBenchmark("assign/QList<double>", refreshList<QList<double>, false>, owner, Texts)
        ->UseManualTime();
    benchmark::RegisterBenchmark("bars/SharedArrayModel", refresh, owner, Bars)->UseManualTime();
    benchmark::RegisterBenchmark("bars/bare model", refreshBare, owner, Bars)->UseManualTime();
    benchmark::RegisterBenchmark("bars/QList<double>", refreshList<QList<double>, true>, owner, Bars)->UseManualTime();
    benchmark::RegisterBenchmark("data/SharedArrayModel", data);
    benchmark::RegisterBenchmark("data/bare model", dataBare);
    benchmark::RegisterBenchmark("stream/SharedArrayModel", stream, owner, true)->UseManualTime()->Iterations(1);
    benchmark::RegisterBenchmark("stream/out of sight", stream, owner, false)->UseManualTime()->Iterations(1);
    benchmark::RegisterBenchmark("stream/idle", idle)->UseManualTime()->Iterations(1);
    benchmark::RegisterBenchmark("stream/bare model", streamBare)->UseManualTime()->Iterations(1);
}
