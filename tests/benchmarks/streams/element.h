// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <SharedSegment/SharedStream>

#include <cstdint>

/// What is sent: 64 bytes that begin with their own number.
struct Element
{
    std::uint64_t number = 0;
    std::uint8_t rest[56] = {};
};
static_assert(sizeof(Element) == 64);
SHARED_STRUCT(Element, number, rest)

using ElementStream = SharedStream<Element>;
