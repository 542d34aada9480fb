// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sharedregistrymodel.h"

#include "sharedregistrymodel_p.h"

#include <utility>

using namespace Qt::StringLiterals;

SharedRegistryModel::SharedRegistryModel(QObject *parent)
    : SharedRegistryModel(Initialization::Deferred, parent)
{
    d->start();
}

SharedRegistryModel::SharedRegistryModel(Initialization, QObject *parent)
    : QAbstractItemModel(parent)
    , d(std::make_unique<SharedRegistryModelPrivate>(this))
{
}

SharedRegistryModel::~SharedRegistryModel() = default;

void SharedRegistryModel::endInitialization()
{
    d->start();
}

QString SharedRegistryModel::registry() const
{
    return d->m_registry;
}

void SharedRegistryModel::setRegistry(const QString &registry)
{
    if (std::exchange(d->m_registry, registry) == registry)
        return;
    if (d->m_isStarted)
        d->change([this] { d->start(); });
    Q_EMIT registryChanged();
}

bool SharedRegistryModel::isTree() const
{
    return d->m_isTree;
}

void SharedRegistryModel::setTree(bool tree)
{
    if (std::exchange(d->m_isTree, tree) == tree)
        return;
    d->change([this] {
        beginResetModel();
        d->rebuild();
        endResetModel();
    });
    Q_EMIT treeChanged();
}

bool SharedRegistryModel::keepClosed() const
{
    return d->m_keepsClosed;
}

void SharedRegistryModel::setKeepClosed(bool keepClosed)
{
    if (std::exchange(d->m_keepsClosed, keepClosed) == keepClosed)
        return;
    if (!keepClosed)
        removeClosed();
    Q_EMIT keepClosedChanged();
}

QString SharedRegistryModel::filter() const
{
    return d->m_filter;
}

void SharedRegistryModel::setFilter(const QString &filter)
{
    if (std::exchange(d->m_filter, filter) == filter)
        return;
    d->change([this] { d->setFilter(d->m_filter); });
    Q_EMIT filterChanged();
}

int SharedRegistryModel::count() const
{
    return d->m_count;
}

QString SharedRegistryModel::errorString() const
{
    return d->m_announcedError;
}

QModelIndex SharedRegistryModel::indexOf(const QString &fullName) const
{
    const RegistryRow *const row = d->find(fullName);
    return row && row->entry ? d->indexOf(row) : QModelIndex();
}

void SharedRegistryModel::removeClosed()
{
    d->change([this] { d->removeClosed(); });
}

QModelIndex SharedRegistryModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return QModelIndex();
    return createIndex(row, column, d->rowOf(parent)->children.at(static_cast<std::size_t>(row)).get());
}

QModelIndex SharedRegistryModel::parent(const QModelIndex &child) const
{
    return child.isValid() ? d->indexOf(d->rowOf(child)->parent) : QModelIndex();
}

int SharedRegistryModel::rowCount(const QModelIndex &parent) const
{
    return parent.column() > 0 ? 0 : static_cast<int>(d->rowOf(parent)->children.size());
}

int SharedRegistryModel::columnCount(const QModelIndex &) const
{
    return AgeColumn + 1;
}

QVariant SharedRegistryModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return QVariant();
    static constexpr Role roles[] = {NameRole,  PreviewRole, KindRole,    LayoutRole,    CapacityRole, BytesRole,
                                     OwnerRole, PidRole,     BackendRole, ListenersRole, RateRole,     AgeRole};
    const RegistryRow &row = *d->rowOf(index);
    if (role == Qt::DisplayRole)
        return d->text(row, index.column());
    if (role == Qt::TextAlignmentRole)
        return headerData(index.column(), Qt::Horizontal, role);
    return d->value(row, role == ValueRole || role == Qt::EditRole ? roles[index.column()] : role);
}

QVariant SharedRegistryModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    static const QString titles[] = {u"Name"_s,  u"Newest"_s,  u"Kind"_s,    u"Layout"_s,    u"Capacity"_s, u"Memory"_s,
                                     u"Owner"_s, u"Process"_s, u"Backend"_s, u"Listeners"_s, u"Rate"_s,     u"Age"_s};
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return QVariant();
    if (role == Qt::TextAlignmentRole) {
        const bool isNumber = section == CapacityColumn || section == BytesColumn || section == PidColumn
                           || section >= ListenersColumn;
        return int((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    return role == Qt::DisplayRole ? QVariant(titles[section]) : QVariant();
}

Qt::ItemFlags SharedRegistryModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    const RegistryEntry *const entry = d->rowOf(index)->entry;
    const bool isClosed = entry && !entry->isOpen;
    return isClosed ? Qt::ItemIsSelectable : Qt::ItemIsSelectable | Qt::ItemIsEnabled;
}

QHash<int, QByteArray> SharedRegistryModel::roleNames() const
{
    return {{Qt::DisplayRole, "display"},
            {Qt::EditRole, "edit"},
            {ValueRole, "value"},
            {NameRole, "name"},
            {FullNameRole, "fullName"},
            {OpenRole, "open"},
            {ClosedRole, "closed"},
            {KindRole, "kind"},
            {LayoutRole, "layout"},
            {CapacityRole, "capacity"},
            {ElementSizeRole, "elementSize"},
            {BytesRole, "bytes"},
            {OwnerRole, "owner"},
            {PidRole, "pid"},
            {BackendRole, "backend"},
            {ListenersRole, "listeners"},
            {RevisionRole, "revision"},
            {RateRole, "rate"},
            {AgeRole, "age"},
            {PreviewRole, "preview"},
            {SourceRole, "source"},
            {ProblemRole, "problem"}};
}

void SharedRegistryModel::setViewHidden(bool hidden)
{
    d->setHidden(hidden);
}
