// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// An update as a property of a remote object.

#include "looppeer.h"

#include <QtRemoteObjects/QRemoteObjectDynamicReplica>
#include <QtRemoteObjects/QRemoteObjectHost>

using namespace Qt::StringLiterals;

namespace {

class NotificationSource : public QObject
{
    Q_OBJECT
    Q_PROPERTY(int revision READ revision NOTIFY revisionChanged)

public:
    int revision() const { return m_revision; }
    void publish()
    {
        ++m_revision;
        Q_EMIT revisionChanged(m_revision);
    }

Q_SIGNALS:
    void revisionChanged(int revision);

private:
    int m_revision = 0;
};

class RemoteObjectNotification : public LoopPeer
{
public:
    bool create(const QByteArray &mine, const QByteArray &theirs) override
    {
        m_theirs = urlOf(theirs);
        return m_host.setHostUrl(urlOf(mine)) && m_host.enableRemoting(&m_source, u"notification"_s);
    }
    bool connectToOther() override
    {
        constexpr int Patience = 10'000;
        if (!m_node.connectToNode(m_theirs))
            return false;
        m_replica.reset(m_node.acquireDynamic(u"notification"_s));
        // The replica knows its properties only once it is connected.
        return m_replica->waitForSource(Patience)
            && connect(m_replica.get(), SIGNAL(revisionChanged(int)), this, SLOT(handleUpdate()));
    }
    void send() override { m_source.publish(); }

private:
    static QUrl urlOf(const QByteArray &name) { return QUrl(u"local:"_s + QString::fromLatin1(name)); }

    QUrl m_theirs;
    NotificationSource m_source;
    QRemoteObjectHost m_host;
    QRemoteObjectNode m_node;
    std::unique_ptr<QRemoteObjectDynamicReplica> m_replica;
};

} // namespace

QList<NotificationPeer::Kind> remoteObjectPeers()
{
    return {{"Qt Remote Objects", makeNotificationPeer<RemoteObjectNotification>}};
}

#include "remoteobjectpeer.moc"
