// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../../support/testsupport.h"

#include <QtCore/QProcess>
#include <QtCore/QStringList>

#include <csignal>

namespace testsupport {

struct Result
{
    int code = -1;
    QByteArray out;
    QByteArray error;
};

inline bool waitUntilThere(const QString &name)
{
    return QTest::qWaitFor([&] { return SharedSegment::exists(name); }, Deadline);
}

/// The running program. The destructor kills it.
class Tool
{
public:
    explicit Tool(const QStringList &arguments, const QString &program = testPath("TOOL"))
    {
        m_process.start(program, arguments);
    }
    ~Tool()
    {
        m_process.kill();
        m_process.waitForFinished(Deadline);
    }
    Q_DISABLE_COPY_MOVE(Tool)

    static Result run(const QStringList &arguments, const QByteArray &input = QByteArray())
    {
        Tool tool(arguments);
        tool.feed(input);
        tool.m_process.closeWriteChannel();
        return tool.end();
    }
    void feed(const QByteArray &input)
    {
        m_process.write(input);
        while (m_process.bytesToWrite() > 0 && m_process.waitForBytesWritten(Deadline)) { }
    }
    void closeInput() { m_process.closeWriteChannel(); }
    bool isRunning() { return !m_process.waitForFinished(20); }
    QByteArray line() { return line(QProcess::StandardOutput); }
    QByteArray errorLine() { return line(QProcess::StandardError); }
    void signal(int number) { ::kill(static_cast<pid_t>(m_process.processId()), number); }
    qint64 pid() const { return m_process.processId(); }
    Result end()
    {
        Result result;
        m_process.waitForFinished(Deadline); // false if it has ended already
        if (m_process.state() == QProcess::NotRunning && m_process.exitStatus() == QProcess::NormalExit)
            result.code = m_process.exitCode();
        result.out = m_process.readAllStandardOutput();
        result.error = m_process.readAllStandardError();
        return result;
    }

private:
    QByteArray line(QProcess::ProcessChannel channel)
    {
        m_process.setReadChannel(channel);
        while (!m_process.canReadLine()) {
            if (!m_process.waitForReadyRead(Deadline))
                return "timeout";
        }
        return m_process.readLine().trimmed();
    }

    QProcess m_process;
};

} // namespace testsupport
