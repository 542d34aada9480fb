// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "command.h"
#include "description.h"
#include "output.h"

#include "../core/readabletext.h"
#include "../core/segmentnames.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>

using namespace Qt::StringLiterals;

ExitCode runList(const QStringList &argumentList)
{
    Arguments arguments("list", u"List the segments of living owners. Sweeps what killed owners left behind."_s, {});
    arguments.addFlag(u"json"_s, u"Print a JSON array with an object for each segment, for scripts."_s);
    arguments.addFlag(u"names"_s, u"Print only the names, one per line."_s);
    if (const auto code = arguments.parse(argumentList))
        return *code;

    QJsonArray all;
    QList<QStringList> rows{{u"NAME"_s, u"LAYOUT"_s, u"KIND"_s, u"CAPACITY"_s, u"SIZE"_s, u"BACKEND"_s, u"OWNER"_s,
                             u"LISTENERS"_s, u"REVISION"_s, u"AGE"_s}};
    QStringList unreadable;
    QString error;
    const QStringList names = segmentNames(QString(), &error);
    Output output;
    if (arguments.has(u"names"_s)) {
        for (const QString &name : names)
            output.line(Output::shown(name).toUtf8());
        return error.isEmpty() ? ExitCode::Done : fail(error);
    }
    for (const QString &name : names) {
        SharedSegment segment(name);
        if (!segment.open()) {
            // NotFound: the segment has gone meanwhile.
            if (segment.error() != SharedSegment::Error::NotFound) {
                all.append(QJsonObject{{u"name"_s, name}, {u"error"_s, segment.errorString()}});
                rows.append(QStringList{name} + QStringList(rows.constFirst().size() - 1, u"?"_s));
                unreadable.append(u"\"%1\": %2"_s.arg(name, segment.errorString()));
            }
            continue;
        }
        all.append(Description::json(segment));
        rows.append(
            {name, segment.layoutText(), Description::nameOf(segment.kind()), QString::number(segment.capacity()),
             ReadableText::bytes(double(segment.size())), Description::nameOf(segment.backend()),
             u"%1 %2"_s.arg(segment.ownerPid()).arg(segment.ownerProgram()), QString::number(segment.listenerCount()),
             QString::number(segment.revision()), Description::age(segment.updatedAt())});
    }
    // On an error without any segment, a script gets no JSON rather than an empty list.
    if (arguments.has(u"json"_s) && (error.isEmpty() || !all.isEmpty()))
        output.write(QJsonDocument(all));
    else if (rows.size() > 1)
        output.write(table(rows, {3, 4, 7, 8, 9}));
    else if (error.isEmpty())
        printError(u"there is no segment in \"%1\"; \"sharedsegment create\" makes one"_s.arg(
            SharedSegment::registryFolder()));
    for (const QString &problem : unreadable)
        printError(problem);
    if (!error.isEmpty())
        printError(error);
    return error.isEmpty() && unreadable.isEmpty() ? ExitCode::Done : ExitCode::Failed;
}
