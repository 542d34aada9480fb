// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "command.h"
#include "output.h"
#include "wording.h"

#include "../core/segmentnames.h"
#include "../core/sharedsegment.h"

#include <QtCore/QDir>

using namespace Qt::StringLiterals;

ExitCode runSweep(const QStringList &argumentList)
{
    Arguments arguments(
        "sweep",
        u"Remove what killed owners left behind: records, doorbells, wishes, POSIX memory, and list it. Optional: each process that "
        "uses a name sweeps."_s,
        {});
    if (const auto code = arguments.parse(argumentList))
        return *code;

    const QDir folder(SharedSegment::registryFolder());
    constexpr auto All = QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot;
    const QStringList before = folder.entryList(All);
    QString error;
    const QStringList living = segmentNames(QString(), &error);
    const QStringList after = QDir(folder.path()).entryList(All);
    Output output;
    qsizetype removed = 0;
    for (const QString &file : before) {
        if (!after.contains(file)) {
            ++removed;
            output.line("removed " + Output::shown(file).toUtf8());
        }
    }
    if (!error.isEmpty())
        return fail(error);
    output.line(u"%1 removed, %2 live"_s.arg(removed).arg(Wording::counted(living.size(), u"segment"_s)).toUtf8());
    return ExitCode::Done;
}
