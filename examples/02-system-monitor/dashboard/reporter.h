// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QObject>
#include <QtCore/QTextStream>
#include <QtCore/QTimer>

class QQuickWindow;
class SharedSegment;

/// Tells the outside what the dashboard shows: in words, or as a picture.
class Reporter : public QObject
{
    Q_OBJECT

public:
    explicit Reporter(QQuickWindow *window);

    /// On the standard output: a line for each segment's state, for the first news after each opening, and for the headline.
    void printChanges();

    /// Ends the application with a picture, `seconds` after all segments had data; after half a minute without, in failure.
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
