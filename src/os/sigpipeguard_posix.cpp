// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "doorbell.h"

#include "fd_posix.h"

#include <cerrno>
#include <csignal>
#include <ctime>
#include <pthread.h>

namespace sharedsegment::os {

void suppressSigpipe(Handle::Native) { }

namespace {

sigset_t brokenPipe()
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    return set;
}

} // namespace

SigpipeGuard::SigpipeGuard()
    : m_isNeeded(!isWriteWithoutSigpipe())
{
    if (!m_isNeeded)
        return;
    const sigset_t pipe = brokenPipe();
    sigset_t before;
    pthread_sigmask(SIG_BLOCK, &pipe, &before);
    m_wasBlocked = sigismember(&before, SIGPIPE) == 1;
    if (m_wasBlocked) {
        sigset_t pending;
        sigpending(&pending);
        m_wasPending = sigismember(&pending, SIGPIPE) == 1;
    }
}

SigpipeGuard::~SigpipeGuard()
{
    if (!m_isNeeded)
        return;
    const int number = errno;
    const sigset_t pipe = brokenPipe();
    if (!m_wasPending) {
        // Consumes the signal that a dead doorbell raised in this thread.
        sigset_t pending;
        sigpending(&pending);
        const timespec none = {0, 0};
        if (sigismember(&pending, SIGPIPE) == 1)
            sigtimedwait(&pipe, nullptr, &none);
    }
    if (!m_wasBlocked)
        pthread_sigmask(SIG_UNBLOCK, &pipe, nullptr);
    errno = number;
}

} // namespace sharedsegment::os
