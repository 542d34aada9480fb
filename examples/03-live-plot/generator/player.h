// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sound.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedValue>

#include <QtCore/QElapsedTimer>
#include <QtCore/QObject>
#include <QtCore/QTimer>

#include <vector>

/// `live-plot/source`: describes `live-plot/signal`.
struct Source
{
    double rate; ///< samples per second
    char title[64];
};
SHARED_STRUCT(Source, rate, title)

/// Publishes a sound at playback speed; `live-plot/signal` contains the newest samples, the newest last.
class Player : public QObject
{
    Q_OBJECT

public:
    explicit Player(Sound sound, QObject *parent = nullptr);

    /// Creates the segments and starts to publish. @returns false on failure; errorString() gives the reason.
    bool start(double windowSeconds);
    QString errorString() const { return m_errorString; }

Q_SIGNALS:
    /// Emitted when publishing fails and stops; errorString() gives the reason.
    void failed();

private:
    bool fail(const QString &reason);
    bool publish();

    Sound m_sound;
    SharedValue<Source> m_source;
    SharedArray<float> m_signal;
    std::vector<float> m_samples; // longer than the window, so that it is moved rarely
    std::size_t m_window = 0;
    std::size_t m_end = 0; // end of the window in m_samples
    qint64 m_played = 0;
    QElapsedTimer m_clock;
    QTimer m_timer;
    QString m_errorString;
};
