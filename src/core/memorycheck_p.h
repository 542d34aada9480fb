// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegment_export.h"

#include <QtCore/QtGlobal>

/// Whether memory for `count` things of `size` bytes is to be had, as far as that can be told. Qt's containers end the program otherwise, and
/// sizes that a segment says are another process's.
SHAREDSEGMENT_EXPORT bool hasMemoryFor(qint64 count, qsizetype size = 1);
