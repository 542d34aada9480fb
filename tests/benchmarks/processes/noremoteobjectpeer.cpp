// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Used if Qt Remote Objects was not found.

#include "looppeer.h"

QList<NotificationPeer::Kind> remoteObjectPeers()
{
    return {};
}
