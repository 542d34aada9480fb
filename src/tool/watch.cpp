// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "command.h"
#include "description.h"
#include "elementtext.h"
#include "interruption.h"
#include "output.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QElapsedTimer>
#include <QtCore/QTimer>

#include <algorithm>
#include <chrono>
#include <limits>
#include <memory>

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::milliseconds RedrawInterval{100};
constexpr std::chrono::milliseconds RateInterval{1000};
constexpr qint64 ElementsInALine = 8;

/// Follows one segment and says on standard output what comes.
class Watcher
{
public:
    Watcher(const QString &name, bool isTable, qint64 limit)
        : m_segment(name)
        , m_isTable(isTable)
        , m_left(limit)
    {
        QObject::connect(&m_segment, &SharedSegment::opened, &m_segment, [this] { begin(); });
        QObject::connect(&m_segment, &SharedSegment::updated, &m_segment, [this] { hear(); });
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
        // What can never be opened is not waited for.
        if (!m_segment.open() && m_segment.error() != SharedSegment::Error::NotFound)
            return false;
        m_segment.setActive(true);
        if (m_segment.state() == SharedSegment::State::Waiting)
            say(u"waiting for it"_s);
        return true;
    }
    QString errorString() const { return m_segment.errorString(); }

private:
    void say(const QString &what) { complain(m_segment.name() + u": "_s + what); }

    void begin()
    {
        m_text = std::make_unique<ElementText>(m_segment.layout());
        m_lastRevision = m_segment.revision();
        m_sinceRate.start();
        if (m_showsRates)
            m_rates.start();
        else if (!m_isTable && m_lastRevision > 0)
            hear();
        else if (m_isTable)
            draw();
    }

    void hear()
    {
        if (m_showsRates)
            return;
        if (m_isTable) {
            if (!m_redraw.isActive())
                m_redraw.start();
            return;
        }
        SharedStamp stamp;
        const QByteArray bytes = m_segment.snapshot(&stamp);
        if (bytes.isEmpty()) // The writer was in the way; it will say so when it is done.
            return;
        QStringList values;
        const qint64 shown = std::min(m_segment.length(), ElementsInALine);
        for (qint64 i = 0; i < shown; ++i)
            values += m_text->values(element(bytes, i));
        QByteArray line =
            QDateTime::fromMSecsSinceEpoch(stamp.nanoseconds / 1'000'000).toString(u"hh:mm:ss.zzz"_s).toLatin1() + ' '
            + QByteArray::number(stamp.revision) + ' ' + toCsv(values).toUtf8();
        if (shown < m_segment.length())
            line += " ... " + QByteArray::number(m_segment.length() - shown) + " more";
        print(line);
    }

    void draw()
    {
        SharedStamp stamp;
        const QByteArray bytes = m_segment.snapshot(&stamp);
        if (bytes.isEmpty())
            return;
        const sharedsegment::os::TerminalSize size = sharedsegment::os::terminalSize();
        QList<QStringList> rows{QStringList(u"#"_s) + m_text->columns()};
        const qint64 fitting = std::max(size.rows - 4, 1);
        for (qint64 i = 0; i < std::min(m_segment.length(), fitting); ++i)
            rows.append(QStringList(QString::number(i)) + m_text->values(element(bytes, i)));
        QByteArray picture = "\x1b[H\x1b[J"; // Home, and clear from there on.
        picture += u"%1  revision %2  %3\n\n"_s.arg(m_segment.name())
                       .arg(stamp.revision)
                       .arg(Description::nameOf(m_segment.state()))
                       .toUtf8();
        for (const QByteArray &line : table(rows).split('\n'))
            picture += QString::fromUtf8(line).left(size.columns).toUtf8() + '\n';
        picture.chop(2);
        print(picture);
    }

    void rate()
    {
        const quint64 revision = m_segment.revision();
        const double seconds = double(m_sinceRate.nsecsElapsed()) / 1e9;
        m_sinceRate.start();
        // Another instance begins from the start.
        const quint64 count = revision >= m_lastRevision ? revision - m_lastRevision : revision;
        m_lastRevision = revision;
        const double rate = double(count) / seconds;
        print(u"%1 publications/s  %2/s"_s.arg(rate, 0, 'f', 1).arg(inBytes(rate * double(m_segment.size()))).toUtf8());
    }

    const std::byte *element(const QByteArray &bytes, qint64 index) const
    {
        return reinterpret_cast<const std::byte *>(bytes.constData()) + index * m_segment.layout().elementSize();
    }

    void print(const QByteArray &line)
    {
        if (!m_output.line(line) || (m_left > 0 && --m_left == 0))
            QCoreApplication::quit();
    }

    SharedSegment m_segment;
    std::unique_ptr<ElementText> m_text;
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

ExitCode runWatch(const QStringList &arguments)
{
    Arguments asked(
        "watch",
        u"Writes a line for each revision that it sees: time, number, and the first values. Revisions that come faster than "
        "they can be shown are left out, but never the last one. In a terminal it is a live table. Waits for the segment if "
        "it is not there, and goes on after a restart of its owner. Ends when interrupted."_s,
        {"NAME"});
    asked.addFlag(u"rate"_s, u"Publications and bytes a second instead, once a second."_s);
    asked.addFlag(u"lines"_s, u"Lines, also in a terminal."_s);
    asked.addOption(u"count"_s, u"Ends after so many lines or pictures."_s, u"N"_s, u"0"_s);
    if (const auto code = asked.parse(arguments))
        return *code;
    const auto count = asked.number(u"count"_s, 0, std::numeric_limits<qint64>::max());
    if (!count)
        return ExitCode::Usage;

    const bool isLines = asked.has(u"lines"_s) || asked.has(u"rate"_s);
    const bool isTable = !isLines && sharedsegment::os::terminalSize().rows > 0;
    Interruption interruption;
    Watcher watcher(asked.positional(0), isTable, *count);
    if (asked.has(u"rate"_s))
        watcher.showRates();
    // From the event loop: quit() before it runs would be lost.
    QTimer::singleShot(0, QCoreApplication::instance(), [&] {
        if (!watcher.start())
            QCoreApplication::exit(int(fail(watcher.errorString())));
    });
    return ExitCode(interruption.run());
}
