// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "command.h"
#include "csvrecords.h"
#include "elementtext.h"
#include "jsonelements.h"
#include "output.h"
#include "wording.h"

#include "../core/sharedsegment.h"
#include "../os/system.h"

#include <cstring>

using namespace Qt::StringLiterals;

namespace {

/// One value or several with commas between, into the columns from `first` on.
bool readCells(const ElementText &text, QByteArrayView cells, qint64 first, qint64 count, std::byte *element,
               QString *why)
{
    qint64 found = 0;
    forEachCell(cells, ',', [&found](QByteArrayView, bool) { return ++found > 0; });
    if (found != count) {
        *why = u"%1 where %2 needed: %3"_s.arg(Wording::counted(found, u"value"_s),
                                               QString::number(count) + (count == 1 ? u" is"_s : u" are"_s),
                                               count == text.columnCount() ? text.columnNames()
                                                                           : text.fieldOf(first).field.typeText);
        return false;
    }
    qint64 column = first;
    return forEachCell(cells, ',', [&](QByteArrayView cell, bool) {
        return text.readCell(cell, column++, CsvStyle(), element, why);
    });
}

bool readField(const ElementText &text, const QString &name, QByteArrayView value, std::byte *element, QString *why)
{
    if (const auto found = text.fieldNamed(name.toUtf8())) {
        const ElementText::Field &field = text.fields().at(*found);
        if (field.field.isArray)
            return readCells(text, value, field.firstColumn, field.items, element, why);
    }
    if (const auto column = text.columnOf(name.toUtf8()))
        return text.readCell(value, *column, CsvStyle(), element, why);
    *why = u"there is no field \"%1\"; use one of: %2"_s.arg(name, text.columnNames());
    return false;
}

bool readJson(const ElementText &text, QByteArrayView value, QByteArray &element, QString *why)
{
    JsonElements json(text, JsonElements::Lines::Free);
    json.feed(value);
    json.finish();
    QByteArray elements;
    JsonElements::Outcome outcome = json.next(elements);
    while (outcome == JsonElements::Outcome::Element || outcome == JsonElements::Outcome::Value)
        outcome = json.next(elements);
    *why = outcome == JsonElements::Outcome::Failed
             ? json.errorString()
             : u"one element is needed; give an object, or an array for a layout that is one"_s;
    if (outcome == JsonElements::Outcome::Failed || elements.size() != element.size())
        return false;
    element = elements;
    return true;
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
        return asked.misuse(u"the INDEX is a whole number from 0 on, not \"%1\""_s.arg(asked.positional(1)));

    SharedSegment segment(asked.positional(0));
    if (!segment.open(SharedSegment::Access::ReadWrite))
        return fail(segment.errorString());
    if (index >= segment.length())
        return fail(u"\"%1\" has %2, and there is no element %3; give one from 0 to %4"_s
                        .arg(segment.name(), Wording::counted(segment.length(), u"element"_s))
                        .arg(index)
                        .arg(segment.length() - 1));
    // It begins as a copy of the newest revision.
    const quint64 size = quint64(segment.size());
    if (size > sharedsegment::os::availableMemory(size))
        return fail(u"there is no memory for the %1 of another revision of \"%2\"; end programs that take much memory"_s
                        .arg(inBytes(double(size)), segment.name()));
    SharedWriter writer = segment.write();
    if (!writer)
        return fail(segment.errorString());
    const ElementText text(segment.layout());
    std::byte *const element = writer.bytes().data() + index * text.elementSize();
    QByteArray bytes(reinterpret_cast<const char *>(element), text.elementSize());
    auto *const copy = reinterpret_cast<std::byte *>(bytes.data());
    const QString value = asked.positional(2);
    const QByteArray utf8 = value.toUtf8();
    QString why;
    bool isDone = false;
    if (asked.has(u"field"_s))
        isDone = readField(text, asked.value(u"field"_s), utf8, copy, &why);
    else if (value.startsWith(u'{') || (value.startsWith(u'[') && !text.isStruct()))
        isDone = readJson(text, utf8, bytes, &why);
    else
        isDone = readCells(text, utf8, 0, text.columnCount(), copy, &why);
    if (!isDone) {
        writer.discard();
        return fail(u"\"%1\" is no value for element %2: %3"_s.arg(value).arg(index).arg(why));
    }
    std::memcpy(element, bytes.constData(), static_cast<std::size_t>(bytes.size()));
    const std::optional<quint64> revision = writer.publish();
    if (!revision)
        return fail(
            u"the owner of \"%1\" has just gone and nothing was published; start the next one"_s.arg(segment.name()));
    Output().line("revision " + QByteArray::number(*revision));
    return ExitCode::Done;
}
