// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "waiting.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QTimer>

bool waitFor(const std::function<bool()> &condition)
{
    constexpr int Patience = 60'000; // ms
    QTimer patience;
    patience.setSingleShot(true);
    patience.start(Patience);
    while (!condition()) {
        if (!patience.isActive())
            return false;
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }
    return true;
}
