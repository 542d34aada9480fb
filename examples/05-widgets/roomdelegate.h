// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtGui/QColor>
#include <QtWidgets/QStyledItemDelegate>

/// The columns of `building/rooms`.
enum class RoomColumn { Name, Temperature, Target, Power };

/// Draws a room's figures: its temperature as a bar with a mark where it should be, its power as a bar.
class RoomDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    /// Grey, for what is no longer updated.
    void setLive(bool live) { m_isLive = live; }

    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    /// Once for each editor: what is being typed stays, also if somebody else changes the same value meanwhile.
    void setEditorData(QWidget *editor, const QModelIndex &index) const override;

private:
    bool m_isLive = true;
};
