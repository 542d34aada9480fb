// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The picture that a SharedImage shows.

#include "sharedimageitem_p.h"

#include "../src/core/memorycheck_p.h"
#include "imagepixels.h"

#include <QtCore/QPointer>
#include <QtQuick/QQuickWindow>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

using namespace Qt::StringLiterals;

namespace {

/// Attempts to read a picture into space for as many bytes as the newest one had just before.
constexpr int PictureTries = 3;
/// The most pixels of a row and of a column: what Qt paints.
constexpr quint32 MostPixelsAcross = 32767;
/// What a pixel takes in a texture.
constexpr qsizetype TextureBytes = 4;

/// Reads the header of a picture that can be shown. @returns nothing with the reason in `fault`
std::optional<ImageHeader> readHeader(std::span<const std::byte> bytes, const SharedRevision &revision,
                                      ImageHeader::Fault *fault)
{
    const std::optional<ImageHeader> header = ImageHeader::read(bytes, quint64(revision.count), fault);
    if (!header)
        return std::nullopt;
    if (std::max(header->width, header->height) > MostPixelsAcross) {
        *fault = {"pixels",
                  u"has %1 x %2 pixels, and at most %3 are shown in each direction; divide it"_s.arg(header->width)
                      .arg(header->height)
                      .arg(MostPixelsAcross)};
        return std::nullopt;
    }
    if (!hasMemoryFor(static_cast<qint64>(header->size()))
        || !hasMemoryFor(qint64(header->width) * header->height, TextureBytes)) {
        *fault = {"memory", u"has %1 x %2 pixels, which do not fit into memory; end programs that take much memory"_s
                                .arg(header->width)
                                .arg(header->height)};
        return std::nullopt;
    }
    return header;
}

} // namespace

SharedImageItemPrivate::SharedImageItemPrivate(SharedImageItem *item)
    : q(item)
    , m_follower(SegmentFollower::Shows::Arrays, u"SharedImage"_s, q)
{
    QObject::connect(&m_follower, &SegmentFollower::changed, q, [this] { sync(); });
    QObject::connect(&m_follower, &SegmentFollower::updated, q, [this] {
        m_isDirty = true;
        q->polish();
    });
    QObject::connect(&m_follower, &SegmentFollower::segmentDestroyed, q, [this] {
        const QPointer<SharedImageItem> guard(q);
        Q_EMIT q->segmentChanged();
        if (guard)
            Q_EMIT q->staleChanged();
    });
    m_follower.setPaused(true); // until a window has the item
}

bool SharedImageItemPrivate::setSegment(SharedSegment *segment)
{
    if (segment == this->segment())
        return false;
    if (this->segment())
        QObject::disconnect(this->segment(), &SharedSegment::staleChanged, q, nullptr);
    if (segment)
        QObject::connect(segment, &SharedSegment::staleChanged, q, &SharedImageItem::staleChanged);
    m_instance.clear();
    m_reported.clear();
    const QPointer<SharedImageItem> guard(q);
    show(QImage(), {}, 0); // not the picture of another segment
    if (guard)
        setErrorString(QString());
    if (guard)
        m_follower.setSegment(segment);
    return guard;
}

void SharedImageItemPrivate::sync()
{
    if (!q->isComponentComplete())
        return;
    m_isDirty = true;
    q->polish();
}

void SharedImageItemPrivate::followVisibility()
{
    QObject::disconnect(m_window);
    QQuickWindow *const window = q->window();
    if (window)
        m_window = QObject::connect(window, &QWindow::visibleChanged, q, [this] { followVisibility(); });
    // A window that Qt renders elsewhere has no handle, and is not visible itself.
    const bool isHidden = !window || !q->isVisible() || (window->handle() && !window->isVisible());
    m_follower.setPaused(isHidden);
    if (!isHidden && m_isDirty)
        q->polish();
}

QSize SharedImageItemPrivate::shownSize() const
{
    return m_header.rotation % 180 == 0 ? m_image.size() : m_image.size().transposed();
}

QString SharedImageItemPrivate::whyNoPictures() const
{
    const QString name = segment()->name();
    if (segment()->kind() != SharedSegment::Kind::VariableArray || segment()->layoutText() != "u8"_L1)
        return u"\"%1\" has no pictures, which are in an array of u8 of variable count; show it by another type"_s.arg(
            name);
    // Simple programs set no metadata; the header of a picture says enough.
    const QString content = segment()->metadata().value(u"content"_s).toString();
    if (!content.isEmpty() && content.section(u';', 0, 0).trimmed().toLower() != ImageHeader::content())
        return u"\"%1\" has the content \"%2\", and a picture is %3; show it by another type"_s.arg(
            name, content, ImageHeader::content());
    return QString();
}

std::optional<SharedImageItemPrivate::Picture> SharedImageItemPrivate::read(SharedRevision *revision,
                                                                            ImageHeader::Fault *fault) const
{
    Picture picture;
    for (int tries = 0; tries < PictureTries; ++tries) {
        std::array<std::byte, ImageHeader::Size> start{};
        if (!segment()->tryRead(std::span(start).first(0), 0, revision) || revision->number == 0)
            return std::nullopt;
        // The segment's capacity may be less than a header.
        const auto there = std::min<qsizetype>(qsizetype(start.size()), qsizetype(segment()->size()));
        if (!segment()->tryRead(std::span(start).first(std::size_t(there)), 0, revision))
            return std::nullopt;
        const std::optional<ImageHeader> header = readHeader(start, *revision, fault);
        if (!header)
            return std::nullopt;
        const auto size = static_cast<qint64>(header->size());
        picture.bytes = QByteArray(qsizetype(size), Qt::Uninitialized);
        const auto bytes = std::as_writable_bytes(std::span(picture.bytes.data(), std::size_t(size)));
        if (!segment()->tryRead(bytes, 0, revision))
            return std::nullopt;
        // This revision may be another one.
        const std::optional<ImageHeader> copied = readHeader(bytes, *revision, fault);
        if (!copied)
            return std::nullopt;
        if (copied->size() <= quint64(size)) {
            picture.header = *copied;
            return picture;
        }
    }
    return std::nullopt;
}

void SharedImageItemPrivate::refresh()
{
    if (!std::exchange(m_isDirty, false))
        return;
    if (m_follower.isPaused()) {
        m_isDirty = true;
        return;
    }
    const QPointer<SharedImageItem> guard(q);
    if (!m_follower.isOpen()) {
        setErrorString(m_follower.otherKind());
        if (guard && !segment())
            show(QImage(), {}, 0);
        return; // Of a segment that is closed, the picture stays.
    }
    if (const QString why = whyNoPictures(); !why.isEmpty()) {
        showNone(u"kind"_s, SharedSegment::Error::LayoutMismatch, why);
        return;
    }
    SharedRevision revision;
    ImageHeader::Fault fault;
    std::optional<Picture> picture = read(&revision, &fault);
    QImage image;
    if (picture) {
        image = ImagePixels::toImage(std::move(picture->bytes), picture->header);
        if (image.isNull())
            fault = {"memory", u"has %1 x %2 pixels, for which there is no memory; end programs that take much memory"_s
                                   .arg(picture->header.width)
                                   .arg(picture->header.height)};
    }
    if (!image.isNull() || (fault.text.isEmpty() && revision.number == 0)) {
        setErrorString(QString());
        if (guard)
            show(image, picture ? picture->header : ImageHeader(), revision.number);
    } else if (!fault.text.isEmpty()) {
        const bool isMemory = QLatin1String(fault.field) == "memory"_L1;
        const QString text = u"the newest revision of \"%1\" %2"_s.arg(segment()->name(), fault.text);
        showNone(QString::fromLatin1(fault.field),
                 isMemory ? SharedSegment::Error::OutOfMemory : SharedSegment::Error::InvalidValue, text);
    }
}

void SharedImageItemPrivate::show(const QImage &image, const ImageHeader &header, quint64 revision)
{
    const QSize sizeBefore = shownSize();
    const quint32 formatBefore = m_header.format;
    m_isTextureOld = true;
    m_image = image;
    m_header = header;
    q->update();
    const bool isOtherRevision = std::exchange(m_revision, revision) != revision;
    const QPointer<SharedImageItem> guard(q);
    if (shownSize() != sizeBefore) {
        q->setImplicitSize(shownSize().width(), shownSize().height());
        if (guard)
            Q_EMIT q->sourceSizeChanged();
    }
    if (guard && m_header.format != formatBefore)
        Q_EMIT q->pixelFormatChanged();
    if (guard && isOtherRevision)
        Q_EMIT q->revisionChanged();
}

void SharedImageItemPrivate::showNone(const QString &cause, SharedSegment::Error error, const QString &why)
{
    const QPointer<SharedImageItem> guard(q);
    const QPointer<SharedSegment> segment(this->segment());
    setErrorString(why);
    if (guard)
        show(QImage(), {}, 0);
    if (!guard || !segment)
        return;
    // A publisher may repeat the fault in each revision.
    if (std::exchange(m_instance, segment->instance()) != segment->instance())
        m_reported.clear();
    if (m_reported.contains(cause))
        return;
    m_reported.insert(cause);
    const FailureScope scope = m_follower.failuresOf(cause);
    segment->setError(error, why);
}

void SharedImageItemPrivate::setErrorString(const QString &text)
{
    if (std::exchange(m_errorString, text) != text)
        Q_EMIT q->errorStringChanged();
}
