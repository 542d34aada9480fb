// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentproducer_export.h"

#include "../segment/text.h"
#include "../segment/typelayout.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

/// Owning and publishing segments in a program without Qt. What is published is what Qt programs and QML open by its name.
namespace sharedsegment {

/// Why something failed; the same as SharedSegment::Error.
enum class ProducerError {
    NoError,            ///< nothing has
    InvalidName,        ///< empty, longer than 255 bytes of UTF-8, with a NUL, or no UTF-8
    InvalidLayout,      ///< none, or a text that is none
    InvalidSize,        ///< a length, a number of frames or of bytes that cannot be
    AlreadyExists,      ///< a living owner has the name
    NotFound,           ///< nothing is open
    PermissionDenied,   ///< the registry folder is not private, or cannot be written
    LayoutMismatch,     ///< not of producers
    UnsupportedVersion, ///< of the format
    Corrupt,            ///< the lock of many writers is damaged
    OutOfMemory,        ///< the machine, its control group or its file system has not that much
    Busy,               ///< others were writing for as long as was waited
    Unsupported,        ///< a kind of memory that this system has not
    SystemError,        ///< a call of the system failed in a way that has no name here
    InvalidState,       ///< the call does not fit what is open: create() of an open object
    InvalidValue,       ///< not of producers
};

/// The kinds of memory; the same as SharedSegment::Backend.
enum class ProducerBackend {
    Automatic, ///< what suits the system best
    Memfd,     ///< Linux: memfd_create(2), sealed
    Posix,     ///< shm_open(3)
    Win32,     ///< a named file mapping
};

/// What a segment is made like.
struct ProducerOptions
{
    std::uint32_t frames = 0;                             ///< 1 to 16; 0: 4 while four take at most 64 MiB, else 2
    ProducerBackend backend = ProducerBackend::Automatic; ///< the kind of memory; Automatic: what suits the system best
    bool sharedWriting = false;                           ///< whether others may write, too
};

/// A segment that this object owns, its layout known at run time. Producer is the same for a type.
///
/// Others see it for as long as the object is open and the process lives. Needs no event loop and starts no thread. For one
/// thread at a time; in a forked child it does nothing. Only to own and publish: readers use Qt or src/doc/format.md.
class SHAREDSEGMENTPRODUCER_EXPORT RawProducer
{
public:
    /// How long writers wait for each other unless told otherwise.
    static constexpr std::chrono::milliseconds defaultWait() { return std::chrono::seconds(1); }

    /// The next revision while it is being written; see Producer::Writer.
    class SHAREDSEGMENTPRODUCER_EXPORT Writer
    {
    public:
        /// With nothing to write to.
        Writer();
        /// Takes over; the other then has nothing.
        Writer(Writer &&other) noexcept;
        /// Publishes what it has, and takes over.
        Writer &operator=(Writer &&other) noexcept;
        /// Publishes, unless left by an exception.
        ~Writer();

        /// Whether there is something to write to.
        explicit operator bool() const { return !m_bytes.empty(); }
        /// The whole revision; empty if there is nothing to write to.
        std::span<std::byte> bytes() const { return m_bytes; }

        /// Publishes now. @returns the revision, or nothing if there was nothing to publish.
        std::optional<std::uint64_t> publish();
        /// Publishes nothing: the newest revision stays what it was.
        void discard();

    private:
        friend class RawProducer;
        struct Data;
        std::unique_ptr<Data> d;
        std::span<std::byte> m_bytes;
    };

    /// A name of 1 to 255 bytes of UTF-8 without NUL.
    explicit RawProducer(std::string name = {});
    /// Takes over; the other is then closed and without a name.
    RawProducer(RawProducer &&other) noexcept;
    /// Closes what it has, and takes over.
    RawProducer &operator=(RawProducer &&other) noexcept;
    /// Closes.
    ~RawProducer();

    /// The name that it was made with.
    const std::string &name() const;

    /// Creates the segment and owns its name. Zero-filled, revision 0. `layout` is text: `f64`, `Point{x:f64;y:f64}`.
    /// @returns false on failure; then error() says why and the object is as before. AlreadyExists: a living owner has the name; InvalidState:
    /// this object is open already; InvalidName, InvalidLayout, InvalidSize, OutOfMemory, PermissionDenied (the registry folder), Unsupported (the backend).
    bool create(std::string_view layout, std::uint64_t length, const ProducerOptions &options = {});
    /// The same with the layout of a type: see describe().
    bool create(const TypeDescription &layout, std::uint64_t length, const ProducerOptions &options = {});
    /// Lets go: the name is free at once, and those who have the segment open are told.
    void close();
    /// Whether it owns a segment.
    bool isOpen() const;

    /// The layout's canonical text, with offsets and size; empty while nothing is open.
    std::string layout() const;
    std::uint64_t length() const;   ///< in elements; 0 while nothing is open
    std::uint64_t size() const;     ///< the bytes of one revision; 0 while nothing is open
    std::uint64_t revision() const; ///< the newest one; 0 is the zero-filled start
    /// How many openings in other processes wait for news; at most 112 are counted.
    int listenerCount() const;

    /// Publishes `bytes`, size() of them, as the next revision. Waits for other writers at most `wait`.
    /// @returns false with nothing published. NotFound: nothing is open; InvalidSize; Busy: others were writing for that long.
    bool publish(std::span<const std::byte> bytes, std::chrono::milliseconds wait = defaultWait());
    /// Starts the next revision, as a copy of the newest one. Tests as false on failure; then error() says why, as for publish().
    Writer write(std::chrono::milliseconds wait = defaultWait());
    /// Copies the newest revision's first bytes, of which others may have written some. @returns its number, or nothing on failure.
    std::optional<std::uint64_t> read(std::span<std::byte> to);

    /// The last failure; create(), publish(), write() and read() that succeed reset it.
    ProducerError error() const;
    /// The last failure in words, with the remedy.
    const std::string &errorString() const;

private:
    struct Data;
    std::unique_ptr<Data> d;
};

/// An array of T that this object owns: as SharedArray and SharedValue, without Qt. T is a scalar, `bool`, an enum, an array of those, or
/// a struct named with SHARED_STRUCT. All else is as with RawProducer.
template<typename T>
class Producer
{
    static_assert(!std::is_array_v<T>, "SharedSegment: use std::array as the element of a Producer");

public:
    /// The next revision while it is being written: starts as the newest one, and is published when it goes, unless it is discarded
    /// or left by an exception. Tests as false when there is nothing to write to. It goes before its producer.
    class Writer
    {
    public:
        /// With nothing to write to.
        Writer() = default;
        /// Of what write() of a RawProducer gave.
        explicit Writer(RawProducer::Writer writer)
            : m_writer(std::move(writer))
        {
        }

        /// Whether there is something to write to.
        explicit operator bool() const { return bool(m_writer); }
        /// The elements; none if there is nothing to write to.
        std::span<T> span() const
        {
            return {reinterpret_cast<T *>(m_writer.bytes().data()), m_writer.bytes().size() / sizeof(T)};
        }
        /// `index` must lie within the length.
        T &operator[](std::size_t index) const { return span()[index]; }
        /// The first element; only if it tests as true.
        T *operator->() const { return span().data(); }

        /// Publishes now. @returns the revision, or nothing if there was nothing to publish.
        std::optional<std::uint64_t> publish() { return m_writer.publish(); }
        /// Publishes nothing: the newest revision stays what it was.
        void discard() { m_writer.discard(); }

    private:
        RawProducer::Writer m_writer;
    };

    /// A name of 1 to 255 bytes of UTF-8 without NUL.
    explicit Producer(std::string name = {})
        : m_raw(std::move(name))
    {
    }

    /// @{
    /// The producer itself, for all that this class has no shorthand for.
    RawProducer &raw() { return m_raw; }
    const RawProducer &raw() const { return m_raw; }
    /// @}

    /// Creates the segment and owns its name, as RawProducer::create() does.
    bool create(std::uint64_t length = 1, const ProducerOptions &options = {})
    {
        return m_raw.create(describe<T>(), length, options);
    }
    /// @{
    /// As RawProducer has it.
    void close() { m_raw.close(); }
    std::uint64_t length() const { return m_raw.length(); }
    ProducerError error() const { return m_raw.error(); }
    const std::string &errorString() const { return m_raw.errorString(); }
    /// @}

    /// Publishes `values`, length() of them, as the next revision.
    bool write(std::span<const T> values, std::chrono::milliseconds wait = RawProducer::defaultWait())
    {
        return m_raw.publish(std::as_bytes(values), wait);
    }
    /// Publishes `value` as the next revision; for a length of 1.
    bool set(const T &value, std::chrono::milliseconds wait = RawProducer::defaultWait())
    {
        return write(std::span(&value, 1), wait);
    }
    /// Starts the next revision. Waits for other writers at most `wait`; tests as false on failure.
    Writer write(std::chrono::milliseconds wait = RawProducer::defaultWait()) { return Writer(m_raw.write(wait)); }

private:
    RawProducer m_raw;
};

} // namespace sharedsegment
