// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "qmlsharedarraymodel.h"

#include "qmluserinterface.h"
#include "viewvisibility.h"

namespace sharedsegmentqml {

SharedArrayModel::SharedArrayModel(QObject *parent)
    : ::SharedArrayModel(parent)
{
}

void SharedArrayModel::classBegin() { }

void SharedArrayModel::componentComplete()
{
    ViewVisibility::follow(this, [this](bool isHidden) { setViewHidden(isHidden); });
}

} // namespace sharedsegmentqml
