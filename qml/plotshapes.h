// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QList>
#include <QtCore/QRectF>
#include <QtCore/QString>
#include <QtGui/QColor>
#include <QtGui/QFont>
#include <QtQuick/QQuickItem>

/// Rectangles and texts around the data of a plot.
struct PlotShapes
{
    struct Rectangle
    {
        QRectF rect;
        QColor color;

        bool operator==(const Rectangle &) const = default;
    };

    struct Text
    {
        QString text;
        QPointF baseline; ///< its left end
        QColor color;

        bool operator==(const Text &) const = default;
    };

    QList<Rectangle> rectangles;
    QList<Text> texts;

    bool operator==(const PlotShapes &) const = default;
};

/// Draws shapes at whole pixels of the screen, by nodes that each renderer has. A text is painted once, and its texture is
/// kept while the text is shown.
class PlotShapesItem : public QQuickItem
{
    Q_OBJECT

public:
    explicit PlotShapesItem(QQuickItem *parent);

    void setShapes(const PlotShapes &shapes);
    void setFont(const QFont &font);

    /// Returns the device pixels of a pixel, 1 without a window.
    double pixelRatio() const;

protected:
    QSGNode *updatePaintNode(QSGNode *node, UpdatePaintNodeData *data) override;
    void itemChange(ItemChange change, const ItemChangeData &value) override;

private:
    PlotShapes m_shapes;
    QFont m_font;
};
