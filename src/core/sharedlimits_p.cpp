// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sharedlimits_p.h"

#include "fieldnames_p.h"
#include "memorycheck_p.h"
#include "rowcache_p.h"
#include "userinterface_p.h"

#include <QtCore/QPointer>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

using namespace Qt::StringLiterals;

namespace {

/// The most bytes of one read, unless an element has more. An array of up to this size is judged as one revision.
constexpr qint64 LimitReadBytes = 1 << 20;

} // namespace

SharedLimits::Level publicLevel(LimitLevel level)
{
    using Level = SharedLimits::Level;
    static_assert(static_cast<int>(Level::Normal) == static_cast<int>(LimitLevel::Normal)
                  && static_cast<int>(Level::Low) == static_cast<int>(LimitLevel::Low)
                  && static_cast<int>(Level::LowLow) == static_cast<int>(LimitLevel::LowLow)
                  && static_cast<int>(Level::High) == static_cast<int>(LimitLevel::High)
                  && static_cast<int>(Level::HighHigh) == static_cast<int>(LimitLevel::HighHigh)
                  && static_cast<int>(Level::Unknown) == static_cast<int>(LimitLevel::Unknown));
    return static_cast<Level>(level);
}

SharedLimitsPrivate::SharedLimitsPrivate(SharedLimits *limits)
    : q(limits)
    , m_follower(SegmentFollower::Shows::Everything, u"SharedLimits"_s, q)
{
    QObject::connect(&m_follower, &SegmentFollower::changed, q, [this] { sync(); });
    QObject::connect(&m_follower, &SegmentFollower::updated, q, [this] { judge(); });
    QObject::connect(&m_follower, &SegmentFollower::segmentDestroyed, q, &SharedLimits::segmentChanged);
    QObject::connect(&m_watch, &LimitWatch::delayEnded, q, [this] { endDelay(); });
}

void SharedLimitsPrivate::setSegment(SharedSegment *segment)
{
    QObject::disconnect(m_staleConnection);
    m_reader.m_segment = segment;
    m_reader.forgetOpening();
    forget();
    m_bytes = {};
    m_follower.setSegment(segment); // Emits changed().
}

void SharedLimitsPrivate::forget()
{
    m_watch.clear();
    m_instance.clear();
    m_warned.clear();
    m_opening = 0;
}

void SharedLimitsPrivate::restart()
{
    forget();
    sync();
}

void SharedLimitsPrivate::setOwn(double SharedLimitsPrivate::*member, double value)
{
    const double before = std::exchange(this->*member, value);
    if (before == value || (std::isnan(before) && std::isnan(value)))
        return;
    m_instance.clear();
    const QPointer<SharedLimits> guard(q);
    sync();
    if (guard)
        Q_EMIT q->limitsChanged();
}

void SharedLimitsPrivate::sync()
{
    if (m_isInitializing)
        return;
    if (segment() && segment()->isOpen() && std::exchange(m_instance, segment()->instance()) != segment()->instance())
        adoptSegment();
    judge();
}

void SharedLimitsPrivate::adoptSegment()
{
    m_isUnknownField = false;
    m_watch.setFields(fields());
    adoptKey();
    m_time = TimeMetadata(segment()->layout(), segment()->metadata());
    // Where there is nothing to judge, updates cause no work, and staleness needs no timer.
    QObject::disconnect(m_staleConnection);
    if (!m_watch.isEmpty())
        m_staleConnection = QObject::connect(segment(), &SharedSegment::staleChanged, q, [this] { judge(); });
    if (m_watch.isEmpty()) {
        m_opening = 0;
    } else if (isStream() && m_reader.follow() && std::exchange(m_opening, m_reader.m_opening) != m_reader.m_opening) {
        // The newest element tells what is so now; those before it are history.
        const quint64 position = segment()->revision();
        m_reader.m_reader.seek(position - std::min<quint64>(position, 1));
    }
    m_follower.setPaused(m_watch.isEmpty());
}

void SharedLimitsPrivate::adoptKey()
{
    const bool isUsed = !m_key.isEmpty() && m_index < 0 && !isStream();
    const QList<FieldDecoder> fields = isUsed ? FieldDecoder::of(segment()->layout()) : QList<FieldDecoder>();
    const ElementKey key = ElementKey::find(fields, m_key);
    m_watch.setKey(key, key.isValid() ? fields.at(fieldOfName(fields, m_key)) : FieldDecoder());
    if (const QString warning = ElementKey::warning(fields, m_key, segment()->name()); !warning.isEmpty())
        warnOnce(warning);
}

bool SharedLimitsPrivate::hasOwn() const
{
    const double own[] = {m_low, m_high, m_lowLow, m_highHigh, m_hysteresis, m_delay};
    return std::any_of(std::begin(own), std::end(own), [](double value) { return !std::isnan(value); });
}

ValueLimits SharedLimitsPrivate::limitsOf(const FieldMetadata &metadata) const
{
    ValueLimits limits = FieldLimits::limitsOf(metadata);
    const auto replace = [](double &limit, double own) { limit = std::isnan(own) ? limit : own; };
    replace(limits.low, m_low);
    replace(limits.high, m_high);
    replace(limits.lowLow, m_lowLow);
    replace(limits.highHigh, m_highHigh);
    replace(limits.hysteresis, m_hysteresis);
    if (!std::isnan(m_delay))
        limits.delay = ValueLimits::delayOf(m_delay);
    return limits;
}

void SharedLimitsPrivate::warnOnce(const QString &text)
{
    if (m_warned.contains(text))
        return;
    m_warned.append(text);
    UserInterface::warn(q, text);
}

std::vector<FieldLimits> SharedLimitsPrivate::fields()
{
    std::vector<FieldLimits> fields;
    const SharedLayout layout = segment()->layout();
    const QList<FieldDecoder> decoders = FieldDecoder::of(layout);
    const QList<FieldMetadata> metadata = FieldMetadata::of(layout, segment()->metadata());
    const qsizetype only = m_field.isEmpty() ? -1 : fieldOfName(decoders, m_field);
    if (!m_field.isEmpty() && (only < 0 || !FieldLimits::hasNumbers(decoders.at(only)))) {
        m_isUnknownField = true;
        warnOnce(only < 0 ? u"\"%1\" has no field \"%2\" to watch; its layout is %3"_s.arg(segment()->name(), m_field,
                                                                                           layout.text())
                          : u"the field \"%2\" of \"%1\" is a text, which has no limits; name a field of numbers"_s.arg(
                              segment()->name(), m_field));
        return fields;
    }
    const bool isOwnForOne = only >= 0 || decoders.size() == 1;
    if (hasOwn() && !isOwnForOne)
        warnOnce(u"\"%1\" has %2 fields, and own limits are ignored without a field; set field"_s.arg(segment()->name())
                     .arg(decoders.size()));
    for (qsizetype i = 0; i < decoders.size(); ++i) {
        if ((only >= 0 && i != only) || !FieldLimits::hasNumbers(decoders.at(i)))
            continue;
        ValueLimits limits = isOwnForOne ? limitsOf(metadata.at(i)) : FieldLimits::limitsOf(metadata.at(i));
        const QString warning = FieldLimits::normalise(&limits, segment()->name(), decoders.at(i).field());
        if (!warning.isEmpty())
            warnOnce(warning);
        if (!limits.isEmpty())
            fields.emplace_back(i, decoders.at(i), metadata.at(i), limits);
    }
    return fields;
}

bool SharedLimitsPrivate::isCurrent() const
{
    return segment() && !segment()->isStale();
}

QString SharedLimitsPrivate::reason() const
{
    if (!segment() || !segment()->isOpen())
        return u"not open"_s;
    if (segment()->state() == SharedSegment::State::Orphaned)
        return u"orphaned"_s;
    if (m_isUnknownField)
        return u"no field of numbers \"%1\""_s.arg(m_field);
    if (m_watch.isEmpty() || m_watch.isKnown())
        return QString();
    if (segment()->revision() == 0)
        return u"nothing published"_s;
    return segment()->isStale() ? u"stale"_s : u"no element %1"_s.arg(m_index);
}

void SharedLimitsPrivate::judge()
{
    if (!m_watch.isEmpty()) {
        const bool isCurrent = this->isCurrent();
        // The last revision before the owner's end may bring an alarm.
        const bool isJudged = (isCurrent || m_watch.isKnown()) && segment() && segment()->isOpen()
                           && segment()->revision() > 0;
        const Outcome outcome = !isJudged ? Outcome::Nothing : isStream() ? judgeStream() : judgeArray();
        if (!isCurrent || outcome == Outcome::Nothing)
            m_watch.suspend();
        else if (outcome == Outcome::Judged)
            m_watch.finish();
    }
    announce();
}

void SharedLimitsPrivate::endDelay()
{
    // A delay must not end by a value that is over.
    if (m_follower.scheduleNewer(m_revision))
        return;
    m_watch.finish();
    announce();
}

SharedLimitsPrivate::Outcome SharedLimitsPrivate::judgeArray()
{
    if (m_watch.isKeyed())
        return judgeWhole();
    const qsizetype size = segment()->layout().elementSize();
    const qint64 first = std::max<qint64>(m_index, 0);
    SharedRevision revision;
    // Of an array of variable count, each read tells how many there are.
    const qint64 capacity = segment()->capacity();
    qint64 end = m_index < 0 || m_index >= capacity ? capacity : m_index + 1;
    const qint64 most = std::min(end - first, std::max<qint64>(LimitReadBytes / size, 1));
    if (most <= 0 || !makeSpace(most, size))
        return Outcome::Nothing;
    for (qint64 at = first; at < end; at += most) {
        const std::span<std::byte> space(m_bytes.data(), static_cast<std::size_t>(std::min(most, end - at) * size));
        if (!segment()->tryRead(space, at * size, &revision)) {
            m_follower.schedule();
            return Outcome::Unread;
        }
        end = std::min(end, revision.count);
        if (at == first) {
            if (m_index >= 0 && end <= first)
                return Outcome::Nothing;
            m_revision = revision.number;
            m_watch.begin({first, end}, revision.timestamp);
        }
        m_watch.judge({m_bytes.data(), size, {at, std::min(at + most, end)}, revision.timestamp});
    }
    return Outcome::Judged;
}

SharedLimitsPrivate::Outcome SharedLimitsPrivate::judgeWhole()
{
    const qsizetype size = segment()->layout().elementSize();
    const qint64 capacity = segment()->capacity();
    // As many as last time. Each revision may have another count, and a newer one may come before the next read.
    qint64 count = std::min(std::max<qint64>(static_cast<qint64>(m_bytes.size()) / size, 1), capacity);
    constexpr int MostTries = 8;
    for (int i = 0; i < MostTries; ++i) {
        SharedRevision revision;
        if (!makeSpace(count, size))
            return Outcome::Nothing;
        if (!segment()->tryRead(std::span(m_bytes.data(), static_cast<std::size_t>(count * size)), 0, &revision))
            break;
        if (revision.count <= count) {
            m_revision = revision.number;
            m_watch.judgeWhole({m_bytes.data(), size, {0, revision.count}, revision.timestamp});
            return Outcome::Judged;
        }
        count = revision.count;
    }
    m_follower.schedule();
    return Outcome::Unread;
}

SharedLimitsPrivate::Outcome SharedLimitsPrivate::judgeStream()
{
    if (!m_reader.follow())
        return Outcome::Nothing;
    auto &reader = m_reader.m_reader;
    const qsizetype size = segment()->layout().elementSize();
    const auto capacity = static_cast<qint64>(std::min<std::uint64_t>(reader.available(), 1U << 30));
    const qint64 most = std::min(capacity, std::max<qint64>(LimitReadBytes / size, 1));
    if (!makeSpace(most, size))
        return Outcome::Nothing;
    m_watch.begin({0, 1}, 0);
    for (qint64 taken = 0; taken < capacity;) {
        SharedRevision read;
        m_reader.read(std::span(m_bytes.data(), static_cast<std::size_t>(most * size)), &read);
        if (read.count == 0)
            break;
        taken += read.count;
        m_watch.judge({m_bytes.data(), size, {0, read.count}, m_reader.timeOf(read), &m_time});
    }
    m_revision = reader.position();
    if (reader.available() > 0)
        m_follower.schedule();
    return Outcome::Judged;
}

bool SharedLimitsPrivate::makeSpace(qint64 elements, qsizetype size)
{
    const auto bytes = static_cast<std::size_t>(elements * size);
    if (m_bytes.size() >= bytes)
        return true;
    // Another process chose the size.
    if (elements > std::max<qint64>(RowCache::MostBytes / size, 1) || !hasMemoryFor(elements, size)) {
        segment()->setError(SharedSegment::Error::OutOfMemory,
                            u"there is no memory to judge \"%1\": %2 elements of %3 bytes at once; %4"_s
                                .arg(segment()->name())
                                .arg(elements)
                                .arg(size)
                                .arg(m_watch.isKeyed() ? u"set no key"_s : u"watch another segment"_s));
        return false;
    }
    m_bytes = std::vector<std::byte>(bytes);
    return true;
}

bool SharedLimitsPrivate::acknowledge(qsizetype field, ElementIdentity identity)
{
    const bool isChanged = m_watch.acknowledge(field, identity);
    if (isChanged)
        announce();
    return isChanged;
}

bool SharedLimitsPrivate::acknowledgeAll()
{
    const bool isChanged = m_watch.acknowledgeAll();
    if (isChanged)
        announce();
    return isChanged;
}

void SharedLimitsPrivate::announce()
{
    using Level = LimitLevel;
    const bool isOpen = segment() && segment()->state() == SharedSegment::State::Open;
    const Level level = !m_watch.isEmpty()          ? m_watch.level()
                      : isOpen && !m_isUnknownField ? Level::Normal
                                                    : Level::Unknown;
    const bool isAcknowledged = m_watch.isAcknowledged();
    const auto count = static_cast<int>(m_watch.count());
    const bool hasRows = count > 0 || level != Level::Normal;
    const QPointer<SharedLimits> guard(q);
    const bool isOtherLevel = std::exchange(m_level, level) != level;
    const bool isOtherAcknowledged = std::exchange(m_isAcknowledged, isAcknowledged) != isAcknowledged;
    const bool isOtherCount = std::exchange(m_count, count) != count;
    const bool hadRows = std::exchange(m_hasRows, hasRows);
    if (isOtherCount)
        Q_EMIT q->countChanged();
    if (guard && isOtherAcknowledged)
        Q_EMIT q->acknowledgedChanged();
    if (guard && isOtherLevel)
        Q_EMIT q->levelChanged();
    if (guard && (hasRows || hadRows))
        Q_EMIT q->judged();
}
