// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "errors.h"

namespace sharedsegment::engine::errors {

namespace {

std::string quoted(std::string_view name)
{
    return '"' + std::string(name) + '"';
}

} // namespace

Error notOpen()
{
    return {ErrorCode::NotFound, "no segment is open; create or open it first"};
}

Error openAlready(std::string_view name)
{
    return {ErrorCode::InvalidState, errors::quoted(name) + " is open already; close it first"};
}

Error openForReadingOnly(std::string_view name)
{
    return {ErrorCode::PermissionDenied, errors::quoted(name) + " is open for reading only; open it ReadWrite"};
}

Error ownerGone(std::string_view name)
{
    return {ErrorCode::NotFound,
            "the owner of " + errors::quoted(name) + " is gone and nothing can be published; start the next one"};
}

Error noTransaction()
{
    return {ErrorCode::InvalidState, "no write transaction is active; begin one first"};
}

Error noNotifications()
{
    return {ErrorCode::Unsupported, "external memory sends no notifications; call refresh()"};
}

Error noElements(std::int64_t count)
{
    return {ErrorCode::InvalidSize,
            "a segment of " + std::to_string(count) + " elements is not possible; give a capacity of at least 1"};
}

Error tooManyBuffers(std::int64_t count)
{
    return {ErrorCode::InvalidSize,
            std::to_string(count) + " buffers are not possible; give 1 to 16, or 0 for the default"};
}

Error nameContested(std::string_view name)
{
    return {ErrorCode::Busy, "others keep taking and leaving the name " + errors::quoted(name) + "; try again"};
}

} // namespace sharedsegment::engine::errors
