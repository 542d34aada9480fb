// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "viewvisibility.h"

#include <QtCore/QMetaMethod>
#include <QtCore/QMetaProperty>
#include <QtQuick/QQuickItem>
#include <QtQuick/QQuickWindow>

#include <utility>

ViewVisibility::ViewVisibility(QQuickItem *view, QObject *model)
    : QObject(model)
    , m_view(view)
{
    connect(view, &QQuickItem::visibleChanged, this, &ViewVisibility::check);
    connect(view, &QQuickItem::windowChanged, this, &ViewVisibility::followWindow);
    followModel();
    followWindow(view->window());
}

void ViewVisibility::follow(QObject *model, const std::function<void(bool)> &setHidden)
{
    auto *const view = qobject_cast<QQuickItem *>(model->parent());
    if (!view)
        return;
    auto *const visibility = new ViewVisibility(view, model);
    connect(visibility, &ViewVisibility::hiddenChanged, model, setHidden);
    setHidden(visibility->isHidden());
}

void ViewVisibility::followWindow(const QQuickWindow *window)
{
    disconnect(m_windowConnection);
    if (window)
        m_windowConnection = connect(window, &QWindow::visibleChanged, this, &ViewVisibility::check);
    check();
}

void ViewVisibility::followModel()
{
    // The classes of most views are private in Qt.
    const QMetaObject *meta = m_view->metaObject();
    const QMetaProperty property = meta->property(meta->indexOfProperty("model"));
    if (property.hasNotifySignal())
        connect(m_view, property.notifySignal(), this,
                staticMetaObject.method(staticMetaObject.indexOfSlot("check()")));
}

void ViewVisibility::check()
{
    const bool isItsModel = m_view->property("model").value<QObject *>() == parent();
    const bool isHidden = isItsModel && (!m_view->isVisible() || (m_view->window() && !m_view->window()->isVisible()));
    if (std::exchange(m_isHidden, isHidden) != isHidden)
        Q_EMIT hiddenChanged(isHidden);
}
