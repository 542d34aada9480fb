// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "command.h"
#include "csvrecording.h"
#include "interruption.h"
#include "mcaprecording.h"
#include "output.h"

#include "../core/metadatacheck.h"
#include "../engine/name.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QElapsedTimer>
#include <QtCore/QFile>
#include <QtCore/QTimer>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

using namespace Qt::StringLiterals;

namespace {

/// Work without a turn of the event loop, in ms.
constexpr qint64 Slice = 10;
/// The longest single wait, in ns. Longer ones are several.
constexpr double LongestWait = 3.6e12;
/// A pause that is announced, in ns.
constexpr double LongPause = 6e10;

/// A reader of the file, which is open for reading and outlives it.
std::unique_ptr<RecordingReader> makeReader(QFile *file)
{
    if (file->peek(Mcap::Magic.size()) == Mcap::Magic)
        return std::make_unique<McapRecordingReader>(file);
    return std::make_unique<CsvRecordingReader>(file);
}

/// Owns the names of a recording and publishes its entries when they are due.
class Player
{
public:
    Player(QFile *file, double speed, bool isHolding)
        : m_reader(makeReader(file))
        , m_speed(speed)
        , m_isHolding(isHolding)
    {
        m_timer.setSingleShot(true);
        m_timer.setTimerType(Qt::PreciseTimer);
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { play(); });
    }

    void start() { m_timer.start(0); }
    quint64 published() const { return m_published; }

private:
    /// One segment of the recording.
    struct Track
    {
        RecordedSegment recorded;
        std::unique_ptr<SharedSegment> segment;
    };

    void play()
    {
        bool isGoingOn = false;
        if (!guarded([&] { isGoingOn = playSome(); }))
            end(ExitCode::Failed);
        else if (isGoingOn)
            m_timer.start(0);
    }

    /// @returns whether to continue at once.
    bool playSome()
    {
        QElapsedTimer slice;
        for (slice.start(); slice.elapsed() < Slice;) {
            if (!m_hasEntry) {
                switch (m_reader->next()) {
                case RecordingReader::Outcome::Segment:
                    if (!own())
                        return false;
                    continue;
                case RecordingReader::Outcome::Entry:
                    m_hasEntry = true;
                    break;
                case RecordingReader::Outcome::End:
                    finish();
                    return false;
                case RecordingReader::Outcome::Failed:
                    end(failLate(m_reader->errorString()));
                    return false;
                }
            }
            if (const double wait = timeLeft(); wait > 0) {
                if (wait > LongPause && !std::exchange(m_isPauseSaid, true))
                    printError(u"the next element or revision is due in %1 s"_s.arg(wait / 1e9, 0, 'f', 0));
                m_timer.start(std::chrono::milliseconds(qint64(std::ceil(std::min(wait, LongestWait) / 1e6))));
                return false;
            }
            if (!publish())
                return false;
        }
        return true;
    }

    /// The time until the entry is due, in ns.
    double timeLeft()
    {
        if (!m_sinceFirst.isValid()) {
            m_sinceFirst.start();
            m_firstTime = m_reader->entry().time;
        }
        return (double(m_reader->entry().time) - double(m_firstTime)) / m_speed - double(m_sinceFirst.nsecsElapsed());
    }

    /// The name of a recorded mirror without "@": a recording is no other host.
    static QString replayedName(QString name)
    {
        while (name.startsWith(QLatin1Char(sharedsegment::engine::MirrorSign)))
            name.remove(0, 1);
        return name;
    }

    bool own()
    {
        const RecordedSegment &recorded = m_reader->segment();
        const bool isNameInUse = std::any_of(m_tracks.begin(), m_tracks.end(), [&recorded](const Track &other) {
            return other.recorded.name == recorded.name && other.segment->isOpen();
        });
        m_tracks.push_back({recorded, std::make_unique<SharedSegment>(replayedName(recorded.name))});
        if (const QString name = m_tracks.back().segment->name(); name != recorded.name && !isNameInUse)
            printError(u"\"%1\" is replayed as \"%2\"; only mirrors of other hosts have names with a leading @"_s.arg(
                recorded.name, name));
        // Of a name that was made anew, with another layout, the earlier segment stays until an entry of this one is due.
        return isNameInUse || create(m_tracks.back());
    }

    bool create(const Track &track)
    {
        for (const Track &other : m_tracks) {
            if (other.recorded.name == track.recorded.name)
                other.segment->close();
        }
        track.segment->setKind(track.recorded.kind);
        // Of a program that writes what readers ignore.
        QVariantMap metadata = track.recorded.metadata;
        while (const auto problem = MetadataCheck::find(track.recorded.layout, metadata))
            metadata.remove(problem->key);
        track.segment->setMetadata(metadata);
        if (track.segment->create(track.recorded.layout, track.recorded.capacity))
            return true;
        end(failLate(track.segment->errorString()));
        return false;
    }

    bool publish()
    {
        m_hasEntry = false;
        m_isPauseSaid = false;
        const RecordedEntry &entry = m_reader->entry();
        const Track &track = m_tracks.at(std::size_t(entry.segment));
        SharedSegment &segment = *track.segment;
        if (!segment.isOpen() && !create(track))
            return false;
        const bool isDone = track.recorded.isStream() ? segment.append(entry.elements)
                                                      : segment.publish(entry.elements);
        if (!isDone) {
            end(failLate(segment.errorString()));
            return false;
        }
        ++m_published;
        return true;
    }

    void finish()
    {
        if (!m_reader->notice().isEmpty())
            printError(m_reader->notice());
        if (!m_isHolding)
            end(ExitCode::Done);
    }

    /// Fails with the number of what was published before the error.
    ExitCode failLate(const QString &text) const
    {
        return fail(m_published == 0 ? u"nothing was published: "_s + text
                                     : u"after %1 elements and revisions: %2"_s.arg(m_published).arg(text));
    }

    static void end(ExitCode code) { QCoreApplication::exit(int(code)); }

    std::unique_ptr<RecordingReader> m_reader;
    std::vector<Track> m_tracks; ///< those of one name take turns
    QTimer m_timer;
    QElapsedTimer m_sinceFirst;
    qint64 m_firstTime = 0;
    double m_speed;
    bool m_isHolding;
    bool m_hasEntry = false;
    bool m_isPauseSaid = false;
    quint64 m_published = 0;
};

} // namespace

ExitCode runReplay(const QStringList &argumentList)
{
    Arguments arguments(
        "replay",
        u"Own the names of a recording again, and publish its elements and revisions at the recorded pace. The file is one of "
        "\"record\", CSV or MCAP without compression. The names must be free; with --registry they can be those of a folder that no "
        "other program uses."_s,
        {"FILE"});
    arguments.addOption(u"speed"_s, u"Replay N times faster, such as 10 or 0.5; default 1."_s, u"N"_s, u"1"_s);
    arguments.addFlag(u"hold"_s, u"Keep the segments after the end of the recording, until interrupted."_s);
    if (const auto code = arguments.parse(argumentList))
        return *code;
    bool isNumber = false;
    const double speed = arguments.value(u"speed"_s).toDouble(&isNumber);
    if (!isNumber || !(speed >= 1e-6 && speed <= 1e9))
        return arguments.usageError(
            u"--speed takes a number from 0.000001 to 1000000000, not \"%1\""_s.arg(arguments.value(u"speed"_s)));
    QFile file(arguments.positional(0));
    if (!file.open(QIODevice::ReadOnly))
        return fail(u"\"%1\" cannot be read: %2; give a file of \"sharedsegment record\""_s.arg(file.fileName(),
                                                                                                file.errorString()));
    if (file.isSequential() && file.peek(Mcap::Magic.size()) == Mcap::Magic)
        return fail(u"\"%1\" is a pipe, and an MCAP recording is read from a file; store it in one first"_s.arg(
            file.fileName()));

    Interruption interruption;
    Player player(&file, speed, arguments.has(u"hold"_s));
    player.start();
    const int code = interruption.run();
    if (code == int(ExitCode::Done))
        printError(u"%1 elements and revisions published"_s.arg(player.published()));
    return ExitCode(code);
}
