// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegment_export.h"

#include <QtCore/QString>
#include <QtCore/QStringList>

/// What SharedSegment::names() returns. `errorString` is what kept it from looking at all that there is, and otherwise empty. For the command;
/// not installed.
SHAREDSEGMENT_EXPORT QStringList segmentNames(QString *errorString);
