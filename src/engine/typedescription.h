// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// Descriptions of C++ types, from which layouts are made. Free of Qt, so that producers without Qt use them too.
namespace sharedsegment {

/// The types of fields; Char is the type of the bytes of a text.
enum class Scalar : std::uint8_t {
    I8,   ///< `i8`
    U8,   ///< `u8`
    I16,  ///< `i16`
    U16,  ///< `u16`
    I32,  ///< `i32`
    U32,  ///< `u32`
    I64,  ///< `i64`
    U64,  ///< `u64`
    F32,  ///< `f32`
    F64,  ///< `f64`
    Bool, ///< `bool`, a byte of 0 or 1
    Char, ///< a byte of a text, `char[N]`
};

/// One field of a type.
struct FieldDescription
{
    std::string name;     ///< the name, flattened: `pos.x`; empty for a type that is not a struct
    Scalar scalar;        ///< the type of each item
    std::uint32_t count;  ///< the number of items of an array, of bytes of a text, else 1
    bool isArray;         ///< whether it is an array; false for a text
    std::uint32_t offset; ///< the offset from the start of the element, in bytes
};

/// The description of a type: name, size and flattened fields.
struct TypeDescription
{
    std::string name;                     ///< the name of the struct; empty for another type
    std::size_t size = 0;                 ///< the size in bytes
    std::vector<FieldDescription> fields; ///< the fields, sorted by offset
};

} // namespace sharedsegment
