// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "creation.h"

#include "description.h"

#include <limits>

using namespace Qt::StringLiterals;

namespace Creation {

void addOptions(Arguments &asked)
{
    asked.addOption(u"layout"_s, u"The layout: f64, f32[3], char[20], Point{x:f64;y:f64}, ... Needed."_s, u"LAYOUT"_s);
    asked.addOption(u"length"_s, u"The number of elements; 1 unless given."_s, u"N"_s);
    asked.addOption(u"frames"_s, u"The number of frames, 1 to 16; 0, the default, chooses."_s, u"N"_s, u"0"_s);
    asked.addOption(u"backend"_s, u"automatic (default), memfd or posix."_s, u"BACKEND"_s, u"automatic"_s);
    asked.addFlag(u"shared-writing"_s, u"Lets others write to it too."_s);
}

std::optional<SharedLayout> layout(const Arguments &asked)
{
    QString why;
    const SharedLayout layout = SharedLayout::parse(asked.value(u"layout"_s), &why);
    if (layout.isValid())
        return layout;
    asked.misuse(asked.has(u"layout"_s) ? u"--layout: "_s + why : u"--layout is missing"_s);
    return std::nullopt;
}

std::optional<qint64> length(const Arguments &asked)
{
    return asked.has(u"length"_s) ? asked.number(u"length"_s, 1, std::numeric_limits<qint64>::max()) : 0;
}

std::optional<ExitCode> create(const Arguments &asked, const SharedLayout &layout, qint64 length,
                               SharedSegment *segment)
{
    const auto frames = asked.number(u"frames"_s, 0, 16);
    if (!frames)
        return ExitCode::Usage;
    const auto backend = Description::backendOf(asked.value(u"backend"_s));
    if (!backend)
        return asked.misuse(u"--backend is automatic, memfd or posix, not \"%1\""_s.arg(asked.value(u"backend"_s)));
    segment->setFrames(int(*frames));
    segment->setBackend(*backend);
    segment->setSharedWriting(asked.has(u"shared-writing"_s));
    if (!segment->create(layout, length))
        return fail(segment->errorString());
    return std::nullopt;
}

} // namespace Creation
