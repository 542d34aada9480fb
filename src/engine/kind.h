// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

namespace sharedsegment::engine {

/// The kinds of content.
enum class Kind {
    FixedArray, ///< arrays of a fixed number of elements, of which readers get the newest revision
    External,   ///< the memory of another library, without a record or a protocol
};

} // namespace sharedsegment::engine
