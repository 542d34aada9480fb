// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "segmentnames.h"

#include "../segment/segment.h"
#include "utf8_p.h"

#include <string>
#include <vector>

std::optional<QStringList> segmentNames(QString *errorString)
{
    const sharedsegment::Result<std::vector<std::string>> names = sharedsegment::segment::Segment::names();
    if (!names) {
        *errorString = textOf(names.error().text);
        return std::nullopt;
    }
    QStringList list;
    for (const std::string &name : *names)
        list.append(textOf(name));
    return list;
}
