// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "doorbell.h"
#include "error.h"
#include "processwatch.h"

#include <string>

namespace sharedsegment::os {

/// What an owner holds for as long as it owns, so that others are told when it is gone, also when its process goes on as another program
/// (execve(2)). Linux: a FIFO in the registry folder, whose readers are told when its only writer closes it. Elsewhere nothing: there the
/// watch on a process tells of both.
class OwnerMark
{
public:
    OwnerMark() = default;

    /// Makes it at a path where there is none.
    static Result<OwnerMark> create(const std::string &path);

    /// A watch on the owner who holds the mark at `path`. @returns NotFound when nobody does any more; Unsupported when there is none.
    static Result<ProcessWatch> watch(const std::string &path);

    /// Closes it and takes its path away. Does nothing in a forked child.
    void remove() { m_fifo.remove(); }

private:
    Doorbell m_fifo;
};

} // namespace sharedsegment::os
