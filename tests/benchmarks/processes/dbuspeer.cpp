// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// News as a signal on the message bus of the session.

#include "looppeer.h"

#include <QtDBus/QDBusConnection>
#include <QtDBus/QDBusConnectionInterface>
#include <QtDBus/QDBusMessage>
#include <QtDBus/QDBusReply>

using namespace Qt::StringLiterals;

namespace {

constexpr auto Interface = "org.sharedsegment.Benchmark"_L1;
constexpr auto Signal = "news"_L1;

QString pathOf(const QByteArray &name)
{
    // A path on the bus knows few characters.
    return u"/news/"_s + QString::fromLatin1(name.toHex());
}

class DBusNews : public LoopPeer
{
public:
    bool create(const QByteArray &mine, const QByteArray &theirs) override
    {
        m_news = QDBusMessage::createSignal(pathOf(mine), Interface, Signal);
        return QDBusConnection::sessionBus().connect(QString(), pathOf(theirs), Interface, Signal, this, SLOT(hear()));
    }
    bool connectToOther() override
    {
        // The bus answers in order: with this answer it knows what was asked for in create(), which nobody waited for.
        return QDBusConnection::sessionBus().interface()->isServiceRegistered(u"org.freedesktop.DBus"_s);
    }
    void send() override { QDBusConnection::sessionBus().send(m_news); }

private:
    QDBusMessage m_news;
};

} // namespace

QList<NewsPeer::Kind> busPeers()
{
    return {{"QtDBus", makeNewsPeer<DBusNews>}};
}
