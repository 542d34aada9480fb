// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The part of SharedSegment for memory of other libraries. Such memory sends no notifications, so it is polled.

#include "qmlinteger_p.h"
#include "sharedsegment_p.h"

#include "../engine/errors.h"
#include "../engine/opensegment.h"

#include <QtCore/QPointer>

#include <algorithm>
#include <utility>

using sharedsegment::ErrorCode;
using sharedsegment::Result;
namespace os = sharedsegment::os;

QString SharedSegment::externalName() const
{
    return d_func()->m_externalName;
}

void SharedSegment::setExternalName(const QString &name)
{
    Q_D(SharedSegment);
    if (d->m_externalName == name)
        return;
    const QPointer<SharedSegment> guard(this);
    d->m_externalName = name;
    Q_EMIT externalNameChanged();
    if (guard && d->m_active)
        d->restart();
}

qint64 SharedSegment::externalOffset() const
{
    return d_func()->m_externalOffset;
}

double SharedSegment::externalOffsetReal() const
{
    return QmlInteger::toReal(externalOffset());
}

void SharedSegment::setExternalOffsetReal(double offset)
{
    setExternalOffset(QmlInteger::fromReal(offset));
}

void SharedSegment::setExternalOffset(qint64 offset)
{
    Q_D(SharedSegment);
    if (std::exchange(d->m_externalOffset, offset) == offset)
        return;
    const QPointer<SharedSegment> guard(this);
    Q_EMIT externalOffsetChanged();
    if (guard && d->m_active && d->isExternalWanted())
        d->restart();
}

int SharedSegment::pollingInterval() const
{
    return d_func()->m_pollingInterval;
}

void SharedSegment::setPollingInterval(int milliseconds)
{
    Q_D(SharedSegment);
    const int possible = std::max(milliseconds, 0);
    if (std::exchange(d->m_pollingInterval, possible) == possible)
        return;
    d->updatePolling();
    Q_EMIT pollingIntervalChanged();
}

bool SharedSegment::openExternal(const QString &name, const SharedLayout &layout, qint64 offset, Access access)
{
    return d_func()->openExternal(SharedSegmentPrivate::externalMemory(name, access), layout, offset, access);
}

bool SharedSegment::openExternal(qintptr descriptor, const SharedLayout &layout, qint64 offset, Access access)
{
    return d_func()->openExternal(os::ExternalMemory::share(descriptor, SharedSegmentPrivate::toNative(access)), layout,
                                  offset, access);
}

void SharedSegment::refresh()
{
    d_func()->refresh();
}

Result<os::ExternalMemory> SharedSegmentPrivate::externalMemory(const QString &name, SharedSegment::Access access)
{
    const Result<std::string> bytes = toName(name);
    if (!bytes)
        return bytes.error();
    return os::ExternalMemory::open(*bytes, toNative(access));
}

sharedsegment::Error SharedSegmentPrivate::tryOpenExternal(Result<os::ExternalMemory> memory,
                                                           const SharedLayout &layout, qint64 offset,
                                                           SharedSegment::Access access)
{
    if (isOpenHere())
        return sharedsegment::engine::errors::openAlready(m_segment->name());
    if (!layout.isValid())
        return noLayout();
    if (offset < 0 || m_capacity < 0)
        return {ErrorCode::InvalidSize, "no memory has " + std::to_string(m_capacity) + " elements from byte "
                                            + std::to_string(offset) + " on; give none below 0"};
    if (!memory)
        return memory.error();
    Result<std::shared_ptr<Segment>> opened =
        sharedsegment::engine::openExternal(*std::move(memory), layout.native(), static_cast<std::uint64_t>(offset),
                                            static_cast<std::uint64_t>(m_capacity), toNative(access));
    if (!opened)
        return opened.error();
    attach(std::move(*opened), nullptr, access);
    return {};
}

bool SharedSegmentPrivate::openExternal(Result<os::ExternalMemory> memory, const SharedLayout &layout, qint64 offset,
                                        SharedSegment::Access access)
{
    if (const sharedsegment::Error error = tryOpenExternal(std::move(memory), layout, offset, access); failed(error))
        return fail(error);
    return true;
}

void SharedSegmentPrivate::updatePolling()
{
    const bool hasReason = isOpen() ? m_segment->isExternal() : m_active && isExternalWanted();
    if (!hasReason || m_pollingInterval <= 0) {
        if (m_polling)
            m_polling->stop();
        return;
    }
    Q_Q(SharedSegment);
    if (!m_polling) {
        m_polling = std::make_unique<QTimer>(q);
        QObject::connect(m_polling.get(), &QTimer::timeout, q, &SharedSegment::refresh);
    }
    if (!m_polling->isActive() || m_polling->interval() != m_pollingInterval)
        m_polling->start(m_pollingInterval);
}

void SharedSegmentPrivate::refresh()
{
    Q_Q(SharedSegment);
    if (m_state == SharedSegment::State::Open) {
        m_segment->refresh();
    } else if (isExternalWanted()) {
        const QPointer<SharedSegment> guard(q);
        attempt();
        if (guard)
            announce();
    }
}
