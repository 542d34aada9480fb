// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../secondprocess.h"

#include <QtCore/QByteArray>
#include <QtCore/QList>

#include <map>

/// Another process of this program, which executes commands: a command is a line of words, and so is its answer. Ends with this.
class Station
{
public:
    /// What a station can be told, by the command's first word.
    using Command = QByteArray (*)(const QList<QByteArray> &arguments);
    using Commands = std::map<QByteArray, Command>;

    /// @returns false, after a message, when it does not start in time.
    bool start();
    void tell(const QByteArray &command);
    /// @returns the answer of the last command; empty if none came in time.
    QByteArray answer();
    QByteArray ask(const QByteArray &command);
    qint64 pid() const { return m_process.pid(); }

    /// In the other process: until standard input ends. While it waits for a command its event loop runs.
    static int run(const Commands &commands);
    /// In the other process: whether a command has come, for commands that go on until the next one.
    static bool isTold();

private:
    SecondProcess m_process;
};

/// Makes this process run on these processors alone, with all its threads.
bool runOn(const QList<int> &processors);
