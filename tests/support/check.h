// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <chrono>
#include <concepts>
#include <cstdio>
#include <cstring>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

/// Checks for test programs without Qt. A failed check prints its place, its expression and both values, and the
/// program goes on. Only for the main thread.
namespace check {

struct Counts
{
    int checks = 0;
    int failures = 0;
    int skips = 0;
    const char *section = "";
};
inline Counts counts;

/// A named part of a test program. Its function returns early after a failed REQUIRE.
struct Section
{
    const char *name;
    void (*run)();
};

/// A value as text, for the message of a failed check. A type has its own text if a function textOf() exists beside it.
template<typename T>
std::string show(const T &value)
{
    if constexpr (std::same_as<T, bool>)
        return value ? "true" : "false";
    else if constexpr (requires { textOf(value); })
        return std::string(textOf(value));
    else if constexpr (std::is_enum_v<T>)
        return std::to_string(static_cast<long long>(value));
    else if constexpr (std::is_arithmetic_v<T>)
        return std::to_string(value);
    else if constexpr (std::is_convertible_v<const T &, std::string_view>)
        return '"' + std::string(std::string_view(value)) + '"';
    else if constexpr (requires { value.has_value(); })
        return value.has_value() ? show(*value) : "nothing";
    else if constexpr (requires { std::chrono::nanoseconds(value); })
        return std::to_string(std::chrono::nanoseconds(value).count()) + " ns";
    else
        return "a value without text";
}

/// Whether the values are equal; integers of any types by their mathematical value.
template<typename A, typename B>
bool isEqual(const A &a, const B &b)
{
    constexpr bool AreIntegers =
        std::integral<A> && std::integral<B> && !std::same_as<A, bool> && !std::same_as<B, bool>;
    if constexpr (AreIntegers && !std::same_as<A, char> && !std::same_as<B, char>)
        return std::cmp_equal(a, b);
    else
        return a == b;
}

/// Counts a check. @returns `holds`.
inline bool report(bool holds, const char *file, int line, const std::string &what)
{
    ++counts.checks;
    if (!holds) {
        ++counts.failures;
        std::fprintf(stderr, "%s:%d: in \"%s\": %s\n", file, line, counts.section, what.c_str());
    }
    return holds;
}

template<typename A, typename B>
bool reportEqual(const A &actual, const B &expected, const char *actualText, const char *expectedText, const char *file,
                 int line)
{
    const bool holds = isEqual(actual, expected);
    return report(holds, file, line,
                  holds ? std::string()
                        : std::string(actualText) + " is " + show(actual) + ", expected " + expectedText + " = "
                              + show(expected));
}

template<typename A, typename B>
bool reportLess(const A &less, const B &more, const char *lessText, const char *moreText, const char *file, int line)
{
    const bool holds = less < more;
    return report(holds, file, line,
                  holds ? std::string()
                        : std::string(lessText) + " = " + show(less) + " is not less than " + moreText + " = "
                              + show(more));
}

/// Says why a part of the section is not checked on this machine.
inline void skip(const std::string &reason)
{
    ++counts.skips;
    std::printf("SKIP %s: %s\n", counts.section, reason.c_str());
}

/// Runs the sections; the program's arguments select some of them by name. @returns the program's exit code.
inline int run(int argc, char **argv, std::initializer_list<Section> sections)
{
    int found = 0;
    for (const Section &section : sections) {
        bool isSelected = argc < 2;
        for (int i = 1; i < argc; ++i)
            isSelected |= std::strcmp(argv[i], section.name) == 0;
        if (!isSelected)
            continue;
        ++found;
        counts.section = section.name;
        std::fflush(stdout);
        section.run();
    }
    if (found == 0)
        std::fprintf(stderr, "no section has that name\n");
    std::printf("%d sections, %d checks, %d skips, %d failures\n", found, counts.checks, counts.skips, counts.failures);
    return found > 0 && counts.failures == 0 ? 0 : 1;
}

} // namespace check

/// Each macro returns whether the check holds.
#define CHECK(condition) check::report(static_cast<bool>(condition), __FILE__, __LINE__, "not true: " #condition)
#define CHECK_EQUAL(actual, expected) check::reportEqual((actual), (expected), #actual, #expected, __FILE__, __LINE__)
#define CHECK_LESS(less, more) check::reportLess((less), (more), #less, #more, __FILE__, __LINE__)
/// Ends the section where the rest of it depends on this check.
#define REQUIRE(...) \
    do { \
        if (!(__VA_ARGS__)) \
            return; \
    } while (false)
