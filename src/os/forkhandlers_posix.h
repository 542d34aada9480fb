// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

namespace sharedsegment::os {

/// Makes sure that fork(3) calls what has to happen around it. Called for the first time when the library is loaded.
void installForkHandlers();

} // namespace sharedsegment::os
