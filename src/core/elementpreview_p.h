// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "documentcontent_p.h"
#include "fielddecoder.h"
#include "fieldmetadata.h"

#include "../engine/segment.h"

#include <QtCore/QByteArray>
#include <QtCore/QList>
#include <QtCore/QString>

#include <memory>
#include <optional>

/// A short text of what a segment contains now, for a list of many segments. It reads the start of the content and no more.
class ElementPreview
{
public:
    /// The most characters of a text.
    static constexpr qsizetype MostCharacters = 120;

    explicit ElementPreview(std::shared_ptr<sharedsegment::engine::Segment> segment);

    /// Returns the elements of the newest revision, or the newest element of a stream, as people write them; a document is
    /// JSON. Ends with "…" where there is more, and is empty where there is nothing.
    /// @returns nothing if it cannot be read at the moment
    std::optional<QString> read();

private:
    std::optional<QString> readNewestOfStream();
    QString documentText(quint64 bytes) const;
    /// Returns the text of the first `count` elements in m_bytes.
    QString elementsText(quint64 count) const;
    void appendElement(QString *text, const std::byte *element) const;

    const std::shared_ptr<sharedsegment::engine::Segment> m_segment;
    const qsizetype m_elementSize;
    QList<FieldDecoder> m_fields;    ///< those whose bytes are read
    QList<FieldMetadata> m_metadata; ///< of m_fields
    bool m_isStruct = false;
    bool m_hasMoreFields = false;
    std::optional<DocumentContent> m_document;
    QByteArray m_bytes;
};
