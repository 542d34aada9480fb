// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QProcess>

/// A message bus of its own for what this program starts: another would not be as idle, and where there is no session is none.
class MessageBus
{
public:
    /// @returns false when there is no such program; then QtDBus is left out.
    bool start();
    ~MessageBus();

private:
    QProcess m_daemon;
};
