// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "command.h"
#include "csvrecording.h"
#include "elementtimes.h"
#include "interruption.h"
#include "mcaprecording.h"
#include "output.h"
#include "wording.h"

#include "../core/sharedstreamreader.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>
#include <QtCore/QTimer>

#include <algorithm>
#include <chrono>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

using namespace Qt::StringLiterals;

namespace {

/// What a killed recorder loses at most.
constexpr std::chrono::milliseconds FlushInterval{1000};
/// What is read from a stream before the others get their turn.
constexpr qint64 MostBytesAtOnce = 1 << 20;

qint64 now()
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

/// Takes the entries of all sources.
class Recorder
{
public:
    Recorder(RecordingWriter &writer, qint64 limit)
        : m_writer(writer)
        , m_left(limit)
    {
        m_flush.setInterval(FlushInterval);
        QObject::connect(&m_flush, &QTimer::timeout, &m_flush, [this] { check(m_writer.flush()); });
        m_flush.start();
    }

    /// The place of the segment among those of the recording.
    std::optional<qsizetype> add(const RecordedSegment &segment)
    {
        const QByteArray text = segment.toJson();
        const qsizetype known = m_segments.indexOf(text);
        if (known >= 0)
            return known;
        if (!check(m_writer.addSegment(segment)))
            return std::nullopt;
        m_segments.append(text);
        return m_segments.size() - 1;
    }
    /// @returns false if the recording has ended.
    bool write(const RecordedEntry &entry)
    {
        if (m_isDone || !check(m_writer.write(entry)))
            return false;
        if (m_left > 0 && --m_left == 0)
            end(ExitCode::Done);
        return true;
    }
    void end(ExitCode code)
    {
        m_isDone = true;
        QCoreApplication::exit(int(code));
    }
    bool isDone() const { return m_isDone; }

private:
    bool check(bool isDone)
    {
        if (!isDone)
            end(fail(u"the recording cannot be written: %1"_s.arg(m_writer.errorString())));
        return isDone;
    }

    RecordingWriter &m_writer;
    QByteArrayList m_segments;
    QTimer m_flush;
    qint64 m_left; ///< 0: no limit
    bool m_isDone = false;
};

/// One segment that is recorded.
class Source
{
public:
    Source(const QString &name, bool isFromOldest, Recorder &recorder)
        : m_recorder(recorder)
        , m_segment(name)
        , m_reader(&m_segment)
    {
        if (isFromOldest)
            m_reader.seek(SharedStreamReader::Oldest);
        QObject::connect(&m_segment, &SharedSegment::opened, &m_segment, [this] {
            // Of a stream that came later than the command, each element is recorded or counted.
            if (m_hasStarted)
                m_reader.seek(quint64(0));
            m_lostBefore += std::exchange(m_lost, 0);
            m_lastRevision = 0;
            m_isFromFirst = m_hasStarted;
            begin();
        });
        QObject::connect(&m_segment, &SharedSegment::reopened, &m_segment, [this] { begin(); });
        QObject::connect(&m_segment, &SharedSegment::updated, &m_segment, [this] { take(); });
        QObject::connect(&m_segment, &SharedSegment::orphaned, &m_segment, [this] {
            finish(); // before the next instance comes
            say(u"its owner is gone"_s);
        });
        m_portion.setSingleShot(true);
        QObject::connect(&m_portion, &QTimer::timeout, &m_segment, [this] { take(); });
    }

    bool start()
    {
        m_begin = now();
        // Wait only for a missing segment; other errors stay.
        if (!m_segment.open() && m_segment.error() != SharedSegment::Error::NotFound) {
            m_recorder.end(fail(m_segment.errorString()));
            return false;
        }
        m_hasStarted = true;
        m_segment.setActive(true);
        if (m_segment.state() == SharedSegment::State::Waiting)
            say(u"waiting for it"_s);
        return !m_recorder.isDone();
    }
    /// Takes what is there now.
    void finish()
    {
        if (!guarded([this] { takeAll(); }))
            m_recorder.end(ExitCode::Failed);
    }
    void report()
    {
        QString text = Wording::counted(qint64(m_recorded), m_isOfElements ? u"element"_s : u"revision"_s)
                     + u" recorded"_s;
        const quint64 lost = m_lostBefore + m_lost;
        if (lost > 0)
            text += m_isOfElements ? u", %1 lost"_s.arg(lost) : u", %1 replaced before they were read"_s.arg(lost);
        say(text);
    }

private:
    bool isStream() const { return m_segment.kind() == SharedSegment::Kind::Stream; }
    void say(const QString &what) { printError(m_segment.name() + u": "_s + what); }

    void begin()
    {
        if (m_recorder.isDone())
            return;
        m_isOfElements = isStream();
        m_times = ElementTimes(TimeMetadata(m_segment.layout(), m_segment.metadata()));
        const auto index = m_recorder.add(RecordedSegment::of(m_segment));
        if (!index)
            return;
        m_index = *index;
        take();
    }

    void takeAll()
    {
        if (!m_segment.isOpen() || m_recorder.isDone())
            return;
        if (!isStream())
            return takeRevision();
        for (const quint64 end = m_reader.position() + m_reader.available();
             m_reader.position() < end && takeElements();) { }
    }

    void take()
    {
        bool isGood = true;
        const bool isThere = guarded([&] { isStream() ? void(isGood = takeElements()) : takeRevision(); });
        if (!isThere)
            m_recorder.end(ExitCode::Failed);
        else if (isGood && isStream() && m_reader.available() > 0)
            m_portion.start();
    }

    /// The newest revision, if it is a new one.
    void takeRevision()
    {
        SharedRevision revision;
        if (m_segment.revision() == m_lastRevision)
            return;
        const QByteArray elements = m_segment.snapshot(&revision);
        // Busy: the writer notifies again when it is done.
        const bool isRead = m_segment.error() == SharedSegment::Error::NoError;
        if (!isRead || revision.number == m_lastRevision)
            return;
        if ((m_lastRevision > 0 || m_isFromFirst) && revision.number > m_lastRevision)
            m_lost += revision.number - m_lastRevision - 1;
        m_lastRevision = revision.number;
        // What was published long before the recording belongs to its beginning.
        if (m_recorder.write({m_index, revision.number, std::max(revision.timestamp, m_begin), elements}))
            ++m_recorded;
    }

    /// Some of the new elements. @returns false if there are none, or the recording has ended.
    bool takeElements()
    {
        const qsizetype size = m_segment.layout().elementSize();
        SharedRevision revision;
        const QByteArray elements = m_reader.readNew(std::max<qint64>(MostBytesAtOnce / size, 1), &revision);
        const qint64 time = now();
        m_lost = m_reader.lost();
        const qsizetype count = elements.size() / size;
        const auto at = [&](qsizetype i) { return QByteArrayView(elements).sliced(i * size, size); };
        const auto timeOf = [&](qsizetype i) {
            const auto *const element = reinterpret_cast<const std::byte *>(at(i).data());
            return m_times.of(revision.number - quint64(count - i), element, time);
        };
        if (count > 0)
            timeOf(count - 1); // the first call is for the last element
        for (qsizetype i = 0; i < count; ++i) {
            if (!m_recorder.write({m_index, revision.number - quint64(count - i), timeOf(i), at(i)}))
                return false;
            ++m_recorded;
        }
        return count > 0;
    }

    Recorder &m_recorder;
    SharedSegment m_segment;
    SharedStreamReader m_reader;
    ElementTimes m_times;
    QTimer m_portion;
    qsizetype m_index = 0;
    qint64 m_begin = 0;
    quint64 m_lastRevision = 0;
    quint64 m_recorded = 0;
    quint64 m_lost = 0;       ///< of the present instance
    quint64 m_lostBefore = 0; ///< of earlier ones
    bool m_isOfElements = false;
    bool m_hasStarted = false;
    bool m_isFromFirst = false; ///< the instance came later than the command
};

/// Makes the writer that the arguments request. @returns nothing after a usage error.
std::unique_ptr<RecordingWriter> makeWriter(const Arguments &arguments, QFile *file)
{
    const QString name = arguments.value(u"to"_s);
    const QString format = arguments.has(u"format"_s) ? arguments.value(u"format"_s) : name.section(u'.', -1).toLower();
    const QString encoding = arguments.value(u"encoding"_s);
    if (name.isEmpty())
        arguments.usageError(u"--to is missing, the file to record to"_s);
    else if (format != u"csv"_s && format != u"mcap"_s)
        arguments.usageError(u"give --format csv or mcap, or a file whose name ends with .csv or .mcap"_s);
    else if (encoding != u"json"_s && encoding != u"raw"_s)
        arguments.usageError(u"--encoding is json or raw, not \"%1\""_s.arg(encoding));
    else if (format == u"csv"_s && arguments.has(u"encoding"_s))
        arguments.usageError(u"--encoding is for mcap only"_s);
    else if (format == u"csv"_s && !arguments.positionals(1).isEmpty())
        arguments.usageError(u"a CSV file describes one segment; record several of them to an MCAP file"_s);
    else if (format == u"csv"_s)
        return std::make_unique<CsvRecordingWriter>(file);
    else
        return std::make_unique<McapRecordingWriter>(file, encoding == u"json"_s ? McapRecordingWriter::Encoding::Json
                                                                                 : McapRecordingWriter::Encoding::Raw);
    return nullptr;
}

} // namespace

ExitCode runRecord(const QStringList &argumentList)
{
    Arguments arguments(
        "record",
        u"Record streams and arrays to a file until interrupted: each element of a stream, and each revision of an array that can be "
        "read before the next one replaces it. The time of a stream's element follows from the metadata's timeField or sampleRate; "
        "else it is the time when the command read the element. A revision has the time of its publication. Waits for missing "
        "segments and continues after a restart of their owners. \"replay\" publishes the file again."_s,
        {"NAME..."});
    arguments.addOption(u"to"_s, u"The file. One that has content is not overwritten. Required."_s, u"FILE"_s);
    arguments.addOption(
        u"format"_s,
        u"csv, for one segment; or mcap, a format of robotics for any number (https://mcap.dev). Default: as the file's name ends."_s,
        u"FORMAT"_s);
    arguments.addOption(u"encoding"_s,
                        u"Of messages in mcap: json (default), which other tools understand, or raw bytes."_s,
                        u"ENCODING"_s, u"json"_s);
    arguments.addFlag(u"oldest"_s, u"Begin with the oldest elements that streams keep, not with the next ones."_s);
    arguments.addOption(u"count"_s, u"Exit after N elements and revisions."_s, u"N"_s, u"0"_s);
    if (const auto code = arguments.parse(argumentList))
        return *code;
    const auto count = arguments.number(u"count"_s, 0, std::numeric_limits<qint64>::max());
    if (!count)
        return ExitCode::Usage;
    QFile file(arguments.value(u"to"_s));
    const std::unique_ptr<RecordingWriter> writer = makeWriter(arguments, &file);
    if (!writer)
        return ExitCode::Usage;
    if (file.size() > 0)
        return fail(
            u"\"%1\" has content and is not overwritten; remove it, or give another file"_s.arg(file.fileName()));
    if (!file.open(QIODevice::WriteOnly))
        return fail(u"\"%1\" cannot be written: %2; give another file"_s.arg(file.fileName(), file.errorString()));

    Interruption interruption;
    Recorder recorder(*writer, *count);
    std::vector<std::unique_ptr<Source>> sources;
    QStringList names = arguments.positionals(0);
    names.removeDuplicates();
    for (const QString &name : names)
        sources.push_back(std::make_unique<Source>(name, arguments.has(u"oldest"_s), recorder));
    // Start from the event loop: a quit() before it runs would be lost.
    QTimer::singleShot(0, QCoreApplication::instance(), [&] {
        for (const auto &source : sources) {
            if (!source->start())
                return;
        }
    });
    auto code = ExitCode(interruption.run());
    for (const auto &source : sources)
        source->finish();
    if (!writer->finish() && code == ExitCode::Done)
        code = fail(u"the recording cannot be written: %1"_s.arg(writer->errorString()));
    for (const auto &source : sources)
        source->report();
    return code;
}
