// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Where QtDBus was not found.

#include "looppeer.h"

QList<NewsPeer::Kind> busPeers()
{
    return {};
}
