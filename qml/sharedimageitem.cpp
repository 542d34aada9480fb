// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The properties of a SharedImage, and how it draws.

#include "sharedimageitem.h"

#include "sharedimageitem_p.h"

#include <QtCore/QPointer>
#include <QtGui/QMatrix4x4>
#include <QtQuick/QQuickWindow>
#include <QtQuick/QSGImageNode>
#include <QtQuick/QSGNode>
#include <QtQuick/QSGTexture>

#include <utility>

namespace {

/// Returns the part of 1 that is seen in each direction, when what is `scaled` is cut to `size`.
QSizeF seenPart(const QSizeF &size, const QSizeF &scaled)
{
    return {qMin(size.width() / scaled.width(), 1.0), qMin(size.height() / scaled.height(), 1.0)};
}

} // namespace

SharedImageItem::SharedImageItem(QQuickItem *parent)
    : QQuickItem(parent)
    , d(std::make_unique<SharedImageItemPrivate>(this))
{
    setFlag(ItemHasContents);
    d->followVisibility();
}

SharedImageItem::~SharedImageItem() = default;

QSGNode *SharedImageItem::updatePaintNode(QSGNode *oldNode, UpdatePaintNodeData *)
{
    auto *node = static_cast<QSGTransformNode *>(oldNode);
    if (d->m_image.isNull() || width() <= 0 || height() <= 0) {
        delete node;
        return nullptr;
    }
    const bool isNew = !node;
    if (isNew) {
        node = new QSGTransformNode;
        QSGImageNode *const image = window()->createImageNode();
        image->setOwnsTexture(true);
        node->appendChildNode(image);
    }
    auto *const image = static_cast<QSGImageNode *>(node->firstChild());
    if (std::exchange(d->m_isTextureOld, false) || isNew)
        image->setTexture(window()->createTextureFromImage(d->m_image));

    const QSizeF shown = d->shownSize();
    QSizeF drawn = size();
    QSizeF part(1, 1);
    if (d->m_fillMode == FillMode::PreserveAspectFit)
        drawn = shown.scaled(size(), Qt::KeepAspectRatio);
    else if (d->m_fillMode == FillMode::PreserveAspectCrop)
        part = seenPart(size(), shown.scaled(size(), Qt::KeepAspectRatioByExpanding));
    // The picture around its centre, turned, then exchanged left with right.
    QMatrix4x4 matrix;
    matrix.translate(float(width() / 2), float(height() / 2));
    if (d->m_isMirrored)
        matrix.scale(-1, 1);
    matrix.rotate(float(d->m_header.rotation), 0, 0, 1);
    node->setMatrix(matrix);
    if (d->m_header.rotation % 180 != 0) {
        drawn.transpose();
        part.transpose();
    }
    const QSizeF texture = image->texture()->textureSize();
    const QSizeF source(texture.width() * part.width(), texture.height() * part.height());
    image->setSourceRect((texture.width() - source.width()) / 2, (texture.height() - source.height()) / 2,
                         source.width(), source.height());
    image->setRect(-drawn.width() / 2, -drawn.height() / 2, drawn.width(), drawn.height());
    image->setFiltering(smooth() ? QSGTexture::Linear : QSGTexture::Nearest);
    return node;
}

void SharedImageItem::updatePolish()
{
    d->refresh();
}

void SharedImageItem::itemChange(ItemChange change, const ItemChangeData &value)
{
    QQuickItem::itemChange(change, value);
    if (change == ItemVisibleHasChanged || change == ItemSceneChange)
        d->followVisibility();
}

void SharedImageItem::componentComplete()
{
    QQuickItem::componentComplete();
    d->sync();
}

SharedSegment *SharedImageItem::segment() const
{
    return d->segment();
}

void SharedImageItem::setSegment(SharedSegment *segment)
{
    const QPointer<SharedImageItem> guard(this);
    const bool wasStale = isStale();
    if (!d->setSegment(segment))
        return;
    Q_EMIT segmentChanged();
    if (guard && isStale() != wasStale)
        Q_EMIT staleChanged();
}

SharedImageItem::FillMode SharedImageItem::fillMode() const
{
    return d->m_fillMode;
}

void SharedImageItem::setFillMode(FillMode fillMode)
{
    if (std::exchange(d->m_fillMode, fillMode) == fillMode)
        return;
    update();
    Q_EMIT fillModeChanged();
}

bool SharedImageItem::mirror() const
{
    return d->m_isMirrored;
}

void SharedImageItem::setMirror(bool mirror)
{
    if (std::exchange(d->m_isMirrored, mirror) == mirror)
        return;
    update();
    Q_EMIT mirrorChanged();
}

QSize SharedImageItem::sourceSize() const
{
    return d->shownSize();
}

QString SharedImageItem::pixelFormat() const
{
    return d->m_image.isNull() ? QString() : PixelFormat::name(d->m_header.format);
}

quint64 SharedImageItem::revision() const
{
    return d->m_revision;
}

bool SharedImageItem::isStale() const
{
    return !d->segment() || d->segment()->isStale();
}

QString SharedImageItem::errorString() const
{
    return d->m_errorString;
}
