// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "registry.h"

#include "../os/error.h"

#include <string>

namespace sharedsegment::engine {

/// The error of a name without an owner: names the registry, and a name with a living owner that is much like it. Takes
/// longer than the lookup, so use it for errors that a person sees.
SHAREDSEGMENTENGINE_EXPORT Error notFound(const Registry &registry, const std::string &name);

} // namespace sharedsegment::engine
