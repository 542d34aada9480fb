// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sharedrevision.h"

namespace {

QDateTime dateTimeOf(qint64 nanoseconds)
{
    return nanoseconds == 0 ? QDateTime() : QDateTime::fromMSecsSinceEpoch(nanoseconds / 1'000'000);
}

} // namespace

QDateTime SharedRevision::toDateTime() const
{
    return dateTimeOf(timestamp);
}

QDateTime SharedRevision::toSourceDateTime() const
{
    return dateTimeOf(sourceTimestamp);
}
