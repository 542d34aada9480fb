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

    // `read` gives the newest revision's text and, in the stamp, its number: both are of one moment, however busy the writer.
    const auto watch = [&](SharedSegment *segment, auto read) {
        const auto print = [&out, &missing, once, segment, read] {
            if (once && !missing.contains(segment->name()))
                return;
            SharedStamp stamp;
            const QString line = read(&stamp);
            if (stamp.revision == 0)
                return;
            out << segment->name() << " revision " << stamp.revision << ": " << line << Qt::endl;
            missing.remove(segment->name());
            if (once && missing.isEmpty()) // queued, as exec() may be yet to come
                QMetaObject::invokeMethod(qApp, &QCoreApplication::quit, Qt::QueuedConnection);
        };
        QObject::connect(segment, &SharedSegment::opened, segment, print);
        QObject::connect(segment, &SharedSegment::updated, segment, print);
        QObject::connect(segment, &SharedSegment::orphaned, segment,
                         [&out, segment] { out << segment->name() << " is no longer updated" << Qt::endl; });
        QObject::connect(segment, &SharedSegment::errorOccurred, segment,
                         [segment] { QTextStream(stderr) << "reader: " << segment->errorString() << '\n'; });
        segment->setActive(true); // opens now, or as soon as the writer is there, and again after it was restarted
    };

    SharedPoint point(pointName());
    SharedTwenty twenty(twentyName());
    SharedNumbers numbers(numbersName());
    SharedSample samples(sampleName());
    watch(point.segment(), [&point](SharedStamp *stamp) { return text(point.get(stamp)); });
    watch(twenty.segment(), [&twenty](SharedStamp *stamp) { return text(twenty.snapshot(stamp)); });
    watch(numbers.segment(), [&numbers](SharedStamp *stamp) { return text(numbers.snapshot(stamp)); });
    watch(samples.segment(), [&samples](SharedStamp *stamp) { return text(samples.get(stamp)); });

    if (parser.isSet(secondsOption)) {
        QTimer::singleShot(std::chrono::milliseconds(qRound64(parser.value(secondsOption).toDouble() * 1000)),
                           &application, [once] { QCoreApplication::exit(once ? 1 : 0); });
    }
    return QCoreApplication::exec();
}
