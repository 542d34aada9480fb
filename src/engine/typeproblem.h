// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "typedescription.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

/// Base of sharedsegment::StructTag that makes argument-dependent lookup search the global namespace as well.
struct SharedSegmentGlobalScope
{
};

namespace sharedsegment {

/// Parameter of the functions that SHARED_STRUCT defines, so that argument-dependent lookup finds them.
struct StructTag : ::SharedSegmentGlobalScope
{
};

/// Which types can be shared, and why another cannot.
namespace detail {

inline constexpr std::size_t MaximumElementSize = 0x7fffffff;
inline constexpr std::size_t MaximumElementAlignment = 64;

/// The reason why a type cannot be shared.
enum class Problem : std::uint8_t {
    None,
    Pointer,
    NotCopyable,
    LongDouble,
    Union,
    Time,
    Optional,
    View,
    Opaque,
    Unnamed,
    StructArray,
    TextArray,
    Empty,
    TooLarge,
    Unknown,
    NoPlace,
};

/// The kind of member that an argument of SHARED_STRUCT denotes. Only a Field has an offset within the element.
enum class Place : std::uint8_t {
    Field,
    BitField,
    NotOfElement,
};

/// The reason why a struct cannot be shared although each of its fields can.
enum class StructProblem : std::uint8_t {
    None,
    NoField,
    Union,
    NotCopyable,
    NotStandardLayout,
    Alignment,
    TooLarge,
    Name,
    Overlap,
};

template<typename T>
struct Flattened
{
    using Element = T;
    static constexpr std::size_t count = 1;
    static constexpr unsigned depth = 0;
};

template<typename T, std::size_t N>
struct FlattenedArray
{
    using Inner = Flattened<std::remove_cv_t<T>>;
    using Element = typename Inner::Element;
    static constexpr std::size_t count = N * Inner::count;
    static constexpr unsigned depth = Inner::depth + 1;
};

template<typename T, std::size_t N>
struct Flattened<T[N]> : FlattenedArray<T, N>
{
};

template<typename T, std::size_t N>
struct Flattened<std::array<T, N>> : FlattenedArray<T, N>
{
};

template<typename T>
constexpr bool isScalar()
{
    if constexpr (std::is_enum_v<T>)
        return sizeof(T) <= 8;
    else if constexpr (std::is_integral_v<T>)
        return sizeof(T) <= 8;
    else
        return std::is_same_v<T, float> || std::is_same_v<T, double>;
}

template<typename T>
constexpr Scalar scalarOf()
{
    if constexpr (std::is_enum_v<T>) {
        return scalarOf<std::underlying_type_t<T>>();
    } else if constexpr (std::is_same_v<T, bool>) {
        return Scalar::Bool;
    } else if constexpr (std::is_same_v<T, char>) {
        return Scalar::Char;
    } else if constexpr (std::is_same_v<T, float>) {
        return Scalar::F32;
    } else if constexpr (std::is_same_v<T, double>) {
        return Scalar::F64;
    } else {
        constexpr bool isSigned = std::is_signed_v<T>;
        if constexpr (sizeof(T) == 1)
            return isSigned ? Scalar::I8 : Scalar::U8;
        else if constexpr (sizeof(T) == 2)
            return isSigned ? Scalar::I16 : Scalar::U16;
        else if constexpr (sizeof(T) == 4)
            return isSigned ? Scalar::I32 : Scalar::U32;
        else
            return isSigned ? Scalar::I64 : Scalar::U64;
    }
}

/// One argument of SHARED_STRUCT.
struct Member
{
    using Append = void (*)(TypeDescription &description, const std::string &name, std::size_t offset);

    std::string_view name;
    std::size_t offset = 0;
    std::size_t size = 0;
    Problem problem = Problem::None;
    Append append = nullptr;
};

/// All arguments of SHARED_STRUCT. The first member is unused, so that the array is never empty.
template<typename T, std::size_t N>
struct Members
{
    using Type = T;
    static constexpr std::size_t count = N;

    std::string_view name;
    std::array<Member, N> list;
};

template<typename T>
using MembersOf = decltype(sharedSegmentMembers(StructTag(), static_cast<const T *>(nullptr)));

/// Whether SHARED_STRUCT names T itself, not only a base of it.
template<typename T>
concept NamedStruct = std::is_same_v<typename MembersOf<T>::Type, T>;

template<typename T>
inline constexpr bool isAddress =
    std::is_reference_v<T> || std::is_pointer_v<T> || std::is_member_pointer_v<T> || std::is_null_pointer_v<T>;

/// A duration of std::chrono, recognised without including its header.
template<typename T>
concept Duration = requires
{
    typename T::rep;
    typename T::period;
};

/// A point in time of std::chrono.
template<typename T>
concept TimePoint = requires
{
    typename T::clock;
    typename T::duration;
};

template<typename T>
concept Expected = requires
{
    typename T::error_type;
};

/// A std::optional, or a similar type of another library.
template<typename T>
concept Optional = !Expected<T> && requires(const T &value)
{
    typename T::value_type;
    value.has_value();
};

/// A type that consists of an address and a length, such as std::span, std::string_view or QStringView.
template<typename T>
concept View = requires(const T &value)
{
    value.data();
    value.size();
};

template<typename Type>
constexpr Problem problemOf()
{
    using T = std::remove_cv_t<Type>;
    using Element = typename Flattened<T>::Element;
    constexpr unsigned depth = Flattened<T>::depth;

    if constexpr (isAddress<Element>) {
        return Problem::Pointer;
    } else if constexpr (!std::is_object_v<Element> || std::is_array_v<Element>) {
        return Problem::Unknown;
    } else if constexpr (Flattened<T>::count == 0) {
        return Problem::Empty;
    } else if constexpr (std::is_same_v<Element, long double>) {
        return Problem::LongDouble;
    } else if constexpr (std::is_class_v<Element> || std::is_union_v<Element>) {
        // SHARED_STRUCT has checked the struct that it names.
        if constexpr (NamedStruct<Element>)
            return depth == 0 ? Problem::None : Problem::StructArray;
        else if constexpr (!std::is_trivially_copyable_v<Element>)
            return Optional<Element> ? Problem::Optional : Problem::NotCopyable;
        else if constexpr (std::is_union_v<Element>)
            return Problem::Union;
        else if constexpr (Duration<Element> || TimePoint<Element>)
            return Problem::Time;
        else if constexpr (Optional<Element>)
            return Problem::Optional;
        else if constexpr (View<Element>)
            return Problem::View;
        else if constexpr (!std::is_aggregate_v<Element>)
            return Problem::Opaque;
        else
            return depth == 0 ? Problem::Unnamed : Problem::StructArray;
    } else if constexpr (!isScalar<Element>()) {
        return Problem::Unknown;
    } else if constexpr (scalarOf<Element>() == Scalar::Char && depth > 1) {
        return Problem::TextArray;
    } else if constexpr (sizeof(T) > MaximumElementSize) {
        return Problem::TooLarge;
    } else {
        return Problem::None;
    }
}

template<typename T, Problem problem>
inline constexpr bool lacks = problemOf<T>() != problem;

constexpr bool isName(std::string_view name, bool dots)
{
    bool first = true;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        const bool digit = c >= '0' && c <= '9';
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || byte >= 0x80;
        const bool dot = dots && c == '.';
        if (!letter && (first || (!digit && !dot)))
            return false;
        first = dot;
    }
    return !first;
}

template<typename T, std::size_t N>
constexpr StructProblem structProblem(const Members<T, N> &members)
{
    if (N == 1)
        return StructProblem::NoField;
    for (const Member &member : members.list) {
        if (member.problem != Problem::None)
            return StructProblem::None; // Reported for the field itself.
    }
    if (std::is_union_v<T>)
        return StructProblem::Union;
    if (!std::is_trivially_copyable_v<T>)
        return StructProblem::NotCopyable;
    if (!std::is_standard_layout_v<T>)
        return StructProblem::NotStandardLayout;
    if (alignof(T) > MaximumElementAlignment)
        return StructProblem::Alignment;
    if (sizeof(T) > MaximumElementSize)
        return StructProblem::TooLarge;
    if (!isName(members.name, false))
        return StructProblem::Name;
    for (std::size_t i = 1; i < N; ++i) {
        const Member &a = members.list[i];
        if (!isName(a.name, true))
            return StructProblem::Name;
        for (std::size_t j = 1; j < i; ++j) {
            const Member &b = members.list[j];
            if (a.offset < b.offset + b.size && b.offset < a.offset + a.size)
                return StructProblem::Overlap;
        }
    }
    return StructProblem::None;
}

} // namespace detail
} // namespace sharedsegment
