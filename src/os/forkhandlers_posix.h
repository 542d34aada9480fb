// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

namespace sharedsegment::os {

/// Registers the handlers that run around fork(3), once for each process. Runs for the first time when the library is
/// loaded.
void installForkHandlers();

} // namespace sharedsegment::os
