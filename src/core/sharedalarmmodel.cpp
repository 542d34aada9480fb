// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sharedalarmmodel.h"

#include "sharedalarmmodel_p.h"

#include <QtCore/QLocale>
#include <QtCore/QMetaEnum>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace {

enum AlarmColumn { SegmentColumn, LabelColumn, TextColumn, LevelColumn, SinceColumn, AlarmColumnCount };

constexpr int MostAlarms = 10'000;

} // namespace

SharedAlarmModel::SharedAlarmModel(QObject *parent)
    : QAbstractTableModel(parent)
    , d(std::make_unique<SharedAlarmModelPrivate>(this))
{
}

SharedAlarmModel::~SharedAlarmModel() = default;

QObjectList SharedAlarmModel::sources() const
{
    QObjectList objects;
    for (const auto &source : d->m_sources)
        objects.append(source.given);
    return objects;
}

void SharedAlarmModel::setSources(const QObjectList &sources)
{
    const QObjectList before = this->sources();
    d->setSources(sources);
    if (this->sources() != before)
        Q_EMIT sourcesChanged();
}

QVariantList SharedAlarmModel::sourceList() const
{
    QVariantList list;
    for (QObject *const source : sources())
        list.append(QVariant::fromValue(source));
    return list;
}

void SharedAlarmModel::setSourceList(const QVariantList &sources)
{
    QObjectList objects;
    for (const QVariant &source : sources)
        objects.append(source.value<QObject *>());
    setSources(objects);
}

int SharedAlarmModel::limit() const
{
    return d->m_limit;
}

void SharedAlarmModel::setLimit(int limit)
{
    limit = std::clamp(limit, 1, MostAlarms);
    if (std::exchange(d->m_limit, limit) == limit)
        return;
    d->refresh();
    Q_EMIT limitChanged();
}

int SharedAlarmModel::count() const
{
    return static_cast<int>(d->m_rows.size());
}

int SharedAlarmModel::omitted() const
{
    return d->m_omitted;
}

int SharedAlarmModel::unacknowledged() const
{
    return d->m_unacknowledged;
}

SharedLimits::Level SharedAlarmModel::level() const
{
    return publicLevel(d->m_level);
}

int SharedAlarmModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : count();
}

int SharedAlarmModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : AlarmColumnCount;
}

QVariant SharedAlarmModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= count())
        return QVariant();
    const auto &row = d->m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return d->display(row, index.column());
    case SegmentNameRole:
        return row.segmentName;
    case FieldRole:
        return row.field;
    case ElementRole:
        return row.element;
    case LabelRole:
        return row.label;
    case ValueRole:
        return row.value;
    case TextRole:
        return d->textOf(row);
    case LevelRole:
        return QVariant::fromValue(publicLevel(row.level));
    case WorstLevelRole:
        return QVariant::fromValue(publicLevel(row.worstLevel));
    case SinceRole:
        return SharedRevision{0, row.since, 0}.toDateTime();
    case AcknowledgedRole:
        return row.isAcknowledged;
    case KeyRole:
        return row.key;
    default:
        return QVariant();
    }
}

QVariant SharedAlarmModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return QAbstractTableModel::headerData(section, orientation, role);
    switch (section) {
    case SegmentColumn:
        return u"Segment"_s;
    case LabelColumn:
        return u"Field"_s;
    case TextColumn:
        return u"Value"_s;
    case LevelColumn:
        return u"Level"_s;
    case SinceColumn:
        return u"Since"_s;
    default:
        return QVariant();
    }
}

QHash<int, QByteArray> SharedAlarmModel::roleNames() const
{
    return {{Qt::DisplayRole, "display"},
            {SegmentNameRole, "segmentName"},
            {FieldRole, "field"},
            {ElementRole, "element"},
            {LabelRole, "label"},
            {ValueRole, "value"},
            {TextRole, "text"},
            {LevelRole, "level"},
            {WorstLevelRole, "worstLevel"},
            {SinceRole, "since"},
            {AcknowledgedRole, "acknowledged"},
            {KeyRole, "key"}};
}

bool SharedAlarmModel::acknowledge(int row)
{
    if (row < 0 || row >= count())
        return false;
    const auto &of = d->m_rows[static_cast<std::size_t>(row)];
    SharedLimits *const limits = d->limitsOf(of);
    return limits && of.identity.field >= 0
        && SharedLimitsPrivate::of(*limits).acknowledge(of.identity.field, of.identity.element);
}

void SharedAlarmModel::acknowledgeAll()
{
    // A slot may set other sources.
    QList<QPointer<SharedLimits>> all;
    for (const auto &source : d->m_sources)
        all.append(source.limits);
    for (const QPointer<SharedLimits> &limits : std::as_const(all)) {
        if (limits)
            limits->acknowledge();
    }
}

SharedLimits *SharedAlarmModelPrivate::limitsOf(const Row &row) const
{
    const auto at = std::find_if(m_sources.begin(), m_sources.end(),
                                 [&](const Source &source) { return source.number == row.identity.source; });
    return at != m_sources.end() ? at->limits.data() : nullptr;
}

QString SharedAlarmModelPrivate::textOf(const Row &row) const
{
    if (row.identity.field < 0)
        return row.reason;
    SharedLimits *const limits = limitsOf(row);
    if (!limits)
        return QString();
    const auto &fields = SharedLimitsPrivate::of(*limits).m_watch.fields();
    const auto at = std::find_if(fields.begin(), fields.end(),
                                 [&](const FieldLimits &field) { return field.field() == row.identity.field; });
    return at != fields.end() ? at->metadata().text(row.value) : QString();
}

QVariant SharedAlarmModelPrivate::display(const Row &row, int column) const
{
    switch (column) {
    case SegmentColumn:
        return row.segmentName;
    case LabelColumn:
        if (row.key.isValid())
            return u"%1 %2"_s.arg(row.label, row.key.toString());
        return row.element < 0 ? row.label : u"%1 %2"_s.arg(row.label).arg(row.element);
    case TextColumn:
        return textOf(row);
    case LevelColumn:
        return QString::fromLatin1(QMetaEnum::fromType<SharedLimits::Level>().valueToKey(static_cast<int>(row.level)));
    case SinceColumn:
        return SharedRevision{0, row.since, 0}.toDateTime();
    default:
        return QVariant();
    }
}
