// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "types.h"

#include <QtCore/QCommandLineParser>
#include <QtCore/QCoreApplication>
#include <QtCore/QFile>
#include <QtCore/QSocketNotifier>
#include <QtCore/QTextStream>
#include <QtCore/QTimer>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <vector>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

template<typename Shared>
bool report(const Shared &shared, bool ok)
{
    if (!ok)
        QTextStream(stderr) << "writer: " << shared.errorString() << '\n';
    return ok;
}

Sample sample(qint32 id)
{
    Sample result{id, 0.5 * id, {}};
    const QByteArray label = u"sample №%1"_s.arg(id).toUtf8();
    std::strncpy(result.label, label.constData(), sizeof result.label - 1);
    return result;
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(u"Publishes four segments until Enter or Ctrl+C."_s);
    parser.addHelpOption();
    const QCommandLineOption capacityOption(u"capacity"_s, u"Elements of the run-time array, default 8."_s, u"N"_s,
                                            u"8"_s);
    const QCommandLineOption secondsOption(u"seconds"_s, u"End after that time."_s, u"N"_s);
    parser.addOptions({capacityOption, secondsOption});
    parser.process(application);

    // A struct
    SharedPoint point(pointName());
    if (!report(point, point.create() && point.set({42, 3.14})))
        return 1;

    // An array whose capacity is part of the type
    SharedTwenty twenty(twentyName());
    if (!report(twenty, twenty.create()))
        return 1;
    {
        auto values = twenty.beginWrite(); // published as one revision at the end of this scope
        for (qsizetype i = 0; i < values.size(); ++i)
            values[i] = static_cast<qint32>(i * 2);
    }

    // An array whose capacity is known at run time
    SharedNumbers numbers(numbersName());
    if (!report(numbers, numbers.create(parser.value(capacityOption).toLongLong())))
        return 1;
    std::vector<qint32> squares(static_cast<std::size_t>(numbers.capacity()));
    for (std::size_t i = 0; i < squares.size(); ++i)
        squares[i] = static_cast<qint32>(i * i);
    if (!report(numbers, numbers.publish(squares)))
        return 1;

    // A struct with text, published ten times a second
    SharedSample samples(sampleName());
    samples.segment()->setMetadata(
        {{u"staleAfter"_s, 1000}}); // in ms; readers know from then on that something is wrong
    qint32 id = 1;
    if (!report(samples, samples.create() && samples.set(sample(id))))
        return 1;
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &timer, [&] {
        if (!report(samples, samples.set(sample(++id))))
            QCoreApplication::exit(1);
    });
    timer.start(100ms);

    QTextStream(stdout) << "writer: published; Enter ends it" << Qt::endl;

    QFile input;
    QSocketNotifier enter(fileno(stdin), QSocketNotifier::Read);
    if (input.open(stdin, QIODevice::ReadOnly | QIODevice::Unbuffered)) {
        QObject::connect(&enter, &QSocketNotifier::activated, &input, [&] {
            if (!input.readLine().isEmpty())
                QCoreApplication::quit();
            else
                enter.setEnabled(false); // no terminal: the end of the file is not Enter
        });
    }
    if (parser.isSet(secondsOption)) {
        QTimer::singleShot(std::chrono::milliseconds(qRound64(parser.value(secondsOption).toDouble() * 1000)),
                           &application, &QCoreApplication::quit);
    }
    return QCoreApplication::exec();
}
