// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QProcess>

/// The daemon that processes with iceoryx need, for as long as this lives.
class IceoryxDaemon
{
public:
    IceoryxDaemon() = default;
    ~IceoryxDaemon();
    Q_DISABLE_COPY_MOVE(IceoryxDaemon)

    /// @returns false when it does not come up: another one runs already, or there is none here.
    bool start();

private:
    QProcess m_daemon;
};
