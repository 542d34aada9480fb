// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "opening.h"

#include "../engine/awaitname.h"
#include "../engine/errors.h"
#include "../engine/expectation.h"
#include "../engine/notfound.h"
#include "../engine/opensegment.h"

#include <utility>

namespace sharedsegment {

Opening::Opening(std::string name)
    : m_name(std::move(name))
{
}

bool Opening::fail(Error why)
{
    m_error = std::move(why);
    return false;
}

bool Opening::succeed()
{
    m_error = {};
    return true;
}

Status Opening::tryOpen(const engine::Registry &registry, const engine::Layout &layout, std::uint64_t capacity,
                        std::span<const engine::Kind> kinds)
{
    Result<std::shared_ptr<engine::Segment>> opened = engine::openSegment(registry, m_name, os::Access::ReadOnly);
    if (!opened)
        return opened.error();
    if (Status expected = engine::checkExpectation(**opened, layout, capacity, kinds); !expected)
        return expected;
    m_segment = *std::move(opened);
    return {};
}

bool Opening::open(const Result<engine::Layout> &layout, std::uint64_t capacity, std::span<const engine::Kind> kinds,
                   engine::Deadline deadline)
{
    if (m_segment)
        return fail(engine::errors::openAlready(m_name));
    if (!layout)
        return fail(layout.error());
    const engine::Registry registry = engine::Registry::ofEnvironment();
    const auto attempt = [&] { return tryOpen(registry, *layout, capacity, kinds); };
    const Status opened = deadline == engine::Deadline::min() ? attempt()
                                                              : engine::awaitName(registry, m_name, attempt, deadline);
    if (!opened)
        return fail(opened.error().code == ErrorCode::NotFound ? engine::notFound(registry, m_name) : opened.error());
    return succeed();
}

void Opening::close()
{
    m_waiter.reset();
    m_segment.reset();
    succeed();
}

bool Opening::prepareToWait()
{
    if (!m_segment)
        return fail(engine::errors::notOpen());
    if (!m_segment->isOfThisProcess())
        return fail(m_segment->view().notOfThisProcess());
    if (!m_waiter)
        m_waiter = std::make_unique<engine::UpdateWaiter>(m_segment);
    return true;
}

bool Opening::waitForUpdated(std::uint64_t since, engine::Deadline deadline)
{
    if (!prepareToWait())
        return false;
    switch (m_waiter->wait(since, deadline)) {
    case engine::UpdateWaiter::Outcome::Updated:
        return succeed();
    case engine::UpdateWaiter::Outcome::TimedOut:
        succeed();
        return false;
    case engine::UpdateWaiter::Outcome::OwnerGone:
        break;
    }
    const bool isReplaced = m_segment->owner().isReplaced();
    return fail({ErrorCode::NotFound, "the owner of \"" + m_name
                                          + (isReplaced ? "\" has replaced it by another" : "\" is gone")
                                          + "; close the segment and call waitForOpened() for its next one"});
}

std::optional<std::intptr_t> Opening::updateDescriptor()
{
    if (!prepareToWait())
        return std::nullopt;
    const Result<os::Handle::Native> descriptor = m_waiter->descriptor();
    if (!descriptor) {
        fail(descriptor.error());
        return std::nullopt;
    }
    succeed();
    return *descriptor;
}

Result<engine::Layout> parseExpected(std::string_view layout)
{
    return layout.empty() ? engine::Layout() : engine::Layout::parse(layout);
}

} // namespace sharedsegment
