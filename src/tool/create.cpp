// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "command.h"
#include "creation.h"
#include "interruption.h"
#include "output.h"
#include "wording.h"

#include <algorithm>

using namespace Qt::StringLiterals;

ExitCode runCreate(const QStringList &argumentList)
{
    Arguments arguments(
        "create",
        u"Create a zero-filled segment, or a stream without elements, and own it until interrupted. A segment lives as long as its owner."_s,
        {"NAME"});
    Creation::addOptions(arguments);
    if (const auto code = arguments.parse(argumentList))
        return *code;

    Interruption interruption;
    SharedSegment segment(arguments.positional(0));
    const auto layout = Creation::layout(arguments);
    const auto capacity = layout ? Creation::capacity(arguments) : std::nullopt;
    if (!capacity)
        return ExitCode::Usage;
    if (const auto code = Creation::create(arguments, *layout, std::max<qint64>(*capacity, 1), &segment))
        return *code;
    Output().line(u"created %1: %2, %3"_s
                      .arg(Output::shown(segment.name()), Output::shown(segment.layoutText()),
                           (arguments.has(u"stream"_s)     ? u"the newest "_s
                            : arguments.has(u"variable"_s) ? u"at most "_s
                                                           : QString())
                               + Wording::counted(segment.capacity(), u"element"_s))
                      .toUtf8());
    return ExitCode(interruption.run());
}
