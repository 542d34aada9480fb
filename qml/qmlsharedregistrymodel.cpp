// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "qmlsharedregistrymodel.h"

#include "viewvisibility.h"

namespace sharedsegmentqml {

SharedRegistryModel::SharedRegistryModel(QObject *parent)
    : ::SharedRegistryModel(Initialization::Deferred, parent)
{
}

void SharedRegistryModel::classBegin() { }

void SharedRegistryModel::componentComplete()
{
    ViewVisibility::follow(this, [this](bool isHidden) { setViewHidden(isHidden); });
    endInitialization();
}

} // namespace sharedsegmentqml
