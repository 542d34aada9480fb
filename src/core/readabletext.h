// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegment_export.h"

#include <QtCore/QString>

/// Sizes and times as short texts for people. For the models and the command; not installed.
namespace ReadableText {

/// Returns a number of bytes in the largest fitting unit: `1.5 MiB`.
SHAREDSEGMENT_EXPORT QString bytes(double bytes);

/// Returns a time in seconds, minutes or hours: `3.4 s`, `12 min`.
SHAREDSEGMENT_EXPORT QString duration(double milliseconds);

} // namespace ReadableText
