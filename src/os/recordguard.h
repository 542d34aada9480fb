// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "mapping.h"

#include <string>
#include <utility>

namespace sharedsegment::os {

/// Keeps a mapped record usable when another process truncates its file. Without the guard, this process's next access
/// would end it (SIGBUS).
///
/// Where the system needs it, the first guard installs a signal handler for the whole process, which stays installed.
/// The handler deals only with faults in guarded mappings and passes all others on to the previous handler. It extends
/// the file to its old size. If that fails, it maps zeros over the missing page, for this process only. The truncated
/// content is lost.
class SHAREDSEGMENTENGINE_EXPORT RecordGuard
{
public:
    RecordGuard() = default;
    /// @param path the mapped file
    /// The mapping must outlive the guard.
    RecordGuard(const Mapping &mapping, std::string path);
    RecordGuard(RecordGuard &&other) noexcept
        : m_place(std::exchange(other.m_place, nullptr))
    {
    }
    RecordGuard &operator=(RecordGuard &&other) noexcept
    {
        if (this != &other) {
            reset();
            m_place = std::exchange(other.m_place, nullptr);
        }
        return *this;
    }
    ~RecordGuard() { reset(); }

    /// Extends the file if it was truncated without a fault, that is within a page.
    void regrow() const;

private:
    struct Place;
    void reset();

    Place *m_place = nullptr;
};

} // namespace sharedsegment::os
