// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../engine/segment.h"

#include <QtCore/QVariantMap>

/// Returns the metadata that the owner has stored with a segment; empty if they are not one JSON object.
QVariantMap metadataOf(const sharedsegment::engine::Segment &segment);
