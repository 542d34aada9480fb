// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "command.h"
#include "csvoptions.h"
#include "elementtext.h"
#include "output.h"
#include "revisionparser.h"

#include "../core/readabletext.h"
#include "../core/sharedsegment.h"
#include "../core/sharedstreamreader.h"
#include "../os/system.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <new>
#include <span>

using namespace Qt::StringLiterals;
using Format = RevisionParser::Format;

namespace {

void writeElements(const ElementText &text, Format format, const CsvStyle &style, std::span<const std::byte> elements,
                   Output &output)
{
    OutputBlock block(output);
    if (format == Format::Csv)
        text.csvHeader(block, style);
    else if (format == Format::Json)
        block.bytes() += '[';
    const std::byte *element = elements.data();
    const std::byte *const end = element + elements.size();
    for (; element != end && block.settle(); element += text.elementSize()) {
        if (format == Format::Csv) {
            text.csv(element, block, style);
            continue;
        }
        if (format == Format::Json)
            block.bytes() += element == elements.data() ? "\n" : ",\n";
        text.json(element, block);
        if (format == Format::JsonLines)
            block.bytes() += '\n';
    }
    if (format == Format::Json)
        block.bytes() += elements.empty() ? "]\n" : "\n]\n";
    block.flush();
}

/// The part of a revision or stream that is requested.
struct Range
{
    qint64 first = 0;
    qint64 count = -1; ///< -1: all that follow
    qint64 last = -1;  ///< at least 0: this number of the last elements, in place of the others
};

/// Reads a part of the newest revision. @returns nothing on failure; the error was printed.
std::optional<std::span<std::byte>> readArray(const SharedSegment &segment, const Range &range,
                                              std::unique_ptr<std::byte[]> &bytes)
{
    const qsizetype elementSize = segment.layout().elementSize();
    SharedRevision revision;
    std::span<std::byte> all;
    if (!segment.read({}, 0, &revision)) {
        printError(segment.errorString());
        return std::nullopt;
    }
    // A later revision of a variable array may have more elements. Then it is read again, with space for them.
    for (qint64 there = -1; there < revision.count;) {
        there = revision.count;
        const qint64 begin = std::min(range.first, there);
        const qint64 elements = range.count < 0 ? there - begin : std::min(range.count, there - begin);
        const quint64 wanted = quint64(elements) * quint64(elementSize);
        // The kernel may promise more memory than it has. Using it would then end this program or another one.
        const quint64 available = sharedsegment::os::availableMemory(wanted);
        bytes.reset(wanted <= available ? new (std::nothrow) std::byte[wanted] : nullptr);
        if (!bytes) {
            printError(u"there is no memory for the %1 of \"%2\"; use --first and --count to get a part"_s.arg(
                ReadableText::bytes(double(wanted)), segment.name()));
            return std::nullopt;
        }
        all = {bytes.get(), std::size_t(wanted)};
        if (!all.empty() && !segment.read(all, begin * elementSize, &revision)) {
            printError(segment.errorString());
            return std::nullopt;
        }
        const qint64 left = std::clamp<qint64>(revision.count - begin, 0, elements);
        all = all.first(std::size_t(left) * std::size_t(elementSize));
    }
    if (range.last < 0)
        return all;
    const qint64 there = qint64(all.size()) / elementSize;
    return all.last(std::size_t(std::min(range.last, there)) * std::size_t(elementSize));
}

/// Reads elements of a stream; the first one is the oldest one that it keeps.
std::optional<QByteArray> readStream(SharedSegment &segment, const Range &range)
{
    SharedStreamReader reader(&segment);
    const quint64 newest = reader.position();
    if (range.last < 0)
        reader.seek(SharedStreamReader::Oldest);
    else
        reader.seek(newest - std::min(quint64(range.last), newest));
    const auto there = qint64(reader.available());
    const qint64 begin = range.last < 0 ? std::min(range.first, there) : 0;
    const qint64 size = range.last < 0 && range.count >= 0 ? std::min(range.count, there - begin) : there - begin;
    const QByteArray elements = reader.readNew(begin + size);
    if (elements.isEmpty() && segment.error() != SharedSegment::Error::NoError) {
        printError(segment.errorString());
        return std::nullopt;
    }
    return elements.sliced(std::min(begin * segment.layout().elementSize(), elements.size()));
}

} // namespace

ExitCode runDump(const QStringList &argumentList)
{
    Arguments arguments(
        "dump", u"Print a segment's newest revision, whole and consistent, or the elements that a stream keeps."_s,
        {"NAME"});
    arguments.addOption(
        u"format"_s,
        u"csv (default): a line for each element; json: an array of all elements; jsonl: a line of JSON for each "
        "element; raw: the bytes."_s,
        u"FORMAT"_s, u"csv"_s);
    arguments.addOption(u"field"_s, u"Print only this field; repeatable."_s, u"NAME"_s);
    arguments.addOption(u"first"_s,
                        u"Index of the first element; default 0. Of a stream, 0 is the oldest one that it keeps."_s,
                        u"N"_s, u"0"_s);
    arguments.addOption(u"count"_s, u"Number of elements; default all that follow."_s, u"N"_s, u"-1"_s);
    arguments.addOption(u"last"_s, u"Print the last N elements instead."_s, u"N"_s);
    CsvOptions::add(arguments);
    if (const auto code = arguments.parse(argumentList))
        return *code;
    const auto format = RevisionParser::formatOf(arguments.value(u"format"_s));
    if (!format)
        return arguments.usageError(
            u"--format is csv, json, jsonl or raw, not \"%1\""_s.arg(arguments.value(u"format"_s)));
    constexpr qint64 Most = std::numeric_limits<qint64>::max();
    const auto first = arguments.number(u"first"_s, 0, Most);
    const auto count = first ? arguments.number(u"count"_s, -1, Most) : std::nullopt;
    std::optional<qint64> last;
    if (arguments.has(u"last"_s)) {
        if (arguments.has(u"first"_s) || arguments.has(u"count"_s))
            return arguments.usageError(u"--last excludes --first and --count"_s);
        last = arguments.number(u"last"_s, 0, Most);
        if (!last)
            return ExitCode::Usage;
    }
    auto style = count ? CsvOptions::style(arguments, false) : std::nullopt;
    if (!style)
        return ExitCode::Usage;
    if (*format == Format::Raw && arguments.has(u"field"_s))
        return arguments.usageError(u"--field is for csv and json; raw has whole elements"_s);
    if (*format == Format::Raw && Output::isTerminal())
        return arguments.usageError(u"raw bytes are not for a terminal; write them to a file or a pipe"_s);
    style->isForTerminal = Output::isTerminal();

    SharedSegment segment(arguments.positional(0));
    if (!segment.open())
        return fail(segment.errorString());
    const ElementText text(segment.layout(), arguments.values(u"field"_s));
    if (!text.unknown().isEmpty())
        return fail(u"\"%1\" has no field \"%2\"; use one of its layout, %3"_s.arg(
            segment.name(), text.unknown().first(), segment.layoutText()));
    const Range range{*first, *count, last.value_or(-1)};
    std::unique_ptr<std::byte[]> bytes;
    std::optional<QByteArray> elements;
    std::optional<std::span<const std::byte>> all;
    if (segment.kind() != SharedSegment::Kind::Stream)
        all = readArray(segment, range, bytes);
    else if ((elements = readStream(segment, range)))
        all = std::as_bytes(std::span(elements->constData(), std::size_t(elements->size())));
    if (!all)
        return ExitCode::Failed;
    Output output;
    if (*format == Format::Raw)
        output.write(QByteArrayView(reinterpret_cast<const char *>(all->data()), qsizetype(all->size())));
    else
        writeElements(text, *format, *style, *all, output);
    return ExitCode::Done;
}
