// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// An update as a signal on the message bus of the session.

#include "looppeer.h"

#include <QtDBus/QDBusConnection>
#include <QtDBus/QDBusConnectionInterface>
#include <QtDBus/QDBusMessage>
#include <QtDBus/QDBusReply>

using namespace Qt::StringLiterals;

namespace {

constexpr auto Interface = "org.sharedsegment.Benchmark"_L1;
constexpr auto Signal = "notification"_L1;

QString pathOf(const QByteArray &name)
{
    // A path on the bus allows few characters.
    return u"/notification/"_s + QString::fromLatin1(name.toHex());
}

class DBusNotification : public LoopPeer
{
public:
    bool create(const QByteArray &mine, const QByteArray &theirs) override
    {
        m_updates = QDBusMessage::createSignal(pathOf(mine), Interface, Signal);
        return QDBusConnection::sessionBus().connect(QString(), pathOf(theirs), Interface, Signal, this,
                                                     SLOT(handleUpdate()));
    }
    bool connectToOther() override
    {
        // The bus answers in order: with this answer it has processed the requests of create(), which did not wait for theirs.
        return QDBusConnection::sessionBus().interface()->isServiceRegistered(u"org.freedesktop.DBus"_s);
    }
    void send() override { QDBusConnection::sessionBus().send(m_updates); }

private:
    QDBusMessage m_updates;
};

} // namespace

QList<NotificationPeer::Kind> busPeers()
{
    return {{"QtDBus", makeNotificationPeer<DBusNotification>}};
}
