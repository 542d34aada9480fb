// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "types.h"

#include <QtCore/QCommandLineParser>
#include <QtCore/QCoreApplication>
#include <QtCore/QSet>
#include <QtCore/QStringList>
#include <QtCore/QTextStream>
#include <QtCore/QTimer>

#include <chrono>

using namespace Qt::StringLiterals;

namespace {

QString text(const Point &point)
{
    return u"x=%1 y=%2"_s.arg(point.x).arg(point.y);
}

QString text(const Sample &sample)
{
    const QByteArray label(sample.label, static_cast<qsizetype>(qstrnlen(sample.label, sizeof sample.label)));
    return u"id=%1 value=%2 label=\"%3\""_s.arg(sample.id).arg(sample.value).arg(QString::fromUtf8(label));
}

QString text(const QList<qint32> &values)
{
    QStringList words;
    for (qint32 value : values)
        words += QString::number(value);
    return words.join(u' ');
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(u"Waits for the writer's four segments and prints what they hold."_s);
    parser.addHelpOption();
    const QCommandLineOption onceOption(u"once"_s, u"End when each was read once."_s);
    const QCommandLineOption secondsOption(u"seconds"_s, u"End after that time; with --once, in failure."_s, u"N"_s);
    parser.addOptions({onceOption, secondsOption});
    parser.process(application);

    QTextStream out(stdout);
    QSet<QString> missing{pointName(), twentyName(), numbersName(), sampleName()};
    const bool once = parser.isSet(onceOption);

    // `read` returns the text of the newest revision and stores its number in `revision`. Both belong to the same
    // revision, even if the writer is busy.
    const auto watch = [&](SharedSegment *segment, auto read) {
        const auto print = [&out, &missing, once, segment, read] {
            if (once && !missing.contains(segment->name()))
                return;
            SharedRevision revision;
            const QString line = read(&revision);
            if (revision.number == 0)
                return;
            out << segment->name() << " revision " << revision.number << ": " << line << Qt::endl;
            missing.remove(segment->name());
            if (once && missing.isEmpty()) // queued, since exec() may not run yet
                QMetaObject::invokeMethod(qApp, &QCoreApplication::quit, Qt::QueuedConnection);
        };
        QObject::connect(segment, &SharedSegment::opened, segment, print);
        QObject::connect(segment, &SharedSegment::updated, segment, print);
        QObject::connect(segment, &SharedSegment::orphaned, segment,
                         [&out, segment] { out << segment->name() << " is no longer updated" << Qt::endl; });
        // Also of a writer that is stopped. What a writer publishes only once never gets too old.
        QObject::connect(segment, &SharedSegment::staleChanged, segment, [&out, segment] {
            if (segment->state() == SharedSegment::State::Open && segment->isStale() && segment->age() >= 0)
                out << segment->name() << " is " << segment->age() << " ms old" << Qt::endl;
        });
        QObject::connect(segment, &SharedSegment::errorOccurred, segment,
                         [segment] { QTextStream(stderr) << "reader: " << segment->errorString() << '\n'; });
        segment->setActive(true); // opens now or when the writer starts, and again after a restart
    };

    SharedPoint point(pointName());
    SharedTwenty twenty(twentyName());
    SharedNumbers numbers(numbersName());
    SharedSample samples(sampleName());
    watch(point.segment(), [&point](SharedRevision *revision) { return text(point.get(revision)); });
    watch(twenty.segment(), [&twenty](SharedRevision *revision) { return text(twenty.snapshot(revision)); });
    watch(numbers.segment(), [&numbers](SharedRevision *revision) { return text(numbers.snapshot(revision)); });
    watch(samples.segment(), [&samples](SharedRevision *revision) { return text(samples.get(revision)); });

    if (parser.isSet(secondsOption)) {
        QTimer::singleShot(std::chrono::milliseconds(qRound64(parser.value(secondsOption).toDouble() * 1000)),
                           &application, [once] { QCoreApplication::exit(once ? 1 : 0); });
    }
    return QCoreApplication::exec();
}
