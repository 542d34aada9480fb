// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

/// @file
/// Text in a field `char[N]`: UTF-8, up to its first NUL or to the end of the field.

#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace sharedsegment {

namespace detail {

/// Returns how many of the first `size` bytes form whole characters. Each byte that is not UTF-8 counts as a character.
constexpr std::size_t wholeCharacters(std::string_view utf8, std::size_t size)
{
    if (size >= utf8.size())
        return utf8.size();
    // A character has at most four bytes; all but the first have the form 10xxxxxx.
    for (std::size_t back = 0; back <= 3 && back <= size; ++back) {
        if ((static_cast<unsigned char>(utf8[size - back]) & 0xc0) != 0x80)
            return size - back;
    }
    return size;
}

/// @returns whether the whole text is in the field.
constexpr bool setText(char *field, std::size_t size, std::string_view text)
{
    const std::string_view whole = text.substr(0, text.find('\0'));
    const std::size_t used = wholeCharacters(whole, size);
    std::fill(std::copy_n(whole.begin(), used, field), field + size, '\0');
    return used == text.size();
}

constexpr std::string_view text(const char *field, std::size_t size)
{
    return {field, static_cast<std::size_t>(std::find(field, field + size, '\0') - field)};
}

} // namespace detail

/// Returns the text in `field`: its bytes up to the first NUL, or all of them without a NUL. The result refers to the
/// field.
///
/// Thread-safe if no thread writes the field.
template<std::size_t N>
constexpr std::string_view text(const char (&field)[N])
{
    return detail::text(field, N);
}

/// Returns the text in `field`, a std::array, as above. Thread-safe if no thread writes the field.
template<std::size_t N>
constexpr std::string_view text(const std::array<char, N> &field)
{
    return detail::text(field.data(), N);
}

/// Writes `text`, which is UTF-8, into `field` and fills the rest with NUL. Not thread-safe for one field.
///
/// A longer text is cut at the end of a character, and any text at a NUL. A text that fills the field has no NUL after it.
/// @returns whether the whole text is in the field: false if it was cut.
template<std::size_t N>
constexpr bool setText(char (&field)[N], std::string_view text)
{
    return detail::setText(field, N, text);
}

/// Writes `text` into `field`, a std::array, as above. Not thread-safe for one field.
template<std::size_t N>
constexpr bool setText(std::array<char, N> &field, std::string_view text)
{
    return detail::setText(field.data(), N, text);
}

} // namespace sharedsegment
