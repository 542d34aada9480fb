// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "handlenotifier_p.h"

#include "../engine/ownerwatch.h"

#include <QtCore/QObject>

#include <memory>

/// Emits ended() in the event loop, once, when an owner is gone.
class ProcessNotifier : public QObject
{
    Q_OBJECT

public:
    explicit ProcessNotifier(sharedsegment::engine::OwnerWatch watch);

    /// Disables and deletes the notifier; later if it is emitting its signal.
    static void shutDown(std::unique_ptr<ProcessNotifier> notifier);

Q_SIGNALS:
    void ended();

private:
    sharedsegment::engine::OwnerWatch m_watch;
    HandleNotifier m_notifier;
    bool m_isEmitting = false;
};
