// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "segmentview.h"

namespace sharedsegment::engine {

Error SegmentView::notOfThisProcess() const
{
    if (isOwned)
        return {ErrorCode::PermissionDenied,
                "this process was forked from the owner of \"" + name
                    + "\" and cannot write to it; create it after the fork, or open it again to read it"};
    return {ErrorCode::PermissionDenied, "this process was forked from the one that opened \"" + name
                                             + "\" and can only read through that opening; open it again"};
}

} // namespace sharedsegment::engine
