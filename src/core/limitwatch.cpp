// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "limitwatch_p.h"

#include <QtCore/QDateTime>
#include <QtCore/QTimerEvent>

#include <algorithm>
#include <limits>
#include <utility>

namespace {

constexpr qint64 WatchNanoseconds = 1'000'000; // of a ms

qint64 wallClock()
{
    return QDateTime::currentMSecsSinceEpoch() * WatchNanoseconds;
}

/// Another process chose the timestamp: sums with delays must not overflow.
qint64 usable(qint64 timestamp)
{
    return std::clamp<qint64>(timestamp, 0, std::numeric_limits<qint64>::max() / 2);
}

} // namespace

void LimitWatch::setFields(std::vector<FieldLimits> fields)
{
    for (FieldLimits &field : fields) {
        const auto before = std::find_if(m_fields.begin(), m_fields.end(),
                                         [&](const FieldLimits &other) { return other.name() == field.name(); });
        if (before != m_fields.end())
            field.adopt(std::move(*before));
    }
    m_fields = std::move(fields);
    if (m_fields.empty())
        m_timer.stop();
}

void LimitWatch::clear()
{
    m_fields.clear();
    m_timer.stop();
    m_isKnown = false;
    m_unknownSince = wallClock();
}

void LimitWatch::setKey(const ElementKey &key, const FieldDecoder &field)
{
    const bool isOther = !(m_key == key);
    m_key = key;
    m_keyField = field;
    if (isOther)
        findEntries({});
}

void LimitWatch::findEntries(const ElementFinder::Elements &elements)
{
    m_places.clear();
    for (const FieldLimits &field : m_fields)
        field.appendPlaces(&m_places);
    if (m_places.empty())
        return;
    if (isKeyed()) {
        m_finder.findIndexes(m_key, elements, m_places);
    } else {
        for (ElementFinder::Place &place : m_places)
            place.index = place.identity.hasKey() ? ElementFinder::NotThere : static_cast<qint64>(place.identity.key);
    }
    std::size_t at = 0;
    for (FieldLimits &field : m_fields) {
        const std::size_t count = field.entries().size();
        field.setPlaces(std::span(m_places).subspan(at, count));
        at += count;
    }
}

void LimitWatch::identifyEntries(const FieldLimits::Elements &elements)
{
    m_places.clear();
    for (const FieldLimits &field : m_fields)
        field.appendNewPlaces(&m_places);
    if (m_places.empty())
        return;
    m_finder.findIdentities(m_key, {elements.bytes, elements.size, elements.range.count()}, m_places);
    const ElementFinder::Place *places = m_places.data();
    for (FieldLimits &field : m_fields)
        places = field.identifyNew(places, m_keyField, elements);
}

void LimitWatch::judgeWhole(const FieldLimits::Elements &elements)
{
    if (isKeyed())
        findEntries({elements.bytes, elements.size, elements.range.count()});
    begin(elements.range, elements.time);
    judge(elements);
    if (isKeyed())
        identifyEntries(elements);
}

const FieldLimits *LimitWatch::find(qsizetype field) const
{
    const auto at = std::find_if(m_fields.begin(), m_fields.end(),
                                 [field](const FieldLimits &limits) { return limits.field() == field; });
    return at == m_fields.end() ? nullptr : &*at;
}

qint64 LimitWatch::now() const
{
    return m_time + (m_elapsed.isValid() ? m_elapsed.nsecsElapsed() : 0);
}

void LimitWatch::begin(ElementRange range, qint64 timestamp)
{
    m_time = std::max(usable(timestamp), wallClock());
    m_elapsed.start();
    m_isKnown = true;
    for (FieldLimits &field : m_fields)
        field.begin(range, m_time);
}

void LimitWatch::judge(FieldLimits::Elements elements)
{
    elements.time = elements.time == 0 ? m_time : usable(elements.time);
    for (FieldLimits &field : m_fields)
        field.judge(elements);
}

void LimitWatch::finish()
{
    const qint64 time = now();
    std::optional<qint64> due;
    for (FieldLimits &field : m_fields) {
        field.advance(time);
        if (const std::optional<qint64> end = field.due())
            due = due ? std::min(*due, *end) : *end;
    }
    if (!due) {
        m_timer.stop();
        return;
    }
    const qint64 wait = (*due - time) / WatchNanoseconds + 1;
    m_timer.start(static_cast<int>(std::clamp<qint64>(wait, 1, std::numeric_limits<int>::max())), this);
}

void LimitWatch::suspend()
{
    m_timer.stop();
    const qint64 time = wallClock();
    if (std::exchange(m_isKnown, false))
        m_unknownSince = time;
    for (FieldLimits &field : m_fields)
        field.suspend(time);
}

void LimitWatch::judgeLevels(FieldLimits::Elements elements, const SharedRevision &revision, bool isCurrent)
{
    // The last revision before the owner's end may bring an alarm.
    const bool isJudged = (isCurrent || m_isKnown) && revision.number > 0;
    if (isJudged) {
        elements.time = revision.timestamp;
        judgeWhole(elements);
    }
    if (isJudged && isCurrent)
        finish();
    else
        suspend();
    acknowledgeAll();
}

void LimitWatch::keep(ElementRange range)
{
    for (FieldLimits &field : m_fields)
        field.begin(range, m_time);
}

void LimitWatch::reindex(const std::vector<int> &before)
{
    for (FieldLimits &field : m_fields)
        field.reindex(before);
}

LimitWatch::Level LimitWatch::levelOf(qsizetype field, qint64 index) const
{
    const FieldLimits *const limits = find(field);
    const Level level = limits ? limits->levelOf(index) : Level::Normal;
    return level == Level::Normal && !m_isKnown ? Level::Unknown : level;
}

LimitWatch::Level LimitWatch::level() const
{
    Level level = m_isKnown ? Level::Normal : Level::Unknown;
    for (const FieldLimits &field : m_fields)
        level = LimitState::worse(level, field.level());
    return level;
}

bool LimitWatch::isAcknowledged() const
{
    return std::all_of(m_fields.begin(), m_fields.end(), [](const FieldLimits &field) {
        return std::all_of(field.entries().begin(), field.entries().end(),
                           [](const FieldLimits::Entry &entry) { return entry.state.isAcknowledged(); });
    });
}

qint64 LimitWatch::count() const
{
    qint64 count = 0;
    for (const FieldLimits &field : m_fields) {
        count += std::count_if(field.entries().begin(), field.entries().end(),
                               [](const FieldLimits::Entry &entry) { return !entry.state.isNormal(); });
    }
    return count;
}

bool LimitWatch::acknowledge(qsizetype field, ElementIdentity identity)
{
    const FieldLimits *const limits = find(field);
    return limits && const_cast<FieldLimits *>(limits)->acknowledge(identity);
}

bool LimitWatch::acknowledgeAll()
{
    bool isChanged = false;
    for (FieldLimits &field : m_fields)
        isChanged |= field.acknowledgeAll();
    return isChanged;
}

void LimitWatch::timerEvent(QTimerEvent *event)
{
    if (event->timerId() != m_timer.timerId()) {
        QObject::timerEvent(event);
        return;
    }
    m_timer.stop();
    Q_EMIT delayEnded();
}
