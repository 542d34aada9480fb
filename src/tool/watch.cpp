// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "command.h"
#include "description.h"
#include "elementtext.h"
#include "interruption.h"
#include "output.h"
#include "wording.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QElapsedTimer>
#include <QtCore/QTimer>

#include <algorithm>
#include <chrono>
#include <limits>
#include <memory>
#include <span>

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::milliseconds RedrawInterval{100};
constexpr std::chrono::milliseconds RateInterval{1000};
constexpr qint64 ElementsInALine = 8;
constexpr qint64 ValuesInALine = 64;
constexpr qint64 MostBytes = 16 << 20;

/// Follows one segment and prints its revisions.
class Watcher
{
public:
    Watcher(const QString &name, bool isTable, qint64 limit)
        : m_segment(name)
        , m_isTable(isTable)
        , m_left(limit)
    {
        m_style.isForTerminal = Output::isTerminal();
        QObject::connect(&m_segment, &SharedSegment::opened, &m_segment, [this] { begin(); });
        QObject::connect(&m_segment, &SharedSegment::updated, &m_segment, [this] { handleUpdate(); });
        QObject::connect(&m_segment, &SharedSegment::orphaned, &m_segment, [this] {
            if (m_isTable)
                draw();
            say(u"its owner is gone"_s);
        });
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
        m_segment.setActive(true);
        if (m_segment.state() == SharedSegment::State::Waiting)
            say(u"waiting for it"_s);
        return true;
    }
    QString errorString() const { return m_segment.errorString(); }

private:
    void say(const QString &what) { printError(m_segment.name() + u": "_s + what); }

    void begin()
    {
        m_text = std::make_unique<ElementText>(m_segment.layout());
        m_lastRevision = m_segment.revision();
        m_sinceRate.start();
        if (m_showsRates)
            m_rates.start();
        else if (!m_isTable && m_lastRevision > 0)
            handleUpdate();
        else if (m_isTable)
            draw();
    }

    void handleUpdate()
    {
        if (m_showsRates)
            return;
        if (m_isTable) {
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
        QByteArray line =
            QDateTime::fromMSecsSinceEpoch(revision.timestamp / 1'000'000).toString(u"hh:mm:ss.zzz"_s).toLatin1() + ' '
            + QByteArray::number(revision.number) + ' ';
        for (qint64 i = 0; i < shown * columns; ++i) {
            if (i > 0)
                line += m_style.delimiter;
            m_text->appendCell(line, i % columns, element(i / columns), m_style);
        }
        if (!isWhole && shown > 0)
            line += " ... " + Wording::counted(m_text->columnCount() - columns, u"more value"_s).toLatin1();
        if (shown < revision.count)
            line += " ... " + QByteArray::number(revision.count - shown) + " more";
        print(Wording::shownUtf8(line, Wording::Where::Pipe));
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
        picture += u"%1  revision %2  %3\n\n"_s.arg(Output::shown(m_segment.name()))
                       .arg(revision.number)
                       .arg(Description::nameOf(m_segment.state()))
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
        print(u"%1 publications/s  %2/s"_s.arg(rate, 0, 'f', 1).arg(inBytes(rate * double(m_segment.size()))).toUtf8());
    }

    const std::byte *element(qint64 index) const
    {
        return reinterpret_cast<const std::byte *>(m_bytes.constData()) + index * m_text->elementSize();
    }

    void print(const QByteArray &line)
    {
        if (!m_output.line(line) || (m_left > 0 && --m_left == 0))
            QCoreApplication::quit();
    }

    SharedSegment m_segment;
    std::unique_ptr<ElementText> m_text;
    CsvStyle m_style;
    QByteArray m_bytes;
    Output m_output;
    QTimer m_redraw;
    QTimer m_rates;
    QElapsedTimer m_sinceRate;
    quint64 m_lastRevision = 0;
    bool m_isTable;
    bool m_showsRates = false;
    qint64 m_left;
};

} // namespace

ExitCode runWatch(const QStringList &argumentList)
{
    Arguments arguments(
        "watch",
        u"Print a line for each revision seen: time, number and the first values. Revisions that come faster than they can be "
        "shown are skipped, but never the last one. In a terminal, show a live table. Waits for a missing segment and "
        "continues after a restart of its owner. Runs until interrupted."_s,
        {"NAME"});
    arguments.addFlag(u"rate"_s, u"Print publications and bytes per second instead, once a second."_s);
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
