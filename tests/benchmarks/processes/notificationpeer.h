// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QList>

#include <functional>
#include <memory>

/// One of two ends that send each other updates. Both are alike, in processes of their own.
class NotificationPeer
{
public:
    NotificationPeer() = default;
    virtual ~NotificationPeer() = default;
    Q_DISABLE_COPY_MOVE(NotificationPeer)

    /// Makes what the other end connects to. `mine` and `theirs` name the ends, also in a file's name. @returns whether it exists.
    virtual bool create(const QByteArray &mine, const QByteArray &theirs) = 0;
    /// After both ends are created, and while the event loop of the other one runs.
    virtual bool connectToOther() = 0;
    virtual void send() = 0;
    /// Sleeps until there is an update, calls `handler`, and repeats this until `handler` returns false.
    virtual void listen(const std::function<bool()> &handler) = 0;

    using Maker = std::unique_ptr<NotificationPeer> (*)();
    struct Kind
    {
        const char *name;
        Maker make;
    };
    /// Peers whose end is in the event loop, and peers whose end blocks a thread.
    static QList<Kind> inEventLoop();
    static QList<Kind> blocking();
    /// Peers that never sleep.
    static QList<Kind> polling();

    static std::unique_ptr<NotificationPeer> make(const QByteArray &name);
};

template<typename Peer>
std::unique_ptr<NotificationPeer> makeNotificationPeer()
{
    return std::make_unique<Peer>();
}
