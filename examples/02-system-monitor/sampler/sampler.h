// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "procfiles.h"

#include <QtCore/QElapsedTimer>
#include <QtCore/QObject>
#include <QtCore/QTimer>

#include <deque>

/// Publishes figures of this machine, SamplesPerSecond times a second, until it is destroyed.
class Sampler : public QObject
{
    Q_OBJECT

public:
    explicit Sampler(QObject *parent = nullptr);

    /// Creates the segments and starts to publish. @returns false on failure; errorString() gives the reason.
    bool start();
    QString errorString() const { return m_errorString; }
    qsizetype processorCount() const { return m_cpu.capacity(); }

Q_SIGNALS:
    /// Emitted when publishing fails and stops; errorString() gives the reason.
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

    std::deque<Reading> m_readings; // readings of the last second, the newest last
    QElapsedTimer m_clock;
    QTimer m_timer;
    QString m_errorString;
};
