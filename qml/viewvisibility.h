// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QObject>

#include <functional>

class QQuickItem;
class QQuickWindow;

/// Follows whether the Qt Quick view that declares a model inline is invisible, by itself or with its window. A view that
/// has another model does not count.
class ViewVisibility : public QObject
{
    Q_OBJECT

public:
    /// Makes a child of `model`, whose parent is `view`.
    ViewVisibility(QQuickItem *view, QObject *model);

    /// Calls `setHidden` for a model that a Qt Quick view declares inline: now, and at each change. Has no effect for others.
    static void follow(QObject *model, const std::function<void(bool)> &setHidden);

    bool isHidden() const { return m_isHidden; }

Q_SIGNALS:
    void hiddenChanged(bool hidden);

private:
    void followWindow(const QQuickWindow *window);
    void followModel();
    Q_SLOT void check();

    QQuickItem *const m_view;
    QMetaObject::Connection m_windowConnection;
    bool m_isHidden = false;
};
