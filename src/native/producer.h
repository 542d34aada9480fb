// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentproducer_export.h"

#include "../engine/text.h"
#include "../engine/typelayout.h"
#include "../os/backend.h"
#include "../os/errorcode.h"

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

/// Producers own segments and publish to them in a program without Qt, consumers read them. Qt programs and QML open the same segments.
namespace sharedsegment {

/// The cause of a failure.
using ProducerError = ErrorCode;

/// The kinds of memory.
using ProducerBackend = Backend;

/// The options of a new segment.
struct ProducerOptions
{
    /// Number of buffers, 1 to 16; 0: 4 while four take at most 64 MiB, else 2. A stream has one.
    std::uint32_t bufferCount = 0;
    ProducerBackend backend = ProducerBackend::Automatic; ///< kind of memory
    bool multipleWriters = false;                         ///< whether processes other than the owner may write
    /// Text of one JSON object for all readers; empty: none. What it says is not checked: readers ignore what they cannot
    /// use, and `sharedsegment info` shows what they make of it.
    std::string metadata = {};
};

/// A producer: owns a segment whose layout is known at run time, and publishes to it. Producer is the class for a C++ type.
///
/// Other processes, with Qt or without, can open the segment for as long as the object is open and the process lives.
/// The object needs no event loop and starts no thread. RawConsumer reads the segments of other processes.
///
/// Functions are not thread-safe: one thread at a time may use an object. In a forked child it writes nothing. A
/// function that can fail sets error() and errorString() on failure and resets both on success.
class SHAREDSEGMENTPRODUCER_EXPORT RawProducer
{
public:
    /// Returns the default waiting time of a writer for other writers: one second. Thread-safe.
    static constexpr std::chrono::milliseconds defaultWait() { return std::chrono::seconds(1); }

    /// A write transaction: the next revision while it is being written. It starts as a copy of the newest revision.
    ///
    /// The destructor publishes it, unless it is discarded or an exception unwinds the stack. It has to end before its
    /// producer and in the thread that began it. Not thread-safe.
    class SHAREDSEGMENTPRODUCER_EXPORT Writer
    {
    public:
        /// Makes an empty writer, which tests as false.
        Writer();
        /// Takes over the transaction of `other`, which becomes empty.
        Writer(Writer &&other) noexcept;
        /// Publishes the own transaction and takes over the transaction of `other`, which becomes empty.
        Writer &operator=(Writer &&other) noexcept;
        /// Publishes the transaction, unless an exception unwinds the stack.
        ~Writer();

        /// Returns whether there is a transaction.
        explicit operator bool() const { return d != nullptr; }
        /// Returns the bytes of the whole revision; empty without a transaction, and for a revision of no elements.
        std::span<std::byte> bytes() const { return m_bytes; }

        /// Gives the revision another number of elements, for arrays of variable count: new elements are zero, and those
        /// behind the last one are left out. Spans that bytes() returned before are no longer valid.
        /// @returns whether it succeeded: not without a transaction, above the capacity, or for an array of fixed count.
        bool resize(std::uint64_t count);
        /// Publishes the transaction now and becomes empty.
        /// @returns the revision's number, or nothing if nothing was published: without a transaction, after close(),
        /// or in a forked child.
        std::optional<std::uint64_t> publish();
        /// Discards the transaction and becomes empty; the newest revision is as before.
        void discard();

    private:
        friend class RawProducer;
        struct Data;
        std::unique_ptr<Data> d;
        std::span<std::byte> m_bytes;
    };

    /// Makes a closed producer for the segment `name`: 1 to 255 bytes of UTF-8 without NUL. create() checks it.
    explicit RawProducer(std::string name = {});
    /// Takes over the name and the segment of `other`, which becomes closed and nameless.
    RawProducer(RawProducer &&other) noexcept;
    /// Closes the own segment and takes over the name and the segment of `other`, which becomes closed and nameless.
    RawProducer &operator=(RawProducer &&other) noexcept;
    /// Closes the segment.
    ~RawProducer();

    /// Returns the name given to the constructor.
    const std::string &name() const;

    /// Creates the segment with `capacity` elements in each revision, zero at first, and becomes the owner of its name.
    ///
    /// `layout` is text such as `f64` or `Point{x:f64;y:f64}`.
    /// @returns whether it succeeded. After a failure the object is as before, except for error().
    ///
    /// Errors: InvalidState when a segment is open; InvalidName, InvalidLayout or InvalidSize when an argument is not
    /// valid; AlreadyExists when a living owner has the name; OutOfMemory when the memory is missing; PermissionDenied
    /// when the registry folder is not private or not writable; Unsupported when this system lacks the backend; Busy
    /// when other processes keep taking and leaving the name; SystemError when a system call fails for another reason.
    bool create(std::string_view layout, std::uint64_t capacity, const ProducerOptions &options = {});
    /// Creates the segment as above, with the layout of a C++ type; see describe().
    bool create(const TypeDescription &layout, std::uint64_t capacity, const ProducerOptions &options = {});
    /// Creates the segment as above, but each revision has as many elements as are published, at most `capacity`.
    bool createWithCapacity(std::string_view layout, std::uint64_t capacity, const ProducerOptions &options = {});
    /// Creates the segment as above, with the layout of a C++ type; see describe().
    bool createWithCapacity(const TypeDescription &layout, std::uint64_t capacity, const ProducerOptions &options = {});
    /// Creates the segment as above, but as a stream, which keeps the newest `capacity` elements that were appended.
    bool createStream(std::string_view layout, std::uint64_t capacity, const ProducerOptions &options = {});
    /// Creates the stream as above, with the layout of a C++ type; see describe().
    bool createStream(const TypeDescription &layout, std::uint64_t capacity, const ProducerOptions &options = {});
    /// Closes the segment. The name is free at once, and the readers are notified.
    void close();
    /// Returns whether the object owns a segment.
    bool isOpen() const;

    /// Returns the canonical text of the layout, with offsets and size; empty while nothing is open.
    std::string layout() const;
    /// Returns the most elements of a revision, or the number that a stream keeps; 0 while nothing is open.
    std::uint64_t capacity() const;
    /// Returns the bytes of that many elements; 0 while nothing is open.
    std::uint64_t size() const;
    /// Returns the number of the newest revision, or of the elements appended to a stream so far; 0: the initial state.
    std::uint64_t revision() const;
    /// Returns the number of openings in other processes that wait for updates, at most 112; 0 while nothing is open.
    int listenerCount() const;

    /// Publishes `bytes` as the next revision: exactly size() of them, or for an array of variable count those of whole
    /// elements, at most size(). Waits for other writers at most `wait`.
    /// @returns whether it succeeded. After a failure the newest revision is as before.
    ///
    /// Errors: NotFound when nothing is open; InvalidSize when the number of bytes does not fit; InvalidState for a stream;
    /// Busy when other writers held the segment for all of `wait`, or this thread is writing to it already; PermissionDenied
    /// in a forked child; Corrupt when the record or the writers' lock is damaged.
    bool publish(std::span<const std::byte> bytes, std::chrono::milliseconds wait = defaultWait());
    /// Appends the elements in `bytes` to the stream, with one time and one notification. More than the capacity goes in
    /// pieces of at most a quarter of it. Readers hold up nothing. Waits for other writers at most `wait`.
    /// @returns the new position, which is the number of elements appended so far; nothing on failure, and then nothing has
    /// been appended.
    ///
    /// Errors: those of publish(), but InvalidSize when the last element is not whole or, with multiple writers, when there
    /// are more than the capacity; InvalidState for an array.
    std::optional<std::uint64_t> append(std::span<const std::byte> bytes,
                                        std::chrono::milliseconds wait = defaultWait());
    /// Begins a write transaction, which starts as a copy of the newest revision. Waits for other writers at most `wait`.
    /// @returns the transaction; it tests as false on failure.
    ///
    /// Errors: those of publish(), except InvalidSize; Busy also when a write to the only buffer was interrupted;
    /// OutOfMemory when a segment with one buffer has no memory for a copy.
    Writer beginWrite(std::chrono::milliseconds wait = defaultWait());
    /// Copies the first bytes of the newest revision, which may be another writer's, as many as `to` has.
    /// @returns the revision's number, or nothing on failure; then the content of `to` is undefined.
    ///
    /// Errors: NotFound when nothing is open; InvalidSize when `to` is larger than size(); InvalidState for a stream, which
    /// RawStreamConsumer reads; Busy when a writer overtook each attempt.
    std::optional<std::uint64_t> read(std::span<std::byte> to);

    /// Returns the code of the last failure; NoError after a create(), publish(), append(), beginWrite() or read() that
    /// succeeded, or close().
    ProducerError error() const;
    /// Returns the text of the last failure, with the remedy; empty without one.
    const std::string &errorString() const;

private:
    struct Data;
    std::unique_ptr<Data> d;
};

/// A producer of elements of type T: what SharedArray and SharedValue are, without Qt.
///
/// T is a scalar, `bool`, an enum, an array of those, or a struct that SHARED_STRUCT names. Functions are not
/// thread-safe: one thread at a time may use an object. See RawProducer for lifetime and errors.
template<typename T>
class Producer
{
    static_assert(!std::is_array_v<T>, "SharedSegment: use std::array as the element of a Producer");

public:
    /// A write transaction with typed elements. It starts as a copy of the newest revision.
    ///
    /// The destructor publishes it, unless it is discarded or an exception unwinds the stack. It has to end before its
    /// producer and in the thread that began it. Not thread-safe.
    class Writer
    {
    public:
        /// Makes an empty writer, which tests as false.
        Writer() = default;
        /// Takes over the transaction that RawProducer::beginWrite() returned.
        explicit Writer(RawProducer::Writer writer)
            : m_writer(std::move(writer))
        {
        }

        /// Returns whether there is a transaction.
        explicit operator bool() const { return bool(m_writer); }
        /// Returns the elements; an empty span without a transaction.
        std::span<T> span() const
        {
            return {reinterpret_cast<T *>(m_writer.bytes().data()), m_writer.bytes().size() / sizeof(T)};
        }
        /// Returns the element at `index`, which has to be below the number of elements; it is not checked.
        T &operator[](std::size_t index) const { return span()[index]; }
        /// Gives access to the members of the first element. The writer has to test as true.
        T *operator->() const { return span().data(); }

        /// Gives the revision `count` elements, for arrays of variable count. See RawProducer::Writer::resize().
        bool resize(std::uint64_t count) { return m_writer.resize(count); }
        /// Publishes the transaction now and becomes empty.
        /// @returns the revision's number, or nothing if nothing was published; see RawProducer::Writer::publish().
        std::optional<std::uint64_t> publish() { return m_writer.publish(); }
        /// Discards the transaction and becomes empty; the newest revision is as before.
        void discard() { m_writer.discard(); }

    private:
        RawProducer::Writer m_writer;
    };

    /// Makes a closed producer for the segment `name`: 1 to 255 bytes of UTF-8 without NUL. create() checks it.
    explicit Producer(std::string name = {})
        : m_raw(std::move(name))
    {
    }

    /// Returns the untyped producer, for the functions that this class lacks.
    RawProducer &raw() { return m_raw; }
    /// Returns the untyped producer, for reading its properties.
    const RawProducer &raw() const { return m_raw; }

    /// Creates the segment with `capacity` elements in each revision, zero at first, and becomes the owner of its name.
    /// @returns whether it succeeded. After a failure the object is as before, except for error().
    ///
    /// Errors: as RawProducer::create().
    bool create(std::uint64_t capacity = 1, const ProducerOptions &options = {})
    {
        return m_raw.create(describe<T>(), capacity, options);
    }
    /// Creates the segment as above, but each revision has as many elements as are published, at most `capacity`.
    bool createWithCapacity(std::uint64_t capacity, const ProducerOptions &options = {})
    {
        return m_raw.createWithCapacity(describe<T>(), capacity, options);
    }
    /// Creates the segment as above, but as a stream, which keeps the newest `capacity` elements that were appended.
    bool createStream(std::uint64_t capacity, const ProducerOptions &options = {})
    {
        return m_raw.createStream(describe<T>(), capacity, options);
    }
    /// Closes the segment. The name is free at once, and the readers are notified.
    void close() { m_raw.close(); }
    /// Returns the most elements of a revision, or the number that a stream keeps; 0 while nothing is open.
    std::uint64_t capacity() const { return m_raw.capacity(); }
    /// Returns the code of the last failure. See RawProducer::error().
    ProducerError error() const { return m_raw.error(); }
    /// Returns the text of the last failure, with the remedy. See RawProducer::errorString().
    const std::string &errorString() const { return m_raw.errorString(); }

    /// Publishes `values` as the next revision: exactly capacity() of them, or for an array of variable count at most as
    /// many. Waits for other writers at most `wait`.
    /// @returns whether it succeeded. After a failure the newest revision is as before.
    ///
    /// Errors: as RawProducer::publish().
    bool publish(std::span<const T> values, std::chrono::milliseconds wait = RawProducer::defaultWait())
    {
        return m_raw.publish(std::as_bytes(values), wait);
    }
    /// Publishes `value` as the next revision of a segment with one element. Waits for other writers at most `wait`.
    /// @returns whether it succeeded. After a failure the newest revision is as before.
    ///
    /// Errors: as RawProducer::publish().
    bool set(const T &value, std::chrono::milliseconds wait = RawProducer::defaultWait())
    {
        return publish(std::span(&value, 1), wait);
    }
    /// Appends `values` to the stream, with one time and one notification. Waits for other writers at most `wait`.
    /// @returns the new position, or nothing on failure. Errors: as RawProducer::append().
    std::optional<std::uint64_t> append(std::span<const T> values,
                                        std::chrono::milliseconds wait = RawProducer::defaultWait())
    {
        return m_raw.append(std::as_bytes(values), wait);
    }
    /// Appends `value` to the stream. See above.
    std::optional<std::uint64_t> append(const T &value, std::chrono::milliseconds wait = RawProducer::defaultWait())
    {
        return append(std::span(&value, 1), wait);
    }
    /// Begins a write transaction. Waits for other writers at most `wait`.
    /// @returns the transaction; it tests as false on failure.
    ///
    /// Errors: as RawProducer::beginWrite().
    Writer beginWrite(std::chrono::milliseconds wait = RawProducer::defaultWait())
    {
        return Writer(m_raw.beginWrite(wait));
    }

private:
    RawProducer m_raw;
};

} // namespace sharedsegment
