// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What it costs to tell many that there is news: those who sleep, and those who are busy with the last.

#include "../samples.h"
#include "audience.h"
#include "crowd.h"
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
    return "benchmark." + QByteArray::number(QCoreApplication::applicationPid()) + ".ring." + what + '.'
         + QByteArray::number(++counter);
}

/// So many listeners in processes of their own, and the one who rings them.
class Audience
{
public:
    explicit Audience(std::size_t count)
        : m_count(count)
    {
    }
    virtual ~Audience()
    {
        m_words[BusyWord] = 0;
        Crowd::instance().areDone(m_count, "stop-listening");
        runOn({0, 1});
    }
    Q_DISABLE_COPY_MOVE(Audience)

    bool gather()
    {
        const QByteArray words = freshName("words");
        return Crowd::instance().grow(m_count) && m_words.create(words, AudienceWordCount) && seat(words) && runOn({0});
    }
    virtual void ring() = 0;

    /// Once more than before. @returns false if not in time. All listen again by then, or are busy.
    bool haveAllHeard()
    {
        m_expected += static_cast<std::uint32_t>(m_count);
        const QDeadlineTimer deadline(5'000);
        while (m_words[HeardWord] < m_expected) {
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

class SegmentAudience : public Audience
{
public:
    using Audience::Audience;
    void ring() override { m_array.write(m_values); }

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

/// What one would write by hand: a descriptor for each.
class DescriptorAudience : public Audience
{
public:
    using Audience::Audience;
    ~DescriptorAudience() override
    {
        for (const int descriptor : m_descriptors)
            ::close(descriptor);
    }
    void ring() override
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

class EventAudience : public DescriptorAudience
{
public:
    using DescriptorAudience::DescriptorAudience;

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

class FifoAudience : public DescriptorAudience
{
public:
    using DescriptorAudience::DescriptorAudience;

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
void ringSleeping(benchmark::State &state)
{
    constexpr int Count = 100;
    Kind audience(static_cast<std::size_t>(state.range(0)));
    if (!audience.gather()) {
        state.SkipWithError("the listeners do not come up");
        return;
    }
    for (auto iteration : state) {
        Samples samples(Count);
        for (int i = 0; i < Count; ++i) {
            const std::int64_t begin = monotonicTime();
            audience.ring();
            samples.add(monotonicTime() - begin);
            if (!audience.haveAllHeard()) {
                state.SkipWithError("not all heard of it");
                return;
            }
        }
        reportSamples(state, samples.toLine());
    }
}

/// The first of them still rings: it finds them listening, since they were busy only after that.
template<typename Kind>
void ringBusy(benchmark::State &state)
{
    constexpr int Count = 1000;
    Kind audience(static_cast<std::size_t>(state.range(0)));
    if (!audience.gather()) {
        state.SkipWithError("the listeners do not come up");
        return;
    }
    for (auto iteration : state) {
        audience.setBusy(true);
        audience.ring();
        if (!audience.haveAllHeard()) {
            state.SkipWithError("not all heard of it");
            return;
        }
        const std::int64_t begin = monotonicTime();
        for (int i = 0; i < Count; ++i)
            audience.ring();
        const std::int64_t end = monotonicTime();
        state.SetIterationTime(static_cast<double>(end - begin) / Count / 1e9);
    }
}

} // namespace

void addRingBenchmarks()
{
    auto add = [](const std::string &name, void (*run)(benchmark::State &), std::int64_t count) {
        benchmark::RegisterBenchmark(name.c_str(), run)->Arg(count)->UseManualTime()->Iterations(1)->Repetitions(9);
    };
    const std::string sleeping = "publisher with sleeping listeners/";
    for (const std::int64_t count : {1, 2, 4, 8, 16, 32, 64}) {
        add(sleeping + "SharedSegment", ringSleeping<SegmentAudience>, count);
        add(sleeping + "eventfd", ringSleeping<EventAudience>, count);
        add(sleeping + "FIFO", ringSleeping<FifoAudience>, count);
    }
    const std::string busy = "publisher with busy listeners/";
    add(busy + "SharedSegment", ringBusy<SegmentAudience>, 32);
    add(busy + "eventfd", ringBusy<EventAudience>, 32);
}
