// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The mapped part of a record lies in the paging file and cannot shrink.

#include "recordguard.h"

namespace sharedsegment::os {

RecordGuard::RecordGuard(const Mapping &, std::string) { }

void RecordGuard::regrow() const { }

void RecordGuard::reset() { }

} // namespace sharedsegment::os
