// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace sharedsegment::os {

enum class Access { ReadOnly, ReadWrite };

/// Owns a mapping of a kernel object into this process's memory and unmaps it. Move-only. Outlives the handle from
/// which it was created.
class SHAREDSEGMENTENGINE_EXPORT Mapping
{
public:
    Mapping() = default;
    Mapping(std::byte *data, std::uint64_t size)
        : m_data(data)
        , m_size(size)
    {
    }
    Mapping(Mapping &&other) noexcept
        : m_data(std::exchange(other.m_data, nullptr))
        , m_size(std::exchange(other.m_size, 0))
    {
    }
    Mapping &operator=(Mapping &&other) noexcept
    {
        if (this != &other) {
            reset();
            m_data = std::exchange(other.m_data, nullptr);
            m_size = std::exchange(other.m_size, 0);
        }
        return *this;
    }
    ~Mapping() { reset(); }

    bool isValid() const { return m_data != nullptr; }
    std::byte *data() const { return m_data; }
    std::uint64_t size() const { return m_size; }
    void reset();

private:
    std::byte *m_data = nullptr;
    std::uint64_t m_size = 0;
};

} // namespace sharedsegment::os
