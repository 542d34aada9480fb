// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "errorcode.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace sharedsegment {

/// A failure: its portable code, a text, and the system's own number (0: none).
///
/// The text is one clause. It begins in lower case or with a name, says which object failed, and ends with "; " and the
/// remedy, without a full stop.
struct Error
{
    ErrorCode code = ErrorCode::NoError;
    std::string text;
    int system = 0;
};

/// The meaning of the system's error number (POSIX: errno; Windows: GetLastError()), as a code and as a text.
SHAREDSEGMENTENGINE_EXPORT ErrorCode codeOfSystem(int number);
SHAREDSEGMENTENGINE_EXPORT std::string messageOfSystem(int number);
/// The remedy for the system's error number, as a text.
SHAREDSEGMENTENGINE_EXPORT std::string_view remedyOfSystem(int number);

/// Whether the failure means that this process, or the machine, has reached its limit of open descriptors (Windows:
/// handles).
SHAREDSEGMENTENGINE_EXPORT bool isOutOfDescriptors(const Error &error);

/// Whether the failure prevents this process from reading a record that a living owner may hold: no descriptors, no
/// memory or no permission.
SHAREDSEGMENTENGINE_EXPORT bool hidesRecords(const Error &error);

/// The error of a system call that failed on `object` with the system's number `number`.
/// @param remedy replaces the remedy of remedyOfSystem().
[[nodiscard]] SHAREDSEGMENTENGINE_EXPORT Error systemError(std::string_view operation, std::string_view object,
                                                           int number, std::string_view remedy = {});

/// Success or an error.
class [[nodiscard]] Status
{
public:
    Status() = default;
    Status(Error error)
        : m_error(std::move(error))
    {
    }

    explicit operator bool() const { return !m_error; }
    const Error &error() const { return *m_error; }

private:
    std::optional<Error> m_error;
};

/// A value, or the error that prevented its creation.
template<typename T>
class [[nodiscard]] Result
{
public:
    Result(T value)
        : m_content(std::in_place_index<0>, std::move(value))
    {
    }
    Result(Error error)
        : m_content(std::in_place_index<1>, std::move(error))
    {
    }

    explicit operator bool() const { return m_content.index() == 0; }
    T &operator*() & { return *std::get_if<0>(&m_content); }
    const T &operator*() const & { return *std::get_if<0>(&m_content); }
    T operator*() && { return std::move(*std::get_if<0>(&m_content)); }
    T *operator->() { return std::get_if<0>(&m_content); }
    const T *operator->() const { return std::get_if<0>(&m_content); }
    const Error &error() const { return *std::get_if<1>(&m_content); }

private:
    std::variant<T, Error> m_content;
};

} // namespace sharedsegment
