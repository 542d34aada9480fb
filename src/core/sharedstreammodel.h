// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegment.h"

#include <QtCore/QAbstractTableModel>

#include <memory>

class SharedStreamModelPrivate;

/// Table model of a stream for views of Qt Widgets and Qt Quick: the newest elements are rows, fields are columns and roles.
///
/// It needs Qt Core alone, and belongs to its thread, as its segment and its views do. No function is thread-safe.
///
/// The model begins with the elements that the stream still has. Then it appends what comes at the end, and removes the
/// oldest rows at the front where there are more than `limit`, at most once per frame of the screen. It copies only
/// elements that it shows: of those that came since the last refresh, the newest `limit`. All others count in `skipped`.
/// So the cost does not depend on the rate of the stream.
///
/// A replacement of the segment (SharedSegment::reopened()) continues the rows; an opening of another instance begins
/// anew, without those of the old one. Only another layout resets the model. The columns and role names stay while no
/// segment is open. A segment that is an array sets its `error` to LayoutMismatch, and gives no rows; SharedArrayModel
/// shows it.
///
/// Roles: `value`, `display` and `edit` give the field of the column. `position` gives the number of the element in the
/// stream, from 0. `time` gives a QDateTime: of the field of type `i64` or `u64` that the metadata name as `timeField`; else
/// of the append, reckoned by the `sampleRate` of the metadata; else of the newest append in the refresh that brought the row, and invalid
/// for rows that were appended long before, except for the last. Each field of a struct has a role of its own with the
/// field's name, in which `_` replaces a dot; fields named `index` and `model` get a trailing `_`. A field that is named
/// like another role takes it. Text fields give strings, array fields give lists; the `display` role gives an array as text.
/// Each role of a field has a second one whose name ends in `Text`, and headers have label and unit, as in SharedArrayModel.
///
/// A model that is declared inline in a Qt Quick view does not refresh while that view is invisible. Other models always
/// refresh; see `paused`. For a filter or a search, put a QSortFilterProxyModel before it.
class SHAREDSEGMENT_EXPORT SharedStreamModel : public QAbstractTableModel
{
    Q_OBJECT

    /// The segment to show. The model does not own it. The model has no rows while the segment is closed; the rows of
    /// an orphaned segment stay. Default: null. Notifies when another segment is set and when the segment is destroyed.
    Q_PROPERTY(SharedSegment *segment READ segment WRITE setSegment NOTIFY segmentChanged FINAL)
    /// Maximum number of rows. It may exceed the capacity of the stream. 0 means the capacity; a negative number counts as
    /// 0. At most 1 GiB of elements are kept, whatever the limit is. Default: 1000. Notifies when another value is set.
    Q_PROPERTY(int limit READ limit WRITE setLimit NOTIFY limitChanged FINAL)
    /// Maximum rate of refreshes, in Hz. 0 means the refresh rate of the screen, or one refresh per 16 ms in a program
    /// that does not use the QML module. A negative or infinite number counts as 0. Default: 0. Notifies when another
    /// value is set.
    Q_PROPERTY(double maximumRate READ maximumRate WRITE setMaximumRate NOTIFY maximumRateChanged FINAL)
    /// Whether the model keeps the rows that it shows, also when the segment closes or is opened again. Afterwards it
    /// continues with the newest elements. Default: false. Notifies when another value is set.
    Q_PROPERTY(bool paused READ isPaused WRITE setPaused NOTIFY pausedChanged FINAL)
    /// Number of elements that came since the opening and were not shown: because they were overwritten before the model
    /// took them, or because more than `limit` came between two refreshes, for example while `paused`. Exact as of the
    /// shown `revision`. Default: 0. Notifies when the number changes.
    Q_PROPERTY(quint64 skipped READ skipped NOTIFY skippedChanged FINAL)
    /// Position after the newest row: the number of elements in the stream when the model was refreshed. Default: 0.
    /// Notifies when the number changes.
    Q_PROPERTY(quint64 revision READ revision NOTIFY revisionChanged FINAL)
    /// Number of rows. Default: 0. Notifies after rows were inserted or removed, once per refresh.
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)

public:
    /// The roles of the model, besides Qt::DisplayRole and Qt::EditRole.
    enum Roles {
        ValueRole = Qt::UserRole, ///< the field of the column
        PositionRole,             ///< the number of the element in the stream, a quint64
        TimeRole,                 ///< when the element was appended or taken, a QDateTime
        FirstFieldRole,           ///< the first field of a struct; the others follow in the order of the columns
        TextRole = Qt::UserRole + 0x100000,                    ///< the field of the column as text
        FirstTextRole = TextRole + FirstFieldRole - ValueRole, ///< the first field as text; the others follow
    };
    Q_ENUM(Roles)

    /// Makes a model without a segment, and therefore without rows.
    explicit SharedStreamModel(QObject *parent = nullptr);
    ~SharedStreamModel() override;

    /// Returns the segment shown, or null.
    SharedSegment *segment() const;
    /// Shows another segment. The model does not own it. See the property `segment`.
    void setSegment(SharedSegment *segment);
    /// Returns the maximum number of rows; 0 means the stream's capacity. See the property `limit`.
    int limit() const;
    /// Sets the maximum number of rows and removes the oldest rows beyond it. See the property `limit`.
    void setLimit(int limit);
    /// Returns the maximum rate of refreshes in Hz. See the property `maximumRate`.
    double maximumRate() const;
    /// Sets the maximum rate of refreshes in Hz. See the property `maximumRate`.
    void setMaximumRate(double maximumRate);
    /// Returns whether the model keeps the rows that it shows. See the property `paused`.
    bool isPaused() const;
    /// Returns isPaused().
    bool paused() const { return isPaused(); }
    /// Sets whether the model keeps the rows that it shows. See the property `paused`.
    void setPaused(bool paused);
    /// Returns how many elements were not shown. See the property `skipped`.
    quint64 skipped() const;
    /// Returns the position after the newest row. See the property `revision`.
    quint64 revision() const;
    /// Returns the number of rows. See the property `count`.
    int count() const;

    /// Returns the number of rows; 0 if `parent` is valid.
    int rowCount(const QModelIndex &parent = QModelIndex()) const override;
    /// Returns the number of fields; 0 if `parent` is valid.
    int columnCount(const QModelIndex &parent = QModelIndex()) const override;
    /// Returns a value of the element; invalid for a cell or role that does not exist.
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    /// Returns the label of a field, with its unit in brackets if it has one, or the number of an element in the stream.
    /// Qt::ToolTipRole gives the description of a field.
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    /// Returns the names of the roles, which depend on the layout.
    QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    /// Emitted when another segment is set, and when the segment is destroyed.
    void segmentChanged();
    /// Emitted when `limit` changes.
    void limitChanged();
    /// Emitted when `maximumRate` changes.
    void maximumRateChanged();
    /// Emitted when `paused` changes.
    void pausedChanged();
    /// Emitted when `skipped` changes.
    void skippedChanged();
    /// Emitted when `revision` changes.
    void revisionChanged();
    /// Emitted when the number of rows changes.
    void countChanged();

protected:
    /// Sets whether the only view of the model is invisible, so that refreshes wait until it is visible again. Default:
    /// false.
    void setViewHidden(bool hidden);

private:
    friend class SharedStreamModelPrivate;
    Q_DISABLE_COPY_MOVE(SharedStreamModel)
    std::unique_ptr<SharedStreamModelPrivate> d;
};
