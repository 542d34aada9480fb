// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "../os/folder.h"

#include <string>
#include <string_view>

/// The files that an instance may have beside its record in the registry folder. Their names begin with "." and the
/// instance's id. See DoorbellPath, too.
namespace sharedsegment::engine {

/// The path of an instance's writers' lock, for systems that keep it in a file or under a name.
SHAREDSEGMENTENGINE_EXPORT std::string writerLockPath(const os::Folder &folder, const std::string &instanceHex);

/// The path of an instance's owner mark, for systems that have one.
SHAREDSEGMENTENGINE_EXPORT std::string ownerMarkPath(const os::Folder &folder, const std::string &instanceHex);

/// The id in the name of a doorbell or an owner's mark, that is of a FIFO that a dead process may have left; empty for other
/// files.
std::string_view instanceOfFifo(std::string_view file);

} // namespace sharedsegment::engine
