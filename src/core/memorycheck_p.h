// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegment_export.h"

#include <QtCore/QtGlobal>

/// Returns whether memory for `count` items of `size` bytes is available, as far as the system tells it. Another
/// process determines the sizes in a segment, and Qt's containers end the program when an allocation fails.
SHAREDSEGMENT_EXPORT bool hasMemoryFor(qint64 count, qsizetype size = 1);
