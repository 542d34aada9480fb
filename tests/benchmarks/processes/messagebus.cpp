// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "messagebus.h"

using namespace Qt::StringLiterals;

bool MessageBus::start()
{
    constexpr int Patience = 10'000;
    // It prints an error where it may not raise a limit, which it does not need here.
    m_daemon.setStandardErrorFile(QProcess::nullDevice());
    m_daemon.start(u"dbus-daemon"_s, {u"--session"_s, u"--nofork"_s, u"--print-address"_s});
    while (!m_daemon.canReadLine()) {
        if (!m_daemon.waitForReadyRead(Patience))
            return false;
    }
    return qputenv("DBUS_SESSION_BUS_ADDRESS", m_daemon.readLine().trimmed());
}

MessageBus::~MessageBus()
{
    m_daemon.kill();
    m_daemon.waitForFinished();
}
