// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "creation.h"

#include "description.h"
#include "metadataoptions.h"

#include <limits>

using namespace Qt::StringLiterals;

namespace Creation {

namespace {

/// How many of its newest elements a stream keeps.
constexpr qint64 DefaultStreamCapacity = 1024;

} // namespace

void addOptions(Arguments &arguments)
{
    arguments.addOption(u"layout"_s, u"The layout: f64, f32[3], char[20], Point{x:f64;y:f64}, ... Required."_s,
                        u"LAYOUT"_s);
    // Version 0.1 had the second name, which scripts may use.
    arguments.addOption(
        {u"capacity"_s, u"length"_s},
        u"The most elements of a revision, default 1; of a stream: how many of its newest elements it keeps, default 1024."_s,
        u"N"_s);
    arguments.addFlag(u"variable"_s, u"Let each revision have its own number of elements, 0 to --capacity."_s);
    arguments.addFlag(u"stream"_s, u"Make a stream: readers get each element, not the newest revision only."_s);
    MetadataOptions::add(arguments);
    arguments.addOption(u"buffers"_s, u"Number of buffers, 1 to 16; default 0: chosen automatically."_s, u"N"_s,
                        u"0"_s);
    arguments.addOption(u"backend"_s, u"Kind of memory: automatic (default), memfd or posix."_s, u"BACKEND"_s,
                        u"automatic"_s);
    arguments.addFlag(u"multiple-writers"_s, u"Allow other processes to write."_s);
}

std::optional<SharedLayout> layout(const Arguments &arguments)
{
    QString why;
    const SharedLayout layout = SharedLayout::parse(arguments.value(u"layout"_s), &why);
    if (layout.isValid())
        return layout;
    arguments.usageError(arguments.has(u"layout"_s) ? u"--layout: "_s + why : u"--layout is missing"_s);
    return std::nullopt;
}

std::optional<qint64> capacity(const Arguments &arguments)
{
    if (arguments.has(u"stream"_s) && arguments.has(u"variable"_s)) {
        arguments.usageError(u"--stream and --variable exclude each other; a stream has single elements"_s);
        return std::nullopt;
    }
    if (arguments.has(u"capacity"_s))
        return arguments.number(u"capacity"_s, 1, std::numeric_limits<qint64>::max());
    return arguments.has(u"stream"_s) ? DefaultStreamCapacity : 0;
}

std::optional<ExitCode> create(const Arguments &arguments, const SharedLayout &layout, qint64 capacity,
                               SharedSegment *segment)
{
    const auto bufferCount = arguments.number(u"buffers"_s, 0, 16);
    if (!bufferCount)
        return ExitCode::Usage;
    const auto backend = Description::backendOf(arguments.value(u"backend"_s));
    if (!backend)
        return arguments.usageError(
            u"--backend is automatic, memfd or posix, not \"%1\""_s.arg(arguments.value(u"backend"_s)));
    QVariantMap metadata;
    if (const auto code = MetadataOptions::read(arguments, layout, &metadata))
        return code;
    segment->setMetadata(metadata);
    segment->setKind(arguments.has(u"stream"_s)     ? SharedSegment::Kind::Stream
                     : arguments.has(u"variable"_s) ? SharedSegment::Kind::VariableArray
                                                    : SharedSegment::Kind::FixedArray);
    segment->setBufferCount(int(*bufferCount));
    segment->setBackend(*backend);
    segment->setMultipleWriters(arguments.has(u"multiple-writers"_s));
    if (!segment->create(layout, capacity))
        return fail(segment->errorString());
    return std::nullopt;
}

} // namespace Creation
