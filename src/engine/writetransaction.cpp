// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "writetransaction.h"

#include <exception>
#include <utility>

namespace sharedsegment::engine {

WriteTransaction::WriteTransaction(WriteTransaction &&other) noexcept
    : m_segment(std::move(other.m_segment))
    , m_lock(std::move(other.m_lock))
    , m_bytes(std::exchange(other.m_bytes, {}))
    , m_exceptions(other.m_exceptions)
{
}

WriteTransaction &WriteTransaction::operator=(WriteTransaction &&other) noexcept
{
    if (this != &other) {
        publish();
        m_segment = std::move(other.m_segment);
        m_lock = std::move(other.m_lock);
        m_bytes = std::exchange(other.m_bytes, {});
        m_exceptions = other.m_exceptions;
    }
    return *this;
}

WriteTransaction::~WriteTransaction()
{
    if (std::uncaught_exceptions() <= m_exceptions)
        publish();
}

Result<WriteTransaction> WriteTransaction::begin(Segment &segment, os::Wait wait)
{
    WriteTransaction transaction;
    transaction.m_segment = segment.shared_from_this();
    if (Status locked = transaction.m_lock.acquire(segment.publisher(), wait); !locked)
        return locked.error();
    const Result<std::span<std::byte>> bytes = segment.content().begin();
    if (!bytes) {
        transaction.discard();
        return bytes.error();
    }
    transaction.m_bytes = *bytes;
    transaction.m_exceptions = std::uncaught_exceptions();
    return transaction;
}

std::optional<std::uint64_t> WriteTransaction::publish()
{
    std::optional<std::uint64_t> revision;
    if (isActive() && m_segment->isOfThisProcess() && !m_segment->owner().isClosed()) {
        if (const Result<std::uint64_t> committed = m_segment->content().commit(m_bytes)) {
            revision = *committed;
            m_segment->publisher().announce();
        }
    }
    discard();
    return revision;
}

void WriteTransaction::discard()
{
    // Unpublished content stays invisible: readers use the newest revision only.
    m_bytes = {};
    m_lock.release();
    m_segment.reset();
}

Result<std::uint64_t> publish(Segment &segment, std::span<const std::byte> bytes, os::Wait wait)
{
    if (Status accepted = segment.content().checkSize(bytes.size()); !accepted)
        return accepted.error();
    PublishLock lock;
    if (Status locked = lock.acquire(segment.publisher(), wait); !locked)
        return locked.error();
    Result<std::uint64_t> revision = segment.content().publish(bytes);
    if (revision)
        segment.publisher().announce();
    return revision;
}

} // namespace sharedsegment::engine
