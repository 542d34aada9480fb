// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <SharedSegment/SharedStream>

#include <QtCore/QtGlobal>

/// A line of a log.
struct Line
{
    qint64 timestamp; ///< ns since 1970-01-01 UTC
    quint8 level;     ///< as syslog counts: 0 emergency, 3 error, 4 warning, 6 information, 7 debugging
    char source[23];  ///< the program or part of the kernel; may be empty
    char text[224];
};
SHARED_STRUCT(Line, timestamp, level, source, text)
