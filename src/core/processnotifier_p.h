// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../os/processwatch.h"

#include <QtCore/QObject>
#include <QtCore/QSocketNotifier>

/// Tells, in the event loop, when a process is gone. Once: a process ends but once.
class ProcessNotifier : public QObject
{
    Q_OBJECT

public:
    explicit ProcessNotifier(sharedsegment::os::ProcessWatch watch);

Q_SIGNALS:
    void ended();

private:
    sharedsegment::os::ProcessWatch m_watch;
    QSocketNotifier m_notifier;
};
