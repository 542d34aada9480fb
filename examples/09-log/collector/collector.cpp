// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "collector.h"

#include <QtCore/QTextStream>

#include <vector>

using namespace Qt::StringLiterals;

Collector::Collector(SharedStream<Line> *stream, const QList<Command> &commands)
    : m_stream(stream)
    , m_commands(commands)
{
    connect(&m_process, &QProcess::readyRead, this, &Collector::read);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            tryNext(127);
    });
    connect(&m_process, &QProcess::finished, this, [this](int exitCode, QProcess::ExitStatus status) {
        read();
        tryNext(status == QProcess::NormalExit ? exitCode : 1);
    });
}

void Collector::start()
{
    const Command command = m_commands.takeFirst();
    m_format = command.format;
    m_process.setProcessChannelMode(m_format == Format::Plain ? QProcess::MergedChannels
                                                              : QProcess::ForwardedErrorChannel);
    QTextStream(stdout) << "collecting from " << command.words.join(u' ') << Qt::endl;
    m_process.start(command.words.first(), command.words.mid(1));
}

void Collector::read()
{
    // All lines that are there at once: one append, one notification.
    std::vector<Line> lines;
    const auto isWhole = [this] { return m_process.canReadLine() || m_process.state() == QProcess::NotRunning; };
    while (m_process.bytesAvailable() > 0 && isWhole()) {
        QByteArray output = m_process.readLine();
        while (output.endsWith('\n') || output.endsWith('\r'))
            output.chop(1);
        if (!output.isEmpty())
            lines.push_back(parse(m_format, output));
    }
    if (lines.empty())
        return;
    if (!m_stream->append(lines))
        QTextStream(stderr) << "collector: " << m_stream->errorString() << Qt::endl;
}

void Collector::tryNext(int exitCode)
{
    const bool isFailed = exitCode != 0;
    if (isFailed && !m_commands.isEmpty()) {
        QTextStream(stdout) << m_process.program() << " does not give a log here" << Qt::endl;
        start();
    } else {
        Q_EMIT ended(exitCode);
    }
}
