// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "handlenotifier_p.h"

#include "../segment/ownerwatch.h"

#include <QtCore/QObject>

#include <memory>

/// Tells, in the event loop, when an owner is gone. Once: an owner ends but once.
class ProcessNotifier : public QObject
{
    Q_OBJECT

public:
    explicit ProcessNotifier(sharedsegment::segment::OwnerWatch watch);

    /// Deletes it: later if it is what called.
    static void retire(std::unique_ptr<ProcessNotifier> notifier);

Q_SIGNALS:
    void ended();

private:
    sharedsegment::segment::OwnerWatch m_watch;
    HandleNotifier m_notifier;
    bool m_isTelling = false;
};
