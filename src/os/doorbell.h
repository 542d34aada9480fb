// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "error.h"
#include "handle.h"

#include <cstdint>
#include <string>

namespace sharedsegment::os {

/// The waiting end of a doorbell: something an event loop can watch, that other processes reach by its path.
class Doorbell
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

    /// Makes a doorbell at a path where there is none. @returns AlreadyExists where there is one.
    static Result<Doorbell> create(const std::string &path);

    /// Readable (POSIX) or signalled (Windows) once it was rung.
    Handle::Native native() const { return m_handle.native(); }
    bool isOpen() const { return m_handle.isValid(); }

    /// Takes in all the rings so far, so that the next one wakes again.
    void drain() const;

    /// Closes it and takes its path away; in a forked child, which does not own it, the path stays.
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

/// The ringing end. Never blocks; the death of the waiting end shows as Dead and in no other way.
class Ringer
{
public:
    enum class Outcome { Rung, Dead, Failed };

    Ringer() = default;

    /// Keeps a descriptor aside for ringWithReserve(), once for the process. To be called before descriptors run out.
    static void reserve();

    /// Opens the doorbell at `path`; a Ringer that is not open when nobody waits there (`dead`) or it cannot be opened.
    static Ringer open(const std::string &path, bool *dead);

    /// Opens, rings and closes the doorbell at `path`, by the descriptor that was kept aside: where this process can have no other.
    static Outcome ringWithReserve(const std::string &path);

    /// The doorbell that process `pid` still waits at although `path` no longer leads there: it was removed, or another file put in its place.
    /// A Ringer that is not open where there is none. @returns an error where that cannot be told just now.
    static Result<Ringer> openDisplaced(std::uint64_t pid, const std::string &path);

    bool isOpen() const { return m_handle.isValid() || !m_path.empty(); }

    /// Only while a QuietRinging lives in this thread.
    Outcome ring() const;

    /// Whether a doorbell lies at `path` with nobody waiting. False where there is none.
    static bool isDead(const std::string &path);

    /// Whether something else than a doorbell lies at `path`.
    static bool isOtherFile(const std::string &path);

    /// Removes what a dead waiting end left, or was put in its place.
    static void removeDead(const std::string &path);

private:
    Handle m_handle;    ///< POSIX
    std::string m_path; ///< Windows: a handle that is kept would keep the doorbell when its listener is dead
};

/// While it lives, ringing a dead doorbell reaches the program by its return value alone, and not by a signal (POSIX: SIGPIPE).
class QuietRinging
{
public:
    QuietRinging();
    ~QuietRinging();
    QuietRinging(const QuietRinging &) = delete;
    QuietRinging &operator=(const QuietRinging &) = delete;

private:
    [[maybe_unused]] bool m_isNeeded = false; ///< POSIX, but for macOS
    [[maybe_unused]] bool m_wasBlocked = false;
    [[maybe_unused]] bool m_wasPending = false;
};

} // namespace sharedsegment::os
