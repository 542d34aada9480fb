// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What a writer takes beside a reader of any pace, and whether anything is lost at a high rate.

#include "pace.h"

#include "../processes/crowd.h"
#include "../samples.h"
#include "element.h"

#include <benchmark/benchmark.h>

#include <QtCore/QCoreApplication>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t Second = 1'000'000'000; // ns
constexpr std::uint64_t Rate = 1'000'000;       // elements in a second

std::optional<ElementStream> stream;
std::uint64_t appended = 0; ///< in this process

/// NAME CAPACITY
QByteArray create(const QList<QByteArray> &arguments)
{
    stream.emplace(QString::fromLatin1(arguments.at(0)));
    return stream->create(arguments.at(1).toLongLong()) ? "done" : "failed";
}

/// Appends elements with their own numbers.
void appendMore(std::uint64_t count, std::size_t atOnce)
{
    std::vector<Element> elements(atOnce);
    for (const std::uint64_t end = appended + count; appended < end;) {
        for (Element &element : elements)
            element.number = appended++;
        stream->append(elements);
    }
}

/// COUNT ATONCE: as quickly as possible. The answer is the time of one append, in ns.
QByteArray append(const QList<QByteArray> &arguments)
{
    const std::uint64_t count = arguments.at(0).toULongLong();
    const auto atOnce = static_cast<std::size_t>(arguments.at(1).toULongLong());
    const std::int64_t begin = threadTime();
    appendMore(count, atOnce);
    return QByteArray::number(static_cast<double>(threadTime() - begin) * static_cast<double>(atOnce)
                              / static_cast<double>(count));
}

/// SECONDS: one element at a time, at the rate. The answer is the processor time of one append, in ns, and the time that all took,
/// in seconds.
QByteArray appendAtRate(const QList<QByteArray> &arguments)
{
    const std::uint64_t count = arguments.at(0).toULongLong() * Rate;
    const std::int64_t begin = monotonicTime();
    const std::int64_t ownBegin = threadTime();
    const std::uint64_t first = appended;
    while (appended < first + count) {
        const auto time = static_cast<std::uint64_t>(monotonicTime() - begin);
        appendMore(std::min(count, time * Rate / Second) - (appended - first), 1);
        std::this_thread::sleep_for(1ms);
    }
    return QByteArray::number(static_cast<double>(threadTime() - ownBegin) / static_cast<double>(count)) + ' '
         + QByteArray::number(static_cast<double>(monotonicTime() - begin) / static_cast<double>(Second));
}

/// NAME
QByteArray open(const QList<QByteArray> &arguments)
{
    stream.emplace(QString::fromLatin1(arguments.at(0)));
    return stream->open() ? "done" : "failed";
}

/// PAUSE, in us, or "waiting" for updates: until the next command. The answer is how many it read, how many it lost, and how many
/// did not have the number that they should have.
QByteArray follow(const QList<QByteArray> &arguments)
{
    constexpr int SeldomEnough = 1000;
    const bool isWaiting = arguments.at(0) == "waiting";
    const std::chrono::microseconds pause(arguments.at(0).toLongLong());
    std::vector<Element> elements(1024);
    std::uint64_t read = 0;
    std::uint64_t bad = 0;
    bool isLast = false;
    for (int i = 0;; ++i) {
        // What was appended before the command is read, too.
        if (isWaiting || pause > 0us || i % SeldomEnough == 0)
            isLast = isLast || Station::isTold();
        qsizetype count = 0;
        while ((count = stream->read(elements)) > 0) {
            std::uint64_t number = stream->position() - std::uint64_t(count);
            for (qsizetype at = 0; at < count; ++at)
                bad += elements[std::size_t(at)].number != number++ ? 1 : 0;
            read += std::uint64_t(count);
        }
        if (isLast)
            break;
        if (isWaiting)
            stream->waitForUpdated(stream->position(), QDeadlineTimer(10ms));
        else if (pause > 0us)
            std::this_thread::sleep_for(pause);
    }
    return QByteArray::number(quint64(read)) + ' ' + QByteArray::number(quint64(stream->lost())) + ' '
         + QByteArray::number(quint64(bad));
}

/// Reads nothing until the next command, and then what is there; the answer as above. Its event loop does not run meanwhile, so
/// that it gets no updates.
QByteArray pauseFirst(const QList<QByteArray> & /*arguments*/)
{
    while (!Station::isTold())
        std::this_thread::sleep_for(5ms);
    return follow({"0"});
}

QByteArray stop(const QList<QByteArray> & /*arguments*/)
{
    return "done";
}

QByteArray close(const QList<QByteArray> & /*arguments*/)
{
    stream.reset();
    appended = 0;
    return "done";
}

/// A writer on the first processor, and its readers on the second one.
class Followed
{
public:
    ~Followed()
    {
        for (std::size_t i = 0; i < m_readers; ++i)
            Crowd::instance()[i].ask("pace-close");
    }
    Q_DISABLE_COPY_MOVE(Followed)

    Followed(std::size_t readers, std::uint64_t capacity)
        : m_readers(readers)
    {
        static int counter = 0;
        const QByteArray name = "benchmark." + QByteArray::number(QCoreApplication::applicationPid()) + ".pace."
                              + QByteArray::number(++counter);
        m_isReady = m_writer.start() && m_writer.ask("stay 0") == "done"
                 && m_writer.ask("pace-create " + name + ' ' + QByteArray::number(quint64(capacity))) == "done"
                 && Crowd::instance().grow(readers) && Crowd::instance().areDone(readers, "pace-open " + name);
    }
    bool isReady() const { return m_isReady; }

    void tellReaders(const QByteArray &command)
    {
        for (std::size_t i = 0; i < m_readers; ++i)
            Crowd::instance()[i].tell(command);
    }
    /// How many elements all readers together read and lost, and how many were wrong.
    struct Sum
    {
        std::uint64_t read = 0;
        std::uint64_t lost = 0;
        std::uint64_t bad = 0;
    };
    Sum stop()
    {
        Sum sum;
        tellReaders("pace-stop");
        for (std::size_t i = 0; i < m_readers; ++i) {
            const QList<QByteArray> counts = Crowd::instance()[i].answer().split(' ');
            Crowd::instance()[i].answer();
            sum.read += counts.value(0).toULongLong();
            sum.lost += counts.value(1).toULongLong();
            sum.bad += counts.value(2).toULongLong();
        }
        return sum;
    }
    Station &writer() { return m_writer; }

private:
    std::size_t m_readers;
    Station m_writer;
    bool m_isReady = false;
};

void appendWhileFollowed(benchmark::State &state, const QByteArray &command)
{
    constexpr std::uint64_t Capacity = 100'000;
    constexpr std::uint64_t Count = 1'000'000;
    Followed followed(1, Capacity);
    if (!followed.isReady()) {
        state.SkipWithError("the writer and its reader do not come up");
        return;
    }
    for (auto iteration : state) {
        const QByteArray append = "pace-append " + QByteArray::number(quint64(Count)) + ' '
                                + QByteArray::number(qint64(state.range(0)));
        followed.tellReaders(command);
        const double time = followed.writer().ask(append).toDouble();
        const Followed::Sum sum = followed.stop();
        if (time <= 0 || sum.bad > 0 || sum.read + sum.lost != Count) {
            state.SkipWithError("the reader does not account for each element");
            return;
        }
        state.counters["lost"] = static_cast<double>(sum.lost);
        state.SetIterationTime(time / 1e9);
    }
}

void appendAtHighRate(benchmark::State &state)
{
    const auto readers = static_cast<std::size_t>(state.range(0));
    bool isGiven = false;
    const int given = qEnvironmentVariableIntValue("BENCHMARK_STREAM_SECONDS", &isGiven);
    const std::uint64_t seconds = isGiven && given > 0 ? static_cast<std::uint64_t>(given) : 5;
    Followed followed(readers, 2 * Rate);
    if (!followed.isReady()) {
        state.SkipWithError("the writer and its readers do not come up");
        return;
    }
    for (auto iteration : state) {
        followed.tellReaders("pace-follow waiting");
        followed.writer().tell("pace-append-at-rate " + QByteArray::number(quint64(seconds)));
        QByteArray answer;
        for (std::uint64_t i = 0; answer.isEmpty() && i <= seconds; ++i)
            answer = followed.writer().answer();
        const QList<QByteArray> times = answer.split(' ');
        const Followed::Sum sum = followed.stop();
        const std::uint64_t count = seconds * Rate * readers;
        if (sum.bad > 0 || sum.read + sum.lost != count) {
            state.SkipWithError("the readers do not account for each element");
            return;
        }
        if (times.value(1).toDouble() > 1.02 * static_cast<double>(seconds)) {
            state.SkipWithError("the writer does not come to the rate");
            return;
        }
        state.SetIterationTime(times.value(0).toDouble() / 1e9);
        state.counters["elements"] = static_cast<double>(seconds * Rate);
        state.counters["lost"] = static_cast<double>(sum.lost);
    }
}

} // namespace

Station::Commands paceCommands()
{
    return {{"pace-create", create}, {"pace-append", append}, {"pace-append-at-rate", appendAtRate},
            {"pace-open", open},     {"pace-follow", follow}, {"pace-pause", pauseFirst},
            {"pace-stop", stop},     {"pace-close", close}};
}

void addPaceBenchmarks()
{
    struct Pace
    {
        const char *name;
        const char *command;
    };
    for (const Pace pace :
         {Pace{"a reader that never reads", "pace-pause"}, Pace{"a reader each 100 ms", "pace-follow 100000"},
          Pace{"a reader each 10 ms", "pace-follow 10000"}, Pace{"a reader each ms", "pace-follow 1000"},
          Pace{"a reader without pause", "pace-follow 0"}}) {
        for (const std::int64_t atOnce : {1, 64}) {
            benchmark::RegisterBenchmark((std::string("append beside/") + pace.name).c_str(),
                                         [command = QByteArray(pace.command)](benchmark::State &state) {
                                             appendWhileFollowed(state, command);
                                         })
                ->Arg(atOnce)
                ->UseManualTime()
                ->Iterations(1);
        }
    }
    benchmark::RegisterBenchmark("million elements a second", appendAtHighRate)
        ->Arg(8)
        ->UseManualTime()
        ->Iterations(1)
        ->Repetitions(1);
}
