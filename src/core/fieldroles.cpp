// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "fieldroles_p.h"

#include "fieldnames_p.h"

#include <QtCore/QSet>

#include <utility>

namespace {

constexpr const char *SortSuffixes[FieldRoles::Sorts] = {"", "Text", "Level"};

} // namespace

QHash<int, QByteArray> FieldRoles::names(QHash<int, QByteArray> own, const QList<FieldDecoder> &fields) const
{
    const QStringList values = fieldNames(fields, namesTakenInDelegates());
    const QStringList plain = fieldNames(fields, {});
    const bool hasValueField = values.contains(QLatin1String("value"));
    own.insert(columnRole(Sort::Value), "value");
    own.removeIf([&values](auto role) { return values.contains(QString::fromLatin1(role.value())); });
    QHash<int, QByteArray> all = std::move(own);
    for (qsizetype i = 0; i < values.size(); ++i)
        all.insert(Qt::UserRole + m_firstField + static_cast<int>(i), values.at(i).toUtf8());
    QSet<QByteArray> taken(all.cbegin(), all.cend());
    const auto add = [&](int role, QByteArray name) {
        while (taken.contains(name))
            name += '_';
        taken.insert(name);
        all.insert(role, name);
    };
    for (int sort = 1; sort < m_sorts; ++sort) {
        const int column = columnRole(static_cast<Sort>(sort));
        for (qsizetype i = 0; i < plain.size(); ++i)
            add(column + m_firstField + static_cast<int>(i), plain.at(i).toUtf8() + SortSuffixes[sort]);
        // A field that is named `value` takes this role, too.
        if (!hasValueField)
            add(column, QByteArray("value") + SortSuffixes[sort]);
    }
    return all;
}

QList<int> FieldRoles::roles(QList<Sort> sorts, int first, int last) const
{
    QList<int> roles;
    for (const Sort sort : sorts) {
        if (sort == Sort::Value)
            roles << Qt::DisplayRole << Qt::EditRole;
        roles.append(columnRole(sort));
        for (int field = first; field <= last; ++field)
            roles.append(columnRole(sort) + m_firstField + field);
    }
    return roles;
}
