// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QSortFilterProxyModel>
#include <QtQml/qqmlregistration.h>

/// Sorts the rows of a model by the values of a column.
class SortedModel : public QSortFilterProxyModel
{
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(int column READ sortColumn WRITE setColumn NOTIFY sorted)
    Q_PROPERTY(bool descending READ isDescending WRITE setDescending NOTIFY sorted)

public:
    SortedModel() { setColumn(0); }

    void setColumn(int column) { sortBy(column, sortOrder()); }
    bool isDescending() const { return sortOrder() == Qt::DescendingOrder; }
    void setDescending(bool descending) { sortBy(sortColumn(), descending ? Qt::DescendingOrder : Qt::AscendingOrder); }

Q_SIGNALS:
    void sorted();

private:
    void sortBy(int column, Qt::SortOrder order)
    {
        sort(column, order);
        Q_EMIT sorted();
    }
};
