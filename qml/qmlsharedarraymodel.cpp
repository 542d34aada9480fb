// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "qmlsharedarraymodel.h"

#include "qmluserinterface.h"
#include "viewvisibility.h"

#include <QtQuick/QQuickItem>

namespace sharedsegmentqml {

SharedArrayModel::SharedArrayModel(QObject *parent)
    : ::SharedArrayModel(parent)
{
}

void SharedArrayModel::classBegin() { }

void SharedArrayModel::componentComplete()
{
    auto *view = qobject_cast<QQuickItem *>(parent());
    if (!view)
        return;
    auto *visibility = new ViewVisibility(view, this);
    connect(visibility, &ViewVisibility::hiddenChanged, this, [this](bool hidden) { setViewHidden(hidden); });
    setViewHidden(visibility->isHidden());
}

} // namespace sharedsegmentqml
