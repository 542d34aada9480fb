// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Used if ZeroMQ was not found.

#include "streampeer.h"

QList<StreamPeer::Kind> zeroMqPeers()
{
    return {};
}
