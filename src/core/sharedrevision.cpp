// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sharedrevision.h"

QDateTime SharedRevision::toDateTime() const
{
    return timestamp == 0 ? QDateTime() : QDateTime::fromMSecsSinceEpoch(timestamp / 1'000'000);
}
