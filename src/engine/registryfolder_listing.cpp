// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The whole folder: lists its records and wishes, and sweeps what dead processes left.

#include "registryfolder.h"

#include "../os/doorbell.h"
#include "../os/system.h"
#include "instancefiles.h"
#include "name.h"

#include <algorithm>
#include <array>
#include <functional>
#include <set>
#include <span>
#include <utility>

namespace sharedsegment::engine {

std::optional<std::string> RegistryFolder::wishedIn(const std::string &file) const
{
    Result<os::RecordFile> wish = os::RecordFile::open(m_folder, file);
    if (!wish) {
        if (wish.error().code != ErrorCode::NotFound && !isOutOfDescriptors(wish.error()))
            os::RecordFile::removeNonRegularFile(m_folder, file, toHex(os::randomId()));
        return std::nullopt;
    }
    std::array<char, MaximumNameBytes + 1> bytes;
    const std::string_view name(bytes.data(), wish->read(std::as_writable_bytes(std::span(bytes))));
    if (!wish->isOwned()) {
        wish->setInstance(toHex(os::randomId()));
        wish->remove();
        return std::nullopt;
    }
    return checkName(name) ? std::optional(std::string(name)) : std::nullopt;
}

Result<std::vector<HeldWish>> RegistryFolder::wishes() const
{
    Result<std::vector<std::string>> files = m_folder.files();
    if (!files)
        return files.error();
    std::erase_if(*files, [](const std::string &file) { return !os::RecordFile::isWishName(file); });
    std::sort(files->begin(), files->end());
    std::vector<HeldWish> wishes;
    for (std::string &file : *files) {
        if (std::optional<std::string> name = wishedIn(file))
            wishes.push_back({std::move(file), *std::move(name)});
    }
    return wishes;
}

Result<std::vector<std::string>> RegistryFolder::names(Error *unseen) const
{
    const Result<std::vector<ListedRecord>> all = records(unseen);
    if (!all)
        return all.error();
    std::vector<std::string> names;
    for (const ListedRecord &record : *all) {
        if (record.problem.code != ErrorCode::Corrupt)
            names.push_back(record.name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

Result<std::vector<ListedRecord>> RegistryFolder::records(Error *unseen) const
{
    std::vector<std::string> misplaced;
    Result<std::vector<ListedRecord>> records = list(&misplaced, unseen);
    if (!records || misplaced.empty())
        return records;
    for (const std::string &file : misplaced) {
        if (Result<FoundRecord> found = lookUp(file, Wait::zero()))
            static_cast<void>(repairMisplaced(file, *found, Wait::zero()));
    }
    return list(&misplaced, unseen);
}

Result<ListedRecord> RegistryFolder::record(const std::string &file) const
{
    if (!isRecordFileName(file))
        return notFound(file);
    std::vector<std::string> misplaced;
    std::optional<InstanceId> instance;
    return listed(file, &misplaced, &instance, Doorbells::Remove);
}

Result<ListedRecord> RegistryFolder::listed(const std::string &file, std::vector<std::string> *misplaced,
                                            std::optional<InstanceId> *instance, Doorbells doorbells) const
{
    const Result<FoundRecord> found = lookUpNewest(file, Wait::zero(), doorbells);
    if (!found) {
        // A living owner has the name, and its record is damaged or one of another version.
        const ErrorCode code = found.error().code;
        const bool isUnreadable = code == ErrorCode::UnsupportedVersion || code == ErrorCode::Corrupt;
        std::optional<std::string> name = isUnreadable ? nameOfRecordFile(file) : std::nullopt;
        if (!name)
            return found.error();
        return ListedRecord{file, *std::move(name), found.error()};
    }
    const RecordHeader &header = found->header;
    *instance = header.instance;
    const bool isMisplaced = recordFileName(found->name()) != file;
    if (isMisplaced)
        misplaced->push_back(file);
    if (isMisplaced || found->isClosing())
        return notFound(found->name());
    return ListedRecord{
        file,           found->name(),   {}, header.instance, header.pid, header.segmentSize, header.kind,
        header.backend, sourceOf(*found)};
}

Result<std::vector<ListedRecord>> RegistryFolder::list(std::vector<std::string> *misplaced, Error *unseen) const
{
    std::vector<ListedRecord> records;
    std::set<std::string, std::less<>> living;
    // List the doorbells before the records: the owner of an existing doorbell has already published its record. In the
    // opposite order, this could miss a new instance and mistake a doorbell that its listener is just opening for a
    // dead one's.
    Result<std::vector<std::string>> doorbells = m_folder.files();
    if (!doorbells)
        return doorbells.error();
    std::erase_if(*doorbells, [](const std::string &file) { return instanceOfFifo(file).empty(); });
    const Result<std::vector<std::string>> files = m_folder.files();
    if (!files)
        return files.error();
    for (const std::string &file : *files) {
        if (os::RecordFile::isTemporaryName(file)) {
            sweepTemporary(file);
            continue;
        }
        if (os::RecordFile::isWishName(file)) {
            wishedIn(file);
            continue;
        }
        if (!isRecordFileName(file))
            continue;
        std::optional<InstanceId> instance;
        // All dead doorbells are removed below.
        Result<ListedRecord> record = listed(file, misplaced, &instance, Doorbells::Leave);
        if (instance)
            living.insert(toHex(*instance));
        if (record) {
            records.push_back(*std::move(record));
            continue;
        }
        const Error &error = record.error();
        if (unseen && unseen->code == ErrorCode::NoError
            && (error.code == ErrorCode::UnsupportedVersion || hidesRecords(error)))
            *unseen = error;
    }
    for (const std::string &doorbell : *doorbells) {
        const bool isLiving = living.contains(instanceOfFifo(doorbell));
        const std::string path = m_folder.pathOf(doorbell);
        if (!isLiving && (os::DoorbellNotifier::isDead(path) || os::DoorbellNotifier::isOtherFile(path)))
            os::DoorbellNotifier::removeDead(path);
    }
    return records;
}

} // namespace sharedsegment::engine
