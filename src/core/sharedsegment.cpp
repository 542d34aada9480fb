// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sharedsegment.h"

#include "../engine/writetransaction.h"
#include "../os/memory.h"
#include "../os/system.h"
#include "memorycheck_p.h"
#include "segmentnames.h"
#include "sharedsegment_p.h"
#include "utf8_p.h"

#include <QtCore/QEvent>
#include <QtCore/QFile>
#include <QtCore/QPointer>

#include <utility>

using sharedsegment::Result;

namespace {

QDateTime toDateTime(std::int64_t nanoseconds)
{
    return nanoseconds == 0 ? QDateTime() : QDateTime::fromMSecsSinceEpoch(nanoseconds / 1'000'000);
}

} // namespace

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
    d->stopWaiting();
    d->detach();
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
    const SharedSegmentPrivate::SegmentPin segment(*d_func());
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

int SharedSegment::bufferCount() const
{
    Q_D(const SharedSegment);
    return d->isOpen() ? static_cast<int>(d->m_segment->geometry().bufferCount) : d->m_bufferCount;
}

void SharedSegment::setBufferCount(int bufferCount)
{
    Q_D(SharedSegment);
    if (std::exchange(d->m_bufferCount, bufferCount) == bufferCount)
        return;
    const QPointer<SharedSegment> guard(this);
    d->announce();
    if (guard && d->m_active && d->m_owner)
        d->restart();
}

SharedSegment::Backend SharedSegment::backend() const
{
    Q_D(const SharedSegment);
    return d->isOpen() ? static_cast<Backend>(d->m_segment->view().backend) : d->m_backend;
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

bool SharedSegment::multipleWriters() const
{
    Q_D(const SharedSegment);
    return d->isOpen() ? d->m_segment->geometry().hasMultipleWriters() : d->m_multipleWriters;
}

void SharedSegment::setMultipleWriters(bool multipleWriters)
{
    Q_D(SharedSegment);
    if (std::exchange(d->m_multipleWriters, multipleWriters) == multipleWriters)
        return;
    const QPointer<SharedSegment> guard(this);
    d->announce();
    if (guard && d->m_active && d->m_owner)
        d->restart();
}

SharedSegment::State SharedSegment::state() const
{
    Q_D(const SharedSegment);
    // A forked child gets no notification of the owner's end.
    const bool isForked = d->m_state == State::Open && !d->m_segment->isOfThisProcess();
    return isForked && !d->m_segment->owner().isAlive() ? State::Orphaned : d->m_state;
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
    Q_D(const SharedSegment);
    return d->m_ownership && d->m_segment->isOfThisProcess();
}

qint64 SharedSegment::size() const
{
    const SharedSegmentPrivate::SegmentPin segment(*d_func());
    return segment ? static_cast<qint64>(segment->geometry().payloadSize) : 0;
}

quint64 SharedSegment::revision() const
{
    const SharedSegmentPrivate::SegmentPin segment(*d_func());
    return segment ? segment->revision() : 0;
}

QDateTime SharedSegment::updatedAt() const
{
    const SharedSegmentPrivate::SegmentPin segment(*d_func());
    return segment ? toDateTime(segment->timestamp()) : QDateTime();
}

qint64 SharedSegment::ownerPid() const
{
    Q_D(const SharedSegment);
    return d->isOpen() ? static_cast<qint64>(d->m_segment->geometry().pid) : 0;
}

QString SharedSegment::ownerProgram() const
{
    Q_D(const SharedSegment);
    return d->isOpen() ? QString::fromStdString(sharedsegment::os::programName(d->m_segment->geometry().pid))
                       : QString();
}

QDateTime SharedSegment::createdAt() const
{
    Q_D(const SharedSegment);
    return d->isOpen() ? toDateTime(d->m_segment->geometry().created) : QDateTime();
}

QString SharedSegment::registryFolder()
{
    return QFile::decodeName(QByteArray::fromStdString(sharedsegment::engine::Registry::ofEnvironment().path()));
}

QList<SharedSegment::Backend> SharedSegment::backends()
{
    QList<Backend> backends;
    for (const sharedsegment::os::Backend backend : sharedsegment::os::Memory::backends())
        backends.append(static_cast<Backend>(backend));
    return backends;
}

int SharedSegment::listenerCount() const
{
    Q_D(const SharedSegment);
    return d->isOpen() ? d->m_segment->listenerCount() : 0;
}

QString SharedSegment::instance() const
{
    Q_D(const SharedSegment);
    return d->isOpen() ? QString::fromStdString(d->m_segment->view().instanceHex) : QString();
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

bool SharedSegment::createOrOpen(const SharedLayout &layout, qint64 length)
{
    return d_func()->createOrOpen(layout, length);
}

bool SharedSegment::createOrOpen()
{
    Q_D(SharedSegment);
    return d->createOrOpen(d->m_layout, d->m_length);
}

bool SharedSegment::waitForUpdated(quint64 since, QDeadlineTimer deadline)
{
    return d_func()->waitForUpdated(since, deadline);
}

bool SharedSegment::waitForOpened(QDeadlineTimer deadline)
{
    return d_func()->waitForOpened(deadline);
}

qintptr SharedSegment::updateDescriptor()
{
    return d_func()->updateDescriptor();
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
    d->m_isPeer = false;
    d->closeAndAnnounce();
    if (guard && wasActive)
        Q_EMIT activeChanged();
    if (guard)
        d->succeed();
}

bool SharedSegment::exists(const QString &name)
{
    const Result<std::string> bytes = SharedSegmentPrivate::toName(name);
    if (!bytes)
        return false;
    const Result<bool> exists = sharedsegment::engine::Registry::ofEnvironment().exists(*bytes);
    if (!exists && exists.error().code != sharedsegment::ErrorCode::InvalidName)
        qWarning("SharedSegment::exists(): %s", exists.error().text.c_str());
    return exists && *exists;
}

QStringList SharedSegment::names()
{
    QString error;
    QStringList names = segmentNames(&error);
    if (!error.isEmpty())
        qWarning("SharedSegment::names(): %s", qPrintable(error));
    return names;
}

std::optional<quint64> SharedSegment::read(std::span<std::byte> destination, qint64 offset,
                                           SharedRevision *revision) const
{
    Q_D(const SharedSegment);
    const Result<quint64> number = d->read(destination, offset, revision);
    if (!number) {
        d->reportRead(number.error());
        return std::nullopt;
    }
    d->clearError();
    return *number;
}

std::optional<quint64> SharedSegment::tryRead(std::span<std::byte> destination, qint64 offset,
                                              SharedRevision *revision) const
{
    return d_func()->tryRead(destination, offset, revision);
}

QByteArray SharedSegment::snapshot(SharedRevision *revision) const
{
    const SharedSegmentPrivate::SegmentPin segment(*d_func());
    if (segment && !checkMemory(static_cast<qint64>(segment->geometry().payloadSize)))
        return QByteArray();
    QByteArray bytes(segment ? static_cast<qsizetype>(segment->geometry().payloadSize) : 0, Qt::Uninitialized);
    const std::span<char> chars(bytes.data(), static_cast<std::size_t>(bytes.size()));
    return read(std::as_writable_bytes(chars), 0, revision) ? bytes : QByteArray();
}

bool SharedSegment::checkMemory(qint64 bytes) const
{
    if (hasMemoryFor(bytes))
        return true;
    d_func()->reportRead({sharedsegment::ErrorCode::OutOfMemory,
                          "there is no memory for a copy of " + std::to_string(bytes) + " bytes; read a part of it"});
    return false;
}

bool SharedSegment::publish(QByteArrayView bytes, std::chrono::milliseconds wait)
{
    Q_D(SharedSegment);
    if (const sharedsegment::Error error = d->whyNotWritable(); SharedSegmentPrivate::failed(error))
        return d->fail(error);
    const std::span<const char> chars(bytes.data(), static_cast<std::size_t>(bytes.size()));
    const Result<std::uint64_t> revision = sharedsegment::engine::publish(*d->m_segment, std::as_bytes(chars), wait);
    if (!revision)
        return d->fail(revision.error());
    d->clearError();
    return true;
}

SharedWriter SharedSegment::write(std::chrono::milliseconds wait)
{
    return d_func()->beginWrite(wait);
}

std::span<std::byte> SharedSegment::live() const
{
    Q_D(const SharedSegment);
    if (!d->isOpen())
        return {};
    if (d->m_segment->view().isWritable && !d->m_segment->isOfThisProcess())
        d->reportRead(d->m_segment->view().notOfThisProcess());
    return d->m_segment->live();
}

void SharedSegment::connectNotify(const QMetaMethod &signal)
{
    QObject::connectNotify(signal);
    d_func()->rearm(signal);
}

bool SharedSegment::event(QEvent *event)
{
    if (event->type() == QEvent::ThreadChange)
        d_func()->changeThread();
    return QObject::event(event);
}

void SharedSegment::setThrottled(bool throttled)
{
    d_func()->m_isThrottled = throttled;
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
