// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "typeproblem.h"

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
