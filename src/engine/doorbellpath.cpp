// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "doorbellpath.h"

namespace sharedsegment::engine {

std::vector<std::string> DoorbellPath::all() const
{
    std::vector<std::string> paths;
    const Result<std::vector<std::string>> files = m_folder->files();
    if (!files)
        return paths;
    for (const std::string &file : *files) {
        if (file.starts_with(m_prefix) && file.ends_with(".bell"))
            paths.push_back(m_folder->pathOf(file));
    }
    return paths;
}

} // namespace sharedsegment::engine
