// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "handlenotifier_p.h"

#include "../os/processwatch.h"

#include <QtCore/QObject>

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
    HandleNotifier m_notifier;
};
