// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Appends without listeners, and reads, within one process: beside copies of the same bytes in the same memory.

#include "streampeer.h"

#include <benchmark/benchmark.h>

#include <QtCore/QCoreApplication>

#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <sys/mman.h>
#include <vector>

namespace {

/// 100 000 elements; and one that takes in two seconds of a million elements each.
constexpr qint64 SmallBuffer = 100'000;
constexpr qint64 LargeBuffer = 2'000'000;

/// A stream whose memory was written to, and its reader.
bool createBuffer(ElementStream &stream, qint64 capacity)
{
    static int counter = 0;
    stream.segment()->setName(
        QStringLiteral("benchmark.%1.stream.%2").arg(QCoreApplication::applicationPid()).arg(++counter));
    const std::vector<Element> elements(StreamPeer::MostAtOnce);
    bool isDone = stream.create(capacity);
    for (qint64 count = 0; isDone && count < capacity; count += qint64(elements.size()))
        isDone = stream.append(elements);
    return isDone;
}

/// As much shared memory, and a walk through it as a writer and a reader do it.
class BareBuffer
{
public:
    BareBuffer(qint64 capacity, std::size_t step)
        : m_size(static_cast<std::size_t>(capacity) * sizeof(Element))
        , m_step(step)
    {
        void *const address =
            ::mmap(nullptr, m_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
        if (address == MAP_FAILED)
            ::abort();
        m_memory = static_cast<std::byte *>(address);
    }
    ~BareBuffer() { ::munmap(m_memory, m_size); }
    Q_DISABLE_COPY_MOVE(BareBuffer)

    std::byte *next()
    {
        if (m_at + m_step > m_size)
            m_at = 0;
        std::byte *const at = m_memory + m_at;
        m_at += m_step;
        return at;
    }

private:
    std::byte *m_memory;
    std::size_t m_size;
    std::size_t m_step;
    std::size_t m_at = 0;
};

std::size_t elementsOf(const benchmark::State &state)
{
    return static_cast<std::size_t>(state.range(0));
}

template<qint64 Capacity>
void append(benchmark::State &state)
{
    ElementStream stream;
    const std::vector<Element> elements(elementsOf(state));
    if (!createBuffer(stream, Capacity)) {
        state.SkipWithError("cannot create");
        return;
    }
    for (auto iteration : state)
        benchmark::DoNotOptimize(stream.append(elements));
}

template<qint64 Capacity>
void copyIn(benchmark::State &state)
{
    const std::vector<Element> elements(elementsOf(state));
    BareBuffer memory(Capacity, elements.size() * sizeof(Element));
    for (auto iteration : state) {
        std::memcpy(memory.next(), elements.data(), elements.size() * sizeof(Element));
        benchmark::ClobberMemory();
    }
}

/// Each reads all from the oldest on, again and again.
template<qint64 Capacity>
void read(benchmark::State &state)
{
    ElementStream stream;
    std::vector<Element> elements(elementsOf(state));
    if (!createBuffer(stream, Capacity)) {
        state.SkipWithError("cannot create");
        return;
    }
    for (auto iteration : state) {
        if (stream.read(elements) < qsizetype(elements.size()))
            stream.seek(ElementStream::Oldest);
        benchmark::ClobberMemory();
    }
}

template<qint64 Capacity>
void readNew(benchmark::State &state)
{
    ElementStream stream;
    const auto count = static_cast<qsizetype>(elementsOf(state));
    if (!createBuffer(stream, Capacity)) {
        state.SkipWithError("cannot create");
        return;
    }
    for (auto iteration : state) {
        const QList<Element> elements = stream.readNew(count);
        if (elements.size() < count)
            stream.seek(ElementStream::Oldest);
        benchmark::DoNotOptimize(elements.constData());
    }
}

template<qint64 Capacity>
void copyOut(benchmark::State &state)
{
    std::vector<Element> elements(elementsOf(state));
    BareBuffer memory(Capacity, elements.size() * sizeof(Element));
    for (auto iteration : state) {
        std::memcpy(elements.data(), memory.next(), elements.size() * sizeof(Element));
        benchmark::ClobberMemory();
    }
}

template<qint64 Capacity>
void copyToNew(benchmark::State &state)
{
    const std::size_t bytes = elementsOf(state) * sizeof(Element);
    BareBuffer memory(Capacity, bytes);
    for (auto iteration : state) {
        const QByteArray copy(reinterpret_cast<const char *>(memory.next()), static_cast<qsizetype>(bytes));
        benchmark::DoNotOptimize(copy.constData());
    }
}

void clock(benchmark::State &state)
{
    timespec now;
    for (auto iteration : state) {
        ::clock_gettime(CLOCK_REALTIME, &now);
        benchmark::DoNotOptimize(now);
    }
}

template<qint64 Capacity>
void addBuffer(const std::string &what)
{
    for (const std::int64_t elements : {1, 64}) {
        benchmark::RegisterBenchmark((what + "append/SharedSegment").c_str(), append<Capacity>)->Arg(elements);
        benchmark::RegisterBenchmark((what + "append/memcpy").c_str(), copyIn<Capacity>)->Arg(elements);
    }
    for (const std::int64_t elements : {64, 16384}) {
        benchmark::RegisterBenchmark((what + "read/SharedSegment").c_str(), read<Capacity>)->Arg(elements);
        benchmark::RegisterBenchmark((what + "read/memcpy").c_str(), copyOut<Capacity>)->Arg(elements);
        benchmark::RegisterBenchmark((what + "readNew/SharedSegment").c_str(), readNew<Capacity>)->Arg(elements);
        benchmark::RegisterBenchmark((what + "readNew/memcpy").c_str(), copyToNew<Capacity>)->Arg(elements);
    }
}

} // namespace

void addStreamBenchmarks()
{
    addBuffer<LargeBuffer>("");
    addBuffer<SmallBuffer>("small buffer, ");
    benchmark::RegisterBenchmark("clock", clock);
}
