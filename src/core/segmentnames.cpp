// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "segmentnames.h"

#include "registryof_p.h"
#include "utf8_p.h"

#include <string>
#include <vector>

QStringList segmentNames(const QString &registry, QString *errorString)
{
    sharedsegment::Error unseen;
    const sharedsegment::Result<std::vector<std::string>> names = registryOf(registry).names(&unseen);
    *errorString = textOf(names ? unseen.text : names.error().text);
    QStringList list;
    if (!names)
        return list;
    for (const std::string &name : *names)
        list.append(textOf(name));
    return list;
}
