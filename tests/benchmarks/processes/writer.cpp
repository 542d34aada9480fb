// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "writer.h"

#include <SharedSegment/SharedArray>

#include <ctime>
#include <memory>
#include <vector>

namespace {

std::unique_ptr<SharedArray<double>> array;

std::int64_t threadTime()
{
    timespec now;
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::int64_t(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

/// NAME BYTES
QByteArray create(const QList<QByteArray> &arguments)
{
    array = std::make_unique<SharedArray<double>>(QString::fromLatin1(arguments.at(0)));
    const qint64 length = arguments.at(1).toLongLong() / qint64(sizeof(double));
    return array->create(length) && array->write(std::vector<double>(static_cast<std::size_t>(length), 1.0)) ? "done"
                                                                                                             : "failed";
}

/// Until the next command, and the answer is how long one took of the processor, in ns.
QByteArray write(const QList<QByteArray> & /*arguments*/)
{
    // About as long as it takes to see whether there is a command, many times.
    constexpr qsizetype Bytes = 1 << 18;
    const std::vector<double> values(static_cast<std::size_t>(array->size()), 1.0);
    const auto together = static_cast<int>(std::max<qsizetype>(1, Bytes / array->segment()->size()));
    std::int64_t count = 0;
    const std::int64_t begin = threadTime();
    while (!Station::isTold()) {
        for (int i = 0; i < together; ++i)
            array->write(values);
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
    return "done";
}

} // namespace

Station::Commands writerCommands()
{
    return {{"writer-create", create}, {"writer-write", write}, {"writer-stop", stop}, {"writer-close", close}};
}
