// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QAbstractListModel>

#include <vector>

/// The least that shows numbers in memory: what one would write without this library and without other processes.
class BareModel : public QAbstractListModel
{
    Q_OBJECT

public:
    static constexpr int ValueRole = Qt::UserRole;

    explicit BareModel(qsizetype length, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = QModelIndex()) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QHash<int, QByteArray> roleNames() const override;

    std::vector<double> &values() { return m_values; }
    /// All values have changed.
    void announce();

private:
    std::vector<double> m_values;
};
