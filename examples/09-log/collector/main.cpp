// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Appends the lines of a log to a stream: the kernel's, the system's, or what any command prints.

#include "collector.h"

#include <QtCore/QCommandLineParser>
#include <QtCore/QCoreApplication>
#include <QtCore/QTextStream>

using namespace Qt::StringLiterals;

namespace {

QList<Collector::Command> commandsOf(const QStringList &words)
{
    if (!words.isEmpty())
        return {{words, Format::Plain}};
    // The kernel's log may be readable for root only, the journal for members of a group; each user has a journal.
    return {{{u"dmesg"_s, u"--follow"_s, u"--decode"_s, u"--time-format"_s, u"iso"_s}, Format::Kernel},
            {{u"journalctl"_s, u"--follow"_s, u"--lines"_s, u"1000"_s, u"--output"_s, u"json"_s}, Format::Journal}};
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(u"Appends the lines that a command prints to the stream \"log/lines\"."_s);
    parser.addHelpOption();
    parser.setOptionsAfterPositionalArgumentsMode(QCommandLineParser::ParseAsPositionalArguments);
    parser.addPositionalArgument(u"COMMAND"_s,
                                 u"Default: dmesg --follow; where that is not permitted, journalctl --follow."_s,
                                 u"[COMMAND [ARGUMENT]...]"_s);
    parser.process(application);

    SharedStream<Line> stream(u"log/lines"_s);
    stream.segment()->setMetadata({{u"description"_s, u"lines of a log"_s}, {u"timeField"_s, u"timestamp"_s}});
    if (!stream.create(20'000)) {
        QTextStream(stderr) << "collector: " << stream.errorString() << Qt::endl;
        return 1;
    }
    Collector collector(&stream, commandsOf(parser.positionalArguments()));
    // The stream stays readable after the command has ended: until this program ends, too.
    QObject::connect(&collector, &Collector::ended, &application, [](int exitCode) {
        if (exitCode == 0)
            QTextStream(stdout) << "the command has ended; Ctrl+C ends the log" << Qt::endl;
        else
            QTextStream(stderr) << "collector: the command failed with " << exitCode << Qt::endl;
        if (exitCode != 0)
            QCoreApplication::exit(1);
    });
    collector.start();
    return QCoreApplication::exec();
}
