# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT

# Compiles each file of CASES. One with EXPECT lines must fail, with each of these sentences in one error of its own and
# no other error; one without must compile.
#
# cmake -DCOMPILER=c++ -DCOMPILER_ID=GNU -DCASES=<folder> -DINCLUDES=<folder>|<folder> -P layouterrors.cmake

cmake_minimum_required(VERSION 3.25)

if(COMPILER_ID STREQUAL "MSVC")
    set(command "${COMPILER}" /nologo /std:c++20 /Zc:preprocessor /Zc:__cplusplus /permissive- /EHsc /utf-8 /Zs)
    set(includeOption /I)
else()
    set(command "${COMPILER}" -std=c++20 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
        -Wno-invalid-offsetof -fPIC -fsyntax-only)
    set(includeOption -isystem)
endif()
string(REPLACE "|" ";" includes "${INCLUDES}")
list(REMOVE_DUPLICATES includes)
foreach(include IN LISTS includes)
    list(APPEND command ${includeOption} "${include}")
endforeach()
set(ENV{LC_ALL} C)

file(GLOB cases "${CASES}/*.cpp")
set(failing 0)
set(compiling 0)
set(wrong 0)
foreach(case IN LISTS cases)
    get_filename_component(name "${case}" NAME_WE)
    execute_process(
        COMMAND ${command} "${case}"
        RESULT_VARIABLE result
        OUTPUT_VARIABLE output
        ERROR_VARIABLE output
        TIMEOUT 120
    )
    file(STRINGS "${case}" expected REGEX "^// EXPECT: ")
    list(LENGTH expected expectedCount)
    set(problem "")
    if(expectedCount EQUAL 0)
        math(EXPR compiling "${compiling} + 1")
        if(NOT result EQUAL 0)
            set(problem "does not compile")
        endif()
    else()
        math(EXPR failing "${failing} + 1")
        if(result EQUAL 0)
            set(problem "compiles")
        endif()
        foreach(line IN LISTS expected)
            string(REPLACE "// EXPECT: " "" sentence "${line}")
            string(FIND "${output}" "${sentence}" place)
            if(place EQUAL -1)
                set(problem "fails without: ${sentence}")
            endif()
        endforeach()
        string(REGEX MATCHALL "[^\n]*error[: ][^\n]*" errors "${output}")
        list(FILTER errors INCLUDE REGEX "(: error: | error C[0-9]+: )")
        list(LENGTH errors errorCount)
        if(problem STREQUAL "" AND NOT errorCount EQUAL expectedCount)
            set(problem "fails with ${errorCount} errors, not ${expectedCount}")
        endif()
    endif()
    if(problem STREQUAL "")
        message(STATUS "ok ${name}")
    else()
        math(EXPR wrong "${wrong} + 1")
        message(NOTICE "WRONG ${name} ${problem}\n${output}")
    endif()
endforeach()

if(failing EQUAL 0 OR compiling EQUAL 0)
    message(FATAL_ERROR "No cases, or none that compiles, in ${CASES}")
elseif(wrong GREATER 0)
    message(FATAL_ERROR "${wrong} cases went wrong")
endif()
