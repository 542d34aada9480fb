// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sharedsegment_p.h"

#include "../os/folder.h"
#include "../segment/layout.h"
#include "nearnames_p.h"
#include "waiter_p.h"

#include <QtCore/QPointer>

#include <chrono>
#include <utility>

using namespace Qt::StringLiterals;
using sharedsegment::ErrorCode;
using sharedsegment::Result;
namespace os = sharedsegment::os;

static_assert(int(SharedSegment::Error::InvalidValue) == int(ErrorCode::InvalidValue));
static_assert(int(SharedSegment::Backend::Win32) == int(os::Backend::Win32));

namespace {

SharedSegment::Error toPublic(ErrorCode code)
{
    return static_cast<SharedSegment::Error>(code);
}

} // namespace

SharedSegmentPrivate::SharedSegmentPrivate(SharedSegment *q)
    : q_ptr(q)
{
}

SharedSegmentPrivate::~SharedSegmentPrivate() = default;

Result<std::string> SharedSegmentPrivate::toName(const QString &name)
{
    if (!name.isValidUtf16())
        return sharedsegment::Error{
            ErrorCode::InvalidName,
            "the name of the segment is not valid Unicode; leave out the half of a surrogate pair"};
    return name.toStdString();
}

os::Access SharedSegmentPrivate::toNative(SharedSegment::Access access)
{
    return access == SharedSegment::Access::ReadWrite ? os::Access::ReadWrite : os::Access::ReadOnly;
}

std::shared_ptr<SharedSegmentPrivate::Segment> SharedSegmentPrivate::sharedSegment() const
{
    const std::lock_guard lock(m_segmentMutex);
    return m_segment;
}

void SharedSegmentPrivate::setSegment(std::shared_ptr<Segment> segment)
{
    // The old segment is released after the mutex. The barrier keeps a fork from copying a half-written pointer.
    const sharedsegment::os::ForkBarrier barrier;
    const std::lock_guard lock(m_segmentMutex);
    m_segment.swap(segment);
}

void SharedSegmentPrivate::announce()
{
    Q_Q(SharedSegment);
    const QPointer<SharedSegment> guard(q);
    // Compares with the last announced values, so that a change by a handler is announced once, by that change.
    auto update = [&](auto &announced, const auto &value, void (SharedSegment::*changed)()) {
        if (!guard || announced == value)
            return;
        announced = value;
        Q_EMIT(q->*changed)();
    };
    update(m_announced.state, q->state(), &SharedSegment::stateChanged);
    if (guard)
        update(m_announced.layoutText, q->layoutText(), &SharedSegment::layoutChanged);
    if (guard)
        update(m_announced.length, q->length(), &SharedSegment::lengthChanged);
    if (guard)
        update(m_announced.bufferCount, q->bufferCount(), &SharedSegment::bufferCountChanged);
    if (guard)
        update(m_announced.backend, q->backend(), &SharedSegment::backendChanged);
    if (guard)
        update(m_announced.access, q->access(), &SharedSegment::accessChanged);
    if (guard)
        update(m_announced.multipleWriters, q->multipleWriters(), &SharedSegment::multipleWritersChanged);
    if (guard)
        update(m_announced.isOwner, q->isOwner(), &SharedSegment::isOwnerChanged);
    if (guard)
        update(m_announced.size, q->size(), &SharedSegment::sizeChanged);
    if (guard)
        update(m_announced.ownerPid, q->ownerPid(), &SharedSegment::ownerPidChanged);
    if (guard)
        update(m_announced.instance, q->instance(), &SharedSegment::instanceChanged);
    if (guard)
        announceRevision();
}

void SharedSegmentPrivate::fail(SharedSegment::Error code, const QString &text)
{
    Q_Q(SharedSegment);
    const QPointer<SharedSegment> guard(q);
    m_hasError.store(code != SharedSegment::Error::NoError, std::memory_order_relaxed);
    const bool codeChanges = std::exchange(m_error, code) != code;
    const bool textChanges = std::exchange(m_errorString, text) != text;
    if (codeChanges)
        Q_EMIT q->errorChanged();
    if (guard && textChanges)
        Q_EMIT q->errorStringChanged();
    if (guard && code != SharedSegment::Error::NoError)
        Q_EMIT q->errorOccurred(code);
}

bool SharedSegmentPrivate::fail(const sharedsegment::Error &error)
{
    fail(toPublic(error.code), QString::fromStdString(error.text));
    return false;
}

void SharedSegmentPrivate::succeed()
{
    fail(SharedSegment::Error::NoError, QString());
}

void SharedSegmentPrivate::attach(std::shared_ptr<Segment> segment, std::unique_ptr<Ownership> ownership,
                                  SharedSegment::Access access)
{
    Q_Q(SharedSegment);
    const QPointer<SharedSegment> guard(q);
    if (isOpen()) {
        detach();
        Q_EMIT q->closed();
        if (!guard)
            return;
    }
    m_openLayout = SharedLayout(segment->layout());
    setSegment(std::move(segment));
    m_ownership = std::move(ownership);
    startWatch(m_segment->revision());
    m_openAccess = access;
    m_state = SharedSegment::State::Open;
    stopWaiting();
    updatePolling();
    succeed();
    if (!guard)
        return;
    Q_EMIT q->opened();
    if (guard)
        announce();
    if (guard)
        checkEventLoop();
}

sharedsegment::Error SharedSegmentPrivate::noEventLoop(const std::string &consequence)
{
    return {ErrorCode::Unsupported,
            "this thread has no event loop, so that " + consequence + ", or use a QThread with exec()"};
}

void SharedSegmentPrivate::startWatch(quint64 known)
{
    Q_Q(SharedSegment);
    m_watch = std::make_unique<SegmentWatch>(m_segment, known);
    m_watch->setThrottled(m_isThrottled);
    QObject::connect(m_watch.get(), &SegmentWatch::updated, q, [this](quint64 revision) { handleUpdate(revision); });
    QObject::connect(m_watch.get(), &SegmentWatch::ownerGone, q, [this] { handleOwnerGone(); });
    if (m_ownership && m_segment->hasOnlyLocalWriters())
        m_watch->setReceiverCheck([this] { return hasUpdateReceivers(); });
}

void SharedSegmentPrivate::changeThread()
{
    Q_Q(SharedSegment);
    // Releases the notifiers of the old thread's event loop here, in that thread, and sets them up again in the other
    // one. Timers and the queued call move with the object.
    const bool wasWaiting = m_folderWatch != nullptr;
    if (wasWaiting)
        stopWaiting();
    const bool hadWatch = m_watch && m_state == SharedSegment::State::Open;
    if (hadWatch)
        m_watch.release()->shutDown();
    if (!hadWatch && !wasWaiting)
        return;
    auto resume = [this, known = m_announced.revision] {
        if (m_state == SharedSegment::State::Open && !m_watch)
            startWatch(known);
        else if (m_state != SharedSegment::State::Open)
            activate();
    };
    QMetaObject::invokeMethod(q, resume, Qt::QueuedConnection);
}

void SharedSegmentPrivate::detach()
{
    m_waiter.reset();
    if (m_watch)
        m_watch.release()->shutDown();
    m_ownership.reset();
    setSegment(nullptr);
    m_openLayout = SharedLayout();
    m_state = SharedSegment::State::Closed;
    updatePolling();
}

void SharedSegmentPrivate::closeAndAnnounce()
{
    Q_Q(SharedSegment);
    const QPointer<SharedSegment> guard(q);
    stopWaiting();
    const bool wasOpen = isOpen();
    detach();
    if (wasOpen)
        Q_EMIT q->closed();
    if (guard)
        announce();
}

sharedsegment::Error SharedSegmentPrivate::tryCreate(const SharedLayout &layout, qint64 length,
                                                     std::span<const std::byte> content)
{
    if (isOpenHere())
        return {ErrorCode::InvalidState, "\"" + m_segment->name() + "\" is open already; close it first"};
    const Result<std::string> name = toName(m_name);
    if (!name)
        return name.error();
    if (!layout.isValid())
        return noLayout();
    if (length < 1)
        return {ErrorCode::InvalidSize,
                "a segment of " + std::to_string(length) + " elements is not possible; give a length of at least 1"};
    if (m_bufferCount < 0 || m_bufferCount > 16)
        return {ErrorCode::InvalidSize,
                std::to_string(m_bufferCount) + " buffers are not possible; give 1 to 16, or 0 for the default"};
    sharedsegment::segment::CreateOptions options;
    options.backend = static_cast<os::Backend>(m_backend);
    options.length = static_cast<std::uint64_t>(length);
    options.bufferCount = static_cast<std::uint32_t>(m_bufferCount);
    options.multipleWriters = m_multipleWriters;
    options.content = content;
    Result<Segment::Created> created = Segment::create(*name, layout.native(), options);
    if (!created)
        return created.error();
    attach(std::move(created->segment), std::move(created->ownership), SharedSegment::Access::ReadWrite);
    return {};
}

sharedsegment::Error SharedSegmentPrivate::noLayout() const
{
    QString why = u"there is no layout; give one such as f64 or Point{x:f64;y:f64}"_s;
    if (!m_layoutText.isEmpty() && !m_layout.isValid())
        SharedLayout::parse(m_layoutText, &why);
    return {ErrorCode::InvalidLayout, why.toStdString()};
}

sharedsegment::Error SharedSegmentPrivate::tryOpen(SharedSegment::Access access)
{
    return tryOpen(access, m_layout, m_length);
}

sharedsegment::Error SharedSegmentPrivate::tryOpen(SharedSegment::Access access, const SharedLayout &wanted,
                                                   qint64 wantedLength)
{
    if (isOpenHere())
        return {ErrorCode::InvalidState, "\"" + m_segment->name() + "\" is open already; close it first"};
    const Result<std::string> name = toName(m_name);
    if (!name)
        return name.error();
    if (!m_layoutText.isEmpty() && !wanted.isValid()) {
        QString why;
        SharedLayout::parse(m_layoutText, &why);
        return {ErrorCode::InvalidLayout, why.toStdString()};
    }
    Result<std::shared_ptr<Segment>> opened = Segment::open(*name, toNative(access));
    if (!opened)
        return opened.error();
    const sharedsegment::segment::Layout &found = *(*opened)->layout();
    if (wanted.isValid() && !(wanted.native() == found))
        return {ErrorCode::LayoutMismatch, "the segment \"" + *name + "\" has the layout \"" + found.text()
                                               + "\", expected is \"" + wanted.native().text()
                                               + "\": " + wanted.native().firstDifference(found) + "; "
                                               + wanted.native().remedyFor(found)};
    const std::uint64_t length = (*opened)->geometry().elementCount;
    if (wantedLength > 0 && static_cast<std::uint64_t>(wantedLength) != length)
        return {ErrorCode::LayoutMismatch, "the segment \"" + *name + "\" (\"" + found.text() + "\") has "
                                               + std::to_string(length) + " elements, expected are "
                                               + std::to_string(wantedLength) + "; give that length, or none"};
    attach(std::move(*opened), nullptr, access);
    return {};
}

bool SharedSegmentPrivate::create(const SharedLayout &layout, qint64 length)
{
    if (const sharedsegment::Error error = tryCreate(layout, length); failed(error))
        return fail(error);
    return true;
}

bool SharedSegmentPrivate::open(SharedSegment::Access access)
{
    sharedsegment::Error error = tryOpen(access);
    if (error.code == ErrorCode::NotFound)
        error.text = whyNotFound();
    return failed(error) ? fail(error) : true;
}

std::string SharedSegmentPrivate::whyNotFound() const
{
    const std::string name = m_name.toStdString();
    const std::string near = nearName(name);
    return "there is no segment \"" + name + "\" in \"" + os::Folder::location() + "\"; "
         + (near.empty() ? "start the program that creates it, with the same registry folder"
                         : "did you mean \"" + near + "\"?");
}

void SharedSegmentPrivate::requestLayout(const QString &text, const SharedLayout &layout, const QString &why)
{
    Q_Q(SharedSegment);
    if (m_layoutText == text)
        return;
    const QPointer<SharedSegment> guard(q);
    m_layoutText = text;
    m_layout = layout;
    announce();
    if (guard && !why.isEmpty())
        fail(SharedSegment::Error::InvalidLayout, why);
    if (guard && m_active)
        restart();
}

std::optional<quint64> SharedSegmentPrivate::read(std::span<std::byte> destination, qint64 offset,
                                                  SharedRevision *revision, sharedsegment::Error *why) const
{
    const SegmentPin segment(*this);
    if (!segment) {
        if (why)
            *why = {ErrorCode::NotFound, "no segment is open; create or open it first"};
        return std::nullopt;
    }
    const std::uint64_t size = segment->geometry().payloadSize;
    if (offset < 0 || static_cast<std::uint64_t>(offset) > size
        || destination.size() > size - static_cast<std::uint64_t>(offset)) {
        if (why) {
            const auto distance = static_cast<std::uint64_t>(offset);
            const std::string before = offset < 0 ? '-' + segment->amount(0 - distance) : segment->amount(distance);
            *why = {ErrorCode::InvalidSize, "\"" + segment->name() + "\" has " + segment->amount(size) + ", and not "
                                                + segment->amount(destination.size()) + " after the first " + before
                                                + "; read what lies within it"};
        }
        return std::nullopt;
    }
    sharedsegment::segment::RevisionInfo read;
    if (!segment->read(destination, static_cast<std::uint64_t>(offset), &read, why))
        return std::nullopt;
    if (revision)
        *revision = {read.number, read.timestamp, qint64(segment->geometry().elementCount)};
    return read.number;
}

void SharedSegmentPrivate::reportRead(const sharedsegment::Error &error) const
{
    // Other threads get only the return value; the properties belong to the object's thread.
    if (isOwnThread())
        const_cast<SharedSegmentPrivate *>(this)->fail(error);
}

sharedsegment::Error SharedSegmentPrivate::whyNotWritable() const
{
    if (!isOpen())
        return {ErrorCode::NotFound, "no segment is open; create or open it first"};
    if (m_openAccess != SharedSegment::Access::ReadWrite)
        return {ErrorCode::PermissionDenied,
                "\"" + m_segment->name() + "\" is open for reading only; open it ReadWrite"};
    if (m_state == SharedSegment::State::Orphaned)
        return {ErrorCode::NotFound,
                "the owner of \"" + m_segment->name() + "\" is gone and nothing can be published; start the next one"};
    return {};
}
