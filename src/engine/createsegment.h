// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "createoptions.h"
#include "layout.h"
#include "registry.h"

#include "../os/error.h"

#include <string_view>

namespace sharedsegment::engine {

/// Creates and publishes a segment with `options.content`, or without a revision.
/// @returns AlreadyExists when a living owner has the name, InvalidName when the name is not valid, or does not fit
/// `options.source`. Leaves nothing behind on failure.
SHAREDSEGMENTENGINE_EXPORT Result<CreatedSegment> createSegment(const Registry &registry, std::string_view name,
                                                                const Layout &layout, const CreateOptions &options);

} // namespace sharedsegment::engine
