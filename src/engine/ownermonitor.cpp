// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "ownermonitor.h"

#include "../os/atomic.h"
#include "instancefiles.h"
#include "name.h"

#include <utility>

namespace sharedsegment::engine {

OwnerMonitor::OwnerMonitor(const SegmentView &view, std::optional<RegistryFolder> folder)
    : m_view(view)
    , m_folder(std::move(folder))
{
}

void OwnerMonitor::setRecord(os::Mapping mapping, const std::string &path)
{
    m_record = std::move(mapping);
    m_recordGuard = os::RecordGuard(m_record, path);
    m_recordAt.store(reinterpret_cast<Record *>(m_record.data()), std::memory_order_release);
}

Result<FoundRecord> OwnerMonitor::findRecord() const
{
    if (!m_folder)
        return Error{ErrorCode::Unsupported, "\"" + m_view.name + "\" is external memory and has no record; poll it"};
    Result<FoundRecord> found = m_folder->find(m_view.name);
    if (found && (found->header.instance != m_view.geometry.instance || found->isClosing()))
        return Error{ErrorCode::NotFound,
                     "the owner of this instance of \"" + m_view.name + "\" is gone; open the next one"};
    return found;
}

Status OwnerMonitor::mapRecord()
{
    // The child must not wait for a lock that a thread of its parent holds.
    if (!m_view.isOfThisProcess())
        return record() ? Status() : m_view.notOfThisProcess();
    const std::lock_guard lock(m_mutex);
    if (record())
        return {};
    const Result<FoundRecord> found = findRecord();
    if (!found)
        return found.error();
    Result<os::Mapping> mapping = found->file.map(RecordSize);
    if (!mapping)
        return mapping.error();
    setRecord(std::move(*mapping), found->file.path());
    return {};
}

bool OwnerMonitor::isReplaced() const
{
    if (const Record *const mapped = record())
        return os::loadAcquire(mapped->state) == static_cast<std::uint32_t>(RecordState::Replaced);
    if (!m_folder)
        return false;
    // The old record is out of reach: see whether the same process has the name again.
    const Result<FoundRecord> found = m_folder->find(m_view.name);
    return found && !found->isClosing() && found->header.instance != m_view.geometry.instance
        && found->header.pid == m_view.geometry.pid;
}

bool OwnerMonitor::isAlive() const
{
    if (isClosed())
        return false;
    if (!m_folder)
        return true;
    // A failed check (for example without free descriptors) does not prove the owner's death.
    const Result<FoundRecord> found = findRecord();
    return found || found.error().code != ErrorCode::NotFound;
}

Source OwnerMonitor::source() const
{
    if (m_view.isOwned && m_view.isOfThisProcess())
        return m_ownSource.load(std::memory_order_relaxed);
    const Record *const mapped = record();
    return mapped ? sourceIn(m_view.name, os::loadAcquire(mapped->source)) : Source::Here;
}

void OwnerMonitor::setSource(Source source)
{
    m_ownSource.store(source);
    os::fenceFull(); // See UpdateNotifier::restoreSource().
    os::storeRelease(record()->source, static_cast<std::uint32_t>(source));
}

Result<OwnerWatch> OwnerMonitor::watch() const
{
    if (!m_folder)
        return findRecord().error();
    return OwnerWatch::start(ownerMarkPath(m_folder->folder(), m_view.instanceHex), m_view.geometry.instance,
                             m_view.geometry.pid, [this] {
                                 const Result<FoundRecord> found = findRecord();
                                 return found && found->file.isOpenIn(m_view.geometry.pid);
                             });
}

} // namespace sharedsegment::engine
