// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "secondprocess.h"

#include <QtCore/QCoreApplication>

#include <cstdio>

using namespace Qt::StringLiterals;

std::optional<QByteArray> SecondProcess::start(const QString &prefix)
{
    return start(u"owner"_s, prefix);
}

std::optional<QByteArray> SecondProcess::start(const QString &role, const QString &argument)
{
    return startProgram(QCoreApplication::applicationFilePath(), {u"--"_s + role, argument});
}

std::optional<QByteArray> SecondProcess::startProgram(const QString &program, const QStringList &arguments)
{
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process.start(program, arguments);
    std::optional<QByteArray> line = readLine();
    if (!line)
        std::fprintf(stderr, "%s does not come up.\n", qPrintable(program + u' ' + arguments.join(u' ')));
    return line;
}

std::optional<QByteArray> SecondProcess::readLine()
{
    while (!m_process.canReadLine()) {
        if (!m_process.waitForReadyRead(Patience))
            return std::nullopt;
    }
    return m_process.readLine().trimmed();
}

SecondProcess::~SecondProcess()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.closeWriteChannel();
    if (!m_process.waitForFinished(Patience)) {
        m_process.kill();
        m_process.waitForFinished(Patience);
    }
}
