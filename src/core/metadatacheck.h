// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedlayout.h"
#include "sharedsegment_export.h"

#include <QtCore/QString>
#include <QtCore/QVariantMap>

#include <optional>

/// Checks metadata that a program wants to store with a segment. Not installed.
///
/// Readers take a wrong key for absent (FieldMetadata, TimeMetadata), so that the mistake of a program would only be seen in
/// what is missing on a screen. Keys that the library does not know are the program's, and pass.
namespace MetadataCheck {

struct Problem
{
    QString key;  ///< the key of the whole object within which the problem is
    QString text; ///< an error text: names the key, the fault and the remedy
};

/// Returns the first problem of `metadata`, as they are read from JSON, for a segment of that layout.
SHAREDSEGMENT_EXPORT std::optional<Problem> find(const SharedLayout &layout, const QVariantMap &metadata);

} // namespace MetadataCheck
