// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "roomdelegate.h"

#include <SharedSegment/SharedArrayModel>

#include <QtGui/QPainter>
#include <QtWidgets/QDoubleSpinBox>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace {

constexpr double Coldest = 5; // °C, the left end of the bar
constexpr double Warmest = 30;
constexpr double MostPower = 2000;
constexpr int Margin = 24;
constexpr int FigureWidth = 84;
constexpr int BarHeight = 8;

double share(double value, double from, double to)
{
    const double result = (value - from) / (to - from);
    return std::isfinite(result) ? std::clamp(result, 0.0, 1.0) : 0;
}

} // namespace

void RoomDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto column = static_cast<RoomColumn>(index.column());
    const QPalette &palette = option.palette;
    const QRect cell = option.rect;
    const QRect inner = cell.adjusted(Margin, 0, -Margin, 0);
    painter->save();
    painter->setFont(option.font);
    painter->setRenderHint(QPainter::Antialiasing);
    if (option.state & QStyle::State_Selected)
        painter->fillRect(cell, palette.highlight());
    painter->fillRect(QRect(cell.left(), cell.bottom(), cell.width(), 1), palette.mid());

    painter->setPen(palette.color(m_isLive ? QPalette::Text : QPalette::PlaceholderText));
    if (column == RoomColumn::Name) {
        painter->drawText(inner, Qt::AlignVCenter | Qt::AlignLeft, index.data().toString());
        painter->restore();
        return;
    }
    const double value = index.data(Qt::EditRole).toDouble();
    const QString figure = index.data(SharedArrayModel::TextRole).toString();
    const QRect place(inner.left(), inner.top(), FigureWidth - 18, inner.height());
    painter->drawText(place, Qt::AlignVCenter | Qt::AlignRight | Qt::TextDontClip, figure);
    if (column != RoomColumn::Target) {
        const QRectF track(inner.left() + FigureWidth, cell.center().y() - BarHeight / 2.0 + 1,
                           std::max(0, inner.width() - FigureWidth), BarHeight);
        const bool isPower = column == RoomColumn::Power;
        const double part = isPower ? share(value, 0, MostPower) : share(value, Coldest, Warmest);
        const QColor color = !m_isLive ? QColor(0x77, 0x82, 0x8f)
                           : isPower   ? QColor(0xff, 0xb8, 0x4d)
                                       : QColor(0x58, 0xb4, 0xff);
        painter->setPen(Qt::NoPen);
        painter->setBrush(palette.midlight());
        painter->drawRoundedRect(track, 3, 3);
        painter->setBrush(color);
        QRectF bar = track;
        bar.setWidth(track.width() * part);
        painter->drawRoundedRect(bar, 3, 3);
        if (!isPower) {
            const double target =
                index.siblingAtColumn(static_cast<int>(RoomColumn::Target)).data(Qt::EditRole).toDouble();
            painter->setBrush(palette.text());
            painter->drawRect(QRectF(track.left() + track.width() * share(target, Coldest, Warmest) - 1,
                                     track.top() - 4, 2, track.height() + 8));
        }
    }
    painter->restore();
}

QWidget *RoomDelegate::createEditor(QWidget *parent, const QStyleOptionViewItem &, const QModelIndex &index) const
{
    // The building computes the other columns itself.
    if (static_cast<RoomColumn>(index.column()) != RoomColumn::Target)
        return nullptr;
    auto *const editor = new QDoubleSpinBox(parent);
    editor->setFrame(false);
    editor->setAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    editor->setDecimals(1);
    editor->setSingleStep(0.5);
    editor->setRange(Coldest, Warmest);
    editor->setSuffix(u" °C"_s);
    return editor;
}

void RoomDelegate::setEditorData(QWidget *editor, const QModelIndex &index) const
{
    constexpr const char *IsFilled = "isFilled";
    if (editor->property(IsFilled).toBool())
        return;
    QStyledItemDelegate::setEditorData(editor, index);
    editor->setProperty(IsFilled, true);
}
