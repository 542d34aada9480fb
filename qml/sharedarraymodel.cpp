// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sharedarraymodel.h"

#include "../src/core/memorycheck_p.h"
#include "sharedarraymodel_p.h"

#include <QtQml/QJSValue>

#include <algorithm>
#include <new>
#include <utility>

using namespace Qt::StringLiterals;

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
    // Copy all rows now: later the segment no longer has this revision for rows scrolled to.
    if (paused && d->m_rows > 0 && (!d->isSmall() || d->m_isStale) && d->read(d->window())) {
        d->m_hasOutdatedRows = false;
        const bool isNewer = d->m_cache.revision().number != d->m_revisionInfo.number;
        d->setRevisionInfo(d->m_cache.revision());
        if (isNewer && d->m_requestedRows.isEmpty())
            d->announceValues();
        d->announceChanges();
    }
    Q_EMIT pausedChanged();
}

quint64 SharedArrayModel::revision() const
{
    return d->m_revisionInfo.number;
}

QDateTime SharedArrayModel::updatedAt() const
{
    const qint64 nanoseconds = d->m_revisionInfo.timestamp;
    return nanoseconds == 0 ? QDateTime() : QDateTime::fromMSecsSinceEpoch(nanoseconds / 1'000'000);
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
    const FieldDecoder *field = d->field(index.column(), role);
    const std::byte *element = field ? d->element(index.row()) : nullptr;
    if (!element)
        return QVariant();
    // An array field may have very many items.
    try {
        return role == Qt::DisplayRole ? field->readForDisplay(element) : field->read(element);
    } catch (const std::bad_alloc &) {
        d->failForMemory();
        return QVariant();
    }
}

QVariant SharedArrayModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole || section < 0)
        return QVariant();
    if (orientation == Qt::Vertical)
        return section < d->m_rows ? QVariant(d->m_firstRow + section) : QVariant();
    if (section >= d->m_fields.size())
        return QVariant();
    return d->columnName(section);
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

bool SharedArrayModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (!index.isValid() || index.row() >= d->m_rows)
        return d->fail(SharedSegment::Error::InvalidSize,
                       u"there is no such row or column; there are %1 rows and %2 columns"_s.arg(d->m_rows).arg(
                           columnCount()));
    const FieldDecoder *field = d->field(index.column(), role);
    if (!field || role == Qt::DisplayRole)
        return d->fail(SharedSegment::Error::InvalidValue,
                       u"the role %1 cannot be written; use \"edit\" or a field's role"_s.arg(role));
    const auto column = static_cast<int>(field - d->m_fields.constData());
    const QVariant plain = value.metaType() == QMetaType::fromType<QJSValue>() ? value.value<QJSValue>().toVariant()
                                                                               : value;
    QByteArray bytes;
    QString why;
    try {
        if (!hasMemoryFor(d->m_elementSize))
            throw std::bad_alloc();
        bytes.fill('\0', d->m_elementSize);
        if (!field->write(reinterpret_cast<std::byte *>(bytes.data()), plain, FieldDecoder::Strings::Convert, &why)) {
            segment()->setError(SharedSegment::Error::InvalidValue, u"row %1: %2"_s.arg(index.row()).arg(why));
            return false;
        }
    } catch (const std::bad_alloc &) {
        d->failForMemory(1);
        return false;
    }
    const SharedArrayModelPrivate::Edit edit{d->m_firstRow + index.row(), column, *field, bytes};
    if (d->m_editDepth == 0)
        return d->commit({edit});
    if (!d->isWritable()) {
        segment()->setError(SharedSegment::Error::PermissionDenied,
                            u"\"%1\" cannot be edited; open it ReadWrite while its owner lives"_s.arg(
                                segment()->name()));
        return false;
    }
    d->m_edits.append(edit);
    return true;
}

void SharedArrayModel::beginEdit()
{
    ++d->m_editDepth;
}

bool SharedArrayModel::endEdit()
{
    if (d->m_editDepth == 0)
        return d->fail(SharedSegment::Error::InvalidState, u"no edits are being collected; call beginEdit() first"_s);
    if (--d->m_editDepth > 0)
        return true;
    return d->commit(std::exchange(d->m_edits, {}));
}

void SharedArrayModel::cancelEdit()
{
    d->m_editDepth = 0;
    d->m_edits.clear();
}

QByteArray SharedArrayModel::slice(qint64 first, qint64 count) const
{
    const std::optional<ElementRange> range = d->elements(first, count);
    if (!range)
        return QByteArray();
    // Another process chose the size. Reading allocates pages of the segment, too, so that the need is twice the size.
    if (!hasMemoryFor(range->count(), 2 * d->m_elementSize)) {
        d->failForMemory(range->count());
        return QByteArray();
    }
    QByteArray bytes(static_cast<qsizetype>(range->count()) * d->m_elementSize, Qt::Uninitialized);
    const std::span<char> to(bytes.data(), static_cast<std::size_t>(bytes.size()));
    return segment()->read(std::as_writable_bytes(to), range->first * d->m_elementSize) ? bytes : QByteArray();
}

double SharedArrayModel::minimum(qint64 first, qint64 count, const QString &field) const
{
    return d->statistics(first, count, field).minimum;
}

double SharedArrayModel::maximum(qint64 first, qint64 count, const QString &field) const
{
    return d->statistics(first, count, field).maximum;
}

double SharedArrayModel::mean(qint64 first, qint64 count, const QString &field) const
{
    const Reduction reduction = d->statistics(first, count, field);
    return reduction.count == 0 ? std::numeric_limits<double>::quiet_NaN()
                                : reduction.sum / static_cast<double>(reduction.count);
}

double SharedArrayModel::sum(qint64 first, qint64 count, const QString &field) const
{
    return d->statistics(first, count, field).sum;
}

quint64 SharedArrayModel::readCount() const
{
    return d->m_cache.readCount();
}

void SharedArrayModel::classBegin() { }

void SharedArrayModel::componentComplete()
{
    d->followView();
}
