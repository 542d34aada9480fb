// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// A writer that stops where it is told to: `holder NAME`, then a line each.
//
//   hold        takes the writers' lock and starts a revision
//   begin       and opens its frame
//   complete    and completes its frame, but does not make it the newest
//   publish     publishes what it holds
//   discard     lets go of it

#include "../../peer/pattern.h"
#include "segment/segment.h"

#include "os/atomic.h"

#include <iostream>
#include <optional>
#include <string>
#include <thread>

using namespace sharedsegment;
using segment::Segment;

namespace {

constexpr std::chrono::seconds WriteWait{5};
constexpr std::uint64_t Key = 77;

/// The header of a segment that this process may write to: frames come after it, in the mapping as in the memory.
segment::MemoryHeader *headerOf(const Segment &segment, const std::byte *frame, std::uint64_t revision)
{
    const segment::Geometry &geometry = segment.geometry();
    const std::uint64_t offset = geometry.payloadOffset + revision % geometry.frameCount * geometry.frameStride;
    return reinterpret_cast<segment::MemoryHeader *>(const_cast<std::byte *>(frame) - offset);
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    Result<std::shared_ptr<Segment>> opened = Segment::open(argv[1], os::Access::ReadWrite);
    if (!opened) {
        std::cout << "error " << opened.error().text << std::endl;
        return 1;
    }
    Segment &segment = **opened;
    segment::Frames frames = segment.frames();
    std::optional<segment::Draft> draft;
    std::cout << "ready" << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
        if (line == "hold") {
            Result<segment::Draft> started = segment.startRevision(WriteWait);
            if (!started) {
                std::cout << "error " << started.error().text << std::endl;
                continue;
            }
            draft.emplace(*std::move(started));
            pattern::fill(draft->bytes(), Key);
        } else if (line == "hold briefly") {
            Result<segment::Draft> started = segment.startRevision(WriteWait);
            std::cout << (started ? "done" : "error") << std::endl;
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
            continue;
        } else if (line == "begin") {
            pattern::fill(frames.begin().first(segment.geometry().payloadSize / 16 * 8), Key);
        } else if (line == "complete") {
            const std::span<std::byte> bytes = frames.begin();
            pattern::fill(bytes, Key);
            const std::uint64_t next = frames.revision() + 1;
            segment::MemoryHeader *const header = headerOf(segment, bytes.data(), next);
            os::storeRelease(header->frames[next % segment.geometry().frameCount].sequence, 2 * next);
        } else if (line == "publish") {
            draft->publish();
            draft.reset();
        } else if (line == "discard") {
            draft.reset();
        }
        std::cout << "done" << std::endl;
    }
    return 0;
}
