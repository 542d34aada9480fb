// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// A writer that stops at a given step: `holder NAME`, then a line each.
//
//   hold        takes the writers' lock and starts a revision
//   begin       and opens its buffer
//   complete    and completes its buffer, but does not make it the newest
//   publish     publishes what it holds
//   discard     lets go of it

#include "../../peer/pattern.h"
#include "engine/buffers.h"
#include "engine/opensegment.h"
#include "engine/registry.h"
#include "engine/segment.h"
#include "engine/writetransaction.h"

#include "os/atomic.h"

#include <iostream>
#include <optional>
#include <string>
#include <thread>

using namespace sharedsegment;
using engine::Segment;

namespace {

constexpr std::chrono::seconds WriteWait{5};
constexpr std::uint64_t Key = 77;

/// The header of a segment that this process may write to: buffers come after it, in the mapping as in the memory.
engine::MemoryHeader *headerOf(const Segment &segment, const std::byte *buffer, std::uint64_t revision)
{
    const engine::Geometry &geometry = segment.geometry();
    const std::uint64_t offset = geometry.payloadOffset + revision % geometry.bufferCount * geometry.bufferStride;
    return reinterpret_cast<engine::MemoryHeader *>(const_cast<std::byte *>(buffer) - offset);
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    Result<std::shared_ptr<Segment>> opened =
        engine::openSegment(engine::Registry::ofEnvironment(), argv[1], os::Access::ReadWrite);
    if (!opened) {
        std::cout << "error " << opened.error().text << std::endl;
        return 1;
    }
    Segment &segment = **opened;
    engine::Buffers buffers = engine::Buffers(segment.view().memory.data(), segment.geometry());
    std::optional<engine::WriteTransaction> transaction;
    std::cout << "ready" << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
        if (line == "hold") {
            engine::WriteTransaction started;
            if (const Status begun = started.begin(segment, WriteWait); !begun) {
                std::cout << "error " << begun.error().text << std::endl;
                continue;
            }
            transaction.emplace(std::move(started));
            pattern::fill(transaction->bytes(), Key);
        } else if (line == "hold briefly") {
            engine::WriteTransaction started;
            std::cout << (started.begin(segment, WriteWait) ? "done" : "error") << std::endl;
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
            started.discard();
            continue;
        } else if (line == "begin") {
            pattern::fill(buffers.begin().first(segment.geometry().payloadSize / 16 * 8), Key);
        } else if (line == "complete") {
            const std::span<std::byte> bytes = buffers.begin();
            pattern::fill(bytes, Key);
            const std::uint64_t next = buffers.revision() + 1;
            engine::MemoryHeader *const header = headerOf(segment, bytes.data(), next);
            os::storeRelease(header->buffers[next % segment.geometry().bufferCount].sequence, 2 * next);
        } else if (line == "publish") {
            static_cast<void>(transaction->publish());
            transaction.reset();
        } else if (line == "discard") {
            transaction->discard();
            transaction.reset();
        }
        std::cout << "done" << std::endl;
    }
    return 0;
}
