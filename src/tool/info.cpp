// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "command.h"
#include "description.h"
#include "output.h"
#include "wording.h"

#include "../core/fieldmetadata.h"
#include "../core/readabletext.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

using namespace Qt::StringLiterals;

namespace {

QString text(double number)
{
    return QString::number(number, 'g', QLocale::FloatingPointShortest);
}

QString rangeOf(const FieldMetadata &field)
{
    const auto end = [](const std::optional<double> &number) { return number ? text(*number) : u"?"_s; };
    return field.minimum || field.maximum ? end(field.minimum) + u" to "_s + end(field.maximum) : QString();
}

QString limitsOf(const FieldMetadata &field)
{
    QStringList limits;
    const auto add = [&limits](const QString &name, const std::optional<double> &number) {
        if (number)
            limits.append(name + u' ' + text(*number));
    };
    add(u"lowLow"_s, field.lowLow);
    add(u"low"_s, field.low);
    add(u"high"_s, field.high);
    add(u"highHigh"_s, field.highHigh);
    return limits.join(u", "_s);
}

/// The table of the fields: of a struct all, else the element if the metadata say something of it.
QList<QStringList> fieldsOf(const SharedSegment &segment)
{
    QList<QStringList> rows{{u"FIELD"_s, u"TYPE"_s, u"OFFSET"_s, u"BYTES"_s}};
    QList<QStringList> described{{u"LABEL"_s, u"UNIT"_s, u"RANGE"_s, u"LIMITS"_s}};
    bool isDescribed = false;
    for (const SharedLayout::Field &field : segment.layout().fields()) {
        const FieldMetadata metadata(field, segment.metadata());
        isDescribed = isDescribed || metadata != FieldMetadata(field, {});
        rows.append(
            {FieldMetadata::keyOf(field), field.typeText, QString::number(field.offset), QString::number(field.size)});
        described.append({metadata.label, metadata.unit, rangeOf(metadata), limitsOf(metadata)});
    }
    if (!isDescribed)
        return segment.layout().isStruct() ? rows : QList<QStringList>();
    for (qsizetype i = 0; i < rows.size(); ++i)
        rows[i] += described.at(i);
    return rows;
}

} // namespace

ExitCode runInfo(const QStringList &argumentList)
{
    Arguments arguments("info", u"Show all properties and fields of a segment."_s, {"NAME"});
    arguments.addFlag(u"json"_s, u"Print a JSON object, for scripts."_s);
    if (const auto code = arguments.parse(argumentList))
        return *code;

    SharedSegment segment(arguments.positional(0));
    if (!segment.open())
        return fail(segment.errorString());
    Output output;
    if (arguments.has(u"json"_s)) {
        output.write(QJsonDocument(Description::json(segment)));
        return ExitCode::Done;
    }
    const auto time = [](const QDateTime &when) {
        return when.isValid() ? u"%1 (%2 ago)"_s.arg(when.toString(Qt::ISODateWithMs), Description::age(when)) : u"-"_s;
    };
    // While its only buffer is being written, a segment has no newest revision.
    SharedRevision newest;
    const bool isVariable = segment.kind() == SharedSegment::Kind::VariableArray;
    const bool isStream = segment.kind() == SharedSegment::Kind::Stream;
    const QString count = isVariable && segment.tryRead({}, 0, &newest)
                            ? u", of "_s + Wording::counted(newest.count, u"element"_s)
                            : QString();
    QList<QStringList> rows{
        {u"name"_s, segment.name()},
        {u"layout"_s, segment.layoutText()},
        {u"kind"_s, isStream     ? u"stream"_s
                    : isVariable ? u"array of variable count"_s
                                 : u"array of fixed count"_s},
        {u"capacity"_s, u"%1 of %2"_s.arg(Wording::counted(segment.capacity(), u"element"_s),
                                          Wording::counted(segment.layout().elementSize(), u"byte"_s))},
        {u"size"_s, ReadableText::bytes(double(segment.size()))
                        + (isStream ? QString() : u", in "_s + Wording::counted(segment.bufferCount(), u"buffer"_s))},
        {u"backend"_s, Description::nameOf(segment.backend())},
        {u"writers"_s, segment.multipleWriters() ? u"every process that opens it for writing"_s : u"only its owner"_s},
        {u"owner"_s, u"%1 %2"_s.arg(segment.ownerPid()).arg(segment.ownerProgram())},
        {u"listeners"_s, QString::number(segment.listenerCount())},
        {isStream ? u"position"_s : u"revision"_s,
         QString::number(count.isEmpty() ? segment.revision() : newest.number) + count},
        {isStream ? u"appended"_s : u"published"_s, time(segment.updatedAt())},
    };
    if (segment.source() != SharedSegment::Source::Here) {
        rows.append({isStream ? u"appended there"_s : u"published there"_s, time(segment.sourceUpdatedAt())});
        rows.append({u"source"_s, Description::hostText(segment)});
    }
    rows.append({u"created"_s, time(segment.createdAt())});
    rows.append({u"instance"_s, segment.instance()});
    output.write(table(rows));
    if (!segment.metadata().isEmpty())
        output.write('\n'
                     + Output::shown(QString::fromUtf8(QJsonDocument(QJsonObject::fromVariantMap(segment.metadata()))
                                                           .toJson(QJsonDocument::Compact)))
                           .toUtf8()
                     + '\n');
    const QList<QStringList> fields = fieldsOf(segment);
    if (fields.size() > 1)
        output.write('\n' + table(fields, {2, 3}));
    return ExitCode::Done;
}
