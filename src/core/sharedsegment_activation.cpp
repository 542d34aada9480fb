// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The property `active`: opens or creates the segment as soon as that is possible, and waits for it. It polls only
// where no notification is available: after a system failure, for an owner in another pid namespace, and for external
// memory.

#include "sharedsegment_p.h"

#include "../engine/name.h"
#include "../os/system.h"

#include <QtCore/QAbstractEventDispatcher>
#include <QtCore/QPointer>

#include <utility>

using sharedsegment::ErrorCode;
using sharedsegment::Result;
namespace os = sharedsegment::os;

void SharedSegmentPrivate::activate()
{
    if (!m_active || m_initializing > 0 || m_state == SharedSegment::State::Open)
        return;
    Q_Q(SharedSegment);
    const QPointer<SharedSegment> guard(q);
    m_awaited = registryOf(m_registry);
    attempt();
    if (!guard || !m_active || m_state == SharedSegment::State::Open)
        return;
    if (!isOpen())
        m_state = isHopeless() ? SharedSegment::State::Closed : SharedSegment::State::Waiting;
    if (!QAbstractEventDispatcher::instance()) {
        reportIfChanged(
            noEventLoop("\"" + m_name.toStdString() + "\" is not opened when it appears; call waitForOpened()"));
        if (guard)
            announce();
        return;
    }
    if (isExternalWanted())
        updatePolling();
    else if (!isHopeless())
        waitForFolder();
    // The segment may have appeared between the attempt and the watch. After Busy a second attempt would wait for the
    // process again.
    if (!isHopeless() && m_whyWaiting.code != ErrorCode::Busy)
        attempt();
    if (guard)
        announce();
}

sharedsegment::Error SharedSegmentPrivate::tryRequested()
{
    if (isExternalWanted())
        return tryOpenExternal(externalMemory(m_externalName, m_access), m_layout, m_externalOffset, m_access);
    if (m_isPeer)
        return tryCreateOrOpen(m_layout, m_capacity);
    return m_owner ? tryCreate(m_kind, m_layout, m_capacity) : tryOpen(m_access);
}

void SharedSegmentPrivate::attempt()
{
    if (!m_active || m_state == SharedSegment::State::Open)
        return;
    renewWish();
    const bool creates = (m_owner || m_isPeer) && !isExternalWanted();
    const sharedsegment::Error error = tryRequested();
    const ErrorCode expected = creates ? ErrorCode::AlreadyExists : ErrorCode::NotFound;
    if (!failed(error))
        return; // Something was opened, and a receiver of the signals may have deleted this.
    // The awaited condition is not a failure, and it ends an earlier failure.
    if (error.code == expected) {
        if (const sharedsegment::Error missing = FolderWatch::whyMissing(registry()); failed(missing)) {
            reportIfChanged(missing);
            return;
        }
        m_backoff = {};
        const bool wasFailure = failed(std::exchange(m_whyWaiting, {}));
        if (creates) {
            // The text names the present owner. It is reported once for each owner.
            if (m_errorString != QString::fromStdString(error.text))
                fail(error);
        } else if (wasFailure) {
            succeed();
        }
        return;
    }
    reportIfChanged(error);
}

void SharedSegmentPrivate::renewWish()
{
    // Without the name as bytes: to make them takes memory, and most names are no mirror's.
    const bool isMirror = m_name.startsWith(QLatin1Char(sharedsegment::engine::MirrorSign));
    const bool waitsForAnother = isMirror && !m_owner && !m_isPeer && !isExternalWanted() && !isHopeless();
    if (!waitsForAnother)
        m_wish.reset();
    else if (const Result<std::string> name = toName(m_name))
        m_wish = sharedsegment::engine::Wish::of(registry(), *name);
}

bool SharedSegmentPrivate::isHopeless() const
{
    if (m_whyWaiting.code == ErrorCode::Unsupported
        && !sharedsegment::engine::isKnown(static_cast<sharedsegment::engine::Kind>(m_kind)))
        return true;
    // External memory may be replaced by a larger one.
    return m_whyWaiting.code == ErrorCode::InvalidName || m_whyWaiting.code == ErrorCode::InvalidLayout
        || m_whyWaiting.code == ErrorCode::InvalidValue
        || (m_whyWaiting.code == ErrorCode::InvalidSize && !isExternalWanted());
}

void SharedSegmentPrivate::reportIfChanged(const sharedsegment::Error &error)
{
    // Figures in the text may differ each time, such as the memory left or the name of a memory object.
    auto withoutFigures = [](const std::string &text) {
        QString words = QString::fromStdString(text);
        words.removeIf([](QChar c) { return c.isDigit() || (c >= u'A' && c <= u'F'); });
        return words;
    };
    const bool isKnown = m_whyWaiting.code == error.code
                      && withoutFigures(m_whyWaiting.text) == withoutFigures(error.text);
    m_whyWaiting = error;
    if (isHopeless())
        m_wish.reset();
    // Descriptors, memory, a lock or a permission are missing, and the folder does not notify when they are available
    // again.
    if (!isExternalWanted() && !isHopeless() && error.code != ErrorCode::NotFound
        && QAbstractEventDispatcher::instance())
        retryLater();
    if (!isKnown)
        fail(error);
}

void SharedSegmentPrivate::retryLater()
{
    Q_Q(SharedSegment);
    if (!m_retryTimer) {
        m_retryTimer = std::make_unique<QTimer>(q);
        m_retryTimer->setSingleShot(true);
        QObject::connect(m_retryTimer.get(), &QTimer::timeout, q, [this] { handleChange(); });
    }
    if (!m_retryTimer->isActive())
        m_retryTimer->start(m_backoff.next());
}

void SharedSegmentPrivate::waitForFolder()
{
    Q_Q(SharedSegment);
    m_folderWatch = FolderWatch::forThisThread(registry());
    QObject::disconnect(m_folderConnection);
    m_folderConnection = QObject::connect(m_folderWatch.get(), &FolderWatch::changed, q, [this] {
        // An attempt to create changes the folder itself: after a failure only the back-off starts the next one.
        if (!failed(m_whyWaiting) || !m_retryTimer || !m_retryTimer->isActive())
            handleChange();
    });
    waitForOwner();
}

void SharedSegmentPrivate::waitForOwner()
{
    ProcessNotifier::shutDown(std::move(m_presentOwner));
    const Result<std::string> name = toName(m_name);
    if (!m_owner || !name || isHopeless())
        return;
    Result<sharedsegment::engine::OwnerWatch> watch = registry().watchOwnerOf(*name);
    if (!watch) {
        // No notification is available when the name becomes free: the owner is in another pid namespace, or it is
        // ending, cannot be watched any more and still holds its lock.
        if (watch.error().code != ErrorCode::NotFound)
            retryLater();
        return;
    }
    if (!failed(m_whyWaiting))
        m_backoff = {};
    Q_Q(SharedSegment);
    m_presentOwner = std::make_unique<ProcessNotifier>(std::move(*watch));
    QObject::connect(m_presentOwner.get(), &ProcessNotifier::ended, q, [this] { handleChange(); });
}

void SharedSegmentPrivate::handleChange()
{
    Q_Q(SharedSegment);
    const QPointer<SharedSegment> guard(q);
    attempt();
    if (!guard || !m_active || m_state == SharedSegment::State::Open)
        return;
    if (failed(m_whyWaiting) || !m_owner)
        return;
    waitForOwner();
    // The owner may have ended between the attempt and the watch.
    attempt();
}

void SharedSegmentPrivate::stopWaiting()
{
    QObject::disconnect(m_folderConnection);
    m_folderWatch.reset();
    m_awaited.reset();
    m_wish.reset();
    if (m_retryTimer)
        m_retryTimer->stop();
    m_backoff = {};
    m_whyWaiting = {};
    ProcessNotifier::shutDown(std::move(m_presentOwner));
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
