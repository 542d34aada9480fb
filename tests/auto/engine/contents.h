// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../../support/mirror.h"
#include "../os/suite.h"

#include "engine/createsegment.h"
#include "engine/opensegment.h"
#include "engine/registry.h"
#include "engine/writetransaction.h"

#include <cstdint>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <vector>

/// Segments of u64 elements in the suite's registry. Revision r of a test has the elements r, r + 1, r + 2 and so on, so that a torn
/// one is seen.
namespace contents {

using namespace sharedsegment;
using namespace sharedsegment::engine;
using Values = std::vector<std::uint64_t>;

constexpr std::chrono::seconds Wait{5};

inline Registry registry()
{
    return Registry(os::FolderLocation{suite::folder().path(), true});
}

inline Layout layout()
{
    return *Layout::parse("u64");
}

inline Values ramp(std::uint64_t first, std::size_t count)
{
    Values values(count);
    std::iota(values.begin(), values.end(), first);
    return values;
}

inline bool isRamp(const Values &values)
{
    return values.empty() || values == ramp(values.front(), values.size());
}

inline Result<std::uint64_t> publishValues(Segment &segment, const Values &values)
{
    return publish(segment, std::as_bytes(std::span(values)), Wait);
}

/// The newest revision, as its reader gets it. Tries again while a writer is faster.
inline Values readValues(const Segment &segment, RevisionInfo *info)
{
    for (;;) {
        Values values(static_cast<std::size_t>(segment.geometry().capacity));
        const Status read = segment.read(std::as_writable_bytes(std::span(values)), 0, info);
        if (!read && read.error().code == ErrorCode::Busy)
            continue;
        if (!CHECK_OK(read))
            return {};
        values.resize(static_cast<std::size_t>(info->count));
        return values;
    }
}

inline Result<CreatedSegment> createValues(const std::string &name, Kind kind, std::uint64_t capacity,
                                           std::uint32_t bufferCount = 0, bool multipleWriters = false)
{
    CreateOptions options;
    options.kind = kind;
    options.capacity = capacity;
    options.bufferCount = bufferCount;
    options.multipleWriters = multipleWriters;
    support::setSourceOf(options, name);
    return createSegment(registry(), name, layout(), options);
}

} // namespace contents
