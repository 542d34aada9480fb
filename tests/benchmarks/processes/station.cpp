// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "station.h"

#include <QtCore/QDir>
#include <QtCore/QEventLoop>
#include <QtCore/QSocketNotifier>

#include <csignal>
#include <cstdio>
#include <optional>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace {

QByteArray pending; ///< read from standard input, and not yet taken

/// The next line of standard input; the event loop runs until it is there.
std::optional<QByteArray> nextLine()
{
    bool hasEnded = false;
    QEventLoop loop;
    QSocketNotifier notifier(STDIN_FILENO, QSocketNotifier::Read);
    QObject::connect(&notifier, &QSocketNotifier::activated, &loop, [&] {
        char bytes[4096];
        const ssize_t count = ::read(STDIN_FILENO, bytes, sizeof bytes);
        if (count > 0)
            pending.append(bytes, count);
        hasEnded = count <= 0;
        if (hasEnded || pending.contains('\n'))
            loop.quit();
    });
    if (!pending.contains('\n'))
        loop.exec();
    if (hasEnded)
        return std::nullopt;
    const qsizetype end = pending.indexOf('\n');
    const QByteArray line = pending.left(end);
    pending.remove(0, end + 1);
    return line;
}

void say(const QByteArray &line)
{
    std::puts(line.constData());
    std::fflush(stdout);
}

} // namespace

bool Station::start()
{
    return m_process.start(u"station"_s, QString::number(::getpid())) == "ready";
}

void Station::tell(const QByteArray &command)
{
    m_process.write(command + '\n');
    m_process.flush();
}

QByteArray Station::answer()
{
    return m_process.readLine().value_or(QByteArray());
}

QByteArray Station::ask(const QByteArray &command)
{
    tell(command);
    return answer();
}

int Station::run(const Commands &commands)
{
    // Some of them wait for what only a living partner sends.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    say("ready");
    while (const std::optional<QByteArray> line = nextLine()) {
        QList<QByteArray> words = line->split(' ');
        const auto command = commands.find(words.takeFirst());
        say(command == commands.end() ? QByteArray("unknown") : command->second(words));
    }
    return 0;
}

bool Station::isTold()
{
    pollfd input{STDIN_FILENO, POLLIN, 0};
    return !pending.isEmpty() || ::poll(&input, 1, 0) != 0;
}

bool runOn(const QList<int> &processors)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    for (const int processor : processors)
        CPU_SET(static_cast<std::size_t>(processor), &set);
    bool isDone = true;
    // Also the threads that Qt made for itself.
    const QStringList threads = QDir(u"/proc/self/task"_s).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &thread : threads)
        isDone = ::sched_setaffinity(thread.toInt(), sizeof set, &set) == 0 && isDone;
    return isDone;
}
