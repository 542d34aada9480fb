// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sharedsegment_p.h"

#include "../engine/createsegment.h"
#include "../engine/errors.h"
#include "../engine/expectation.h"
#include "../engine/notfound.h"
#include "../engine/opensegment.h"

#include <QtCore/QPointer>

#include <algorithm>
#include <chrono>
#include <utility>

using namespace Qt::StringLiterals;
using sharedsegment::ErrorCode;
using sharedsegment::Result;
using sharedsegment::Status;
namespace engine = sharedsegment::engine;
namespace errors = sharedsegment::engine::errors;
namespace os = sharedsegment::os;

// The public enums, which Qt's meta-object system needs as its own, have the engine's values.
#define SAME_ERROR(value) static_assert(int(SharedSegment::Error::value) == int(ErrorCode::value))
SAME_ERROR(NoError);
SAME_ERROR(InvalidName);
SAME_ERROR(InvalidLayout);
SAME_ERROR(InvalidSize);
SAME_ERROR(AlreadyExists);
SAME_ERROR(NotFound);
SAME_ERROR(PermissionDenied);
SAME_ERROR(LayoutMismatch);
SAME_ERROR(UnsupportedVersion);
SAME_ERROR(Corrupt);
SAME_ERROR(OutOfMemory);
SAME_ERROR(Busy);
SAME_ERROR(Unsupported);
SAME_ERROR(SystemError);
SAME_ERROR(InvalidState);
SAME_ERROR(InvalidValue);
#undef SAME_ERROR
#define SAME_BACKEND(value) static_assert(int(SharedSegment::Backend::value) == int(os::Backend::value))
SAME_BACKEND(Automatic);
SAME_BACKEND(Memfd);
SAME_BACKEND(Posix);
SAME_BACKEND(Win32);
#undef SAME_BACKEND
#define SAME_ACCESS(value) static_assert(int(SharedSegment::Access::value) == int(os::Access::value))
SAME_ACCESS(ReadOnly);
SAME_ACCESS(ReadWrite);
#undef SAME_ACCESS
#define SAME_KIND(value) static_assert(quint32(SharedSegment::Kind::value) == quint32(engine::Kind::value))
SAME_KIND(FixedArray);
SAME_KIND(VariableArray);
SAME_KIND(Stream);
#undef SAME_KIND
#define SAME_SOURCE(value) static_assert(quint32(SharedSegment::Source::value) == quint32(sharedsegment::Source::value))
SAME_SOURCE(Here);
SAME_SOURCE(Reachable);
SAME_SOURCE(NotReachable);
#undef SAME_SOURCE

namespace {

SharedSegment::Error toPublic(ErrorCode code)
{
    return static_cast<SharedSegment::Error>(code);
}

} // namespace

os::Wait toWait(QDeadlineTimer deadline)
{
    return deadline.isForever() ? std::chrono::nanoseconds::max()
                                : std::chrono::nanoseconds(deadline.remainingTimeNSecs());
}

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

std::span<const engine::Kind> SharedSegmentPrivate::expectedKinds() const
{
    return m_expectedKind ? std::span(&*m_expectedKind, 1) : m_arrayKinds;
}

os::Access SharedSegmentPrivate::toNative(SharedSegment::Access access)
{
    return static_cast<os::Access>(access);
}

std::shared_ptr<SharedSegmentPrivate::Segment> SharedSegmentPrivate::sharedSegment() const
{
    const std::lock_guard lock(m_segmentMutex);
    return m_segment;
}

SharedSegmentPrivate::Opening SharedSegmentPrivate::opening() const
{
    const std::lock_guard lock(m_segmentMutex);
    return {m_segment, m_openings, m_revisionAtStart, segmentChanges()};
}

void SharedSegmentPrivate::setSegment(std::shared_ptr<Segment> segment, bool isReplacement)
{
    // The old segment is released after the mutex. The barrier keeps a fork from copying a half-written pointer.
    const sharedsegment::os::ForkBarrier barrier;
    const std::lock_guard lock(m_segmentMutex);
    m_segment.swap(segment);
    m_segmentChanges.fetch_add(1, std::memory_order_release);
    if (m_segment && !isReplacement) {
        ++m_openings;
        m_revisionAtStart = m_segment->revision();
    }
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
        update(m_announced.capacity, q->capacity(), &SharedSegment::capacityChanged);
    if (guard)
        update(m_announced.kind, q->kind(), &SharedSegment::kindChanged);
    if (guard)
        update(m_announced.metadata, q->metadata(), &SharedSegment::metadataChanged);
    if (guard)
        update(m_announced.staleAfter, q->staleAfter(), &SharedSegment::staleAfterChanged);
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
        update(m_announced.source, q->source(), &SharedSegment::sourceChanged);
    if (guard)
        announceRevision(newest());
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
    if (guard && code == SharedSegment::Error::NoError)
        m_warned.clear();
    if (guard && code != SharedSegment::Error::NoError)
        Q_EMIT q->errorOccurred(code);
    if (guard)
        warnIfUnhandled();
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
    setOpenMetadata(segment.get());
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
    QObject::connect(m_watch.get(), &SegmentWatch::updated, q, [this] { handleUpdate(); });
    // Other sources do not change, and a connection takes time and memory.
    if (m_segment->owner().source() != sharedsegment::Source::Here)
        QObject::connect(m_watch.get(), &SegmentWatch::sourceChanged, q, [this] { announce(); });
    QObject::connect(m_watch.get(), &SegmentWatch::ownerGone, q, [this] { handleOwnerGone(); });
    if (m_ownership && m_segment->view().hasOnlyLocalWriters())
        m_watch->setReceiverCheck([this] { return hasUpdateReceivers(); });
}

void SharedSegmentPrivate::detach()
{
    m_waiter.reset();
    if (m_watch)
        m_watch.release()->shutDown();
    m_ownership.reset();
    setSegment(nullptr);
    m_openLayout = SharedLayout();
    setOpenMetadata(nullptr);
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

sharedsegment::Error SharedSegmentPrivate::tryCreate(SharedSegment::Kind kind, const SharedLayout &layout,
                                                     qint64 capacity, std::span<const std::byte> content,
                                                     const sharedsegment::RevisionInfo &revision)
{
    if (isOpenHere())
        return errors::openAlready(m_segment->name());
    const Result<std::string> name = toName(m_name);
    if (!name)
        return name.error();
    if (!layout.isValid())
        return noLayout();
    if (capacity < 1)
        return errors::noElements(capacity);
    if (m_bufferCount < 0 || m_bufferCount > 16)
        return errors::tooManyBuffers(m_bufferCount);
    const Result<std::string> metadata = metadataText(layout);
    if (!metadata)
        return metadata.error();
    engine::CreateOptions options;
    options.kind = static_cast<engine::Kind>(kind);
    options.metadata = *metadata;
    options.backend = static_cast<os::Backend>(m_backend);
    options.capacity = static_cast<std::uint64_t>(capacity);
    options.bufferCount = static_cast<std::uint32_t>(m_bufferCount);
    options.multipleWriters = m_multipleWriters;
    options.content = {content};
    options.revision = revision;
    Result<engine::CreatedSegment> created = engine::createSegment(registry(), *name, layout.native(), options);
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
    return tryOpen(access, m_layout, m_capacity);
}

sharedsegment::Error SharedSegmentPrivate::tryOpen(SharedSegment::Access access, const SharedLayout &wanted,
                                                   qint64 wantedCapacity)
{
    if (isOpenHere())
        return errors::openAlready(m_segment->name());
    const Result<std::string> name = toName(m_name);
    if (!name)
        return name.error();
    if (!m_layoutText.isEmpty() && !wanted.isValid()) {
        QString why;
        SharedLayout::parse(m_layoutText, &why);
        return {ErrorCode::InvalidLayout, why.toStdString()};
    }
    Result<std::shared_ptr<Segment>> opened = engine::openSegment(registry(), *name, toNative(access));
    if (!opened)
        return opened.error();
    if (const Status expected =
            engine::checkExpectation(**opened, wanted.native(),
                                     static_cast<std::uint64_t>(std::max(wantedCapacity, qint64(0))), expectedKinds());
        !expected)
        return expected.error();
    attach(std::move(*opened), nullptr, access);
    return {};
}

bool SharedSegmentPrivate::create(SharedSegment::Kind kind, const SharedLayout &layout, qint64 capacity)
{
    if (const sharedsegment::Error error = tryCreate(kind, layout, capacity); failed(error))
        return fail(error);
    return true;
}

bool SharedSegmentPrivate::open(SharedSegment::Access access)
{
    sharedsegment::Error error = tryOpen(access);
    if (error.code == ErrorCode::NotFound)
        error = notFound();
    return failed(error) ? fail(error) : true;
}

sharedsegment::Error SharedSegmentPrivate::notFound() const
{
    return engine::notFound(registry(), m_name.toStdString());
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
    if (guard && why.isEmpty())
        clearError();
    else if (guard)
        fail(SharedSegment::Error::InvalidLayout, why);
    if (guard && m_active)
        restart();
}
