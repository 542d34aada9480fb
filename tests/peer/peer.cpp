// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The other process of the tests. Prints one line for each thing that it did; reads its next command from standard input.
//
//   own NAME LAYOUT CAPACITY BACKEND BUFFERS WRITERS [KIND [METADATA]]
//                                                    creates and owns (BACKEND: automatic, memfd, posix, win32; WRITERS: one, many;
//                                                    KIND: fixed, variable, stream); a name that begins with @ is a mirror's
//   attach NAME ACCESS                               opens (ACCESS: read, write)
//   race NAME                                        creates `u64`, 8 elements, when told `go`
//
// Then, a line each: `publish KEY [COUNT]` (see pattern.h; COUNT: words, of a variable count), `read` (of a variable count: with the
// count), `check MS` (reads for that time and counts), `metadata`, `listen` (requests notifications, and never handles one), `spin`
// (publishes for ever), `recreate CAPACITY`, `source NUMBER` (of a mirror, whose source published KEY at second KEY), `close`. The end
// of the input ends it. With a stream (see streamside.h): `append COUNT`, `take MOST` (reads on), `check MS` (the same for that time),
// `seek WHERE` (oldest, newest or a number), `spin` (appends for ever), `time` (of the newest).

#include "../support/errorname.h"
#include "../support/mirror.h"
#include "pattern.h"
#include "streamside.h"

#include "engine/buffers.h"
#include "engine/createsegment.h"
#include "engine/listener.h"
#include "engine/name.h"
#include "engine/opensegment.h"
#include "engine/ownership.h"
#include "engine/recreatesegment.h"
#include "engine/registry.h"
#include "engine/segment.h"
#include "engine/writetransaction.h"
#include "os/system.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace sharedsegment;
using engine::Segment;

namespace {

constexpr std::chrono::seconds Lifetime{300};
constexpr std::chrono::seconds WriteWait{5};

os::Backend backendOf(const std::string &name)
{
    if (name == "memfd")
        return os::Backend::Memfd;
    if (name == "posix")
        return os::Backend::Posix;
    return name == "win32" ? os::Backend::Win32 : os::Backend::Automatic;
}

void say(const std::string &line)
{
    std::cout << line << std::endl;
}

int refuse(const Error &error)
{
    say("error " + std::string(textOf(error.code)) + " " + error.text);
    return 1;
}

struct Peer
{
    std::shared_ptr<Segment> segment;
    std::unique_ptr<engine::Ownership> ownership;
    engine::Listener listener;
    std::optional<StreamSide> stream = {};

    bool isVariable() const { return segment->geometry().kind == engine::Kind::VariableArray; }
    std::size_t payloadSize() const { return std::size_t(segment->geometry().payloadSize); }
    /// The bytes of a revision that spin() publishes: of a variable count, as many words as the key says.
    std::size_t sizeOf(std::uint64_t key) const
    {
        return isVariable() ? 8 * std::size_t(key % (segment->geometry().capacity + 1)) : payloadSize();
    }

    void publish(std::uint64_t key, std::size_t size)
    {
        std::vector<std::byte> bytes(size);
        pattern::fill(bytes, key);
        const engine::RevisionTimes times{0, static_cast<std::int64_t>(key) * 1'000'000'000};
        const Result<std::uint64_t> revision = engine::isMirrorName(segment->name())
                                                 ? engine::publishMirrored(*segment, bytes, times, WriteWait)
                                                 : engine::publish(*segment, bytes, WriteWait);
        if (revision)
            say("published " + std::to_string(*revision));
        else
            refuse(revision.error());
    }

    /// @returns false if a writer interfered
    bool read(std::vector<std::byte> *bytes, RevisionInfo *info) const
    {
        bytes->resize(payloadSize());
        if (!engine::Buffers(segment->view().memory.data(), segment->geometry()).read(*bytes, 0, info))
            return false;
        bytes->resize(std::size_t(info->count) * segment->view().layout->elementSize());
        return true;
    }

    void read() const
    {
        std::vector<std::byte> bytes;
        RevisionInfo info;
        if (!read(&bytes, &info))
            say("busy");
        else
            say(std::string(pattern::isWhole(bytes) ? "whole " : "torn ") + std::to_string(info.number)
                + (isVariable() ? " " + std::to_string(info.count) : std::string()));
    }

    void check(std::chrono::milliseconds time) const
    {
        const auto end = std::chrono::steady_clock::now() + time;
        std::uint64_t reads = 0, torn = 0, busy = 0, last = 0;
        std::vector<std::byte> bytes;
        while (std::chrono::steady_clock::now() < end) {
            RevisionInfo info;
            if (!read(&bytes, &info)) {
                ++busy;
                continue;
            }
            ++reads;
            // A count belongs to its revision, too.
            const bool isCount = bytes.empty() || !isVariable() || bytes.size() == sizeOf(pattern::keyOf(bytes));
            torn += pattern::isWhole(bytes) && isCount && info.number >= last ? 0 : 1;
            last = info.number;
        }
        say("reads " + std::to_string(reads) + " torn " + std::to_string(torn) + " busy " + std::to_string(busy));
    }

    void listen()
    {
        Result<engine::Listener> claimed = segment->listen();
        if (!claimed) {
            refuse(claimed.error());
            return;
        }
        listener = std::move(*claimed);
        say(listener.arm() ? "listening" : "lost");
    }

    void recreate(std::uint64_t capacity)
    {
        Result<engine::CreatedSegment> next =
            engine::recreateSegment(*ownership, capacity, segment->view().metadata, WriteWait);
        if (!next) {
            refuse(next.error());
            return;
        }
        segment = std::move(next->segment);
        ownership = std::move(next->ownership);
        if (stream)
            stream->follow(segment);
        say("recreated");
    }

    [[noreturn]] void spin()
    {
        std::vector<std::byte> bytes;
        for (std::uint64_t key = 1;; ++key) {
            if (stream) {
                stream->appendNext(WriteWait);
                continue;
            }
            bytes.resize(sizeOf(key));
            pattern::fill(bytes, key);
            static_cast<void>(engine::publish(*segment, bytes, WriteWait));
        }
    }

    void setSource(Source source) const
    {
        const Status set = segment->setSource(source);
        if (set)
            say("done");
        else
            refuse(set.error());
    }

    /// @returns whether this was a command for streams
    bool serveStream(const std::string &line)
    {
        const auto number = [&line] { return std::strtoull(line.c_str() + line.find(' '), nullptr, 10); };
        if (line.starts_with("append ")) {
            const Result<std::uint64_t> position = stream->append(number(), WriteWait);
            if (position)
                say("appended " + std::to_string(*position));
            else
                refuse(position.error());
        } else if (line.starts_with("take "))
            say(stream->describe(stream->take(number())));
        else if (line.starts_with("check "))
            say(stream->describe(stream->takeFor(std::chrono::milliseconds(number()))));
        else if (line.starts_with("seek ")) {
            stream->seek(line.substr(5));
            say("done");
        } else
            return false;
        return true;
    }

    int serve()
    {
        if (segment->content().ringBuffer())
            stream.emplace(segment);
        say("ready");
        for (std::string line; std::getline(std::cin, line);) {
            if (stream && serveStream(line))
                continue;
            if (line.starts_with("publish ")) {
                char *rest = nullptr;
                const std::uint64_t key = std::strtoull(line.c_str() + 8, &rest, 10);
                publish(key, *rest == ' ' ? 8 * std::size_t(std::strtoull(rest, nullptr, 10)) : payloadSize());
            } else if (line == "read")
                read();
            else if (line.starts_with("check "))
                check(std::chrono::milliseconds(std::strtoll(line.c_str() + 6, nullptr, 10)));
            else if (line == "metadata")
                say(segment->view().metadata);
            else if (line == "time")
                say(std::to_string(segment->timestamp()));
            else if (line == "listen")
                listen();
            else if (line.starts_with("recreate "))
                recreate(std::strtoull(line.c_str() + 9, nullptr, 10));
            else if (line == "spin")
                spin();
            else if (line.starts_with("source "))
                setSource(static_cast<Source>(std::strtoul(line.c_str() + 7, nullptr, 10)));
            else if (line == "close") {
                stream.reset();
                ownership.reset();
                segment.reset();
                say("closed");
            }
        }
        return 0;
    }
};

int create(const std::string &name, const std::string &layoutText, engine::CreateOptions options)
{
    support::setSourceOf(options, name);
    const Result<engine::Layout> layout = engine::Layout::parse(layoutText);
    if (!layout)
        return refuse(layout.error());
    Result<engine::CreatedSegment> created =
        engine::createSegment(engine::Registry::ofEnvironment(), name, *layout, options);
    if (!created)
        return refuse(created.error());
    return Peer{std::move(created->segment), std::move(created->ownership), {}}.serve();
}

} // namespace

int main(int argc, char **argv)
{
    // A test that fails must not leave its peers behind.
    std::thread([] {
        std::this_thread::sleep_for(Lifetime);
        std::_Exit(99);
    }).detach();

    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.size() >= 7 && arguments[0] == "own") {
        engine::CreateOptions options;
        options.capacity = std::strtoull(arguments[3].c_str(), nullptr, 10);
        options.backend = backendOf(arguments[4]);
        options.bufferCount = static_cast<std::uint32_t>(std::strtoul(arguments[5].c_str(), nullptr, 10));
        options.multipleWriters = arguments[6] == "many";
        if (arguments.size() > 7 && arguments[7] == "variable")
            options.kind = engine::Kind::VariableArray;
        if (arguments.size() > 7 && arguments[7] == "stream")
            options.kind = engine::Kind::Stream;
        if (arguments.size() > 8)
            options.metadata = arguments[8];
        return create(arguments[1], arguments[2], options);
    }
    if (arguments.size() == 3 && arguments[0] == "attach") {
        Result<std::shared_ptr<Segment>> opened =
            engine::openSegment(engine::Registry::ofEnvironment(), arguments[1],
                                arguments[2] == "write" ? os::Access::ReadWrite : os::Access::ReadOnly);
        if (!opened)
            return refuse(opened.error());
        return Peer{*opened, nullptr, {}}.serve();
    }
    if (arguments.size() == 2 && arguments[0] == "race") {
        say("waiting");
        std::string line;
        std::getline(std::cin, line);
        engine::CreateOptions options;
        options.capacity = 8;
        return create(arguments[1], "u64", options);
    }
    std::cerr << "usage: see peer.cpp\n";
    return 2;
}
