// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../src/core/imageheader_p.h"

#include <QtCore/QByteArray>
#include <QtGui/QImage>

/// The pixels of a picture as a QImage.
namespace ImagePixels {

/// Returns the picture, not turned. RGB and grey stay in `revision`, which the image keeps; YUV is converted.
/// @param revision the bytes of a revision from its start, at least header.size(); not shared with another object
/// @returns a null image if it is too large for a QImage, or without memory for a copy
QImage toImage(QByteArray &&revision, const ImageHeader &header);

/// Converts YUV to Format_RGB32 with the matrix and the range of the header; pixels that share chroma have the same. @param revision
/// as above @param image as large as the picture
void convertYuv(const uchar *revision, const ImageHeader &header, QImage *image);

/// Returns whether a format is YUV.
bool isYuv(quint32 format);

} // namespace ImagePixels
