// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sharedstreammodel.h"

#include "sharedstreammodel_p.h"

#include <algorithm>
#include <new>
#include <utility>

SharedStreamModel::SharedStreamModel(QObject *parent)
    : QAbstractTableModel(parent)
    , d(std::make_unique<SharedStreamModelPrivate>(this))
{
}

SharedStreamModel::~SharedStreamModel() = default;

SharedSegment *SharedStreamModel::segment() const
{
    return d->segment();
}

void SharedStreamModel::setSegment(SharedSegment *segment)
{
    if (segment == d->segment())
        return;
    d->setSegment(segment);
    Q_EMIT segmentChanged();
}

int SharedStreamModel::limit() const
{
    return d->m_limit;
}

void SharedStreamModel::setLimit(int limit)
{
    limit = std::max(limit, 0);
    if (std::exchange(d->m_limit, limit) == limit)
        return;
    d->trim(0);
    d->announce();
    Q_EMIT limitChanged();
}

double SharedStreamModel::maximumRate() const
{
    return d->m_follower.maximumRate();
}

void SharedStreamModel::setMaximumRate(double maximumRate)
{
    if (d->m_follower.setMaximumRate(maximumRate))
        Q_EMIT maximumRateChanged();
}

bool SharedStreamModel::isPaused() const
{
    return d->m_follower.isPaused();
}

void SharedStreamModel::setPaused(bool paused)
{
    if (paused == isPaused())
        return;
    if (paused)
        d->sync(); // Shows what came before this call.
    d->m_isCatchingUp = true;
    d->m_follower.setPaused(paused);
    if (!paused)
        d->sync(); // The segment may have been closed meanwhile.
    Q_EMIT pausedChanged();
}

quint64 SharedStreamModel::skipped() const
{
    return d->m_skipped;
}

quint64 SharedStreamModel::revision() const
{
    return d->m_next;
}

int SharedStreamModel::count() const
{
    return d->m_rows.count();
}

int SharedStreamModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : d->m_rows.count();
}

int SharedStreamModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(d->m_fields.size());
}

QVariant SharedStreamModel::data(const QModelIndex &index, int role) const
{
    // An invalid index has row -1, for which element() returns null.
    const std::byte *const element = d->m_rows.element(index.row());
    if (!element)
        return QVariant();
    const FieldRoles::Role wanted = d->role(role, index.column());
    // An array field may have very many items.
    try {
        if (wanted.field >= 0) {
            const FieldDecoder &field = d->m_fields.at(wanted.field);
            if (wanted.sort == FieldRoles::Sort::Text)
                return d->m_metadata.at(wanted.field).text(field, element);
            return role == Qt::DisplayRole ? field.readForDisplay(element) : field.read(element);
        }
    } catch (const std::bad_alloc &) {
        d->failForMemory(count());
        return QVariant();
    }
    if (role == PositionRole)
        return d->m_rows.position(index.row());
    return role == TimeRole ? d->time(index.row()) : QVariant();
}

QVariant SharedStreamModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal)
        return FieldMetadata::headerData(d->m_metadata, section, role);
    return role == Qt::DisplayRole && section >= 0 && section < count() ? QVariant(d->m_rows.position(section))
                                                                        : QVariant();
}

QHash<int, QByteArray> SharedStreamModel::roleNames() const
{
    return d->m_roleNames;
}

void SharedStreamModel::setViewHidden(bool hidden)
{
    if (std::exchange(d->m_isViewHidden, hidden) == hidden)
        return;
    d->m_isCatchingUp = true;
    if (!hidden && std::exchange(d->m_isUpdateDeferred, false))
        d->m_follower.schedule();
}
