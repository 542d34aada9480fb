// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

/// @file
/// The macro SHARED_STRUCT, which names the fields of a struct so that it can be shared.

#pragma once

#include "typedescription.h"
#include "typemessage.h"
#include "typeproblem.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace sharedsegment {
namespace detail {

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

} // namespace detail

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
