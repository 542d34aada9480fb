// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "memorycheck_p.h"

#include "../engine/memorycheck.h"

bool hasMemoryFor(qint64 count, qsizetype size)
{
    return sharedsegment::engine::hasMemoryFor(count, size);
}
