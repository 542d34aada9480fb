// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

/// Copies that may run while another process writes the same bytes. The caller validates the result afterwards with the
/// buffer's sequence number (seqlock).
namespace sharedsegment::engine {

#if defined(__SANITIZE_THREAD__)
#define SHAREDSEGMENT_ATOMIC_COPY 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SHAREDSEGMENT_ATOMIC_COPY 1
#endif
#endif

#if defined(__GNUC__) && !defined(SHAREDSEGMENT_ATOMIC_COPY)

// A typedef, because Clang ignores aligned(1) in an alias declaration: its code then faults at an address that is no multiple of 16.
typedef std::uint64_t Wide __attribute__((vector_size(16), aligned(1), may_alias));

/// From this size on, in bytes, the copy of the C library takes less time: it knows the processor.
constexpr std::size_t LargeCopy = 512;

/// Copies with wide volatile loads and stores, so that the compiler can neither invent, merge nor repeat an access; a large
/// amount in one call that the compiler cannot move.
inline void copyShared(std::byte *to, const std::byte *from, std::size_t size)
{
    if (size >= LargeCopy) {
        __asm__ volatile("" ::: "memory");
        std::memcpy(to, from, size);
        __asm__ volatile("" ::: "memory");
        return;
    }
    while (size >= 4 * sizeof(Wide)) {
        // Explicit types: GCC drops may_alias from deduced types (auto), and then optimises the copy away.
        const volatile Wide *const source = reinterpret_cast<const volatile Wide *>(from);
        volatile Wide *const target = reinterpret_cast<volatile Wide *>(to);
        const Wide a = source[0];
        const Wide b = source[1];
        const Wide c = source[2];
        const Wide d = source[3];
        target[0] = a;
        target[1] = b;
        target[2] = c;
        target[3] = d;
        from += 4 * sizeof(Wide);
        to += 4 * sizeof(Wide);
        size -= 4 * sizeof(Wide);
    }
    typedef std::uint64_t Word __attribute__((aligned(1), may_alias));
    for (; size >= sizeof(Word); size -= sizeof(Word), from += sizeof(Word), to += sizeof(Word))
        *reinterpret_cast<volatile Word *>(to) = *reinterpret_cast<const volatile Word *>(from);
    for (; size > 0; --size)
        *reinterpret_cast<volatile unsigned char *>(to++) = *reinterpret_cast<const volatile unsigned char *>(from++);
}

#elif defined(SHAREDSEGMENT_ATOMIC_COPY)

/// Copies with atomic byte and word accesses, so that the thread sanitizer recognizes the intended race.
inline void copyShared(std::byte *to, const std::byte *from, std::size_t size)
{
    auto *target = reinterpret_cast<unsigned char *>(to);
    const auto *source = reinterpret_cast<const unsigned char *>(from);
    for (; size > 0; --size)
        __atomic_store_n(target++, __atomic_load_n(source++, __ATOMIC_RELAXED), __ATOMIC_RELAXED);
}

#else

inline void copyShared(std::byte *to, const std::byte *from, std::size_t size)
{
    auto *target = reinterpret_cast<volatile unsigned char *>(to);
    const auto *source = reinterpret_cast<const volatile unsigned char *>(from);
    if ((reinterpret_cast<std::uintptr_t>(to) | reinterpret_cast<std::uintptr_t>(from)) % 8 == 0) {
        for (; size >= 8; size -= 8, target += 8, source += 8)
            *reinterpret_cast<volatile std::uint64_t *>(target) =
                *reinterpret_cast<const volatile std::uint64_t *>(source);
    }
    for (; size > 0; --size)
        *target++ = *source++;
}

#endif

} // namespace sharedsegment::engine
