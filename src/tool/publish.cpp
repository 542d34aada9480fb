// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "command.h"
#include "creation.h"
#include "csvoptions.h"
#include "interruption.h"
#include "output.h"
#include "revisionparser.h"
#include "wording.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>
#include <QtCore/QSocketNotifier>
#include <QtCore/QTimer>

#include <array>
#include <chrono>
#include <limits>
#include <memory>
#include <optional>
#include <span>

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t InputSize = 1 << 16;

/// Reads, makes revisions and publishes them; creates the segment with the first one.
class Publisher
{
public:
    Publisher(const Arguments &asked, const SharedLayout &layout, RevisionParser::Format format, const CsvStyle &style)
        : m_asked(asked)
        , m_layout(layout)
        , m_segment(asked.positional(0))
        , m_parser(layout, format, style)
    {
        if (asked.has(u"comment"_s))
            m_parser.setComment(asked.value(u"comment"_s).toUtf8());
    }

    void setLength(qint64 length) { m_parser.setLength(length); }
    void setInterval(std::chrono::milliseconds interval) { m_interval = interval; }
    void setHolding(bool isHolding) { m_isHolding = isHolding; }

    /// From standard input, in whose place a file may be: `from` is what people call it.
    std::optional<ExitCode> start(const QString &from)
    {
        m_from = from;
        if (m_parser.length() > 0) {
            // There before the first value comes, which may take a while.
            if (const auto code = Creation::create(m_asked, m_layout, m_parser.length(), &m_segment))
                return code;
        }
        QObject::connect(&m_next, &QTimer::timeout, &m_segment, [this] { proceed(); });
        m_next.setSingleShot(true);
        m_input = std::make_unique<QSocketNotifier>(qintptr(sharedsegment::os::standardInput()), QSocketNotifier::Read);
        QObject::connect(m_input.get(), &QSocketNotifier::activated, &m_segment, [this] {
            m_input->setEnabled(false);
            read();
        });
        return std::nullopt;
    }

    quint64 published() const { return m_published; }

private:
    void read()
    {
        std::array<std::byte, InputSize> bytes;
        const std::ptrdiff_t count = sharedsegment::os::readStandardInput(bytes);
        if (count < 0)
            return end(failLate(u"reading %1 failed: %2; give what follows again"_s.arg(m_from, qt_error_string())));
        if (count == 0) {
            m_isAtEnd = true;
            m_parser.finish();
        }
        m_parser.feed(QByteArrayView(reinterpret_cast<const char *>(bytes.data()), qsizetype(count)));
        proceed();
    }

    /// Says it once.
    void sayNotice()
    {
        if (!m_hasNotice && !m_parser.notice().isEmpty()) {
            m_hasNotice = true;
            complain(m_parser.notice());
        }
    }

    /// Says first how much came before that.
    ExitCode failLate(const QString &text) const
    {
        if (m_published == 0)
            return fail(u"nothing was published: "_s + text);
        return fail(Wording::counted(qint64(m_published), u"revision"_s)
                    + (m_published == 1 ? u" was published, but "_s : u" were published, but "_s) + text);
    }

    /// Publishes what there is; one revision at a time where there is to be a pause after each.
    void proceed()
    {
        if (!guarded([this] { publishAll(); }))
            end(ExitCode::Failed);
    }

    void publishAll()
    {
        while (const std::optional<QByteArray> revision = m_parser.next()) {
            if (!m_segment.isOpen()) {
                if (const auto code = Creation::create(m_asked, m_layout, m_parser.length(), &m_segment))
                    return end(*code);
            }
            if (!m_segment.publish(*revision))
                return end(fail(m_segment.errorString()));
            ++m_published;
            if (m_interval.count() > 0)
                return m_next.start(m_interval);
        }
        sayNotice();
        if (!m_parser.errorString().isEmpty())
            return end(failLate(m_parser.errorString()));
        if (m_isAtEnd)
            return finish();
        m_input->setEnabled(true);
    }

    void finish()
    {
        if (m_parser.leftover() > 0) {
            return end(failLate(u"the last revision has %1 of %2 and was left out; give the rest, or another --length"_s
                                    .arg(m_parser.leftover())
                                    .arg(Wording::counted(m_parser.length(), u"element"_s))));
        }
        if (m_parser.leftoverBytes() > 0) {
            return end(failLate(
                u"the last element has %1 of %2 and was left out; give all of it"_s.arg(m_parser.leftoverBytes())
                    .arg(Wording::counted(m_parser.elementSize(), u"byte"_s))));
        }
        if (m_published == 0)
            return end(fail(u"there was nothing to publish; give values on standard input, or a file by --from"_s));
        if (!m_isHolding)
            end(ExitCode::Done);
    }

    static void end(ExitCode code) { QCoreApplication::exit(int(code)); }

    const Arguments &m_asked;
    const SharedLayout m_layout;
    SharedSegment m_segment;
    RevisionParser m_parser;
    std::unique_ptr<QSocketNotifier> m_input;
    QString m_from;
    QTimer m_next;
    std::chrono::milliseconds m_interval{0};
    bool m_isHolding = false;
    bool m_isAtEnd = false;
    bool m_hasNotice = false;
    quint64 m_published = 0;
};

} // namespace

ExitCode runPublish(const QStringList &arguments)
{
    Arguments asked(
        "publish",
        u"Owns a segment and publishes a revision for every --length elements that come. In csv each line is an element, in "
        "json each value; a JSON array holds several, and so may a line of csv where the layout is no struct: the first one "
        "then says the length. A first line of csv with the fields' names picks their columns. What comes from a file stays "
        "until it is interrupted; what comes from standard input stays until its end, unless --hold."_s,
        {"NAME"});
    Creation::addOptions(asked);
    asked.addOption(u"from"_s, u"What to read; - is standard input, the default."_s, u"FILE"_s, u"-"_s);
    asked.addOption(u"format"_s,
                    u"csv (default); json, values one behind another; jsonl, one a line; raw, the bytes."_s,
                    u"FORMAT"_s, u"csv"_s);
    CsvOptions::addForReading(asked);
    asked.addOption(u"interval"_s, u"A pause after each revision, in milliseconds."_s, u"MS"_s, u"0"_s);
    asked.addFlag(u"hold"_s, u"Stays until it is interrupted."_s);
    if (const auto code = asked.parse(arguments))
        return *code;
    const auto layout = Creation::layout(asked);
    const auto length = layout ? Creation::length(asked) : std::nullopt;
    if (!length)
        return ExitCode::Usage;
    const auto format = RevisionParser::formatOf(asked.value(u"format"_s));
    if (!format)
        return asked.misuse(u"--format is csv, json, jsonl or raw, not \"%1\""_s.arg(asked.value(u"format"_s)));
    const auto style = CsvOptions::style(asked, true);
    if (!style)
        return ExitCode::Usage;
    const auto interval = asked.number(u"interval"_s, 0, std::numeric_limits<int>::max());
    if (!interval)
        return ExitCode::Usage;

    const QString from = asked.value(u"from"_s);
    const bool isFile = from != u"-"_s;
    if (isFile) {
        if (const auto opened = sharedsegment::os::openAsStandardInput(QFile::encodeName(from).toStdString()); !opened)
            return fail(QString::fromStdString(opened.error().text));
    }
    Interruption interruption;
    Publisher publisher(asked, *layout, *format, *style);
    publisher.setLength(*length);
    publisher.setInterval(std::chrono::milliseconds(*interval));
    publisher.setHolding(asked.has(u"hold"_s) || isFile);
    if (const auto code = publisher.start(isFile ? u'"' + from + u'"' : u"standard input"_s))
        return *code;
    const int code = interruption.run();
    if (code == int(ExitCode::Done))
        complain(Wording::counted(qint64(publisher.published()), u"revision"_s) + u" published"_s);
    return ExitCode(code);
}
