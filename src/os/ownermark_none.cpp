// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Systems whose watch on a process tells also when it becomes another program, or on which none does.

#include "ownermark.h"

namespace sharedsegment::os {

Result<OwnerMark> OwnerMark::create(const std::string &)
{
    return OwnerMark();
}

Result<ProcessWatch> OwnerMark::watch(const std::string &)
{
    return Error{ErrorCode::Unsupported, "owners have no marks on this system; watch its process"};
}

bool ProcessWatch::hasEnded() const
{
    return m_kind == Kind::Process;
}

} // namespace sharedsegment::os
