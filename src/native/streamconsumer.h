// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentproducer_export.h"

#include "../engine/revisioninfo.h"
#include "../engine/source.h"
#include "../engine/typelayout.h"
#include "../os/errorcode.h"

#include <algorithm>
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

/// A consumer of a stream whose layout is known at run time: opens it, reads each element from a position of its own,
/// counts exactly what it missed, and waits for more. StreamConsumer is the class for a C++ type.
///
/// The stream may be one of this program or of another, with Qt or without. Reading holds up no writer and no other reader:
/// an element that is overwritten before it is read is counted in lost(). The object needs no event loop and starts no
/// thread. It keeps the memory: after the owner's end, the newest elements stay readable until close().
///
/// Functions are not thread-safe: one thread at a time may use an object. In a forked child it reads, but does not wait.
/// A function that can fail sets error() and errorString() on failure and resets both on success.
class SHAREDSEGMENTPRODUCER_EXPORT RawStreamConsumer
{
public:
    /// A point in time after which a function no longer waits. Deadline::max(): it waits as long as it takes.
    using Deadline = std::chrono::steady_clock::time_point;

    /// Makes a closed consumer of the stream `name`: 1 to 255 bytes of UTF-8 without NUL. open() checks it.
    explicit RawStreamConsumer(std::string name = {});
    /// Takes over the name, the stream and the position of `other`, which becomes closed and nameless.
    RawStreamConsumer(RawStreamConsumer &&other) noexcept;
    /// Closes the own stream and takes over name, stream and position of `other`, which becomes closed and nameless.
    RawStreamConsumer &operator=(RawStreamConsumer &&other) noexcept;
    /// Closes the stream.
    ~RawStreamConsumer();

    /// Returns the name given to the constructor.
    const std::string &name() const;

    /// Opens the stream. Reading begins at the newest: the first element is the next one that is appended. Never waits.
    ///
    /// @param layout the expected layout, such as `f64`; empty expects none
    /// @param capacity the expected capacity; 0 expects none
    /// @returns whether it succeeded. After a failure the object is as before, except for error().
    ///
    /// Errors: as RawConsumer::open(); LayoutMismatch also when the segment is an array, which RawConsumer reads.
    bool open(std::string_view layout = {}, std::uint64_t capacity = 0);
    /// Opens the stream as above, and expects the layout of a C++ type; see describe().
    bool open(const TypeDescription &layout, std::uint64_t capacity = 0);
    /// Opens the stream as above, and waits for its owner until `deadline`. Waiting takes no time of the processor where the
    /// system notifies of changes in the registry folder, and polls elsewhere.
    ///
    /// Errors: those of open(); NotFound after the deadline.
    bool waitForOpened(Deadline deadline, std::string_view layout = {}, std::uint64_t capacity = 0);
    /// Waits as above, and expects the layout of a C++ type; see describe().
    bool waitForOpened(Deadline deadline, const TypeDescription &layout, std::uint64_t capacity = 0);
    /// Closes the stream.
    void close();
    /// Returns whether a stream is open, with a living owner or without.
    bool isOpen() const;
    /// Returns whether the owner of the open stream still holds it: asks the kernel.
    bool hasOwner() const;
    /// Returns where the values come from: of a mirror of another host's stream, whose name begins with `@`, whether that host is
    /// reachable. Here while nothing is open. A change of it is no update.
    Source source() const;

    /// Returns the canonical text of the layout, with offsets and size; empty while nothing is open.
    std::string layout() const;
    std::uint64_t capacity() const;  ///< Returns the number of elements that the stream keeps; 0 while nothing is open.
    std::size_t elementSize() const; ///< Returns the bytes of an element; 0 while nothing is open.
    std::uint64_t newest() const;    ///< Returns the number of elements appended so far; 0 while nothing is open.
    /// Returns what the owner stored with the stream, as text of one JSON object or any text; empty without any.
    std::string metadata() const;

    std::uint64_t position() const;  ///< Returns the number of the next element, unless it is overwritten first.
    std::uint64_t available() const; ///< Returns the number of elements that can be read now.
    /// Returns the number of elements since the opening that were overwritten before they were read. What lies before a
    /// position that a seek chose is not lost.
    std::uint64_t lost() const;

    void seekToNewest(); ///< Goes on with the next element that is appended.
    void seekToOldest(); ///< Goes on with the oldest element that is there at the next read().
    /// Goes on with element number `position`, at most newest(): with one that read() returned for a stream that its owner
    /// has replaced since, for example. Elements from there on that are no longer there are lost.
    void seek(std::uint64_t position);

    /// Copies elements to the start of `to`: as many as are there and fit. They follow each other without a gap; what was
    /// lost lies before the first. Never waits. Without space for an element, counts what is lost so far.
    /// @returns the position after the last one, their number, which may be 0, and the time of the append that ended there
    /// (0 unless it is one of the newest two); or nothing on failure.
    ///
    /// Errors: NotFound when nothing is open; InvalidSize when the bytes of `to` are not those of whole elements.
    std::optional<RevisionInfo> read(std::span<std::byte> to);

    /// Waits until there is an element at position() or behind it, at most until `deadline`.
    /// @returns whether there is one. Without one, error() is NoError after the deadline and NotFound when no element can
    /// come any more.
    ///
    /// Errors: NotFound when nothing is open, the owner is gone, or the owner has replaced the stream by one of another
    /// capacity, whose positions go on: read what is left, close(), open() and seek(); PermissionDenied in a forked child.
    bool waitForUpdated(Deadline deadline);
    /// Returns a descriptor for poll(2) and the like. See RawConsumer::updateDescriptor().
    std::intptr_t updateDescriptor();

    /// Returns the code of the last failure; NoError after a call that succeeded.
    ErrorCode error() const;
    /// Returns the text of the last failure, with the remedy; empty without one.
    const std::string &errorString() const;

private:
    template<typename T>
    friend class StreamConsumer;

    /// Returns how many elements a copy of at most `most` may hold; nothing on failure. Errors: NotFound, OutOfMemory.
    std::optional<std::size_t> countToRead(std::size_t most);

    struct Data;
    std::unique_ptr<Data> d;
};

/// A consumer of a stream with elements of type T: what SharedStream is for readers, without Qt.
///
/// T is a scalar, `bool`, an enum, an array of those, or a struct that SHARED_STRUCT names. Functions are not
/// thread-safe: one thread at a time may use an object. See RawStreamConsumer for lifetime and errors.
template<typename T>
class StreamConsumer
{
    static_assert(!std::is_array_v<T>, "SharedSegment: use std::array as the element of a StreamConsumer");

public:
    /// See RawStreamConsumer::Deadline.
    using Deadline = RawStreamConsumer::Deadline;

    /// Makes a closed consumer of the stream `name`: 1 to 255 bytes of UTF-8 without NUL. open() checks it.
    explicit StreamConsumer(std::string name = {})
        : m_raw(std::move(name))
    {
    }

    /// Returns the untyped consumer, for the functions that this class lacks.
    RawStreamConsumer &raw() { return m_raw; }
    /// Returns the untyped consumer, for reading its properties.
    const RawStreamConsumer &raw() const { return m_raw; }

    /// Opens the stream; it must have the layout of T, and the capacity `capacity` unless that is 0. Reading begins at the
    /// newest. @returns whether it succeeded. Errors: as RawStreamConsumer::open().
    bool open(std::uint64_t capacity = 0) { return m_raw.open(describe<T>(), capacity); }
    /// Opens the stream as above, and waits for its owner until `deadline`. Errors: as RawStreamConsumer::waitForOpened().
    bool waitForOpened(Deadline deadline, std::uint64_t capacity = 0)
    {
        return m_raw.waitForOpened(deadline, describe<T>(), capacity);
    }
    /// Closes the stream.
    void close() { m_raw.close(); }
    /// Returns the number of elements that the stream keeps; 0 while nothing is open.
    std::uint64_t capacity() const { return m_raw.capacity(); }
    /// Returns the number of the next element. See RawStreamConsumer::position().
    std::uint64_t position() const { return m_raw.position(); }
    /// Returns the number of elements that can be read now.
    std::uint64_t available() const { return m_raw.available(); }
    /// Returns the number of elements that were missed since the opening. See RawStreamConsumer::lost().
    std::uint64_t lost() const { return m_raw.lost(); }
    /// Goes on with the next element that is appended.
    void seekToNewest() { m_raw.seekToNewest(); }
    /// Goes on with the oldest element that is there at the next read().
    void seekToOldest() { m_raw.seekToOldest(); }
    /// Goes on with element number `position`. See RawStreamConsumer::seek().
    void seek(std::uint64_t position) { m_raw.seek(position); }
    /// Returns the code of the last failure. See RawStreamConsumer::error().
    ErrorCode error() const { return m_raw.error(); }
    /// Returns the text of the last failure, with the remedy. See RawStreamConsumer::errorString().
    const std::string &errorString() const { return m_raw.errorString(); }

    /// Copies new elements to the start of `to`, as many as are there and fit.
    /// @returns the position after them and their number, or nothing on failure. Errors: as RawStreamConsumer::read().
    std::optional<RevisionInfo> read(std::span<T> to) { return m_raw.read(std::as_writable_bytes(to)); }
    /// Returns the elements that have come since the last one that was read, at most `most`; none on failure.
    /// Errors: as RawStreamConsumer::read(); OutOfMemory when the elements do not fit into memory: read fewer at once.
    std::vector<T> readNew(std::size_t most = std::numeric_limits<std::size_t>::max())
    {
        const std::optional<std::size_t> count = m_raw.countToRead(most);
        if (!count)
            return {};
        std::vector<T> elements(*count);
        const std::optional<RevisionInfo> revision = read(elements);
        elements.resize(revision ? static_cast<std::size_t>(revision->count) : 0);
        return elements;
    }
    /// Waits for an element. See RawStreamConsumer::waitForUpdated().
    bool waitForUpdated(Deadline deadline) { return m_raw.waitForUpdated(deadline); }

private:
    RawStreamConsumer m_raw;
};

} // namespace sharedsegment
