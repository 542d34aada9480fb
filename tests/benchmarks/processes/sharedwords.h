// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../peers.h"

#include <atomic>
#include <cstdint>
#include <optional>

/// Zeroed words in plain shared memory: what processes here tell each other during a measurement.
class SharedWords
{
public:
    using Word = std::atomic<std::uint32_t>;
    static_assert(Word::is_always_lock_free && sizeof(Word) == sizeof(std::uint32_t));

    bool create(const QByteArray &name, std::size_t count)
    {
        return m_memory.emplace(QString::fromLatin1(name), count * sizeof(Word)).create();
    }
    bool open(const QByteArray &name, std::size_t count)
    {
        return m_memory.emplace(QString::fromLatin1(name), count * sizeof(Word)).openForWriting();
    }
    Word &operator[](std::size_t index) { return reinterpret_cast<Word *>(m_memory->data())[index]; }

private:
    std::optional<ShmOpenPeer> m_memory;
};
