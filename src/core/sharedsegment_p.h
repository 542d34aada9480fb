// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "folderwatch_p.h"
#include "processnotifier_p.h"
#include "registryof_p.h"
#include "segmentwatch_p.h"
#include "sharedsegment.h"
#include "staleness_p.h"

#include "../engine/deadline.h"
#include "../engine/ownership.h"
#include "../engine/pollbackoff.h"
#include "../engine/registry.h"
#include "../engine/segment.h"
#include "../engine/updatewaiter.h"
#include "../engine/wish.h"
#include "../os/externalmemory.h"
#include "../os/forksafemutex.h"
#include "../os/wait.h"

#include <QtCore/QDeadlineTimer>
#include <QtCore/QThread>
#include <QtCore/QTimer>
#include <QtCore/QVariantMap>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>

/// The time left until `deadline`, at least 0.
sharedsegment::os::Wait toWait(QDeadlineTimer deadline);

class FailureScope;

class SharedSegmentPrivate
{
    Q_DECLARE_PUBLIC(SharedSegment)

public:
    using Segment = sharedsegment::engine::Segment;
    using Ownership = sharedsegment::engine::Ownership;

    /// The last announced values of the properties that depend on the open segment.
    struct Announced
    {
        QString layoutText;
        qint64 capacity = 0;
        SharedSegment::Kind kind = SharedSegment::Kind::FixedArray;
        QVariantMap metadata;
        int staleAfter = 0;
        int bufferCount = 0;
        SharedSegment::Backend backend = SharedSegment::Backend::Automatic;
        SharedSegment::Access access = SharedSegment::Access::ReadOnly;
        bool multipleWriters = false;
        SharedSegment::State state = SharedSegment::State::Closed;
        bool isOwner = false;
        qint64 size = 0;
        quint64 revision = 0;
        qint64 timestamp = 0;
        SharedSegment::Source source = SharedSegment::Source::Here;
        qint64 sourceTimestamp = 0;
        qint64 ownerPid = 0;
        QString instance;
    };

    explicit SharedSegmentPrivate(SharedSegment *q);
    ~SharedSegmentPrivate();

    /// Returns the name as UTF-8. @returns InvalidName if the text is not valid Unicode.
    static sharedsegment::Result<std::string> toName(const QString &name);
    static sharedsegment::os::Access toNative(SharedSegment::Access access);
    static bool failed(const sharedsegment::Error &error) { return error.code != sharedsegment::ErrorCode::NoError; }

    bool isOpen() const { return m_segment != nullptr; }
    /// Whether the segment is Open and this process opened it. A forked child may read its parent's segment, and may
    /// open another one.
    bool isOpenHere() const { return m_state == SharedSegment::State::Open && m_segment->isOfThisProcess(); }
    bool isWritable() const
    {
        return isOpen() && m_openAccess == SharedSegment::Access::ReadWrite
            && m_state != SharedSegment::State::Orphaned;
    }
    bool isOwnThread() const { return QThread::currentThread() == q_ptr->thread(); }
    std::shared_ptr<Segment> sharedSegment() const;
    /// Pins the open segment during a call in any thread that runs no callbacks. In the object's thread a raw pointer
    /// suffices, since nothing else can close the segment; in other threads a reference is held.
    class SegmentPin
    {
    public:
        explicit SegmentPin(const SharedSegmentPrivate &d)
        {
            if (d.isOwnThread()) {
                m_segment = d.m_segment.get();
            } else {
                m_held = d.sharedSegment();
                m_segment = m_held.get();
            }
        }
        Q_DISABLE_COPY_MOVE(SegmentPin)

        explicit operator bool() const { return m_segment; }
        const Segment *operator->() const { return m_segment; }
        const Segment &operator*() const { return *m_segment; }

    private:
        std::shared_ptr<Segment> m_held;
        const Segment *m_segment = nullptr;
    };
    /// The open segment, for readers that keep a state of their own in any thread.
    struct Opening
    {
        std::shared_ptr<Segment> segment; ///< null while nothing is open
        quint64 number = 0;               ///< another one for each opening; a replacement keeps it
        quint64 revision = 0;             ///< the newest one at the opening
        quint64 changes = 0;              ///< see segmentChanges()
    };
    Opening opening() const;
    /// How many times the open segment has become another one or none, so far. Thread-safe.
    quint64 segmentChanges() const { return m_segmentChanges.load(std::memory_order_acquire); }
    void setSegment(std::shared_ptr<Segment> segment, bool isReplacement = false);

    bool create(SharedSegment::Kind kind, const SharedLayout &layout, qint64 capacity);
    bool open(SharedSegment::Access access);
    /// `content`, if any, is the first revision: the segment is never visible without it.
    sharedsegment::Error tryCreate(SharedSegment::Kind kind, const SharedLayout &layout, qint64 capacity,
                                   std::span<const std::byte> content = {},
                                   const sharedsegment::RevisionInfo &revision = {});
    /// The kinds that open() accepts; none: any.
    std::span<const sharedsegment::engine::Kind> expectedKinds() const;
    /// The metadata that were set, as the text of a JSON object; empty without any.
    /// @returns InvalidValue when no reader could read them, or they do not fit the layout.
    sharedsegment::Result<std::string> metadataText(const SharedLayout &layout) const;
    sharedsegment::Error tryOpen(SharedSegment::Access access);
    sharedsegment::Error tryOpen(SharedSegment::Access access, const SharedLayout &wanted, qint64 wantedCapacity);
    static sharedsegment::Result<sharedsegment::os::ExternalMemory> externalMemory(const QString &name,
                                                                                   SharedSegment::Access access);
    bool openExternal(sharedsegment::Result<sharedsegment::os::ExternalMemory> memory, const SharedLayout &layout,
                      qint64 offset, SharedSegment::Access access);
    sharedsegment::Error tryOpenExternal(sharedsegment::Result<sharedsegment::os::ExternalMemory> memory,
                                         const SharedLayout &layout, qint64 offset, SharedSegment::Access access);
    sharedsegment::Error noLayout() const;
    void attach(std::shared_ptr<Segment> segment, std::unique_ptr<Ownership> ownership, SharedSegment::Access access);
    /// Starts to listen for updates of the open segment: revisions newer than `known`.
    void startWatch(quint64 known);
    /// Prepares the object for its move to another thread.
    void changeThread();
    void detach();
    void closeAndAnnounce();

    /// Stores the property `layout`. `why` is the fault in the text, if any.
    void requestLayout(const QString &text, const SharedLayout &layout, const QString &why);

    /// Opens or creates the segment for `active`, or starts to wait until that is possible.
    void activate();
    /// Opens or creates what the properties request.
    sharedsegment::Error tryRequested();
    void attempt();
    /// Wishes the name while this waits for another process to create it.
    void renewWish();
    void waitForFolder();
    /// Whether waiting is pointless, because the requested properties are not possible.
    bool isHopeless() const;
    /// Reports the failure of an attempt of `active`, unless it is the same as before, and schedules the next attempt.
    void reportIfChanged(const sharedsegment::Error &error);
    /// Schedules the next attempt by the back-off: no notification is available.
    void retryLater();
    bool isExternalWanted() const { return !m_externalName.isEmpty(); }
    /// Starts or stops polling of external memory, which sends no notifications.
    void updatePolling();
    void refresh();
    /// Watches the process of the present owner to take over its name: a killed owner changes nothing in the folder.
    void waitForOwner();
    /// Makes the next attempt: the awaited event may have happened.
    void handleChange();
    void stopWaiting();
    void restart();

    void handleUpdate();
    /// The newest revision; all zero while nothing is open.
    SharedRevision newest() const;
    void handleOwnerGone();
    /// Whether a signal that updates emit is connected.
    bool hasUpdateReceivers() const;
    /// Sets an error if a signal of updates has receivers but the thread has no event loop that can emit it.
    void checkEventLoop();
    /// Enables notification of own updates again if `signal`, which was connected in any thread, is one of those signals.
    void rearm(const QMetaMethod &signal);

    /// Whether the segment is open and its owner lives.
    bool hasOwner() const { return q_ptr->state() == SharedSegment::State::Open; }
    /// Whether the newest revision can be what is so now: the owner lives and, of a mirror, its host is reachable.
    bool isLive() const { return hasOwner() && q_ptr->source() != SharedSegment::Source::NotReachable; }
    /// Announces changes of `stale` and `age`, if anything is connected to them. This may be deleted afterwards.
    void announceStaleness();
    /// The same with the newest revision, an update of which may be on its way.
    void checkStaleness();
    /// Whether `signal` announces `stale` or `age`.
    static bool isOfStaleness(const QMetaMethod &signal);
    /// Handles that `signal` was connected, in any thread.
    void handleConnect(const QMetaMethod &signal);
    /// Handles that something was disconnected from `signal`, or from any signal if it is invalid. In any thread.
    static void handleDisconnect(SharedSegment *segment, const QMetaMethod &signal);
    void countStalenessReceivers();
    static void countStalenessReceiversLater(SharedSegment *segment);

    void announce();
    /// Announces the properties that updates change, which is frequent.
    void announceRevision(const SharedRevision &newest);
    bool fail(const sharedsegment::Error &error);
    void fail(SharedSegment::Error code, const QString &text);
    void succeed();
    /// Prints a warning of the present error, if QML has made the object and nothing is connected to errorOccurred().
    void warnIfUnhandled();
    static SharedSegmentPrivate *of(SharedSegment *segment) { return segment->d_func(); }
    /// Clears the error after a successful call; has no effect in other threads, since the properties belong to the
    /// object's thread. Cheap if there is no error.
    void clearError() const
    {
        if (m_hasError.load(std::memory_order_relaxed) && isOwnThread())
            const_cast<SharedSegmentPrivate *>(this)->succeed();
    }
    static sharedsegment::Error noEventLoop(const std::string &consequence);
    /// The registry of this object's names: while it waits, the one in which it began to wait.
    sharedsegment::engine::Registry registry() const { return m_awaited ? *m_awaited : registryOf(m_registry); }
    /// Stores what the open segment's metadata are, empty if they are not one JSON object; null: nothing is open.
    void setOpenMetadata(const Segment *segment);
    /// The text for a name that is not found, with a name that is much like it.
    sharedsegment::Error notFound() const;

    /// Opens the segment, or creates it if the name has no owner.
    sharedsegment::Error tryCreateOrOpen(const SharedLayout &layout, qint64 capacity);
    bool createOrOpen(const SharedLayout &layout, qint64 capacity);
    bool recreate(qint64 capacity);
    /// Opens what has replaced the open segment. @returns false if it was not replaced, or the new one cannot be opened or
    /// is not what open() required.
    bool followReplacement();
    /// After a write that failed with `error`: goes over to the segment that has replaced the open one, if there is one.
    /// Sets the error otherwise. @returns whether to try the write again; if not, this may be deleted.
    bool mayWriteAgain(const sharedsegment::Error &error);
    /// Exchanges the open segment for its replacement and announces that.
    void reattach(std::shared_ptr<Segment> segment, std::unique_ptr<Ownership> ownership);
    bool waitForUpdated(quint64 since, QDeadlineTimer deadline);
    /// Why no update of `segment` can be waited for.
    static sharedsegment::Error whyNoUpdates(const Segment *segment);
    /// In another thread: waits until the object's thread has opened what has replaced `segment`, and returns that in it.
    /// @returns false if it was not replaced, or that thread does not open the new one.
    bool awaitReplacement(std::shared_ptr<Segment> *segment, sharedsegment::engine::Deadline deadline) const;
    bool waitForOpened(QDeadlineTimer deadline);
    qintptr updateDescriptor();
    /// Waits for updates of the open segment; made when it is first needed.
    sharedsegment::engine::UpdateWaiter &waiter();
    /// @returns the revision that was read.
    sharedsegment::Status read(std::span<std::byte> destination, qint64 offset,
                               sharedsegment::RevisionInfo *info) const;
    /// The same without the reason of a failure, and so faster.
    std::optional<quint64> tryRead(std::span<std::byte> destination, qint64 offset, SharedRevision *revision) const;
    void reportRead(const sharedsegment::Error &error) const;
    /// See SharedSegment::readAll().
    sharedsegment::Status readAll(SharedSegment::Allocate allocate, void *list, qint64 *bytes,
                                  SharedRevision *revision) const;
    sharedsegment::Status readElement(std::span<std::byte> element, qint64 index) const;
    /// Writes `bytes` by a function of the engine, also to a segment that has replaced the open one meanwhile.
    template<auto Write>
    bool writeWhole(QByteArrayView bytes, sharedsegment::os::Wait wait);
    bool publish(QByteArrayView bytes, sharedsegment::os::Wait wait);
    bool append(QByteArrayView bytes, sharedsegment::os::Wait wait);
    SharedWriter beginWrite(sharedsegment::os::Wait wait);
    bool write(const QVariant &index, const QVariant &value);
    bool write(const QVariant &values);
    bool append(const QVariant &values);
    /// Converts values to the bytes of a revision, or of elements of a stream. Sets the error on failure.
    std::optional<QByteArray> toBytes(const QVariant &values);
    sharedsegment::Error whyNotWritable() const;

    SharedSegment *const q_ptr;

    // The requested values.
    QString m_name;
    QString m_layoutText;
    SharedLayout m_layout;
    qint64 m_capacity = 0;
    SharedSegment::Kind m_kind = SharedSegment::Kind::FixedArray;
    std::optional<sharedsegment::engine::Kind> m_expectedKind; ///< once setKind() was called
    /// Kinds that open() accepts although none was set; none: any.
    std::span<const sharedsegment::engine::Kind> m_arrayKinds;
    QVariantMap m_metadata;
    QString m_registry;
    int m_bufferCount = 0;
    SharedSegment::Backend m_backend = SharedSegment::Backend::Automatic;
    SharedSegment::Access m_access = SharedSegment::Access::ReadOnly;
    bool m_multipleWriters = false;
    bool m_active = false;
    bool m_owner = false;
    QString m_externalName;
    qint64 m_externalOffset = 0;
    int m_pollingInterval = 0; ///< ms; 0: none
    bool m_isThrottled = false;
    bool m_isPeer = false; ///< createOrOpen() was called
    int m_initializing = 0;

    // The open segment. Reading threads copy the pointer under the mutex; only the object's thread changes it.
    mutable sharedsegment::os::ForkSafeMutex m_segmentMutex;
    std::shared_ptr<Segment> m_segment;
    std::atomic<quint64> m_segmentChanges = 0; ///< stored under the mutex
    quint64 m_openings = 0;                    ///< so far; also under the mutex
    quint64 m_revisionAtStart = 0;             ///< of the open segment; also under the mutex
    std::unique_ptr<Ownership> m_ownership;
    SharedSegment::Access m_openAccess = SharedSegment::Access::ReadOnly;
    SharedLayout m_openLayout;
    QVariantMap m_openMetadata;
    SharedSegment::State m_state = SharedSegment::State::Closed;
    std::unique_ptr<SegmentWatch> m_watch;
    std::optional<sharedsegment::engine::Registry> m_awaited; ///< while waiting
    std::shared_ptr<sharedsegment::engine::Wish> m_wish;      ///< while waiting; then the segment has it
    std::shared_ptr<FolderWatch> m_folderWatch;
    std::unique_ptr<ProcessNotifier> m_presentOwner;
    std::unique_ptr<QTimer> m_retryTimer; ///< retries while the owner cannot be watched or a resource is missing
    sharedsegment::engine::PollBackoff m_backoff;
    sharedsegment::Error m_whyWaiting; ///< the last failure of an attempt, except for the awaited condition
    QMetaObject::Connection m_folderConnection;
    std::unique_ptr<QTimer> m_polling;
    std::unique_ptr<sharedsegment::engine::UpdateWaiter> m_waiter; ///< for waiting without an event loop

    std::atomic<bool> m_hasError = false; ///< reading threads check it
    SharedSegment::Error m_error = SharedSegment::Error::NoError;
    QString m_errorString;
    QString m_warned; ///< the error of the last warning, until a call succeeds
    const FailureScope *m_failureScope = nullptr;
    Announced m_announced;
    /// Mutable, since reading `age` or `stale` takes the newest revision.
    mutable Staleness m_staleness{[this] { checkStaleness(); }};
    bool m_isCountingStalenessReceivers = false; ///< the event loop will do it
};
