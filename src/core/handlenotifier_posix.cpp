// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "handlenotifier_p.h"

#include <QtCore/QSocketNotifier>

HandleNotifier::HandleNotifier(sharedsegment::os::Handle::Native native)
{
    auto *const notifier = new QSocketNotifier(static_cast<qintptr>(native), QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, &HandleNotifier::activated);
    m_notifier = notifier;
}

void HandleNotifier::setEnabled(bool enabled)
{
    static_cast<QSocketNotifier *>(m_notifier)->setEnabled(enabled);
}
