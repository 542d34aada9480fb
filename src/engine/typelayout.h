// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

/// @file
/// The macro SHARED_STRUCT, which names the fields of a struct so that it can be shared.

#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

/// Base of sharedsegment::StructTag that makes argument-dependent lookup search the global namespace as well.
struct SharedSegmentGlobalScope
{
};

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

/// Parameter of the functions that SHARED_STRUCT defines, so that argument-dependent lookup finds them.
struct StructTag : ::SharedSegmentGlobalScope
{
};

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

template<typename T>
void append(TypeDescription &description, const std::string &name, std::size_t offset)
{
    using Element = typename Flattened<T>::Element;
    if constexpr (NamedStruct<Element>) {
        constexpr auto members = sharedSegmentMembers(StructTag(), static_cast<const Element *>(nullptr));
        for (std::size_t i = 1; i < members.list.size(); ++i) {
            const Member &member = members.list[i];
            std::string full = name.empty() ? std::string() : name + '.';
            full += member.name;
            if (member.append)
                member.append(description, full, offset + member.offset);
        }
    } else {
        constexpr Scalar scalar = scalarOf<Element>();
        description.fields.push_back({name, scalar, static_cast<std::uint32_t>(Flattened<T>::count),
                                      Flattened<T>::depth > 0 && scalar != Scalar::Char,
                                      static_cast<std::uint32_t>(offset)});
    }
}

/// The offset of a member, which only a Field has.
struct Offset
{
    Place place = Place::Field;
    std::size_t bytes = 0;
};

template<typename Type>
constexpr Member member(std::string_view name, Offset offset)
{
    using T = std::remove_cv_t<Type>;
    constexpr Problem problem = problemOf<T>();
    if constexpr (problem != Problem::None)
        return {name, 0, 0, problem, nullptr};
    else if (offset.place != Place::Field)
        return {name, 0, 0, Problem::NoPlace, nullptr};
    else
        return {name, offset.bytes, sizeof(T), problem, &append<T>};
}

/// Whether a pointer of this type denotes a field of the element. The address of a nested field (`pos.x`) is a plain
/// pointer.
template<typename Pointer>
constexpr bool isOfElement(std::string_view name)
{
    return std::is_member_object_pointer_v<Pointer> || name.find('.') != name.npos;
}

/// Returns the last component of a qualified name: `Sample` of `ns::Sample`.
constexpr std::string_view lastComponent(std::string_view name)
{
    if (const std::size_t colon = name.rfind(':'); colon != name.npos && name.find('<') == name.npos)
        name.remove_prefix(colon + 1);
    while (!name.empty() && name.front() == ' ')
        name.remove_prefix(1);
    return name;
}

template<typename T, std::size_t N>
constexpr Members<T, N> members(std::string_view name, const Member (&list)[N])
{
    return {name, std::to_array(list)};
}

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

/// Fails to compile, with a message about `what`, when `T` cannot be shared.
#define SHAREDSEGMENT_CHECK_TYPE(T, what) \
    static_assert(::sharedsegment::detail::lacks<T, ::sharedsegment::detail::Problem::Pointer>, \
                  "SharedSegment: " what " is a pointer or a reference, and an address means nothing in another " \
                  "process. Share the value itself, or an index."); \
    static_assert( \
        ::sharedsegment::detail::lacks<T, ::sharedsegment::detail::Problem::NotCopyable>, \
        "SharedSegment: " what " is not trivially copyable: its bytes alone are not its value, so other " \
        "processes cannot use them. For text use char[N], for a list an array, for a time an integer, for a " \
        "pair a struct with two fields."); \
    static_assert(::sharedsegment::detail::lacks<T, ::sharedsegment::detail::Problem::LongDouble>, \
                  "SharedSegment: " what " is a long double, which differs from machine to machine. Use double."); \
    static_assert(::sharedsegment::detail::lacks<T, ::sharedsegment::detail::Problem::Union>, \
                  "SharedSegment: " what " is a union: readers could not tell which member counts. Use a struct."); \
    static_assert(::sharedsegment::detail::lacks<T, ::sharedsegment::detail::Problem::Time>, \
                  "SharedSegment: " what \
                  " is a time of std::chrono, which a layout has no word for. Use std::int64_t " \
                  "and put its count() there, or time_since_epoch().count(), say in nanoseconds."); \
    static_assert(::sharedsegment::detail::lacks<T, ::sharedsegment::detail::Problem::Optional>, \
                  "SharedSegment: " what \
                  " is an optional value, which a layout has no word for. Use the value itself " \
                  "and a bool beside it, or NaN for no number."); \
    static_assert(::sharedsegment::detail::lacks<T, ::sharedsegment::detail::Problem::View>, \
                  "SharedSegment: " what " only refers to text or values elsewhere, and an address means nothing in " \
                  "another process. For text use char[N], for values an array."); \
    static_assert( \
        ::sharedsegment::detail::lacks<T, ::sharedsegment::detail::Problem::Opaque>, \
        "SharedSegment: " what " is a class whose fields are not known. For one of another library, such as " \
        "QPointF, use a struct of your own with its values, such as `double x; double y;`. For one of your own " \
        "with public fields write SHARED_STRUCT(Type, field, ...) after its definition."); \
    static_assert(::sharedsegment::detail::lacks<T, ::sharedsegment::detail::Problem::Unnamed>, \
                  "SharedSegment: " what " is a struct whose fields have no names yet. Write " \
                  "SHARED_STRUCT(Type, field, ...) after its definition, in its namespace or in the global one."); \
    static_assert(::sharedsegment::detail::lacks<T, ::sharedsegment::detail::Problem::StructArray>, \
                  "SharedSegment: " what " is an array of structs, which a field cannot be. Make it the element of a " \
                  "segment, or give each one a name as a field."); \
    static_assert(::sharedsegment::detail::lacks<T, ::sharedsegment::detail::Problem::TextArray>, \
                  "SharedSegment: " what " is an array of texts, which a field cannot be. Give each text a name as a " \
                  "field."); \
    static_assert(::sharedsegment::detail::lacks<T, ::sharedsegment::detail::Problem::Empty>, \
                  "SharedSegment: " what " is an array of length 0: there is nothing to share."); \
    static_assert(::sharedsegment::detail::lacks<T, ::sharedsegment::detail::Problem::TooLarge>, \
                  "SharedSegment: " what \
                  " is larger than 2147483647 bytes. Use a longer segment of smaller elements."); \
    static_assert(::sharedsegment::detail::lacks<T, ::sharedsegment::detail::Problem::Unknown>, \
                  "SharedSegment: " what \
                  " is of a type that a layout has no word for. Use integers of up to 64 bits, " \
                  "float, double, bool, char[N], arrays of these, or a struct.");

#define SHAREDSEGMENT_CHECK_PLACE(place, what) \
    static_assert((place) != ::sharedsegment::detail::Place::BitField, \
                  "SharedSegment: " what \
                  " is a bit-field, which has no address of its own. Use a whole integer or bool, or " \
                  "one integer whose bits mean something."); \
    static_assert((place) != ::sharedsegment::detail::Place::NotOfElement, \
                  "SharedSegment: " what \
                  " is static: there is one for all elements, and none in an element. Leave it out.");

#define SHAREDSEGMENT_CHECK_STRUCT(problem, what) \
    static_assert((problem) != ::sharedsegment::detail::StructProblem::NoField, \
                  "SharedSegment: SHARED_STRUCT of " what " names no field. Name its fields after it, in any order."); \
    static_assert((problem) != ::sharedsegment::detail::StructProblem::Union, \
                  "SharedSegment: " what " is a union: readers could not tell which member counts. Use a struct."); \
    static_assert((problem) != ::sharedsegment::detail::StructProblem::NotCopyable, \
                  "SharedSegment: " what " is not trivially copyable, although the fields named are: it has another " \
                  "field, a virtual function, or its own way to copy or destroy. Other processes see only bytes."); \
    static_assert((problem) != ::sharedsegment::detail::StructProblem::NotStandardLayout, \
                  "SharedSegment: " what \
                  " is not of standard layout, so the places of its fields are not certain. All " \
                  "fields must be in one class, with the same access, and there must be no virtual function."); \
    static_assert((problem) != ::sharedsegment::detail::StructProblem::Alignment, \
                  "SharedSegment: " what " is aligned to more than 64 bytes, which a segment does not keep."); \
    static_assert((problem) != ::sharedsegment::detail::StructProblem::TooLarge, \
                  "SharedSegment: " what \
                  " is larger than 2147483647 bytes. Use a longer segment of smaller elements."); \
    static_assert((problem) != ::sharedsegment::detail::StructProblem::Name, \
                  "SharedSegment: " what " or one of its fields is not a plain name. For a template, " \
                  "or to choose another name, write SHARED_STRUCT_AS(Type, \"Name\", field, ...)."); \
    static_assert((problem) != ::sharedsegment::detail::StructProblem::Overlap, \
                  "SharedSegment: " what " has a field that is named twice, or two that share their bytes. Name each " \
                  "field once, and one member of a union at most.");

namespace sharedsegment {

/// Returns the description of T. Thread-safe.
///
/// T is a scalar, `bool`, an enum, `char[N]`, an array of scalars, or a struct that SHARED_STRUCT names. Any other type
/// does not compile.
template<typename T>
TypeDescription describe()
{
    SHAREDSEGMENT_CHECK_TYPE(T, "the type of the element")
    TypeDescription description;
    if constexpr (detail::problemOf<T>() == detail::Problem::None) {
        using Type = std::remove_cv_t<T>;
        description.size = sizeof(Type);
        if constexpr (detail::NamedStruct<Type>)
            description.name = sharedSegmentMembers(StructTag(), static_cast<const Type *>(nullptr)).name;
        detail::append<Type>(description, std::string(), 0);
        std::stable_sort(description.fields.begin(), description.fields.end(),
                         [](const FieldDescription &a, const FieldDescription &b) { return a.offset < b.offset; });
    }
    return description;
}

} // namespace sharedsegment

// Each nested expansion is one more scan, and each scan processes one more argument: 157 in all.
#define SHAREDSEGMENT_SCAN(...) \
    SHAREDSEGMENT_SCAN3(SHAREDSEGMENT_SCAN3(SHAREDSEGMENT_SCAN3(SHAREDSEGMENT_SCAN3(SHAREDSEGMENT_SCAN3(__VA_ARGS__)))))
#define SHAREDSEGMENT_SCAN3(...) \
    SHAREDSEGMENT_SCAN2(SHAREDSEGMENT_SCAN2(SHAREDSEGMENT_SCAN2(SHAREDSEGMENT_SCAN2(SHAREDSEGMENT_SCAN2(__VA_ARGS__)))))
#define SHAREDSEGMENT_SCAN2(...) \
    SHAREDSEGMENT_SCAN1(SHAREDSEGMENT_SCAN1(SHAREDSEGMENT_SCAN1(SHAREDSEGMENT_SCAN1(SHAREDSEGMENT_SCAN1(__VA_ARGS__)))))
#define SHAREDSEGMENT_SCAN1(...) __VA_ARGS__
#define SHAREDSEGMENT_PARENTHESES ()
#define SHAREDSEGMENT_FOR_EACH(macro, Type, ...) \
    __VA_OPT__(SHAREDSEGMENT_SCAN(SHAREDSEGMENT_FOR_EACH_STEP(macro, Type, __VA_ARGS__)))
#define SHAREDSEGMENT_FOR_EACH_STEP(macro, Type, field, ...) \
    macro(Type, field) __VA_OPT__(SHAREDSEGMENT_FOR_EACH_AGAIN SHAREDSEGMENT_PARENTHESES(macro, Type, __VA_ARGS__))
#define SHAREDSEGMENT_FOR_EACH_AGAIN() SHAREDSEGMENT_FOR_EACH_STEP

// A template: only there a `requires` expression can test whether a field has an address without a compiler error.
#define SHAREDSEGMENT_OFFSET(Type, field) \
    []<typename T>(T *) constexpr->::sharedsegment::detail::Offset \
    { \
        if constexpr (::sharedsegment::detail::isAddress<decltype(T::field)>) \
            return {}; \
        else if constexpr (!requires { &T::field; }) \
            return {::sharedsegment::detail::Place::BitField, 0}; \
        else if constexpr (!::sharedsegment::detail::isOfElement<decltype(&T::field)>(#field)) \
            return {::sharedsegment::detail::Place::NotOfElement, 0}; \
        else \
            return {::sharedsegment::detail::Place::Field, offsetof(T, field)}; \
    } \
    (std::add_pointer_t<Type>())
#define SHAREDSEGMENT_CHECK_FIELD(Type, field) \
    SHAREDSEGMENT_CHECK_TYPE(decltype(Type::field), #Type "::" #field) \
    { \
        constexpr auto sharedSegmentOffset = SHAREDSEGMENT_OFFSET(Type, field); \
        SHAREDSEGMENT_CHECK_PLACE(sharedSegmentOffset.place, #Type "::" #field) \
    }
#define SHAREDSEGMENT_MEMBER(Type, field) \
    ::sharedsegment::detail::member<decltype(Type::field)>(#field, SHAREDSEGMENT_OFFSET(Type, field)),

/// Names the fields of a struct, once, so that it can be shared: SHARED_STRUCT(Sample, id, value, label).
///
/// Use it at namespace scope after the struct, in its own namespace or in the global one, there as
/// `SHARED_STRUCT(ns::Sample, id)`. It takes up to 128 fields, in any order; bytes without a name are not part of the
/// layout. The layout's name of the struct is the last component of `Type`. A field that is itself such a struct is
/// flattened: `pos.x`.
///
/// Errors: it does not compile, with a message that names the remedy, when the struct or a field cannot be shared.
#define SHARED_STRUCT(Type, ...) \
    SHAREDSEGMENT_STRUCT(Type, ::sharedsegment::detail::lastComponent(#Type) __VA_OPT__(, ) __VA_ARGS__)

/// SHARED_STRUCT with another name in the layout: SHARED_STRUCT_AS(Reading, "reading_t", temperature, humidity).
///
/// Two programs agree on a layout only if the struct has the same name in both. Use this macro where the C++ names
/// differ: with another language, with another team, or for an instance of a template. `name` is a string of letters,
/// digits and `_`.
#define SHARED_STRUCT_AS(Type, name, ...) SHAREDSEGMENT_STRUCT(Type, "" name __VA_OPT__(, ) __VA_ARGS__)

#define SHAREDSEGMENT_STRUCT(Type, layoutName, ...) \
    [[maybe_unused]] constexpr auto sharedSegmentMembers(::sharedsegment::StructTag, const Type *) \
    { \
        SHAREDSEGMENT_FOR_EACH(SHAREDSEGMENT_CHECK_FIELD, Type, __VA_ARGS__) \
        constexpr auto sharedSegmentList = ::sharedsegment::detail::members<Type>( \
            layoutName, \
            {::sharedsegment::detail::Member(), SHAREDSEGMENT_FOR_EACH(SHAREDSEGMENT_MEMBER, Type, __VA_ARGS__)}); \
        SHAREDSEGMENT_CHECK_STRUCT(::sharedsegment::detail::structProblem(sharedSegmentList), #Type) \
        return sharedSegmentList; \
    }

// Qt's moc expands macros, which takes seconds for many fields, and needs nothing in them.
#ifdef Q_MOC_RUN
#undef SHARED_STRUCT
#undef SHARED_STRUCT_AS
#define SHARED_STRUCT(Type, ...)
#define SHARED_STRUCT_AS(Type, name, ...)
#endif
