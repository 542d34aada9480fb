// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// A list of 10 000 sensors whose rows stay with their sensors: 60 revisions in a second, and one sensor of 100 is another
// one, or has another value, in each. What a revision takes the GUI thread, with a view and without.

#include "sensormodels.h"
#include "sensorowner.h"

#include "../quickview.h"

#include <SharedSegment/SharedArrayModel>

#include <benchmark/benchmark.h>

#include <QtCore/QTimer>

#include <memory>
#include <string>

using namespace Qt::StringLiterals;

namespace {

constexpr int Milliseconds = 1000;

constexpr const char *List = "import QtQuick\n"
                             "import SharedSegment\n"
                             "ListView {\n"
                             "    property var rows\n"
                             "    width: 200; height: 400\n"
                             "    model: rows\n"
                             "    delegate: Text {\n"
                             "        required property int number\n"
                             "        required property double value\n"
                             "        height: 20\n"
                             "        text: number + \": \" + value\n"
                             "    }\n"
                             "}\n";

/// Follows the rows of a model, by a view or by slots that only count.
class Watcher
{
public:
    Watcher(QAbstractItemModel *model, bool hasView)
    {
        const auto count = [this] { ++m_signals; };
        QObject::connect(model, &QAbstractItemModel::dataChanged, &m_context, count);
        QObject::connect(model, &QAbstractItemModel::rowsInserted, &m_context, count);
        QObject::connect(model, &QAbstractItemModel::rowsRemoved, &m_context, count);
        if (!hasView)
            return;
        m_view = std::make_unique<QuickView>(List, QVariantMap{{u"rows"_s, QVariant::fromValue(model)}});
        if (m_view->isValid())
            m_view->show();
    }

    bool isValid() const { return !m_view || m_view->isValid(); }
    int signalCount() const { return m_signals; }

private:
    QObject m_context;
    std::unique_ptr<QuickView> m_view;
    int m_signals = 0;
};

/// Reports the time of a revision.
void report(benchmark::State &state, double seconds, quint64 revisions, double expectedSignals, int signalCount)
{
    const double expected = SensorOwner::Rate * Milliseconds / 1000.0;
    if (static_cast<double>(revisions) < 0.5 * expected)
        state.SkipWithError("the revisions were not shown at their rate");
    else if (signalCount < 0.5 * expectedSignals * static_cast<double>(revisions))
        state.SkipWithError("the changes were not announced");
    else
        state.SetIterationTime(seconds / static_cast<double>(revisions));
}

/// How many signals a revision makes about: as many rows as change, twice where they come and go.
double signalsOf(SensorChange change)
{
    return (change == SensorChange::Values ? 1.0 : 2.0) * Sensors::ChangedCount;
}

void showShared(benchmark::State &state, SensorOwner *owner, SensorChange change, bool hasView)
{
    SharedSegment segment(owner->name());
    SharedArrayModel model;
    model.setKey(u"number"_s);
    model.setSegment(&segment);
    Watcher watcher(&model, hasView);
    if (!watcher.isValid() || !segment.open() || model.count() != int(Sensors::Count)
        || !owner->startPublishing(change)) {
        state.SkipWithError("cannot show the segment");
        return;
    }
    QuickView::run(100);
    for (auto iteration : state) {
        const quint64 readsBefore = model.readCount();
        const int signalsBefore = watcher.signalCount();
        const double begin = threadTime();
        QuickView::run(Milliseconds);
        report(state, threadTime() - begin, model.readCount() - readsBefore, signalsOf(change),
               watcher.signalCount() - signalsBefore);
    }
    owner->stopPublishing();
}

template<typename Model>
void showBare(benchmark::State &state, SensorChange change, bool hasView)
{
    Sensors sensors;
    Model model(sensors.all());
    Watcher watcher(&model, hasView);
    if (!watcher.isValid()) {
        state.SkipWithError("cannot show the model");
        return;
    }
    double aside = 0;
    quint64 revisions = 0;
    QTimer timer;
    timer.setTimerType(Qt::PreciseTimer);
    // Making the changes does not count, since the other program does it.
    QObject::connect(&timer, &QTimer::timeout, &timer, [&] {
        const double begin = threadTime();
        sensors.step(change);
        aside += threadTime() - begin;
        model.show(sensors);
        ++revisions;
    });
    timer.start(1000 / SensorOwner::Rate);
    QuickView::run(100);
    for (auto iteration : state) {
        const int signalsBefore = watcher.signalCount();
        aside = 0;
        revisions = 0;
        const double begin = threadTime();
        QuickView::run(Milliseconds);
        report(state, threadTime() - begin - aside, revisions, signalsOf(change),
               watcher.signalCount() - signalsBefore);
    }
    timer.stop();
    if (!model.shows(sensors.all()))
        state.SkipWithError("the model shows other sensors");
}

} // namespace

void addKeyBenchmarks(SensorOwner *owner)
{
    for (const SensorChange change : {SensorChange::Values, SensorChange::Coming}) {
        for (const bool hasView : {true, false}) {
            const std::string group = std::string(change == SensorChange::Values ? "keyed values" : "keyed rows")
                                    + (hasView ? ", list/" : "/");
            const auto add = [&group](const char *peer, auto function, auto... arguments) {
                benchmark::RegisterBenchmark((group + peer).c_str(), function, arguments...)
                    ->UseManualTime()
                    ->Iterations(1);
            };
            add("SharedArrayModel", showShared, owner, change, hasView);
            add("keyed by hand", showBare<KeyedModel>, change, hasView);
            add("told the changes", showBare<ToldModel>, change, hasView);
        }
    }
}
