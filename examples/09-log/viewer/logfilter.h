// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QSortFilterProxyModel>
#include <QtQml/qqmlregistration.h>

/// The lines of a log that contain a text and are important enough.
class LogFilter : public QSortFilterProxyModel
{
    Q_OBJECT
    QML_ELEMENT
    /// The text that a line or its source has to contain, in upper or lower case. Default: empty.
    Q_PROPERTY(QString search READ search WRITE setSearch NOTIFY searchChanged)
    /// The highest level that is shown, as syslog counts: 7 shows all. Default: 7.
    Q_PROPERTY(int most READ most WRITE setMost NOTIFY mostChanged)

public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    QString search() const { return m_search; }
    void setSearch(const QString &search);
    int most() const { return m_most; }
    void setMost(int most);

Q_SIGNALS:
    void searchChanged();
    void mostChanged();

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    QString m_search;
    int m_most = 7;
};
