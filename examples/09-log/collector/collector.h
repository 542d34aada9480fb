// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "line.h"
#include "parse.h"

#include <QtCore/QList>
#include <QtCore/QObject>
#include <QtCore/QProcess>
#include <QtCore/QStringList>

/// Runs a command and appends each line that it prints to a stream.
class Collector : public QObject
{
    Q_OBJECT

public:
    struct Command
    {
        QStringList words; ///< the program and its arguments
        Format format = Format::Plain;
    };

    /// @param commands the first that works is taken: that does not fail
    Collector(SharedStream<Line> *stream, const QList<Command> &commands);

    void start();

Q_SIGNALS:
    void ended(int exitCode);

private:
    void read();
    void tryNext(int exitCode);

    SharedStream<Line> *const m_stream;
    QList<Command> m_commands;
    Format m_format = Format::Plain;
    QProcess m_process;
};
