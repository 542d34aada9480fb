// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "deadline.h"
#include "registry.h"

#include "../os/error.h"

#include <functional>
#include <string>

namespace sharedsegment::engine {

/// Repeats `attempt`, which opens or creates the segment `name`, until it succeeds or `deadline` has passed: after each
/// change of the registry folder, after the end of the owner that has the name, and by a back-off where no notification
/// is available. Needs no event loop.
/// @param name empty for an attempt that does not depend on the registry; it is repeated by the back-off alone
/// @returns the last error of `attempt`: after the deadline, or at once when waiting does not help.
SHAREDSEGMENTENGINE_EXPORT Status awaitName(const Registry &registry, const std::string &name,
                                            const std::function<Status()> &attempt, Deadline deadline);

} // namespace sharedsegment::engine
