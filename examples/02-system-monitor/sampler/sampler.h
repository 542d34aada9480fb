// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "procfiles.h"

#include <QtCore/QElapsedTimer>
#include <QtCore/QObject>
#include <QtCore/QTimer>

#include <deque>

/// Publishes the machine's own figures, SamplesPerSecond times a second, for as long as it lives.
class Sampler : public QObject
{
    Q_OBJECT

public:
    explicit Sampler(QObject *parent = nullptr);

    /// Makes the segments and begins. @returns false with errorString() if that cannot be.
    bool start();
    QString errorString() const { return m_errorString; }
    qsizetype processorCount() const { return m_cpu.size(); }

Q_SIGNALS:
    /// Nothing is published any more.
    void failed();

private:
    struct Reading
    {
        CpuTimes cpu;
        NetworkBytes network;
        qint64 nanoseconds = 0;
    };

    bool fail(const QString &reason);
    bool publish();
    bool publishProcessors(const Reading &before, const Reading &now);
    bool publishLoad(const Reading &before, const Reading &now);
    bool publishNetwork(const Reading &before, const Reading &now);
    std::optional<Reading> read() const;

    SharedArray<Processor> m_cpu;
    SharedValue<Memory> m_memory;
    SharedValue<Network> m_network;
    SharedLoad m_load;

    std::deque<Reading> m_readings; // of the last second, the newest last
    QElapsedTimer m_clock;
    QTimer m_timer;
    QString m_errorString;
};
