// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sensors.h"

#include <QtCore/QAbstractListModel>

#include <vector>

/// What one would write by hand to show sensors: rows that stay with their sensors.
class SensorModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Roles { NumberRole = Qt::UserRole, StateRole, ValueRole, LeastRole, GreatestRole, LabelRole };

    explicit SensorModel(const std::vector<Sensor> &sensors);

    int rowCount(const QModelIndex &parent = QModelIndex()) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QHash<int, QByteArray> roleNames() const override;

    /// Shows the next revision.
    virtual void show(const Sensors &sensors) = 0;
    /// Whether it shows these.
    bool shows(const std::vector<Sensor> &sensors) const;

protected:
    int count() const { return static_cast<int>(m_rows.size()); }
    const Sensor &at(int row) const { return m_sensors[m_rows[static_cast<std::size_t>(row)]]; }
    void change(int row, const Sensor &sensor);
    /// Announces rows whose value has changed.
    void announce(Sensors::Rows rows);
    void remove(Sensors::Rows rows);
    /// @param sensors those that are to lie in the rows
    void insert(Sensors::Rows rows, const Sensor *sensors);

private:
    // Numbers of 4 bytes move in place of sensors, where rows come and go.
    std::vector<Sensor> m_sensors;
    std::vector<quint32> m_rows;
    std::vector<quint32> m_unused;
};

/// Is told by its feeder which rows have changed, and does nothing else.
class ToldModel : public SensorModel
{
    Q_OBJECT

public:
    using SensorModel::SensorModel;
    void show(const Sensors &sensors) override;
};

/// Gets all sensors of a revision, and finds out by their numbers what has changed.
class KeyedModel : public SensorModel
{
    Q_OBJECT

public:
    using SensorModel::SensorModel;
    void show(const Sensors &sensors) override;

private:
    void removeGone(const std::vector<Sensor> &sensors);
};
