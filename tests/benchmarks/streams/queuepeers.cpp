// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The ends of SharedSegment, and the peers that are always there.

#include "streampeer.h"

#include <QtCore/QDeadlineTimer>
#include <QtNetwork/QLocalServer>
#include <QtNetwork/QLocalSocket>

#include <boost/interprocess/ipc/message_queue.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace {

constexpr int Patience = 10'000; // ms

/// Its reader polls, as iceoryx's subscriber does. The writer never waits for it.
class SegmentPeer : public StreamPeer
{
public:
    bool connectToReceiver(const QByteArray &name) override
    {
        m_stream.segment()->setName(QString::fromLatin1(name));
        return m_stream.create(Capacity);
    }
    bool accept(const QByteArray &name) override
    {
        m_stream.segment()->setName(QString::fromLatin1(name));
        return m_stream.open();
    }
    void send(std::span<const Element> elements) override { m_stream.append(elements); }
    std::span<const Element> receive() override
    {
        constexpr int Polls = 1000;
        constexpr int Silence = 300; // ms
        const QDeadlineTimer deadline(Silence);
        do {
            for (int i = 0; i < Polls; ++i) {
                if (const qsizetype count = m_stream.read(m_elements); count > 0)
                    return std::span(m_elements).first(static_cast<std::size_t>(count));
            }
        } while (!deadline.hasExpired());
        return {};
    }

private:
    static constexpr qint64 Capacity = 100'000;
    ElementStream m_stream;
    std::array<Element, 1024> m_elements;
};

/// The sender waits while the queue is full.
class BoostQueuePeer : public StreamPeer
{
public:
    ~BoostQueuePeer() override { boost::interprocess::message_queue::remove(m_name.constData()); }

    bool listen(const QByteArray &name, std::size_t atOnce) override
    {
        m_name = name;
        m_queue.emplace(boost::interprocess::create_only, name.constData(), Length, atOnce * sizeof(Element));
        return true;
    }
    bool connectToReceiver(const QByteArray &name) override
    {
        m_queue.emplace(boost::interprocess::open_only, name.constData());
        return true;
    }
    void send(std::span<const Element> elements) override { m_queue->send(elements.data(), elements.size_bytes(), 0); }
    std::span<const Element> receive() override
    {
        boost::interprocess::message_queue::size_type bytes = 0;
        unsigned priority = 0;
        m_queue->receive(m_elements.data(), sizeof m_elements, bytes, priority);
        return std::span(m_elements).first(bytes / sizeof(Element));
    }

private:
    static constexpr std::size_t Length = 1000;
    QByteArray m_name; ///< the receiver's
    std::optional<boost::interprocess::message_queue> m_queue;
    std::array<Element, MostAtOnce> m_elements;
};

/// The sender waits while 64 KiB are under way.
class LocalSocketPeer : public StreamPeer
{
public:
    bool listen(const QByteArray &name, std::size_t /*atOnce*/) override
    {
        return m_server.listen(QString::fromLatin1(name));
    }
    bool connectToReceiver(const QByteArray &name) override
    {
        m_socket = &m_ownSocket;
        m_socket->connectToServer(QString::fromLatin1(name));
        return m_socket->waitForConnected(Patience);
    }
    bool accept(const QByteArray & /*name*/) override
    {
        // It waits for one more than there may be already.
        if (!m_server.hasPendingConnections() && !m_server.waitForNewConnection(Patience))
            return false;
        m_socket = m_server.nextPendingConnection();
        return true;
    }
    void send(std::span<const Element> elements) override
    {
        constexpr qint64 Most = 1 << 16;
        m_socket->write(reinterpret_cast<const char *>(elements.data()), static_cast<qint64>(elements.size_bytes()));
        m_socket->flush();
        while (m_socket->bytesToWrite() > Most && m_socket->waitForBytesWritten(Patience)) { }
    }
    void flush() override
    {
        while (m_socket->bytesToWrite() > 0 && m_socket->waitForBytesWritten(Patience)) { }
    }
    std::span<const Element> receive() override
    {
        while (m_socket->bytesAvailable() < qint64(sizeof(Element))) {
            if (!m_socket->waitForReadyRead(Patience))
                return {};
        }
        const qint64 whole = m_socket->bytesAvailable() / qint64(sizeof(Element)) * qint64(sizeof(Element));
        const qint64 bytes =
            m_socket->read(reinterpret_cast<char *>(m_elements.data()), std::min<qint64>(whole, sizeof m_elements));
        return std::span(m_elements).first(static_cast<std::size_t>(bytes) / sizeof(Element));
    }

private:
    QLocalServer m_server;
    QLocalSocket m_ownSocket;
    QLocalSocket *m_socket = nullptr;
    std::array<Element, MostAtOnce> m_elements;
};

} // namespace

QList<StreamPeer::Kind> StreamPeer::all()
{
    return QList<Kind>{{"SharedSegment", makeStreamPeer<SegmentPeer>, 100'000},
                       {"Boost message_queue", makeStreamPeer<BoostQueuePeer>, 100'000},
                       {"QLocalSocket", makeStreamPeer<LocalSocketPeer>, 20'000}}
         + iceoryxPeers() + zeroMqPeers() + lcmPeers();
}

std::unique_ptr<StreamPeer> StreamPeer::make(const QByteArray &name)
{
    for (const Kind &kind : all()) {
        if (name == kind.name)
            return kind.make();
    }
    return nullptr;
}
