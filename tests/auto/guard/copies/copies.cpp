// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Copies from each alignment to each, in all sizes up to 200 bytes, and compares the copy and the bytes around it. A
// signal ends the program if the compiler's code assumes an aligned address.

#include "engine/copy.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>

int main()
{
    constexpr std::size_t Alignments = 16;
    constexpr std::size_t MaximumSize = 200;
    constexpr std::byte Untouched{0xee};
    alignas(64) std::array<std::byte, Alignments + MaximumSize> source;
    alignas(64) std::array<std::byte, Alignments + MaximumSize + 1> target;
    for (std::size_t i = 0; i < source.size(); ++i)
        source[i] = static_cast<std::byte>(i + 1);
    for (std::size_t from = 0; from < Alignments; ++from) {
        for (std::size_t to = 0; to < Alignments; ++to) {
            for (std::size_t size = 0; size <= MaximumSize; ++size) {
                target.fill(Untouched);
                sharedsegment::engine::copyShared(target.data() + to, source.data() + from, size);
                auto expected = target;
                expected.fill(Untouched);
                std::copy_n(source.data() + from, size, expected.data() + to);
                if (target != expected) {
                    std::printf("%zu bytes from %zu to %zu: not the same\n", size, from, to);
                    return 1;
                }
            }
        }
    }
    return 0;
}
