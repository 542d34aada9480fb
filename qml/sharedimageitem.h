// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentqml_export.h"

#include <SharedSegment/SharedSegment>

#include <QtCore/QSize>
#include <QtCore/QString>
#include <QtQml/qqmlregistration.h>
#include <QtQuick/QQuickItem>

#include <memory>

class SharedImageItemPrivate;

/// Shows the newest picture of a segment; the QML type `SharedImage`.
///
/// The segment is an array of `u8` of variable count, whose revisions are pictures with a header (format, section 16), and whose
/// metadata say `content: "image/x-raw"`. Size and format may change with each revision. An item without a size of its own is as
/// large as the picture. The rotation that the header says is applied; the transfer function is not, so that pictures of PQ and HLG
/// are pale. Pixels with alpha are premultiplied.
///
/// While the item or its window is hidden, it reads nothing. The last picture stays when its publisher closes or is killed: bind to
/// `stale` what shows that. A revision that is no picture is shown as nothing, and `errorString` says why.
class SHAREDSEGMENTQML_EXPORT SharedImageItem : public QQuickItem
{
    Q_OBJECT
    QML_NAMED_ELEMENT(SharedImage)

    /// The segment to show. The item does not own it. Default: null. Notifies when another segment is set and when the segment
    /// is destroyed.
    Q_PROPERTY(SharedSegment *segment READ segment WRITE setSegment NOTIFY segmentChanged FINAL)
    /// How the picture fills the item. Default: Stretch. Notifies when another value is set.
    Q_PROPERTY(FillMode fillMode READ fillMode WRITE setFillMode NOTIFY fillModeChanged FINAL)
    /// Whether left and right of the picture as shown are exchanged. Default: false. Notifies when another value is set.
    Q_PROPERTY(bool mirror READ mirror WRITE setMirror NOTIFY mirrorChanged FINAL)
    /// Size of the picture shown, in its pixels, after its rotation; empty without one. Default: empty. Notifies when it
    /// changes.
    Q_PROPERTY(QSize sourceSize READ sourceSize NOTIFY sourceSizeChanged FINAL)
    /// Pixel format of the picture shown, as a fourcc code of DRM such as `XR24` or `NV12`; empty without one. Default: empty.
    /// Notifies when it changes.
    Q_PROPERTY(QString pixelFormat READ pixelFormat NOTIFY pixelFormatChanged FINAL)
    /// Number of the revision shown; 0 without one. Default: 0. Notifies when the item shows another revision.
    Q_PROPERTY(quint64 revision READ revision NOTIFY revisionChanged FINAL)
    /// Whether the picture is not live: `stale` of the segment, and true without a segment. Default: true. Notifies when it
    /// changes.
    Q_PROPERTY(bool stale READ isStale NOTIFY staleChanged FINAL)
    /// Why the newest revision is not shown; empty without a failure. Default: empty. Notifies when it changes.
    Q_PROPERTY(QString errorString READ errorString NOTIFY errorStringChanged FINAL)

public:
    /// How a picture fills the item.
    enum class FillMode {
        Stretch,            ///< all of the item, with the proportions of the item
        PreserveAspectFit,  ///< as large as possible within the item, and centred
        PreserveAspectCrop, ///< all of the item; what is beyond its edges is cut off
    };
    Q_ENUM(FillMode)

    /// Makes an item without a segment.
    explicit SharedImageItem(QQuickItem *parent = nullptr);
    ~SharedImageItem() override;

    /// Returns the segment shown, or null.
    SharedSegment *segment() const;
    /// Shows another segment, or none if `segment` is null. See the property `segment`.
    void setSegment(SharedSegment *segment);
    /// Returns how the picture fills the item. See the property `fillMode`.
    FillMode fillMode() const;
    /// Sets how the picture fills the item. See the property `fillMode`.
    void setFillMode(FillMode fillMode);
    /// Returns whether left and right are exchanged. See the property `mirror`.
    bool mirror() const;
    /// Sets whether left and right are exchanged. See the property `mirror`.
    void setMirror(bool mirror);
    /// Returns the size of the picture shown. See the property `sourceSize`.
    QSize sourceSize() const;
    /// Returns the pixel format of the picture shown. See the property `pixelFormat`.
    QString pixelFormat() const;
    /// Returns the number of the revision shown. See the property `revision`.
    quint64 revision() const;
    /// Returns whether the picture is not live. See the property `stale`.
    bool isStale() const;
    /// Returns isStale().
    bool stale() const { return isStale(); }
    /// Returns why the newest revision is not shown. See the property `errorString`.
    QString errorString() const;

Q_SIGNALS:
    /// Emitted when another segment is set, and when the segment is destroyed.
    void segmentChanged();
    /// Emitted when `fillMode` changes.
    void fillModeChanged();
    /// Emitted when `mirror` changes.
    void mirrorChanged();
    /// Emitted when `sourceSize` changes.
    void sourceSizeChanged();
    /// Emitted when `pixelFormat` changes.
    void pixelFormatChanged();
    /// Emitted when the item shows another revision.
    void revisionChanged();
    /// Emitted when `stale` changes.
    void staleChanged();
    /// Emitted when `errorString` changes.
    void errorStringChanged();

protected:
    /// Draws the picture.
    QSGNode *updatePaintNode(QSGNode *oldNode, UpdatePaintNodeData *data) override;
    /// Reads the newest picture before a frame.
    void updatePolish() override;
    /// Follows whether the item can be seen.
    void itemChange(ItemChange change, const ItemChangeData &value) override;
    /// Reads the first picture once all properties are set.
    void componentComplete() override;

private:
    friend class SharedImageItemPrivate;
    Q_DISABLE_COPY_MOVE(SharedImageItem)
    std::unique_ptr<SharedImageItemPrivate> d;
};
