// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "qmlnames.h"

using namespace Qt::StringLiterals;

QStringList qmlNames(const QList<FieldDecoder> &fields, const QStringList &taken)
{
    QStringList names;
    names.reserve(fields.size());
    for (const FieldDecoder &field : fields) {
        QString name = field.name().isEmpty() ? u"value"_s : field.name();
        name.replace(u'.', u'_');
        while (taken.contains(name) || names.contains(name))
            name += u'_';
        names.append(name);
    }
    return names;
}
