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

/// Table of the rooms with sorting, search and one editable column.
class RoomWindow : public QWidget
{
    Q_OBJECT

public:
    explicit RoomWindow(QWidget *parent = nullptr);

    const SharedSegment &segment() const { return m_segment; }
    void search(const QString &text);
    QString headline() const;

Q_SIGNALS:
    void headlineChanged();

private:
    void showState();
    void showHeadline();
    void arrangeColumns();

    SharedSegment m_segment;
    SharedArrayModel m_model;
    QSortFilterProxyModel m_sorted;
    RoomDelegate m_delegate;
    QLabel *m_headline;
    QLineEdit *m_search;
    QTableView *m_view;
};
