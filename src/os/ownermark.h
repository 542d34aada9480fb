// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "doorbell.h"
#include "error.h"
#include "processwatch.h"

#include <string>

namespace sharedsegment::os {

/// A kernel object that an owner holds as long as it owns a segment. Watching it reveals the owner's end, including the
/// end by execve(2), when the process continues as another program.
///
/// Linux: a FIFO in the registry folder; its readers see the end of file when its only writer closes it. Elsewhere the
/// mark is empty, because a ProcessWatch reports both events. Owns the FIFO and its path.
class SHAREDSEGMENTENGINE_EXPORT OwnerMark
{
public:
    OwnerMark() = default;

    /// Creates the mark at `path`, which must be free.
    static Result<OwnerMark> create(const std::string &path);

    /// Watches the owner that holds the mark at `path`.
    /// @returns NotFound when no process holds it any more; Unsupported when there is no mark.
    static Result<ProcessWatch> watch(const std::string &path);

    /// Closes the mark and removes its path. Does nothing in a forked child.
    void remove() { m_fifo.remove(); }

private:
    Doorbell m_fifo;
};

} // namespace sharedsegment::os
