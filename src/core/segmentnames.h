// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegment_export.h"

#include <QtCore/QString>
#include <QtCore/QStringList>

#include <optional>

/// What SharedSegment::names() returns; nothing, with the error's text, where it cannot look. For the command; not installed.
SHAREDSEGMENT_EXPORT std::optional<QStringList> segmentNames(QString *errorString);
