// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

/// @file
/// The text in a field `char[N]`: UTF-8, up to its first NUL or to its end.

#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace sharedsegment {

namespace detail {

/// How many of the first `size` bytes are whole characters. Bytes that are no UTF-8 count as characters of their own.
constexpr std::size_t wholeCharacters(std::string_view utf8, std::size_t size)
{
    if (size >= utf8.size())
        return utf8.size();
    // A character has four bytes at most, all but its first of the form 10xxxxxx.
    for (std::size_t back = 0; back <= 3 && back <= size; ++back) {
        if ((static_cast<unsigned char>(utf8[size - back]) & 0xc0) != 0x80)
            return size - back;
    }
    return size;
}

/// @returns whether all of the text is in the field.
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

/// @{
/// The text in a field: its bytes up to the first NUL, all of them if there is none. Valid as long as the field is.
template<std::size_t N>
constexpr std::string_view text(const char (&field)[N])
{
    return detail::text(field, N);
}
template<std::size_t N>
constexpr std::string_view text(const std::array<char, N> &field)
{
    return detail::text(field.data(), N);
}
/// @}

/// @{
/// Puts UTF-8 into a field and fills the rest with NUL. What is too long is cut where a character ends; a text that fills the field has no
/// NUL behind it. @returns false if the text was cut, which it is at a NUL, too.
template<std::size_t N>
constexpr bool setText(char (&field)[N], std::string_view text)
{
    return detail::setText(field, N, text);
}
template<std::size_t N>
constexpr bool setText(std::array<char, N> &field, std::string_view text)
{
    return detail::setText(field.data(), N, text);
}
/// @}

} // namespace sharedsegment
