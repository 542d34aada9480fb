// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// For systems on which Qt's own folder watch is sufficient.

#include "pathwatch.h"

namespace sharedsegment::os {

Result<PathWatch> PathWatch::start()
{
    return Error{ErrorCode::Unsupported, "this system has no watch on a path; poll it instead"};
}

Status PathWatch::watch(const std::string &, const std::vector<Place> &)
{
    return Error{ErrorCode::Unsupported, "this system has no watch on a path; poll it instead"};
}

PathWatch::Changes PathWatch::take()
{
    return {true, true, {}, true, true};
}

} // namespace sharedsegment::os
