// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <valgrind/callgrind.h>

#include <cstdio>
#include <cstdlib>

/// How many times each operation is done while it is counted; tests/auto/guard/counted/figures.py divides by it.
inline constexpr int Rounds = 200;

/// Ends the program: the operation failed, so there is nothing to count.
[[noreturn]] inline void giveUp(const char *what)
{
    std::fprintf(stderr, "cannot %s\n", what);
    std::exit(1);
}

/// Has Callgrind write what `Rounds` calls of `operation` take, under `name`.
template<typename Operation>
void count(const char *name, Operation operation)
{
    // First calls bind symbols, fill caches of the heap and start what is started once.
    for (int i = 0; i < 10; ++i)
        operation();
    // Off outside, so that callgrind_annotate finds no callers that were never called.
    CALLGRIND_START_INSTRUMENTATION;
    for (int i = 0; i < Rounds; ++i)
        operation();
    CALLGRIND_STOP_INSTRUMENTATION;
    CALLGRIND_DUMP_STATS_AT(name);
}
