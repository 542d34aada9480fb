// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegment_export.h"

#include <QtCore/QString>
#include <QtCore/QStringList>

/// Returns the result of SharedSegment::names(). `errorString` receives the reason if a folder or record could not be
/// examined, and otherwise becomes empty. For the command; not installed.
SHAREDSEGMENT_EXPORT QStringList segmentNames(const QString &registry, QString *errorString);
