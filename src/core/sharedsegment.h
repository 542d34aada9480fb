// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedlayout.h"
#include "sharedsegment_export.h"

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>
#include <QtCore/QDateTime>
#include <QtCore/QDeadlineTimer>
#include <QtCore/QList>
#include <QtCore/QObject>
#include <QtCore/QStringList>
#include <QtCore/QVariant>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>

class SharedSegmentPrivate;
class SharedWriter;

/// One revision of a segment: number, timestamp and element count.
struct SharedRevision
{
    quint64 number = 0;   ///< the revision's number; 0: the zero-filled initial state
    qint64 timestamp = 0; ///< time of publication in ns since 1970-01-01 UTC; 0 for revision 0
    qint64 count = 0;     ///< number of elements
};

/// A named shared memory segment: an array of elements of one layout, published in revisions.
///
/// It is a latest-value (state) channel, not a message queue: a reader gets the newest revision, not each one. One process
/// creates the segment and owns the name for as long as the object is open and the process lives. Any number of other
/// processes open it by name, read whole revisions without blocking the writer, and get updates in their event loop.
///
/// An object belongs to its thread, like every QObject. Functions are not thread-safe unless their text says so.
///
/// A function that can fail sets `error` and `errorString` on failure and resets both on success.
class SHAREDSEGMENT_EXPORT SharedSegment : public QObject
{
    Q_OBJECT

    /// The name of the segment: 1 to 255 bytes of UTF-8 without NUL. Default: empty.
    ///
    /// A new name closes the open segment, and opens the new one if `active` is set. Notifies when another name is set.
    Q_PROPERTY(QString name READ name WRITE setName NOTIFY nameChanged)
    /// The layout of one element, as text such as `f64` or `Point{x:f64;y:f64}`. Default: empty.
    ///
    /// While open, it is the layout of the segment. Otherwise it is the layout that create() uses and open() requires;
    /// with an empty text, open() accepts any layout. A text that is not a layout sets `error` to InvalidLayout. With
    /// `active`, a new layout closes the segment and opens it again. Notifies when the value read changes, by setting,
    /// opening or closing.
    Q_PROPERTY(QString layout READ layoutText WRITE setLayoutText NOTIFY layoutChanged)
    /// The length of the segment, in elements. Default: 0.
    ///
    /// While open, it is the length of the segment. Otherwise it is the length that create() uses and open() requires; with
    /// 0, open() accepts any length. With `active`, a new length closes the segment and opens it again. Notifies when the
    /// value read changes, by setting, opening or closing.
    Q_PROPERTY(qint64 length READ length WRITE setLength NOTIFY lengthChanged)
    /// The number of buffers, 1 to 16. Default: 0, which stands for 4 while four take at most 64 MiB, else 2.
    ///
    /// While open, it is the number of the segment. Otherwise it is the number that create() uses. With `active` and
    /// `owner`, a new number closes the segment and creates it again. Notifies when the value read changes, by setting,
    /// opening or closing.
    Q_PROPERTY(int bufferCount READ bufferCount WRITE setBufferCount NOTIFY bufferCountChanged)
    /// The kind of kernel memory. Default: Automatic.
    ///
    /// While open, it is the kind of the segment. Otherwise it is the kind that create() uses; open() ignores it. With
    /// `active` and `owner`, a new kind closes the segment and creates it again. Notifies when the value read changes, by
    /// setting, opening or closing.
    Q_PROPERTY(Backend backend READ backend WRITE setBackend NOTIFY backendChanged)
    /// The permitted access: reading only, or reading and writing. Default: ReadOnly.
    ///
    /// While open, it is the access of this opening. Otherwise it is the access that `active` and open() request; create()
    /// always opens ReadWrite. With `active` and without `owner`, a new access closes the segment and opens it again.
    /// Notifies when the value read changes, by setting, opening or closing.
    Q_PROPERTY(Access access READ access WRITE setAccess NOTIFY accessChanged)
    /// Whether processes other than the owner may write. Default: false.
    ///
    /// While open, it says whether the segment permits that. Otherwise it is what create() uses. With `active` and `owner`,
    /// a new value closes the segment and creates it again. Notifies when the value read changes, by setting, opening or
    /// closing.
    Q_PROPERTY(bool multipleWriters READ multipleWriters WRITE setMultipleWriters NOTIFY multipleWritersChanged)
    /// What is open. Default: Closed. Notifies when the state changes.
    Q_PROPERTY(State state READ state NOTIFY stateChanged)
    /// Whether the object keeps the segment open. Default: false.
    ///
    /// If set, the object opens the segment (with `owner`: creates it) now or as soon as that is possible, and again after
    /// the owner is gone. Resetting it closes the segment; close() resets it. Needs an event loop. Notifies when the value
    /// changes.
    Q_PROPERTY(bool active READ isActive WRITE setActive NOTIFY activeChanged)
    /// Whether `active` creates the segment instead of opening it. Default: false.
    ///
    /// This is a request; `isOwner` is the result. While another owner holds the name, the state is Waiting. With `active`,
    /// a new value closes the segment and starts again. Notifies when the value is set to another one.
    Q_PROPERTY(bool owner READ owner WRITE setOwner NOTIFY ownerChanged)
    /// The system's name for memory of another library, which `active` opens instead of a segment. Default: empty.
    ///
    /// See openExternal(). `layout`, `length` (0: as many elements as fit), `access` and `externalOffset` apply. With
    /// `active`, a new name closes the memory and opens the new one. Notifies when another name is set.
    Q_PROPERTY(QString externalName READ externalName WRITE setExternalName NOTIFY externalNameChanged)
    /// The offset of the first element in external memory, in bytes. Default: 0.
    ///
    /// With `active` and `externalName`, a new offset closes the memory and opens it again. Notifies when another
    /// offset is set.
    Q_PROPERTY(qint64 externalOffset READ externalOffset WRITE setExternalOffset NOTIFY externalOffsetChanged)
    /// The rate in Hz, up to 1000, at which external memory is polled as by refresh(). Default: 0, no polling.
    ///
    /// Segments ignore it. A negative rate, NaN or infinity is taken as 0. Notifies when another rate is set.
    Q_PROPERTY(double pollingRate READ pollingRate WRITE setPollingRate NOTIFY pollingRateChanged)
    /// Whether this object owns the open segment. Default: false. Notifies when that changes, by opening or closing.
    Q_PROPERTY(bool isOwner READ isOwner NOTIFY isOwnerChanged)
    /// The size of one revision in bytes: length times element size. Default: 0, while nothing is open.
    ///
    /// Notifies when the size changes, by opening or closing.
    Q_PROPERTY(qint64 size READ size NOTIFY sizeChanged)
    /// The number of the newest revision. Default: 0, the zero-filled initial state, and while nothing is open.
    ///
    /// For external memory it counts the polls and the own writes. Notifies after each updated(), and when opening or
    /// closing changes it.
    Q_PROPERTY(quint64 revision READ revision NOTIFY revisionChanged)
    /// When the newest revision was published. Default: invalid, as for revision 0 and while nothing is open.
    ///
    /// Notifies after each updated(), and when opening or closing changes it.
    Q_PROPERTY(QDateTime updatedAt READ updatedAt NOTIFY updatedAtChanged)
    /// The process id of the segment's owner, for display. Default: 0, while nothing is open.
    ///
    /// Notifies when the id changes, by opening or closing.
    Q_PROPERTY(qint64 ownerPid READ ownerPid NOTIFY ownerPidChanged)
    /// The 128-bit id of the instance as 32 hexadecimal digits. Default: empty, while nothing is open.
    ///
    /// For external memory, the id belongs to this opening. Notifies when the id changes, by opening or closing.
    Q_PROPERTY(QString instance READ instance NOTIFY instanceChanged)
    /// The code of the last failure. Default: NoError.
    ///
    /// close(), and each later call that can fail and succeeds, resets it to NoError. Notifies when the code changes.
    Q_PROPERTY(Error error READ error NOTIFY errorChanged)
    /// The text of the last failure, with the remedy. Default: empty.
    ///
    /// It is reset together with `error`. Notifies when the text changes.
    Q_PROPERTY(QString errorString READ errorString NOTIFY errorStringChanged)

public:
    /// The state of the object. Only with `active` does Waiting become Open, and Orphaned become Open or Closed,
    /// without a call.
    enum class State {
        Closed,   ///< nothing is open
        Waiting,  ///< `active` is set, and the segment does not exist yet (with `owner`: the name is taken)
        Open,     ///< the segment is open and its owner lives
        Orphaned, ///< the segment is open and its owner is gone; the last revision can still be read
    };
    Q_ENUM(State)
    /// What an opening permits.
    enum class Access {
        ReadOnly,  ///< reading only; the memory is mapped read-only
        ReadWrite, ///< publishing too; the segment has `multipleWriters`, or this process owns it
    };
    Q_ENUM(Access)
    /// The kinds of kernel memory.
    enum class Backend {
        Automatic, ///< the first of backends()
        Memfd,     ///< Linux: memfd_create(2), sealed
        Posix,     ///< shm_open(3)
        Win32,     ///< a named file mapping
    };
    Q_ENUM(Backend)
    /// The cause of a failure; errorString() gives it in words.
    enum class Error {
        NoError,            ///< no failure
        InvalidName,        ///< the name is empty, longer than 255 bytes of UTF-8, contains NUL, or is not Unicode
        InvalidLayout,      ///< the layout is missing, or its text is not a layout
        InvalidSize,        ///< a length, a number of buffers or a range is not possible
        AlreadyExists,      ///< a living owner has the name
        NotFound,           ///< the name has no owner, or nothing is open
        PermissionDenied,   ///< reading or writing is not permitted, or the registry folder is not private
        LayoutMismatch,     ///< the segment has another layout or length
        UnsupportedVersion, ///< the segment has another version of the format
        Corrupt,            ///< the record or memory is damaged, or the value in the only buffer is lost
        OutOfMemory,        ///< the machine, its control group or its file system does not have enough memory
        Busy,               ///< other writers were writing for the whole waiting time
        Unsupported,        ///< this system does not support it, or the memory is out of reach
        SystemError,        ///< a system call failed for another reason
        InvalidState,       ///< the call does not fit the state: create() or open() of an open object
        InvalidValue,       ///< the value does not fit the field: not a number, not whole, out of range or too long
    };
    Q_ENUM(Error)

    /// Returns the default waiting time of a writer for other writers: one second. Thread-safe.
    static constexpr std::chrono::milliseconds defaultWait() { return std::chrono::seconds(1); }

    /// Makes a closed object without a name.
    explicit SharedSegment(QObject *parent = nullptr);
    /// Makes a closed object whose property `name` is set.
    explicit SharedSegment(const QString &name, QObject *parent = nullptr);
    /// Closes the segment without emitting a signal.
    ~SharedSegment() override;

    /// Returns the name. See the property `name`.
    QString name() const;
    /// Sets the name. See the property `name`.
    void setName(const QString &name);
    /// Returns the layout; invalid if the property `layout` is empty or not a layout.
    SharedLayout layout() const;
    /// Sets the property `layout` to the text of a layout.
    void setLayout(const SharedLayout &layout);
    /// Returns the layout as text. See the property `layout`.
    QString layoutText() const;
    /// Sets the layout as text. See the property `layout`. Errors: InvalidLayout when the text is not a layout; it is
    /// stored all the same.
    void setLayoutText(const QString &text);
    /// Returns the length in elements. See the property `length`.
    qint64 length() const;
    /// Sets the length in elements. See the property `length`.
    void setLength(qint64 length);
    /// Returns the number of buffers. See the property `bufferCount`.
    int bufferCount() const;
    /// Sets the number of buffers; create() checks it. See the property `bufferCount`.
    void setBufferCount(int bufferCount);
    /// Returns the kind of memory. See the property `backend`.
    Backend backend() const;
    /// Sets the kind of memory. See the property `backend`.
    void setBackend(Backend backend);
    /// Returns the access. See the property `access`.
    Access access() const;
    /// Sets the access. See the property `access`.
    void setAccess(Access access);
    /// Returns whether multiple processes may write. See the property `multipleWriters`.
    bool multipleWriters() const;
    /// Sets whether multiple processes may write. See the property `multipleWriters`.
    void setMultipleWriters(bool multipleWriters);
    /// Returns the state. See the property `state`.
    State state() const;
    /// Returns whether the object keeps the segment open. See the property `active`.
    bool isActive() const;
    /// Returns isActive().
    bool active() const { return isActive(); }
    /// Sets whether the object keeps the segment open. See the property `active`.
    void setActive(bool active);
    /// Returns whether `active` creates the segment. See the property `owner`.
    bool owner() const;
    /// Sets whether `active` creates the segment. See the property `owner`.
    void setOwner(bool owner);
    /// Returns the system's name of the external memory. See the property `externalName`.
    QString externalName() const;
    /// Sets the system's name of the external memory. See the property `externalName`.
    void setExternalName(const QString &name);
    /// Returns the offset in external memory, in bytes. See the property `externalOffset`.
    qint64 externalOffset() const;
    /// Sets the offset in external memory, in bytes. See the property `externalOffset`.
    void setExternalOffset(qint64 offset);
    /// Returns the polling rate in Hz. See the property `pollingRate`.
    double pollingRate() const;
    /// Sets the polling rate in Hz. See the property `pollingRate`.
    void setPollingRate(double rate);
    /// Returns whether this object owns the segment. See the property `isOwner`.
    bool isOwner() const;
    /// Returns the size of one revision in bytes. Thread-safe. See the property `size`.
    qint64 size() const;
    /// Returns the number of the newest revision. Thread-safe. See the property `revision`.
    quint64 revision() const;
    /// Returns when the newest revision was published. Thread-safe. See the property `updatedAt`.
    QDateTime updatedAt() const;
    /// Returns the process id of the owner. See the property `ownerPid`.
    qint64 ownerPid() const;
    /// Returns the id of the instance. See the property `instance`.
    QString instance() const;
    /// Returns the code of the last failure. See the property `error`.
    Error error() const;
    /// Returns the text of the last failure. See the property `errorString`.
    QString errorString() const;

    /// Returns whether there is something to read: the state is Open or Orphaned.
    bool isOpen() const;

    /// Creates the segment with `length` elements of `layout`, filled with zeros, and becomes the owner of its name.
    ///
    /// The new segment is open for reading and writing, at revision 0. On success an Orphaned segment is left: closed()
    /// precedes opened(). Not thread-safe.
    /// @returns whether it succeeded. After a failure the object is as before, except for `error`.
    ///
    /// Errors: InvalidState when a segment is open; InvalidName or InvalidLayout when the name or the layout is not valid;
    /// InvalidSize when `length` is below 1, `bufferCount` is not 0 to 16, or the whole is too large; AlreadyExists when a
    /// living owner has the name; OutOfMemory when the memory is missing; PermissionDenied when the registry folder is not
    /// private or not writable; Unsupported when this system lacks the `backend`; Busy when other processes keep taking and
    /// leaving the name; SystemError when a system call fails for another reason.
    bool create(const SharedLayout &layout, qint64 length);
    /// Creates the segment as above, with the properties `layout` and `length`. Not thread-safe.
    Q_INVOKABLE bool create();
    /// Opens the segment, or creates it if its name has no owner: for equal peers.
    ///
    /// Of any number of processes that call it at once, one owns the segment and the others have it open; isOwner() tells
    /// which. `layout` and `length` (in elements) have to be equal in all of them. With `multipleWriters`, which such peers
    /// mostly need, the segment is opened for reading and writing, otherwise with the property `access`.
    ///
    /// With `active`, the peers continue after the owner is gone: one of them becomes the owner, starting with the
    /// revision it read last, and the others open its segment. close() ends that. Not thread-safe.
    /// @returns whether it succeeded. After a failure the object is as before, except for `error`.
    ///
    /// Errors: those of open() and create(), except NotFound and AlreadyExists; OutOfMemory also when the last values
    /// of the previous owner do not fit; Busy when other processes keep taking and leaving the name.
    bool createOrOpen(const SharedLayout &layout, qint64 length);
    /// Opens or creates the segment as above, with the properties `layout` and `length`. Not thread-safe.
    Q_INVOKABLE bool createOrOpen();
    /// Opens the existing segment with `access`.
    ///
    /// In the owner's process ReadWrite is always permitted. On success an Orphaned segment is left: closed() precedes
    /// opened(). Not thread-safe.
    /// @returns whether it succeeded. After a failure the object is as before, except for `error`.
    ///
    /// Errors: InvalidState when a segment is open; InvalidName or InvalidLayout when a property is not valid; NotFound
    /// when the name has no living owner; LayoutMismatch when the segment has another layout or length than the
    /// properties require; PermissionDenied when ReadWrite is requested of a segment with a single writer, or the
    /// registry folder is not private; UnsupportedVersion or Corrupt when the record or the memory cannot be
    /// interpreted; Unsupported when the memory is out of reach; OutOfMemory or SystemError when the system refuses.
    bool open(Access access);
    /// Opens the existing segment as above, with the property `access`. Not thread-safe.
    Q_INVOKABLE bool open();
    /// Opens memory that another library made: the object with the system's name `name` (POSIX: as for shm_open(3), with or
    /// without the slash).
    ///
    /// The elements of `layout` begin at `offset`, in bytes. The property `length` is their number; 0 means as many as fit.
    ///
    /// Such memory has no lock, no buffers and no doorbell. A read may return a mixture of an old and a new value.
    /// `revision` counts polls and own writes. Updates come by refresh() and `pollingRate`. The state becomes Orphaned
    /// when a poll finds that the name is gone or denotes other memory, or that the memory has become too small.
    /// write() stores only the elements that were changed. Not thread-safe.
    /// @returns whether it succeeded. After a failure the object is as before, except for `error`.
    ///
    /// Errors: InvalidState when a segment is open; InvalidName or InvalidLayout when the name or `layout` is not valid;
    /// NotFound when there is no such memory; InvalidSize when the memory is too small for the elements, or `offset` or
    /// `length` is negative; PermissionDenied when the system refuses the access.
    bool openExternal(const QString &name, const SharedLayout &layout, qint64 offset = 0,
                      Access access = Access::ReadOnly);
    /// Opens memory as above by an open descriptor (on Windows: a handle), such as one from memfd_create(2).
    ///
    /// The caller keeps the descriptor. The state becomes Orphaned only when the memory becomes too small. Not thread-safe.
    /// @returns whether it succeeded. After a failure the object is as before, except for `error`.
    ///
    /// Errors: as above, without InvalidName and NotFound; Unsupported when the descriptor is not one of memory.
    bool openExternal(qintptr descriptor, const SharedLayout &layout, qint64 offset = 0,
                      Access access = Access::ReadOnly);
    /// Polls external memory: counts its present content as an update and emits updated() from the event loop.
    ///
    /// While `active` waits for the memory, it tries to open it. Has no effect on segments, which send notifications.
    /// Not thread-safe.
    Q_INVOKABLE void refresh();

    /// Closes the segment and sets `active` to false. The name of an owner is free at once. Not thread-safe.
    Q_INVOKABLE void close();

    /// Returns whether a living owner has the name `name`. Removes what a dead owner left.
    ///
    /// Prints a warning and returns false if it cannot tell, for example because no descriptor is left.
    /// Thread-safe while no thread changes the environment.
    Q_INVOKABLE static bool exists(const QString &name);
    /// Returns the names that living owners have, sorted. Removes what dead owners left.
    ///
    /// Prints a warning if the folder or a record cannot be examined, so that names may be missing.
    /// Thread-safe while no thread changes the environment.
    Q_INVOKABLE static QStringList names();

    /// Returns the folder that holds the names of this user; create() makes it.
    ///
    /// Two processes see the same segments if this folder is the same. Thread-safe while no thread changes the environment.
    Q_INVOKABLE static QString registryFolder();
    /// Returns the kinds of memory that this system supports; the first is the one that Automatic stands for. Thread-safe.
    static QList<Backend> backends();

    /// Returns the name of the owner's program for display, as far as the system tells it; empty while nothing is open.
    /// Not thread-safe.
    Q_INVOKABLE QString ownerProgram() const;
    /// Returns when the segment was created; invalid while nothing is open. Not thread-safe.
    Q_INVOKABLE QDateTime createdAt() const;
    /// Returns the number of openings in other processes that wait for updates, at most 112; 0 while nothing is open.
    /// Not thread-safe.
    Q_INVOKABLE int listenerCount() const;

    /// Returns a copy of the newest revision's bytes and stores its number, timestamp and count in `revision`, if given.
    ///
    /// Thread-safe; in other threads a failure leaves `error` unchanged.
    /// @returns the bytes, size() of them, or an empty array on failure.
    ///
    /// Errors: NotFound when nothing is open; Busy when the writer overtook each attempt; Corrupt when a write to the
    /// only buffer was interrupted and the owner is gone, or external memory was cut short; OutOfMemory when a copy
    /// does not fit.
    QByteArray snapshot(SharedRevision *revision = nullptr) const;

    /// Copies bytes of the newest revision, from `offset` (in bytes) on, as many as `destination` has.
    ///
    /// Stores the revision's number, timestamp and count in `revision`, if given. Thread-safe; in other threads a failure
    /// leaves `error` unchanged.
    /// @returns the revision's number, or nothing on failure. After a failure the content of `destination` is undefined.
    ///
    /// Errors: NotFound when nothing is open; InvalidSize when the range exceeds size(); Busy when the writer overtook
    /// each attempt; Corrupt when a write to the only buffer was interrupted and the owner is gone, or external memory
    /// was cut short.
    std::optional<quint64> read(std::span<std::byte> destination, qint64 offset = 0,
                                SharedRevision *revision = nullptr) const;

    /// Like read(), but leaves `error` unchanged: for callers that retry. Thread-safe.
    std::optional<quint64> tryRead(std::span<std::byte> destination, qint64 offset = 0,
                                   SharedRevision *revision = nullptr) const;

    /// Publishes `bytes`, exactly size() of them, as the next revision. Waits for other writers at most `wait`.
    ///
    /// Not thread-safe. @returns whether it succeeded. After a failure the newest revision is as before.
    ///
    /// Errors: NotFound when nothing is open or the owner is gone; PermissionDenied when the opening is ReadOnly, or in
    /// a forked child; InvalidSize when the number of bytes is not size(); Busy when other writers held the segment for
    /// all of `wait`, or this thread is writing to it already; Corrupt when the record or the writers' lock is damaged.
    bool publish(QByteArrayView bytes, std::chrono::milliseconds wait = defaultWait());

    /// Begins a write transaction, which starts as a copy of the newest revision. Waits for other writers at most `wait`.
    ///
    /// Not thread-safe. @returns the transaction; it tests as false on failure.
    ///
    /// Errors: those of publish(), except InvalidSize; Busy also when a write to the only buffer was interrupted;
    /// OutOfMemory when a segment with one buffer has no memory for a copy.
    SharedWriter write(std::chrono::milliseconds wait = defaultWait());

    /// Returns the memory itself, unsynchronised and valid until close(); only with one buffer, or for external memory.
    ///
    /// Writing to it through a ReadOnly opening ends the process. Not thread-safe.
    /// @returns an empty span while nothing is open and with more buffers.
    ///
    /// Errors: PermissionDenied when the memory is writable and this process was forked from the one that opened it.
    std::span<std::byte> live() const;

    /// Waits until the segment is open, without an event loop. Opens it, or creates it with `owner`, as soon as that is
    /// possible, whether `active` is set or not.
    ///
    /// Emits only what follows from what it finds, such as opened(). Not thread-safe.
    /// @returns false when `deadline` passes, and at once on an error that waiting does not repair.
    ///
    /// Errors: NotFound when the name has no owner, or AlreadyExists with `owner` when it has one, until `deadline`;
    /// otherwise those of open() and create(), such as LayoutMismatch.
    bool waitForOpened(QDeadlineTimer deadline = QDeadlineTimer(QDeadlineTimer::Forever));
    /// Waits until the newest revision is another one than `since`, without an event loop; returns at once if it is.
    ///
    /// Emits only what follows from what it finds, such as orphaned(). Thread-safe, if the caller keeps the object
    /// alive; it is cheapest in the object's own thread. Other threads leave `error` unchanged.
    /// @returns false when `deadline` passes, with `error` NoError, or on failure.
    ///
    /// Errors: NotFound when no update can come, because nothing is open, or the owner has closed the segment, ended or was
    /// killed; PermissionDenied in a forked child; Unsupported for external memory.
    bool waitForUpdated(quint64 since, QDeadlineTimer deadline = QDeadlineTimer(QDeadlineTimer::Forever));
    /// Returns a descriptor for poll(2) and other event loops. The object keeps it; it is valid until close().
    ///
    /// It becomes readable when a revision may be newer than the one that the last waitForUpdated() saw, or when the
    /// owner is gone. Then call waitForUpdated() with a deadline of 0, which says which of both it is and re-arms the
    /// descriptor; call it once at the beginning, too. Not thread-safe.
    /// @returns -1 on failure.
    ///
    /// Errors: NotFound when nothing is open; Unsupported on Windows and for external memory; Busy when all places for
    /// listeners are taken; PermissionDenied in a forked child.
    qintptr updateDescriptor();

    /// Returns whether a copy of `bytes` bytes fits into memory: for templates and higher layers, before they allocate it.
    ///
    /// Thread-safe; in other threads a failure leaves `error` unchanged. Errors: OutOfMemory when it does not fit.
    bool checkMemory(qint64 bytes) const;

    /// Sets `error` and `errorString` and emits errorOccurred(): for higher layers that detect a failure. Not thread-safe.
    void setError(SharedSegment::Error error, const QString &errorString);

Q_SIGNALS:
    /// Emitted once for each opening, by a call or by `active`.
    void opened();
    /// Emitted once for the end of each opening: by close(), by another name, or before the name's next instance is opened.
    void closed();
    /// Emitted when a newer revision was published. The number of the newest one is `revision`.
    ///
    /// Updates are coalesced: one signal for any number of publications since the last signal. The newest revision is never
    /// left out. A revision that exists at the opening is announced by opened() alone.
    void updated(quint64 revision);
    /// Emitted when the owner is gone.
    void orphaned();
    /// Emitted when a call fails, also when it fails again; `error` and `errorString` are set before.
    ///
    /// While `active` waits, a cause that does not change is reported once.
    void errorOccurred(SharedSegment::Error error);

    /// Emitted when the property `name` changes.
    void nameChanged();
    /// Emitted when the property `layout` changes.
    void layoutChanged();
    /// Emitted when the property `length` changes.
    void lengthChanged();
    /// Emitted when the property `bufferCount` changes.
    void bufferCountChanged();
    /// Emitted when the property `backend` changes.
    void backendChanged();
    /// Emitted when the property `access` changes.
    void accessChanged();
    /// Emitted when the property `multipleWriters` changes.
    void multipleWritersChanged();
    /// Emitted when the property `state` changes.
    void stateChanged();
    /// Emitted when the property `active` changes.
    void activeChanged();
    /// Emitted when the property `owner` changes.
    void ownerChanged();
    /// Emitted when the property `externalName` changes.
    void externalNameChanged();
    /// Emitted when the property `externalOffset` changes.
    void externalOffsetChanged();
    /// Emitted when the property `pollingRate` changes.
    void pollingRateChanged();
    /// Emitted when the property `isOwner` changes.
    void isOwnerChanged();
    /// Emitted when the property `size` changes.
    void sizeChanged();
    /// Emitted when the property `revision` changes.
    void revisionChanged();
    /// Emitted when the property `updatedAt` changes.
    void updatedAtChanged();
    /// Emitted when the property `ownerPid` changes.
    void ownerPidChanged();
    /// Emitted when the property `instance` changes.
    void instanceChanged();
    /// Emitted when the property `error` changes.
    void errorChanged();
    /// Emitted when the property `errorString` changes.
    void errorStringChanged();

protected:
    /// Enables notification of the object's own updates once updated() has receivers; without receivers they wake nothing.
    /// An override has to call it.
    void connectNotify(const QMetaMethod &signal) override;
    /// Moves the notifications to the thread that the object is moved to. An override has to call it.
    bool event(QEvent *event) override;

    /// Sets whether updated() is limited to one per 4 ms, for user interfaces. Default: false.
    ///
    /// An update after a longer pause is still announced at once. Applies to later openings. Not thread-safe.
    void setThrottled(bool throttled);

    /// Delays `active` until endInitialization(): for builders that set properties in any order. Not thread-safe.
    void beginInitialization();
    /// Ends the delay that beginInitialization() began, and opens the segment if `active` is set. Not thread-safe.
    void endInitialization();

private:
    Q_DECLARE_PRIVATE(SharedSegment)
    Q_DISABLE_COPY_MOVE(SharedSegment)
    std::unique_ptr<SharedSegmentPrivate> d_ptr;
};

/// A write transaction: the next revision while it is being written. It starts as a copy of the newest revision.
///
/// The destructor publishes it, unless it is discarded or an exception unwinds the stack. Move-only. It stays in the
/// thread that began it, and has to end before its segment is closed. Not thread-safe.
class SHAREDSEGMENT_EXPORT SharedWriter
{
public:
    /// Makes an empty writer, which tests as false.
    SharedWriter();
    /// Takes over the transaction of `other`, which becomes empty.
    SharedWriter(SharedWriter &&other) noexcept;
    /// Publishes the own transaction and takes over the transaction of `other`, which becomes empty.
    SharedWriter &operator=(SharedWriter &&other) noexcept;
    /// Publishes the transaction, unless an exception unwinds the stack.
    ~SharedWriter();

    /// Returns whether there is a transaction.
    explicit operator bool() const { return !m_bytes.empty(); }

    /// Returns the bytes of the whole revision; empty without a transaction.
    std::span<std::byte> bytes() const
    {
        // Not m_bytes itself: for the whole span Clang loses the type information, and a loop would reload both members
        // after each element written.
        return {m_bytes.data(), m_bytes.size()};
    }

    /// Publishes the transaction now and becomes empty.
    /// @returns the revision's number, or nothing if nothing was published: without a transaction, after the owner's
    /// end, or in a forked child.
    std::optional<quint64> publish();

    /// Discards the transaction and becomes empty; the newest revision is as before.
    void discard();

private:
    friend class SharedSegmentPrivate;
    struct Data;
    std::unique_ptr<Data> d;
    std::span<std::byte> m_bytes;
};
