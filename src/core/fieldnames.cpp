// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "fieldnames_p.h"

#include <QtCore/QSet>

using namespace Qt::StringLiterals;

QStringList fieldNames(const QList<FieldDecoder> &fields, const QStringList &taken)
{
    QStringList names;
    names.reserve(fields.size());
    // Another process may have made a layout of very many fields.
    QSet<QString> used(taken.cbegin(), taken.cend());
    for (const FieldDecoder &field : fields) {
        QString name = field.name().isEmpty() ? u"value"_s : field.name();
        name.replace(u'.', u'_');
        while (used.contains(name))
            name += u'_';
        used.insert(name);
        names.append(name);
    }
    return names;
}

QStringList namesTakenInDelegates()
{
    return {u"index"_s, u"model"_s};
}

qsizetype fieldOfName(const QList<FieldDecoder> &fields, const QString &name)
{
    const auto as = [&](auto nameOf) -> qsizetype {
        for (qsizetype i = 0; i < fields.size(); ++i) {
            if (nameOf(i) == name)
                return i;
        }
        return -1;
    };
    qsizetype field = as([&](qsizetype i) { return fields.at(i).name(); });
    if (field >= 0 && !name.isEmpty())
        return field;
    const QStringList inDelegates = fieldNames(fields, namesTakenInDelegates());
    field = as([&](qsizetype i) { return inDelegates.at(i); });
    if (field >= 0)
        return field;
    const QStringList plain = fieldNames(fields, {});
    field = as([&](qsizetype i) { return plain.at(i); });
    return field >= 0 ? field : as([&](qsizetype i) { return plain.at(i) + u'_'; });
}
