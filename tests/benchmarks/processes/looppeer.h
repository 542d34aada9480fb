// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "notificationpeer.h"

#include <QtCore/QEventLoop>
#include <QtCore/QObject>

/// A peer whose updates come out of the event loop.
class LoopPeer : public QObject, public NotificationPeer
{
    Q_OBJECT

public:
    void listen(const std::function<bool()> &handler) override
    {
        m_handler = &handler;
        // The other end may have been quicker.
        bool goesOn = true;
        for (; goesOn && m_unhandled > 0; --m_unhandled)
            goesOn = handler();
        if (goesOn)
            m_loop.exec();
        m_handler = nullptr;
    }

public Q_SLOTS:
    void handleUpdate()
    {
        if (!m_handler)
            ++m_unhandled;
        else if (!(*m_handler)())
            m_loop.quit();
    }

private:
    QEventLoop m_loop;
    const std::function<bool()> *m_handler = nullptr;
    int m_unhandled = 0;
};

/// Over the message bus of the session, and over Qt Remote Objects; if they were not found, there are none.
QList<NotificationPeer::Kind> busPeers();
QList<NotificationPeer::Kind> remoteObjectPeers();
