// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "processnotifier_p.h"

#include <utility>

ProcessNotifier::ProcessNotifier(sharedsegment::os::ProcessWatch watch)
    : m_watch(std::move(watch))
    , m_notifier(m_watch.native())
{
    connect(&m_notifier, &HandleNotifier::activated, this, [this] {
        m_notifier.setEnabled(false);
        Q_EMIT ended();
    });
}
