// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "pathwatch.h"

#include "support_win32.h"

namespace sharedsegment::os {

std::vector<Place> placesOf(const std::string &path)
{
    // Only the folder itself: a watch on its ancestors would block their renaming.
    BY_HANDLE_FILE_INFORMATION info = {};
    const Handle folder = owned(
        ::CreateFileW(toWidePath(path).c_str(), 0, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                      OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, nullptr));
    if (!folder.isValid() || !::GetFileInformationByHandle(handleOf(folder.native()), &info))
        return {};
    Place place;
    place.path = path;
    place.device = info.dwVolumeSerialNumber;
    place.file = (std::uint64_t(info.nFileIndexHigh) << 32) | info.nFileIndexLow;
    return {place};
}

bool isMissingAbove(const std::string &path)
{
    const auto isMissing = [](const std::string &what) {
        return ::GetFileAttributesW(toWidePath(what).c_str()) == INVALID_FILE_ATTRIBUTES;
    };
    const std::size_t end = path.find_last_of("/\\");
    return end != std::string::npos && isMissing(path) && isMissing(path.substr(0, end));
}

} // namespace sharedsegment::os
