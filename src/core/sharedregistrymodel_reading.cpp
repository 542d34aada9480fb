// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What the memory of the names says, for the rows that a view asks for.

#include "../engine/opensegment.h"
#include "sharedregistrymodel_p.h"
#include "utf8_p.h"

#include <QtCore/QDeadlineTimer>
#include <QtCore/QTimerEvent>

#include <algorithm>
#include <chrono>
#include <utility>

namespace engine = sharedsegment::engine;

namespace {

/// Each takes two mappings, of which a process can have 65530.
constexpr std::size_t MostWatchedRows = 1000;
constexpr int ReadInterval = 1000; // ms
/// A rate over less than this time would jump.
constexpr qint64 ShortestRated = 500;  // ms
constexpr qint64 LongestRated = 10000; // ms; nothing was counted while a view was hidden
/// How long opening memory may hold up the event loop at once.
constexpr int MostFreshMilliseconds = 4;

const QList<int> &memoryRoles()
{
    using Model = SharedRegistryModel;
    static const QList<int> roles{Qt::DisplayRole,      Qt::EditRole,        Model::ValueRole,
                                  Model::LayoutRole,    Model::CapacityRole, Model::ElementSizeRole,
                                  Model::ListenersRole, Model::RevisionRole, Model::RateRole,
                                  Model::AgeRole,       Model::PreviewRole,  Model::SourceRole,
                                  Model::ProblemRole};
    return roles;
}

qint64 millisecondsSince(qint64 timestamp)
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const qint64 age = std::chrono::duration_cast<std::chrono::nanoseconds>(now).count() - timestamp;
    return std::max<qint64>(age, 0) / 1'000'000;
}

} // namespace

void SharedRegistryModelPrivate::ask(RegistryEntry *entry)
{
    entry->isRequested = true;
    if (entry->isWatched || !entry->isOpen || m_isHidden || m_fresh.size() + m_watched.size() >= MostWatchedRows)
        return;
    entry->isWatched = true;
    m_fresh.push_back(entry);
    if (!m_freshTimer.isActive())
        m_freshTimer.start(0, this);
}

void SharedRegistryModelPrivate::release(RegistryEntry &entry)
{
    entry.isWatched = false;
    entry.reading.close();
}

void SharedRegistryModelPrivate::readMemory(RegistryEntry &entry) const
{
    RegistryEntry::Reading &reading = entry.reading;
    if (!reading.segment) {
        auto opened = engine::openSegment(m_names->registry(), entry.record.name, sharedsegment::os::Access::ReadOnly);
        if (!opened) {
            // NotFound: its row is about to go.
            if (opened.error().code != sharedsegment::ErrorCode::NotFound)
                reading.problem = textOf(opened.error().text);
            return;
        }
        reading.segment = *std::move(opened);
        reading.problem.clear();
        reading.layout = textOf(reading.segment->layout()->text());
        reading.elementSize = reading.segment->layout()->elementSize();
        reading.capacity = reading.segment->geometry().capacity;
    }
    const qint64 now = m_clock.elapsed();
    reading.readAt = now;
    reading.listeners = reading.segment->listenerCount();
    entry.record.source = reading.segment->owner().source();
    reading.revision = reading.segment->revision();
    const qint64 elapsed = now - reading.ratedAt;
    if (reading.ratedAt == 0 || elapsed >= ShortestRated) {
        const bool isCounted = reading.ratedAt != 0 && elapsed < LongestRated;
        const quint64 fresh = reading.revision - std::min(reading.ratedFrom, reading.revision);
        reading.rate = isCounted ? double(fresh) * 1000 / double(elapsed) : -1;
        reading.ratedAt = std::max<qint64>(now, 1);
        reading.ratedFrom = reading.revision;
    }
    const qint64 timestamp = reading.segment->timestamp();
    // While a writer is at work, the time may be unknown for a moment.
    if (timestamp != 0 && std::exchange(reading.timestamp, timestamp) != timestamp) {
        reading.age = millisecondsSince(timestamp);
        reading.agedAt = now;
    }
    if (!std::exchange(entry.isPreviewRequested, false))
        return;
    if (!reading.preview)
        reading.preview = std::make_unique<ElementPreview>(reading.segment);
    if (const std::optional<QString> text = reading.preview->read())
        reading.previewText = *text;
}

void SharedRegistryModelPrivate::timerEvent(QTimerEvent *event)
{
    if (event->timerId() == m_freshTimer.timerId())
        change([this] { readFresh(); });
    else
        change([this] { readWatched(); });
}

void SharedRegistryModelPrivate::readFresh()
{
    const QDeadlineTimer deadline(MostFreshMilliseconds);
    std::vector<RegistryRow *> rows;
    std::size_t done = 0;
    while (done < m_fresh.size() && (done == 0 || !deadline.hasExpired())) {
        RegistryEntry *const entry = m_fresh[done++];
        m_watched.push_back(entry);
        readMemory(*entry);
        if (RegistryRow *const row = find(entry->name))
            rows.push_back(row);
    }
    m_fresh.erase(m_fresh.begin(), m_fresh.begin() + static_cast<std::ptrdiff_t>(done));
    if (m_fresh.empty())
        m_freshTimer.stop();
    if (!m_readTimer.isActive() && !m_watched.empty())
        m_readTimer.start(ReadInterval, this);
    announceRows(rows, memoryRoles());
}

void SharedRegistryModelPrivate::readWatched()
{
    std::vector<RegistryRow *> rows;
    for (RegistryEntry *const entry : m_watched) {
        // A view asks again after each change that is announced: one that did not shows this row no more.
        if (!std::exchange(entry->isRequested, false) || !entry->isOpen) {
            release(*entry);
            continue;
        }
        readMemory(*entry);
        if (RegistryRow *const row = find(entry->name))
            rows.push_back(row);
    }
    std::erase_if(m_watched, [](const RegistryEntry *entry) { return !entry->isWatched; });
    if (m_watched.empty())
        m_readTimer.stop();
    announceRows(rows, memoryRoles());
}

void SharedRegistryModelPrivate::setHidden(bool hidden)
{
    if (std::exchange(m_isHidden, hidden) == hidden)
        return;
    if (hidden) {
        m_freshTimer.stop();
        m_readTimer.stop();
        // They stay in the list: their delegates ask again only once they are told of a change.
        for (RegistryEntry *const entry : m_watched)
            entry->reading.close();
        return;
    }
    if (!m_fresh.empty())
        m_freshTimer.start(0, this);
    if (m_watched.empty())
        return;
    for (RegistryEntry *const entry : m_watched)
        entry->isRequested = true;
    m_readTimer.start(ReadInterval, this);
    change([this] { readWatched(); });
}
