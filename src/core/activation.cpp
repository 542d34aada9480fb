// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What the property `active` does: opens or creates as soon as that is possible, and waits for it. It polls only for what nobody tells of:
// a failure of the system, an owner out of sight, foreign memory.

#include "sharedsegment_p.h"

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
    attempt();
    if (!guard || !m_active || m_state == SharedSegment::State::Open)
        return;
    if (!isOpen())
        m_state = isHopeless() ? SharedSegment::State::Closed : SharedSegment::State::Waiting;
    if (!QAbstractEventDispatcher::instance()) {
        failOnce(
            noEventLoop("nothing tells when \"" + m_name.toStdString() + "\" can be opened; call waitForOpened()"));
        if (guard)
            announce();
        return;
    }
    if (isForeignWanted())
        updatePolling();
    else if (!isHopeless())
        waitForFolder();
    // It may have come between the look and the watch. Where another process was waited for, it is not waited for twice.
    if (!isHopeless() && m_whyWaiting.code != ErrorCode::Busy)
        attempt();
    if (guard)
        announce();
}

void SharedSegmentPrivate::attempt()
{
    if (!m_active || m_state == SharedSegment::State::Open)
        return;
    const bool creates = (m_owner || m_isPeer) && !isForeignWanted();
    sharedsegment::Error error;
    if (creates && m_isPeer)
        error = tryCreateOrOpen(m_layout, m_length);
    else if (isForeignWanted())
        error = tryOpenForeign(foreignMemory(m_foreignName, m_access), m_layout, m_foreignOffset, m_access);
    else
        error = creates ? tryCreate(m_layout, m_length) : tryOpen(m_access);
    const ErrorCode expected = creates ? ErrorCode::AlreadyExists : ErrorCode::NotFound;
    if (!failed(error))
        return; // Something was opened, and whoever was told of it may have deleted this.
    // What is being waited for is no failure; what was one is over.
    if (error.code == expected) {
        if (const sharedsegment::Error missing = FolderWatch::whyMissing(); failed(missing)) {
            failOnce(missing);
            return;
        }
        m_untilNextLook = {};
        const bool wasFailure = failed(std::exchange(m_whyWaiting, {}));
        if (creates) {
            // Who waits for its turn is told who has the name, once for each owner.
            if (m_errorString != QString::fromStdString(error.text))
                fail(error);
        } else if (wasFailure) {
            succeed();
        }
        return;
    }
    failOnce(error);
}

bool SharedSegmentPrivate::isHopeless() const
{
    // Foreign memory may be replaced by a larger one.
    return m_whyWaiting.code == ErrorCode::InvalidName || m_whyWaiting.code == ErrorCode::InvalidLayout
        || (m_whyWaiting.code == ErrorCode::InvalidSize && !isForeignWanted());
}

void SharedSegmentPrivate::failOnce(const sharedsegment::Error &error)
{
    // Figures in it may change each time, such as the memory that is left, or the name of a memory.
    auto withoutFigures = [](const std::string &text) {
        QString words = QString::fromStdString(text);
        words.removeIf([](QChar c) { return c.isDigit() || (c >= u'A' && c <= u'F'); });
        return words;
    };
    const bool isKnown = m_whyWaiting.code == error.code
                      && withoutFigures(m_whyWaiting.text) == withoutFigures(error.text);
    m_whyWaiting = error;
    // Descriptors, memory, a lock, a right are missing, and the folder does not tell when they are there again.
    if (!isForeignWanted() && !isHopeless() && error.code != ErrorCode::NotFound
        && QAbstractEventDispatcher::instance())
        lookAgainLater();
    if (!isKnown)
        fail(error);
}

void SharedSegmentPrivate::lookAgainLater()
{
    Q_Q(SharedSegment);
    if (!m_lookAgain) {
        m_lookAgain = std::make_unique<QTimer>(q);
        m_lookAgain->setSingleShot(true);
        QObject::connect(m_lookAgain.get(), &QTimer::timeout, q, [this] { hearChange(); });
    }
    if (!m_lookAgain->isActive())
        m_lookAgain->start(m_untilNextLook.next());
}

void SharedSegmentPrivate::waitForFolder()
{
    Q_Q(SharedSegment);
    m_folderWatch = FolderWatch::forThisThread();
    QObject::disconnect(m_folderConnection);
    m_folderConnection = QObject::connect(m_folderWatch.get(), &FolderWatch::changed, q, [this] {
        // An attempt to create changes the folder itself: after a failure the back-off alone decides.
        if (!failed(m_whyWaiting) || !m_lookAgain || !m_lookAgain->isActive())
            hearChange();
    });
    waitForOwner();
}

void SharedSegmentPrivate::waitForOwner()
{
    ProcessNotifier::retire(std::move(m_presentOwner));
    const Result<std::string> name = toName(m_name);
    if (!m_owner || !name || isHopeless())
        return;
    Result<sharedsegment::segment::OwnerWatch> watch = Segment::watchOwnerOf(*name);
    if (!watch) {
        // Nobody will tell when the name is free: its owner is out of sight, or is ending, cannot be watched any more, and has its lock still.
        if (watch.error().code != ErrorCode::NotFound)
            lookAgainLater();
        return;
    }
    if (!failed(m_whyWaiting))
        m_untilNextLook = {};
    Q_Q(SharedSegment);
    m_presentOwner = std::make_unique<ProcessNotifier>(std::move(*watch));
    QObject::connect(m_presentOwner.get(), &ProcessNotifier::ended, q, [this] { hearChange(); });
}

void SharedSegmentPrivate::hearChange()
{
    Q_Q(SharedSegment);
    const QPointer<SharedSegment> guard(q);
    attempt();
    if (!guard || !m_active || m_state == SharedSegment::State::Open)
        return;
    if (failed(m_whyWaiting) || !m_owner)
        return;
    waitForOwner();
    // It may have gone between the look and the watch.
    attempt();
}

void SharedSegmentPrivate::stopWaiting()
{
    QObject::disconnect(m_folderConnection);
    m_folderWatch.reset();
    if (m_lookAgain)
        m_lookAgain->stop();
    m_untilNextLook = {};
    m_whyWaiting = {};
    ProcessNotifier::retire(std::move(m_presentOwner));
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
