// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedValue>

/// What the sampler publishes. The dashboard needs none of this: the fields' names and types travel with the segments.

/// `monitor/cpu`, one for each processor. Shares of its time, 0 to 1, over the last half second.
struct Processor
{
    float user;    ///< programs, niced ones too
    float system;  ///< the kernel, and serving interrupts
    float waiting; ///< idle, with input or output under way
    float stolen;  ///< taken by the hypervisor
    float idle;
    float busy; ///< user + system + stolen
};
SHARED_STRUCT(Processor, user, system, waiting, stolen, idle, busy)

/// `monitor/memory`, in bytes.
struct Memory
{
    quint64 total;
    quint64 used;   ///< total - available
    quint64 cached; ///< the kernel gives it back when programs need it
    quint64 swapTotal;
    quint64 swapUsed;
};
SHARED_STRUCT(Memory, total, used, cached, swapTotal, swapUsed)

/// `monitor/network`: all interfaces but the loopback.
struct Network
{
    double received; ///< bytes a second, over the last second
    double sent;
    quint64 receivedTotal; ///< bytes
    quint64 sentTotal;
};
SHARED_STRUCT(Network, received, sent, receivedTotal, sentTotal)

inline constexpr int SamplesPerSecond = 20;
inline constexpr std::size_t LoadSamples = 600;

/// `monitor/load`: the newest is the last; the busy share of all processors, 0 to 1.
using SharedLoad = SharedArray<float, LoadSamples>;
