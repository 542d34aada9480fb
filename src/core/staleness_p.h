// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "agetimer_p.h"
#include "sharedrevision.h"

#include <QtCore/QVariantMap>

#include <chrono>
#include <functional>
#include <optional>

/// The age of a segment's newest revision, and whether that is too old: the properties `age`, `stale` and `staleAfter`.
///
/// Sets an alarm while one of them is watched, and only then. Belongs to the thread of its segment.
class Staleness
{
public:
    /// @param handler is called by the event loop when update() has to be called; it may destroy this
    explicit Staleness(std::function<void()> handler);
    Q_DISABLE_COPY_MOVE(Staleness)

    /// Counts the age of `newest` from now on, if it was not counted already: from its time by the system's clock, and
    /// by the monotonic clock afterwards.
    void take(const SharedRevision &newest);
    /// The age of the revision taken, in ms; -1 if nothing has been published.
    qint64 age() const;
    /// @param isOpen whether the owner lives and, of a mirror, its host is reachable
    bool isStale(bool isOpen) const;

    /// In ms; 0: no age is too old.
    int staleAfter() const { return m_staleAfter ? *m_staleAfter : m_staleAfterOfMetadata; }
    /// Sets what is too old; nothing: what the metadata says.
    void setStaleAfter(std::optional<int> milliseconds) { m_staleAfter = milliseconds; }
    void setMetadata(const QVariantMap &metadata);

    /// Whether anything is connected to the changes of `stale` or of `age`.
    bool isWatched() const { return m_isStaleWatched || m_isAgeWatched; }
    /// Sets what of both is watched. Call update() afterwards.
    void setWatched(bool stale, bool age);
    /// Has update() compare with the present state.
    void begin(bool isOpen);
    /// Has update() find a change of both.
    void beginUnknown(bool isOpen);
    struct Changes
    {
        bool stale = false;
        bool age = false;
    };
    /// Returns what has changed since the last call, and sets the alarm for the next change. Nothing changes while it is
    /// not watched.
    Changes update(bool isOpen);
    /// Sets no alarm until update() is called again, in whatever thread.
    void pause() { m_alarm.clear(); }

private:
    using Clock = AgeTimer::Clock;

    std::chrono::nanoseconds exactAge() const { return Clock::now() - m_publishedAt; }
    void setAlarm(bool isStale);

    std::optional<int> m_staleAfter;
    int m_staleAfterOfMetadata = 0;

    // What was taken.
    quint64 m_revision = 0;
    qint64 m_timestamp = 0;
    Clock::time_point m_publishedAt; ///< by the monotonic clock

    bool m_isStaleWatched = false;
    bool m_isAgeWatched = false;
    AgeTimer::Alarm m_alarm;

    // What was announced.
    bool m_wasStale = true;
    qint64 m_announcedAge = -1;
    Clock::time_point m_ageAnnouncedAt;
};
