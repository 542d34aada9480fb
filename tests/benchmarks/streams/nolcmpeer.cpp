// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Used if LCM was not found.

#include "streampeer.h"

QList<StreamPeer::Kind> lcmPeers()
{
    return {};
}
