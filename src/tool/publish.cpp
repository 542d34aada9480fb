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

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <memory>
#include <optional>
#include <span>

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t InputSize = 1 << 16;

/// Reads input, makes revisions and publishes them, or appends elements to a stream; creates the segment with the first one.
class Publisher
{
public:
    Publisher(const Arguments &arguments, const SharedLayout &layout, RevisionParser::Format format,
              const CsvStyle &style)
        : m_arguments(arguments)
        , m_layout(layout)
        , m_segment(arguments.positional(0))
        , m_parser(layout, format, style)
    {
        if (arguments.has(u"comment"_s))
            m_parser.setComment(arguments.value(u"comment"_s).toUtf8());
    }

    void setCount(qint64 count) { m_parser.setCount(count); }
    void setVariable() { m_parser.setVariable(); }
    /// Appends each element to a stream of this capacity.
    void setStream(qint64 capacity)
    {
        m_streamCapacity = capacity;
        m_parser.setCount(1);
    }
    void setInterval(std::chrono::milliseconds interval) { m_interval = interval; }
    void setHolding(bool isHolding) { m_isHolding = isHolding; }

    /// Starts reading standard input, which may be a file. `from` is its name in messages.
    std::optional<ExitCode> start(const QString &from)
    {
        m_from = from;
        if (m_parser.count() > 0) {
            // Create now: the first value may come much later.
            if (const auto code = create())
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
    bool isStream() const { return m_streamCapacity > 0; }

    std::optional<ExitCode> create()
    {
        return Creation::create(m_arguments, m_layout, isStream() ? m_streamCapacity : m_parser.count(), &m_segment);
    }

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

    /// Prints the parser's notice, once.
    void sayNotice()
    {
        if (!m_hasNotice && !m_parser.notice().isEmpty()) {
            m_hasNotice = true;
            printError(m_parser.notice());
        }
    }

    /// Fails with the number of revisions published before the error.
    ExitCode failLate(const QString &text) const
    {
        if (m_published == 0)
            return fail(u"nothing was published: "_s + text);
        return fail(Wording::counted(qint64(m_published), isStream() ? u"element"_s : u"revision"_s)
                    + (m_published == 1 ? u" was published, but "_s : u" were published, but "_s) + text);
    }

    /// Publishes all complete revisions; with --interval, one at a time.
    void proceed()
    {
        if (!guarded([this] { isStream() ? appendAll() : publishAll(); }))
            end(ExitCode::Failed);
    }

    void publishAll()
    {
        while (const std::optional<QByteArray> revision = m_parser.next()) {
            if (!m_segment.isOpen()) {
                if (const auto code = create())
                    return end(*code);
            }
            if (!m_segment.publish(*revision))
                return end(fail(m_segment.errorString()));
            ++m_published;
            if (m_interval.count() > 0)
                return m_next.start(m_interval);
        }
        readOn();
    }

    /// Appends all elements that are there; with --interval, one at a time. Those that came together are appended together.
    void appendAll()
    {
        const qint64 most = m_interval.count() > 0
                              ? 1
                              : std::clamp<qint64>(qint64(InputSize) / m_parser.elementSize(), 1, m_streamCapacity);
        for (bool isThere = true; isThere;) {
            QByteArray elements;
            while (isThere && elements.size() / m_parser.elementSize() < most) {
                const std::optional<QByteArray> element = m_parser.next();
                isThere = element.has_value();
                if (element)
                    elements += *element;
            }
            if (elements.isEmpty())
                break;
            if (!m_segment.append(elements))
                return end(failLate(m_segment.errorString()));
            m_published += quint64(elements.size() / m_parser.elementSize());
            if (m_interval.count() > 0)
                return m_next.start(m_interval);
        }
        readOn();
    }

    /// After all that was there: reports an error in the input, or waits for more of it.
    void readOn()
    {
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
            return end(failLate(
                u"the last revision has %1 of %2 and was left out; give the missing ones, or another --capacity"_s
                    .arg(m_parser.leftover())
                    .arg(Wording::counted(m_parser.count(), u"element"_s))));
        }
        if (m_parser.leftoverBytes() > 0) {
            return end(failLate(
                u"the last element has %1 of %2 and was left out; give all of it"_s.arg(m_parser.leftoverBytes())
                    .arg(Wording::counted(m_parser.elementSize(), u"byte"_s))));
        }
        if (m_published == 0)
            return end(fail(u"nothing to publish; give values on standard input, or a file with --from"_s));
        if (!m_isHolding)
            end(ExitCode::Done);
    }

    static void end(ExitCode code) { QCoreApplication::exit(int(code)); }

    const Arguments &m_arguments;
    const SharedLayout m_layout;
    SharedSegment m_segment;
    RevisionParser m_parser;
    std::unique_ptr<QSocketNotifier> m_input;
    QString m_from;
    QTimer m_next;
    std::chrono::milliseconds m_interval{0};
    qint64 m_streamCapacity = 0; ///< 0: an array
    bool m_isHolding = false;
    bool m_isAtEnd = false;
    bool m_hasNotice = false;
    quint64 m_published = 0;
};

} // namespace

ExitCode runPublish(const QStringList &argumentList)
{
    Arguments arguments(
        "publish",
        u"Own a segment and publish a revision for every --capacity elements of the input. In csv each line is an element, in "
        "json each value. A JSON array holds several elements, and so may a line of csv if the layout is not a struct; the "
        "first one then sets the capacity. With --variable each line of csv and each value of json is a revision. With --stream "
        "each element is appended to a stream as it comes. A first line "
        "of csv with the fields' names selects their columns. With --from FILE the segment stays until interrupted; with standard input it stays until the input ends, unless --hold is given."_s,
        {"NAME"});
    Creation::addOptions(arguments);
    arguments.addOption(u"from"_s, u"Input file; default -, standard input."_s, u"FILE"_s, u"-"_s);
    arguments.addOption(u"format"_s,
                        u"csv (default); json: values one after another; jsonl: one value per line; raw: the bytes."_s,
                        u"FORMAT"_s, u"csv"_s);
    CsvOptions::addForReading(arguments);
    arguments.addOption(u"interval"_s, u"Pause after each revision or element of a stream, in milliseconds."_s, u"MS"_s,
                        u"0"_s);
    arguments.addFlag(u"hold"_s, u"Keep the segment until interrupted."_s);
    if (const auto code = arguments.parse(argumentList))
        return *code;
    const auto layout = Creation::layout(arguments);
    const auto capacity = layout ? Creation::capacity(arguments) : std::nullopt;
    if (!capacity)
        return ExitCode::Usage;
    const auto format = RevisionParser::formatOf(arguments.value(u"format"_s));
    if (!format)
        return arguments.usageError(
            u"--format is csv, json, jsonl or raw, not \"%1\""_s.arg(arguments.value(u"format"_s)));
    const bool isVariable = arguments.has(u"variable"_s);
    if (isVariable && *capacity == 0)
        return arguments.usageError(u"--variable needs --capacity, the most elements of a revision"_s);
    if (isVariable && *format == RevisionParser::Format::Raw)
        return arguments.usageError(
            u"--variable needs --format csv, json or jsonl: raw bytes do not say where a revision ends"_s);
    const auto style = CsvOptions::style(arguments, true);
    if (!style)
        return ExitCode::Usage;
    const auto interval = arguments.number(u"interval"_s, 0, std::numeric_limits<int>::max());
    if (!interval)
        return ExitCode::Usage;

    const QString from = arguments.value(u"from"_s);
    const bool isFile = from != u"-"_s;
    if (isFile) {
        if (const auto opened = sharedsegment::os::openAsStandardInput(QFile::encodeName(from).toStdString()); !opened)
            return fail(QString::fromStdString(opened.error().text));
    }
    Interruption interruption;
    Publisher publisher(arguments, *layout, *format, *style);
    publisher.setCount(*capacity);
    if (isVariable)
        publisher.setVariable();
    if (arguments.has(u"stream"_s))
        publisher.setStream(*capacity);
    publisher.setInterval(std::chrono::milliseconds(*interval));
    publisher.setHolding(arguments.has(u"hold"_s) || isFile);
    if (const auto code = publisher.start(isFile ? u'"' + from + u'"' : u"standard input"_s))
        return *code;
    const int code = interruption.run();
    if (code == int(ExitCode::Done))
        printError(
            Wording::counted(qint64(publisher.published()), arguments.has(u"stream"_s) ? u"element"_s : u"revision"_s)
            + u" published"_s);
    return ExitCode(code);
}
