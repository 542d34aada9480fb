// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "source.h"

#include "../os/error.h"
#include "../os/system.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Names of segments, and file names of their records.
namespace sharedsegment::engine {

/// Whether the bytes are well-formed UTF-8.
SHAREDSEGMENTENGINE_EXPORT bool isUtf8(std::string_view bytes);

/// Whether `name` is a valid segment name: 1 to 255 bytes of UTF-8 without NUL. @returns InvalidName, with the reason.
SHAREDSEGMENTENGINE_EXPORT Status checkName(std::string_view name);

/// What the names of mirrors begin with.
inline constexpr char MirrorSign = '@';
/// Whether `name` is the one of a mirror of another host's segment: such names begin with "@", the host and "/".
SHAREDSEGMENTENGINE_EXPORT bool isMirrorName(std::string_view name);
/// The host in such a name.
SHAREDSEGMENTENGINE_EXPORT std::string_view hostOf(std::string_view mirrorName);

/// What the number in the record of the segment `name` means. Only mirrors have a source, and any unknown number is
/// NotReachable.
SHAREDSEGMENTENGINE_EXPORT Source sourceIn(std::string_view name, std::uint32_t stated);

/// The file name of a segment's record. `name` must be valid (checkName()). Different names have different file names,
/// even where the file system ignores case.
SHAREDSEGMENTENGINE_EXPORT std::string recordFileName(std::string_view name);

/// Whether `fileName` is a possible result of recordFileName().
SHAREDSEGMENTENGINE_EXPORT bool isRecordFileName(std::string_view fileName);

/// The name whose record has the file name `fileName`; none if that is no record's, or contains a hash in place of the name.
SHAREDSEGMENTENGINE_EXPORT std::optional<std::string> nameOfRecordFile(std::string_view fileName);

/// Returns 32 upper-case hexadecimal digits.
SHAREDSEGMENTENGINE_EXPORT std::string toHex(const os::InstanceId &id);

} // namespace sharedsegment::engine
