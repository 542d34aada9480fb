// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "recording.h"

#include "description.h"
#include "wording.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

using namespace Qt::StringLiterals;

namespace {

/// The version of what a recording says of a segment.
constexpr int Version = 1;

} // namespace

RecordedSegment RecordedSegment::of(const SharedSegment &segment)
{
    return {segment.name(), segment.layout(), segment.kind(), segment.capacity(), segment.metadata()};
}

QByteArray RecordedSegment::toJson() const
{
    return QJsonDocument(QJsonObject{
                             {u"recording"_s, Version},
                             {u"name"_s, name},
                             {u"layout"_s, layout.text()},
                             {u"kind"_s, Description::nameOf(kind)},
                             {u"capacity"_s, capacity},
                             {u"metadata"_s, QJsonObject::fromVariantMap(metadata)},
                         })
        .toJson(QJsonDocument::Compact);
}

std::optional<RecordedSegment> RecordedSegment::fromJson(QByteArrayView json, QString *why)
{
    const QJsonObject object = QJsonDocument::fromJson(json.toByteArray()).object();
    if (object.value(u"recording"_s).toInt() != Version) {
        *why = u"it does not say that it is a recording of version %1; give a file of \"sharedsegment record\""_s.arg(
            Version);
        return std::nullopt;
    }
    RecordedSegment segment;
    QString error;
    segment.name = object.value(u"name"_s).toString();
    segment.layout = SharedLayout::parse(object.value(u"layout"_s).toString(), &error);
    segment.capacity = object.value(u"capacity"_s).toInteger();
    segment.metadata = object.value(u"metadata"_s).toObject().toVariantMap();
    const auto kind = Description::kindOf(object.value(u"kind"_s).toString());
    if (!segment.layout.isValid() || segment.capacity < 1 || !kind) {
        *why = !segment.layout.isValid() ? u"its layout is wrong: %1; record again"_s.arg(error)
                                         : u"its kind or capacity is wrong; record again"_s;
        return std::nullopt;
    }
    segment.kind = *kind;
    return segment;
}

bool RecordedSegment::fits(qsizetype bytes, QString *why) const
{
    const qsizetype count = bytes / layout.elementSize();
    const bool isWhole = bytes % layout.elementSize() == 0;
    switch (kind) {
    case SharedSegment::Kind::Stream:
        if (isWhole && count == 1)
            return true;
        *why = u"a message of the stream \"%1\" has not one element, but %2; record again"_s;
        break;
    case SharedSegment::Kind::FixedArray:
        if (isWhole && count == capacity)
            return true;
        *why = u"a revision of \"%1\" has another number of elements: %2; record again"_s;
        break;
    case SharedSegment::Kind::VariableArray:
        if (isWhole && count <= capacity)
            return true;
        *why = u"a revision of \"%1\" has too many elements: %2; record again"_s;
        break;
    }
    *why = why->arg(name, Wording::counted(bytes, u"byte"_s));
    return false;
}

bool RecordingWriter::failed(const QString &why)
{
    if (m_error.isEmpty())
        m_error = why;
    return false;
}

RecordingReader::Outcome RecordingReader::failed(const QString &why)
{
    if (m_error.isEmpty())
        m_error = why;
    return Outcome::Failed;
}
