// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "staleness_p.h"

#include "fielddecoder.h"

#include "../os/system.h"

#include <algorithm>
#include <limits>
#include <utility>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// The most that an age is, so that sums do not overflow: a century.
constexpr std::chrono::nanoseconds MostAge = 24h * 36525;

/// The time between two changes of a bound age.
constexpr std::chrono::milliseconds ShortestStep = 100ms;
std::chrono::milliseconds stepOf(std::chrono::nanoseconds age)
{
    if (age < 1min)
        return ShortestStep;
    return age < 1h ? 1s : 1min;
}

} // namespace

Staleness::Staleness(std::function<void()> handler)
    : m_alarm(std::move(handler))
{
}

void Staleness::take(const SharedRevision &newest)
{
    // The time is 0 while a writer interferes; then it is about now.
    if (newest.number == m_revision && (newest.timestamp == m_timestamp || newest.timestamp == 0))
        return;
    m_revision = newest.number;
    m_timestamp = newest.timestamp;
    std::chrono::nanoseconds age = 0ns;
    const std::int64_t now = sharedsegment::os::wallClock();
    // A timestamp of shared memory may be any number.
    if (m_timestamp != 0 && m_timestamp < now)
        age = m_timestamp < now - MostAge.count() ? MostAge : std::chrono::nanoseconds(now - m_timestamp);
    m_publishedAt = Clock::now() - age;
}

qint64 Staleness::age() const
{
    return m_revision == 0 ? -1 : std::chrono::floor<std::chrono::milliseconds>(exactAge()).count();
}

bool Staleness::isStale(bool isOpen) const
{
    if (m_revision == 0 || !isOpen)
        return true;
    const int limit = staleAfter();
    return limit > 0 && exactAge() > std::chrono::milliseconds(limit);
}

void Staleness::setMetadata(const QVariantMap &metadata)
{
    const QVariant value = metadata.value(u"staleAfter"_s);
    const double milliseconds = FieldDecoder::isNumber(value) ? value.toDouble() : 0;
    constexpr double Most = std::numeric_limits<int>::max();
    // Less than a millisecond is not never.
    m_staleAfterOfMetadata = milliseconds > 0 ? static_cast<int>(std::clamp(milliseconds, 1.0, Most)) : 0;
}

void Staleness::setWatched(bool stale, bool age)
{
    m_isStaleWatched = stale;
    m_isAgeWatched = age;
    if (!isWatched())
        m_alarm.clear();
}

void Staleness::begin(bool isOpen)
{
    m_wasStale = isStale(isOpen);
    m_announcedAge = age();
    m_ageAnnouncedAt = Clock::now();
}

void Staleness::beginUnknown(bool isOpen)
{
    m_wasStale = !isStale(isOpen);
    m_announcedAge = -1;
}

Staleness::Changes Staleness::update(bool isOpen)
{
    if (!isWatched())
        return {};
    const bool stale = isStale(isOpen);
    const qint64 present = age();
    const Clock::time_point now = Clock::now();
    // Fast updates do not make it change faster, but its beginning and its end are announced at once.
    const bool isDue = now.time_since_epoch() / ShortestStep != m_ageAnnouncedAt.time_since_epoch() / ShortestStep
                    || present < 0 || m_announcedAge < 0;
    const Changes changes{std::exchange(m_wasStale, stale) != stale, isDue && present != m_announcedAge};
    if (changes.age) {
        m_announcedAge = present;
        m_ageAnnouncedAt = now;
    }
    setAlarm(stale);
    return changes;
}

void Staleness::setAlarm(bool isStale)
{
    const Clock::time_point now = Clock::now();
    std::optional<Clock::time_point> due;
    const std::chrono::milliseconds limit(staleAfter());
    if (m_isStaleWatched && !isStale && limit > 0ms) {
        due = std::max(m_publishedAt + limit, now) + 1ns;
        // An alarm that is somewhat early is set anew when it is due: not each of many updates sets it.
        if (const auto present = m_alarm.due(); present && *present<*due && * present - now> limit / 2)
            due = present;
    }
    if (m_isAgeWatched && m_revision != 0) {
        // All segments of a thread change at the same moments.
        const auto step = stepOf(now - m_publishedAt);
        const Clock::time_point next(step * (now.time_since_epoch() / step + 1));
        due = due ? std::min(*due, next) : next;
    }
    if (due)
        m_alarm.set(*due);
    else
        m_alarm.clear();
}
