// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "../os/recordfile.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace sharedsegment::engine {

class Registry;

/// Tells a program that mirrors segments of other hosts that this process waits for such a segment, or has it open: a
/// file in the registry folder, which RegistryFolder::wishes() finds.
///
/// Owns the file; the destructor removes it. The file of a killed process counts no more, and is swept. In a forked
/// child the wish remains its parent's. Thread-safe.
class SHAREDSEGMENTENGINE_EXPORT Wish
{
public:
    /// The wish of this process for `name`, one for all that hold it. Makes another one if its file was removed.
    /// @returns null for the name of a segment of this host, and where the file cannot be made; another call tries again.
    static std::shared_ptr<Wish> of(const Registry &registry, std::string_view name);

    ~Wish();
    Wish(const Wish &) = delete;
    Wish &operator=(const Wish &) = delete;

    /// The path of the registry folder, and the name.
    using Key = std::pair<std::string, std::string>;

private:
    Wish(Key key, os::RecordFile file)
        : m_key(std::move(key))
        , m_file(std::move(file))
    {
    }

    const Key m_key;
    os::RecordFile m_file;
};

} // namespace sharedsegment::engine
