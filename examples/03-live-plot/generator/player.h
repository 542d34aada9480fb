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

/// `live-plot/source`: what `live-plot/signal` is.
struct Source
{
    double rate; ///< samples a second
    char title[64];
};
SHARED_STRUCT(Source, rate, title)

/// Publishes a sound as fast as it would be heard: `live-plot/signal` holds the newest samples, the newest last.
class Player : public QObject
{
    Q_OBJECT

public:
    explicit Player(Sound sound, QObject *parent = nullptr);

    /// Makes the segments and begins. @returns false with errorString() if that cannot be.
    bool start(double windowSeconds);
    QString errorString() const { return m_errorString; }

Q_SIGNALS:
    /// Nothing is published any more.
    void failed();

private:
    bool fail(const QString &reason);
    bool publish();

    Sound m_sound;
    SharedValue<Source> m_source;
    SharedArray<float> m_signal;
    std::vector<float> m_samples; // room for the window, and for what moves it
    std::size_t m_window = 0;
    std::size_t m_end = 0; // of the window in m_samples
    qint64 m_played = 0;
    QElapsedTimer m_clock;
    QTimer m_timer;
    QString m_errorString;
};
