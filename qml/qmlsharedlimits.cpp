// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "qmlsharedlimits.h"

namespace sharedsegmentqml {

SharedLimits::SharedLimits(QObject *parent)
    : ::SharedLimits(parent)
{
}

void SharedLimits::classBegin()
{
    beginInitialization();
}

void SharedLimits::componentComplete()
{
    endInitialization();
}

} // namespace sharedsegmentqml
