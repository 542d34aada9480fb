// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Used if Qt Charts was not found.

#include "plotpeer.h"

QList<PlotPeer::Kind> chartPlots()
{
    return {};
}
