// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "notificationplayer.h"

#include "../samples.h"
#include "notificationpeer.h"

#include <memory>

namespace {

std::unique_ptr<NotificationPeer> peer;

QByteArray answerOf(bool isDone)
{
    return isDone ? "done" : "failed";
}

/// KIND MINE THEIRS PROCESSOR
QByteArray create(const QList<QByteArray> &arguments)
{
    // Before it: a peer that makes threads of its own has them here as well.
    if (!runOn({arguments.at(3).toInt()}))
        return answerOf(false);
    peer = NotificationPeer::make(QByteArray::fromHex(arguments.at(0)));
    return answerOf(peer && peer->create(arguments.at(1), arguments.at(2)));
}

QByteArray connectToOther(const QList<QByteArray> & /*arguments*/)
{
    return answerOf(peer->connectToOther());
}

/// COUNT: sends as many back.
QByteArray reply(const QList<QByteArray> &arguments)
{
    int left = arguments.at(0).toInt();
    peer->listen([&left] {
        peer->send();
        return --left > 0;
    });
    return answerOf(true);
}

/// COUNT UNTIMED: sends, waits for the answer, and measures how long that takes.
QByteArray call(const QList<QByteArray> &arguments)
{
    const int count = arguments.at(0).toInt();
    const int untimed = arguments.at(1).toInt();
    Samples samples(static_cast<std::size_t>(count));
    int received = 0;
    std::int64_t begin = monotonicTime();
    peer->send();
    peer->listen([&] {
        const std::int64_t end = monotonicTime();
        if (++received > untimed)
            samples.add(end - begin);
        if (received == count)
            return false;
        begin = monotonicTime();
        peer->send();
        return true;
    });
    return samples.toLine();
}

QByteArray close(const QList<QByteArray> & /*arguments*/)
{
    peer.reset();
    return answerOf(true);
}

} // namespace

std::unique_ptr<NotificationPeer> NotificationPeer::make(const QByteArray &name)
{
    for (const Kind &kind : inEventLoop() + blocking() + polling()) {
        if (name == kind.name)
            return kind.make();
    }
    return nullptr;
}

Station::Commands notificationCommands()
{
    return {{"notification-create", create},
            {"notification-connect", connectToOther},
            {"notification-reply", reply},
            {"notification-call", call},
            {"notification-close", close}};
}
