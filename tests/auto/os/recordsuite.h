// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "suite.h"

#include "os/recordfile.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// Records for the suites of os/recordfile.h.
namespace recordsuite {

using namespace sharedsegment;
using namespace sharedsegment::os;
using suite::folder;
using suite::freshInstance;
namespace fs = std::filesystem;

constexpr std::size_t Size = 8192;

inline std::vector<std::byte> content()
{
    std::vector<std::byte> bytes(Size);
    for (std::size_t i = 0; i < Size; ++i)
        bytes[i] = std::byte(i % 251 + 1);
    return bytes;
}

/// A record with content, under its name. The destructor removes the name.
struct Published
{
    std::string instance = freshInstance();
    std::string name = "record-" + instance;
    std::optional<RecordFile> file;

    Published()
    {
        Result<RecordFile> created = RecordFile::create(folder(), instance);
        if (!CHECK_OK(created))
            return;
        file = *std::move(created);
        CHECK_OK(file->write(content()));
        CHECK_OK(file->publish(name));
    }
    Published(const Published &) = delete;
    Published &operator=(const Published &) = delete;
    ~Published()
    {
        if (file)
            file->remove();
    }
};

inline bool exists(const std::string &name)
{
    return fs::symlink_status(folder().pathOf(name)).type() != fs::file_type::not_found;
}

/// Opens a record as any process but its owner does.
inline Result<RecordFile> openRecord(const std::string &name, const std::string &instance)
{
    Result<RecordFile> file = RecordFile::open(folder(), name);
    if (file)
        file->setInstance(instance);
    return file;
}

} // namespace recordsuite
