// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The cost of notifying many listeners: sleeping ones, and ones that are busy with the last update.

#include "../samples.h"
#include "crowd.h"
#include "listeners.h"
#include "sharedwords.h"

#include <SharedSegment/SharedArray>

#include <benchmark/benchmark.h>

#include <QtCore/QCoreApplication>
#include <QtCore/QDeadlineTimer>
#include <QtCore/QDir>
#include <QtCore/QThread>

#include <array>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace std::chrono_literals;

namespace {

QByteArray freshName(const char *what)
{
    static int counter = 0;
    return "benchmark." + QByteArray::number(QCoreApplication::applicationPid()) + ".notify." + what + '.'
         + QByteArray::number(++counter);
}

/// The given number of listeners in processes of their own, and the process that notifies them.
class Listeners
{
public:
    explicit Listeners(std::size_t count)
        : m_count(count)
    {
    }
    virtual ~Listeners()
    {
        m_words[BusyWord] = 0;
        Crowd::instance().areDone(m_count, "stop-listening");
        runOn({0, 1});
    }
    Q_DISABLE_COPY_MOVE(Listeners)

    bool gather()
    {
        const QByteArray words = freshName("words");
        return Crowd::instance().grow(m_count) && m_words.create(words, ListenersWordCount) && seat(words)
            && runOn({0});
    }
    virtual void notify() = 0;

    /// Once more than before. @returns false if not in time. All listen again by then, or are busy.
    bool haveAllReceived()
    {
        m_expected += static_cast<std::uint32_t>(m_count);
        const QDeadlineTimer deadline(5'000);
        while (m_words[ReceivedWord] < m_expected) {
            if (deadline.hasExpired())
                return false;
            std::this_thread::sleep_for(20us);
        }
        std::this_thread::sleep_for(200us);
        return true;
    }
    void setBusy(bool areBusy) { m_words[BusyWord] = areBusy ? 1 : 0; }
    std::size_t count() const { return m_count; }

protected:
    virtual bool seat(const QByteArray &words) = 0;

private:
    std::size_t m_count;
    SharedWords m_words;
    std::uint32_t m_expected = 0;
};

class SegmentListeners : public Listeners
{
public:
    using Listeners::Listeners;
    void notify() override { m_array.publish(m_values); }

protected:
    bool seat(const QByteArray &words) override
    {
        const QByteArray name = freshName("segment");
        m_array.segment()->setName(QString::fromLatin1(name));
        if (!m_array.create(static_cast<qint64>(m_values.size()))
            || !Crowd::instance().areDone(count(), "listen-to-segment " + name + ' ' + words))
            return false;
        const QDeadlineTimer deadline(5'000);
        while (m_array.segment()->listenerCount() < static_cast<int>(count())) {
            if (deadline.hasExpired())
                return false;
            QThread::msleep(1);
        }
        return true;
    }

private:
    const std::array<double, 8> m_values{};
    SharedArray<double> m_array;
};

/// The solution by hand: a descriptor for each.
class DescriptorListeners : public Listeners
{
public:
    using Listeners::Listeners;
    ~DescriptorListeners() override
    {
        for (const int descriptor : m_descriptors)
            ::close(descriptor);
    }
    void notify() override
    {
        constexpr std::uint64_t One = 1;
        for (const int descriptor : m_descriptors) {
            if (::write(descriptor, &One, sizeof One) != sizeof One)
                ::abort();
        }
    }

protected:
    virtual int seatOne(Station &station, const QByteArray &words) = 0;
    bool seat(const QByteArray &words) override
    {
        for (std::size_t i = 0; i < count(); ++i) {
            m_descriptors.push_back(seatOne(Crowd::instance()[i], words));
            if (m_descriptors.back() == -1)
                return false;
        }
        return true;
    }

private:
    std::vector<int> m_descriptors;
};

class EventListeners : public DescriptorListeners
{
public:
    using DescriptorListeners::DescriptorListeners;

protected:
    int seatOne(Station &station, const QByteArray &words) override
    {
        const int theirs = station.ask("listen-to-event " + words).toInt();
        const auto process = static_cast<int>(::syscall(SYS_pidfd_open, station.pid(), 0));
        const auto ours = static_cast<int>(::syscall(SYS_pidfd_getfd, process, theirs, 0));
        ::close(process);
        return ours;
    }
};

class FifoListeners : public DescriptorListeners
{
public:
    using DescriptorListeners::DescriptorListeners;

protected:
    int seatOne(Station &station, const QByteArray &words) override
    {
        const QByteArray path = QDir::tempPath().toLocal8Bit() + '/' + freshName("fifo");
        if (::mkfifo(path.constData(), S_IRUSR | S_IWUSR) == -1)
            return -1;
        station.ask("listen-to-fifo " + words + ' ' + path);
        const int descriptor = ::open(path.constData(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
        ::unlink(path.constData());
        return descriptor;
    }
};

template<typename Kind>
void notifySleeping(benchmark::State &state)
{
    constexpr int Count = 100;
    Kind listeners(static_cast<std::size_t>(state.range(0)));
    if (!listeners.gather()) {
        state.SkipWithError("the listeners do not come up");
        return;
    }
    for (auto iteration : state) {
        Samples samples(Count);
        for (int i = 0; i < Count; ++i) {
            const std::int64_t begin = monotonicTime();
            listeners.notify();
            samples.add(monotonicTime() - begin);
            if (!listeners.haveAllReceived()) {
                state.SkipWithError("not all were notified");
                return;
            }
        }
        reportSamples(state, samples.toLine());
    }
}

/// The first of them still notifies: it finds them listening, since they were busy only after that.
template<typename Kind>
void notifyBusy(benchmark::State &state)
{
    constexpr int Count = 1000;
    Kind listeners(static_cast<std::size_t>(state.range(0)));
    if (!listeners.gather()) {
        state.SkipWithError("the listeners do not come up");
        return;
    }
    for (auto iteration : state) {
        listeners.setBusy(true);
        listeners.notify();
        if (!listeners.haveAllReceived()) {
            state.SkipWithError("not all were notified");
            return;
        }
        const std::int64_t begin = monotonicTime();
        for (int i = 0; i < Count; ++i)
            listeners.notify();
        const std::int64_t end = monotonicTime();
        state.SetIterationTime(static_cast<double>(end - begin) / Count / 1e9);
    }
}

} // namespace

void addNotifierBenchmarks()
{
    auto add = [](const std::string &name, void (*run)(benchmark::State &), std::int64_t count) {
        benchmark::RegisterBenchmark(name.c_str(), run)->Arg(count)->UseManualTime()->Iterations(1)->Repetitions(9);
    };
    const std::string sleeping = "publisher with sleeping listeners/";
    for (const std::int64_t count : {1, 2, 4, 8, 16, 32, 64}) {
        add(sleeping + "SharedSegment", notifySleeping<SegmentListeners>, count);
        add(sleeping + "eventfd", notifySleeping<EventListeners>, count);
        add(sleeping + "FIFO", notifySleeping<FifoListeners>, count);
    }
    const std::string busy = "publisher with busy listeners/";
    add(busy + "SharedSegment", notifyBusy<SegmentListeners>, 32);
    add(busy + "eventfd", notifyBusy<EventListeners>, 32);
}
