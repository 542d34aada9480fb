// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedlimits.h"
#include "sharedsegment_export.h"

#include <QtCore/QAbstractTableModel>
#include <QtCore/QVariantList>

#include <memory>

class SharedAlarmModelPrivate;

/// Table model of the values that are not normal, across segments, for views of Qt Widgets and Qt Quick.
///
/// A row is a value that is not within its limits, an alarm that ended and waits to be acknowledged, or a value that is not
/// known. A segment whose values are all not known, since it is not open or is stale, is one row, with the reason as its
/// text. Such a row goes when the values come; alarms stay until then. It needs Qt Core alone, and belongs to its thread. No
/// function is thread-safe.
///
/// The order of the rows: by severity (LowLow and HighHigh, then Low and High, then Unknown, then alarms that ended), newest
/// first, then by the names of segments, by fields, and by keys or indexes. Acknowledging moves no row. Rows are inserted, removed
/// and moved one by one, so that a view keeps its selection; if very many change at once, the model is reset.
///
/// A row of a SharedLimits with a `key` belongs to its element: it keeps its place and its selection while the element has
/// other indexes.
///
/// Roles: `segmentName`, `field` (name of the field, empty for an element that is not a struct), `element` (its index; -1 in
/// a stream, for a whole segment, and for an element of a key that is gone), `label` (of the metadata, or the name), `value`
/// (of an array field, the item that decides), `text` (the value with its unit, or the reason why there is none), `level`,
/// `worstLevel` (since the alarm began or was acknowledged), `since` (when the level began, a QDateTime), `acknowledged` and
/// `key` (the value of the key's field, invalid without one). The columns show segment, label with key or index, text, level
/// and since.
class SHAREDSEGMENT_EXPORT SharedAlarmModel : public QAbstractTableModel
{
    Q_OBJECT

    /// What is shown: SharedSegment objects, with the limits of their metadata, and SharedLimits objects, whose states it
    /// shows and acknowledges. The model owns none of them. Others are ignored with a warning. Default: empty. Notifies when
    /// another list is set, and when one of the objects is destroyed. A `QVariantList` in the meta-object, which the tools of QML
    /// know.
    Q_PROPERTY(QVariantList sources READ sourceList WRITE setSourceList NOTIFY sourcesChanged FINAL)
    /// Maximum number of rows, 1 to 10000; the first ones by the order of the model are shown. Default: 1000. Notifies when
    /// another value is set.
    Q_PROPERTY(int limit READ limit WRITE setLimit NOTIFY limitChanged FINAL)
    /// Number of rows. Default: 0. Notifies when it changes.
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)
    /// Number of rows that are missing for `limit`. Default: 0. Notifies when it changes.
    Q_PROPERTY(int omitted READ omitted NOTIFY omittedChanged FINAL)
    /// Number of rows that wait to be acknowledged. Default: 0. Notifies when it changes.
    Q_PROPERTY(int unacknowledged READ unacknowledged NOTIFY unacknowledgedChanged FINAL)
    /// The worst level of all sources. Default: Unknown, as without sources. Notifies when it changes.
    Q_PROPERTY(SharedLimits::Level level READ level NOTIFY levelChanged FINAL)

public:
    /// The roles of the model, besides Qt::DisplayRole.
    enum Roles {
        SegmentNameRole = Qt::UserRole, ///< the name of the segment
        FieldRole,                      ///< the name of the field
        ElementRole,                    ///< the present index of the element, or -1
        LabelRole,                      ///< the label of the field
        ValueRole,                      ///< the value; invalid if none is known
        TextRole,                       ///< the value as text with its unit, or why there is none
        LevelRole,                      ///< the level, a SharedLimits::Level
        WorstLevelRole,                 ///< the worst level since the alarm began or was acknowledged
        SinceRole,                      ///< when the level began, a QDateTime
        AcknowledgedRole,               ///< whether it does not wait for acknowledge()
        KeyRole,                        ///< the value of the field of the key; invalid without one
    };
    Q_ENUM(Roles)

    /// Makes a model without sources.
    explicit SharedAlarmModel(QObject *parent = nullptr);
    ~SharedAlarmModel() override;

    /// Returns the segments and SharedLimits objects that are shown.
    QObjectList sources() const;
    /// Shows other segments and SharedLimits objects. Segments that stay keep their alarms.
    void setSources(const QObjectList &sources);
    /// Returns the maximum number of rows.
    int limit() const;
    /// Sets the maximum number of rows, 1 to 10000.
    void setLimit(int limit);
    /// Returns the number of rows.
    int count() const;
    /// Returns how many rows are missing for the limit.
    int omitted() const;
    /// Returns how many rows wait to be acknowledged.
    int unacknowledged() const;
    /// Returns the worst level of all sources; Unknown without sources.
    SharedLimits::Level level() const;

    /// Returns count(), or 0 for a valid `parent`: rows have no children.
    int rowCount(const QModelIndex &parent = QModelIndex()) const override;
    /// Returns the number of columns, or 0 for a valid `parent`.
    int columnCount(const QModelIndex &parent = QModelIndex()) const override;
    /// Returns a value of a row; invalid for an unknown index or role.
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    /// Returns the title of a column.
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    /// Returns the names of the roles; see the description of the class.
    QHash<int, QByteArray> roleNames() const override;

    /// Acknowledges the alarm of a row, whose row goes if it has ended. @returns whether it waited for that.
    Q_INVOKABLE bool acknowledge(int row);
    /// Acknowledges all alarms of all sources, also those that `limit` leaves out.
    Q_INVOKABLE void acknowledgeAll();

Q_SIGNALS:
    /// Emitted when `sources` changes.
    void sourcesChanged();
    /// Emitted when `limit` changes.
    void limitChanged();
    /// Emitted when the number of rows changes.
    void countChanged();
    /// Emitted when `omitted` changes.
    void omittedChanged();
    /// Emitted when `unacknowledged` changes.
    void unacknowledgedChanged();
    /// Emitted when `level` changes.
    void levelChanged();

private:
    QVariantList sourceList() const;
    void setSourceList(const QVariantList &sources);

    friend class SharedAlarmModelPrivate;
    Q_DISABLE_COPY_MOVE(SharedAlarmModel)
    std::unique_ptr<SharedAlarmModelPrivate> d;
};
