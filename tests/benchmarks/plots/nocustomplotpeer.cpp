// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Used if QCustomPlot was not found.

#include "plotpeer.h"

QList<PlotPeer::Kind> customPlots()
{
    return {};
}
