// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// LCM: UDP multicast that does not leave this host. It loses messages when the receiver is slow.

#include "streampeer.h"

#include <QtCore/QByteArray>

#include <algorithm>
#include <array>
#include <lcm/lcm.h>

namespace {

constexpr int Patience = 300; // ms

class LcmPeer : public StreamPeer
{
public:
    ~LcmPeer() override
    {
        if (m_lcm)
            lcm_destroy(m_lcm);
    }

    bool listen(const QByteArray &name, std::size_t /*atOnce*/) override
    {
        if (!make())
            return false;
        lcm_subscription_t *const subscription = lcm_subscribe(m_lcm, channelOf(name).constData(), take, this);
        return subscription && lcm_subscription_set_queue_capacity(subscription, 0) == 0;
    }
    bool connectToReceiver(const QByteArray &name) override
    {
        m_channel = channelOf(name);
        return make();
    }
    void send(std::span<const Element> elements) override
    {
        lcm_publish(m_lcm, m_channel.constData(), elements.data(), static_cast<unsigned>(elements.size_bytes()));
    }
    std::span<const Element> receive() override
    {
        m_count = 0;
        if (lcm_handle_timeout(m_lcm, Patience) <= 0)
            return {};
        return std::span(m_elements).first(m_count);
    }

private:
    /// A channel's name has at most 63 characters.
    static QByteArray channelOf(const QByteArray &name) { return name.right(60); }
    static void take(const lcm_recv_buf_t *message, const char * /*channel*/, void *peer)
    {
        auto *const self = static_cast<LcmPeer *>(peer);
        self->m_count = std::min<std::size_t>(message->data_size / sizeof(Element), MostAtOnce);
        std::copy_n(static_cast<const Element *>(message->data), self->m_count, self->m_elements.begin());
    }
    bool make()
    {
        m_lcm = lcm_create("udpm://239.255.76.67:7667?ttl=0");
        return m_lcm != nullptr;
    }

    lcm_t *m_lcm = nullptr;
    QByteArray m_channel;
    std::array<Element, MostAtOnce> m_elements;
    std::size_t m_count = 0;
};

} // namespace

QList<StreamPeer::Kind> lcmPeers()
{
    return {{"LCM", makeStreamPeer<LcmPeer>, 10'000}};
}
