// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Used if QtDBus was not found.

#include "looppeer.h"

QList<NotificationPeer::Kind> busPeers()
{
    return {};
}
