// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "segment.h"

#include "name.h"

#include "../os/recordfile.h"

#include <utility>

namespace sharedsegment::engine {

Segment::Segment(SegmentView view, std::optional<RegistryFolder> folder, const MakeContent &makeContent)
    : m_view(std::move(view))
    , m_owner(m_view, std::move(folder))
    , m_content(makeContent(m_view))
    , m_observers(m_view)
    , m_publisher(m_view, m_owner, *m_content, m_observers)
{
}

Segment::~Segment() = default;

void Segment::explain(Status &error) const
{
    if (error.error().code != ErrorCode::Busy)
        return;
    if (!m_content->isWhole() && !m_owner.isAlive())
        error = Error{ErrorCode::Corrupt,
                      "the only buffer of \"" + name()
                          + "\" was interrupted while being written, and its owner is gone; have it created "
                            "with two buffers or more"};
    else
        error = Error{ErrorCode::Busy, "\"" + name()
                                           + "\" was being written to each time; try again, or have it created with "
                                             "more buffers"};
}

Error Segment::outOfRange(std::uint64_t size, std::uint64_t offset) const
{
    const std::string what = "\"" + name() + "\" has " + m_view.amount(geometry().payloadSize);
    const std::string wanted = m_view.amount(size);
    return {
        ErrorCode::InvalidSize,
        what + (offset == 0 ? ", not " + wanted : ", and not " + wanted + " after the first " + m_view.amount(offset))
            + "; read what lies within it"};
}

Status Segment::setSource(Source source)
{
    if (!isOfThisProcess())
        return m_view.notOfThisProcess();
    if (!m_view.isOwned)
        return Error{ErrorCode::PermissionDenied,
                     "\"" + name() + "\" is not owned by this process; only its owner says where its values come from"};
    if (!isMirrorName(name()) || source == Source::Here)
        return Error{ErrorCode::InvalidState,
                     "only the values of a mirror come from another host, which is reachable or "
                     "not; \""
                         + name() + "\" cannot say otherwise"};
    m_owner.setSource(source);
    m_publisher.announceAll();
    return {};
}

std::span<std::byte> Segment::live() const
{
    if (m_view.isWritable && !isOfThisProcess())
        return {};
    return m_content->live();
}

void Segment::refresh()
{
    if (m_owner.isGone())
        return;
    switch (m_content->check()) {
    case Content::Change::None:
        return;
    case Content::Change::Updated:
        break;
    case Content::Change::Gone:
        m_owner.setGone();
        break;
    }
    m_observers.notify();
}

Result<Listener> Segment::listen()
{
    if (!isOfThisProcess())
        return m_view.notOfThisProcess();
    if (Status mapped = m_owner.mapRecord(); !mapped)
        return mapped.error();
    // Opens a separate file description: the mapped one would keep the slot's lock after its listener's end.
    const RegistryFolder &folder = m_owner.folder();
    Result<os::RecordFile> file = os::RecordFile::open(folder.folder(), recordFileName(name()));
    if (!file)
        return file.error();
    return Listener::claim(m_owner.record(), *file, folder.doorbells(m_view.instanceHex));
}

int Segment::listenerCount()
{
    return m_owner.mapRecord() ? countListeners(*m_owner.record()) : 0;
}

} // namespace sharedsegment::engine
