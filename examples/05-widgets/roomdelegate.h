// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtGui/QColor>
#include <QtWidgets/QStyledItemDelegate>

/// The columns of `building/rooms`.
enum class RoomColumn { Name, Temperature, Target, Power };

/// Draws the figures of a room: temperature as a bar with a mark at the target, power as a bar.
class RoomDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    /// Draws in grey if `live` is false, for data that is no longer updated.
    void setLive(bool live) { m_isLive = live; }

    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    /// Fills an editor only once, so that the user's input stays if another process changes the same value.
    void setEditorData(QWidget *editor, const QModelIndex &index) const override;

private:
    bool m_isLive = true;
};
