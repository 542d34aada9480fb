// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegment.h"

#include <QtCore/QAbstractTableModel>
#include <QtCore/QDateTime>

#include <memory>

class SharedArrayModelPrivate;

/// Table model of a segment for views of Qt Widgets and Qt Quick: elements are rows, fields are columns and roles.
///
/// It needs Qt Core alone, and belongs to its thread, as its segment and its views do. No function is thread-safe.
///
/// The model shows one revision at a time and moves to the newest one at most once per frame of the screen.
/// dataChanged() names exactly the cells that changed, among the rows that a view has requested; if no row was
/// requested, it names all rows. An open editor in a view therefore stays untouched unless its own cell changes. A cell
/// has its value from before until the signal that names it, so that proxies that sort stay right. If a
/// revision of a variable array has another count, or a new instance of the segment another capacity, rows are inserted
/// or removed at the end; with a `key`, the rows of those elements that came or went. Only another layout or key resets
/// the model. The role names stay while no segment is open.
///
/// The model reads only rows that a view requests. Roles: `value`, `display` and `edit` give the field of the column.
/// Each field of a struct has a role of its own with the field's name, in which `_` replaces a dot; fields named
/// `index` and `model` get a trailing `_`. A field named `value` takes the role `value`. Text fields give strings,
/// array fields give lists; the `display` role gives an array as text.
///
/// Each role of a value has a second one whose name ends in `Text`, such as `valueText`: the value as text for people, in
/// the default QLocale and as the segment's metadata say, with `decimals` and `unit`, or with the name of an enum's value.
/// A number that is not finite is a dash. The headers of the columns are `label` and `unit` of the metadata. `display` gives
/// the value itself, so that a proxy model sorts numbers as numbers, and no program gets another type because a publisher
/// adds metadata.
///
/// Each role of a value has a third one whose name ends in `Level`, such as `valueLevel`: where the value is among the limits
/// of the metadata, a SharedLimits::Level, judged with `hysteresis` and `delay` as a SharedLimits judges. The state of an element
/// lasts while the model reads its row, with a `key` wherever the row goes; a row that a view scrolls back to begins anew. A
/// field without limits is Normal while the segment is Open. The model judges fields whose level was requested, and no others.
///
/// If the segment is writable, setData() publishes one revision per edit, or one revision for all edits between
/// beginEdit() and endEdit(). A model that is declared inline in a Qt Quick view does not refresh while that view is
/// invisible. Other models always refresh; see `paused`.
class SHAREDSEGMENT_EXPORT SharedArrayModel : public QAbstractTableModel
{
    Q_OBJECT

    /// The segment to show. The model does not own it. The model has no rows while the segment is closed; the rows of
    /// an orphaned segment stay. Default: null. Notifies when another segment is set and when the segment is destroyed.
    Q_PROPERTY(SharedSegment *segment READ segment WRITE setSegment NOTIFY segmentChanged FINAL)
    /// Index of the element that is row 0. A negative number counts as 0. Default: 0. Notifies when another value is
    /// set.
    Q_PROPERTY(double firstRow READ firstRowReal WRITE setFirstRowReal NOTIFY firstRowChanged FINAL)
    /// Maximum number of rows. A negative number means no limit and reads back as -1. Default: -1. Notifies when
    /// another value is set.
    Q_PROPERTY(double rowLimit READ rowLimitReal WRITE setRowLimitReal NOTIFY rowLimitChanged FINAL)
    /// Name of the field by whose value elements are recognized: an integer, a `bool` or a text, not an array. A row
    /// then belongs to its element: when elements vanish, appear or move, their rows are removed, inserted and moved,
    /// wherever they are, and selections, persistent indexes and delegates stay with theirs. Of equal keys, the n-th one
    /// is the one that was the n-th. If the layout has no such field, the model warns and works as without a key. All
    /// rows are read at each refresh. Default: empty, which means that a row belongs to the place of its element.
    /// Another value resets the model. Notifies when another value is set.
    Q_PROPERTY(QString key READ key WRITE setKey NOTIFY keyChanged FINAL)
    /// Maximum rate of refreshes, in Hz. 0 means the refresh rate of the screen, or one refresh per 16 ms in a program
    /// that does not use the QML module. A negative or infinite number counts as 0. Default: 0. Notifies when another
    /// value is set.
    Q_PROPERTY(double maximumRate READ maximumRate WRITE setMaximumRate NOTIFY maximumRateChanged FINAL)
    /// Whether the model keeps the revision that it shows. Pausing copies all rows, so that rows scrolled to later are
    /// of the same revision. Default: false. Notifies when another value is set.
    Q_PROPERTY(bool paused READ isPaused WRITE setPaused NOTIFY pausedChanged FINAL)
    /// Number of the revision shown. 0 is the zero-filled start, or no open segment. Default: 0. Notifies when the
    /// model shows another revision.
    Q_PROPERTY(quint64 revision READ revision NOTIFY revisionChanged FINAL)
    /// Time when the shown revision was published; invalid for revision 0. Default: invalid. Notifies together with
    /// `revision`.
    Q_PROPERTY(QDateTime updatedAt READ updatedAt NOTIFY revisionChanged FINAL)
    /// Number of rows: the elements of the shown revision from `firstRow` on, at most `rowLimit`. Default: 0. Notifies
    /// after rows were inserted or removed, and after a reset that changed the number.
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)

public:
    /// The roles of the model, besides Qt::DisplayRole and Qt::EditRole.
    enum Roles {
        ValueRole = Qt::UserRole, ///< the field of the column
        FirstFieldRole,           ///< the first field of a struct; the others follow in the order of the columns
        TextRole = Qt::UserRole + 0x100000,  ///< the field of the column as text
        FirstTextRole,                       ///< the first field as text; the others follow
        LevelRole = Qt::UserRole + 0x200000, ///< the level of the field of the column, a SharedLimits::Level
        FirstLevelRole,                      ///< the level of the first field; the others follow
    };
    Q_ENUM(Roles)

    /// Makes a model without a segment, and therefore without rows.
    explicit SharedArrayModel(QObject *parent = nullptr);
    ~SharedArrayModel() override;

    /// Returns the segment shown, or null.
    SharedSegment *segment() const;
    /// Shows another segment, or none if `segment` is null.
    void setSegment(SharedSegment *segment);
    /// Returns the index of the element that is row 0.
    qint64 firstRow() const;
    /// Moves row 0 to another element; a negative number counts as 0. The model emits dataChanged() for all rows.
    void setFirstRow(qint64 firstRow);
    /// Returns the maximum number of rows, or -1 for no limit.
    qint64 rowLimit() const;
    /// Limits the number of rows; a negative number means no limit. The model inserts or removes rows at the end.
    void setRowLimit(qint64 rowLimit);
    /// Returns the name of the field by whose value elements are recognized, or an empty text.
    QString key() const;
    /// Recognizes elements by the field of this name, or by their places if it is empty. Resets the model.
    void setKey(const QString &key);
    /// Returns the maximum rate of refreshes in Hz; 0 means the refresh rate of the screen.
    double maximumRate() const;
    /// Limits the rate of refreshes, in Hz. A negative or infinite number counts as 0.
    void setMaximumRate(double maximumRate);
    /// Returns whether the model keeps the revision that it shows.
    bool isPaused() const;
    /// Returns isPaused().
    bool paused() const { return isPaused(); }
    /// Keeps the shown revision, or moves on to the newest one. If memory is too short for a copy of all rows,
    /// the segment's error is OutOfMemory, and the model is paused with the rows that it has.
    void setPaused(bool paused);
    /// Returns the number of the revision shown; 0 if nothing is open.
    quint64 revision() const;
    /// Returns when the shown revision was published; invalid for revision 0.
    QDateTime updatedAt() const;
    /// Returns the number of rows.
    int count() const;

    /// Returns count(), or 0 for a valid `parent`: rows have no children.
    int rowCount(const QModelIndex &parent = QModelIndex()) const override;
    /// Returns the number of fields, or 0 for a valid `parent`.
    int columnCount(const QModelIndex &parent = QModelIndex()) const override;
    /// Returns the value of a field; reads the row from the segment if need be. Invalid for an unknown index or role,
    /// and if the row cannot be read.
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    /// Returns a field's label for a column, with its unit in brackets if it has one, and the index of the element for a row.
    /// Qt::ToolTipRole gives the description of a field. The label is the field's name unless the metadata give another.
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    /// Adds Qt::ItemIsEditable to the flags of the base class if the segment is writable.
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    /// Returns the names of the roles; see the description of the class.
    QHash<int, QByteArray> roleNames() const override;

    /// Publishes a revision with the new value, or collects the edit after beginEdit(). A string is converted to the
    /// number that it contains. With a `key`, the value goes to the element with the key of the row, wherever it is in the
    /// newest revision. Waits at most 50 ms for other writers. @returns false if the value does not fit the
    /// field or the segment is not writable; then nothing is published, and the segment's `error` and `errorString` give
    /// the reason.
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;

    /// Starts to collect edits instead of publishing each. Calls nest.
    Q_INVOKABLE void beginEdit();
    /// Publishes all edits since the first beginEdit() as one revision; an inner call only ends its level. Waits at most
    /// 50 ms for other writers. @returns false if publishing fails, or without a beginEdit(); the segment's error gives
    /// the reason. The collected edits are discarded after a failure, too.
    Q_INVOKABLE bool endEdit();
    /// Discards all edits since the first beginEdit() and ends all levels.
    Q_INVOKABLE void cancelEdit();

    /// Returns the bytes of `count` rows of the newest revision, from row `first` on; a negative `count` means all that
    /// follow. QML gets an ArrayBuffer, as in `new Float64Array(model.slice(0, 100))`. Empty if the rows do not exist
    /// or cannot be read; the segment's error tells if memory is short.
    Q_INVOKABLE QByteArray slice(qint64 first = 0, qint64 count = -1) const;
    /// Returns the least number of a field in `count` rows of the newest revision, from row `first` on; a negative
    /// `count` means all that follow. All items of an array field count, NaN does not. An empty `field` means the first
    /// field. NaN if there is no number. A binding that calls this must also read `revision` to be evaluated again.
    Q_INVOKABLE double minimum(qint64 first = 0, qint64 count = -1, const QString &field = QString()) const;
    /// Returns the greatest number; the arguments and NaN are as for minimum().
    Q_INVOKABLE double maximum(qint64 first = 0, qint64 count = -1, const QString &field = QString()) const;
    /// Returns the arithmetic mean; the arguments and NaN are as for minimum().
    Q_INVOKABLE double mean(qint64 first = 0, qint64 count = -1, const QString &field = QString()) const;
    /// Returns the sum, 0 if there is no number; the arguments are as for minimum().
    Q_INVOKABLE double sum(qint64 first = 0, qint64 count = -1, const QString &field = QString()) const;

    /// Returns the number of successful reads of rows from the segment since the model was made, for tests and tuning.
    quint64 readCount() const;

Q_SIGNALS:
    /// Emitted when another segment is set, and when the segment is destroyed.
    void segmentChanged();
    /// Emitted when `firstRow` changes.
    void firstRowChanged();
    /// Emitted when `rowLimit` changes.
    void rowLimitChanged();
    /// Emitted when `key` changes.
    void keyChanged();
    /// Emitted when `maximumRate` changes.
    void maximumRateChanged();
    /// Emitted when `paused` changes.
    void pausedChanged();
    /// Emitted when the model shows another revision; `revision` and `updatedAt` change together.
    void revisionChanged();
    /// Emitted when the number of rows changes.
    void countChanged();

protected:
    /// Sets whether the only view of the model is invisible, so that refreshes wait until it is visible again. Default:
    /// false.
    void setViewHidden(bool hidden);

private:
    double firstRowReal() const { return static_cast<double>(firstRow()); }
    void setFirstRowReal(double firstRow);
    double rowLimitReal() const { return static_cast<double>(rowLimit()); }
    void setRowLimitReal(double rowLimit);

    friend class SharedArrayModelPrivate;
    Q_DISABLE_COPY_MOVE(SharedArrayModel)
    std::unique_ptr<SharedArrayModelPrivate> d;
};
