// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>

#ifdef _MSC_VER
#include <atomic>
#endif

/// Atomic operations on plain memory that several processes share.
/// Stands in for `std::atomic_ref`, which Apple's standard library lacks.
namespace sharedsegment::os {

#ifdef _MSC_VER

template<typename T>
T loadRelaxed(const T &value)
{
    return std::atomic_ref<T>(const_cast<T &>(value)).load(std::memory_order_relaxed);
}
template<typename T>
T loadAcquire(const T &value)
{
    return std::atomic_ref<T>(const_cast<T &>(value)).load(std::memory_order_acquire);
}
template<typename T>
void storeRelaxed(T &value, T desired)
{
    std::atomic_ref<T>(value).store(desired, std::memory_order_relaxed);
}
template<typename T>
void storeRelease(T &value, T desired)
{
    std::atomic_ref<T>(value).store(desired, std::memory_order_release);
}
template<typename T>
bool compareAndSwap(T &value, T &expected, T desired)
{
    return std::atomic_ref<T>(value).compare_exchange_strong(expected, desired);
}
template<typename T>
T fetchAdd(T &value, T amount)
{
    return std::atomic_ref<T>(value).fetch_add(amount);
}
inline void fenceAcquire()
{
    std::atomic_thread_fence(std::memory_order_acquire);
}
inline void fenceRelease()
{
    std::atomic_thread_fence(std::memory_order_release);
}
inline void fenceFull()
{
    std::atomic_thread_fence(std::memory_order_seq_cst);
}

#else

template<typename T>
T loadRelaxed(const T &value)
{
    return __atomic_load_n(&value, __ATOMIC_RELAXED);
}
template<typename T>
T loadAcquire(const T &value)
{
    return __atomic_load_n(&value, __ATOMIC_ACQUIRE);
}
template<typename T>
void storeRelaxed(T &value, T desired)
{
    __atomic_store_n(&value, desired, __ATOMIC_RELAXED);
}
template<typename T>
void storeRelease(T &value, T desired)
{
    __atomic_store_n(&value, desired, __ATOMIC_RELEASE);
}
/// Sequentially consistent compare-and-swap. On failure `expected` receives the current value.
template<typename T>
bool compareAndSwap(T &value, T &expected, T desired)
{
    return __atomic_compare_exchange_n(&value, &expected, desired, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}
template<typename T>
T fetchAdd(T &value, T amount)
{
    return __atomic_fetch_add(&value, amount, __ATOMIC_SEQ_CST);
}
inline void fenceAcquire()
{
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
}
inline void fenceRelease()
{
    __atomic_thread_fence(__ATOMIC_RELEASE);
}
inline void fenceFull()
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

#endif

} // namespace sharedsegment::os
