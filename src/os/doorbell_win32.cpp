// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// A doorbell is an auto-reset event that only its listener keeps open, so that it is there for as long as the listener lives.

#include "doorbell.h"

#include "support_win32.h"

namespace sharedsegment::os {

namespace {

Handle openEvent(const std::string &path)
{
    return owned(::OpenEventW(EVENT_MODIFY_STATE, FALSE, objectInPlaceOf(path).c_str()));
}

bool isMissing()
{
    return ::GetLastError() == ERROR_FILE_NOT_FOUND;
}

} // namespace

Result<Doorbell> Doorbell::create(const std::string &path)
{
    Handle handle = owned(::CreateEventW(onlyThisUser(), FALSE, FALSE, objectInPlaceOf(path).c_str()));
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

Ringer Ringer::open(const std::string &path, bool *dead)
{
    Ringer ringer;
    const Handle present = openEvent(path);
    *dead = !present.isValid() && isMissing();
    if (present.isValid())
        ringer.m_path = path;
    return ringer;
}

// There are as many handles as anybody wants, and no files that others could remove.

void Ringer::reserve() { }

Ringer::Outcome Ringer::ringWithReserve(const std::string &)
{
    return Outcome::Failed;
}

Result<Ringer> Ringer::openDisplaced(std::uint64_t, const std::string &)
{
    return Ringer();
}

bool Ringer::isOtherFile(const std::string &)
{
    return false;
}

Ringer::Outcome Ringer::ring() const
{
    const Handle event = openEvent(m_path);
    if (!event.isValid())
        return isMissing() ? Outcome::Dead : Outcome::Failed;
    return ::SetEvent(handleOf(event.native())) != 0 ? Outcome::Rung : Outcome::Failed;
}

bool Ringer::isDead(const std::string &path)
{
    return !openEvent(path).isValid() && isMissing();
}

void Ringer::removeDead(const std::string &) { }

// No signal comes of ringing.

QuietRinging::QuietRinging() = default;

QuietRinging::~QuietRinging() = default;

} // namespace sharedsegment::os
