// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedValue>

/// Types of the published segments. The dashboard does not include this file: a segment contains its fields' names and
/// types.

/// `monitor/cpu`: one per processor. Shares of its time, 0 to 1, over the last half second.
struct Processor
{
    float user;    ///< programs, including niced ones
    float system;  ///< kernel, including interrupts
    float waiting; ///< idle during pending input or output
    float stolen;  ///< used by the hypervisor
    float idle;
    float busy; ///< user + system + stolen
};
SHARED_STRUCT(Processor, user, system, waiting, stolen, idle, busy)

/// `monitor/memory`: all figures in bytes.
struct Memory
{
    quint64 total;
    quint64 used;   ///< total - available
    quint64 cached; ///< the kernel frees it when programs need it
    quint64 swapTotal;
    quint64 swapUsed;
};
SHARED_STRUCT(Memory, total, used, cached, swapTotal, swapUsed)

/// `monitor/network`: the sum of all interfaces except the loopback.
struct Network
{
    double received; ///< bytes per second, over the last second
    double sent;
    quint64 receivedTotal; ///< bytes
    quint64 sentTotal;
};
SHARED_STRUCT(Network, received, sent, receivedTotal, sentTotal)

inline constexpr int SamplesPerSecond = 20;
inline constexpr std::size_t LoadSamples = 600;

/// `monitor/load`: the busy share of all processors, 0 to 1, the newest last.
using SharedLoad = SharedArray<float, LoadSamples>;
