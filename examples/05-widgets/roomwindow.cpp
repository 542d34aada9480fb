// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "roomwindow.h"

#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QTableView>

using namespace Qt::StringLiterals;

RoomWindow::RoomWindow(QWidget *parent)
    : QWidget(parent)
    , m_segment(u"building/rooms"_s)
    , m_headline(new QLabel(this))
    , m_search(new QLineEdit(this))
    , m_view(new QTableView(this))
{
    m_model.setSegment(&m_segment);
    m_model.setMaximumRate(10); // in Hz; faster figures are not readable
    // Rows come and go, and the selection stays with its row.
    m_model.setKey(u"name"_s);
    m_sorted.setSourceModel(&m_model);
    m_sorted.setSortRole(Qt::EditRole);
    m_sorted.setFilterCaseSensitivity(Qt::CaseInsensitive);

    m_view->setModel(&m_sorted);
    m_view->setItemDelegate(&m_delegate);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setShowGrid(false);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed
                            | QAbstractItemView::AnyKeyPressed);
    m_view->verticalHeader()->hide();
    m_view->verticalHeader()->setDefaultSectionSize(44);
    m_view->horizontalHeader()->setSectionsClickable(true);
    m_view->horizontalHeader()->setHighlightSections(false);
    m_view->horizontalHeader()->setFixedHeight(44);
    m_view->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_view->setSortingEnabled(true);
    m_view->sortByColumn(static_cast<int>(RoomColumn::Name), Qt::AscendingOrder);

    auto *const title = new QLabel(u"Rooms"_s, this);
    title->setObjectName(u"title"_s);
    m_headline->setObjectName(u"headline"_s);
    m_search->setPlaceholderText(u"Search"_s);
    m_search->setClearButtonEnabled(true);
    m_search->setFixedWidth(220);
    auto *const top = new QHBoxLayout;
    top->setSpacing(20);
    top->addWidget(title, 1);
    top->addWidget(m_headline);
    top->addWidget(m_search);
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(40, 40, 40, 40);
    layout->setSpacing(20);
    layout->addLayout(top);
    layout->addWidget(m_view, 1);

    setWindowTitle(u"Rooms"_s);
    resize(1120, 800);
    m_view->setFocus();

    connect(m_search, &QLineEdit::textChanged, &m_sorted, &QSortFilterProxyModel::setFilterFixedString);
    connect(&m_model, &QAbstractItemModel::modelReset, this, &RoomWindow::arrangeColumns);
    connect(&m_segment, &SharedSegment::stateChanged, this, &RoomWindow::showState);
    connect(&m_segment, &SharedSegment::staleChanged, this, &RoomWindow::showState);
    connect(&m_segment, &SharedSegment::ageChanged, this, &RoomWindow::showHeadline);
    m_segment.setAccess(SharedSegment::Access::ReadWrite);
    m_segment.setActive(true); // opens now or when the building starts, and again after a restart
    showState();
    arrangeColumns();
}

void RoomWindow::search(const QString &text)
{
    m_search->setText(text);
}

QString RoomWindow::headline() const
{
    switch (m_segment.state()) {
    case SharedSegment::State::Open:
        return m_segment.isStale() ? u"The building is silent"_s : u"Live"_s;
    case SharedSegment::State::Orphaned:
        return u"No longer updated"_s;
    default:
        return u"Waiting for the building"_s;
    }
}

void RoomWindow::showState()
{
    m_delegate.setLive(!m_segment.isStale());
    m_view->viewport()->update();
    showHeadline();
    Q_EMIT headlineChanged();
}

void RoomWindow::showHeadline()
{
    if (!m_segment.isStale()) {
        m_headline->setText(u"<span style='color:#4fd1a1'>●</span>&nbsp; Live"_s);
        return;
    }
    const qint64 age = m_segment.age();
    const QString detail = age < 0 ? QString() : u", %1 s old"_s.arg(age / 1000);
    m_headline->setText(u"<span style='color:#ffb84d'>●&nbsp; %1</span>"_s.arg(headline() + detail));
}

void RoomWindow::arrangeColumns()
{
    QHeaderView *const header = m_view->horizontalHeader();
    if (header->count() != 4)
        return;
    const auto column = [](RoomColumn which) { return static_cast<int>(which); };
    header->setSectionResizeMode(QHeaderView::Stretch);
    header->setSectionResizeMode(column(RoomColumn::Name), QHeaderView::Fixed);
    header->setSectionResizeMode(column(RoomColumn::Target), QHeaderView::Fixed);
    header->resizeSection(column(RoomColumn::Name), 170);
    header->resizeSection(column(RoomColumn::Target), 140);
}
