// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../os/handle.h"

#include <QtCore/QObject>

/// Tells, in the event loop, that a doorbell was rung or a process is gone: that its handle is readable (POSIX) or signalled (Windows).
class HandleNotifier : public QObject
{
    Q_OBJECT

public:
    explicit HandleNotifier(sharedsegment::os::Handle::Native native);

    void setEnabled(bool enabled);

Q_SIGNALS:
    void activated();

private:
    QObject *m_notifier; ///< Qt's own, of the platform
};
