// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QVariant>
#include <QtQml/QQmlEngine>
#include <QtQuick/QQuickItem>
#include <QtQuick/QQuickView>

/// Of the calling thread, in seconds.
double threadTime();

/// A window with QML in it, which a caller can wait for.
class QuickView
{
public:
    explicit QuickView(const QByteArray &qml, const QVariantMap &properties = {});

    bool isValid() const { return m_root; }
    QQuickItem *root() const { return m_root; }
    void show();
    void hide() { m_view.hide(); }

    /// Says that what the next frame shows is new.
    void change() { m_isChanged = true; }
    /// Lets the event loop run until the new content has been shown. @returns false if it was not in time.
    bool waitForFrame();

    /// Lets the event loop run.
    static void run(int milliseconds);

private:
    QQuickView m_view;
    QQuickItem *m_root = nullptr;
    bool m_isChanged = false;
    bool m_isShown = false;
};
