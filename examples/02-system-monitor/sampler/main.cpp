// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sampler.h"

#include <QtCore/QCommandLineParser>
#include <QtCore/QCoreApplication>
#include <QtCore/QTextStream>

#include <chrono>

using namespace Qt::StringLiterals;

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(u"Publishes this machine's own figures until Ctrl+C."_s);
    parser.addHelpOption();
    const QCommandLineOption secondsOption(u"seconds"_s, u"End after that time."_s, u"N"_s);
    parser.addOption(secondsOption);
    parser.process(application);

    Sampler sampler;
    const auto printError = [&sampler] { QTextStream(stderr) << "sampler: " << sampler.errorString() << '\n'; };
    if (!sampler.start()) {
        printError();
        return 1;
    }
    QObject::connect(&sampler, &Sampler::failed, &application, [&printError] {
        printError();
        QCoreApplication::exit(1);
    });
    QTextStream(stdout) << "sampler: publishing " << sampler.processorCount() << " processors" << Qt::endl;

    if (parser.isSet(secondsOption)) {
        QTimer::singleShot(std::chrono::milliseconds(qRound64(parser.value(secondsOption).toDouble() * 1000)),
                           &application, &QCoreApplication::quit);
    }
    return QCoreApplication::exec();
}
