// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "player.h"
#include "pluckedstrings.h"
#include "wavfile.h"

#include <QtCore/QCommandLineParser>
#include <QtCore/QCoreApplication>
#include <QtCore/QTextStream>

#include <chrono>

using namespace Qt::StringLiterals;

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(u"Publishes a sound, as fast as it would be heard, until Ctrl+C."_s);
    parser.addHelpOption();
    parser.addPositionalArgument(u"FILE"_s, u"A WAV file; without one, plucked strings."_s, u"[FILE]"_s);
    const QCommandLineOption windowOption(u"window"_s, u"How much of it is there to be seen, in seconds; default 4."_s,
                                          u"SECONDS"_s, u"4"_s);
    const QCommandLineOption secondsOption(u"seconds"_s, u"End after that time."_s, u"N"_s);
    parser.addOptions({windowOption, secondsOption});
    parser.process(application);

    QTextStream err(stderr);
    const double window = parser.value(windowOption).toDouble();
    if (!(window > 0 && window <= 60)) {
        err << "generator: --window takes more than 0 and at most 60 seconds\n";
        return 1;
    }
    Sound sound = pluckedStrings();
    if (const QStringList files = parser.positionalArguments(); !files.isEmpty()) {
        QString why;
        std::optional<Sound> read = readWavFile(files.first(), &why);
        if (!read) {
            err << "generator: " << files.first() << ": " << why << '\n';
            return 1;
        }
        sound = *std::move(read);
    }

    const QString title = sound.title;
    const int rate = sound.rate;
    Player player(std::move(sound));
    const auto printError = [&player, &err] { err << "generator: " << player.errorString() << Qt::endl; };
    if (!player.start(window)) {
        printError();
        return 1;
    }
    QObject::connect(&player, &Player::failed, &application, [&printError] {
        printError();
        QCoreApplication::exit(1);
    });
    QTextStream(stdout) << "generator: publishing \"" << title << "\" at " << rate << " Hz" << Qt::endl;

    if (parser.isSet(secondsOption)) {
        QTimer::singleShot(std::chrono::milliseconds(qRound64(parser.value(secondsOption).toDouble() * 1000)),
                           &application, &QCoreApplication::quit);
    }
    return QCoreApplication::exec();
}
