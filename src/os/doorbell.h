// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "error.h"
#include "handle.h"

#include <cstdint>
#include <string>

namespace sharedsegment::os {

/// The waiting end of a doorbell: a handle that an event loop can watch and that other processes notify through its
/// path.
///
/// Owns the handle and the path. The destructor removes both; in a forked child the path stays. A failed create()
/// leaves nothing behind. Not thread-safe.
class SHAREDSEGMENTENGINE_EXPORT Doorbell
{
public:
    Doorbell() = default;
    Doorbell(Doorbell &&) = default;
    Doorbell &operator=(Doorbell &&other) noexcept
    {
        if (this != &other) {
            remove();
            m_handle = std::move(other.m_handle);
            m_path = std::move(other.m_path);
        }
        return *this;
    }
    ~Doorbell() { remove(); }

    /// Creates a doorbell at `path`. @returns AlreadyExists when the path is taken.
    static Result<Doorbell> create(const std::string &path);

    /// Readable (POSIX) or signalled (Windows) after a notification.
    Handle::Native native() const { return m_handle.native(); }
    bool isOpen() const { return m_handle.isValid(); }

    /// Consumes all notifications so far, so that the next one wakes the listener again.
    void drain() const;

    /// Closes the doorbell and removes its path. In a forked child, which does not own the doorbell, the path stays.
    void remove();

private:
    Doorbell(Handle handle, std::string path)
        : m_handle(std::move(handle))
        , m_path(std::move(path))
    {
    }

    Handle m_handle;
    std::string m_path;
};

/// The notifying end of a doorbell. Owns the handle with which it notifies, never the path. Never blocks. Reports the
/// death of the waiting end only by the outcome Dead.
class SHAREDSEGMENTENGINE_EXPORT DoorbellNotifier
{
public:
    enum class Outcome { Notified, Dead, Failed };

    DoorbellNotifier() = default;

    /// Reserves one descriptor for notifyWithReserve(), once for each process. Call it before the process runs out of
    /// descriptors.
    static void reserve();

    /// Opens the doorbell at `path`. @returns a DoorbellNotifier that is not open when the listener is dead (then sets
    /// `dead`) or when opening fails.
    static DoorbellNotifier open(const std::string &path, bool *dead);

    /// Opens, notifies and closes the doorbell at `path` with the reserved descriptor. For processes that have reached
    /// their descriptor limit.
    static Outcome notifyWithReserve(const std::string &path);

    /// Opens the doorbell at which process `pid` still waits although `path` no longer leads to it: its file was
    /// removed or replaced.
    /// @returns a DoorbellNotifier that is not open when no such doorbell exists; an error when that cannot be
    /// determined at the moment.
    static Result<DoorbellNotifier> openDisplaced(std::uint64_t pid, const std::string &path);

    bool isOpen() const { return m_handle.isValid() || !m_path.empty(); }

    /// Wakes the listener. Requires a SigpipeGuard in this thread.
    Outcome notify() const;

    /// Whether the doorbell at `path` has no listener any more. False when no doorbell exists there.
    static bool isDead(const std::string &path);

    /// Whether `path` leads to a file that is not a doorbell.
    static bool isOtherFile(const std::string &path);

    /// Removes the file that a dead listener left, or another file in its place.
    static void removeDead(const std::string &path);

private:
    Handle m_handle;    ///< POSIX
    std::string m_path; ///< Windows: an open handle would keep a dead listener's doorbell alive
};

/// SIGPIPE suppression (POSIX): during its lifetime, notifying a dead doorbell fails with a return value and raises no
/// signal. Affects the current thread; destroy it in the thread that created it.
class SHAREDSEGMENTENGINE_EXPORT SigpipeGuard
{
public:
    SigpipeGuard();
    ~SigpipeGuard();
    SigpipeGuard(const SigpipeGuard &) = delete;
    SigpipeGuard &operator=(const SigpipeGuard &) = delete;

private:
    [[maybe_unused]] bool m_isNeeded = false; ///< POSIX except macOS
    [[maybe_unused]] bool m_wasBlocked = false;
    [[maybe_unused]] bool m_wasPending = false;
};

} // namespace sharedsegment::os
