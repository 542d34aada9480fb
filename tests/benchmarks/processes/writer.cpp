// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "writer.h"

#include "../peers.h"
#include "../samples.h"

#include <SharedSegment/SharedArray>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <memory>
#include <vector>

namespace {

std::unique_ptr<SharedArray<double>> array;
std::unique_ptr<ShmOpenPeer> memory;

/// NAME BYTES: the array, and as much plain memory of that name.
QByteArray create(const QList<QByteArray> &arguments)
{
    array = std::make_unique<SharedArray<double>>(QString::fromLatin1(arguments.at(0)));
    memory = std::make_unique<ShmOpenPeer>(QString::fromLatin1(arguments.at(0)), arguments.at(1).toULongLong());
    const qint64 length = arguments.at(1).toLongLong() / qint64(sizeof(double));
    const std::vector<double> values(static_cast<std::size_t>(length), 1.0);
    return array->create(length) && array->publish(values) && memory->create() ? "done" : "failed";
}

/// "array" or "memory": until the next command, and the answer is the processor time of one write, in ns.
QByteArray write(const QList<QByteArray> &arguments)
{
    // Seldom enough that checking for the command costs nothing.
    constexpr qsizetype Bytes = 1 << 18;
    const bool isArray = arguments.at(0) == "array";
    const std::vector<double> values(static_cast<std::size_t>(array->capacity()), 1.0);
    const auto size = static_cast<std::size_t>(array->segment()->size());
    const auto together = static_cast<int>(std::max<qsizetype>(1, Bytes / array->segment()->size()));
    std::int64_t count = 0;
    const std::int64_t begin = threadTime();
    while (!Station::isTold()) {
        for (int i = 0; i < together; ++i) {
            if (isArray)
                array->publish(values);
            else
                std::memcpy(memory->data(), values.data(), size);
            std::atomic_signal_fence(std::memory_order_seq_cst);
        }
        count += together;
    }
    return QByteArray::number(static_cast<double>(threadTime() - begin) / static_cast<double>(count));
}

QByteArray stop(const QList<QByteArray> & /*arguments*/)
{
    return "done";
}

QByteArray close(const QList<QByteArray> & /*arguments*/)
{
    array.reset();
    memory.reset();
    return "done";
}

} // namespace

Station::Commands writerCommands()
{
    return {{"writer-create", create}, {"writer-write", write}, {"writer-stop", stop}, {"writer-close", close}};
}
