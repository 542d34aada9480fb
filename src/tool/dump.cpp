// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "command.h"
#include "elementtext.h"
#include "output.h"

#include "../core/sharedsegment.h"

#include <algorithm>
#include <limits>

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype OutputSize = 1 << 16;

} // namespace

ExitCode runDump(const QStringList &arguments)
{
    Arguments asked("dump", u"Writes a segment's newest revision, whole and consistent, to standard output."_s,
                    {"NAME"});
    asked.addOption(u"format"_s, u"csv (default), with a line for each element; json, likewise; raw, the bytes."_s,
                    u"FORMAT"_s, u"csv"_s);
    asked.addOption(u"field"_s, u"Only this field; may be given more than once."_s, u"NAME"_s);
    asked.addOption(u"first"_s, u"The first element; 0 unless given."_s, u"N"_s, u"0"_s);
    asked.addOption(u"count"_s, u"How many elements; all that follow unless given."_s, u"N"_s, u"-1"_s);
    if (const auto code = asked.parse(arguments))
        return *code;
    const QString format = asked.value(u"format"_s);
    if (format != u"csv"_s && format != u"json"_s && format != u"raw"_s)
        return asked.misuse(u"--format is csv, json or raw, not \"%1\""_s.arg(format));
    constexpr qint64 Most = std::numeric_limits<qint64>::max();
    const auto first = asked.number(u"first"_s, 0, Most);
    const auto count = first ? asked.number(u"count"_s, -1, Most) : std::nullopt;
    if (!first || !count)
        return ExitCode::Usage;
    if (format == u"raw"_s && asked.has(u"field"_s))
        return asked.misuse(u"--field is for csv and json; raw has whole elements"_s);

    SharedSegment segment(asked.positional(0));
    if (!segment.open())
        return fail(segment.errorString());
    const ElementText text(segment.layout(), asked.values(u"field"_s));
    if (!text.unknown().isEmpty())
        return fail(u"\"%1\" has no field \"%2\"; it is %3"_s.arg(segment.name(), text.unknown().first(),
                                                                  segment.layoutText()));
    const QByteArray bytes = segment.snapshot();
    if (bytes.isEmpty())
        return fail(segment.errorString());

    const qint64 begin = std::min(*first, segment.length());
    const qint64 rest = segment.length() - begin;
    const qint64 end = begin + (*count < 0 ? rest : std::min(*count, rest));
    const qsizetype elementSize = segment.layout().elementSize();
    Output output;
    if (format == u"raw"_s) {
        output.write(bytes.mid(begin * elementSize, (end - begin) * elementSize));
        return ExitCode::Done;
    }
    QByteArray block = format == u"csv"_s ? text.csvHeader() + '\n' : QByteArray();
    for (qint64 i = begin; i < end && !output.isGone(); ++i) {
        const auto *const element = reinterpret_cast<const std::byte *>(bytes.constData()) + i * elementSize;
        block += (format == u"csv"_s ? text.csv(element) : text.json(element)) + '\n';
        if (block.size() >= OutputSize) {
            output.write(block);
            block.clear();
        }
    }
    output.write(block);
    return ExitCode::Done;
}
