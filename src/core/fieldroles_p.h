// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "fielddecoder.h"

#include <QtCore/QByteArray>
#include <QtCore/QHash>
#include <QtCore/QList>

/// The roles that a model has for its fields: a role is a field and a sort, which tells what of the field it gives.
///
/// The roles of each sort form a block of numbers, which begins with the role for the field of the column. The block of
/// values begins at Qt::UserRole, and the others have the same order. So a role of another sort is the role of the value
/// plus a constant.
class FieldRoles
{
public:
    enum class Sort {
        Value, ///< Qt::DisplayRole and Qt::EditRole are of this sort, too
        Text,  ///< the value as text for people; the name ends in `Text`
        Level, ///< where the value is among its limits; the name ends in `Level`
    };
    static constexpr int Sorts = 3;

    /// The distance of one sort's roles from those of the next one. No layout has as many fields.
    static constexpr int BlockSize = 1 << 20;
    /// The role of a sort for the field of the column.
    static constexpr int columnRole(Sort sort) { return Qt::UserRole + static_cast<int>(sort) * BlockSize; }

    /// What a role gives.
    struct Role
    {
        qsizetype field = -1; ///< -1: it is no role of a field
        Sort sort = Sort::Value;
    };

    /// @param firstField the role of the first field's value
    /// @param last the last sort that the model has
    constexpr FieldRoles(int firstField, Sort last)
        : m_firstField(firstField - Qt::UserRole)
        , m_sorts(static_cast<int>(last) + 1)
    {
    }

    /// Returns what a role gives in a column of a model that has as many fields. Inline, since views read very many values.
    constexpr Role find(int role, int column, qsizetype fields) const
    {
        if (role == Qt::DisplayRole || role == Qt::EditRole)
            return {column < fields ? column : -1, Sort::Value};
        const int number = role - Qt::UserRole;
        if (number < 0 || number >= m_sorts * BlockSize)
            return {};
        const int at = number % BlockSize;
        const int field = at == 0 ? column : at < m_firstField ? -1 : at - m_firstField;
        return {field < fields ? field : -1, static_cast<Sort>(number / BlockSize)};
    }

    /// Returns the names of a model's roles: those of its `own` ones, those for the column, and those for each field of a
    /// struct; `fields` is empty for another element. A value that is named like another role takes it. A role of another
    /// sort gets a trailing `_` where its name is taken.
    QHash<int, QByteArray> names(QHash<int, QByteArray> own, const QList<FieldDecoder> &fields) const;

    /// Returns the roles of some sorts of the fields from `first` to `last`, and of the column.
    QList<int> roles(QList<Sort> sorts, int first, int last) const;

private:
    int m_firstField; ///< within the block
    int m_sorts;
};
