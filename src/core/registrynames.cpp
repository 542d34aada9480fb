// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "registrynames_p.h"

#include "../os/system.h"

#include <algorithm>
#include <utility>

using namespace sharedsegment;

namespace {

/// Each watch takes a descriptor, of which a process often has 1024. Further owners are polled.
constexpr std::ptrdiff_t MostWatchedOwners = 256;
constexpr int MostRounds = 4;
constexpr std::size_t FewFiles = 4;

} // namespace

RegistryNames::RegistryNames(const engine::Registry &registry)
    : m_registry(registry)
{
}

RegistryNames::~RegistryNames()
{
    for (auto &[pid, owner] : m_owners)
        ProcessNotifier::shutDown(std::move(owner.watch));
}

void RegistryNames::start()
{
    m_folder = FolderWatch::forThisThread(m_registry);
    connect(m_folder.get(), &FolderWatch::changed, this, &RegistryNames::handleFolder);
    readAll();
}

void RegistryNames::handleFolder(const FolderWatch::Change &change)
{
    if (change.isAnything)
        readAll();
    else
        readFiles(change.files);
}

void RegistryNames::readAll()
{
    Changed changed;
    Error error;
    examineAll(changed, &error);
    watchOwners(changed, &error);
    finish(changed, error);
}

void RegistryNames::examineAll(Changed &changed, Error *error)
{
    Error hiding;
    const Result<std::vector<Record>> records = m_registry.records(&hiding);
    if (!records)
        hiding = records.error();
    std::set<std::string> gone;
    // A record that cannot be read at the moment may be there. A folder that is not private has none.
    if (!records || hiding.code == ErrorCode::NoError) {
        for (const auto &[file, record] : m_records)
            gone.insert(gone.end(), file);
    }
    if (records) {
        for (const Record &record : *records)
            gone.erase(record.file);
    }
    for (const std::string &file : gone)
        remove(file, changed);
    if (records) {
        for (const Record &record : *records)
            add(record, changed);
    }
    if (hiding.code != ErrorCode::NoError)
        *error = hiding;
}

void RegistryNames::readFiles(std::vector<std::string> files)
{
    std::sort(files.begin(), files.end());
    files.erase(std::unique(files.begin(), files.end()), files.end());
    Changed changed;
    Error error;
    for (const std::string &file : files)
        examine(file, changed, &error);
    watchOwners(changed, &error);
    finish(changed, error.code != ErrorCode::NoError ? error : m_error);
}

void RegistryNames::examine(const std::string &file, Changed &changed, Error *error)
{
    const Result<engine::RegistryFolder> folder = m_registry.open();
    const Result<Record> record = folder ? folder->record(file) : folder.error();
    if (record)
        add(*record, changed);
    else if (hidesRecords(record.error()))
        *error = record.error();
    else
        remove(file, changed);
}

void RegistryNames::add(const Record &record, Changed &changed)
{
    const auto known = m_records.find(record.file);
    if (known != m_records.end()) {
        if (known->second == record)
            return;
        remove(record.file, changed);
    }
    m_records.emplace(record.file, record);
    changed[record.file] = record.name;
    Owner &owner = m_owners[record.pid];
    owner.files.insert(record.file);
    if (!owner.watch && !owner.isPolled)
        m_unwatched.insert(record.pid);
}

void RegistryNames::remove(const std::string &file, Changed &changed)
{
    const auto known = m_records.find(file);
    if (known == m_records.end())
        return;
    changed[file] = known->second.name;
    const auto owner = m_owners.find(known->second.pid);
    owner->second.files.erase(file);
    if (owner->second.files.empty()) {
        ProcessNotifier::shutDown(std::move(owner->second.watch));
        m_unwatched.erase(owner->first);
        m_owners.erase(owner);
    } else if (!owner->second.watch && !owner->second.isPolled) {
        m_unwatched.insert(owner->first);
    }
    m_records.erase(known);
}

void RegistryNames::watchOwners(Changed &changed, Error *error)
{
    auto watched = std::count_if(m_owners.begin(), m_owners.end(),
                                 [](const auto &entry) { return entry.second.watch != nullptr; });
    // An examination may find a record of another owner. What is left after these rounds waits for the next poll.
    for (int round = 0; round < MostRounds && !m_unwatched.empty(); ++round) {
        for (const std::uint64_t pid : std::exchange(m_unwatched, {})) {
            const auto owner = m_owners.find(pid);
            if (owner == m_owners.end() || owner->second.watch)
                continue;
            // An unreadable record does not say whose it is.
            if (pid != 0 && watched < MostWatchedOwners && watchOwner(pid, owner->second)) {
                watched += owner->second.watch ? 1 : 0;
                continue;
            }
            owner->second.isPolled = true;
            // Each dead record that is examined alone costs a reading of the folder.
            if (owner->second.files.size() > FewFiles) {
                examineAll(changed, error);
                continue;
            }
            for (const std::string &file : std::set<std::string>(owner->second.files))
                examine(file, changed, error);
        }
    }
}

bool RegistryNames::watchOwner(std::uint64_t pid, Owner &owner)
{
    owner.watched = *owner.files.begin();
    Result<engine::OwnerWatch> watch = m_registry.watchOwnerOf(m_records.at(owner.watched).name);
    // The folder tells what this process does. Of another one, the record has just gone, and the others may have with it.
    if (!watch)
        return pid == os::processId() && watch.error().code == ErrorCode::NotFound;
    if (watch->hasEnded())
        return false;
    owner.watch = std::make_unique<ProcessNotifier>(*std::move(watch));
    connect(owner.watch.get(), &ProcessNotifier::ended, this, [this, pid] { handleEnd(pid); });
    return true;
}

void RegistryNames::handleEnd(std::uint64_t pid)
{
    const auto owner = m_owners.find(pid);
    if (owner == m_owners.end())
        return;
    // One instance has ended, by a close or with its process: the watch of the next one tells which.
    ProcessNotifier::shutDown(std::move(owner->second.watch));
    m_unwatched.insert(pid);
    readFiles({owner->second.watched});
}

void RegistryNames::timerEvent(QTimerEvent *)
{
    m_poll.stop();
    std::vector<std::string> files;
    for (auto &[pid, owner] : m_owners) {
        if (!std::exchange(owner.isPolled, false))
            continue;
        m_unwatched.insert(pid);
        files.insert(files.end(), owner.files.begin(), owner.files.end());
    }
    if (m_error.code != ErrorCode::NoError)
        readAll();
    else
        readFiles(std::move(files));
}

void RegistryNames::finish(const Changed &changed, const Error &error)
{
    // A record of another version stays what it is.
    const bool mayPass = error.code != ErrorCode::NoError && error.code != ErrorCode::UnsupportedVersion;
    const bool isPolling =
        mayPass || !m_unwatched.empty()
        || std::any_of(m_owners.begin(), m_owners.end(), [](const auto &entry) { return entry.second.isPolled; });
    if (!isPolling)
        m_backoff = {};
    else if (!m_poll.isActive())
        m_poll.start(m_backoff.next(), this);
    const bool isOtherError = std::exchange(m_error, error).text != error.text;
    std::vector<Record> present;
    std::vector<std::string> gone;
    for (const auto &[file, name] : changed) {
        if (const auto known = m_records.find(file); known != m_records.end())
            present.push_back(known->second);
        else
            gone.push_back(name);
    }
    if (!changed.empty())
        Q_EMIT this->changed(present, gone);
    if (isOtherError)
        Q_EMIT errorChanged();
}
