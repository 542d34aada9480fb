// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// News that a thread waits for which does nothing else: blocked in the kernel, or looking again and again.

#include "descriptors.h"
#include "newspeer.h"
#include "sharedwords.h"

#include <SharedSegment/SharedArray>

#include <QtCore/QSystemSemaphore>

#include <array>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

template<typename Ends>
class DescriptorNews : public NewsPeer
{
public:
    bool create(const QByteArray &mine, const QByteArray &theirs) override { return m_ends.create(mine, theirs); }
    bool connectToOther() override { return m_ends.connectToOther(); }
    void send() override { m_ends.send(); }
    void listen(const std::function<bool()> &heard) override
    {
        do
            m_ends.receive();
        while (heard());
    }

private:
    Ends m_ends;
};

/// A word in shared memory that counts the news.
class WordNews : public NewsPeer
{
public:
    bool create(const QByteArray &mine, const QByteArray &theirs) override
    {
        m_theirName = theirs;
        return m_mine.create(mine, 1);
    }
    bool connectToOther() override { return m_theirs.open(m_theirName, 1); }
    void send() override { m_mine[0].fetch_add(1, std::memory_order_release); }
    void listen(const std::function<bool()> &heard) override
    {
        do {
            while (m_theirs[0].load(std::memory_order_acquire) == m_seen)
                wait();
            ++m_seen;
        } while (heard());
    }

protected:
    virtual void wait() { }

    SharedWords m_mine;
    SharedWords m_theirs;
    std::uint32_t m_seen = 0;

private:
    QByteArray m_theirName;
};

class FutexNews : public WordNews
{
public:
    void send() override
    {
        WordNews::send();
        ::syscall(SYS_futex, &m_mine[0], FUTEX_WAKE, 1, nullptr, nullptr, 0);
    }

protected:
    void wait() override { ::syscall(SYS_futex, &m_theirs[0], FUTEX_WAIT, m_seen, nullptr, nullptr, 0); }
};

class SemaphoreNews : public NewsPeer
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
    void listen(const std::function<bool()> &heard) override
    {
        do
            m_theirs.acquire();
        while (heard());
    }

private:
    QByteArray m_theirName;
    QSystemSemaphore m_mine{QString()};
    QSystemSemaphore m_theirs{QString()};
};

class PolledSegment : public NewsPeer
{
public:
    bool create(const QByteArray &mine, const QByteArray &theirs) override
    {
        m_mine.segment()->setName(QString::fromLatin1(mine));
        m_theirs.segment()->setName(QString::fromLatin1(theirs));
        return m_mine.create();
    }
    bool connectToOther() override { return m_theirs.open(); }
    void send() override { m_mine.write(m_values); }
    void listen(const std::function<bool()> &heard) override
    {
        do {
            while (m_theirs.revision() == m_seen) { }
            ++m_seen;
        } while (heard());
    }

private:
    static constexpr std::size_t Length = 8;
    const std::array<double, Length> m_values{};
    SharedArray<double, Length> m_mine;
    SharedArray<double, Length> m_theirs;
    quint64 m_seen = 0;
};

} // namespace

QList<NewsPeer::Kind> NewsPeer::blocking()
{
    return {{"futex", makeNewsPeer<FutexNews>},
            {"FIFO, blocking", makeNewsPeer<DescriptorNews<FifoEnds>>},
            {"Unix datagram, blocking", makeNewsPeer<DescriptorNews<DatagramEnds>>},
            {"QSystemSemaphore", makeNewsPeer<SemaphoreNews>}};
}

QList<NewsPeer::Kind> NewsPeer::polling()
{
    return {{"SharedSegment, revision()", makeNewsPeer<PolledSegment>},
            {"a word in shared memory", makeNewsPeer<WordNews>}};
}
