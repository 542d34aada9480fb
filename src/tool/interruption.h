// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../os/console.h"

#include <QtCore/QSocketNotifier>

#include <memory>

/// Ends the event loop when somebody asks the program to end, so that what it holds is let go in order. Ends it with an error where
/// that cannot be heard.
class Interruption
{
public:
    Interruption();

    /// Runs the event loop until then, or until it is quit. @returns its exit code.
    int run();
    /// Looks now: for what runs without an event loop.
    bool isInterrupted() const;

private:
    sharedsegment::Result<sharedsegment::os::Interrupt> m_interrupt;
    std::unique_ptr<QSocketNotifier> m_notifier;
    bool m_isInterrupted = false;
};
