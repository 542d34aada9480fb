// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../../support/testpaths.h"

#include <QtCore/QDeadlineTimer>
#include <QtCore/QProcess>
#include <QtCore/QString>
#include <QtCore/QStringList>

#include <functional>

/// An example's program and the lines that it has printed. The destructor kills it.
class ExampleProcess
{
public:
    static constexpr int Timeout = 30000;

    ExampleProcess(const QString &program, const QStringList &arguments)
    {
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(program, arguments);
    }

    ~ExampleProcess()
    {
        m_process.kill();
        m_process.waitForFinished(Timeout);
    }

    /// @returns whether `condition` becomes true in time; it gets all that was printed so far.
    bool waitFor(const std::function<bool(const QStringList &)> &condition)
    {
        QDeadlineTimer deadline(Timeout);
        do {
            while (m_process.canReadLine())
                m_lines += QString::fromUtf8(m_process.readLine()).trimmed();
            if (condition(m_lines))
                return true;
        } while (m_process.waitForReadyRead(static_cast<int>(deadline.remainingTime())) || m_process.canReadLine());
        return false;
    }

    /// @returns whether a line with that start was printed, or is printed in time.
    bool waitForLine(const QString &start)
    {
        return waitFor([&start](const QStringList &lines) {
            for (const QString &line : lines) {
                if (line.startsWith(start))
                    return true;
            }
            return false;
        });
    }

    /// @returns the exit code; -1 if the program crashed, was killed or still runs.
    int waitForEnd()
    {
        const bool ended = m_process.state() == QProcess::NotRunning || m_process.waitForFinished(Timeout);
        waitFor([](const QStringList &) { return true; });
        return ended && m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
    }

    /// With a signal that cannot be handled.
    bool kill()
    {
        m_process.kill();
        return m_process.waitForFinished(Timeout);
    }

    qint64 processId() const { return m_process.processId(); }
    void write(const QByteArray &bytes) { m_process.write(bytes); }
    QStringList lines() const { return m_lines; }
    void forgetLines() { m_lines.clear(); }

private:
    QProcess m_process;
    QStringList m_lines;
};
