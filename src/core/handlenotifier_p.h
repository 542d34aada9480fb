// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../os/handle.h"

#include <QtCore/QObject>

/// Emits a signal in the event loop when a handle is readable (POSIX, level-triggered) or signalled (Windows).
class HandleNotifier : public QObject
{
    Q_OBJECT

public:
    explicit HandleNotifier(sharedsegment::os::Handle::Native native);

    void setEnabled(bool enabled);

Q_SIGNALS:
    void activated();

private:
    QObject *m_notifier; ///< Qt's notifier for this platform
};
