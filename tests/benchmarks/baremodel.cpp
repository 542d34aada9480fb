// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "baremodel.h"

BareModel::BareModel(qsizetype length, QObject *parent)
    : QAbstractListModel(parent)
    , m_values(static_cast<std::size_t>(length))
{
}

int BareModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_values.size());
}

QVariant BareModel::data(const QModelIndex &index, int role) const
{
    const auto row = static_cast<std::size_t>(index.row());
    if (!index.isValid() || row >= m_values.size() || (role != Qt::DisplayRole && role != ValueRole))
        return QVariant();
    return m_values[row];
}

QHash<int, QByteArray> BareModel::roleNames() const
{
    return {{Qt::DisplayRole, "display"}, {ValueRole, "value"}};
}

void BareModel::announce()
{
    Q_EMIT dataChanged(index(0), index(rowCount() - 1));
}
