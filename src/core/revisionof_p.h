// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedrevision.h"

#include "../engine/revisioninfo.h"

/// Returns what the engine says of a revision as the value of the public API.
inline SharedRevision revisionOf(const sharedsegment::RevisionInfo &info)
{
    return {info.number, info.timestamp, static_cast<qint64>(info.count), info.sourceTimestamp};
}
