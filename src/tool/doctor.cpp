// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "command.h"
#include "description.h"
#include "interruption.h"
#include "output.h"

#include "../core/readabletext.h"
#include "../core/segmentnames.h"
#include "../os/memory.h"
#include "../os/system.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QProcess>
#include <QtCore/QStorageInfo>

#include <limits>

using namespace Qt::StringLiterals;

namespace {

constexpr int OtherWait = 10000; // ms
constexpr qint64 LittleSharedMemory = 64 << 20;

/// The checks and their results.
class Report
{
public:
    void good(const QString &what, const QString &found) { add(u"ok"_s, what, found); }
    void warn(const QString &what, const QString &found) { add(u"warning"_s, what, found); }
    void bad(const QString &what, const QString &found)
    {
        m_isBad = true;
        add(u"wrong"_s, what, found);
    }
    bool isBad() const { return m_isBad; }
    QByteArray text() const { return table(m_rows); }
    QJsonDocument json() const { return QJsonDocument(m_objects); }

private:
    void add(const QString &verdict, const QString &what, const QString &found)
    {
        m_rows.append({verdict, what, found});
        m_objects.append(QJsonObject{{u"verdict"_s, verdict}, {u"what"_s, what}, {u"found"_s, found}});
    }

    QList<QStringList> m_rows;
    QJsonArray m_objects;
    bool m_isBad = false;
};

/// Opens the segment from another process, as every reader does. @returns the problem, or nothing.
QString openElsewhere(const QString &name)
{
    QProcess other;
    other.start(QCoreApplication::applicationFilePath(), {u"info"_s, name});
    if (!other.waitForFinished(OtherWait))
        return u"another process does not open it: "_s + other.errorString();
    if (other.exitStatus() != QProcess::NormalExit || other.exitCode() != 0)
        return u"another process cannot open it: "_s + QString::fromLocal8Bit(other.readAllStandardError()).trimmed();
    return QString();
}

void checkBackend(SharedSegment::Backend backend, bool isDefault, Report &report)
{
    const QString what = u"backend %1%2"_s.arg(Description::nameOf(backend), isDefault ? u" (default)"_s : QString());
    SharedSegment probe(u"sharedsegment-doctor-%1-%2"_s.arg(QCoreApplication::applicationPid()).arg(int(backend)));
    probe.setBackend(backend);
    if (!probe.create(SharedLayout::of<quint64>(), 512))
        return report.bad(what, probe.errorString());
    const QString problem = openElsewhere(probe.name());
    if (!problem.isEmpty())
        return report.bad(what, problem);
    report.good(what, u"creates, and another process opens it"_s);
}

/// Reports backends that the system supports but this process may not use.
void checkRefusedBackends(const QList<SharedSegment::Backend> &backends, Report &report)
{
    using sharedsegment::os::Memory;
    if (!backends.isEmpty() && backends.first() == SharedSegment::Backend::Posix) {
        const sharedsegment::Status usable = Memory::checkUsable(sharedsegment::os::Backend::Memfd);
        // A system without memfd reports no system error.
        if (!usable && usable.error().system != 0)
            report.warn(u"backend memfd"_s, QString::fromStdString(usable.error().text) + u", which is posix here"_s);
    }
}

void checkSegments(Report &report)
{
    QString error;
    const QStringList names = segmentNames(QString(), &error);
    QStringList unreadable;
    if (!error.isEmpty())
        unreadable.append(error);
    for (const QString &name : names) {
        SharedSegment segment(name);
        if (!segment.open() && segment.error() != SharedSegment::Error::NotFound)
            unreadable.append(name + u": "_s + segment.errorString());
    }
    if (unreadable.isEmpty())
        report.good(u"segments"_s, names.isEmpty()     ? u"none now"_s
                                   : names.size() == 1 ? u"1, which opens"_s
                                                       : u"%1, all of which open"_s.arg(names.size()));
    for (const QString &problem : unreadable)
        report.bad(u"segments"_s, problem);
}

void checkSharedMemory(Report &report)
{
    const QStorageInfo storage(u"/dev/shm"_s);
    if (!storage.isValid() || !storage.isReady())
        return; // Not every system has /dev/shm.
    const QString found = u"%1 free of %2"_s.arg(ReadableText::bytes(double(storage.bytesAvailable())),
                                                 ReadableText::bytes(double(storage.bytesTotal())));
    if (storage.bytesTotal() <= LittleSharedMemory || storage.bytesAvailable() < LittleSharedMemory / 4)
        report.warn(u"/dev/shm"_s,
                    found
                        + u", which is little for the backend posix; enlarge it (docker: --shm-size), or use memfd"_s);
    else
        report.good(u"/dev/shm"_s, found);
}

void checkLimits(Report &report)
{
    // An owner holds the memory and the record; another process holds a doorbell and a watch on the owner.
    constexpr quint64 DescriptorsPerSegment = 2;
    constexpr quint64 Few = 1024;
    const sharedsegment::os::DescriptorLimit limit = sharedsegment::os::descriptorLimit();
    QString found = u"%1 for each process, enough for fewer than %2 segments"_s.arg(limit.now).arg(
        limit.now / DescriptorsPerSegment);
    if (limit.highest > limit.now)
        found += u"; \"ulimit -n\" raises it to %1 at most"_s.arg(limit.highest);
    if (limit.now < Few)
        report.warn(u"open files"_s, found);
    else
        report.good(u"open files"_s, found);
    const quint64 memory = sharedsegment::os::availableMemory(std::numeric_limits<std::uint64_t>::max());
    report.good(u"memory"_s,
                u"%1 that the machine and its control group can still give"_s.arg(ReadableText::bytes(double(memory))));
}

} // namespace

ExitCode runDoctor(const QStringList &argumentList)
{
    Arguments arguments(
        "doctor",
        u"Check the registry folder, create and open a segment with each backend, and report problems and how to "
        "repair them. Exits with 1 if there is a problem."_s,
        {});
    arguments.addFlag(u"json"_s, u"Print a JSON array, for scripts."_s);
    if (const auto code = arguments.parse(argumentList))
        return *code;

    // Until all probes are closed; this takes a moment.
    const Interruption interruption;
    Report report;
    const QString folder = SharedSegment::registryFolder();
    const bool isSet = qEnvironmentVariableIsSet("SHAREDSEGMENT_DIR");
    SharedSegment probe(u"sharedsegment-doctor-%1"_s.arg(QCoreApplication::applicationPid()));
    const bool isFolderBad = !probe.create(SharedLayout::of<quint64>(), 1) && probe.errorString().contains(folder);
    if (isFolderBad)
        report.bad(u"registry folder"_s, probe.errorString());
    else
        report.good(u"registry folder"_s, folder
                                              + (arguments.has(u"registry"_s) ? u", from --registry"_s
                                                 : isSet                      ? u", from SHAREDSEGMENT_DIR"_s
                                                                              : QString()));
    probe.close();
    const QList<SharedSegment::Backend> backends = SharedSegment::backends();
    // Without the folder, all backends fail for the same reason.
    for (const SharedSegment::Backend backend : isFolderBad ? QList<SharedSegment::Backend>() : backends)
        checkBackend(backend, backend == backends.first(), report);
    checkRefusedBackends(backends, report);
    checkSharedMemory(report);
    checkLimits(report);
    checkSegments(report);
    Output output;
    if (arguments.has(u"json"_s))
        output.write(report.json());
    else
        output.write(report.text());
    return report.isBad() ? ExitCode::Failed : ExitCode::Done;
}
