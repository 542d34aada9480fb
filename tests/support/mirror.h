// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <string_view>

namespace support {

/// Prepares the options of engine::createSegment() for this name: one that begins with "@" is for mirrors alone. Options
/// without a source, which know no mirrors, stay as they are.
template<typename Options>
void setSourceOf(Options &options, std::string_view name)
{
    if constexpr (requires { options.source; }) {
        if (name.starts_with('@'))
            options.source = decltype(options.source){1}; // The other host is reachable.
    }
}

} // namespace support
