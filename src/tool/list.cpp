// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "command.h"
#include "description.h"
#include "output.h"

#include "../core/segmentnames.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>

using namespace Qt::StringLiterals;

ExitCode runList(const QStringList &arguments)
{
    Arguments asked("list", u"Lists the segments that living owners have. Sweeps what killed ones have left."_s, {});
    asked.addFlag(u"json"_s, u"As a JSON array with an object for each segment, for scripts."_s);
    asked.addFlag(u"names"_s, u"Only the names, a line each."_s);
    if (const auto code = asked.parse(arguments))
        return *code;

    QJsonArray all;
    QList<QStringList> rows{{u"NAME"_s, u"LAYOUT"_s, u"LENGTH"_s, u"SIZE"_s, u"BACKEND"_s, u"OWNER"_s, u"LISTENERS"_s,
                             u"REVISION"_s, u"AGE"_s}};
    QStringList unreadable;
    QString error;
    const QStringList names = segmentNames(&error);
    Output output;
    if (asked.has(u"names"_s)) {
        for (const QString &name : names)
            output.line(Output::shown(name).toUtf8());
        return error.isEmpty() ? ExitCode::Done : fail(error);
    }
    for (const QString &name : names) {
        SharedSegment segment(name);
        if (!segment.open()) {
            // One that has gone meanwhile is none.
            if (segment.error() != SharedSegment::Error::NotFound) {
                all.append(QJsonObject{{u"name"_s, name}, {u"error"_s, segment.errorString()}});
                rows.append(QStringList{name} + QStringList(rows.constFirst().size() - 1, u"?"_s));
                unreadable.append(u"\"%1\": %2"_s.arg(name, segment.errorString()));
            }
            continue;
        }
        all.append(Description::json(segment));
        rows.append({name, segment.layoutText(), QString::number(segment.length()), inBytes(double(segment.size())),
                     Description::nameOf(segment.backend()),
                     u"%1 %2"_s.arg(segment.ownerPid()).arg(segment.ownerProgram()),
                     QString::number(segment.listenerCount()), QString::number(segment.revision()),
                     Description::age(segment.updatedAt())});
    }
    // For a script that could not be asked there is no answer, rather than one that leaves out the rest.
    if (asked.has(u"json"_s) && (error.isEmpty() || !all.isEmpty()))
        output.write(QJsonDocument(all));
    else if (rows.size() > 1)
        output.write(table(rows, {2, 3, 6, 7, 8}));
    else if (error.isEmpty())
        complain(u"there is no segment in \"%1\"; \"sharedsegment create\" makes one"_s.arg(
            SharedSegment::registryFolder()));
    for (const QString &problem : unreadable)
        complain(problem);
    if (!error.isEmpty())
        complain(error);
    return error.isEmpty() && unreadable.isEmpty() ? ExitCode::Done : ExitCode::Failed;
}
