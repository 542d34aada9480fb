// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QBasicTimer>
#include <QtCore/QObject>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>

/// The timer that all segments of a thread share, to notice in time that a value has become older.
///
/// It runs while an alarm is set, and wakes the thread when the first one is due. Belongs to its thread.
class AgeTimer : public QObject
{
    Q_OBJECT

public:
    using Clock = std::chrono::steady_clock;

    /// A moment at which something is called. Belongs to the thread in which it is set.
    class Alarm
    {
    public:
        /// @param handler may destroy the alarm
        explicit Alarm(std::function<void()> handler)
            : m_handler(std::move(handler))
        {
        }
        ~Alarm() { clear(); }
        Q_DISABLE_COPY_MOVE(Alarm)

        /// When the handler is called; nothing while it is not set.
        std::optional<Clock::time_point> due() const { return m_due; }
        /// Has the handler called once, not before `due`, by the event loop of this thread.
        void set(Clock::time_point due);
        /// Has it not called. To be done before the object moves to another thread.
        void clear();

    private:
        friend class AgeTimer;
        const std::function<void()> m_handler;
        std::shared_ptr<AgeTimer> m_timer; ///< while set
        std::optional<Clock::time_point> m_due;
    };

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    AgeTimer() = default;
    static std::shared_ptr<AgeTimer> forThisThread();
    void remove(const Alarm *alarm);
    /// Starts the timer for the first alarm, or stops it.
    void arm();

    std::multimap<Clock::time_point, Alarm *> m_alarms;
    QBasicTimer m_timer;
    std::optional<Clock::time_point> m_armedFor;
    int m_handling = 0;
    bool m_isArmingLater = false;
};
