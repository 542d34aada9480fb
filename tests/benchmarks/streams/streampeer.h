// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "element.h"

#include <QtCore/QByteArray>
#include <QtCore/QList>

#include <cstddef>
#include <memory>
#include <span>

/// One of two ends of a way that elements take: one process sends, the other one receives.
class StreamPeer
{
public:
    /// The most elements of one message.
    static constexpr std::size_t MostAtOnce = 64;

    StreamPeer() = default;
    virtual ~StreamPeer() = default;
    Q_DISABLE_COPY_MOVE(StreamPeer)

    /// In the receiver, first: makes what the sender connects to, for messages of `atOnce` elements. `name` is also good for
    /// a file's name.
    virtual bool listen(const QByteArray & /*name*/, std::size_t /*atOnce*/) { return true; }
    /// In the sender, after that.
    virtual bool connectToReceiver(const QByteArray &name) = 0;
    /// In the receiver, last.
    virtual bool accept(const QByteArray & /*name*/) { return true; }

    /// Sends elements as one message.
    virtual void send(std::span<const Element> elements) = 0;
    /// Sends what was held back.
    virtual void flush() { }

    /// Waits for elements. @returns those of one message or of several, valid until the next call; none: no further ones come.
    virtual std::span<const Element> receive() = 0;

    using Maker = std::unique_ptr<StreamPeer> (*)();
    struct Kind
    {
        const char *name;
        Maker make;
        std::size_t messages; ///< in one round
    };
    static QList<Kind> all();
    static std::unique_ptr<StreamPeer> make(const QByteArray &name);
};

template<typename Peer>
std::unique_ptr<StreamPeer> makeStreamPeer()
{
    return std::make_unique<Peer>();
}

/// Each none if its library was not found.
QList<StreamPeer::Kind> iceoryxPeers();
QList<StreamPeer::Kind> zeroMqPeers();
QList<StreamPeer::Kind> lcmPeers();
