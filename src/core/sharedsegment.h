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

/// Which revision was read, and when it was published.
struct SharedStamp
{
    quint64 revision = 0;   ///< 0: the zero-filled start
    qint64 nanoseconds = 0; ///< since 1970-01-01 UTC; 0 for the start
};

/// A named piece of memory that processes share: an array of elements of one layout, published in revisions.
///
/// One process creates it and owns the name for as long as the object is open and the process lives. Any number of others open
/// it by name, read whole revisions without blocking the writer, and hear of news in their event loop.
///
/// Belongs to its thread, like every QObject; read(), snapshot() and revision() are safe from any. Not for messages: a reader
/// sees the newest revision, not each one.
class SHAREDSEGMENT_EXPORT SharedSegment : public QObject
{
    Q_OBJECT

    /// The name: 1 to 255 bytes of UTF-8 without NUL. Default: empty. Changing it closes the segment, and opens the new one if `active`.
    Q_PROPERTY(QString name READ name WRITE setName NOTIFY nameChanged)
    /// The layout's text. While open: the segment's. Else what create() makes and open() insists on; empty (default): any.
    Q_PROPERTY(QString layout READ layoutText WRITE setLayoutText NOTIFY layoutChanged)
    /// The number of elements. While open: the segment's. Else what create() makes and open() insists on; 0 (default): any.
    Q_PROPERTY(qint64 length READ length WRITE setLength NOTIFY lengthChanged)
    /// The number of frames, 1 to 16. While open: the segment's. Else what create() makes; 0 (default): 4 while four take at most 64 MiB, else 2.
    Q_PROPERTY(int frames READ frames WRITE setFrames NOTIFY framesChanged)
    /// The kind of memory. While open: the segment's. Else what create() makes. Default: Automatic. Opening never needs it.
    Q_PROPERTY(Backend backend READ backend WRITE setBackend NOTIFY backendChanged)
    /// While open: the access this opening has. Else what `active` opens with. Default: ReadOnly.
    Q_PROPERTY(Access access READ access WRITE setAccess NOTIFY accessChanged)
    /// Whether create() lets others write too. While open: whether the segment does. Default: false.
    Q_PROPERTY(bool sharedWriting READ sharedWriting WRITE setSharedWriting NOTIFY sharedWritingChanged)
    /// Default: Closed.
    Q_PROPERTY(State state READ state NOTIFY stateChanged)
    /// Whether the segment is opened (with `owner`: created) now or as soon as that is possible, and again after its owner has gone. Default: false.
    Q_PROPERTY(bool active READ isActive WRITE setActive NOTIFY activeChanged)
    /// A request: with `active` the segment is created; where the name is taken, the state is Waiting. Default: false.
    Q_PROPERTY(bool owner READ owner WRITE setOwner NOTIFY ownerChanged)
    /// Memory of another library, by the system's name for it, to be opened instead of a segment: see openForeign(). With `layout`, `length`
    /// (0: as many as fit), `access` and `active`. Default: empty.
    Q_PROPERTY(QString foreignName READ foreignName WRITE setForeignName NOTIFY foreignNameChanged)
    /// Where the first element lies in foreign memory, in bytes. Default: 0.
    Q_PROPERTY(qint64 foreignOffset READ foreignOffset WRITE setForeignOffset NOTIFY foreignOffsetChanged)
    /// How often foreign memory is looked at again, in Hz, as by refresh(); up to 1000. Others never need it. Default: 0, not at all.
    Q_PROPERTY(double pollingRate READ pollingRate WRITE setPollingRate NOTIFY pollingRateChanged)
    /// Whether this object owns the open segment.
    Q_PROPERTY(bool isOwner READ isOwner NOTIFY isOwnerChanged)
    /// The bytes of one revision: length times the element size. 0 while nothing is open.
    Q_PROPERTY(qint64 size READ size NOTIFY sizeChanged)
    /// The newest revision. 0: the zero-filled start, or nothing open. Notifies as updated() does.
    Q_PROPERTY(quint64 revision READ revision NOTIFY revisionChanged)
    /// When the newest revision was published; invalid for none.
    Q_PROPERTY(QDateTime updatedAt READ updatedAt NOTIFY updatedAtChanged)
    /// The pid of the segment's owner, for people. 0 while nothing is open.
    Q_PROPERTY(qint64 ownerPid READ ownerPid NOTIFY ownerPidChanged)
    /// The instance's 128-bit id as 32 hexadecimal digits, foreign memory: this opening's; empty while nothing is open.
    Q_PROPERTY(QString instance READ instance NOTIFY instanceChanged)
    /// The last failure; each later call that can fail and succeeds resets it, and close(). Default: NoError.
    Q_PROPERTY(Error error READ error NOTIFY errorChanged)
    /// The last failure in words, with the remedy. Default: empty.
    Q_PROPERTY(QString errorString READ errorString NOTIFY errorStringChanged)

public:
    /// What there is to read. Waiting becomes Open, and Orphaned becomes Open or Closed, by themselves only with `active`.
    enum class State {
        Closed,   ///< nothing open
        Waiting,  ///< active, and there is nothing to open yet (owner: the name is taken)
        Open,     ///< open, and the owner lives
        Orphaned, ///< open, the owner is gone: the last revision can still be read
    };
    Q_ENUM(State)
    /// What an opening may do.
    enum class Access {
        ReadOnly,  ///< read, and nothing else: the memory is mapped so
        ReadWrite, ///< publish, too: where the segment was created with `sharedWriting`, or is this process's own
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
    /// Why something failed; errorString() has it in words.
    enum class Error {
        NoError,            ///< nothing has
        InvalidName,        ///< empty, longer than 255 bytes of UTF-8, with a NUL, or no Unicode
        InvalidLayout,      ///< none, or a text that is none
        InvalidSize,        ///< a length, a number of frames or a range that cannot be
        AlreadyExists,      ///< a living owner has the name
        NotFound,           ///< nobody owns the name; or nothing is open
        PermissionDenied,   ///< may not be read or written, or the registry folder is not private
        LayoutMismatch,     ///< the segment has another layout or length
        UnsupportedVersion, ///< of the format
        Corrupt,            ///< a damaged record or memory, or an orphaned value whose only frame was interrupted
        OutOfMemory,        ///< the machine, its control group or its file system has not that much
        Busy,               ///< others were writing for as long as was waited
        Unsupported,        ///< not on this system, or out of reach
        SystemError,        ///< a call of the system failed in a way that has no name here
        InvalidState,       ///< the call does not fit what is open: create() or open() of an open object
        InvalidValue,       ///< a value does not fit the field: no number, not whole, out of range, too long
    };
    Q_ENUM(Error)

    /// How long writers wait for each other unless told otherwise.
    static constexpr std::chrono::milliseconds defaultWait() { return std::chrono::seconds(1); }

    /// Closed, and without a name.
    explicit SharedSegment(QObject *parent = nullptr);
    /// Closed, with the property `name` set.
    explicit SharedSegment(const QString &name, QObject *parent = nullptr);
    /// Closes, without a signal.
    ~SharedSegment() override;

    /// @{
    /// Reads or sets the property of that name, whose text says what it is.
    QString name() const;
    void setName(const QString &name);
    SharedLayout layout() const;
    void setLayout(const SharedLayout &layout);
    QString layoutText() const;
    void setLayoutText(const QString &text);
    qint64 length() const;
    void setLength(qint64 length);
    int frames() const;
    void setFrames(int frames);
    Backend backend() const;
    void setBackend(Backend backend);
    Access access() const;
    void setAccess(Access access);
    bool sharedWriting() const;
    void setSharedWriting(bool sharedWriting);
    State state() const;
    bool isActive() const;
    bool active() const { return isActive(); }
    void setActive(bool active);
    bool owner() const;
    void setOwner(bool owner);
    QString foreignName() const;
    void setForeignName(const QString &name);
    qint64 foreignOffset() const;
    void setForeignOffset(qint64 offset);
    double pollingRate() const;
    void setPollingRate(double rate);
    bool isOwner() const;
    qint64 size() const;
    quint64 revision() const;
    QDateTime updatedAt() const;
    qint64 ownerPid() const;
    QString instance() const;
    Error error() const;
    QString errorString() const;
    /// @}

    /// Open or Orphaned: there is something to read.
    bool isOpen() const;

    /// Creates the segment and owns its name. Zero-filled, revision 0.
    /// @returns false on failure; then error() says why and the object is as before. AlreadyExists: a living owner has the name.
    bool create(const SharedLayout &layout, qint64 length);
    /// The same with the properties `layout` and `length`.
    Q_INVOKABLE bool create();
    /// For equal peers: opens the segment, or creates it where nobody has the name. Of any number of programs that call it at once one
    /// owns the segment, and the others have it open: isOwner() tells. What is opened has to have the layout and the length.
    ///
    /// With `sharedWriting`, which such peers mostly want, it is opened for reading and writing, else with the property `access`. With `active`
    /// the peers go on when the owner is gone: one of them becomes the owner, with what it read last, and the others open its segment.
    /// close() ends that. @returns false on failure; then error() says why and the object is as before.
    bool createOrOpen(const SharedLayout &layout, qint64 length);
    /// The same with the properties `layout` and `length`.
    Q_INVOKABLE bool createOrOpen();
    /// Opens what exists. @returns false on failure; then error() says why and the object is as before. NotFound: nobody has the name.
    bool open(Access access);
    /// The same with the property `access`, which is ReadOnly unless set.
    Q_INVOKABLE bool open();
    /// Opens memory that another library made: the object that the system knows as `name` (posix: as for shm_open(3), with or without the
    /// slash). Elements of `layout` lie from `offset` bytes on, as many as the property `length` says; 0: as many as fit.
    ///
    /// Such memory has no lock, no frames and no bell. What is read may be half old and half new, a revision is only a count of looks and
    /// own writes, and news comes by refresh() and `pollingRate`. The state is Orphaned once a look finds that the name is gone, leads to
    /// another memory, or that the memory has become too small. write() writes those elements that were changed.
    /// @returns false on failure; then error() says why and the object is as before. NotFound: no such memory; InvalidSize: it has no room
    /// for the elements; InvalidLayout, PermissionDenied.
    bool openForeign(const QString &name, const SharedLayout &layout, qint64 offset = 0,
                     Access access = Access::ReadOnly);
    /// The same with an open descriptor of the memory (memfd_create(2), say), which stays the caller's. It is never Orphaned but by becoming too small.
    bool openForeign(qintptr descriptor, const SharedLayout &layout, qint64 offset = 0,
                     Access access = Access::ReadOnly);
    /// Foreign memory: takes what it holds now for news, and emits updated() from the event loop; looks for it if `active` waits for it.
    /// Does nothing for segments, which tell by themselves.
    Q_INVOKABLE void refresh();

    /// Lets go, and sets `active` to false. An owner's name is free at once.
    Q_INVOKABLE void close();

    /// Whether a living owner has the name. Sweeps what a dead one left. Where that cannot be told (no descriptor left, say) it warns why, and
    /// says false.
    Q_INVOKABLE static bool exists(const QString &name);
    /// The names that living owners have, sorted. Sweeps what dead ones left. Where the folder or a record cannot be looked at, so that there may
    /// be more of them, it warns why.
    Q_INVOKABLE static QStringList names();

    /// The folder where the names of this user are: two processes see the same segments if they have the same one. Made by create().
    Q_INVOKABLE static QString registryFolder();
    /// The kinds of memory that this system has, the one that Automatic stands for first.
    static QList<Backend> backends();

    /// The name of the owner's program, as far as the system says; for people. Empty while nothing is open.
    Q_INVOKABLE QString ownerProgram() const;
    /// When the segment was created; invalid while nothing is open.
    Q_INVOKABLE QDateTime createdAt() const;
    /// How many openings in other processes wait for news; at most 112 are counted. 0 while nothing is open.
    Q_INVOKABLE int listenerCount() const;

    /// The newest revision, whole. Empty on failure: NotFound when nothing is open, Busy when the writer was in the way each time.
    QByteArray snapshot(SharedStamp *stamp = nullptr) const;

    /// Copies the newest revision's bytes from `offset` on. @returns its number, or nothing on failure; the destination then holds no value.
    std::optional<quint64> read(std::span<std::byte> destination, qint64 offset = 0,
                                SharedStamp *stamp = nullptr) const;

    /// The same without a word: for those who look again in a moment anyway. Sets no error.
    std::optional<quint64> tryRead(std::span<std::byte> destination, qint64 offset = 0,
                                   SharedStamp *stamp = nullptr) const;

    /// Publishes `bytes`, which is size() long, as the next revision. Waits for other writers at most `wait`.
    bool publish(QByteArrayView bytes, std::chrono::milliseconds wait = defaultWait());

    /// Starts the next revision, as a copy of the newest one. See SharedWriter. Tests as false on failure.
    SharedWriter write(std::chrono::milliseconds wait = defaultWait());

    /// One frame only: the memory itself, unsynchronised, valid until close(). Empty else. Writing through a ReadOnly opening ends the process.
    std::span<std::byte> live() const;

    /// @{
    /// Waiting without an event loop. Nothing is emitted while they wait but what follows from what they find: opened(), orphaned().
    ///
    /// Waits until the segment is open: opens it, with `owner` creates it, as soon as that is possible, whether `active` is set or not. @returns
    /// false when the deadline has passed, and at once for what cannot become right by waiting, such as another layout; error() says which.
    bool waitForOpened(QDeadlineTimer deadline = QDeadlineTimer(QDeadlineTimer::Forever));
    /// Waits until the newest revision is another one than `since`; at once if it is. Safe from any thread, which has to keep the object alive;
    /// in the object's own thread it is cheapest. @returns false when the deadline has passed (then error() is NoError), or when nothing can come
    /// any more (NotFound): nothing is open, or the owner has closed the segment, ended or was killed.
    bool waitForUpdated(quint64 since, QDeadlineTimer deadline = QDeadlineTimer(QDeadlineTimer::Forever));
    /// A descriptor for poll(2) and the event loops of others: readable when there may be a revision that is newer than what the last
    /// waitForUpdated() saw, or when the owner is gone. Then call waitForUpdated() with a deadline of 0, which says which of them, and re-arms the
    /// descriptor; call it once at the beginning, too. The descriptor is this object's and valid until it is closed. In the object's own thread.
    /// @returns -1 on failure; Unsupported on Windows and for foreign memory, Busy when all places for listeners are taken.
    qintptr updateDescriptor();
    /// @}

    /// For templates and layers above, before they allocate a copy: whether memory for it is to be had. If not, sets OutOfMemory.
    bool checkMemory(qint64 bytes) const;

    /// For layers above that find a fault of their own: sets `error` and `errorString`, and emits errorOccurred().
    void setError(SharedSegment::Error error, const QString &errorString);

Q_SIGNALS:
    /// Once for each opening, whoever asked for it.
    void opened();
    /// Once for each opening that ends: by close(), by a change of name, or to move on to the name's next instance.
    void closed();
    /// There is news. Coalesced: one for any number of publications since the last; the newest revision is never left out.
    /// What is there at the opening comes with opened() alone.
    void updated(quint64 revision);
    /// The owner is gone.
    void orphaned();
    /// Something failed, for the first time or again; `error` and `errorString` are set.
    void errorOccurred(SharedSegment::Error error);

    /// @{
    /// The property of that name has another value.
    void nameChanged();
    void layoutChanged();
    void lengthChanged();
    void framesChanged();
    void backendChanged();
    void accessChanged();
    void sharedWritingChanged();
    void stateChanged();
    void activeChanged();
    void ownerChanged();
    void foreignNameChanged();
    void foreignOffsetChanged();
    void pollingRateChanged();
    void isOwnerChanged();
    void sizeChanged();
    void revisionChanged();
    void updatedAtChanged();
    void ownerPidChanged();
    void instanceChanged();
    void errorChanged();
    void errorStringChanged();
    /// @}

protected:
    /// Learns that somebody listens: an owner whose news nobody hears is not woken by them. Whoever overrides it calls it.
    void connectNotify(const QMetaMethod &signal) override;
    /// Goes on in the thread that the object is moved to. Whoever overrides it calls it.
    bool event(QEvent *event) override;

    /// For user interfaces: where publications follow each other within four milliseconds, updated() comes as often, and the thread
    /// has time for other things; after a quiet time it comes at once all the same. For the openings that follow. Default: false.
    void setResting(bool rests);

    /// @{
    /// Between the two, `active` waits: for builders that set properties in any order.
    void beginInitialization();
    void endInitialization();
    /// @}

private:
    Q_DECLARE_PRIVATE(SharedSegment)
    Q_DISABLE_COPY_MOVE(SharedSegment)
    std::unique_ptr<SharedSegmentPrivate> d_ptr;
};

/// The next revision while it is being written. Starts as the newest one; published when it goes, unless discarded or left
/// by an exception. Move-only; stays in the thread that started it, and goes before its segment is closed.
class SHAREDSEGMENT_EXPORT SharedWriter
{
public:
    /// With nothing to write to.
    SharedWriter();
    /// Takes over; the other then has nothing.
    SharedWriter(SharedWriter &&other) noexcept;
    /// Publishes what it has, and takes over.
    SharedWriter &operator=(SharedWriter &&other) noexcept;
    /// Publishes, unless left by an exception.
    ~SharedWriter();

    /// Whether there is something to write to.
    explicit operator bool() const { return !m_bytes.empty(); }

    /// The whole revision; empty if there is nothing to write to.
    std::span<std::byte> bytes() const
    {
        // Not the whole span: Clang forgets the types in it, and in a loop would ask for both again after each element written.
        return {m_bytes.data(), m_bytes.size()};
    }

    /// Publishes now. @returns the revision, or nothing if there was nothing to publish.
    std::optional<quint64> publish();

    /// Publishes nothing: the newest revision stays what it was.
    void discard();

private:
    friend class SharedSegmentPrivate;
    struct Data;
    std::unique_ptr<Data> d;
    std::span<std::byte> m_bytes;
};
