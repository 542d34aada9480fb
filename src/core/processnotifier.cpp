// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "processnotifier_p.h"

#include <QtCore/QPointer>

#include <utility>

ProcessNotifier::ProcessNotifier(sharedsegment::engine::OwnerWatch watch)
    : m_watch(std::move(watch))
    , m_notifier(m_watch.native())
{
    connect(&m_notifier, &HandleNotifier::activated, this, [this] {
        if (!m_watch.hasEnded())
            return;
        m_notifier.setEnabled(false);
        m_isEmitting = true;
        const QPointer<ProcessNotifier> guard(this);
        Q_EMIT ended();
        if (guard)
            m_isEmitting = false;
    });
}

void ProcessNotifier::shutDown(std::unique_ptr<ProcessNotifier> notifier)
{
    if (!notifier)
        return;
    notifier->disconnect();
    notifier->m_notifier.setEnabled(false);
    if (notifier->m_isEmitting)
        notifier.release()->deleteLater();
}
