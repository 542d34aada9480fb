// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "wish.h"

#include "../os/handle.h"
#include "../os/processtoken.h"
#include "../os/system.h"
#include "name.h"
#include "registry.h"

#include <map>
#include <span>

namespace sharedsegment::engine {

namespace {

/// A sweep may take the new file for one that a dead owner left.
constexpr int MakeTries = 4;

using Wishes = std::map<Wish::Key, std::weak_ptr<Wish>>;

/// The wishes of this process. Never destroyed, because their holders may be static objects.
///
/// The barrier also serves as the mutex. Release no wish under it: its end needs the barrier, too.
Wishes &wishesOfThisProcess(const os::ForkBarrier &)
{
    static constinit Wishes *wishes = nullptr;
    static constinit os::ProcessToken process = 0;
    // In a forked child, the map belongs to the parent.
    if (!wishes || process != os::processToken()) {
        process = os::processToken();
        wishes = new Wishes;
    }
    return *wishes;
}

std::shared_ptr<Wish> findWish(const Wish::Key &key)
{
    const os::ForkBarrier barrier;
    const Wishes &wishes = wishesOfThisProcess(barrier);
    const auto found = wishes.find(key);
    return found == wishes.end() ? nullptr : found->second.lock();
}

/// Puts `wish` in the place of `old`, unless another thread has done so meanwhile. @returns what is there then.
std::shared_ptr<Wish> replaceWish(const Wish::Key &key, const std::shared_ptr<Wish> &old,
                                  const std::shared_ptr<Wish> &wish)
{
    const os::ForkBarrier barrier;
    std::weak_ptr<Wish> &known = wishesOfThisProcess(barrier)[key];
    std::shared_ptr<Wish> present = known.lock();
    if (present && present != old)
        return present;
    known = wish;
    return wish;
}

Result<os::RecordFile> makeWish(const os::Folder &folder, std::string_view name)
{
    for (int tries = 1;; ++tries) {
        const std::string id = toHex(os::randomId());
        Result<os::RecordFile> file = os::RecordFile::create(folder, id);
        if (!file)
            return file;
        Status made = file->write(std::as_bytes(std::span(name)));
        if (made)
            made = file->publish(os::RecordFile::wishName(id));
        if (made)
            return file;
        file->remove();
        if (made.error().code != ErrorCode::NotFound || tries == MakeTries)
            return made.error();
    }
}

} // namespace

std::shared_ptr<Wish> Wish::of(const Registry &registry, std::string_view name)
{
    if (!isMirrorName(name) || !checkName(name))
        return nullptr;
    const Key key(registry.path(), name);
    std::shared_ptr<Wish> known = findWish(key);
    if (known && known->m_file.isLinked())
        return known;
    const Result<RegistryFolder> folder = registry.open();
    if (!folder)
        return nullptr;
    Result<os::RecordFile> file = makeWish(folder->folder(), name);
    if (!file)
        return nullptr;
    const std::shared_ptr<Wish> wish(new Wish(key, *std::move(file)));
    return replaceWish(key, known, wish);
}

Wish::~Wish()
{
    {
        const os::ForkBarrier barrier;
        Wishes &wishes = wishesOfThisProcess(barrier);
        // Another one may have taken its place.
        if (const auto found = wishes.find(m_key); found != wishes.end() && found->second.expired())
            wishes.erase(found);
    }
    if (!m_file.isOpen())
        return;
    m_file.remove();
    m_file.close();
}

} // namespace sharedsegment::engine
