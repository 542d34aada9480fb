// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../os/console.h"

#include <QtCore/QSocketNotifier>

#include <memory>

/// Ends the event loop on a signal to terminate, so that resources are released in order. Ends it with an error if the signals
/// cannot be caught.
class Interruption
{
public:
    Interruption();

    /// Runs the event loop until an interruption or quit(). @returns its exit code.
    int run();
    /// Checks now, for work that runs outside the event loop.
    bool isInterrupted() const;

private:
    sharedsegment::Result<sharedsegment::os::Interrupt> m_interrupt;
    std::unique_ptr<QSocketNotifier> m_notifier;
    bool m_isInterrupted = false;
};
