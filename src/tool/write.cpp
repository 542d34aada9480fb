// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "command.h"
#include "elementtext.h"
#include "output.h"

#include "../core/sharedsegment.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

#include <limits>

using namespace Qt::StringLiterals;

namespace {

/// One field of an element from a word, all else as it is.
bool setField(const SharedLayout &layout, const QString &name, const QString &value, std::byte *element, QString *why)
{
    for (const FieldDecoder &field : FieldDecoder::of(layout)) {
        if (field.name() != name)
            continue;
        if (!field.field().isArray)
            return field.write(element, value, FieldDecoder::Strings::Convert, why);
        QStringList items;
        splitCsv(value, &items);
        return field.write(element, QVariantList(items.begin(), items.end()), FieldDecoder::Strings::Convert, why);
    }
    *why = u"there is no field \"%1\" in %2"_s.arg(name, layout.text());
    return false;
}

} // namespace

ExitCode runWrite(const QStringList &arguments)
{
    Arguments asked(
        "write",
        u"Publishes a revision of a segment in which one element has another value. The segment has to be created with "
        "shared writing. VALUE is a line of CSV or a JSON object; put -- before one that begins with a minus."_s,
        {"NAME", "INDEX", "VALUE"});
    asked.addOption(u"field"_s, u"Only this field of the element; VALUE is its value."_s, u"NAME"_s);
    if (const auto code = asked.parse(arguments))
        return *code;
    bool isNumber = false;
    const qint64 index = asked.positional(1).toLongLong(&isNumber);
    if (!isNumber || index < 0)
        return asked.misuse(u"INDEX is a whole number from 0 on, not \"%1\""_s.arg(asked.positional(1)));

    SharedSegment segment(asked.positional(0));
    if (!segment.open(SharedSegment::Access::ReadWrite))
        return fail(segment.errorString());
    if (index >= segment.length())
        return fail(
            u"\"%1\" has %2 elements; there is no element %3"_s.arg(segment.name()).arg(segment.length()).arg(index));
    SharedWriter writer = segment.write();
    if (!writer)
        return fail(segment.errorString());
    const SharedLayout layout = segment.layout();
    std::byte *const element = writer.bytes().data() + index * layout.elementSize();
    const QString value = asked.positional(2);
    QString why;
    bool isDone = false;
    if (asked.has(u"field"_s)) {
        isDone = setField(layout, asked.value(u"field"_s), value, element, &why);
    } else if (value.startsWith(u'{')) {
        QJsonParseError error;
        const QJsonDocument document = QJsonDocument::fromJson(value.toUtf8(), &error);
        why = error.errorString();
        isDone = error.error == QJsonParseError::NoError
              && ElementText(layout).read(QJsonValue(document.object()), element, &why);
    } else {
        QStringList values;
        splitCsv(value, &values);
        isDone = ElementText(layout).read(values, element, &why);
    }
    if (!isDone) {
        writer.discard();
        return fail(u"\"%1\" is no value for element %2: %3"_s.arg(value).arg(index).arg(why));
    }
    const std::optional<quint64> revision = writer.publish();
    if (!revision)
        return fail(u"the owner of \"%1\" has just gone; nothing was published"_s.arg(segment.name()));
    Output().line("revision " + QByteArray::number(*revision));
    return ExitCode::Done;
}
