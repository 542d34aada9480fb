// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QAbstractItemModel>
#include <QtCore/QVariant>

#include <algorithm>
#include <vector>

/// A view that reads all rows, of all folders, at each signal about rows and headers. What a row shows may change by dataChanged()
/// alone, in the roles that it names.
class RowWitness : public QObject
{
public:
    explicit RowWitness(const QAbstractItemModel *model)
        : m_model(model)
    {
        using Model = QAbstractItemModel;
        connect(model, &Model::rowsAboutToBeInserted, this, [this] { check("rowsAboutToBeInserted"); });
        connect(model, &Model::rowsAboutToBeRemoved, this, [this] { check("rowsAboutToBeRemoved"); });
        connect(model, &Model::headerDataChanged, this, [this] { check("headerDataChanged"); });
        connect(model, &Model::rowsInserted, this, [this](const QModelIndex &parent, int first, int last) {
            std::vector<Row> &rows = rowOf(parent).children;
            for (int row = first; row <= last; ++row)
                rows.insert(rows.begin() + row, read(m_model->index(row, 0, parent)));
            check("rowsInserted");
        });
        connect(model, &Model::rowsRemoved, this, [this](const QModelIndex &parent, int first, int last) {
            std::vector<Row> &rows = rowOf(parent).children;
            rows.erase(rows.begin() + first, rows.begin() + last + 1);
            check("rowsRemoved");
        });
        connect(model, &Model::dataChanged, this, &RowWitness::update);
        connect(model, &Model::modelReset, this, &RowWitness::readAll);
        connect(model, &Model::layoutChanged, this, &RowWitness::readAll);
        readAll();
    }

    /// Compares all rows with what has been announced. @returns the first difference so far, and at which signal; empty if none.
    QString problem()
    {
        check("the end");
        return m_problem;
    }

private:
    struct Row
    {
        QVariantList values; ///< of each column all roles
        std::vector<Row> children;
    };

    Row read(const QModelIndex &index) const
    {
        Row row;
        for (int column = 0; index.isValid() && column < m_model->columnCount(index.parent()); ++column) {
            for (const int role : m_roles)
                row.values.append(index.siblingAtColumn(column).data(role));
        }
        for (int child = 0; child < m_model->rowCount(index); ++child)
            row.children.push_back(read(m_model->index(child, 0, index)));
        return row;
    }

    void readAll()
    {
        m_roles = m_model->roleNames().keys();
        m_root = read(QModelIndex());
    }

    Row &rowOf(const QModelIndex &index)
    {
        return index.isValid() ? rowOf(index.parent()).children.at(static_cast<std::size_t>(index.row())) : m_root;
    }

    void update(const QModelIndex &topLeft, const QModelIndex &bottomRight, const QList<int> &roles)
    {
        for (int row = topLeft.row(); row <= bottomRight.row(); ++row) {
            QVariantList &values = rowOf(topLeft.siblingAtRow(row)).values;
            for (int column = topLeft.column(); column <= bottomRight.column(); ++column) {
                for (qsizetype i = 0; i < m_roles.size(); ++i) {
                    if (roles.isEmpty() || roles.contains(m_roles[i]))
                        values[column * m_roles.size() + i] = topLeft.sibling(row, column).data(m_roles[i]);
                }
            }
        }
    }

    void check(const char *where)
    {
        if (m_problem.isEmpty())
            m_problem = difference(QModelIndex(), m_root);
        if (!m_problem.isEmpty() && !m_problem.contains(u'@'))
            m_problem += QStringLiteral(" @ %1").arg(QLatin1String(where));
    }

    QString difference(const QModelIndex &parent, const Row &known) const
    {
        const auto count = static_cast<int>(known.children.size());
        if (m_model->rowCount(parent) != count)
            return QStringLiteral("%1 rows, not %2").arg(m_model->rowCount(parent)).arg(count);
        QString result;
        for (int row = 0; row < count && result.isEmpty(); ++row) {
            const QModelIndex index = m_model->index(row, 0, parent);
            const Row &each = known.children.at(static_cast<std::size_t>(row));
            for (qsizetype i = 0; i < each.values.size(); ++i) {
                const QVariant now =
                    index.siblingAtColumn(static_cast<int>(i / m_roles.size())).data(m_roles[i % m_roles.size()]);
                if (now != each.values[i])
                    return QStringLiteral("row %1, column %2, %3: %4, not %5")
                        .arg(row)
                        .arg(i / m_roles.size())
                        .arg(QString::fromUtf8(m_model->roleNames().value(m_roles[i % m_roles.size()])), now.toString(),
                             each.values[i].toString());
            }
            result = difference(index, each);
        }
        return result;
    }

    const QAbstractItemModel *const m_model;
    QList<int> m_roles;
    Row m_root;
    QString m_problem;
};
