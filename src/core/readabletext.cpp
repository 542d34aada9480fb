// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "readabletext.h"

#include <iterator>

using namespace Qt::StringLiterals;

namespace ReadableText {

QString bytes(double bytes)
{
    static constexpr const char *units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    std::size_t unit = 0;
    while (bytes >= 1024 && unit + 1 < std::size(units)) {
        bytes /= 1024;
        ++unit;
    }
    return QString::number(bytes, 'f', unit == 0 || bytes >= 100 ? 0 : 1) + u' ' + QLatin1String(units[unit]);
}

QString duration(double milliseconds)
{
    const double seconds = milliseconds / 1000;
    if (seconds < 120)
        return QString::number(seconds, 'f', 1) + u" s"_s;
    if (seconds < 7200)
        return QString::number(seconds / 60, 'f', 0) + u" min"_s;
    return QString::number(seconds / 3600, 'f', 0) + u" h"_s;
}

} // namespace ReadableText
