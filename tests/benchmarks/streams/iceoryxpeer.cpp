// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// iceoryx: a publisher that waits for slow subscribers, and a subscriber that polls. Neither can lose a message.

#include "streampeer.h"

#include <iceoryx_hoofs/log/logmanager.hpp>
#include <iceoryx_posh/popo/untyped_publisher.hpp>
#include <iceoryx_posh/popo/untyped_subscriber.hpp>
#include <iceoryx_posh/runtime/posh_runtime.hpp>

#include <QtCore/QDeadlineTimer>
#include <QtCore/QThread>

#include <algorithm>
#include <optional>

namespace {

constexpr int Patience = 10'000; // ms

iox::capro::ServiceDescription serviceOf(const QByteArray &name)
{
    return {"Benchmark", "Stream", iox::capro::IdString_t(iox::cxx::TruncateToCapacity, name.constData())};
}

template<typename Condition>
bool waitUntil(const Condition &condition)
{
    const QDeadlineTimer deadline(Patience);
    while (!condition()) {
        if (deadline.hasExpired())
            return false;
        QThread::msleep(1);
    }
    return true;
}

class IceoryxPeer : public StreamPeer
{
public:
    ~IceoryxPeer() override { release(); }

    bool listen(const QByteArray &name, std::size_t /*atOnce*/) override
    {
        startRuntime("receiver." + name);
        iox::popo::SubscriberOptions options;
        options.queueFullPolicy = iox::popo::QueueFullPolicy::BLOCK_PRODUCER;
        m_subscriber.emplace(serviceOf(name), options);
        return true;
    }
    bool connectToReceiver(const QByteArray &name) override
    {
        startRuntime("sender." + name);
        iox::popo::PublisherOptions options;
        options.subscriberTooSlowPolicy = iox::popo::ConsumerTooSlowPolicy::WAIT_FOR_CONSUMER;
        m_publisher.emplace(serviceOf(name), options);
        return waitUntil([this] { return m_publisher->hasSubscribers(); });
    }
    bool accept(const QByteArray & /*name*/) override
    {
        return waitUntil([this] { return m_subscriber->getSubscriptionState() == iox::SubscribeState::SUBSCRIBED; });
    }
    void send(std::span<const Element> elements) override
    {
        m_publisher->loan(static_cast<std::uint32_t>(elements.size_bytes()))
            .and_then([&](void *chunk) {
                std::copy(elements.begin(), elements.end(), static_cast<Element *>(chunk));
                m_publisher->publish(chunk);
            })
            .or_else([](iox::popo::AllocationError) { ::abort(); });
    }
    std::span<const Element> receive() override
    {
        release();
        while (!m_chunk)
            m_subscriber->take().and_then([this](const void *chunk) { m_chunk = chunk; });
        const std::size_t bytes = iox::mepoo::ChunkHeader::fromUserPayload(m_chunk)->userPayloadSize();
        return {static_cast<const Element *>(m_chunk), bytes / sizeof(Element)};
    }

private:
    static void startRuntime(const QByteArray &name)
    {
        iox::log::LogManager::GetLogManager().SetDefaultLogLevel(iox::log::LogLevel::kOff,
                                                                 iox::log::LogLevelOutput::kHideLogLevel);
        iox::runtime::PoshRuntime::initRuntime(iox::RuntimeName_t(iox::cxx::TruncateToCapacity, name.constData()));
    }
    void release()
    {
        if (m_chunk)
            m_subscriber->release(m_chunk);
        m_chunk = nullptr;
    }

    std::optional<iox::popo::UntypedPublisher> m_publisher;
    std::optional<iox::popo::UntypedSubscriber> m_subscriber;
    const void *m_chunk = nullptr;
};

} // namespace

QList<StreamPeer::Kind> iceoryxPeers()
{
    return {{"iceoryx", makeStreamPeer<IceoryxPeer>, 50'000}};
}
