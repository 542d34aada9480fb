// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "agetimer_p.h"

#include <QtCore/QAbstractEventDispatcher>
#include <QtCore/QThreadStorage>
#include <QtCore/QTimerEvent>

#include <algorithm>
#include <limits>
#include <utility>

std::shared_ptr<AgeTimer> AgeTimer::forThisThread()
{
    static QThreadStorage<std::weak_ptr<AgeTimer>> timers;
    std::weak_ptr<AgeTimer> &known = timers.localData();
    std::shared_ptr<AgeTimer> timer = known.lock();
    if (!timer) {
        timer = std::shared_ptr<AgeTimer>(new AgeTimer, [](AgeTimer *old) {
            // Its own event may be on the call stack.
            if (old->m_handling > 0)
                old->deleteLater();
            else
                delete old;
        });
        known = timer;
    }
    return timer;
}

void AgeTimer::Alarm::set(Clock::time_point due)
{
    if (m_due == due)
        return;
    if (m_timer)
        m_timer->remove(this);
    else
        m_timer = forThisThread();
    m_due = due;
    m_timer->m_alarms.emplace(due, this);
    m_timer->arm();
}

void AgeTimer::Alarm::clear()
{
    if (!m_timer)
        return;
    m_timer->remove(this);
    m_timer->arm();
    m_timer.reset();
}

void AgeTimer::remove(const Alarm *alarm)
{
    if (!alarm->m_due)
        return;
    const auto [first, last] = m_alarms.equal_range(*alarm->m_due);
    const auto found = std::find_if(first, last, [alarm](const auto &entry) { return entry.second == alarm; });
    if (found != last)
        found->second->m_due.reset();
    if (found != last)
        m_alarms.erase(found);
}

void AgeTimer::arm()
{
    if (m_alarms.empty()) {
        m_timer.stop();
        m_armedFor.reset();
        return;
    }
    const Clock::time_point due = m_alarms.begin()->first;
    if (m_armedFor == due)
        return;
    // There is no event loop yet, or never one.
    if (!QAbstractEventDispatcher::instance()) {
        if (!std::exchange(m_isArmingLater, true))
            QMetaObject::invokeMethod(
                this,
                [this] {
                    m_isArmingLater = false;
                    arm();
                },
                Qt::QueuedConnection);
        return;
    }
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(due - Clock::now());
    constexpr auto Most = std::chrono::milliseconds(std::numeric_limits<int>::max());
    m_timer.start(static_cast<int>(std::clamp(wait, std::chrono::milliseconds(0), Most).count()), Qt::PreciseTimer,
                  this);
    m_armedFor = due;
}

void AgeTimer::timerEvent(QTimerEvent *event)
{
    if (event->timerId() != m_timer.timerId()) {
        QObject::timerEvent(event);
        return;
    }
    m_timer.stop();
    m_armedFor.reset();
    ++m_handling;
    // Alarms that the handlers set are later than this.
    for (const Clock::time_point now = Clock::now(); !m_alarms.empty() && m_alarms.begin()->first <= now;) {
        Alarm *const alarm = m_alarms.begin()->second;
        m_alarms.erase(m_alarms.begin());
        alarm->m_due.reset();
        // Before the handler, which may run an event loop.
        arm();
        const std::function<void()> handler = alarm->m_handler;
        handler();
    }
    --m_handling;
    arm();
}
