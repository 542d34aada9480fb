// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../engine/deadline.h"
#include "../engine/kind.h"
#include "../engine/layout.h"
#include "../engine/registry.h"
#include "../engine/segment.h"
#include "../engine/typelayout.h"
#include "../engine/updatewaiter.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sharedsegment {

/// What the consumers of arrays and of streams have in common: one segment that is open for reading, the wait for its updates, and the
/// last error. For one thread at a time.
class Opening
{
public:
    explicit Opening(std::string name);

    const std::string &name() const { return m_name; }
    /// Null while nothing is open.
    const std::shared_ptr<engine::Segment> &segment() const { return m_segment; }
    const Error &error() const { return m_error; }

    /// Sets the error. @returns false
    bool fail(Error why);
    /// Resets the error. @returns true
    bool succeed();

    /// Opens the segment, and waits for its owner until `deadline`; of the past: does not wait.
    /// @param layout the expected layout; an invalid one expects none
    /// @param capacity the expected capacity; 0 expects none
    /// @param kinds the kinds of content that the consumer reads
    bool open(const Result<engine::Layout> &layout, std::uint64_t capacity, std::span<const engine::Kind> kinds,
              engine::Deadline deadline = engine::Deadline::min());
    void close();

    /// Waits until the newest revision differs from `since`.
    /// @returns whether it does; if not, the error is NoError after the deadline.
    bool waitForUpdated(std::uint64_t since, engine::Deadline deadline);
    /// A descriptor that is readable when waitForUpdated() would not block; nothing on failure.
    std::optional<std::intptr_t> updateDescriptor();

private:
    Status tryOpen(const engine::Registry &registry, const engine::Layout &layout, std::uint64_t capacity,
                   std::span<const engine::Kind> kinds);
    bool prepareToWait();

    std::string m_name;
    std::shared_ptr<engine::Segment> m_segment;
    std::unique_ptr<engine::UpdateWaiter> m_waiter;
    Error m_error;
};

/// Text of no layout expects none.
Result<engine::Layout> parseExpected(std::string_view layout);

} // namespace sharedsegment
