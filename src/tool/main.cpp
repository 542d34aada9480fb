// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "command.h"

#include "output.h"

#include "../os/console.h"

#include "../core/sharedsegment.h"
#include "../core/utf8_p.h"

#include <QtCore/QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace {

constexpr Command commands[] = {
    {"list", "the segments of this user", runList},
    {"info", "all that is known of a segment", runInfo},
    {"dump", "a segment's newest revision, as CSV, JSON or bytes", runDump},
    {"watch", "a line for each revision; in a terminal, a live table", runWatch},
    {"publish", "owns a segment and publishes what comes from a file or standard input", runPublish},
    {"create", "owns a segment until it is interrupted", runCreate},
    {"write", "changes one element of a segment that others may write to", runWrite},
    {"sweep", "removes what killed owners have left", runSweep},
    {"doctor", "what is wrong with this machine's set-up, and how to mend it", runDoctor},
    {"bench", "measures this machine for ten seconds", runBench},
};

QByteArray usage()
{
    QList<QStringList> rows;
    for (const Command &command : commands)
        rows.append({u"  "_s + QLatin1String(command.name), QLatin1String(command.summary)});
    return "Usage: sharedsegment COMMAND [ARGUMENT...]\n\nLooks at the segments of SharedSegment, and makes some.\n\n"
         + table(rows)
         + "\nsharedsegment COMMAND --help says more of each. Ends with 0 when done, 1 when it could not be done, 2 when it was\n"
           "asked for in a way that makes no sense.\n";
}

/// QCoreApplication takes U+FEFF at the beginning of an argument for a byte order mark and drops it; a name may begin so.
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
    QCoreApplication::setApplicationVersion(QStringLiteral(SHAREDSEGMENT_VERSION));

    const QStringList arguments = argumentsOf(argc, argv);
    const QString name = arguments.value(0);
    if (name == u"--help"_s || name == u"-h"_s || name == u"help"_s)
        return Output().write(usage()) ? 0 : 1;
    if (name == u"--version"_s || name == u"-v"_s)
        return Output().line("sharedsegment " SHAREDSEGMENT_VERSION) ? 0 : 1;
    for (const Command &command : commands) {
        if (name != QLatin1String(command.name))
            continue;
        ExitCode code = ExitCode::Failed;
        guarded([&] { code = command.run(arguments); });
        return int(code == ExitCode::Done && Output::hasFailed() ? ExitCode::Failed : code);
    }
    complain(name.isEmpty() ? u"the command is missing; see: sharedsegment --help"_s
                            : u"there is no command \"%1\"; see: sharedsegment --help"_s.arg(name));
    return int(ExitCode::Usage);
}
