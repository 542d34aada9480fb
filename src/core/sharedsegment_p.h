// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "folderwatch_p.h"
#include "lookagaininterval_p.h"
#include "processnotifier_p.h"
#include "segmentwatch_p.h"
#include "sharedsegment.h"

#include "../os/foreignmemory.h"
#include "../os/forksafemutex.h"
#include "../segment/segment.h"

#include <QtCore/QDeadlineTimer>
#include <QtCore/QThread>
#include <QtCore/QTimer>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

class Waiter;

class SharedSegmentPrivate
{
    Q_DECLARE_PUBLIC(SharedSegment)

public:
    using Segment = sharedsegment::segment::Segment;
    using Ownership = sharedsegment::segment::Ownership;

    /// The properties that follow from what is open, as last announced.
    struct Shown
    {
        QString layoutText;
        qint64 length = 0;
        int frames = 0;
        SharedSegment::Backend backend = SharedSegment::Backend::Automatic;
        SharedSegment::Access access = SharedSegment::Access::ReadOnly;
        bool sharedWriting = false;
        SharedSegment::State state = SharedSegment::State::Closed;
        bool isOwner = false;
        qint64 size = 0;
        quint64 revision = 0;
        qint64 stamp = 0;
        qint64 ownerPid = 0;
        QString instance;
    };

    explicit SharedSegmentPrivate(SharedSegment *q);
    ~SharedSegmentPrivate();

    /// The name's bytes. @returns InvalidName for text that is not Unicode, which no name may be.
    static sharedsegment::Result<std::string> toName(const QString &name);
    static sharedsegment::os::Access toNative(SharedSegment::Access access);
    static bool failed(const sharedsegment::Error &error) { return error.code != sharedsegment::ErrorCode::NoError; }

    bool isOpen() const { return m_segment != nullptr; }
    /// Whether it is in use as create() or open() left it. What a forked child has of its parent can be read, and is left by opening anew.
    bool isOpenHere() const { return m_state == SharedSegment::State::Open && m_segment->isOfThisProcess(); }
    bool isOwnThread() const { return QThread::currentThread() == q_ptr->thread(); }
    std::shared_ptr<Segment> sharedSegment() const;
    /// What is open, for a use in whatever thread that calls nobody back: in the object's own thread nothing can close it meanwhile, and
    /// elsewhere it is held.
    class Used
    {
    public:
        explicit Used(const SharedSegmentPrivate &d)
        {
            if (d.isOwnThread()) {
                m_segment = d.m_segment.get();
            } else {
                m_held = d.sharedSegment();
                m_segment = m_held.get();
            }
        }
        Q_DISABLE_COPY_MOVE(Used)

        explicit operator bool() const { return m_segment; }
        const Segment *operator->() const { return m_segment; }
        const Segment &operator*() const { return *m_segment; }

    private:
        std::shared_ptr<Segment> m_held;
        const Segment *m_segment = nullptr;
    };
    void setSegment(std::shared_ptr<Segment> segment);

    bool create(const SharedLayout &layout, qint64 length);
    bool open(SharedSegment::Access access);
    /// `content`, if any, is its first revision: nobody sees it without.
    sharedsegment::Error tryCreate(const SharedLayout &layout, qint64 length, std::span<const std::byte> content = {});
    sharedsegment::Error tryOpen(SharedSegment::Access access);
    sharedsegment::Error tryOpen(SharedSegment::Access access, const SharedLayout &wanted, qint64 wantedLength);
    static sharedsegment::Result<sharedsegment::os::ForeignMemory> foreignMemory(const QString &name,
                                                                                 SharedSegment::Access access);
    bool openForeign(sharedsegment::Result<sharedsegment::os::ForeignMemory> memory, const SharedLayout &layout,
                     qint64 offset, SharedSegment::Access access);
    sharedsegment::Error tryOpenForeign(sharedsegment::Result<sharedsegment::os::ForeignMemory> memory,
                                        const SharedLayout &layout, qint64 offset, SharedSegment::Access access);
    sharedsegment::Error noLayout() const;
    void adopt(std::shared_ptr<Segment> segment, std::unique_ptr<Ownership> ownership, SharedSegment::Access access);
    /// Listens to what is open; what is newer than `known` is news.
    void startWatch(quint64 known);
    /// The object is about to be moved to another thread.
    void changeThread();
    void letGo();
    void closeAndAnnounce();

    /// `why`: what is wrong with the layout, if something is.
    void requestLayout(const QString &text, const SharedLayout &layout, const QString &why);

    /// Opens or creates as `active` asks, or waits for the moment when that will be possible.
    void activate();
    void attempt();
    void waitForFolder();
    /// Whether waiting cannot end by itself: what was asked for cannot be.
    bool isHopeless() const;
    /// What keeps `active` from succeeding. It is polled for; the same failure again is not reported.
    void failOnce(const sharedsegment::Error &error);
    /// Nobody will tell when there is something new.
    void lookAgainLater();
    bool isForeignWanted() const { return !m_foreignName.isEmpty(); }
    /// Foreign memory says nothing of its coming: it is looked for again by refresh() and by polling.
    void updatePolling();
    void refresh();
    /// A killed owner changes nothing in the folder: who wants its name watches its process.
    void waitForOwner();
    /// What is being waited for may have happened.
    void hearChange();
    void stopWaiting();
    void restart();

    void hearNews(quint64 revision);
    void hearOwnerGone();
    /// Whether a signal of updates is connected.
    bool isHeard() const;
    /// Sets an error where a signal of updates is connected and the thread has no event loop that could emit it.
    void checkEventLoop();
    /// Something was connected, maybe one of those signals, in whatever thread.
    void hearAgain(const QMetaMethod &signal);

    void announce();
    /// The part of it that news change; they come often.
    void announceRevision();
    bool fail(const sharedsegment::Error &error);
    void fail(SharedSegment::Error code, const QString &text);
    void succeed();
    /// After a call that succeeded, in whatever thread: the properties belong to the object's own. Cheap where there is no error.
    void clearError() const
    {
        if (m_hasError.load(std::memory_order_relaxed) && isOwnThread())
            const_cast<SharedSegmentPrivate *>(this)->succeed();
    }
    static sharedsegment::Error noEventLoop(const std::string &consequence);
    std::string whyNotFound() const;
    /// So many bytes, in elements if they are whole ones.

    /// Opens, or creates where there is nothing to open.
    sharedsegment::Error tryCreateOrOpen(const SharedLayout &layout, qint64 length);
    bool createOrOpen(const SharedLayout &layout, qint64 length);
    bool waitForUpdated(quint64 since, QDeadlineTimer deadline);
    bool waitForOpened(QDeadlineTimer deadline);
    qintptr updateDescriptor();
    /// `why`, if given, says what is wrong where nothing was read.
    std::optional<quint64> read(std::span<std::byte> destination, qint64 offset, SharedStamp *stamp,
                                sharedsegment::Error *why) const;
    void reportRead(const sharedsegment::Error &error) const;
    SharedWriter startWriting(std::chrono::milliseconds wait);
    sharedsegment::Error whyNotWritable() const;

    SharedSegment *const q_ptr;

    // Requests.
    QString m_name;
    QString m_layoutText;
    SharedLayout m_layout;
    qint64 m_length = 0;
    int m_frames = 0;
    SharedSegment::Backend m_backend = SharedSegment::Backend::Automatic;
    SharedSegment::Access m_access = SharedSegment::Access::ReadOnly;
    bool m_sharedWriting = false;
    bool m_active = false;
    bool m_owner = false;
    QString m_foreignName;
    qint64 m_foreignOffset = 0;
    double m_pollingRate = 0;
    bool m_rests = false;
    bool m_isPeer = false; ///< createOrOpen() was called
    int m_initializing = 0;

    // What is open. Reading threads take the pointer under the mutex; only the object's thread changes it.
    mutable sharedsegment::os::ForkSafeMutex m_segmentMutex;
    std::shared_ptr<Segment> m_segment;
    std::unique_ptr<Ownership> m_ownership;
    SharedSegment::Access m_openAccess = SharedSegment::Access::ReadOnly;
    SharedLayout m_openLayout;
    SharedSegment::State m_state = SharedSegment::State::Closed;
    std::unique_ptr<SegmentWatch> m_watch;
    std::shared_ptr<FolderWatch> m_folderWatch;
    std::unique_ptr<ProcessNotifier> m_presentOwner;
    std::unique_ptr<QTimer> m_lookAgain; ///< where the present owner is out of sight, or what is needed is missing
    LookAgainInterval m_untilNextLook;
    sharedsegment::Error m_whyWaiting; ///< the last failure of an attempt, other than that there is nothing to open yet
    QMetaObject::Connection m_folderConnection;
    std::unique_ptr<QTimer> m_polling;
    std::unique_ptr<Waiter> m_waiter; ///< of who waits without an event loop

    std::atomic<bool> m_hasError = false; ///< reading threads look at it
    SharedSegment::Error m_error = SharedSegment::Error::NoError;
    QString m_errorString;
    Shown m_shown;
};
