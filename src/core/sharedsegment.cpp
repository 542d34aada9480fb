// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sharedsegment.h"

#include "../os/memory.h"
#include "../os/system.h"
#include "qmlinteger_p.h"
#include "revisionof_p.h"
#include "segmentnames.h"
#include "sharedsegment_p.h"
#include "utf8_p.h"

#include <QtCore/QEvent>
#include <QtCore/QFile>
#include <QtCore/QPointer>

#include <array>
#include <span>
#include <utility>

using sharedsegment::Result;

namespace {

QDateTime toDateTime(std::int64_t nanoseconds)
{
    return SharedRevision{0, nanoseconds, 0}.toDateTime();
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

qint64 SharedSegment::capacity() const
{
    const SharedSegmentPrivate::SegmentPin segment(*d_func());
    return segment ? static_cast<qint64>(segment->geometry().capacity) : d_func()->m_capacity;
}

void SharedSegment::setCapacity(qint64 capacity)
{
    Q_D(SharedSegment);
    if (std::exchange(d->m_capacity, capacity) == capacity)
        return;
    const QPointer<SharedSegment> guard(this);
    d->announce();
    if (guard && d->m_active)
        d->restart();
}

double SharedSegment::capacityReal() const
{
    return QmlInteger::toReal(capacity());
}

void SharedSegment::setCapacityReal(double capacity)
{
    setCapacity(QmlInteger::fromReal(capacity));
}

SharedSegment::Kind SharedSegment::kind() const
{
    Q_D(const SharedSegment);
    if (!d->isOpen())
        return d->m_kind;
    return d->m_segment->isExternal() ? Kind::FixedArray : static_cast<Kind>(d->m_segment->geometry().kind);
}

void SharedSegment::setKind(Kind kind)
{
    Q_D(SharedSegment);
    const bool wasExpected = d->m_expectedKind.has_value();
    d->m_expectedKind = static_cast<sharedsegment::engine::Kind>(kind);
    if (std::exchange(d->m_kind, kind) == kind && wasExpected)
        return;
    const QPointer<SharedSegment> guard(this);
    d->announce();
    if (guard && d->m_active)
        d->restart();
}

QVariantMap SharedSegment::metadata() const
{
    Q_D(const SharedSegment);
    return d->isOpen() ? d->m_openMetadata : d->m_metadata;
}

void SharedSegment::setMetadata(const QVariantMap &metadata)
{
    Q_D(SharedSegment);
    if (std::exchange(d->m_metadata, metadata) == metadata)
        return;
    const QPointer<SharedSegment> guard(this);
    if (!d->isOpen())
        d->m_staleness.setMetadata(metadata);
    d->announce();
    if (guard && d->m_active && d->m_whyWaiting.code == sharedsegment::ErrorCode::InvalidValue)
        d->restart();
}

QString SharedSegment::registry() const
{
    return d_func()->m_registry;
}

void SharedSegment::setRegistry(const QString &registry)
{
    Q_D(SharedSegment);
    if (d->m_registry == registry)
        return;
    const QPointer<SharedSegment> guard(this);
    d->m_registry = registry;
    Q_EMIT registryChanged();
    if (guard)
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

SharedSegment::Source SharedSegment::source() const
{
    const SharedSegmentPrivate::SegmentPin segment(*d_func());
    return segment ? static_cast<Source>(segment->owner().source()) : Source::Here;
}

QDateTime SharedSegment::sourceUpdatedAt() const
{
    const SharedSegmentPrivate::SegmentPin segment(*d_func());
    sharedsegment::RevisionInfo newest;
    return segment && segment->tryRead({}, 0, &newest) ? revisionOf(newest).toSourceDateTime() : QDateTime();
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

bool SharedSegment::create(const SharedLayout &layout, qint64 capacity)
{
    Q_D(SharedSegment);
    return d->create(d->m_kind, layout, capacity);
}

bool SharedSegment::create()
{
    Q_D(SharedSegment);
    return d->create(d->m_kind, d->m_layout, d->m_capacity);
}

bool SharedSegment::createArray(Kind kind, const SharedLayout &layout, qint64 capacity)
{
    return d_func()->create(kind, layout, capacity);
}

void SharedSegment::expectArray(bool isFixed)
{
    using sharedsegment::engine::Kind;
    static constexpr std::array Arrays{Kind::FixedArray, Kind::VariableArray};
    d_func()->m_arrayKinds = std::span(Arrays).first(isFixed ? 1 : 2);
}

bool SharedSegment::recreate(qint64 capacity)
{
    return d_func()->recreate(capacity);
}

bool SharedSegment::createOrOpen(const SharedLayout &layout, qint64 capacity)
{
    return d_func()->createOrOpen(layout, capacity);
}

bool SharedSegment::createOrOpen()
{
    Q_D(SharedSegment);
    return d->createOrOpen(d->m_layout, d->m_capacity);
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

bool SharedSegment::exists(const QString &name, const QString &registry)
{
    const Result<std::string> bytes = SharedSegmentPrivate::toName(name);
    if (!bytes)
        return false;
    const Result<bool> exists = registryOf(registry).exists(*bytes);
    if (!exists && exists.error().code != sharedsegment::ErrorCode::InvalidName)
        qWarning("SharedSegment::exists(): %s", exists.error().text.c_str());
    return exists && *exists;
}

QStringList SharedSegment::names(const QString &registry)
{
    QString error;
    QStringList names = segmentNames(registry, &error);
    if (!error.isEmpty())
        qWarning("SharedSegment::names(): %s", qPrintable(error));
    return names;
}

void SharedSegment::connectNotify(const QMetaMethod &signal)
{
    QObject::connectNotify(signal);
    d_func()->handleConnect(signal);
    d_func()->rearm(signal);
}

void SharedSegment::disconnectNotify(const QMetaMethod &signal)
{
    QObject::disconnectNotify(signal);
    SharedSegmentPrivate::handleDisconnect(this, signal);
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
    if (--d->m_initializing > 0)
        return;
    const QPointer<SharedSegment> guard(this);
    d->activate();
    if (guard)
        d->warnIfUnhandled();
}

void SharedSegment::setError(Error error, const QString &errorString)
{
    d_func()->fail(error, errorString);
}
