// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// A doorbell is an auto-reset event. Only its listener keeps it open, so it exists exactly as long as the listener
// lives.

#include "doorbell.h"

#include "support_win32.h"

namespace sharedsegment::os {

namespace {

Handle openEvent(const std::string &path)
{
    return owned(::OpenEventW(EVENT_MODIFY_STATE, FALSE, kernelObjectName(path).c_str()));
}

bool isMissing()
{
    return ::GetLastError() == ERROR_FILE_NOT_FOUND;
}

} // namespace

Result<Doorbell> Doorbell::create(const std::string &path)
{
    Handle handle = owned(::CreateEventW(currentUserSecurity(), FALSE, FALSE, kernelObjectName(path).c_str()));
    if (!handle.isValid() || ::GetLastError() == ERROR_ALREADY_EXISTS)
        return lastError("making the doorbell", path);
    return Doorbell(std::move(handle), path);
}

void Doorbell::drain() const
{
    ::ResetEvent(handleOf(m_handle.native()));
}

void Doorbell::remove()
{
    m_handle.reset();
}

DoorbellNotifier DoorbellNotifier::open(const std::string &path, bool *dead)
{
    DoorbellNotifier notifier;
    const Handle present = openEvent(path);
    *dead = !present.isValid() && isMissing();
    if (present.isValid())
        notifier.m_path = path;
    return notifier;
}

// Handles are practically unlimited, and there are no files that other processes could remove.

void DoorbellNotifier::reserve() { }

DoorbellNotifier::Outcome DoorbellNotifier::notifyWithReserve(const std::string &)
{
    return Outcome::Failed;
}

Result<DoorbellNotifier> DoorbellNotifier::openDisplaced(std::uint64_t, const std::string &)
{
    return DoorbellNotifier();
}

bool DoorbellNotifier::isOtherFile(const std::string &)
{
    return false;
}

DoorbellNotifier::Outcome DoorbellNotifier::notify() const
{
    const Handle event = openEvent(m_path);
    if (!event.isValid())
        return isMissing() ? Outcome::Dead : Outcome::Failed;
    return ::SetEvent(handleOf(event.native())) != 0 ? Outcome::Notified : Outcome::Failed;
}

bool DoorbellNotifier::isDead(const std::string &path)
{
    return !openEvent(path).isValid() && isMissing();
}

void DoorbellNotifier::removeDead(const std::string &) { }

// Notifying raises no signal on Windows.

SigpipeGuard::SigpipeGuard() = default;

SigpipeGuard::~SigpipeGuard() = default;

} // namespace sharedsegment::os
