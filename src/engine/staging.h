// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "format.h"

#include "../os/error.h"

#include <cstddef>
#include <exception>
#include <span>
#include <string>
#include <vector>

namespace sharedsegment::engine {

/// Private memory in which the next revision is assembled where it cannot be assembled in place: it can be discarded,
/// and readers wait only for the copy. Kept for the next transaction.
class Staging
{
public:
    /// @returns `size` bytes at an address that any element may have, with arbitrary content, or OutOfMemory.
    Result<std::span<std::byte>> bytes(std::size_t size, const std::string &name)
    {
        try {
            m_memory.resize(size + BufferAlignment);
        } catch (const std::exception &) {
            return Error{ErrorCode::OutOfMemory,
                         "there is no memory for a revision of \"" + name + "\"; write it whole instead of in parts"};
        }
        const auto address = reinterpret_cast<std::uintptr_t>(m_memory.data());
        return std::span(m_memory.data() + (BufferAlignment - address % BufferAlignment), size);
    }

private:
    std::vector<std::byte> m_memory;
};

} // namespace sharedsegment::engine
