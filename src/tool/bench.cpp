// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "command.h"
#include "interruption.h"
#include "output.h"

#include "../core/sharedsegment.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QElapsedTimer>
#include <QtCore/QEventLoop>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QProcess>
#include <QtCore/QSharedMemory>
#include <QtCore/QTimer>

#include <algorithm>
#include <chrono>
#include <cstring>

using namespace Qt::StringLiterals;

namespace {

constexpr int ChildWait = 10000; // ms
constexpr int Rounds = 9;
constexpr qint64 RoundNanoseconds = 90'000'000;
constexpr qint64 Mebibyte = 1 << 20;
constexpr int Messages = 500;

struct Measure
{
    QString what;
    double nanoseconds; ///< the median of the rounds
    QString peer;       ///< what does the same without this library; empty if not measured
    double peerNanoseconds;

    double ratio() const { return nanoseconds > 0 && peerNanoseconds > 0 ? nanoseconds / peerNanoseconds : 0; }
};

double median(QList<double> values)
{
    std::sort(values.begin(), values.end());
    return values.isEmpty() ? 0 : values.at(values.size() / 2);
}

/// The time of one call: the median of several rounds of many calls. Negative if a call fails or after an interruption.
template<typename Call>
double timeOf(const Interruption &interruption, Call call)
{
    QList<double> rounds;
    for (int round = 0; round < Rounds; ++round) {
        if (interruption.isInterrupted())
            return -1;
        QElapsedTimer timer;
        timer.start();
        qint64 calls = 0;
        do {
            if (!call())
                return -1;
            ++calls;
        } while (timer.nsecsElapsed() < RoundNanoseconds);
        rounds.append(double(timer.nsecsElapsed()) / double(calls));
    }
    return median(rounds);
}

/// Another process that owns a segment and publishes on request.
class Owner
{
public:
    Owner(const QString &name, const QString &layout)
    {
        m_process.setStandardErrorFile(QProcess::nullDevice());
        m_process.start(QCoreApplication::applicationFilePath(),
                        {u"publish"_s, name, u"--layout"_s, layout, u"--capacity"_s, u"1"_s});
        QElapsedTimer timer;
        timer.start();
        while (!SharedSegment::exists(name) && timer.elapsed() < ChildWait && !m_process.waitForFinished(10)) { }
    }
    ~Owner()
    {
        m_process.terminate();
        m_process.waitForFinished(ChildWait);
    }
    Q_DISABLE_COPY_MOVE(Owner)
    void publish()
    {
        m_process.write("1\n");
        m_process.waitForBytesWritten(ChildWait);
    }

private:
    QProcess m_process;
};

/// The delay from a publication in another process to the signal in this one.
double notificationDelay(const Interruption &interruption, const QString &name)
{
    Owner owner(name, u"i32"_s);
    SharedSegment segment(name);
    if (!segment.open())
        return -1;
    QList<double> delays;
    QEventLoop loop;
    QObject::connect(&segment, &SharedSegment::updated, &loop, &QEventLoop::quit);
    for (int i = 0; i < Messages && !interruption.isInterrupted(); ++i) {
        const quint64 before = segment.revision();
        QTimer deadline;
        QObject::connect(&deadline, &QTimer::timeout, &loop, &QEventLoop::quit);
        deadline.start(ChildWait);
        owner.publish();
        loop.exec();
        const std::chrono::nanoseconds now = std::chrono::system_clock::now().time_since_epoch();
        SharedRevision revision;
        if (segment.snapshot(&revision).isEmpty() || revision.number == before)
            return -1;
        delays.append(double(now.count() - revision.timestamp));
    }
    return median(delays);
}

QString inTime(double nanoseconds)
{
    if (nanoseconds < 0)
        return u"failed"_s;
    if (nanoseconds < 1000)
        return QString::number(nanoseconds, 'f', 0) + u" ns"_s;
    return QString::number(nanoseconds / 1000, 'f', nanoseconds < 100'000 ? 1 : 0) + u" us"_s;
}

QString inRatio(const Measure &measure)
{
    return measure.ratio() > 0 ? u"%1 x %2"_s.arg(measure.ratio(), 0, 'f', 2).arg(measure.peer) : QString();
}

} // namespace

ExitCode runBench(const QStringList &argumentList)
{
    Arguments arguments(
        "bench",
        u"Measure what segments cost on this machine, in about ten seconds: median times of calls by one thread, and the ratio "
        "to the same work without segments."_s,
        {});
    arguments.addFlag(u"json"_s, u"Print a JSON array with nanoseconds, for scripts."_s);
    if (const auto code = arguments.parse(argumentList))
        return *code;

    const Interruption interruption;
    const QString name = u"sharedsegment-bench-%1"_s.arg(QCoreApplication::applicationPid());
    QList<Measure> measures;
    const auto add = [&measures](const QString &what, double nanoseconds, const QString &peer = QString(),
                                 double peerNanoseconds = 0) {
        measures.append({what, nanoseconds, peer, peerNanoseconds});
        printError(u"measured: "_s + what);
    };
    const SharedLayout layout = SharedLayout::parse(u"u8"_s);
    add(u"create and close, 4 KiB"_s,
        timeOf(interruption,
               [&] {
                   SharedSegment segment(name);
                   return segment.create(layout, 4096);
               }),
        u"QSharedMemory"_s, timeOf(interruption, [&] {
            QSharedMemory memory(name);
            return memory.create(4096);
        }));
    {
        QSharedMemory attached(name);
        if (!attached.create(4096))
            return fail(attached.errorString());
        const Owner owner(name, u"u8[4096]"_s);
        add(u"open and close another process's, 4 KiB"_s,
            timeOf(interruption,
                   [&] {
                       SharedSegment segment(name);
                       return segment.open();
                   }),
            u"QSharedMemory"_s, timeOf(interruption, [&] {
                QSharedMemory memory(name);
                return memory.attach(QSharedMemory::ReadOnly);
            }));
    }
    SharedSegment small(name);
    SharedSegment large(name + u"-large"_s);
    if (!small.create(layout, 64) || !large.create(layout, Mebibyte))
        return fail(small.errorString() + large.errorString());
    const QByteArray line(64, 'x');
    const QByteArray block(Mebibyte, 'x');
    QByteArray target(Mebibyte, '\0');
    const auto bytes = std::as_writable_bytes(std::span(target.data(), std::size_t(target.size())));
    add(u"publish 64 B, no listener"_s, timeOf(interruption, [&] { return small.publish(line); }));
    add(u"read 64 B"_s, timeOf(interruption, [&] { return small.read(bytes.first(64)).has_value(); }));
    const double copying = timeOf(interruption, [&] {
        std::memcpy(target.data(), block.constData(), std::size_t(Mebibyte));
        return true;
    });
    add(u"publish 1 MiB"_s, timeOf(interruption, [&] { return large.publish(block); }), u"memcpy"_s, copying);
    add(u"read 1 MiB"_s, timeOf(interruption, [&] { return large.read(bytes).has_value(); }), u"memcpy"_s, copying);
    add(u"update from another process to a signal in this one"_s,
        notificationDelay(interruption, name + u"-updates"_s));

    if (interruption.isInterrupted())
        return fail(u"the measurement was interrupted; start it again"_s);
    if (arguments.has(u"json"_s)) {
        QJsonArray all;
        for (const Measure &measure : measures)
            all.append(QJsonObject{{u"what"_s, measure.what},
                                   {u"nanoseconds"_s, measure.nanoseconds},
                                   {u"peer"_s, measure.peer},
                                   {u"peerNanoseconds"_s, measure.peerNanoseconds}});
        Output().write(QJsonDocument(all));
    } else {
        QList<QStringList> rows;
        for (const Measure &measure : measures)
            rows.append({measure.what, inTime(measure.nanoseconds), inRatio(measure)});
        Output().write(table(rows, {1}));
    }
    const bool isWhole =
        std::none_of(measures.begin(), measures.end(), [](const Measure &m) { return m.nanoseconds < 0; });
    return isWhole ? ExitCode::Done : ExitCode::Failed;
}
