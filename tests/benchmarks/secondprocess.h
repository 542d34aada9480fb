// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QProcess>
#include <QtCore/QString>

#include <optional>

/// This program again, as `--owner PREFIX`: another process owns what is measured. It ends with its standard input,
/// which the destructor closes.
class SecondProcess
{
public:
    static constexpr int Patience = 20'000; // ms

    SecondProcess() = default;
    ~SecondProcess();
    Q_DISABLE_COPY_MOVE(SecondProcess)

    /// @returns the first line that it prints, or nothing, after a message, when none comes in time.
    std::optional<QByteArray> start(const QString &prefix);
    /// The same for another program.
    std::optional<QByteArray> startProgram(const QString &program, const QStringList &arguments);
    /// The same in another role than the owner's, `--ROLE ARGUMENT`.
    std::optional<QByteArray> start(const QString &role, const QString &argument);
    void write(const QByteArray &bytes) { m_process.write(bytes); }
    /// Otherwise written when it is waited for.
    void flush() { m_process.waitForBytesWritten(Patience); }
    /// @returns the next line, or nothing when none comes in time.
    std::optional<QByteArray> readLine();
    qint64 pid() const { return m_process.processId(); }

private:
    QProcess m_process;
};
