// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "quickowner.h"

#include "engine/buffers.h"
#include "engine/createsegment.h"
#include "engine/layout.h"
#include "engine/name.h"
#include "engine/ownership.h"
#include "engine/registry.h"
#include "engine/segment.h"
#include "engine/updatenotifier.h"
#include "os/folder.h"
#include "os/recordfile.h"
#include "os/system.h"

#include <SharedSegment/SharedArray>

#include <QtCore/QCoreApplication>

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <numeric>
#include <string>
#include <thread>

using namespace Qt::StringLiterals;
using namespace sharedsegment;

namespace {

constexpr std::size_t ChangedElements = 100;

QString runPrefix;

QString nameIn(const QString &prefix, const char *what)
{
    return prefix + u'.' + QLatin1StringView(what);
}

/// Publishes a million elements without copying them, like a program that works in the memory itself. Copying them ten
/// thousand times a second is more than any memory can do, so the API does not offer it.
class InPlacePublisher
{
public:
    bool create(const QString &name)
    {
        const auto layout = engine::Layout::parse("f64");
        engine::CreateOptions options;
        options.capacity = ListLength;
        options.bufferCount = 1;
        auto created = engine::createSegment(engine::Registry::ofEnvironment(), name.toStdString(), *layout, options);
        const auto folder = os::Folder::open(os::FolderLocation::ofEnvironment());
        if (!created || !folder)
            return false;
        m_segment = created->segment;
        m_ownership = std::move(created->ownership);
        m_buffers = engine::Buffers(m_segment->view().memory.data(), m_segment->geometry());
        const auto file = os::RecordFile::open(*folder, engine::recordFileName(name.toStdString()));
        if (!file)
            return false;
        auto mapping = file->map(engine::RecordSize);
        if (!mapping)
            return false;
        m_record = std::move(*mapping);
        auto *const record = reinterpret_cast<engine::Record *>(m_record.data());
        m_guard = os::RecordGuard(m_record, file->path());
        m_notifier =
            std::make_unique<engine::UpdateNotifier>(record, record->header, m_guard, nullptr,
                                                     engine::DoorbellPath(*folder, m_segment->view().instanceHex));
        return true;
    }

    void publish(double value, bool areVisible)
    {
        auto *values = reinterpret_cast<double *>(m_buffers.begin().data());
        std::iota(areVisible ? values : values + ListLength - ChangedElements,
                  areVisible ? values + ChangedElements : values + ListLength, value);
        m_buffers.publish({os::wallClock()}, ListLength);
        m_notifier->notify();
    }

    void start(bool areVisible)
    {
        m_isRunning = true;
        m_thread = std::thread([this, areVisible] {
            constexpr std::chrono::nanoseconds Period{static_cast<int>(1e9 / QuickOwner::StreamRate)};
            // Late ones are made up for at once.
            auto next = std::chrono::steady_clock::now();
            for (double value = 0; m_isRunning; ++value) {
                publish(value, areVisible);
                next += Period;
                std::this_thread::sleep_until(next);
            }
        });
    }

    void stop()
    {
        m_isRunning = false;
        if (m_thread.joinable())
            m_thread.join();
    }

    ~InPlacePublisher() { stop(); }

private:
    std::shared_ptr<engine::Segment> m_segment;
    std::unique_ptr<engine::Ownership> m_ownership;
    engine::Buffers m_buffers;
    os::Mapping m_record;
    os::RecordGuard m_guard;
    std::unique_ptr<engine::UpdateNotifier> m_notifier;
    std::thread m_thread;
    std::atomic<bool> m_isRunning = false;
};

void answer(quint64 revision)
{
    std::printf("%llu\n", static_cast<unsigned long long>(revision));
    std::fflush(stdout);
}

} // namespace

template<typename T>
std::vector<T> wave()
{
    std::vector<T> values(PlotLength);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<T>(std::sin(static_cast<double>(i) / 1000));
    return values;
}

template std::vector<double> wave();
template std::vector<float> wave();

QString QuickOwner::nameOf(const char *what)
{
    return nameIn(runPrefix, what);
}

int QuickOwner::run(const QString &prefix)
{
    SharedArray<double> list(nameIn(prefix, List));
    SharedArray<double> plot64(nameIn(prefix, Plot64));
    SharedArray<float> plot32(nameIn(prefix, Plot32));
    SharedArray<double> still(nameIn(prefix, Still));
    InPlacePublisher stream;
    std::vector<double> values(ListLength);
    // Like the stream, but for its updates.
    still.segment()->setBufferCount(1);
    if (!list.create(ListLength) || !plot64.create(PlotLength) || !plot32.create(PlotLength)
        || !still.create(ListLength) || !stream.create(nameIn(prefix, Stream)) || !still.publish(values)) {
        std::fputs("The owner cannot create what is to be shown.\n", stderr);
        return 1;
    }
    answer(0);
    std::string command;
    while (std::getline(std::cin, command)) {
        if (command == List) {
            std::iota(values.begin(), values.end(), static_cast<double>(list.revision() % 1000));
            list.publish(values);
            answer(list.revision());
        } else if (command == Plot64) {
            static const std::vector<double> samples = wave<double>();
            plot64.publish(samples);
            answer(plot64.revision());
        } else if (command == Plot32) {
            static const std::vector<float> samples = wave<float>();
            plot32.publish(samples);
            answer(plot32.revision());
        } else {
            stream.stop();
            if (command != "stop")
                stream.start(command == "visible");
            answer(0);
        }
    }
    return 0;
}

bool QuickOwner::start()
{
    runPrefix = u"benchmark.%1"_s.arg(QCoreApplication::applicationPid());
    return m_process.start(runPrefix) == "0";
}

std::optional<quint64> QuickOwner::ask(const QByteArray &command)
{
    m_process.write(command);
    bool isNumber = false;
    const quint64 revision = m_process.readLine().value_or(QByteArray()).toULongLong(&isNumber);
    return isNumber ? std::optional(revision) : std::nullopt;
}

std::optional<quint64> QuickOwner::publish(const char *what)
{
    return ask(QByteArray(what) + '\n');
}

bool QuickOwner::startStream(bool areVisible)
{
    return ask(areVisible ? "visible\n" : "hidden\n").has_value();
}

bool QuickOwner::stopStream()
{
    return ask("stop\n").has_value();
}
