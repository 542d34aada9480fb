// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "../os/folder.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sharedsegment::engine {

/// The paths of an instance's doorbells: `.<instance>.<slot>.<generation>.bell` in the registry folder.
class SHAREDSEGMENTENGINE_EXPORT DoorbellPath
{
public:
    DoorbellPath() = default;
    DoorbellPath(const os::Folder &folder, const std::string &instanceHex)
        : m_folder(folder)
        , m_prefix("." + instanceHex + ".")
    {
    }
    std::string of(std::size_t slot, std::uint32_t generation) const
    {
        return m_folder->pathOf(m_prefix + std::to_string(slot) + "." + std::to_string(generation) + ".bell");
    }
    /// The paths of all existing doorbells of the instance, regardless of the record's content.
    std::vector<std::string> all() const;

private:
    std::optional<os::Folder> m_folder;
    std::string m_prefix;
};

} // namespace sharedsegment::engine
