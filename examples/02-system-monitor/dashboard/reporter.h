// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QObject>
#include <QtCore/QTextStream>
#include <QtCore/QTimer>

class QQuickWindow;
class SharedSegment;

/// Reports what the dashboard shows, as text or as a picture.
class Reporter : public QObject
{
    Q_OBJECT

public:
    explicit Reporter(QQuickWindow *window);

    /// Prints a line for each change of a segment's state, for the first update after each opening, and for each
    /// headline.
    void printChanges();

    /// Writes a picture `seconds` after all segments have data, then ends the application. Without data for half a
    /// minute, the application ends with a failure.
    void grabLater(const QString &file, double seconds);

private:
    void printState(const SharedSegment *segment);
    bool hasData() const;
    void grab(bool complete);

private Q_SLOTS:
    void printHeadline();

private:
    QQuickWindow *m_window;
    QList<SharedSegment *> m_segments;
    QTextStream m_out;
    QTimer m_grabTimer;
    QTimer m_patience;
    QString m_file;
};
