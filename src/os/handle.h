// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>

namespace sharedsegment::os {

/// Owns a descriptor (POSIX) or a kernel handle (Windows) and closes it. Move-only.
///
/// In a forked child every Handle is closed at once and its number forgotten: a lock, a memory or a doorbell that the
/// parent owns never lives on in the child.
class Handle
{
public:
    using Native = std::intptr_t;
    static constexpr Native Invalid = -1;

    Handle() = default;
    explicit Handle(Native native);
    Handle(Handle &&other) noexcept;
    Handle &operator=(Handle &&other) noexcept;
    ~Handle() { reset(); }

    bool isValid() const;
    /// Invalid if there is none, or in a forked child of who had it.
    Native native() const { return isValid() ? m_native : Invalid; }
    void reset();

private:
    Native m_native = Invalid;
    unsigned m_generation = 0;
};

/// How many forks lie between the process that started the program and this one.
unsigned forkGeneration();

} // namespace sharedsegment::os
