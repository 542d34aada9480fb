// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "roomdelegate.h"

#include <SharedSegment/SharedArrayModel>

#include <QtCore/QSortFilterProxyModel>
#include <QtWidgets/QWidget>

class QLabel;
class QLineEdit;
class QTableView;

/// The rooms in a table that can be sorted, searched and, in one column, edited.
class RoomWindow : public QWidget
{
    Q_OBJECT

public:
    explicit RoomWindow(QWidget *parent = nullptr);

    const SharedSegment &segment() const { return m_segment; }
    QString headline() const;

Q_SIGNALS:
    void headlineChanged();

private:
    void showState();
    void arrangeColumns();

    SharedSegment m_segment;
    SharedArrayModel m_model;
    QSortFilterProxyModel m_sorted;
    RoomDelegate m_delegate;
    QLabel *m_headline;
    QLineEdit *m_search;
    QTableView *m_view;
};
