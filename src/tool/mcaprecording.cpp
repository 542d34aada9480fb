// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "mcaprecording.h"

#include "jsonelements.h"

#include <SharedSegment/SharedSegmentVersion>

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

#include <algorithm>
#include <limits>
#include <utility>

using namespace Qt::StringLiterals;

namespace {

constexpr QByteArrayView OwnEncoding = "sharedsegment"; ///< of schemas and messages, and the key of the metadata
constexpr QByteArrayView ElementsBegin = "{\"elements\":[";
constexpr QByteArrayView ElementsEnd = "]}";
constexpr QByteArrayView ValueBegin = "{\"value\":";
constexpr QByteArrayView ValueEnd = "}";

/// The JSON Schema of one field. NaN, infinities and integers from 2^63 on are strings in messages: no JSON number is that.
QJsonObject schemaOf(const SharedLayout::Field &field)
{
    QString type;
    switch (field.type) {
    case SharedLayout::Type::Float32:
    case SharedLayout::Type::Float64:
        type = u"number"_s;
        break;
    case SharedLayout::Type::Bool:
        type = u"boolean"_s;
        break;
    case SharedLayout::Type::Text:
        type = u"string"_s;
        break;
    default:
        type = u"integer"_s;
        break;
    }
    const QJsonObject item{{u"type"_s, type}};
    return field.isArray ? QJsonObject{{u"type"_s, u"array"_s}, {u"items"_s, item}} : item;
}

QByteArray schemaOf(const RecordedSegment &segment)
{
    QJsonObject element;
    if (segment.layout.isStruct()) {
        QJsonObject properties;
        for (const SharedLayout::Field &field : segment.layout.fields())
            properties.insert(field.name, schemaOf(field));
        element = {{u"type"_s, u"object"_s}, {u"properties"_s, properties}};
    } else {
        element = schemaOf(segment.layout.fields().constFirst());
    }
    // The root is always an object: tools expect one.
    QJsonObject root = element;
    if (!segment.isStream()) {
        const QJsonObject elements{{u"type"_s, u"array"_s}, {u"items"_s, element}};
        root = {{u"type"_s, u"object"_s}, {u"properties"_s, QJsonObject{{u"elements"_s, elements}}}};
    } else if (!segment.layout.isStruct()) {
        root = {{u"type"_s, u"object"_s}, {u"properties"_s, QJsonObject{{u"value"_s, element}}}};
    }
    root.insert(u"title"_s, segment.layout.isStruct() ? segment.layout.structName() : segment.layout.text());
    root.insert(u"$comment"_s, u"layout: "_s + segment.layout.text());
    return QJsonDocument(root).toJson(QJsonDocument::Compact);
}

/// The text between both, or nothing.
std::optional<QByteArrayView> between(QByteArrayView text, QByteArrayView begin, QByteArrayView end)
{
    if (text.size() < begin.size() + end.size() || !text.startsWith(begin) || !text.endsWith(end))
        return std::nullopt;
    return text.sliced(begin.size()).chopped(end.size());
}

} // namespace

bool McapRecordingWriter::begin()
{
    return std::exchange(m_hasBegun, true) || checked(m_writer.begin("sharedsegment " SHAREDSEGMENT_VERSION_STR));
}

bool McapRecordingWriter::addSegment(const RecordedSegment &segment)
{
    const bool isJson = m_encoding == Encoding::Json;
    const QString name = segment.layout.isStruct() ? segment.layout.structName() : segment.layout.text();
    Mcap::Schema schema{0, name.toUtf8(), isJson ? QByteArray("jsonschema") : OwnEncoding.toByteArray(),
                        isJson ? schemaOf(segment) : segment.layout.text().toUtf8()};
    if (!begin() || !checked(m_writer.addSchema(&schema)))
        return false;
    Mcap::Channel channel{
        0, schema.id, segment.name.toUtf8(), isJson ? QByteArray("json") : OwnEncoding.toByteArray(), {}};
    channel.metadata.insert(OwnEncoding.toByteArray(), segment.toJson());
    if (!checked(m_writer.addChannel(&channel)))
        return false;
    m_targets.push_back({channel.id, segment.isStream(), ElementText(segment.layout)});
    return true;
}

bool McapRecordingWriter::write(const RecordedEntry &entry)
{
    const Target &target = m_targets.at(std::size_t(entry.segment));
    const auto time = quint64(entry.time);
    Mcap::Message message{target.channel, quint32(entry.number), time, time, entry.elements};
    QByteArray &json = m_block.bytes();
    if (m_encoding == Encoding::Json) {
        const auto *const begin = reinterpret_cast<const std::byte *>(entry.elements.data());
        const std::byte *const end = begin + entry.elements.size();
        const bool isBare = target.isStream && target.text.isStruct();
        json.resize(0);
        json += target.isStream ? (isBare ? QByteArrayView() : ValueBegin) : ElementsBegin;
        for (const std::byte *element = begin; element != end; element += target.text.elementSize()) {
            if (element != begin)
                json += ',';
            target.text.json(element, m_block);
        }
        json += target.isStream ? (isBare ? QByteArrayView() : ValueEnd) : ElementsEnd;
        message.data = json;
    }
    return checked(m_writer.write(message));
}

bool McapRecordingWriter::flush()
{
    return begin() && checked(m_writer.flush()) && (m_file->flush() || failed(m_file->errorString()));
}

bool McapRecordingWriter::finish()
{
    return begin() && checked(m_writer.finish()) && (m_file->flush() || failed(m_file->errorString()));
}

RecordingReader::Outcome McapRecordingReader::next()
{
    for (;;) {
        switch (m_reader.next()) {
        case McapReader::Outcome::Channel:
            if (const auto outcome = takeChannel())
                return *outcome;
            break;
        case McapReader::Outcome::Message:
            if (const Source *const source = m_byChannel.value(m_reader.message().channel))
                return takeMessage(*source);
            break;
        case McapReader::Outcome::End:
            if (m_sources.empty())
                return failed(u"the file has no channel of a segment; give a file of \"sharedsegment record\""_s);
            if (!m_reader.isComplete())
                m_notice = u"the recording has no end; what was written last may be missing"_s;
            return Outcome::End;
        case McapReader::Outcome::Failed:
            return failed(m_reader.errorString());
        }
    }
}

std::optional<RecordingReader::Outcome> McapRecordingReader::takeChannel()
{
    const Mcap::Channel &channel = m_reader.channel();
    const auto description = channel.metadata.constFind(OwnEncoding.toByteArray());
    if (description == channel.metadata.cend())
        return std::nullopt;
    QString why;
    const auto segment = RecordedSegment::fromJson(*description, &why);
    const bool isJson = channel.messageEncoding == "json";
    if (segment && !isJson && channel.messageEncoding != OwnEncoding)
        why = u"its messages are neither JSON nor raw; record again"_s;
    if (!why.isEmpty())
        return failed(u"channel \"%1\": %2"_s.arg(QString::fromUtf8(channel.topic), why));
    auto source = std::make_unique<Source>();
    source->index = qsizetype(m_sources.size());
    source->segment = *segment;
    if (isJson)
        source->text = std::make_unique<ElementText>(segment->layout);
    m_segment = *segment;
    m_byChannel.insert(channel.id, source.get());
    m_sources.push_back(std::move(source));
    return Outcome::Segment;
}

RecordingReader::Outcome McapRecordingReader::takeMessage(const Source &source)
{
    const Mcap::Message &message = m_reader.message();
    constexpr auto Latest = quint64(std::numeric_limits<qint64>::max());
    m_entry = {source.index, message.sequence, qint64(std::min(message.logTime, Latest)), message.data};
    const auto bad = [&](const QString &why) {
        return failed(u"message %1 of \"%2\": %3"_s.arg(message.sequence).arg(source.segment.name, why));
    };
    QString why;
    if (source.text) {
        std::optional<QByteArrayView> json = message.data;
        if (!source.segment.isStream())
            json = between(message.data, ElementsBegin, ElementsEnd);
        else if (!source.segment.layout.isStruct())
            json = between(message.data, ValueBegin, ValueEnd);
        if (!json)
            return bad(u"its JSON has another form; record again"_s);
        m_elements.resize(0);
        JsonElements elements(*source.text, JsonElements::Lines::Free);
        if (!source.segment.isStream())
            elements.feed("[");
        elements.feed(*json);
        if (!source.segment.isStream())
            elements.feed("]");
        elements.finish();
        for (;;) {
            const JsonElements::Outcome outcome = elements.next(m_elements);
            if (outcome == JsonElements::Outcome::Failed)
                return bad(elements.errorString());
            if (outcome == JsonElements::Outcome::NeedsMore)
                break;
        }
        m_entry.elements = m_elements;
    }
    return source.segment.fits(m_entry.elements.size(), &why) ? Outcome::Entry : bad(why);
}
