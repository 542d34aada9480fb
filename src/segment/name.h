// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../os/error.h"
#include "../os/system.h"

#include <string>
#include <string_view>

/// Names of segments, and the names of their records' files.
namespace sharedsegment::segment {

/// Whether the bytes are well-formed UTF-8.
bool isUtf8(std::string_view bytes);

/// Whether `name` can be a segment's: 1 to 255 bytes of UTF-8 without NUL. @returns InvalidName, with the reason.
Status checkName(std::string_view name);

/// The file name of the record of a segment that checkName() accepts. Different names have different files, also where
/// the file system folds case.
std::string recordFileName(std::string_view name);

/// Whether recordFileName() can have made `fileName`.
bool isRecordFileName(std::string_view fileName);

/// 32 upper-case hexadecimal digits.
std::string toHex(const os::InstanceId &id);

} // namespace sharedsegment::segment
