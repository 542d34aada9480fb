// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "iceoryxdaemon.h"

#include <csignal>
#include <sys/prctl.h>

using namespace Qt::StringLiterals;

bool IceoryxDaemon::start()
{
    constexpr int Patience = 10'000;
    m_daemon.setStandardErrorFile(QProcess::nullDevice());
    m_daemon.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGTERM); });
    m_daemon.start(u"iox-roudi"_s, {u"--monitoring-mode"_s, u"off"_s, u"--log-level"_s, u"off"_s});
    for (;;) {
        while (!m_daemon.canReadLine()) {
            if (!m_daemon.waitForReadyRead(Patience))
                return false;
        }
        if (m_daemon.readLine().contains("ready for clients"))
            return true;
    }
}

IceoryxDaemon::~IceoryxDaemon()
{
    // It removes its shared memory itself.
    m_daemon.terminate();
    if (!m_daemon.waitForFinished())
        m_daemon.kill();
}
