// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "qmlinteger.h"
#include "sharedsegmentqml_export.h"

#include <SharedSegment/SharedSegment>

#include <QtCore/QAbstractTableModel>
#include <QtCore/QDateTime>
#include <QtQml/QQmlParserStatus>
#include <QtQml/qqmlregistration.h>

#include <memory>

class SharedArrayModelPrivate;

/// Shows the elements of a segment as rows, its fields as columns and roles, to views of Qt Quick and of Qt Widgets.
///
/// It shows one revision at a time and moves on at most once a frame. dataChanged() then tells of those cells that have
/// other values and belong to rows that were asked for; where nobody asked for any, of all. So an editor that is open in
/// a view is left alone unless its own cell changes. A new instance of another length has its rows inserted or removed
/// at the end; only another layout resets the model. The names of roles stay while nothing is open.
///
/// Only rows that are looked at are read. Roles: `value`, `display` and `edit` for the column's field, and one for each
/// field of a struct, with its name, in which `_` stands for a dot; `index` and `model` get a trailing `_`. A field named
/// `value` takes that role. Texts are strings, arrays are lists, and texts where they are displayed.
///
/// While the segment may be written, setData() publishes: one revision for one edit, or for all between beginEdit() and
/// endEdit(). Written inline in a view, it rests while that view cannot be seen; elsewhere, see `paused`.
class SHAREDSEGMENTQML_EXPORT SharedArrayModel : public QAbstractTableModel, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_ELEMENT

    /// What is shown; not owned. No rows while it is closed; an orphaned one's rows stay. Default: null.
    Q_PROPERTY(SharedSegment *segment READ segment WRITE setSegment NOTIFY segmentChanged FINAL)
    /// The element that is row 0. Default: 0.
    Q_PROPERTY(double firstRow READ firstRowReal WRITE setFirstRowReal NOTIFY firstRowChanged FINAL)
    /// The most rows there are; less than 0 (default): all.
    Q_PROPERTY(double rowLimit READ rowLimitReal WRITE setRowLimitReal NOTIFY rowLimitChanged FINAL)
    /// How often new values are shown at most, in Hz. 0 (default): with each frame of the screen.
    Q_PROPERTY(double maximumRate READ maximumRate WRITE setMaximumRate NOTIFY maximumRateChanged FINAL)
    /// Whether the shown revision stays. Default: false.
    Q_PROPERTY(bool paused READ isPaused WRITE setPaused NOTIFY pausedChanged FINAL)
    /// The revision shown; 0: the zero-filled start, or nothing open.
    Q_PROPERTY(double revision READ revisionReal NOTIFY revisionChanged FINAL)
    /// When the revision shown was published; invalid for none.
    Q_PROPERTY(QDateTime updatedAt READ updatedAt NOTIFY revisionChanged FINAL)
    /// The number of rows.
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)

public:
    /// Without a segment, and so without rows.
    explicit SharedArrayModel(QObject *parent = nullptr);
    ~SharedArrayModel() override;

    /// @{
    /// Reads or sets the property of that name, whose text says what it is.
    SharedSegment *segment() const;
    void setSegment(SharedSegment *segment);
    qint64 firstRow() const;
    void setFirstRow(qint64 firstRow);
    qint64 rowLimit() const;
    void setRowLimit(qint64 rowLimit);
    double maximumRate() const;
    void setMaximumRate(double maximumRate);
    bool isPaused() const;
    bool paused() const { return isPaused(); }
    void setPaused(bool paused);
    quint64 revision() const;
    QDateTime updatedAt() const;
    int count() const;
    /// @}

    /// @{
    /// As QAbstractTableModel has it.
    int rowCount(const QModelIndex &parent = QModelIndex()) const override;
    int columnCount(const QModelIndex &parent = QModelIndex()) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    QHash<int, QByteArray> roleNames() const override;
    /// @}

    /// Publishes a revision with the new value, unless edits are being collected. A string is taken for the number that
    /// it says.
    /// @returns false if the value does not fit the field, or if nothing may be written; the segment's error says why.
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;

    /// From here on edits are collected. Calls nest.
    Q_INVOKABLE void beginEdit();
    /// Publishes the edits since the first beginEdit() as one revision. @returns false if that failed; the edits are
    /// gone then, too.
    Q_INVOKABLE bool endEdit();
    /// Forgets the edits since the first beginEdit().
    Q_INVOKABLE void cancelEdit();

    /// The bytes of `count` rows (less than 0: all that follow) of the newest revision: in QML an ArrayBuffer, for
    /// `new Float64Array(model.slice(0, 100))`. Empty if there are no such rows.
    Q_INVOKABLE QByteArray slice(qint64 first = 0, qint64 count = -1) const;
    /// @{
    /// Of a field's numbers in `count` rows (less than 0: all that follow) of the newest revision, NaN left out; all
    /// items of an array. No `field`: the first. NaN if there is no such number. Not a binding's business by itself:
    /// name `revision` in it, too.
    Q_INVOKABLE double minimum(qint64 first = 0, qint64 count = -1, const QString &field = QString()) const;
    Q_INVOKABLE double maximum(qint64 first = 0, qint64 count = -1, const QString &field = QString()) const;
    Q_INVOKABLE double mean(qint64 first = 0, qint64 count = -1, const QString &field = QString()) const;
    /// @}
    /// The same; 0 if there are no numbers.
    Q_INVOKABLE double sum(qint64 first = 0, qint64 count = -1, const QString &field = QString()) const;

    /// How often rows were read from the segment: for tests and for tuning.
    quint64 readCount() const;

    /// @{
    /// As QQmlParserStatus calls it.
    void classBegin() override;
    void componentComplete() override;
    /// @}

Q_SIGNALS:
    /// @{
    /// The property of that name has another value.
    void segmentChanged();
    void firstRowChanged();
    void rowLimitChanged();
    void maximumRateChanged();
    void pausedChanged();
    void revisionChanged();
    void countChanged();
    /// @}

private:
    double revisionReal() const { return static_cast<double>(revision()); }
    double firstRowReal() const { return QmlInteger::toReal(firstRow()); }
    void setFirstRowReal(double firstRow) { setFirstRow(QmlInteger::fromReal(firstRow)); }
    double rowLimitReal() const { return QmlInteger::toReal(rowLimit()); }
    void setRowLimitReal(double rowLimit) { setRowLimit(QmlInteger::fromReal(rowLimit)); }

    friend class SharedArrayModelPrivate;
    Q_DISABLE_COPY_MOVE(SharedArrayModel)
    std::unique_ptr<SharedArrayModelPrivate> d;
};
