// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Where Qt Remote Objects was not found.

#include "looppeer.h"

QList<NewsPeer::Kind> remoteObjectPeers()
{
    return {};
}
