// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "plotshapes.h"

#include <QtCore/QHash>
#include <QtGui/QFontMetricsF>
#include <QtGui/QImage>
#include <QtGui/QPainter>
#include <QtQuick/QQuickWindow>
#include <QtQuick/QSGImageNode>
#include <QtQuick/QSGRectangleNode>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

using namespace Qt::StringLiterals;

namespace {

constexpr int TextMargin = 1; // for the edges of letters that reach beyond their width

/// The textures of the texts, by text and colour. Belongs to the thread of the scene graph.
class TextTextures
{
public:
    struct Entry
    {
        std::unique_ptr<QSGTexture> texture;
        QPointF origin; ///< of the baseline, within the texture
        QSizeF size;
        bool isUsed = true;
    };

    void prepare(const QFont &font, double ratio)
    {
        if (m_font != font || m_ratio != ratio)
            m_entries.clear();
        m_font = font;
        m_ratio = ratio;
        for (auto &[key, entry] : m_entries)
            entry.isUsed = false;
    }

    const Entry &of(QQuickWindow *window, const QString &text, const QColor &color)
    {
        const QString key = color.name(QColor::HexArgb) + text;
        const auto at = std::find_if(m_entries.begin(), m_entries.end(), [&](const auto &e) { return e.first == key; });
        if (at != m_entries.end()) {
            at->second.isUsed = true;
            return at->second;
        }
        return m_entries.emplace_back(key, paint(window, text, color)).second;
    }

    void removeUnused()
    {
        std::erase_if(m_entries, [](const auto &entry) { return !entry.second.isUsed; });
    }

private:
    Entry paint(QQuickWindow *window, const QString &text, const QColor &color) const
    {
        const QFontMetricsF metrics(m_font);
        const double ascent = std::ceil(metrics.ascent());
        const QSizeF size(std::ceil(metrics.horizontalAdvance(text)) + 2 * TextMargin,
                          ascent + std::ceil(metrics.descent()) + 2 * TextMargin);
        const QSize pixels(static_cast<int>(std::ceil(size.width() * m_ratio)),
                           static_cast<int>(std::ceil(size.height() * m_ratio)));
        QImage image(pixels, QImage::Format_ARGB32_Premultiplied);
        image.setDevicePixelRatio(m_ratio);
        image.fill(Qt::transparent);
        const QPointF origin(TextMargin, ascent + TextMargin);
        QPainter painter(&image);
        painter.setFont(m_font);
        painter.setPen(color);
        painter.drawText(origin, text);
        painter.end();
        image.setDevicePixelRatio(1);
        return {std::unique_ptr<QSGTexture>(window->createTextureFromImage(image)), origin, QSizeF(pixels) / m_ratio};
    }

    QFont m_font;
    double m_ratio = 0;
    // Few enough that a list is quick.
    std::vector<std::pair<QString, Entry>> m_entries;
};

/// Without a transform of its own, the software renderer (Qt 6.4) would draw children that come later at the window's origin.
class ShapesNode final : public QSGTransformNode
{
public:
    ~ShapesNode() override
    {
        // The nodes before the textures that they use.
        resize(&m_images, 0, [] { return nullptr; });
        resize(&m_rectangles, 0, [] { return nullptr; });
    }

    void update(QQuickWindow *window, const PlotShapes &shapes, const QFont &font, double ratio)
    {
        const auto toPixel = [&](double place) { return std::round(place * ratio) / ratio; };
        resize(&m_rectangles, shapes.rectangles.size(), [&] { return window->createRectangleNode(); });
        for (std::size_t i = 0; i < m_rectangles.size(); ++i) {
            const auto &[rect, color] = shapes.rectangles[static_cast<qsizetype>(i)];
            // At least one pixel, and as many for lines of the same width wherever they are.
            const double least = 1 / ratio;
            m_rectangles[i]->setRect(QRectF(toPixel(rect.x()), toPixel(rect.y()),
                                            std::max(toPixel(rect.width()), least),
                                            std::max(toPixel(rect.height()), least)));
            m_rectangles[i]->setColor(color);
            show(m_rectangles[i]);
        }
        m_textures.prepare(font, ratio);
        resize(&m_images, shapes.texts.size(), [&] { return window->createImageNode(); });
        for (std::size_t i = 0; i < m_images.size(); ++i) {
            const auto &[text, baseline, color] = shapes.texts[static_cast<qsizetype>(i)];
            const TextTextures::Entry &entry = m_textures.of(window, text, color);
            if (!entry.texture)
                continue; // without memory
            const QPointF corner = baseline - entry.origin;
            m_images[i]->setTexture(entry.texture.get());
            m_images[i]->setFiltering(QSGTexture::Nearest);
            m_images[i]->setRect(QRectF(QPointF(toPixel(corner.x()), toPixel(corner.y())), entry.size));
            m_images[i]->setSourceRect(QRectF(QPointF(0, 0), QSizeF(entry.texture->textureSize())));
            show(m_images[i]);
        }
        m_textures.removeUnused();
    }

private:
    template<typename Node, typename Create>
    void resize(std::vector<Node *> *nodes, qsizetype size, Create create)
    {
        const auto count = static_cast<std::size_t>(size);
        while (nodes->size() > count) {
            if (nodes->back()->parent())
                removeChildNode(nodes->back());
            delete nodes->back();
            nodes->pop_back();
        }
        while (nodes->size() < count)
            nodes->push_back(create());
    }

    /// Puts a new node into the scene; the software renderer reads its texture at once.
    void show(QSGNode *node)
    {
        if (!node->parent())
            appendChildNode(node);
    }

    std::vector<QSGRectangleNode *> m_rectangles;
    std::vector<QSGImageNode *> m_images;
    TextTextures m_textures;
};

} // namespace

PlotShapesItem::PlotShapesItem(QQuickItem *parent)
    : QQuickItem(parent)
{
    setFlag(ItemHasContents);
}

void PlotShapesItem::setShapes(const PlotShapes &shapes)
{
    if (m_shapes == shapes)
        return;
    m_shapes = shapes;
    update();
}

void PlotShapesItem::setFont(const QFont &font)
{
    if (std::exchange(m_font, font) != font)
        update();
}

double PlotShapesItem::pixelRatio() const
{
    return window() ? window()->effectiveDevicePixelRatio() : 1;
}

QSGNode *PlotShapesItem::updatePaintNode(QSGNode *node, UpdatePaintNodeData *)
{
    if (m_shapes.rectangles.isEmpty() && m_shapes.texts.isEmpty()) {
        delete node;
        return nullptr;
    }
    auto *const shapes = node ? static_cast<ShapesNode *>(node) : new ShapesNode;
    shapes->update(window(), m_shapes, m_font, pixelRatio());
    return shapes;
}

void PlotShapesItem::itemChange(ItemChange change, const ItemChangeData &value)
{
    QQuickItem::itemChange(change, value);
    if (change == ItemDevicePixelRatioHasChanged || change == ItemSceneChange)
        update();
}
