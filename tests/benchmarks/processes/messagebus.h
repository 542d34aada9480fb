// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QProcess>

/// A message bus for the processes of this program alone: another bus would be less idle, and without a session there is none.
class MessageBus
{
public:
    /// @returns false when there is no such program; then QtDBus is left out.
    bool start();
    ~MessageBus();

private:
    QProcess m_daemon;
};
