// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "command.h"
#include "description.h"
#include "elementtext.h"
#include "elementtimes.h"
#include "interruption.h"
#include "output.h"
#include "wording.h"

#include "../core/readabletext.h"
#include "../core/sharedstreamreader.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QElapsedTimer>
#include <QtCore/QTimer>

#include <algorithm>
#include <chrono>
#include <limits>
#include <memory>
#include <span>
#include <utility>

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::milliseconds RedrawInterval{100};
constexpr std::chrono::milliseconds RateInterval{1000};
constexpr qint64 ElementsInALine = 8;
constexpr qint64 ValuesInALine = 64;
constexpr qint64 MostBytes = 16 << 20;
constexpr qint64 ElementsAtOnce = 1024;
/// In ms.
constexpr qint64 MostToFinish = 2000;

/// Follows one segment and prints its revisions, or each element of a stream.
class Watcher
{
public:
    Watcher(const QString &name, bool showsTable, qint64 limit)
        : m_segment(name)
        , m_reader(&m_segment)
        , m_showsTable(showsTable)
        , m_left(limit)
    {
        m_style.isForTerminal = Output::isTerminal();
        QObject::connect(&m_segment, &SharedSegment::opened, &m_segment, [this] { begin(); });
        QObject::connect(&m_segment, &SharedSegment::updated, &m_segment, [this] { handleUpdate(); });
        QObject::connect(&m_segment, &SharedSegment::reopened, &m_segment, [this] { setTimes(); });
        QObject::connect(&m_segment, &SharedSegment::sourceChanged, &m_segment, [this] { handleSource(); });
        QObject::connect(&m_segment, &SharedSegment::orphaned, &m_segment, [this] {
            if (isTable())
                draw();
            else if (isStream() && !m_showsRates)
                finishStream();
            say(u"its owner is gone"_s);
        });
        m_portion.setSingleShot(true);
        QObject::connect(&m_portion, &QTimer::timeout, &m_segment, [this] { followStream(); });
        m_redraw.setSingleShot(true);
        m_redraw.setInterval(RedrawInterval);
        QObject::connect(&m_redraw, &QTimer::timeout, &m_segment, [this] { draw(); });
    }

    void showRates()
    {
        m_showsRates = true;
        m_rates.setInterval(RateInterval);
        QObject::connect(&m_rates, &QTimer::timeout, &m_segment, [this] { rate(); });
    }

    bool start()
    {
        // Wait only for a missing segment; other errors stay.
        if (!m_segment.open() && m_segment.error() != SharedSegment::Error::NotFound)
            return false;
        m_hasStarted = true;
        m_segment.setActive(true);
        if (m_segment.state() == SharedSegment::State::Waiting)
            say(u"waiting for it"_s);
        return true;
    }
    QString errorString() const { return m_segment.errorString(); }

private:
    bool isStream() const { return m_segment.kind() == SharedSegment::Kind::Stream; }
    bool isTable() const { return m_showsTable && !isStream(); }
    void setTimes() { m_times = ElementTimes(TimeMetadata(m_segment.layout(), m_segment.metadata())); }

    void say(const QString &what) { printError(m_segment.name() + u": "_s + what); }

    /// Says that the host of a mirror is lost or reached again, but not that it is reached at first.
    void handleSource()
    {
        const bool isLost = m_segment.source() == SharedSegment::Source::NotReachable;
        const bool wasLost = std::exchange(m_isHostLost, isLost);
        if (isLost == wasLost || m_segment.state() != SharedSegment::State::Open)
            return;
        if (isTable())
            draw();
        say(Description::hostText(m_segment) + (isLost ? QString() : u" again"_s));
    }

    void begin()
    {
        m_text = std::make_unique<ElementText>(m_segment.layout());
        m_lastRevision = m_segment.revision();
        m_sinceRate.start();
        setTimes();
        m_lost = 0;
        // What the last owner left cannot be read any more.
        sayLost(0, std::exchange(m_unread, 0));
        // Of a stream that came later than the command, each element is printed or counted. A mirror begins with those that its
        // source still has.
        if (m_hasStarted && m_segment.source() == SharedSegment::Source::Here)
            m_reader.seek(quint64(0));
        else if (m_hasStarted)
            m_reader.seek(SharedStreamReader::Oldest);
        if (m_showsRates)
            m_rates.start();
        else if (isTable())
            draw();
        else if (m_lastRevision > 0)
            handleUpdate();
    }

    void handleUpdate()
    {
        if (m_showsRates)
            return;
        if (isStream())
            return followStream();
        if (isTable()) {
            if (!m_redraw.isActive())
                m_redraw.start();
            return;
        }
        const qint64 columns = std::min(m_text->columnCount(), ValuesInALine);
        const bool isWhole = columns == m_text->columnCount();
        const qint64 most = isWhole ? std::min(m_segment.capacity(), ElementsInALine) : 1;
        SharedRevision revision;
        if (!read(most, columns, &revision)) // Busy: the writer notifies again when it is done.
            return;
        const qint64 shown = std::min(most, revision.count);
        QByteArray line = beginning(revision.timestamp, revision.number);
        appendValues(line, element(0), shown, columns);
        if (shown < revision.count)
            line += " ... " + QByteArray::number(revision.count - shown) + " more";
        print(Wording::shownUtf8(line, Wording::Where::Pipe));
    }

    static QByteArray beginning(qint64 time, quint64 number)
    {
        return QDateTime::fromMSecsSinceEpoch(time / 1'000'000).toString(u"hh:mm:ss.zzz"_s).toLatin1() + ' '
             + QByteArray::number(number) + ' ';
    }

    /// Appends the first `columns` columns of each of `count` elements.
    void appendValues(QByteArray &line, const std::byte *elements, qint64 count, qint64 columns) const
    {
        for (qint64 i = 0; i < count * columns; ++i) {
            if (i > 0)
                line += m_style.delimiter;
            m_text->appendCell(line, i % columns, elements + i / columns * m_text->elementSize(), m_style);
        }
        if (columns < m_text->columnCount() && count > 0)
            line += " ... " + Wording::counted(m_text->columnCount() - columns, u"more value"_s).toLatin1();
    }

    /// Prints a line for each new element of a stream. Between portions the event loop runs: an interruption ends them.
    void followStream()
    {
        const qint64 most = std::clamp<qint64>(MostBytes / m_text->elementSize(), 1, ElementsAtOnce);
        SharedRevision revision;
        QByteArray elements;
        if (!guarded([&] { elements = m_reader.readNew(most, &revision); }))
            return QCoreApplication::exit(int(ExitCode::Failed));
        sayLost(std::exchange(m_lost, m_reader.lost()), m_reader.lost());
        const qint64 count = elements.size() / m_text->elementSize();
        const qint64 now = QDateTime::currentMSecsSinceEpoch() * 1'000'000;
        const qint64 appended = revision.timestamp > 0 ? revision.timestamp : now;
        const auto *const bytes = reinterpret_cast<const std::byte *>(elements.constData());
        const auto at = [&](qint64 i) { return bytes + i * m_text->elementSize(); };
        if (count > 0)
            m_times.of(revision.number - 1, at(count - 1), appended);
        for (qint64 i = 0; i < count && !m_isDone; ++i) {
            const quint64 number = revision.number - quint64(count - i);
            QByteArray line = beginning(m_times.of(number, at(i), appended), number);
            appendValues(line, at(i), 1, std::min(m_text->columnCount(), ValuesInALine));
            print(Wording::shownUtf8(line, Wording::Where::Pipe));
        }
        m_unread = m_reader.available();
        if (m_unread > 0 && !m_isDone)
            m_portion.start();
    }

    /// Prints what an owner has left, before the next instance comes. An interruption waits for that, but not for long: what
    /// remains then is printed in portions again, until the next instance comes.
    void finishStream()
    {
        QElapsedTimer time;
        time.start();
        do {
            followStream();
        } while (m_unread > 0 && !m_isDone && time.elapsed() < MostToFinish);
    }

    void sayLost(quint64 before, quint64 now)
    {
        if (now > before)
            say(Wording::counted(qint64(now - before), u"element"_s)
                + (now == before + 1 ? u" was lost"_s : u" were lost"_s));
    }

    void draw()
    {
        const sharedsegment::os::TerminalSize size = sharedsegment::os::terminalSize();
        // A column takes at least one character and one space.
        const qint64 columns = std::min<qint64>(m_text->columnCount(), size.columns / 2 + 1);
        const qint64 fitting = std::clamp<qint64>(MostBytes / m_text->elementSize(), 1, std::max(size.rows - 4, 1));
        const qint64 most = std::min(m_segment.capacity(), fitting);
        SharedRevision revision;
        if (!read(most, columns, &revision))
            return;
        const qint64 shown = std::min(most, revision.count);
        QList<QStringList> rows{QStringList(u"#"_s)};
        for (qint64 column = 0; column < columns; ++column)
            rows[0].append(QString::fromUtf8(m_text->columnName(column)));
        for (qint64 i = 0; i < shown; ++i) {
            rows.append(QStringList(QString::number(i)));
            for (qint64 column = 0; column < columns; ++column)
                rows.last().append(QString::fromUtf8(m_text->cell(column, element(i), m_style)));
        }
        QByteArray picture = "\x1b[H\x1b[J"; // Home, and clear from there on.
        const bool isMirror = m_segment.source() != SharedSegment::Source::Here;
        picture += u"%1  revision %2  %3%4\n\n"_s.arg(Output::shown(m_segment.name()))
                       .arg(revision.number)
                       .arg(Description::nameOf(m_segment.state()),
                            isMirror ? u"  "_s + Output::shown(Description::hostText(m_segment)) : QString())
                       .toUtf8();
        for (const QByteArray &line : table(rows).split('\n'))
            picture += QString::fromUtf8(line).left(size.columns).toUtf8() + '\n';
        picture.chop(2);
        print(picture);
    }

    /// Reads only what is shown: `elements` elements, or the first `columns` columns of a single one.
    bool read(qint64 elements, qint64 columns, SharedRevision *revision)
    {
        const qint64 size = elements == 1 ? m_text->endOf(columns - 1) : elements * qint64(m_text->elementSize());
        bool isRead = false;
        const bool isThere = guarded([&] {
            m_bytes.resize(size);
            const std::span<char> chars(m_bytes.data(), static_cast<std::size_t>(m_bytes.size()));
            isRead = m_segment.read(std::as_writable_bytes(chars), 0, revision).has_value();
        });
        if (!isThere)
            QCoreApplication::exit(int(ExitCode::Failed));
        return isRead;
    }

    void rate()
    {
        const quint64 revision = m_segment.revision();
        const double seconds = double(m_sinceRate.nsecsElapsed()) / 1e9;
        m_sinceRate.start();
        // A new instance counts from 0.
        const quint64 count = revision >= m_lastRevision ? revision - m_lastRevision : revision;
        m_lastRevision = revision;
        const double rate = double(count) / seconds;
        const double size = isStream() ? double(m_text->elementSize()) : double(m_segment.size());
        print(u"%1 %2/s  %3/s"_s.arg(rate, 0, 'f', 1)
                  .arg(isStream() ? u"elements"_s : u"publications"_s, ReadableText::bytes(rate * size))
                  .toUtf8());
    }

    const std::byte *element(qint64 index) const
    {
        return reinterpret_cast<const std::byte *>(m_bytes.constData()) + index * m_text->elementSize();
    }

    void print(const QByteArray &line)
    {
        if (!m_output.line(line) || (m_left > 0 && --m_left == 0))
            end();
    }

    void end()
    {
        m_isDone = true;
        QCoreApplication::quit();
    }

    SharedSegment m_segment;
    SharedStreamReader m_reader;
    ElementTimes m_times;
    quint64 m_lost = 0;   ///< elements of the stream, as printed
    quint64 m_unread = 0; ///< elements of the stream that are neither printed nor lost yet
    QTimer m_portion;
    bool m_hasStarted = false;
    bool m_isHostLost = false;
    bool m_isDone = false;
    std::unique_ptr<ElementText> m_text;
    CsvStyle m_style;
    QByteArray m_bytes;
    Output m_output;
    QTimer m_redraw;
    QTimer m_rates;
    QElapsedTimer m_sinceRate;
    quint64 m_lastRevision = 0;
    bool m_showsTable;
    bool m_showsRates = false;
    qint64 m_left;
};

} // namespace

ExitCode runWatch(const QStringList &argumentList)
{
    Arguments arguments(
        "watch",
        u"Print a line for each revision seen: time, number and the first values. Revisions that come faster than they can be "
        "shown are skipped, but never the last one. In a terminal, show a live table. Of a stream, print a line for each "
        "element, and say how many were lost. Of a mirror, say when its host is lost and reached again. Waits for a missing "
        "segment and continues after a restart of its owner. Runs until interrupted."_s,
        {"NAME"});
    arguments.addFlag(u"rate"_s,
                      u"Print publications (of a stream: elements) and bytes per second instead, once a second."_s);
    arguments.addFlag(u"lines"_s, u"Print lines, also in a terminal."_s);
    arguments.addOption(u"count"_s, u"Exit after N lines or tables."_s, u"N"_s, u"0"_s);
    if (const auto code = arguments.parse(argumentList))
        return *code;
    const auto count = arguments.number(u"count"_s, 0, std::numeric_limits<qint64>::max());
    if (!count)
        return ExitCode::Usage;

    const bool isLines = arguments.has(u"lines"_s) || arguments.has(u"rate"_s);
    const bool isTable = !isLines && Output::isTerminal();
    Interruption interruption;
    Watcher watcher(arguments.positional(0), isTable, *count);
    if (arguments.has(u"rate"_s))
        watcher.showRates();
    // Start from the event loop: a quit() before it runs would be lost.
    QTimer::singleShot(0, QCoreApplication::instance(), [&] {
        if (!watcher.start())
            QCoreApplication::exit(int(fail(watcher.errorString())));
    });
    return ExitCode(interruption.run());
}
