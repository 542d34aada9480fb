// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "command.h"

#include "output.h"

#include "../os/console.h"

#include "../core/sharedsegment.h"
#include "../core/utf8_p.h"

#include <SharedSegment/SharedSegmentVersion>

#include <QtCore/QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace {

constexpr Command commands[] = {
    {"list", "list the segments of this user", runList},
    {"info", "show all properties and fields of a segment", runInfo},
    {"dump", "print a segment's newest revision as CSV, JSON or bytes", runDump},
    {"watch", "print a line for each revision; in a terminal, a live table", runWatch},
    {"publish", "own a segment and publish data from a file or standard input", runPublish},
    {"record", "record streams and arrays to a file, as CSV or MCAP", runRecord},
    {"replay", "own the names of a recording again and publish it at its pace", runReplay},
    {"create", "own a zero-filled segment until interrupted", runCreate},
    {"write", "change one element of a segment with multiple writers", runWrite},
    {"sweep", "remove what killed owners left behind", runSweep},
    {"doctor", "check the set-up of this machine and suggest repairs", runDoctor},
    {"bench", "measure this machine for ten seconds", runBench},
};

QByteArray usage()
{
    QList<QStringList> rows;
    for (const Command &command : commands)
        rows.append({u"  "_s + QLatin1String(command.name), QLatin1String(command.summary)});
    return "Usage: sharedsegment COMMAND [ARGUMENT...]\n\nInspect, create and publish shared memory segments.\n\n"
         + table(rows)
         + "\nRun \"sharedsegment COMMAND --help\" for the options of a command.\n"
           "Exit status: 0 success, 1 failure, 2 usage error.\n";
}

/// The arguments, with a leading U+FEFF kept. QCoreApplication drops it as a byte order mark, but a name may begin with it.
QStringList argumentsOf(int argc, char *argv[])
{
    QStringList arguments = QCoreApplication::arguments();
    for (int i = 0; i < std::min(argc, int(arguments.size())); ++i) {
        const QString whole = textOf(argv[i]);
        if (whole.startsWith(QChar(QChar::ByteOrderMark)) && QStringView(whole).mid(1) == arguments.at(i))
            arguments[i] = whole;
    }
    return arguments.mid(1);
}

} // namespace

int main(int argc, char *argv[])
{
    sharedsegment::os::keepStandardDescriptors();
    sharedsegment::os::ignoreBrokenPipes();
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(u"sharedsegment"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(SHAREDSEGMENT_VERSION_STR));

    const QStringList arguments = argumentsOf(argc, argv);
    const QString name = arguments.value(0);
    if (name == u"--help"_s || name == u"-h"_s || name == u"help"_s)
        return Output().write(usage()) ? 0 : 1;
    if (name == u"--version"_s || name == u"-v"_s)
        return Output().line("sharedsegment " SHAREDSEGMENT_VERSION_STR) ? 0 : 1;
    for (const Command &command : commands) {
        if (name != QLatin1String(command.name))
            continue;
        ExitCode code = ExitCode::Failed;
        guarded([&] { code = command.run(arguments); });
        return int(code == ExitCode::Done && Output::hasFailed() ? ExitCode::Failed : code);
    }
    printError(name.isEmpty() ? u"the command is missing; see: sharedsegment --help"_s
                              : u"there is no command \"%1\"; see: sharedsegment --help"_s.arg(name));
    return int(ExitCode::Usage);
}
