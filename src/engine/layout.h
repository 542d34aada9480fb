// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "../os/error.h"
#include "typedescription.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sharedsegment::engine {

/// One field of an element: its flattened name (`pos.x`; empty for an element that is not a struct), type and offset.
struct SHAREDSEGMENTENGINE_EXPORT Field
{
    std::string name;
    Scalar scalar = Scalar::U8;
    std::uint32_t count = 1; ///< elements of an array, bytes of a text, otherwise 1
    bool isArray = false;
    std::uint32_t offset = 0;

    std::uint32_t size() const;      ///< in bytes, the whole field
    std::uint32_t alignment() const; ///< natural alignment
    std::string typeText() const;    ///< `f64`, `f32[3]`, `char[20]`

    bool operator==(const Field &) const = default;
};

/// The type of a segment's elements: a scalar, text, an array of scalars, or a struct of such fields. An immutable
/// value; reading it is thread-safe.
class SHAREDSEGMENTENGINE_EXPORT Layout
{
public:
    Layout() = default;

    /// Parses the canonical text, or the short form without offsets and size. @returns InvalidLayout, with the position
    /// and the reason.
    static Result<Layout> parse(std::string_view text);

    /// The layout of an element with `fields` and a total of `size` bytes. A single unnamed field makes an element that
    /// is not a struct.
    static Result<Layout> make(std::string structName, std::vector<Field> fields, std::uint32_t size);

    /// The layout of a C++ type.
    static Result<Layout> make(const TypeDescription &type);

    bool isValid() const { return m_size != 0; }
    bool isStruct() const { return m_isStruct; }
    const std::string &text() const { return m_text; } ///< the canonical text
    const std::string &structName() const { return m_structName; }
    const std::vector<Field> &fields() const { return m_fields; }
    std::uint32_t elementSize() const { return m_size; }
    std::uint32_t elementAlignment() const { return m_alignment; }
    std::uint64_t fingerprint() const { return m_fingerprint; }

    /// Formats a number of bytes as elements, for messages: "2 elements (16 bytes)".
    std::string amount(std::uint64_t bytes) const;

    /// Describes the first difference between `found` and this layout, as part of a sentence; empty if they are equal.
    std::string firstDifference(const Layout &found) const;

    /// The remedy for that difference, as part of a sentence; empty if they are equal.
    std::string remedyFor(const Layout &found) const;

    bool operator==(const Layout &other) const { return m_text == other.m_text; }

private:
    std::string m_text;
    std::string m_structName;
    std::vector<Field> m_fields;
    std::uint32_t m_size = 0;
    std::uint32_t m_alignment = 1;
    std::uint64_t m_fingerprint = 0;
    bool m_isStruct = false;
};

} // namespace sharedsegment::engine
