// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sharedsegment.h"

#include "sharedsegment_p.h"

#include "../segment/layout.h"

#include <QtCore/QPointer>
#include <QtCore/QThread>

#include <exception>
#include <utility>

using namespace Qt::StringLiterals;
using sharedsegment::ErrorCode;
using sharedsegment::Result;
namespace os = sharedsegment::os;

static_assert(int(SharedSegment::Error::SystemError) == int(ErrorCode::SystemError));
static_assert(int(SharedSegment::Backend::Win32) == int(os::Backend::Win32));

namespace {

SharedSegment::Error toPublic(ErrorCode code)
{
    return static_cast<SharedSegment::Error>(code);
}

const sharedsegment::Error noError;

bool failed(const sharedsegment::Error &error)
{
    return error.code != ErrorCode::NoError;
}

QDateTime toDateTime(std::int64_t nanoseconds)
{
    return nanoseconds == 0 ? QDateTime() : QDateTime::fromMSecsSinceEpoch(nanoseconds / 1'000'000);
}

/// The name's bytes; empty for text that is not Unicode, which no name may be.
Result<std::string> toName(const QString &name)
{
    if (!name.isValidUtf16())
        return sharedsegment::Error{ErrorCode::InvalidName, "the name is not valid Unicode"};
    return name.toStdString();
}

} // namespace

std::shared_ptr<SharedSegmentPrivate::Segment> SharedSegmentPrivate::sharedSegment() const
{
    const std::lock_guard lock(m_segmentMutex);
    return m_segment;
}

void SharedSegmentPrivate::setSegment(std::shared_ptr<Segment> segment)
{
    // The old one goes after the mutex.
    const std::lock_guard lock(m_segmentMutex);
    m_segment.swap(segment);
}

void SharedSegmentPrivate::announce()
{
    Q_Q(SharedSegment);
    const QPointer<SharedSegment> guard(q);
    // Compared with what was last announced, so that handlers which change something announce it themselves, once.
    auto update = [&](auto &shown, const auto &value, void (SharedSegment::*changed)()) {
        if (!guard || shown == value)
            return;
        shown = value;
        Q_EMIT(q->*changed)();
    };
    update(m_shown.state, q->state(), &SharedSegment::stateChanged);
    if (guard)
        update(m_shown.layoutText, q->layoutText(), &SharedSegment::layoutChanged);
    if (guard)
        update(m_shown.length, q->length(), &SharedSegment::lengthChanged);
    if (guard)
        update(m_shown.frames, q->frames(), &SharedSegment::framesChanged);
    if (guard)
        update(m_shown.backend, q->backend(), &SharedSegment::backendChanged);
    if (guard)
        update(m_shown.access, q->access(), &SharedSegment::accessChanged);
    if (guard)
        update(m_shown.sharedWriting, q->sharedWriting(), &SharedSegment::sharedWritingChanged);
    if (guard)
        update(m_shown.isOwner, q->isOwner(), &SharedSegment::isOwnerChanged);
    if (guard)
        update(m_shown.size, q->size(), &SharedSegment::sizeChanged);
    if (guard)
        update(m_shown.ownerPid, q->ownerPid(), &SharedSegment::ownerPidChanged);
    if (guard)
        update(m_shown.instance, q->instance(), &SharedSegment::instanceChanged);
    if (guard)
        // Not the QDateTime: making one of local time looks at the time zone's file.
        update(m_shown.stamp, m_segment ? qint64(m_segment->frames().stamp()) : 0, &SharedSegment::updatedAtChanged);
    if (guard)
        update(m_shown.revision, q->revision(), &SharedSegment::revisionChanged);
}

void SharedSegmentPrivate::fail(SharedSegment::Error code, const QString &text)
{
    Q_Q(SharedSegment);
    const QPointer<SharedSegment> guard(q);
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

void SharedSegmentPrivate::adopt(std::shared_ptr<Segment> segment, std::unique_ptr<Ownership> ownership,
                                 SharedSegment::Access access)
{
    Q_Q(SharedSegment);
    const QPointer<SharedSegment> guard(q);
    if (isOpen()) {
        letGo();
        Q_EMIT q->closed();
        if (!guard)
            return;
    }
    m_openLayout = SharedLayout(segment->layout());
    m_watch = std::make_unique<SegmentWatch>(segment);
    QObject::connect(m_watch.get(), &SegmentWatch::news, q, [this](quint64 revision) { hearNews(revision); });
    QObject::connect(m_watch.get(), &SegmentWatch::ownerGone, q, [this] { hearOwnerGone(); });
    setSegment(std::move(segment));
    m_ownership = std::move(ownership);
    m_openAccess = access;
    m_state = SharedSegment::State::Open;
    QObject::disconnect(m_folderConnection);
    m_folderWatch.reset();
    succeed();
    if (!guard)
        return;
    Q_EMIT q->opened();
    if (guard)
        announce();
}

void SharedSegmentPrivate::letGo()
{
    if (m_watch)
        m_watch.release()->retire();
    m_ownership.reset();
    setSegment(nullptr);
    m_openLayout = SharedLayout();
    m_state = SharedSegment::State::Closed;
}

void SharedSegmentPrivate::closeAndAnnounce()
{
    Q_Q(SharedSegment);
    const QPointer<SharedSegment> guard(q);
    QObject::disconnect(m_folderConnection);
    m_folderWatch.reset();
    const bool wasOpen = isOpen();
    letGo();
    if (wasOpen)
        Q_EMIT q->closed();
    if (guard)
        announce();
}

sharedsegment::Error SharedSegmentPrivate::tryCreate(const SharedLayout &layout, qint64 length)
{
    if (m_state == SharedSegment::State::Open)
        return {ErrorCode::AlreadyExists, "the segment is open already; close it first"};
    const Result<std::string> name = toName(m_name);
    if (!name)
        return name.error();
    if (!layout.isValid()) {
        QString why = u"there is no layout"_s;
        if (!m_layoutText.isEmpty())
            SharedLayout::parse(m_layoutText, &why);
        return {ErrorCode::InvalidLayout,
                (why + u"; give one such as \"f64\" or \"Point{x:f64;y:f64}\""_s).toStdString()};
    }
    if (length < 1)
        return {ErrorCode::InvalidSize,
                "a segment of " + std::to_string(length) + " elements cannot be made; give a length of at least 1"};
    if (m_frames < 0 || m_frames > 16)
        return {ErrorCode::InvalidSize,
                std::to_string(m_frames) + " frames cannot be had; give 1 to 16, or 0 for the default"};
    sharedsegment::segment::CreateOptions options;
    options.backend = static_cast<os::Backend>(m_backend);
    options.length = static_cast<std::uint64_t>(length);
    options.frames = static_cast<std::uint32_t>(m_frames);
    options.manyWriters = m_sharedWriting;
    Result<Segment::Created> created = Segment::create(*name, layout.native(), options);
    if (!created)
        return created.error();
    adopt(std::move(created->segment), std::move(created->ownership), SharedSegment::Access::ReadWrite);
    return noError;
}

sharedsegment::Error SharedSegmentPrivate::tryOpen(SharedSegment::Access access)
{
    if (m_state == SharedSegment::State::Open)
        return {ErrorCode::Busy, "the segment is open already; close it first"};
    const Result<std::string> name = toName(m_name);
    if (!name)
        return name.error();
    if (!m_layoutText.isEmpty() && !m_layout.isValid()) {
        QString why;
        SharedLayout::parse(m_layoutText, &why);
        return {ErrorCode::InvalidLayout, why.toStdString()};
    }
    Result<std::shared_ptr<Segment>> opened =
        Segment::open(*name, access == SharedSegment::Access::ReadWrite ? os::Access::ReadWrite : os::Access::ReadOnly);
    if (!opened)
        return opened.error();
    const sharedsegment::segment::Layout &found = *(*opened)->layout();
    if (m_layout.isValid() && !(m_layout.native() == found))
        return {ErrorCode::LayoutMismatch, "the segment \"" + *name + "\" has the layout \"" + found.text()
                                               + "\", expected is \"" + m_layout.native().text()
                                               + "\": " + m_layout.native().firstDifference(found)};
    const std::uint64_t length = (*opened)->geometry().elementCount;
    if (m_length > 0 && static_cast<std::uint64_t>(m_length) != length)
        return {ErrorCode::LayoutMismatch, "the segment \"" + *name + "\" (\"" + found.text() + "\") has "
                                               + std::to_string(length) + " elements, expected are "
                                               + std::to_string(m_length)};
    adopt(std::move(*opened), nullptr, access);
    return noError;
}

bool SharedSegmentPrivate::create(const SharedLayout &layout, qint64 length)
{
    if (const sharedsegment::Error error = tryCreate(layout, length); failed(error))
        return fail(error);
    return true;
}

bool SharedSegmentPrivate::open(SharedSegment::Access access)
{
    if (const sharedsegment::Error error = tryOpen(access); failed(error))
        return fail(error);
    return true;
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

void SharedSegmentPrivate::activate()
{
    if (!m_active || m_initializing > 0 || m_state == SharedSegment::State::Open)
        return;
    Q_Q(SharedSegment);
    const QPointer<SharedSegment> guard(q);
    attempt();
    if (!guard || !m_active || m_state == SharedSegment::State::Open)
        return;
    waitForFolder();
    if (!guard)
        return;
    // It may have come between the look and the watch.
    attempt();
    if (guard)
        announce();
}

void SharedSegmentPrivate::attempt()
{
    if (!m_active || m_state == SharedSegment::State::Open || m_name.isEmpty())
        return;
    const sharedsegment::Error error = m_owner ? tryCreate(m_layout, m_length) : tryOpen(m_access);
    const ErrorCode expected = m_owner ? ErrorCode::AlreadyExists : ErrorCode::NotFound;
    // What is being waited for is no failure, and the same failure again is no news.
    if (failed(error) && error.code != expected && m_errorString != QString::fromStdString(error.text))
        fail(error);
}

void SharedSegmentPrivate::waitForFolder()
{
    Q_Q(SharedSegment);
    if (!isOpen())
        m_state = SharedSegment::State::Waiting;
    QString why;
    m_folderWatch = FolderWatch::forThisThread(&why);
    if (!m_folderWatch) {
        fail(SharedSegment::Error::PermissionDenied, why);
        return;
    }
    QObject::disconnect(m_folderConnection);
    m_folderConnection = QObject::connect(m_folderWatch.get(), &FolderWatch::changed, q, [this] { attempt(); });
}

void SharedSegmentPrivate::restart()
{
    Q_Q(SharedSegment);
    const QPointer<SharedSegment> guard(q);
    closeAndAnnounce();
    if (guard && m_active)
        activate();
    if (guard)
        announce();
}

void SharedSegmentPrivate::hearNews(quint64 revision)
{
    Q_Q(SharedSegment);
    const QPointer<SharedSegment> guard(q);
    Q_EMIT q->updated(revision);
    if (guard)
        announce();
}

void SharedSegmentPrivate::hearOwnerGone()
{
    Q_Q(SharedSegment);
    const QPointer<SharedSegment> guard(q);
    // The last publication comes before the end.
    const quint64 last = m_segment->frames().revision();
    if (last != m_shown.revision) {
        hearNews(last);
        if (!guard || m_state != SharedSegment::State::Open)
            return;
    }
    m_state = SharedSegment::State::Orphaned;
    announce();
    if (!guard || m_state != SharedSegment::State::Orphaned)
        return;
    Q_EMIT q->orphaned();
    if (guard && m_state == SharedSegment::State::Orphaned)
        activate();
}

void SharedSegmentPrivate::reportRead(const sharedsegment::Error &error) const
{
    // Other threads have the return value; the properties belong to the object's own.
    if (QThread::currentThread() == q_ptr->thread())
        const_cast<SharedSegmentPrivate *>(this)->fail(error);
}

sharedsegment::Error SharedSegmentPrivate::whyNotWritable() const
{
    if (!isOpen())
        return {ErrorCode::NotFound, "no segment is open; create or open it first"};
    if (m_openAccess != SharedSegment::Access::ReadWrite)
        return {ErrorCode::PermissionDenied, "the segment is open for reading only; open it ReadWrite"};
    if (m_state == SharedSegment::State::Orphaned)
        return {ErrorCode::NotFound, "the segment's owner is gone; nothing can be published any more"};
    return noError;
}

struct SharedWriter::Data
{
    sharedsegment::segment::Draft draft;
    int exceptions = std::uncaught_exceptions();
};

SharedWriter SharedSegmentPrivate::startWriting(std::chrono::milliseconds wait)
{
    SharedWriter writer;
    if (const sharedsegment::Error error = whyNotWritable(); failed(error)) {
        fail(error);
        return writer;
    }
    Result<sharedsegment::segment::Draft> draft = m_segment->startRevision(wait);
    if (!draft) {
        fail(draft.error());
        return writer;
    }
    writer.m_bytes = draft->bytes();
    writer.d = std::unique_ptr<SharedWriter::Data>(new SharedWriter::Data{std::move(*draft)});
    return writer;
}

SharedWriter::SharedWriter() = default;

SharedWriter::SharedWriter(SharedWriter &&other) noexcept
    : d(std::move(other.d))
    , m_bytes(std::exchange(other.m_bytes, {}))
{
}

SharedWriter &SharedWriter::operator=(SharedWriter &&other) noexcept
{
    if (this != &other) {
        publish();
        d = std::move(other.d);
        m_bytes = std::exchange(other.m_bytes, {});
    }
    return *this;
}

SharedWriter::~SharedWriter()
{
    if (d && std::uncaught_exceptions() > d->exceptions)
        discard();
    else
        publish();
}

std::optional<quint64> SharedWriter::publish()
{
    if (!d)
        return std::nullopt;
    const quint64 revision = d->draft.publish();
    discard();
    return revision == 0 ? std::nullopt : std::optional(revision);
}

void SharedWriter::discard()
{
    d.reset();
    m_bytes = {};
}

SharedSegment::SharedSegment(QObject *parent)
    : SharedSegment(QString(), parent)
{
}

SharedSegment::SharedSegment(const QString &name, QObject *parent)
    : QObject(parent)
    , d_ptr(std::make_unique<SharedSegmentPrivate>(this))
{
    d_ptr->m_name = name;
}

SharedSegment::~SharedSegment()
{
    Q_D(SharedSegment);
    d->m_active = false;
    d->letGo();
}

QString SharedSegment::name() const
{
    return d_func()->m_name;
}

void SharedSegment::setName(const QString &name)
{
    Q_D(SharedSegment);
    if (d->m_name == name)
        return;
    const QPointer<SharedSegment> guard(this);
    d->m_name = name;
    Q_EMIT nameChanged();
    if (guard)
        d->restart();
}

SharedLayout SharedSegment::layout() const
{
    Q_D(const SharedSegment);
    return d->isOpen() ? d->m_openLayout : d->m_layout;
}

QString SharedSegment::layoutText() const
{
    Q_D(const SharedSegment);
    return d->isOpen() ? d->m_openLayout.text() : d->m_layoutText;
}

void SharedSegment::setLayout(const SharedLayout &layout)
{
    d_func()->requestLayout(layout.text(), layout, QString());
}

void SharedSegment::setLayoutText(const QString &text)
{
    Q_D(SharedSegment);
    QString why;
    const SharedLayout layout = text.isEmpty() ? SharedLayout() : SharedLayout::parse(text, &why);
    d->requestLayout(text, layout, why);
}

qint64 SharedSegment::length() const
{
    const auto segment = d_func()->sharedSegment();
    return segment ? static_cast<qint64>(segment->geometry().elementCount) : d_func()->m_length;
}

void SharedSegment::setLength(qint64 length)
{
    Q_D(SharedSegment);
    if (std::exchange(d->m_length, length) == length)
        return;
    const QPointer<SharedSegment> guard(this);
    d->announce();
    if (guard && d->m_active)
        d->restart();
}

int SharedSegment::frames() const
{
    Q_D(const SharedSegment);
    return d->isOpen() ? static_cast<int>(d->m_segment->geometry().frameCount) : d->m_frames;
}

void SharedSegment::setFrames(int frames)
{
    Q_D(SharedSegment);
    if (std::exchange(d->m_frames, frames) == frames)
        return;
    const QPointer<SharedSegment> guard(this);
    d->announce();
    if (guard && d->m_active && d->m_owner)
        d->restart();
}

SharedSegment::Backend SharedSegment::backend() const
{
    Q_D(const SharedSegment);
    return d->isOpen() ? static_cast<Backend>(d->m_segment->backend()) : d->m_backend;
}

void SharedSegment::setBackend(Backend backend)
{
    Q_D(SharedSegment);
    if (std::exchange(d->m_backend, backend) == backend)
        return;
    const QPointer<SharedSegment> guard(this);
    d->announce();
    if (guard && d->m_active && d->m_owner)
        d->restart();
}

SharedSegment::Access SharedSegment::access() const
{
    Q_D(const SharedSegment);
    return d->isOpen() ? d->m_openAccess : d->m_access;
}

void SharedSegment::setAccess(Access access)
{
    Q_D(SharedSegment);
    if (std::exchange(d->m_access, access) == access)
        return;
    const QPointer<SharedSegment> guard(this);
    d->announce();
    if (guard && d->m_active && !d->m_owner)
        d->restart();
}

bool SharedSegment::sharedWriting() const
{
    Q_D(const SharedSegment);
    return d->isOpen() ? d->m_segment->geometry().hasManyWriters() : d->m_sharedWriting;
}

void SharedSegment::setSharedWriting(bool sharedWriting)
{
    Q_D(SharedSegment);
    if (std::exchange(d->m_sharedWriting, sharedWriting) == sharedWriting)
        return;
    const QPointer<SharedSegment> guard(this);
    d->announce();
    if (guard && d->m_active && d->m_owner)
        d->restart();
}

SharedSegment::State SharedSegment::state() const
{
    return d_func()->m_state;
}

bool SharedSegment::isActive() const
{
    return d_func()->m_active;
}

void SharedSegment::setActive(bool active)
{
    Q_D(SharedSegment);
    if (std::exchange(d->m_active, active) == active)
        return;
    const QPointer<SharedSegment> guard(this);
    Q_EMIT activeChanged();
    if (!guard)
        return;
    if (d->m_active)
        d->activate();
    else
        d->closeAndAnnounce();
}

bool SharedSegment::owner() const
{
    return d_func()->m_owner;
}

void SharedSegment::setOwner(bool owner)
{
    Q_D(SharedSegment);
    if (std::exchange(d->m_owner, owner) == owner)
        return;
    const QPointer<SharedSegment> guard(this);
    Q_EMIT ownerChanged();
    if (guard && d->m_active)
        d->restart();
}

bool SharedSegment::isOwner() const
{
    return d_func()->m_ownership != nullptr;
}

qint64 SharedSegment::size() const
{
    const auto segment = d_func()->sharedSegment();
    return segment ? static_cast<qint64>(segment->geometry().payloadSize) : 0;
}

quint64 SharedSegment::revision() const
{
    const auto segment = d_func()->sharedSegment();
    return segment ? segment->frames().revision() : 0;
}

QDateTime SharedSegment::updatedAt() const
{
    const auto segment = d_func()->sharedSegment();
    return segment ? toDateTime(segment->frames().stamp()) : QDateTime();
}

qint64 SharedSegment::ownerPid() const
{
    Q_D(const SharedSegment);
    return d->isOpen() ? static_cast<qint64>(d->m_segment->geometry().pid) : 0;
}

QString SharedSegment::instance() const
{
    Q_D(const SharedSegment);
    return d->isOpen() ? QString::fromStdString(d->m_segment->instanceHex()) : QString();
}

SharedSegment::Error SharedSegment::error() const
{
    return d_func()->m_error;
}

QString SharedSegment::errorString() const
{
    return d_func()->m_errorString;
}

bool SharedSegment::isOpen() const
{
    return d_func()->isOpen();
}

bool SharedSegment::create(const SharedLayout &layout, qint64 length)
{
    return d_func()->create(layout, length);
}

bool SharedSegment::create()
{
    Q_D(SharedSegment);
    return d->create(d->m_layout, d->m_length);
}

bool SharedSegment::open(Access access)
{
    return d_func()->open(access);
}

bool SharedSegment::open()
{
    Q_D(SharedSegment);
    return d->open(d->m_access);
}

void SharedSegment::close()
{
    Q_D(SharedSegment);
    const QPointer<SharedSegment> guard(this);
    const bool wasActive = std::exchange(d->m_active, false);
    d->closeAndAnnounce();
    if (guard && wasActive)
        Q_EMIT activeChanged();
    if (guard)
        d->succeed();
}

bool SharedSegment::exists(const QString &name)
{
    const Result<std::string> bytes = toName(name);
    if (!bytes)
        return false;
    const Result<bool> exists = SharedSegmentPrivate::Segment::exists(*bytes);
    return exists && *exists;
}

QStringList SharedSegment::names()
{
    QStringList list;
    if (const Result<std::vector<std::string>> names = SharedSegmentPrivate::Segment::names()) {
        for (const std::string &name : *names)
            list.append(QString::fromStdString(name));
    }
    return list;
}

std::optional<quint64> SharedSegment::read(std::span<std::byte> destination, qint64 offset, SharedStamp *stamp) const
{
    Q_D(const SharedSegment);
    const auto segment = d->sharedSegment();
    if (!segment) {
        d->reportRead({ErrorCode::NotFound, "no segment is open; create or open it first"});
        return std::nullopt;
    }
    const std::uint64_t size = segment->geometry().payloadSize;
    if (offset < 0 || static_cast<std::uint64_t>(offset) > size
        || destination.size() > size - static_cast<std::uint64_t>(offset)) {
        d->reportRead({ErrorCode::InvalidSize, std::to_string(destination.size()) + " bytes from "
                                                   + std::to_string(offset) + " on do not lie within the segment's "
                                                   + std::to_string(size)});
        return std::nullopt;
    }
    sharedsegment::segment::Stamp read;
    if (!segment->frames().read(destination, static_cast<std::uint64_t>(offset), &read)) {
        const bool isLost = !segment->frames().isWhole() && !segment->isOwnerAlive();
        d->reportRead(isLost ? sharedsegment::Error{ErrorCode::Corrupt,
                                                    "the segment's only frame was interrupted while being written, and "
                                                    "its owner is gone; use two frames or more"}
                             : sharedsegment::Error{ErrorCode::Busy, "the segment was being written to each time; try "
                                                                     "again, or have it created with more frames"});
        return std::nullopt;
    }
    if (stamp)
        *stamp = {read.revision, read.nanoseconds};
    return read.revision;
}

QByteArray SharedSegment::snapshot(SharedStamp *stamp) const
{
    const auto segment = d_func()->sharedSegment();
    QByteArray bytes(segment ? static_cast<qsizetype>(segment->geometry().payloadSize) : 0, Qt::Uninitialized);
    const std::span<char> chars(bytes.data(), static_cast<std::size_t>(bytes.size()));
    return read(std::as_writable_bytes(chars), 0, stamp) ? bytes : QByteArray();
}

bool SharedSegment::publish(QByteArrayView bytes, std::chrono::milliseconds wait)
{
    Q_D(SharedSegment);
    if (const sharedsegment::Error error = d->whyNotWritable(); failed(error))
        return d->fail(error);
    const std::span<const char> chars(bytes.data(), static_cast<std::size_t>(bytes.size()));
    const Result<std::uint64_t> revision = d->m_segment->publish(std::as_bytes(chars), wait);
    return revision ? true : d->fail(revision.error());
}

SharedWriter SharedSegment::write(std::chrono::milliseconds wait)
{
    return d_func()->startWriting(wait);
}

std::span<std::byte> SharedSegment::live() const
{
    Q_D(const SharedSegment);
    return d->isOpen() ? d->m_segment->live() : std::span<std::byte>();
}

void SharedSegment::beginInitialization()
{
    ++d_func()->m_initializing;
}

void SharedSegment::endInitialization()
{
    Q_D(SharedSegment);
    if (--d->m_initializing == 0)
        d->activate();
}

void SharedSegment::setError(Error error, const QString &errorString)
{
    d_func()->fail(error, errorString);
}
