// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// For systems whose process watch also reports execve(2), and for systems without execve(2).

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
