// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "layout.h"
#include "typeproblem.h"

#include "../os/error.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What the files that implement Layout have in common.
namespace sharedsegment::engine {

inline constexpr std::uint64_t MaximumElementBytes = detail::MaximumElementSize;
inline constexpr std::size_t MaximumFields = 65536;

struct ScalarType
{
    std::string_view name;
    std::uint32_t size;
};

/// In the order of Scalar.
inline constexpr ScalarType ScalarTypes[] = {
    {"i8", 1},  {"u8", 1},  {"i16", 2}, {"u16", 2}, {"i32", 4},  {"u32", 4},
    {"i64", 8}, {"u64", 8}, {"f32", 4}, {"f64", 8}, {"bool", 1}, {"char", 1},
};

/// The remedy for errors whose reason does not contain one.
inline constexpr std::string_view LayoutRemedy = "; write it as f64, f32[3], char[20] or Point{x:f64;y:f64}";

/// Quotes and shortens text for a message: untrusted text may have a mebibyte.
std::string inQuotes(std::string_view text);

/// The text of a field in a canonical layout: `x:f64@8`.
std::string fieldText(const Field &field);

/// The alignment at which all fields are naturally aligned in an element of `size` bytes; 1 if none. The sizes must be
/// valid.
std::uint32_t commonAlignment(const std::vector<Field> &fields, std::uint64_t size);

/// The error of a layout that cannot be.
Error invalidLayout(const std::string &reason);

} // namespace sharedsegment::engine
