// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "handlenotifier_p.h"

#include <QtCore/QWinEventNotifier>

HandleNotifier::HandleNotifier(sharedsegment::os::Handle::Native native)
{
    auto *const notifier = new QWinEventNotifier(reinterpret_cast<Qt::HANDLE>(native), this);
    connect(notifier, &QWinEventNotifier::activated, this, &HandleNotifier::activated);
    m_notifier = notifier;
}

void HandleNotifier::setEnabled(bool enabled)
{
    static_cast<QWinEventNotifier *>(m_notifier)->setEnabled(enabled);
}
