// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "curveshape.h"

#include <QtGui/QColor>

class QSGGeometry;

/// Triangles for lines of a curve, with soft edges as an anti-aliasing painter gives them.
namespace LineGeometry {

/// Returns a strip of coloured vertices. @param width of the lines, in pixels
QSGGeometry *make(const CurveShape::Lines &lines, double width, const QColor &color);

/// Fills a strip with the areas between the lines and their base.
void fillAreas(QSGGeometry *geometry, const CurveShape::Lines &lines);

} // namespace LineGeometry
