// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Compares the QML module with its alternatives, and prints one table.
//
//   sharedsegment_quick_benchmarks [--table=FILE.json] [options of Google Benchmark]

#include "keys/sensorowner.h"
#include "program.h"
#include "quickowner.h"

#include <QtGui/QGuiApplication>

#include <cstring>
#include <iterator>

using namespace Qt::StringLiterals;

void addModelBenchmarks(QuickOwner *owner);
void addPlotBenchmarks(QuickOwner *owner);
void addKeyBenchmarks(SensorOwner *owner);

namespace {

constexpr double Milliseconds = 1e6;

constexpr TableRow Rows[] = {
    {"refresh of 1 000 000 f64", "refresh/SharedArrayModel/", "refresh/bare model/", 1.15},
    {"refresh of 1 000 000 f64", "refresh/SharedArrayModel/", "refresh/QVariantList/", 0.02},
    {"refresh of 1 000 000 f64", "refresh/SharedArrayModel/", "refresh/QList<double>/", 0.25},
    {"data()", "data/SharedArrayModel/", "data/bare model/", 1.3},
    {"plot of 10 000 000 f64", "plot/SharedPlot/64", "plot/std::minmax_element/64", 1.5},
    {"plot of 10 000 000 f32", "plot/SharedPlot/32", "plot/std::minmax_element/32", 1.5},
    {"plot's frame without an update", "repaint/SharedPlot/", "plot/std::minmax_element/64", 0.05},
    {"GUI thread in a frame, 10 kHz", "stream/SharedArrayModel/", "stream/idle/", 1 * Milliseconds, true},
    {"list with key, 1 % of values change", "keyed values, list/SharedArrayModel/", "keyed values, list/keyed by hand/",
     1.3},
    {"list with key, 1 % of rows change", "keyed rows, list/SharedArrayModel/", "keyed rows, list/keyed by hand/", 1.3},
    {},
    {"refresh, list made before", "refresh/SharedArrayModel/", "assign/QVariantList/"},
    {"refresh, list made before", "refresh/SharedArrayModel/", "assign/QList<double>/"},
    {"refresh of the bare model", "refresh/bare model/", "refresh/QList<double>/"},
    {"refresh, bars instead of texts", "bars/SharedArrayModel/", "bars/bare model/"},
    {"refresh, bars instead of texts", "bars/SharedArrayModel/", "bars/QList<double>/"},
    {"GUI thread in a frame, 10 kHz", "stream/SharedArrayModel/", "stream/bare model/", TableRow::NoGoal, true},
    {"  values out of sight", "stream/out of sight/", "stream/idle/", TableRow::NoGoal, true},
    {"  the bare model's", "stream/bare model/", "stream/idle/", TableRow::NoGoal, true},
    {"list with key, 1 % of values change", "keyed values, list/SharedArrayModel/",
     "keyed values, list/told the changes/"},
    {"list with key, 1 % of rows change", "keyed rows, list/SharedArrayModel/", "keyed rows, list/told the changes/"},
    {"no list, 1 % of values change", "keyed values/SharedArrayModel/", "keyed values/keyed by hand/"},
    {"no list, 1 % of values change", "keyed values/SharedArrayModel/", "keyed values/told the changes/"},
    {"no list, 1 % of rows change", "keyed rows/SharedArrayModel/", "keyed rows/keyed by hand/"},
    {"no list, 1 % of rows change", "keyed rows/SharedArrayModel/", "keyed rows/told the changes/"},
};

} // namespace

int main(int argc, char **argv)
{
    if (argc == 3 && std::strcmp(argv[1], "--owner") == 0) {
        const QCoreApplication application(argc, argv);
        return QuickOwner::run(QString::fromLocal8Bit(argv[2]));
    }
    if (argc == 3 && std::strcmp(argv[1], "--sensors") == 0) {
        const QCoreApplication application(argc, argv);
        return SensorOwner::run(QString::fromLocal8Bit(argv[2]));
    }
    qputenv("QT_QPA_PLATFORM", "offscreen");
    qputenv("QT_QUICK_BACKEND", "software");
    const QGuiApplication application(argc, argv);
    QuickOwner owner;
    SensorOwner sensors;
    if (!owner.start() || !sensors.start())
        return 1;
    addModelBenchmarks(&owner);
    addPlotBenchmarks(&owner);
    addKeyBenchmarks(&sensors);
    return runBenchmarks(argc, argv, std::vector<TableRow>(std::begin(Rows), std::end(Rows)),
                         u"Of the GUI thread, which also renders: offscreen, in software. A refresh lasts from the "
                         "publication in another process to the frame.\nOf the figures for a GUI thread in a frame of "
                         "1/60 s, measured is ours less the peer's."_s);
}
