// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "instancefiles.h"

#include "format.h"

#include <cstddef>

namespace sharedsegment::engine {

namespace {

constexpr std::string_view DoorbellSuffix = ".bell";
constexpr std::string_view OwnerMarkSuffix = ".owner";
constexpr std::size_t InstanceDigits = 2 * sizeof(InstanceId);

} // namespace

std::string writerLockPath(const os::Folder &folder, const std::string &instanceHex)
{
    return folder.pathOf("." + instanceHex + ".writer");
}

std::string ownerMarkPath(const os::Folder &folder, const std::string &instanceHex)
{
    return folder.pathOf("." + instanceHex + std::string(OwnerMarkSuffix));
}

std::string_view instanceOfFifo(std::string_view file)
{
    const bool isFifo = file.starts_with('.') && file.size() > 1 + InstanceDigits
                     && (file.ends_with(DoorbellSuffix) || file.ends_with(OwnerMarkSuffix));
    return isFifo ? file.substr(1, InstanceDigits) : std::string_view();
}

} // namespace sharedsegment::engine
