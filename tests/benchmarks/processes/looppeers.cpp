// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Updates that come out of the event loop, without help from other Qt modules.

#include "descriptors.h"
#include "looppeer.h"

#include <SharedSegment/SharedArray>

#include <QtCore/QSocketNotifier>
#include <QtNetwork/QLocalServer>
#include <QtNetwork/QLocalSocket>

#include <array>

namespace {

class SegmentNotification : public LoopPeer
{
public:
    bool create(const QByteArray &mine, const QByteArray &theirs) override
    {
        m_mine.segment()->setName(QString::fromLatin1(mine));
        m_theirs.segment()->setName(QString::fromLatin1(theirs));
        return m_mine.create();
    }
    bool connectToOther() override
    {
        connect(m_theirs.segment(), &SharedSegment::updated, this, &LoopPeer::handleUpdate);
        return m_theirs.open();
    }
    void send() override { m_mine.publish(m_values); }

private:
    static constexpr std::size_t Length = 8;
    const std::array<double, Length> m_values{};
    SharedArray<double, Length> m_mine;
    SharedArray<double, Length> m_theirs;
};

/// The solution by hand: a descriptor in the event loop.
template<typename Ends>
class DescriptorNotification : public LoopPeer
{
public:
    bool create(const QByteArray &mine, const QByteArray &theirs) override { return m_ends.create(mine, theirs); }
    bool connectToOther() override
    {
        if (!m_ends.connectToOther())
            return false;
        m_notifier = std::make_unique<QSocketNotifier>(m_ends.descriptor(), QSocketNotifier::Read);
        connect(m_notifier.get(), &QSocketNotifier::activated, this, [this] {
            m_ends.receive();
            handleUpdate();
        });
        return true;
    }
    void send() override { m_ends.send(); }

private:
    Ends m_ends;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

class LocalSocketNotification : public LoopPeer
{
public:
    bool create(const QByteArray &mine, const QByteArray &theirs) override
    {
        m_theirs = QString::fromLatin1(theirs);
        // One connection serves both ways: the first of the two serves.
        m_isServer = mine < theirs;
        return !m_isServer || m_server.listen(QString::fromLatin1(mine));
    }
    bool connectToOther() override
    {
        constexpr int Patience = 10'000;
        if (m_isServer) {
            // It waits for one more than there may be already.
            if (!m_server.hasPendingConnections() && !m_server.waitForNewConnection(Patience))
                return false;
            m_socket = m_server.nextPendingConnection();
        } else {
            m_socket = &m_ownSocket;
            m_socket->connectToServer(m_theirs);
            if (!m_socket->waitForConnected(Patience))
                return false;
        }
        connect(m_socket, &QLocalSocket::readyRead, this, [this] {
            m_socket->readAll();
            handleUpdate();
        });
        return true;
    }
    void send() override
    {
        m_socket->write("!", 1);
        m_socket->flush();
    }

private:
    bool m_isServer = false;
    QString m_theirs;
    QLocalServer m_server;
    QLocalSocket m_ownSocket;
    QLocalSocket *m_socket = nullptr;
};

} // namespace

QList<NotificationPeer::Kind> NotificationPeer::inEventLoop()
{
    return QList<Kind>{{"SharedSegment", makeNotificationPeer<SegmentNotification>},
                       {"FIFO, QSocketNotifier", makeNotificationPeer<DescriptorNotification<FifoEnds>>},
                       {"Unix datagram, QSocketNotifier", makeNotificationPeer<DescriptorNotification<DatagramEnds>>},
                       {"QLocalSocket", makeNotificationPeer<LocalSocketNotification>}}
         + busPeers() + remoteObjectPeers();
}
