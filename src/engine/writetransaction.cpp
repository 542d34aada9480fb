// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "writetransaction.h"

#include "errors.h"

#include <cstring>
#include <exception>
#include <utility>

namespace sharedsegment::engine {

WriteTransaction::WriteTransaction(WriteTransaction &&other) noexcept
    : m_segment(std::move(other.m_segment))
    , m_lock(std::move(other.m_lock))
    , m_next(std::exchange(other.m_next, {}))
    , m_exceptions(other.m_exceptions)
{
}

WriteTransaction &WriteTransaction::operator=(WriteTransaction &&other) noexcept
{
    if (this != &other) {
        if (isActive())
            static_cast<void>(publish());
        m_segment = std::move(other.m_segment);
        m_lock = std::move(other.m_lock);
        m_next = std::exchange(other.m_next, {});
        m_exceptions = other.m_exceptions;
    }
    return *this;
}

void WriteTransaction::leaveScope()
{
    if (std::uncaught_exceptions() <= m_exceptions)
        static_cast<void>(publish());
    else
        discard();
}

Status WriteTransaction::begin(Segment &segment, os::Wait wait)
{
    if (Status locked = m_lock.acquire(segment.publisher(), wait); !locked)
        return locked;
    const Result<Content::Next> next = segment.content().begin();
    if (!next) {
        m_lock.release();
        return next.error();
    }
    m_segment = segment.shared_from_this();
    m_next = *next;
    m_exceptions = std::uncaught_exceptions();
    return {};
}

Status WriteTransaction::resize(std::size_t bytes)
{
    if (!isActive())
        return errors::noTransaction();
    if (Status accepted = m_segment->content().checkSize(bytes); !accepted)
        return accepted;
    if (!m_segment->isOfThisProcess())
        return m_segment->view().notOfThisProcess();
    if (bytes > m_next.size)
        std::memset(m_next.space.data() + m_next.size, 0, bytes - m_next.size);
    m_next.size = bytes;
    return {};
}

Result<std::uint64_t> WriteTransaction::publish()
{
    if (!isActive())
        return errors::noTransaction();
    Result<std::uint64_t> revision = commit();
    discard();
    return revision;
}

Result<std::uint64_t> WriteTransaction::commit()
{
    if (!m_segment->isOfThisProcess())
        return m_segment->view().notOfThisProcess();
    if (m_segment->owner().isClosed())
        return errors::ownerGone(m_segment->name());
    Result<std::uint64_t> revision = m_segment->content().commit(m_next);
    if (revision)
        m_segment->publisher().announce();
    return revision;
}

void WriteTransaction::discard()
{
    // Unpublished content stays invisible: readers use the newest revision only.
    m_next = {};
    m_lock.release();
    m_segment.reset();
}

Result<std::uint64_t> publish(Segment &segment, std::span<const std::byte> bytes, os::Wait wait)
{
    return publishMirrored(segment, bytes, {}, wait);
}

Result<std::uint64_t> publishMirrored(Segment &segment, std::span<const std::byte> bytes, const RevisionTimes &times,
                                      os::Wait wait)
{
    // Each kind accepts as many bytes as fit.
    if (bytes.size() != segment.geometry().payloadSize) {
        if (Status accepted = segment.content().checkSize(bytes.size()); !accepted)
            return accepted.error();
    }
    PublishLock lock;
    if (Status locked = lock.acquire(segment.publisher(), wait); !locked)
        return locked.error();
    Result<std::uint64_t> revision = segment.content().publish(bytes, times);
    if (revision)
        segment.publisher().announce();
    return revision;
}

} // namespace sharedsegment::engine
