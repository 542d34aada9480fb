// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "qmlsharedstreammodel.h"

#include "viewvisibility.h"

namespace sharedsegmentqml {

SharedStreamModel::SharedStreamModel(QObject *parent)
    : ::SharedStreamModel(parent)
{
}

void SharedStreamModel::classBegin() { }

void SharedStreamModel::componentComplete()
{
    ViewVisibility::follow(this, [this](bool isHidden) { setViewHidden(isHidden); });
}

} // namespace sharedsegmentqml
