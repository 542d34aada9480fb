// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Used if iceoryx was not found.

#include "streampeer.h"

QList<StreamPeer::Kind> iceoryxPeers()
{
    return {};
}
