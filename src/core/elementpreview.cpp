// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "elementpreview_p.h"

#include "metadata_p.h"
#include "readabletext.h"
#include "sharedlayout.h"
#include "utf8_p.h"

#include "../engine/ringbuffer.h"

#include <algorithm>
#include <span>
#include <utility>

using namespace Qt::StringLiterals;
namespace engine = sharedsegment::engine;

namespace {

/// How much of the content is read. A larger document is only its size.
constexpr qsizetype MostPreviewedBytes = 4096;

QString shortened(QString text, bool hasMore = false)
{
    if (text.size() >= ElementPreview::MostCharacters) {
        text.truncate(ElementPreview::MostCharacters - 1);
        hasMore = true;
    }
    return hasMore ? text + u'…' : text;
}

QString textOfDocument(const QCborValue &value)
{
    return value.isString() ? value.toString() : QString::fromUtf8(DocumentContent::toJson(value));
}

} // namespace

ElementPreview::ElementPreview(std::shared_ptr<engine::Segment> segment)
    : m_segment(std::move(segment))
    , m_elementSize(static_cast<qsizetype>(m_segment->layout()->elementSize()))
{
    const SharedLayout layout = SharedLayout::parse(textOf(m_segment->layout()->text()));
    const QVariantMap metadata = metadataOf(*m_segment);
    const QList<SharedLayout::Field> fields = layout.fields();
    m_isStruct = fields.size() > 1;
    for (const SharedLayout::Field &field : fields) {
        if (field.offset + field.size > MostPreviewedBytes) {
            m_hasMoreFields = true;
            break;
        }
        m_fields.append(FieldDecoder(field));
        m_metadata.append(FieldMetadata(field, metadata));
    }
    QString why;
    if (m_segment->geometry().kind == engine::Kind::VariableArray && layout.text() == u"u8"_s)
        m_document = DocumentContent::of(metadata, &why);
}

std::optional<QString> ElementPreview::read()
{
    const engine::Geometry &geometry = m_segment->geometry();
    if (geometry.kind == engine::Kind::Stream)
        return readNewestOfStream();
    m_bytes.resize(static_cast<qsizetype>(std::min<quint64>(geometry.payloadSize, MostPreviewedBytes)));
    sharedsegment::RevisionInfo revision;
    if (!m_segment->tryRead(std::as_writable_bytes(std::span(m_bytes.data(), static_cast<std::size_t>(m_bytes.size()))),
                            0, &revision))
        return std::nullopt;
    if (revision.number == 0)
        return QString();
    return m_document ? documentText(revision.count) : elementsText(revision.count);
}

std::optional<QString> ElementPreview::readNewestOfStream()
{
    if (m_elementSize > MostPreviewedBytes)
        return QString();
    const engine::RingBuffer &elements = *m_segment->content().ringBuffer();
    const quint64 position = elements.position();
    if (position == 0)
        return QString();
    m_bytes.resize(m_elementSize);
    const auto read =
        elements.read(position - 1,
                      std::as_writable_bytes(std::span(m_bytes.data(), static_cast<std::size_t>(m_elementSize))));
    return read.count == 0 ? std::nullopt : std::optional(elementsText(1));
}

QString ElementPreview::documentText(quint64 bytes) const
{
    if (bytes > static_cast<quint64>(m_bytes.size()))
        return ReadableText::bytes(static_cast<double>(bytes));
    QString why;
    const auto value = m_document->decode(m_bytes.first(static_cast<qsizetype>(bytes)), &why);
    return value ? shortened(textOfDocument(*value).simplified()) : QString();
}

QString ElementPreview::elementsText(quint64 count) const
{
    const quint64 whole = static_cast<quint64>(m_bytes.size() / m_elementSize);
    const quint64 there = std::min(count, std::max<quint64>(whole, 1));
    QString text;
    quint64 shown = 0;
    for (; shown < there && text.size() < MostCharacters; ++shown) {
        if (shown > 0)
            text += m_isStruct ? u"; "_s : u", "_s;
        appendElement(&text, reinterpret_cast<const std::byte *>(m_bytes.constData())
                                 + static_cast<qsizetype>(shown) * m_elementSize);
    }
    return shortened(std::move(text), shown < count);
}

void ElementPreview::appendElement(QString *text, const std::byte *element) const
{
    for (qsizetype i = 0; i < m_fields.size() && text->size() < MostCharacters; ++i) {
        if (i > 0)
            *text += u", "_s;
        *text += m_metadata.at(i).text(m_fields.at(i), element);
    }
    if (m_hasMoreFields)
        *text += u", …"_s;
}
