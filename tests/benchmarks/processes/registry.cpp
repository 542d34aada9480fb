// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// A model of all names beside a plain list of them, which is what the command `sharedsegment list` begins with.

#include "crowd.h"
#include "holder.h"

#include "../samples.h"

#include <SharedSegment/SharedRegistryModel>
#include <SharedSegment/SharedSegment>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace {

constexpr int Rounds = 7;

struct Times
{
    std::vector<double> wall;
    std::vector<double> processor;

    /// @returns whether the call is successful.
    template<typename Call>
    bool measure(const Call &call)
    {
        const std::int64_t begin = monotonicTime();
        const std::int64_t beginOfThread = threadTime();
        const bool isDone = call();
        processor.push_back(static_cast<double>(threadTime() - beginOfThread));
        wall.push_back(static_cast<double>(monotonicTime() - begin));
        return isDone;
    }

    static double median(std::vector<double> values)
    {
        std::nth_element(values.begin(), values.begin() + Rounds / 2, values.end());
        return values[Rounds / 2];
    }
};

void list(benchmark::State &state)
{
    const auto count = static_cast<int>(state.range(0));
    const auto before = static_cast<int>(SharedSegment::names().size());
    if (!holdSegments(count)) {
        state.SkipWithError("cannot be held");
        return;
    }
    for (auto iteration : state) {
        Times model;
        Times names;
        bool isComplete = true;
        for (int round = 0; round < Rounds; ++round) {
            isComplete &= model.measure([&] { return SharedRegistryModel().rowCount() == before + count; });
            isComplete &= names.measure([&] { return SharedSegment::names().size() == before + count; });
        }
        if (!isComplete)
            state.SkipWithError("other names came or went");
        state.counters["SharedRegistryModel"] = Times::median(model.wall);
        state.counters["names()"] = Times::median(names.wall);
        state.counters["SharedRegistryModel, processor"] = Times::median(model.processor);
        state.counters["names(), processor"] = Times::median(names.processor);
        state.SetIterationTime(1); // All measured times are in the counters.
    }
    holdSegments(0);
}

} // namespace

void addRegistryBenchmarks()
{
    benchmark::RegisterBenchmark("registry", list)->Arg(10'000)->UseManualTime()->Iterations(1)->Repetitions(5);
}
