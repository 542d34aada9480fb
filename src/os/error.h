// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace sharedsegment {

/// What went wrong, in terms that mean the same on every system. The public API has the same list.
enum class ErrorCode {
    NoError,
    InvalidName,
    InvalidLayout,
    InvalidSize,
    AlreadyExists,
    NotFound,
    PermissionDenied,
    LayoutMismatch,
    UnsupportedVersion,
    Corrupt,
    OutOfMemory,
    Busy,
    Unsupported,
    SystemError,
    InvalidState,
    InvalidValue,
};

/// A failure: its portable code, a text, and the system's own number (0: none).
///
/// The text is one clause that begins in lower case, or with a name, and says which thing; then "; " and what to do. It has no full stop.
struct Error
{
    ErrorCode code = ErrorCode::NoError;
    std::string text;
    int system = 0;
};

/// What the system's number (POSIX: errno; Windows: GetLastError()) means, as a code and for people.
ErrorCode codeOfSystem(int number);
std::string messageOfSystem(int number);
/// What to do about it.
std::string_view remedyOfSystem(int number);

/// Whether it failed because this process, or the machine, can have no more descriptors (Windows: handles) open.
bool isOutOfDescriptors(const Error &error);

/// Whether it keeps this process from looking at a record that may be a living owner's: for want of descriptors, memory or a right.
bool hidesRecords(const Error &error);

/// The error of a system call that failed on `object` with the system's number `number`. `remedy` is what to do, where that is not what
/// remedyOfSystem() says.
[[nodiscard]] Error systemError(std::string_view operation, std::string_view object, int number,
                                std::string_view remedy = {});

/// Success, or the error.
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

/// A value, or the error that kept it from being made.
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
