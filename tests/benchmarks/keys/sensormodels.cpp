// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sensormodels.h"

#include <QtCore/QSet>

#include <numeric>

SensorModel::SensorModel(const std::vector<Sensor> &sensors)
    : m_sensors(sensors)
    , m_rows(sensors.size())
{
    std::iota(m_rows.begin(), m_rows.end(), 0);
}

int SensorModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant SensorModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= count())
        return QVariant();
    const Sensor &sensor = at(index.row());
    switch (role) {
    case NumberRole:
        return sensor.number;
    case StateRole:
        return sensor.state;
    case Qt::DisplayRole:
    case ValueRole:
        return sensor.value;
    case LeastRole:
        return sensor.least;
    case GreatestRole:
        return sensor.greatest;
    case LabelRole:
        return QString::fromUtf8(sensor.label);
    default:
        return QVariant();
    }
}

QHash<int, QByteArray> SensorModel::roleNames() const
{
    return {{NumberRole, "number"}, {StateRole, "state"},       {ValueRole, "value"},
            {LeastRole, "least"},   {GreatestRole, "greatest"}, {LabelRole, "label"}};
}

bool SensorModel::shows(const std::vector<Sensor> &sensors) const
{
    if (sensors.size() != m_rows.size())
        return false;
    for (int row = 0; row < count(); ++row) {
        if (!(at(row) == sensors[static_cast<std::size_t>(row)]))
            return false;
    }
    return true;
}

void SensorModel::change(int row, const Sensor &sensor)
{
    m_sensors[m_rows[static_cast<std::size_t>(row)]] = sensor;
}

void SensorModel::announce(Sensors::Rows rows)
{
    Q_EMIT dataChanged(index(rows.first), index(rows.first + rows.count - 1), {ValueRole});
}

void SensorModel::remove(Sensors::Rows rows)
{
    beginRemoveRows(QModelIndex(), rows.first, rows.first + rows.count - 1);
    const auto first = m_rows.begin() + rows.first;
    m_unused.insert(m_unused.end(), first, first + rows.count);
    m_rows.erase(first, first + rows.count);
    endRemoveRows();
}

void SensorModel::insert(Sensors::Rows rows, const Sensor *sensors)
{
    beginInsertRows(QModelIndex(), rows.first, rows.first + rows.count - 1);
    for (int i = 0; i < rows.count; ++i) {
        quint32 place = 0;
        if (m_unused.empty()) {
            place = static_cast<quint32>(m_sensors.size());
            m_sensors.emplace_back();
        } else {
            place = m_unused.back();
            m_unused.pop_back();
        }
        m_sensors[place] = sensors[i];
        m_rows.insert(m_rows.begin() + rows.first + i, place);
    }
    endInsertRows();
}

void ToldModel::show(const Sensors &sensors)
{
    const std::vector<Sensor> &all = sensors.all();
    for (auto rows = sensors.gone().rbegin(); rows != sensors.gone().rend(); ++rows)
        remove(*rows);
    for (const Sensors::Rows &rows : sensors.fresh())
        insert(rows, all.data() + rows.first);
    for (const Sensors::Rows &rows : sensors.changed()) {
        for (int row = rows.first; row < rows.first + rows.count; ++row)
            change(row, all[static_cast<std::size_t>(row)]);
        announce(rows);
    }
}

void KeyedModel::removeGone(const std::vector<Sensor> &sensors)
{
    QSet<quint32> numbers;
    numbers.reserve(static_cast<qsizetype>(sensors.size()));
    for (const Sensor &sensor : sensors)
        numbers.insert(sensor.number);
    for (int end = count(); end > 0;) {
        int first = end;
        while (first > 0 && !numbers.contains(at(first - 1).number))
            --first;
        if (first < end)
            remove({first, end - first});
        end = first - 1;
    }
}

void KeyedModel::show(const Sensors &sensors)
{
    // Sensors do not change their order here, so nothing has to move.
    const std::vector<Sensor> &all = sensors.all();
    const auto total = static_cast<int>(all.size());
    removeGone(all);
    for (int row = 0; row < total;) {
        const Sensor *const now = all.data() + row;
        int end = row;
        if (row == count() || at(row).number != now->number) {
            while (end < total && (row == count() || at(row).number != all[static_cast<std::size_t>(end)].number))
                ++end;
            insert({row, end - row}, now);
        } else if (at(row) == *now) {
            ++end;
        } else {
            while (end < total && end < count() && at(end).number == all[static_cast<std::size_t>(end)].number
                   && !(at(end) == all[static_cast<std::size_t>(end)])) {
                change(end, all[static_cast<std::size_t>(end)]);
                ++end;
            }
            announce({row, end - row});
        }
        row = end;
    }
}
