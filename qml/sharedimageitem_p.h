// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedimageitem.h"

#include "../src/core/imageheader_p.h"
#include "../src/core/segmentfollower_p.h"

#include <QtCore/QSet>
#include <QtGui/QImage>

#include <optional>

class SharedImageItemPrivate
{
public:
    explicit SharedImageItemPrivate(SharedImageItem *item);

    SharedSegment *segment() const { return m_follower.segment(); }
    bool setSegment(SharedSegment *segment);
    /// Reads what is open now, before the next frame.
    void sync();
    /// Reads the newest revision, if there may be another one.
    void refresh();
    /// Receives updates only while the item can be seen.
    void followVisibility();
    /// Returns the size of the picture after its rotation.
    QSize shownSize() const;

    SharedImageItem *const q;
    SegmentFollower m_follower;
    SharedImageItem::FillMode m_fillMode = SharedImageItem::FillMode::Stretch;
    bool m_isMirrored = false;
    QImage m_image;              ///< not turned; null without a picture
    bool m_isTextureOld = false; ///< the image has changed since its texture was made
    ImageHeader m_header;        ///< of the image
    quint64 m_revision = 0;
    QString m_errorString;

private:
    struct Picture
    {
        QByteArray bytes;
        ImageHeader header;
    };

    /// Says why the open segment has no pictures. @returns an empty text if it has.
    QString whyNoPictures() const;
    /// Copies the newest revision. @returns nothing if a writer interfered, whose update triggers the next read, or if it is no
    /// picture; then `fault` says why.
    std::optional<Picture> read(SharedRevision *revision, ImageHeader::Fault *fault) const;
    void show(const QImage &image, const ImageHeader &header, quint64 revision);
    /// Shows nothing for a reason. The segment's error is set once for each field at fault.
    void showNone(const QString &cause, SharedSegment::Error error, const QString &why);
    void setErrorString(const QString &text);

    bool m_isDirty = false;
    QString m_instance;       ///< whose faults the segment's error has told
    QSet<QString> m_reported; ///< these faults
    QMetaObject::Connection m_window;
};
