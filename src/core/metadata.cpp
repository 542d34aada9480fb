// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Metadata as a map, and as the text that a segment contains.

#include "metadata_p.h"
#include "metadatacheck.h"
#include "sharedsegment_p.h"

#include <QtCore/QByteArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

#include <string>

using sharedsegment::ErrorCode;
using sharedsegment::Result;

QVariantMap metadataOf(const sharedsegment::engine::Segment &segment)
{
    const std::string &text = segment.view().metadata;
    return QJsonDocument::fromJson(QByteArray::fromRawData(text.data(), static_cast<qsizetype>(text.size())))
        .object()
        .toVariantMap();
}

void SharedSegmentPrivate::setOpenMetadata(const Segment *segment)
{
    m_openMetadata = segment ? metadataOf(*segment) : QVariantMap();
    m_staleness.setMetadata(segment ? m_openMetadata : m_metadata);
}

Result<std::string> SharedSegmentPrivate::metadataText(const SharedLayout &layout) const
{
    if (m_metadata.isEmpty())
        return std::string();
    const QByteArray text = QJsonDocument(QJsonObject::fromVariantMap(m_metadata)).toJson(QJsonDocument::Compact);
    // Qt writes more levels than it reads.
    const QJsonDocument readAgain = QJsonDocument::fromJson(text);
    if (!readAgain.isObject())
        return sharedsegment::Error{ErrorCode::InvalidValue,
                                    "the metadata are nested too deeply to be read again; give at most 1000 levels"};
    if (const auto problem = MetadataCheck::find(layout, readAgain.object().toVariantMap()))
        return sharedsegment::Error{ErrorCode::InvalidValue, problem->text.toStdString()};
    return text.toStdString();
}
