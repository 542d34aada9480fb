/* SPDX-FileCopyrightText: 2026 The SharedSegment authors */
/* SPDX-License-Identifier: MIT */

#pragma once

/* Content that proves itself, as tests/peer/pattern.h makes it. The including file has included sharedsegment.h. */

static uint64_t word_of(uint64_t key, size_t index)
{
    return index == 0 ? key : (key + index) * UINT64_C(0x9e3779b97f4a7c15);
}

static void fill(uint64_t *words, size_t count, uint64_t key)
{
    for (size_t i = 0; i < count; ++i)
        words[i] = word_of(key, i);
}

static int is_whole(const uint64_t *words, size_t count)
{
    for (size_t i = 1; i < count; ++i) {
        if (words[i] != (words[0] == 0 ? 0 : word_of(words[0], i)))
            return 0;
    }
    return 1;
}

/* The words of the layout that `count` elements have. */
static size_t words_in(const ss_segment *segment, int64_t count)
{
    return (size_t)count * ss_element_size(segment) / 8;
}
