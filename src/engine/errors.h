// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "../os/error.h"

#include <cstdint>
#include <string>
#include <string_view>

/// The errors that the engine and the interfaces above it have in common, each with its text and remedy.
namespace sharedsegment::engine::errors {

SHAREDSEGMENTENGINE_EXPORT Error notOpen();
SHAREDSEGMENTENGINE_EXPORT Error openAlready(std::string_view name);
SHAREDSEGMENTENGINE_EXPORT Error openForReadingOnly(std::string_view name);
/// A write attempt after the owner's end.
SHAREDSEGMENTENGINE_EXPORT Error ownerGone(std::string_view name);
/// A step of a write transaction that is not active.
SHAREDSEGMENTENGINE_EXPORT Error noTransaction();
/// External memory and what it lacks.
SHAREDSEGMENTENGINE_EXPORT Error noNotifications();
SHAREDSEGMENTENGINE_EXPORT Error noElements(std::int64_t count);
SHAREDSEGMENTENGINE_EXPORT Error tooManyBuffers(std::int64_t count);
/// Others keep taking the name away between two steps.
SHAREDSEGMENTENGINE_EXPORT Error nameContested(std::string_view name);

} // namespace sharedsegment::engine::errors
