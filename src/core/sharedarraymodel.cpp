// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sharedarraymodel.h"

#include "qmlinteger_p.h"
#include "sharedarraymodel_p.h"
#include "sharedlimits_p.h"

#include <algorithm>
#include <new>
#include <utility>

SharedArrayModel::SharedArrayModel(QObject *parent)
    : QAbstractTableModel(parent)
    , d(std::make_unique<SharedArrayModelPrivate>(this))
{
}

SharedArrayModel::~SharedArrayModel() = default;

SharedSegment *SharedArrayModel::segment() const
{
    return d->segment();
}

void SharedArrayModel::setSegment(SharedSegment *segment)
{
    if (segment != d->segment())
        d->m_levels.forgetStates();
    if (d->m_follower.setSegment(segment))
        Q_EMIT segmentChanged();
}

qint64 SharedArrayModel::firstRow() const
{
    return d->m_firstRow;
}

void SharedArrayModel::setFirstRow(qint64 firstRow)
{
    firstRow = std::max<qint64>(firstRow, 0);
    if (firstRow == d->m_firstRow)
        return;
    d->setWindow(firstRow, d->m_rowLimit);
    Q_EMIT firstRowChanged();
}

qint64 SharedArrayModel::rowLimit() const
{
    return d->m_rowLimit;
}

void SharedArrayModel::setRowLimit(qint64 rowLimit)
{
    rowLimit = std::max<qint64>(rowLimit, -1);
    if (rowLimit == d->m_rowLimit)
        return;
    d->setWindow(d->m_firstRow, rowLimit);
    Q_EMIT rowLimitChanged();
}

QString SharedArrayModel::key() const
{
    return d->m_keyed.name;
}

void SharedArrayModel::setKey(const QString &key)
{
    if (key == d->m_keyed.name)
        return;
    d->setKey(key);
    Q_EMIT keyChanged();
}

double SharedArrayModel::maximumRate() const
{
    return d->m_follower.maximumRate();
}

void SharedArrayModel::setMaximumRate(double maximumRate)
{
    if (d->m_follower.setMaximumRate(maximumRate))
        Q_EMIT maximumRateChanged();
}

bool SharedArrayModel::isPaused() const
{
    return d->m_follower.isPaused();
}

void SharedArrayModel::setPaused(bool paused)
{
    if (!d->m_follower.setPaused(paused))
        return;
    if (paused)
        d->hold();
    else
        d->updateLevels();
    Q_EMIT pausedChanged();
}

quint64 SharedArrayModel::revision() const
{
    return d->m_revisionInfo.number;
}

QDateTime SharedArrayModel::updatedAt() const
{
    return d->m_revisionInfo.toDateTime();
}

int SharedArrayModel::count() const
{
    return d->m_rows;
}

int SharedArrayModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : d->m_rows;
}

int SharedArrayModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(d->m_fields.size());
}

QVariant SharedArrayModel::data(const QModelIndex &index, int role) const
{
    // An invalid index has row -1, for which element() returns null.
    const FieldRoles::Role wanted = d->role(role, index.column());
    const std::byte *element = wanted.field >= 0 ? d->element(index.row()) : nullptr;
    if (!element)
        return QVariant();
    if (wanted.sort == FieldRoles::Sort::Level)
        return QVariant::fromValue(publicLevel(d->level(wanted.field, index.row())));
    const FieldDecoder &field = d->m_fields.at(wanted.field);
    // An array field may have very many items.
    try {
        if (wanted.sort == FieldRoles::Sort::Text)
            return d->m_shownMetadata.at(wanted.field).text(field, element);
        return role == Qt::DisplayRole ? field.readForDisplay(element) : field.read(element);
    } catch (const std::bad_alloc &) {
        d->failForMemory();
        return QVariant();
    }
}

QVariant SharedArrayModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal)
        return FieldMetadata::headerData(d->m_shownMetadata, section, role);
    return role == Qt::DisplayRole && section >= 0 && section < d->m_rows ? QVariant(d->m_firstRow + section)
                                                                          : QVariant();
}

Qt::ItemFlags SharedArrayModel::flags(const QModelIndex &index) const
{
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (index.isValid() && d->isWritable())
        flags |= Qt::ItemIsEditable;
    return flags;
}

QHash<int, QByteArray> SharedArrayModel::roleNames() const
{
    return d->m_roleNames;
}

quint64 SharedArrayModel::readCount() const
{
    return d->m_cache.readCount();
}

void SharedArrayModel::setViewHidden(bool hidden)
{
    if (std::exchange(d->m_isViewHidden, hidden) && !hidden)
        d->resumeUpdates();
}

void SharedArrayModel::setFirstRowReal(double firstRow)
{
    setFirstRow(QmlInteger::fromReal(firstRow));
}

void SharedArrayModel::setRowLimitReal(double rowLimit)
{
    setRowLimit(QmlInteger::fromReal(rowLimit));
}
