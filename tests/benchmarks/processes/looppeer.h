// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "newspeer.h"

#include <QtCore/QEventLoop>
#include <QtCore/QObject>

/// A peer whose news comes out of the event loop.
class LoopPeer : public QObject, public NewsPeer
{
    Q_OBJECT

public:
    void listen(const std::function<bool()> &heard) override
    {
        m_heard = &heard;
        // The other end may have been quicker.
        bool goesOn = true;
        for (; goesOn && m_unheard > 0; --m_unheard)
            goesOn = heard();
        if (goesOn)
            m_loop.exec();
        m_heard = nullptr;
    }

public Q_SLOTS:
    void hear()
    {
        if (!m_heard)
            ++m_unheard;
        else if (!(*m_heard)())
            m_loop.quit();
    }

private:
    QEventLoop m_loop;
    const std::function<bool()> *m_heard = nullptr;
    int m_unheard = 0;
};

/// Over the message bus of the session, and over Qt Remote Objects; where they were not found there are none.
QList<NewsPeer::Kind> busPeers();
QList<NewsPeer::Kind> remoteObjectPeers();
