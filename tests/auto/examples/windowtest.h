// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../../support/testpaths.h"

#include <QtCore/QUrl>
#include <QtCore/QVariantMap>
#include <QtGui/QWheelEvent>
#include <QtQml/QQmlApplicationEngine>
#include <QtQuick/QQuickItem>
#include <QtQuick/QQuickWindow>
#include <QtTest/QTest>

#include <memory>

/// The window of an example in the test's own process, where events can be sent to it.
class ExampleWindow
{
public:
    ExampleWindow(const QString &url, const QVariantMap &properties)
    {
        m_engine.addImportPath(testPath("IMPORT_PATH"));
        m_engine.setInitialProperties(properties);
        m_engine.load(QUrl(url));
        if (!m_engine.rootObjects().isEmpty())
            m_window = qobject_cast<QQuickWindow *>(m_engine.rootObjects().constFirst());
    }

    QQuickWindow *window() const { return m_window; }

    /// Waits until the window accepts keys. @returns false if there is no window, or not in time.
    bool show()
    {
        if (!m_window || !QTest::qWaitForWindowExposed(m_window, Deadline))
            return false;
        m_window->requestActivate(); // there may be no window manager that does
        return QTest::qWaitForWindowActive(m_window, Deadline);
    }

    QVariant property(const char *name) const { return m_window->property(name); }

    QQuickItem *item(const QString &objectName) const { return find(m_window->contentItem(), objectName); }

    QPoint place(const QQuickItem *item, double x, double y) const { return item->mapToScene({x, y}).toPoint(); }
    QPoint middle(const QQuickItem *item) const { return place(item, item->width() / 2, item->height() / 2); }

    void click(const QQuickItem *item) { QTest::mouseClick(m_window, Qt::LeftButton, {}, middle(item)); }

    void wheel(QPoint at, int delta)
    {
        QWheelEvent event(at, m_window->mapToGlobal(at), {}, {0, delta}, Qt::NoButton, Qt::NoModifier,
                          Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(m_window, &event);
    }

private:
    static constexpr int Deadline = 20000;

    /// Delegates are children of their views, and not of the items' QObject parents.
    static QQuickItem *find(QQuickItem *in, const QString &objectName)
    {
        if (in->objectName() == objectName)
            return in;
        const QList<QQuickItem *> items = in->childItems();
        for (QQuickItem *item : items) {
            if (QQuickItem *found = find(item, objectName))
                return found;
        }
        return nullptr;
    }

    QQmlApplicationEngine m_engine;
    QQuickWindow *m_window = nullptr;
};
