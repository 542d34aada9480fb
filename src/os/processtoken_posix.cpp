// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The token lies in a page that the kernel wipes in a forked child. For systems without such pages, fork handlers clear
// it, too; there only _Fork(3) and clone(2) go unnoticed.

#include "processtoken.h"

#include "forkhandlers_posix.h"

#include <cstddef>
#include <sys/mman.h>
#include <unistd.h>

namespace sharedsegment::os {

namespace {

/// Used before the page exists, and instead of the page when there is no memory for it.
constinit std::uint32_t noToken = 0;
constinit std::uint32_t tokenWithoutPage = 0;
/// The newest token of this process or of an ancestor. A child continues from its parent's value.
constinit std::atomic<ProcessToken> newestToken = 0;

void clearOnFork([[maybe_unused]] void *page, [[maybe_unused]] std::size_t size)
{
#if defined(MADV_WIPEONFORK)
    ::madvise(page, size, MADV_WIPEONFORK);
#elif defined(INHERIT_ZERO)
    ::minherit(page, size, INHERIT_ZERO);
#endif
}

std::uint32_t *makeTokenPlace()
{
    const auto size = static_cast<std::size_t>(::getpagesize());
    void *const page = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    auto *const fresh = page == MAP_FAILED ? &tokenWithoutPage : static_cast<std::uint32_t *>(page);
    if (page != MAP_FAILED)
        clearOnFork(page, size);
    std::uint32_t *known = &noToken;
    if (tokenPlace.compare_exchange_strong(known, fresh))
        return fresh;
    if (page != MAP_FAILED)
        ::munmap(page, size);
    return known;
}

} // namespace

constinit std::atomic<std::uint32_t *> tokenPlace = &noToken;

ProcessToken makeProcessToken()
{
    installForkHandlers();
    std::uint32_t *place = tokenPlace.load(std::memory_order_acquire);
    if (place == &noToken)
        place = makeTokenPlace();
    ProcessToken found = 0;
    const ProcessToken fresh = newestToken.fetch_add(1) + 1;
    return compareAndSwap(*place, found, fresh) ? fresh : found;
}

} // namespace sharedsegment::os
