// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentproducer_export.h"

#include "../engine/revisioninfo.h"
#include "../engine/source.h"
#include "../engine/typelayout.h"
#include "../os/errorcode.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace sharedsegment {

/// A consumer: opens an array whose layout is known at run time, reads it, and waits for its updates. Consumer is the
/// class for a C++ type; RawStreamConsumer reads streams.
///
/// The segment may be one of this program or of another, with Qt or without. The object needs no event loop and starts
/// no thread. It keeps the memory: after the owner's end, the last revision stays readable until close().
///
/// Functions are not thread-safe: one thread at a time may use an object. In a forked child it reads, but does not wait.
/// A function that can fail sets error() and errorString() on failure and resets both on success.
class SHAREDSEGMENTPRODUCER_EXPORT RawConsumer
{
public:
    /// A point in time after which a function no longer waits. Deadline::max(): it waits as long as it takes.
    using Deadline = std::chrono::steady_clock::time_point;

    /// Makes a closed consumer of the segment `name`: 1 to 255 bytes of UTF-8 without NUL. open() checks it.
    explicit RawConsumer(std::string name = {});
    /// Takes over the name and the segment of `other`, which becomes closed and nameless.
    RawConsumer(RawConsumer &&other) noexcept;
    /// Closes the own segment and takes over the name and the segment of `other`, which becomes closed and nameless.
    RawConsumer &operator=(RawConsumer &&other) noexcept;
    /// Closes the segment.
    ~RawConsumer();

    /// Returns the name given to the constructor.
    const std::string &name() const;

    /// Opens the segment for reading. Never waits.
    ///
    /// @param layout the expected layout, such as `f64`; empty expects none
    /// @param capacity the expected capacity; 0 expects none
    /// @returns whether it succeeded. After a failure the object is as before, except for error().
    ///
    /// Errors: InvalidState when a segment is open; InvalidName or InvalidLayout when an argument is not valid; NotFound
    /// when the name has no owner; LayoutMismatch when layout or capacity differ, or the segment is a stream;
    /// PermissionDenied when the registry folder is not private; UnsupportedVersion or Corrupt when the record or the memory
    /// is unreadable; Unsupported when the memory is out of this process's reach; SystemError when a system call fails for
    /// another reason.
    bool open(std::string_view layout = {}, std::uint64_t capacity = 0);
    /// Opens the segment as above, and expects the layout of a C++ type; see describe().
    bool open(const TypeDescription &layout, std::uint64_t capacity = 0);
    /// Opens the segment as above, and waits for its owner until `deadline`. Waiting takes no time of the processor where
    /// the system notifies of changes in the registry folder, and polls elsewhere.
    ///
    /// Errors: those of open(); NotFound after the deadline.
    bool waitForOpened(Deadline deadline, std::string_view layout = {}, std::uint64_t capacity = 0);
    /// Waits as above, and expects the layout of a C++ type; see describe().
    bool waitForOpened(Deadline deadline, const TypeDescription &layout, std::uint64_t capacity = 0);
    /// Closes the segment.
    void close();
    /// Returns whether a segment is open, with a living owner or without.
    bool isOpen() const;
    /// Returns whether the owner of the open segment still holds it: asks the kernel.
    bool hasOwner() const;
    /// Returns where the values come from: of a mirror of another host's segment, whose name begins with `@`, whether that host is
    /// reachable. Here while nothing is open. A change of it is no update.
    Source source() const;

    /// Returns the canonical text of the layout, with offsets and size; empty while nothing is open.
    std::string layout() const;
    std::uint64_t capacity() const; ///< Returns the most elements of a revision; 0 while nothing is open.
    std::uint64_t size() const;     ///< Returns the most bytes of a revision; 0 while nothing is open.
    std::uint64_t revision() const; ///< Returns the number of the newest revision; 0: the initial state.
    /// Returns what the owner stored with the segment, as text of one JSON object or any text; empty without any.
    std::string metadata() const;

    /// Copies bytes of the newest revision, as many as `to` has, starting at byte `offset`. All are of one revision. Where the
    /// revision of an array of variable count has fewer elements, the rest of `to` stays as it is: see RevisionInfo::count.
    /// @returns the revision, or nothing on failure; then the content of `to` is undefined.
    ///
    /// Errors: NotFound when nothing is open; InvalidSize when the bytes do not lie within size(); Busy when a writer
    /// overtook each attempt; Corrupt when the owner died while it wrote the only buffer.
    std::optional<RevisionInfo> read(std::span<std::byte> to, std::uint64_t offset = 0);

    /// Waits until the newest revision differs from `since`, at most until `deadline`.
    /// @returns whether there is an update. Without one, error() is NoError after the deadline and NotFound when no
    /// update can come any more.
    ///
    /// Errors: NotFound when nothing is open, the owner is gone, or the owner has replaced the segment by one of another
    /// capacity, whose numbers of revisions go on: close() and open(); PermissionDenied in a forked child.
    bool waitForUpdated(std::uint64_t since, Deadline deadline);
    /// Returns a descriptor for poll(2) and the like that is readable when waitForUpdated() would not block. It belongs
    /// to the object and stays valid until close(). Once it is readable, call waitForUpdated() with a past deadline,
    /// which says what there is and re-arms it; call that once at the beginning, too.
    /// @returns the descriptor, or -1 on failure.
    ///
    /// Errors: those of waitForUpdated(); Busy when all 112 places for listeners are taken; Unsupported on Windows, and when
    /// the owner cannot be watched.
    std::intptr_t updateDescriptor();

    /// Returns the code of the last failure; NoError after a call that succeeded.
    ErrorCode error() const;
    /// Returns the text of the last failure, with the remedy; empty without one.
    const std::string &errorString() const;

private:
    struct Data;
    std::unique_ptr<Data> d;
};

/// A consumer of elements of type T: what SharedArray and SharedValue are for readers, without Qt.
///
/// T is a scalar, `bool`, an enum, an array of those, or a struct that SHARED_STRUCT names. Functions are not
/// thread-safe: one thread at a time may use an object. See RawConsumer for lifetime and errors.
template<typename T>
class Consumer
{
    static_assert(!std::is_array_v<T>, "SharedSegment: use std::array as the element of a Consumer");

public:
    /// See RawConsumer::Deadline.
    using Deadline = RawConsumer::Deadline;

    /// Makes a closed consumer of the segment `name`: 1 to 255 bytes of UTF-8 without NUL. open() checks it.
    explicit Consumer(std::string name = {})
        : m_raw(std::move(name))
    {
    }

    /// Returns the untyped consumer, for the functions that this class lacks.
    RawConsumer &raw() { return m_raw; }
    /// Returns the untyped consumer, for reading its properties.
    const RawConsumer &raw() const { return m_raw; }

    /// Opens the segment for reading; it must have the layout of T, and the capacity `capacity` unless that is 0.
    /// @returns whether it succeeded. Errors: as RawConsumer::open().
    bool open(std::uint64_t capacity = 0) { return m_raw.open(describe<T>(), capacity); }
    /// Opens the segment as above, and waits for its owner until `deadline`. Errors: as RawConsumer::waitForOpened().
    bool waitForOpened(Deadline deadline, std::uint64_t capacity = 0)
    {
        return m_raw.waitForOpened(deadline, describe<T>(), capacity);
    }
    /// Closes the segment.
    void close() { m_raw.close(); }
    /// Returns the most elements of a revision; 0 while nothing is open.
    std::uint64_t capacity() const { return m_raw.capacity(); }
    /// Returns the code of the last failure. See RawConsumer::error().
    ErrorCode error() const { return m_raw.error(); }
    /// Returns the text of the last failure, with the remedy. See RawConsumer::errorString().
    const std::string &errorString() const { return m_raw.errorString(); }

    /// Copies elements of the newest revision, as many as `to` has, starting at element `first`.
    /// @returns the revision, or nothing on failure. Errors: as RawConsumer::read().
    std::optional<RevisionInfo> read(std::span<T> to, std::uint64_t first = 0)
    {
        constexpr std::uint64_t Most = std::numeric_limits<std::uint64_t>::max();
        return m_raw.read(std::as_writable_bytes(to), first <= Most / sizeof(T) ? first * sizeof(T) : Most);
    }
    /// Copies the first element of the newest revision into `value`.
    /// @returns the revision, or nothing on failure. Errors: as RawConsumer::read().
    std::optional<RevisionInfo> read(T &value) { return read(std::span(&value, 1)); }
    /// Waits for an update. See RawConsumer::waitForUpdated().
    bool waitForUpdated(std::uint64_t since, Deadline deadline) { return m_raw.waitForUpdated(since, deadline); }

private:
    RawConsumer m_raw;
};

} // namespace sharedsegment
