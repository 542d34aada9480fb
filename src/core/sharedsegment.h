// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedlayout.h"
#include "sharedrevision.h"
#include "sharedsegment_export.h"
#include "sharedwriter.h"

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>
#include <QtCore/QDateTime>
#include <QtCore/QDeadlineTimer>
#include <QtCore/QList>
#include <QtCore/QObject>
#include <QtCore/QStringList>
#include <QtCore/QVariant>
#include <QtCore/QVariantMap>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <type_traits>

class SharedSegmentPrivate;
template<typename T, std::size_t N>
class SharedArray;

/// A named shared memory segment: an array of elements of one layout, published in revisions, or a stream of elements.
///
/// An array is a latest-value (state) channel: a reader gets the newest revision, not each one. A stream is a
/// broadcast ring buffer: a SharedStreamReader gets each element; its revision is the position, the number of elements
/// appended.
///
/// One process creates the segment and owns the name for as long as the object is open and the process lives. Any number
/// of other processes open it by name, read it without blocking the writer, and get updates in their event loop.
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
    /// The capacity of the segment: the most elements of a revision, or how many of the newest a stream keeps. Default: 0.
    ///
    /// While open, it is the capacity of the segment. Otherwise it is the capacity that create() uses and open() requires; with
    /// 0, open() accepts any capacity. With `active`, a new capacity closes the segment and opens it again. Notifies when the
    /// value read changes, by setting, opening or closing. A `double` in the meta-object, to which QML of Qt 6.4 can assign.
    Q_PROPERTY(double capacity READ capacityReal WRITE setCapacityReal NOTIFY capacityChanged)
    /// The kind of content. Default: FixedArray.
    ///
    /// While open, it is the kind of the segment; external memory is a FixedArray. Otherwise it is the kind that create()
    /// makes. Once it is set, to whatever kind, open() requires that kind; until then it accepts any. With `active`, another
    /// kind closes the segment and opens it again. Notifies when the value read changes, by setting, opening or closing.
    Q_PROPERTY(Kind kind READ kind WRITE setKind NOTIFY kindChanged)
    /// What create() and recreate() store with the segment: one JSON object, for all that open it. Default: empty.
    ///
    /// While open, it is what the segment has; empty if that is not one JSON object. A value that is set while a segment is
    /// open takes effect with the next create() or recreate(), which fail with InvalidValue if it does not fit the layout. The
    /// library gives some keys a meaning, such as `description` and `fields`; see the page on the format. Notifies when the value read
    /// changes, by setting, opening or closing.
    Q_PROPERTY(QVariantMap metadata READ metadata WRITE setMetadata NOTIFY metadataChanged)
    /// The registry folder in which the name is looked up. Default: empty, the folder that the environment names.
    ///
    /// A relative path counts from the current folder. Another folder closes the open segment, and opens the name there if
    /// `active` is set. Notifies when another folder is set.
    Q_PROPERTY(QString registry READ registry WRITE setRegistry NOTIFY registryChanged)
    /// The number of buffers, 1 to 16; a stream has 1. Default: 0, which stands for 4 while four take at most 64 MiB, else 2.
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
    /// See openExternal(). `layout`, `capacity` (0: as many elements as fit), `access` and `externalOffset` apply. With
    /// `active`, a new name closes the memory and opens the new one. Notifies when another name is set.
    Q_PROPERTY(QString externalName READ externalName WRITE setExternalName NOTIFY externalNameChanged)
    /// The offset of the first element in external memory, in bytes. Default: 0.
    ///
    /// With `active` and `externalName`, a new offset closes the memory and opens it again. Notifies when another
    /// offset is set.
    /// A `double` in the meta-object, to which QML of Qt 6.4 can assign.
    Q_PROPERTY(double externalOffset READ externalOffsetReal WRITE setExternalOffsetReal NOTIFY externalOffsetChanged)
    /// The interval in ms at which external memory is polled as by refresh(). Default: 0, no polling.
    ///
    /// Segments ignore it. A negative interval is taken as 0. Notifies when another interval is set.
    Q_PROPERTY(int pollingInterval READ pollingInterval WRITE setPollingInterval NOTIFY pollingIntervalChanged)
    /// Whether this object owns the open segment. Default: false. Notifies when that changes, by opening or closing.
    Q_PROPERTY(bool isOwner READ isOwner NOTIFY isOwnerChanged)
    /// The most bytes of a revision: capacity times element size. Default: 0, while nothing is open.
    ///
    /// Notifies when the size changes, by opening or closing.
    Q_PROPERTY(qint64 size READ size NOTIFY sizeChanged)
    /// The number of the newest revision; of a stream, the number of elements appended. Default: 0, also while nothing is open.
    ///
    /// For external memory it counts the polls and the own writes. Notifies after each updated(), and when opening or
    /// closing changes it.
    Q_PROPERTY(quint64 revision READ revision NOTIFY revisionChanged)
    /// When the newest revision was published. Default: invalid, as for revision 0 and while nothing is open.
    ///
    /// Notifies after each updated(), and when opening or closing changes it.
    Q_PROPERTY(QDateTime updatedAt READ updatedAt NOTIFY updatedAtChanged)
    /// Where the values come from. Default: Here, also while nothing is open.
    ///
    /// Segments whose names begin with `@`, such as `@host/name`, are mirrors of segments of other hosts, and say whether that
    /// host is reachable. While Orphaned, it is what was so when the mirror was closed. Notifies when the value changes,
    /// by itself or by opening or closing.
    Q_PROPERTY(Source source READ source NOTIFY sourceChanged)
    /// When the newest revision of a mirror was published, by the clock of the host it comes from. Default: invalid, as for
    /// revision 0, of a segment that is no mirror, and while nothing is open.
    ///
    /// Notifies after each updated(), and when opening or closing changes it.
    Q_PROPERTY(QDateTime sourceUpdatedAt READ sourceUpdatedAt NOTIFY sourceUpdatedAtChanged)
    /// How old the newest revision is, in ms. Default: -1, also while nothing has been published and nothing is open.
    ///
    /// When the object learns of a revision, its age is the time by the system's clock less the revision's timestamp, at
    /// least 0. From then on the monotonic clock counts, so that it does not matter when the system's clock is set.
    /// Reading it always gives the present age. Notifies while something is connected or bound to it: 10 times a second
    /// up to an age of one minute, once a second up to one hour, then once a minute, and each time at most 10 times a
    /// second when updates come. The age of external memory counts from the last poll or own write.
    Q_PROPERTY(qint64 age READ age NOTIFY ageChanged)
    /// Whether the newest revision does not show what is so now. Default: true.
    ///
    /// It is true while nothing has been published, while the state is not Open or `source` is NotReachable, and once `age` is
    /// more than `staleAfter`. Notifies when the value changes, while something is connected or bound to it; needs an event
    /// loop. No update and no timer is needed before that moment.
    Q_PROPERTY(bool stale READ isStale NOTIFY staleChanged)
    /// The `age` in ms beyond which the newest revision is `stale`. Default: `staleAfter` of the metadata, or 0.
    ///
    /// 0 means that no age is too old; a negative value is taken as 0. What is set takes precedence of the metadata, until
    /// it is reset (in QML: set to `undefined`). Notifies when the value read changes, by setting, opening or closing.
    Q_PROPERTY(int staleAfter READ staleAfter WRITE setStaleAfter RESET resetStaleAfter NOTIFY staleAfterChanged)
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
    /// The kinds of content, with the numbers that the format has.
    enum class Kind {
        FixedArray,    ///< readers get the newest revision, which always has `capacity` elements
        VariableArray, ///< readers get the newest revision, which has 0 to `capacity` elements
        Stream,        ///< readers get each element, as long as it is among the newest `capacity`
    };
    Q_ENUM(Kind)
    /// Where the values of a segment come from.
    enum class Source {
        Here,         ///< from its owner
        Reachable,    ///< from another host, of which the segment is a mirror
        NotReachable, ///< the same, but that host cannot be reached: what is so there now is unknown
    };
    Q_ENUM(Source)
    /// The cause of a failure; errorString() gives it in words.
    enum class Error {
        NoError,            ///< no failure
        InvalidName,        ///< the name is empty, longer than 255 bytes of UTF-8, contains NUL, or is not Unicode
        InvalidLayout,      ///< the layout is missing, or its text is not a layout
        InvalidSize,        ///< a capacity, a number of buffers or a range is not possible
        AlreadyExists,      ///< a living owner has the name
        NotFound,           ///< the name has no owner, or nothing is open
        PermissionDenied,   ///< reading or writing is not permitted, or the registry folder is not private
        LayoutMismatch,     ///< the segment has another layout, kind or capacity
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
    /// Returns the capacity in elements. See the property `capacity`.
    qint64 capacity() const;
    /// Sets the capacity in elements. See the property `capacity`.
    void setCapacity(qint64 capacity);
    /// Returns the kind of content. See the property `kind`.
    Kind kind() const;
    /// Sets the kind of content, and that open() requires it. See the property `kind`.
    void setKind(Kind kind);
    /// Returns the metadata. See the property `metadata`.
    QVariantMap metadata() const;
    /// Sets the metadata. See the property `metadata`.
    void setMetadata(const QVariantMap &metadata);
    /// Returns the registry folder that was set. See the property `registry`; registryFolder() is the environment's.
    QString registry() const;
    /// Sets the registry folder. See the property `registry`.
    void setRegistry(const QString &registry);
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
    /// Returns the polling interval in ms; 0: no polling. See the property `pollingInterval`.
    int pollingInterval() const;
    /// Sets the polling interval in ms. See the property `pollingInterval`.
    void setPollingInterval(int milliseconds);
    /// Returns whether this object owns the segment. See the property `isOwner`.
    bool isOwner() const;
    /// Returns the most bytes of a revision. Thread-safe. See the property `size`.
    qint64 size() const;
    /// Returns the number of the newest revision. Thread-safe. See the property `revision`.
    quint64 revision() const;
    /// Returns when the newest revision was published. Thread-safe. See the property `updatedAt`.
    QDateTime updatedAt() const;
    /// Returns where the values come from. Thread-safe. See the property `source`.
    Source source() const;
    /// Returns when the newest revision of a mirror was published, by the clock of its host. Thread-safe. See the property
    /// `sourceUpdatedAt`.
    QDateTime sourceUpdatedAt() const;
    /// Returns the age of the newest revision in ms; -1 if there is none. See the property `age`.
    qint64 age() const;
    /// Returns whether the newest revision is too old, or the last one. See the property `stale`.
    bool isStale() const;
    /// Returns isStale().
    bool stale() const { return isStale(); }
    /// Returns the age in ms beyond which a revision is stale; 0: none is. See the property `staleAfter`.
    int staleAfter() const;
    /// Sets the age in ms beyond which a revision is stale. See the property `staleAfter`.
    void setStaleAfter(int milliseconds);
    /// Has `staleAfter` be what the metadata says again. See the property `staleAfter`.
    void resetStaleAfter();
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

    /// Creates the segment with `capacity` elements of `layout` and becomes the owner of its name.
    ///
    /// The new segment has the properties `kind`, `metadata`, `bufferCount`, `backend` and `multipleWriters`. It is open for
    /// reading and writing, at revision 0: all elements are zero; an array of variable count and a stream have none. On success
    /// an Orphaned segment is left: closed() precedes opened(). Not thread-safe.
    /// @returns whether it succeeded. After a failure the object is as before, except for `error`.
    ///
    /// Errors: InvalidState when a segment is open; InvalidName or InvalidLayout when the name or the layout is not valid;
    /// InvalidSize when `capacity` is below 1, `bufferCount` is not 0 to 16 (of a stream 0 or 1), or the whole is too large;
    /// InvalidValue when the `metadata` name a field that the layout does not have, or a key that the library knows has a value
    /// of another type, or they are nested deeper than JSON can be read; AlreadyExists when a living owner has the
    /// name; OutOfMemory when the memory is missing; PermissionDenied when the registry folder is not private or not writable;
    /// Unsupported when this system lacks the `backend`; UnsupportedVersion or Corrupt when a living owner has the name, and
    /// its record cannot be interpreted; Busy when other processes keep taking and leaving the name; SystemError when a
    /// system call fails for another reason.
    bool create(const SharedLayout &layout, qint64 capacity);
    /// Creates the segment as above, with the properties `layout` and `capacity`. Not thread-safe.
    Q_INVOKABLE bool create();
    /// Replaces the owned segment by one of `capacity` elements, without interruption: the name is never free.
    ///
    /// The new segment starts with the newest revision, whose number, time and elements go on. Elements that a fixed
    /// revision has in addition are zero; a stream keeps the newest elements that fit. The property `metadata`, if it was set
    /// meanwhile, is the new segment's. Those that have the segment open go over to the new one, in their event loop, or when
    /// they write or wait: reopened() tells them. Not thread-safe.
    /// @returns whether it succeeded. After a failure the old segment is open as before.
    ///
    /// Errors: InvalidSize when an array's newest revision has more elements than `capacity`, or this object does not own an
    /// open segment; InvalidState when this thread has a write transaction open; Busy when other writers hold the segment
    /// for the default waiting time; otherwise as create().
    Q_INVOKABLE bool recreate(qint64 capacity);
    /// Opens the segment, or creates it if its name has no owner: for equal peers.
    ///
    /// Of any number of processes that call it at once, one owns the segment and the others have it open; isOwner() tells
    /// which. `layout` and `capacity` (in elements) have to be equal in all of them. With `multipleWriters`, which such peers
    /// mostly need, the segment is opened for reading and writing, otherwise with the property `access`.
    ///
    /// With `active`, the peers continue after the owner is gone: one of them becomes the owner, starting with the
    /// revision it read last, and the others open its segment. close() ends that. Not thread-safe.
    /// @returns whether it succeeded. After a failure the object is as before, except for `error`.
    ///
    /// Errors: those of open() and create(), except NotFound and AlreadyExists; OutOfMemory also when the last values
    /// of the previous owner do not fit; Busy when other processes keep taking and leaving the name.
    bool createOrOpen(const SharedLayout &layout, qint64 capacity);
    /// Opens or creates the segment as above, with the properties `layout` and `capacity`. Not thread-safe.
    Q_INVOKABLE bool createOrOpen();
    /// Opens the existing segment with `access`.
    ///
    /// In the owner's process ReadWrite is always permitted. On success an Orphaned segment is left: closed() precedes
    /// opened(). Not thread-safe.
    /// @returns whether it succeeded. After a failure the object is as before, except for `error`.
    ///
    /// Errors: InvalidState when a segment is open; InvalidName or InvalidLayout when a property is not valid; NotFound
    /// when the name has no living owner; LayoutMismatch when the segment has another layout, kind or capacity than the
    /// properties require; PermissionDenied when ReadWrite is requested of a segment with a single writer, or the
    /// registry folder is not private; UnsupportedVersion or Corrupt when the record or the memory cannot be
    /// interpreted; Unsupported when the memory is out of reach; OutOfMemory or SystemError when the system refuses.
    bool open(Access access);
    /// Opens the existing segment as above, with the property `access`. Not thread-safe.
    Q_INVOKABLE bool open();
    /// Opens memory that another library made: the object with the system's name `name` (POSIX: as for shm_open(3), with or
    /// without the slash).
    ///
    /// The elements of `layout` begin at `offset`, in bytes. The property `capacity` is their number; 0 means as many as fit.
    ///
    /// Such memory has no lock, no buffers and no doorbell. A read may return a mixture of an old and a new value.
    /// `revision` counts polls and own writes. Updates come by refresh() and `pollingInterval`. The state becomes Orphaned
    /// when a poll finds that the name is gone or denotes other memory, or that the memory has become too small.
    /// beginWrite() stores only the elements that were changed. Not thread-safe.
    /// @returns whether it succeeded. After a failure the object is as before, except for `error`.
    ///
    /// Errors: InvalidState when a segment is open; InvalidName or InvalidLayout when the name or `layout` is not valid;
    /// NotFound when there is no such memory; InvalidSize when the memory is too small for the elements, or `offset` or
    /// `capacity` is negative; PermissionDenied when the system refuses the access.
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

    /// Returns whether a living owner has the name `name` in the folder `registry`; by default, in the environment's.
    /// Removes what a dead owner left.
    ///
    /// Prints a warning and returns false if it cannot tell, for example because no descriptor is left.
    /// Thread-safe while no thread changes the environment.
    Q_INVOKABLE static bool exists(const QString &name, const QString &registry = QString());
    /// Returns the names that living owners have in the folder `registry`, sorted; by default, in the environment's.
    /// Removes what dead owners left.
    ///
    /// Prints a warning if the folder or a record cannot be examined, so that names may be missing.
    /// Thread-safe while no thread changes the environment.
    Q_INVOKABLE static QStringList names(const QString &registry = QString());

    /// Returns the folder that the environment names, which holds the names of this user; create() makes it.
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

    /// Returns a copy of the newest revision's bytes and stores its number, times and count in `revision`, if given.
    ///
    /// Thread-safe; in other threads a failure leaves `error` unchanged.
    /// @returns the bytes: size() of them, or for an array of variable count those of the revision's elements; empty on
    /// failure.
    ///
    /// Errors: NotFound when nothing is open; Busy when the writer overtook each attempt; Corrupt when a write to the
    /// only buffer was interrupted and the owner is gone, or external memory was cut short; OutOfMemory when a copy
    /// does not fit.
    QByteArray snapshot(SharedRevision *revision = nullptr) const;

    /// Copies bytes of the newest revision, from `offset` (in bytes) on, as many as `destination` has.
    ///
    /// Stores the revision's number, times and count in `revision`, if given. Where the revision of a variable array has
    /// fewer elements, the rest of `destination` stays as it is. Thread-safe; in other threads a failure leaves `error`
    /// unchanged.
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

    /// Publishes `bytes` as the next revision: exactly size() of them, or for an array of variable count those of whole
    /// elements, at most size(). Waits for other writers at most defaultWait().
    ///
    /// Takes a QByteArray as well as a `std::span<const std::byte>`. Goes over to a segment that has replaced this one; see
    /// reopened(). Not thread-safe. @returns whether it succeeded. After a failure the newest revision is as before.
    ///
    /// Errors: NotFound when nothing is open or the owner is gone; PermissionDenied when the opening is ReadOnly, or in
    /// a forked child; InvalidSize when the number of bytes does not fit; Busy when other writers held the segment for
    /// the whole waiting time, or this thread is writing to it already; Corrupt when the record or the writers' lock is
    /// damaged.
    bool publish(QByteArrayView bytes);
    /// Publishes `bytes` as above, and waits for other writers until `deadline`, such as `50ms`.
    bool publish(QByteArrayView bytes, QDeadlineTimer deadline);

    /// Appends the bytes of whole elements to a stream, with one timestamp and one notification. Waits for other writers at
    /// most defaultWait(). Readers never hold it up; a SharedStreamReader reads the elements.
    ///
    /// More than `capacity` elements go in pieces of at most a quarter of it, each with a timestamp and a notification of its
    /// own. With `multipleWriters` they do not: each append is whole. Goes over to a segment that has replaced this one; see
    /// reopened(). Not thread-safe. @returns whether it succeeded. After a failure nothing was appended.
    ///
    /// Errors: those of publish(); InvalidState when the segment is no stream; InvalidSize when the last element is not whole
    /// or, with `multipleWriters`, when there are more than `capacity`.
    bool append(QByteArrayView bytes);
    /// Appends `bytes` as above, and waits for other writers until `deadline`, such as `50ms`.
    bool append(QByteArrayView bytes, QDeadlineTimer deadline);
    /// Appends `bytes` as above: a QByteArray, a `std::span<const std::byte>`, and whatever else converts to QByteArrayView.
    template<typename Bytes>
    requires std::is_convertible_v<const Bytes &, QByteArrayView>
    bool append(const Bytes &bytes) { return append(QByteArrayView(bytes)); }
    /// Appends an element, or a list with a value for each element, or a QByteArray with the bytes; in JavaScript, a value, an
    /// array, a typed array or an ArrayBuffer. For QML and other callers that know the types only at run time. Waits for
    /// other writers at most 50 ms. Not thread-safe.
    ///
    /// Takes at most `capacity` elements. A struct takes a map with all fields, nested or by flattened name. Where an element
    /// itself is an array, only a list of such elements is taken.
    /// @returns whether it succeeded. After a failure nothing was appended.
    ///
    /// Errors: those of append() for bytes; InvalidSize when there are more than `capacity` elements; InvalidValue when a value
    /// does not fit, or a field is missing; OutOfMemory when the elements do not fit into memory; LayoutMismatch when the
    /// segment was opened anew while a script's value was read.
    Q_INVOKABLE bool append(const QVariant &values);

    /// Begins a write transaction, which starts as a copy of the newest revision. Waits for other writers at most
    /// defaultWait().
    ///
    /// Goes over to a segment that has replaced this one; see reopened(). Not thread-safe.
    /// @returns the transaction; it tests as false on failure.
    ///
    /// Errors: those of publish(), except InvalidSize; Busy also when a write to the only buffer was interrupted;
    /// OutOfMemory when a segment with one buffer has no memory for a copy.
    SharedWriter beginWrite();
    /// Begins a write transaction as above, and waits for other writers until `deadline`.
    SharedWriter beginWrite(QDeadlineTimer deadline);

    /// Publishes a revision in which the element `index` has another value; for QML and other callers that know the types
    /// only at run time. Waits for other writers at most 50 ms. Not thread-safe.
    ///
    /// A struct takes a map with the fields' values, nested or by flattened name; fields that it does not name keep their
    /// values. An array field takes a list.
    /// @returns whether it succeeded. After a failure the newest revision is as before.
    ///
    /// Errors: those of beginWrite(); InvalidSize when there is no such element; InvalidValue when the value does not fit;
    /// OutOfMemory when an element does not fit into memory; LayoutMismatch when the segment was opened anew while a
    /// script's value was read.
    Q_INVOKABLE bool write(const QVariant &index, const QVariant &value);
    /// Publishes a whole revision from a list with one value for each element, or from a QByteArray with the bytes; in
    /// JavaScript, an array, a typed array or an ArrayBuffer. Waits for other writers at most 50 ms. Not thread-safe.
    ///
    /// An array of variable count takes at most `capacity` elements. A struct takes a map with all fields.
    /// @returns whether it succeeded. After a failure the newest revision is as before.
    ///
    /// Errors: those of publish(); InvalidValue when a value does not fit, or a field is missing; OutOfMemory when the
    /// revision does not fit into memory.
    Q_INVOKABLE bool write(const QVariant &values);

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
    /// Where the owner has replaced the segment by recreate(), it goes over to the new one and waits on. Emits only what
    /// follows from what it finds, such as orphaned() and reopened(). Thread-safe, if the caller keeps the object alive; it
    /// is cheapest in the object's own thread. Other threads leave `error` unchanged; there the object's own thread
    /// opens a new segment, in its event loop, for which they wait at most one second.
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
    /// Emitted when a newer revision was published. `revision` is the newest one when the signal is emitted.
    ///
    /// Updates are coalesced: one signal for any number of publications since the last signal. The newest revision is never
    /// left out. A revision that exists at the opening is announced by opened() alone.
    void updated(SharedRevision revision);
    /// Emitted when the owner has replaced the segment by recreate(), and this object has the new one open. Properties such
    /// as `capacity` have changed by then; updated() follows if there is a newer revision.
    ///
    /// Comes from the event loop, or from a call that writes or waits and finds it. A replacement that is not what open()
    /// required, of another `capacity` for example, makes the state Orphaned instead.
    void reopened();
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
    /// Emitted when the property `capacity` changes.
    void capacityChanged();
    /// Emitted when the property `kind` changes.
    void kindChanged();
    /// Emitted when the property `metadata` changes.
    void metadataChanged();
    /// Emitted when the property `registry` changes.
    void registryChanged();
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
    /// Emitted when the property `pollingInterval` changes.
    void pollingIntervalChanged();
    /// Emitted when the property `isOwner` changes.
    void isOwnerChanged();
    /// Emitted when the property `size` changes.
    void sizeChanged();
    /// Emitted when the property `revision` changes.
    void revisionChanged();
    /// Emitted when the property `updatedAt` changes.
    void updatedAtChanged();
    /// Emitted when the property `source` changes.
    void sourceChanged();
    /// Emitted when the property `sourceUpdatedAt` changes.
    void sourceUpdatedAtChanged();
    /// Emitted when the property `age` changes, at the rate that it has.
    void ageChanged();
    /// Emitted when the property `stale` changes.
    void staleChanged();
    /// Emitted when the property `staleAfter` changes.
    void staleAfterChanged();
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
    /// Ends what staleChanged() and ageChanged() need once they have no receivers. An override has to call it.
    void disconnectNotify(const QMetaMethod &signal) override;
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
    template<typename T, std::size_t N>
    friend class SharedArray;
    friend class SharedStreamReaderPrivate;

    double capacityReal() const;
    void setCapacityReal(double capacity);
    double externalOffsetReal() const;
    void setExternalOffsetReal(double offset);

    /// Has open() accept arrays only, of fixed count only or of both, unless setKind() requires one.
    void expectArray(bool isFixed);
    bool createArray(Kind kind, const SharedLayout &layout, qint64 capacity);
    /// Makes space for a number of bytes in a list of values.
    using Allocate = std::span<std::byte> (*)(void *list, qint64 bytes);
    /// Reads the whole newest revision into the space that `allocate` makes in `list`.
    /// @returns whether it succeeded; then `bytes` of the space are the revision's.
    bool readAll(Allocate allocate, void *list, qint64 *bytes, SharedRevision *revision) const;
    bool readElement(std::span<std::byte> element, qint64 index) const;

    std::unique_ptr<SharedSegmentPrivate> d_ptr;
};
