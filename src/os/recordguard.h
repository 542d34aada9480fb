// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "mapping.h"

#include <string>
#include <utility>

namespace sharedsegment::os {

/// Keeps a mapped record usable when another process cuts its file short, which otherwise ends this process at its next access (SIGBUS).
///
/// Where the system needs it, the first guard installs a signal handler for the process. It handles faults in guarded mappings alone and hands
/// all others on to the handler that was there before. It makes the file as long again, and where it cannot, puts zeros in place of what
/// is missing for this process. What was cut off is lost.
class RecordGuard
{
public:
    RecordGuard() = default;
    /// @param path of the file that is mapped. The mapping has to outlive the guard.
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

    /// Makes the file as long again if it was cut short without a fault: within a page.
    void regrow() const;

private:
    struct Place;
    void reset();

    Place *m_place = nullptr;
};

} // namespace sharedsegment::os
