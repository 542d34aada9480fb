// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "command.h"
#include "csvrecords.h"
#include "elementtext.h"
#include "jsonelements.h"
#include "output.h"
#include "wording.h"

#include "../core/readabletext.h"
#include "../core/sharedsegment.h"
#include "../os/system.h"

#include <cstring>

using namespace Qt::StringLiterals;

namespace {

/// Reads one or several values, separated by commas, into the columns from `first` on.
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
             : u"one element is needed; give an object, or an array if the layout is an array"_s;
    if (outcome == JsonElements::Outcome::Failed || elements.size() != element.size())
        return false;
    element = elements;
    return true;
}

} // namespace

ExitCode runWrite(const QStringList &argumentList)
{
    Arguments arguments(
        "write",
        u"Publish a revision of a segment in which one element has a new value. The segment must have been created with "
        "multiple writers. VALUE is a line of CSV or a JSON object; put -- before a value that begins with a minus."_s,
        {"NAME", "INDEX", "VALUE"});
    arguments.addOption(u"field"_s, u"Change only this field of the element; VALUE is its value."_s, u"NAME"_s);
    if (const auto code = arguments.parse(argumentList))
        return *code;
    bool isNumber = false;
    const qint64 index = arguments.positional(1).toLongLong(&isNumber);
    if (!isNumber || index < 0)
        return arguments.usageError(
            u"the INDEX is a whole number from 0 on, not \"%1\""_s.arg(arguments.positional(1)));

    SharedSegment segment(arguments.positional(0));
    if (!segment.open(SharedSegment::Access::ReadWrite))
        return fail(segment.errorString());
    if (index >= segment.capacity())
        return fail(u"\"%1\" has %2, but no element %3; give an index from 0 to %4"_s
                        .arg(segment.name(), Wording::counted(segment.capacity(), u"element"_s))
                        .arg(index)
                        .arg(segment.capacity() - 1));
    // The new revision begins as a copy of the newest one.
    const quint64 size = quint64(segment.size());
    if (size > sharedsegment::os::availableMemory(size))
        return fail(u"there is no memory for the %1 of another revision of \"%2\"; end programs that take much memory"_s
                        .arg(ReadableText::bytes(double(size)), segment.name()));
    SharedWriter writer = segment.beginWrite();
    if (!writer)
        return fail(segment.errorString());
    const ElementText text(segment.layout());
    // A revision of a variable array has its own number of elements.
    const qint64 count = qint64(writer.bytes().size()) / text.elementSize();
    if (index >= count) {
        writer.discard();
        return fail(u"the newest revision of \"%1\" has %2, and no element %3; publish a whole one"_s
                        .arg(segment.name(), Wording::counted(count, u"element"_s))
                        .arg(index));
    }
    std::byte *const element = writer.bytes().data() + index * text.elementSize();
    QByteArray bytes(reinterpret_cast<const char *>(element), text.elementSize());
    auto *const copy = reinterpret_cast<std::byte *>(bytes.data());
    const QString value = arguments.positional(2);
    const QByteArray utf8 = value.toUtf8();
    QString why;
    bool isDone = false;
    if (arguments.has(u"field"_s))
        isDone = readField(text, arguments.value(u"field"_s), utf8, copy, &why);
    else if (value.startsWith(u'{') || (value.startsWith(u'[') && !text.isStruct()))
        isDone = readJson(text, utf8, bytes, &why);
    else
        isDone = readCells(text, utf8, 0, text.columnCount(), copy, &why);
    if (!isDone) {
        writer.discard();
        return fail(u"\"%1\" is not a value for element %2: %3"_s.arg(value).arg(index).arg(why));
    }
    std::memcpy(element, bytes.constData(), static_cast<std::size_t>(bytes.size()));
    const std::optional<quint64> revision = writer.publish();
    if (!revision)
        return fail(u"the owner of \"%1\" has just gone and nothing was published; start the owner again"_s.arg(
            segment.name()));
    Output().line("revision " + QByteArray::number(*revision));
    return ExitCode::Done;
}
