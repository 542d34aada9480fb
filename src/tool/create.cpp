// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "command.h"
#include "creation.h"
#include "interruption.h"
#include "output.h"
#include "wording.h"

#include <algorithm>

using namespace Qt::StringLiterals;

ExitCode runCreate(const QStringList &arguments)
{
    Arguments asked(
        "create",
        u"Creates a zero-filled segment and owns it until it is interrupted: a segment lives as long as its owner."_s,
        {"NAME"});
    Creation::addOptions(asked);
    if (const auto code = asked.parse(arguments))
        return *code;

    Interruption interruption;
    SharedSegment segment(asked.positional(0));
    const auto layout = Creation::layout(asked);
    const auto length = layout ? Creation::length(asked) : std::nullopt;
    if (!length)
        return ExitCode::Usage;
    if (const auto code = Creation::create(asked, *layout, std::max<qint64>(*length, 1), &segment))
        return *code;
    Output().line(u"%1 is there: %2, %3"_s
                      .arg(Output::shown(segment.name()), Output::shown(segment.layoutText()),
                           Wording::counted(segment.length(), u"element"_s))
                      .toUtf8());
    return ExitCode(interruption.run());
}
