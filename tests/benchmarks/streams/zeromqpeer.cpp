// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// ZeroMQ: a push and a pull socket over ipc. The sender waits at the usual limit of 1000 messages.

#include "streampeer.h"

#include <QtCore/QDir>
#include <QtCore/QFile>

#include <array>
#include <zmq.h>

namespace {

class ZeroMqPeer : public StreamPeer
{
public:
    ~ZeroMqPeer() override
    {
        if (m_socket)
            zmq_close(m_socket);
        if (m_context)
            zmq_ctx_term(m_context);
        if (!m_path.isEmpty())
            QFile::remove(QString::fromLocal8Bit(m_path));
    }

    bool listen(const QByteArray &name, std::size_t /*atOnce*/) override
    {
        m_path = pathOf(name);
        return make(ZMQ_PULL) && zmq_bind(m_socket, ("ipc://" + m_path).constData()) == 0;
    }
    bool connectToReceiver(const QByteArray &name) override
    {
        return make(ZMQ_PUSH) && zmq_connect(m_socket, ("ipc://" + pathOf(name)).constData()) == 0;
    }
    void send(std::span<const Element> elements) override
    {
        zmq_send(m_socket, elements.data(), elements.size_bytes(), 0);
    }
    std::span<const Element> receive() override
    {
        const int bytes = zmq_recv(m_socket, m_elements.data(), sizeof m_elements, 0);
        return std::span(m_elements).first(bytes < 0 ? 0 : static_cast<std::size_t>(bytes) / sizeof(Element));
    }

private:
    static QByteArray pathOf(const QByteArray &name) { return QDir::tempPath().toLocal8Bit() + '/' + name; }
    bool make(int type)
    {
        m_context = zmq_ctx_new();
        m_socket = zmq_socket(m_context, type);
        return m_socket != nullptr;
    }

    void *m_context = nullptr;
    void *m_socket = nullptr;
    QByteArray m_path; ///< the receiver's
    std::array<Element, MostAtOnce> m_elements;
};

} // namespace

QList<StreamPeer::Kind> zeroMqPeers()
{
    return {{"ZeroMQ", makeStreamPeer<ZeroMqPeer>, 100'000}};
}
