// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

/// Content that proves itself: each word follows from the first one and its place, so that any mix of two revisions shows.
namespace pattern {

inline std::uint64_t wordOf(std::uint64_t key, std::size_t index)
{
    return index == 0 ? key : (key + index) * 0x9e3779b97f4a7c15u;
}

/// The size must be a multiple of 8.
inline void fill(std::span<std::byte> bytes, std::uint64_t key)
{
    for (std::size_t i = 0; i < bytes.size() / 8; ++i) {
        const std::uint64_t word = wordOf(key, i);
        std::memcpy(bytes.data() + 8 * i, &word, 8);
    }
}

/// The key of bytes that fill() has made; 0 if there are none.
inline std::uint64_t keyOf(std::span<const std::byte> bytes)
{
    std::uint64_t key = 0;
    if (bytes.size() >= 8)
        std::memcpy(&key, bytes.data(), 8);
    return key;
}

/// Whether the bytes come from one fill(), or are the zero-filled start.
inline bool isWhole(std::span<const std::byte> bytes)
{
    const std::uint64_t key = keyOf(bytes);
    for (std::size_t i = 1; i < bytes.size() / 8; ++i) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + 8 * i, 8);
        if (word != (key == 0 ? 0 : wordOf(key, i)))
            return false;
    }
    return true;
}

} // namespace pattern
