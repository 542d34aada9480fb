// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "scene.h"

#include <QtCore/QList>

#include <memory>

/// A window with a plot of the scene.
class PlotPeer
{
public:
    /// Of one frame, in ns of the processor's time.
    struct Cost
    {
        qint64 frame = 0;          ///< all that the GUI thread does
        qint64 beforePainting = 0; ///< of it, all before something is painted; what `frame` is if that is not known
        qint64 newSamples = 0;
        qint64 samplesRead = 0;
    };

    PlotPeer() = default;
    virtual ~PlotPeer() = default;
    Q_DISABLE_COPY_MOVE(PlotPeer)

    /// Shows the plot with what there is. @returns whether that succeeded.
    virtual bool start() = 0;
    /// Waits until the next frame has been shown. @returns nothing if it was not in time.
    virtual std::optional<Cost> nextFrame() = 0;
    /// Returns what is shown now.
    virtual scene::Picture picture() = 0;

    struct Kind
    {
        const char *name;
        std::unique_ptr<PlotPeer> (*make)(const scene::Source &source);
        int repetitions = 0; ///< 0: as many as all others
    };
};

template<typename Peer>
std::unique_ptr<PlotPeer> makePlotPeer(const scene::Source &source)
{
    return std::make_unique<Peer>(source);
}

QList<PlotPeer::Kind> sharedPlots();
/// Each none if its library was not found.
QList<PlotPeer::Kind> customPlots();
QList<PlotPeer::Kind> chartPlots();
