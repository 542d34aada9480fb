// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The levels of a SharedObject's fields: where their values are among the limits of the metadata.

#include "sharedobject_p.h"

#include <QtCore/QMetaObject>
#include <QtCore/QPointer>

#include <algorithm>
#include <utility>
#include <vector>

using namespace Qt::StringLiterals;

LimitLevel SharedObjectPrivate::firstLevel(qsizetype field)
{
    m_hasLevels = true;
    watchLevels();
    followStaleness();
    judgeLevels();
    // Levels of other fields may have changed while a binding reads this one.
    QMetaObject::invokeMethod(
        q, [this] { announceLevels(); }, Qt::QueuedConnection);
    return levelOf(field);
}

void SharedObjectPrivate::watchLevels()
{
    if (!m_hasLevels)
        return;
    std::vector<FieldLimits> fields;
    for (qsizetype i = 0; i < m_metadata.size(); ++i) {
        const bool isRequested =
            std::any_of(m_fieldsByName.cbegin(), m_fieldsByName.cend(),
                        [i](const SharedField *field) { return field->d->field == i && field->d->isLevelRequested; });
        if (!isRequested)
            continue;
        QString warning;
        if (auto limits = FieldLimits::of(i, m_fields.at(i), m_metadata.at(i), m_follower.segment()->name(), &warning))
            fields.push_back(std::move(*limits));
        if (!warning.isEmpty())
            warnOnce(warning, warning);
    }
    m_watch.setFields(std::move(fields));
}

void SharedObjectPrivate::followStaleness()
{
    QObject::disconnect(m_staleConnection);
    if (m_watch.isEmpty() || !m_follower.segment())
        return;
    m_staleConnection = QObject::connect(m_follower.segment(), &SharedSegment::staleChanged, q, [this] {
        const QPointer<SharedObject> guard(q);
        if (!m_follower.isPaused())
            refresh();
        if (!guard)
            return;
        judgeLevels();
        announceLevels();
    });
}

void SharedObjectPrivate::judgeLevels()
{
    if (!m_watch.isEmpty() && m_hasValues && m_follower.segment())
        m_watch.judgeLevels({m_shown.data(), m_layout.elementSize(), {0, 1}}, m_revisionInfo,
                            !m_follower.segment()->isStale());
}

LimitLevel SharedObjectPrivate::levelOf(qsizetype field) const
{
    if (field < 0 || !m_hasValues)
        return LimitLevel::Unknown;
    if (m_watch.isWatched(field))
        return m_watch.levelOf(field, 0);
    const bool isOpen = m_follower.segment() && m_follower.segment()->state() == SharedSegment::State::Open;
    return isOpen ? LimitLevel::Normal : LimitLevel::Unknown;
}

void SharedObjectPrivate::announceLevels()
{
    if (!m_hasLevels)
        return;
    const QPointer<SharedObject> guard(q);
    const QHash<QString, SharedField *> fields = m_fieldsByName;
    for (SharedField *const field : fields) {
        const LimitLevel level = levelOf(field->d->field);
        if (!field->d->isLevelRequested || std::exchange(field->d->level, level) == level)
            continue;
        Q_EMIT field->levelChanged();
        if (!guard)
            return;
    }
}
