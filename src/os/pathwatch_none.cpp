// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Systems whose folders Qt watches well enough.

#include "pathwatch.h"

namespace sharedsegment::os {

Result<PathWatch> PathWatch::start()
{
    return Error{ErrorCode::Unsupported, "this system has no watch on a path; look at it now and then"};
}

Status PathWatch::watch(const std::string &, const std::vector<Place> &)
{
    return Error{ErrorCode::Unsupported, "this system has no watch on a path; look at it now and then"};
}

PathWatch::Changes PathWatch::take()
{
    return {true, true};
}

} // namespace sharedsegment::os
