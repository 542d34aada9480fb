// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The levels of rows: when they are judged, and when they are announced.

#include "sharedarraymodel_p.h"

#include "userinterface_p.h"

#include <QtCore/QMetaObject>

#include <algorithm>
#include <utility>

LimitLevel SharedArrayModelPrivate::level(qsizetype field, int row)
{
    if (!m_levels.isRequested(field))
        requestLevel(field);
    if (!m_levels.isJudged(field))
        return m_isShownOpen ? LimitLevel::Normal : LimitLevel::Unknown;
    if (!isKeyed())
        return m_levels.shown(field, m_firstRow + row);
    if (!m_keyed.isChanging)
        return m_levels.shown(field, row);
    // Views know the levels of the rows that were there.
    const std::byte *const bytes = m_keyed.elements[static_cast<std::size_t>(row)];
    const qint64 now = m_cache.indexOf(bytes);
    if (now < 0)
        return m_levels.shown(field, (bytes - m_cache.elementBefore(m_cache.firstBefore())) / m_elementSize);
    const qint64 rowNow = now - m_cache.first();
    const int before = m_keyed.matching.before()[static_cast<std::size_t>(rowNow)];
    return before < 0 ? m_levels.judged(field, rowNow) : m_levels.shown(field, before);
}

void SharedArrayModelPrivate::requestLevel(qsizetype field)
{
    m_levels.request(field);
    // Rows that change show what they were, which was not judged.
    if (m_keyed.isChanging && m_levels.isEmpty())
        m_levels.assumeShown({0, static_cast<qint64>(m_keyed.keysBefore.size())});
    watchLevels(m_keyed.isChanging ? std::optional(LimitLevel::Unknown) : std::nullopt);
    if (!m_levels.isJudged(field))
        return;
    judgeLevels();
    if (m_keyed.isChanging)
        return;
    m_levels.showNew();
    queueLevels();
}

void SharedArrayModelPrivate::watchLevels(std::optional<LimitLevel> before)
{
    std::vector<FieldLimits> fields;
    for (qsizetype i = 0; i < m_metadata.size(); ++i) {
        if (!m_levels.isRequested(i))
            continue;
        QString warning;
        if (auto limits = FieldLimits::of(i, m_fields.at(i), m_metadata.at(i), segment()->name(), &warning))
            fields.push_back(std::move(*limits));
        if (!warning.isEmpty() && !m_warnedFields.contains(warning)) {
            m_warnedFields.append(warning);
            UserInterface::warn(q, warning);
        }
    }
    m_levels.setFields(std::move(fields), before);
    // Where there is nothing to judge, staleness needs no timer.
    QObject::disconnect(m_staleConnection);
    if (segment() && !m_levels.isEmpty())
        m_staleConnection = QObject::connect(segment(), &SharedSegment::staleChanged, q, [this] { updateLevels(); });
}

void SharedArrayModelPrivate::judgeLevels()
{
    if (m_levels.isEmpty() || m_isStale)
        return;
    const qint64 origin = isKeyed() ? m_cache.first() : 0;
    m_levels.judge(
        {m_cache.element(m_cache.first()), m_elementSize, {m_cache.first() - origin, m_cache.end() - origin}},
        m_cache.revision(), segment() && !segment()->isStale());
}

void SharedArrayModelPrivate::updateLevels()
{
    if (deferChange())
        return;
    // A delay must not end by a value that is over.
    if (m_isStale || !m_follower.scheduleNewer(m_cache.revision().number))
        judgeLevels();
    announceLevels();
}

void SharedArrayModelPrivate::queueLevels()
{
    if (m_levels.hasChanges())
        QMetaObject::invokeMethod(
            q, [this] { announceLevels(); }, Qt::QueuedConnection);
}

void SharedArrayModelPrivate::announceLevels()
{
    if (m_keyed.isChanging)
        return;
    const bool isOpen = segment() && segment()->state() == SharedSegment::State::Open;
    const quint64 ordering = m_rowOrderVersion;
    if (std::exchange(m_isShownOpen, isOpen) != isOpen && m_levels.hasRequests() && m_rows > 0) {
        // Fields without limits.
        const auto last = static_cast<int>(m_fields.size()) - 1;
        Q_EMIT q->dataChanged(q->index(0, 0), q->index(m_rows - 1, last),
                              Roles.roles({FieldRoles::Sort::Level}, 0, last));
    }
    if (ordering != m_rowOrderVersion || !m_levels.hasChanges())
        return;
    const quint64 version = m_levels.version();
    const qint64 origin = isKeyed() ? 0 : m_firstRow;
    const ElementRange known = isKeyed() ? ElementRange{0, m_rows} : m_requestedRows.range();
    for (const CellChanges::Block &block : m_levels.takeChanges(known)) {
        m_levels.show(block);
        const auto top = static_cast<int>(std::max<qint64>(block.top - origin, 0));
        const auto bottom = static_cast<int>(std::min<qint64>(block.bottom - origin, m_rows - 1));
        if (top <= bottom)
            Q_EMIT q->dataChanged(q->index(top, block.left), q->index(bottom, block.right),
                                  Roles.roles({FieldRoles::Sort::Level}, block.left, block.right));
        // A slot may have changed rows or levels, and announced what is left.
        if (ordering != m_rowOrderVersion || version != m_levels.version()) {
            queueLevels();
            return;
        }
    }
}
