// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QList>

#include <functional>
#include <memory>

/// One of two ends that send each other news. Both are alike, in processes of their own.
class NewsPeer
{
public:
    NewsPeer() = default;
    virtual ~NewsPeer() = default;
    Q_DISABLE_COPY_MOVE(NewsPeer)

    /// Makes what the other end connects to. `mine` and `theirs` name the ends; they serve in a file's name. @returns whether it is there.
    virtual bool create(const QByteArray &mine, const QByteArray &theirs) = 0;
    /// After both ends are created, and while the event loop of the other one runs.
    virtual bool connectToOther() = 0;
    virtual void send() = 0;
    /// Sleeps until there is news, calls `heard`, and so on until that returns false.
    virtual void listen(const std::function<bool()> &heard) = 0;

    using Maker = std::unique_ptr<NewsPeer> (*)();
    struct Kind
    {
        const char *name;
        Maker make;
    };
    /// Those whose end is in the event loop, and those whose end blocks a thread.
    static QList<Kind> inEventLoop();
    static QList<Kind> blocking();
    /// Those that never sleep.
    static QList<Kind> polling();

    static std::unique_ptr<NewsPeer> make(const QByteArray &name);
};

template<typename Peer>
std::unique_ptr<NewsPeer> makeNewsPeer()
{
    return std::make_unique<Peer>();
}
