// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>
#include <string_view>

/// FNV-1a as defined in http://www.isthe.com/chongo/tech/comp/fnv/. Not cryptographically secure.
namespace sharedsegment::engine {

constexpr std::uint64_t fnv1a64(std::string_view bytes)
{
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (const char c : bytes) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x00000100000001b3u;
    }
    return hash;
}

/// A 128-bit hash value.
struct Hash128
{
    std::uint64_t high;
    std::uint64_t low;

    bool operator==(const Hash128 &) const = default;
};

constexpr Hash128 fnv1a128(std::string_view bytes)
{
    Hash128 hash{0x6c62272e07bb0142u, 0x62b821756295c58du};
    for (const char c : bytes) {
        hash.low ^= static_cast<unsigned char>(c);
        // The prime is 2^88 + 0x13b.
        const std::uint64_t lower = (hash.low & 0xffffffffu) * 0x13b;
        const std::uint64_t upper = (hash.low >> 32) * 0x13b + (lower >> 32);
        hash.high = hash.high * 0x13b + (upper >> 32) + (hash.low << 24);
        hash.low = (upper << 32) | (lower & 0xffffffffu);
    }
    return hash;
}

} // namespace sharedsegment::engine
