// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What the property `active` does: opens or creates as soon as that is possible, and waits for it without looking again and again,
// except for foreign memory, which says nothing of its coming.

#include "sharedsegment_p.h"

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
        m_state = SharedSegment::State::Waiting;
    if (isForeignWanted())
        updatePolling();
    else if (const sharedsegment::Error error = waitForFolder(); failed(error))
        failOnce(error);
    if (!guard)
        return;
    // It may have come between the look and the watch.
    attempt();
    if (guard)
        announce();
}

void SharedSegmentPrivate::attempt()
{
    if (!m_active || m_state == SharedSegment::State::Open || (m_name.isEmpty() && !isForeignWanted()))
        return;
    const bool creates = m_owner && !isForeignWanted();
    sharedsegment::Error error;
    if (isForeignWanted())
        error = tryOpenForeign(foreignMemory(m_foreignName, m_access), m_layout, m_foreignOffset, m_access);
    else
        error = creates ? tryCreate(m_layout, m_length) : tryOpen(m_access);
    const ErrorCode expected = creates ? ErrorCode::AlreadyExists : ErrorCode::NotFound;
    // What is being waited for is no failure.
    if (!failed(error) || error.code == expected)
        return; // Where something was opened, whoever heard of it may have deleted this.
    // Descriptors or memory are missing, and the folder will not tell when they are there again.
    if (!isForeignWanted() && (error.code == ErrorCode::SystemError || error.code == ErrorCode::OutOfMemory))
        lookAgainLater();
    failOnce(error);
}

void SharedSegmentPrivate::failOnce(const sharedsegment::Error &error)
{
    if (m_errorString != QString::fromStdString(error.text))
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

sharedsegment::Error SharedSegmentPrivate::waitForFolder()
{
    Q_Q(SharedSegment);
    Result<std::shared_ptr<FolderWatch>> watch = FolderWatch::forThisThread();
    if (!watch) {
        m_folderWatch.reset();
        lookAgainLater();
        return watch.error();
    }
    m_folderWatch = *std::move(watch);
    QObject::disconnect(m_folderConnection);
    m_folderConnection = QObject::connect(m_folderWatch.get(), &FolderWatch::changed, q, [this] { hearChange(); });
    waitForOwner();
    return {};
}

void SharedSegmentPrivate::waitForOwner()
{
    if (m_presentOwner)
        m_presentOwner.release()->deleteLater(); // It may be what called.
    const Result<std::string> name = toName(m_name);
    if (!m_owner || !name)
        return;
    const Result<std::uint64_t> pid = Segment::ownerOf(*name);
    const bool isNobodyElse = pid ? *pid == os::processId() : pid.error().code != ErrorCode::Unsupported;
    Result<os::ProcessWatch> watch = pid && !isNobodyElse ? os::ProcessWatch::start(*pid) : os::ProcessWatch();
    const bool isWatched = watch && watch->isActive();
    // Nobody will tell when the name is free: its owner is out of sight, or is ending, cannot be watched any more, and has its lock still.
    if (!isNobodyElse && !isWatched)
        lookAgainLater();
    if (!isWatched)
        return;
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
    if (!m_folderWatch && !isForeignWanted())
        waitForFolder(); // What is wrong with it was said by activate().
    else if (m_owner)
        waitForOwner();
    else
        return;
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
    if (m_presentOwner)
        m_presentOwner.release()->deleteLater(); // It may be what called.
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
