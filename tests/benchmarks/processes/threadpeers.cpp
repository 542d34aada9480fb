// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Updates for a thread that only waits for them: blocked in the kernel, or polling.

#include "descriptors.h"
#include "notificationpeer.h"
#include "sharedwords.h"

#include <SharedSegment/SharedArray>

#include <QtCore/QSystemSemaphore>

#include <array>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

template<typename Ends>
class DescriptorNotification : public NotificationPeer
{
public:
    bool create(const QByteArray &mine, const QByteArray &theirs) override { return m_ends.create(mine, theirs); }
    bool connectToOther() override { return m_ends.connectToOther(); }
    void send() override { m_ends.send(); }
    void listen(const std::function<bool()> &handler) override
    {
        do
            m_ends.receive();
        while (handler());
    }

private:
    Ends m_ends;
};

/// A word in shared memory that counts the updates.
class WordNotification : public NotificationPeer
{
public:
    bool create(const QByteArray &mine, const QByteArray &theirs) override
    {
        m_theirName = theirs;
        return m_mine.create(mine, 1);
    }
    bool connectToOther() override { return m_theirs.open(m_theirName, 1); }
    void send() override { m_mine[0].fetch_add(1, std::memory_order_release); }
    void listen(const std::function<bool()> &handler) override
    {
        do {
            while (m_theirs[0].load(std::memory_order_acquire) == m_seen)
                wait();
            ++m_seen;
        } while (handler());
    }

protected:
    virtual void wait() { }

    SharedWords m_mine;
    SharedWords m_theirs;
    std::uint32_t m_seen = 0;

private:
    QByteArray m_theirName;
};

class FutexNotification : public WordNotification
{
public:
    void send() override
    {
        WordNotification::send();
        ::syscall(SYS_futex, &m_mine[0], FUTEX_WAKE, 1, nullptr, nullptr, 0);
    }

protected:
    void wait() override { ::syscall(SYS_futex, &m_theirs[0], FUTEX_WAIT, m_seen, nullptr, nullptr, 0); }
};

class SemaphoreNotification : public NotificationPeer
{
public:
    bool create(const QByteArray &mine, const QByteArray &theirs) override
    {
        m_theirName = theirs;
        m_mine.setKey(QString::fromLatin1(mine), 0, QSystemSemaphore::Create);
        return m_mine.error() == QSystemSemaphore::NoError;
    }
    bool connectToOther() override
    {
        m_theirs.setKey(QString::fromLatin1(m_theirName), 0, QSystemSemaphore::Open);
        return m_theirs.error() == QSystemSemaphore::NoError;
    }
    void send() override { m_mine.release(); }
    void listen(const std::function<bool()> &handler) override
    {
        do
            m_theirs.acquire();
        while (handler());
    }

private:
    QByteArray m_theirName;
    QSystemSemaphore m_mine{QString()};
    QSystemSemaphore m_theirs{QString()};
};

class PolledSegment : public NotificationPeer
{
public:
    bool create(const QByteArray &mine, const QByteArray &theirs) override
    {
        m_mine.segment()->setName(QString::fromLatin1(mine));
        m_theirs.segment()->setName(QString::fromLatin1(theirs));
        return m_mine.create();
    }
    bool connectToOther() override { return m_theirs.open(); }
    void send() override { m_mine.publish(m_values); }
    void listen(const std::function<bool()> &handler) override
    {
        do {
            while (m_theirs.revision() == m_seen) { }
            ++m_seen;
        } while (handler());
    }

private:
    static constexpr std::size_t Length = 8;
    const std::array<double, Length> m_values{};
    SharedArray<double, Length> m_mine;
    SharedArray<double, Length> m_theirs;
    quint64 m_seen = 0;
};

} // namespace

QList<NotificationPeer::Kind> NotificationPeer::blocking()
{
    return {{"futex", makeNotificationPeer<FutexNotification>},
            {"FIFO, blocking", makeNotificationPeer<DescriptorNotification<FifoEnds>>},
            {"Unix datagram, blocking", makeNotificationPeer<DescriptorNotification<DatagramEnds>>},
            {"QSystemSemaphore", makeNotificationPeer<SemaphoreNotification>}};
}

QList<NotificationPeer::Kind> NotificationPeer::polling()
{
    return {{"SharedSegment, revision()", makeNotificationPeer<PolledSegment>},
            {"a word in shared memory", makeNotificationPeer<WordNotification>}};
}
