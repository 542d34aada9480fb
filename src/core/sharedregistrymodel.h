// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegment_export.h"

#include <QtCore/QAbstractItemModel>

#include <memory>

class SharedRegistryModelPrivate;

/// Item model of the segments that have a living owner, for views of Qt Widgets and Qt Quick: as a list, or as a tree in
/// which a `/` in a name makes a folder.
///
/// It needs Qt Core alone, and belongs to its thread, as its views do. No function is thread-safe. It needs an event loop:
/// there it learns of names that come and of owners that close, exit or are killed, without polling. Rows are inserted and
/// removed; only another `registry` or `tree` resets the model.
///
/// A row is a name, a folder of names, or both. The columns are those of Column. The `display` role gives a text for people,
/// `value` and `edit` give the number or text to sort by. Each column has a role of its own, too. The roles `layout`,
/// `capacity`, `elementSize`, `listeners`, `revision`, `rate`, `age` and `preview` come from the memory of the segment, which the model
/// opens for reading once a view asks for one of them: the answer is invalid at first and follows with `dataChanged`. From
/// then on it is read once a second, until no view asks any more; so a delegate that binds to `rate` costs something only
/// while it exists. At most 1000 rows are read in that way. It takes no listener's slot, and the owner does not notice it.
///
/// A model that is declared inline in a Qt Quick view reads no memory while that view is invisible.
class SHAREDSEGMENT_EXPORT SharedRegistryModel : public QAbstractItemModel
{
    Q_OBJECT

    /// The registry folder. Default: empty, the folder that the environment names. It does not have to exist yet. A relative
    /// path counts from the current folder. Notifies when another folder is set.
    Q_PROPERTY(QString registry READ registry WRITE setRegistry NOTIFY registryChanged FINAL)
    /// Whether a `/` in a name makes a folder. A `/` at either end of a name, or next to another one, makes none. Default:
    /// false, one list. Notifies when another value is set.
    Q_PROPERTY(bool tree READ isTree WRITE setTree NOTIFY treeChanged FINAL)
    /// Whether rows stay when their owner is gone, with what was read last. They are marked `closed` and not enabled, so that
    /// views of Qt Widgets show them in grey. Default: false, which removes them. Notifies when another value is set.
    Q_PROPERTY(bool keepClosed READ keepClosed WRITE setKeepClosed NOTIFY keepClosedChanged FINAL)
    /// Shows only names that contain each word of this text, in upper or lower case. Default: empty, all names. Notifies when
    /// another text is set.
    Q_PROPERTY(QString filter READ filter WRITE setFilter NOTIFY filterChanged FINAL)
    /// The number of names that are shown: without folders, and with those that are kept. Default: 0. Notifies when the number
    /// changes.
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)
    /// Why the folder or a record in it cannot be read, with the remedy. Default: empty. A folder that does not exist is no
    /// error. Notifies when the text changes.
    Q_PROPERTY(QString errorString READ errorString NOTIFY errorStringChanged FINAL)

public:
    /// The columns.
    enum Column {
        NameColumn,      ///< the name; in a tree its last part
        PreviewColumn,   ///< the start of its newest revision, as text
        KindColumn,      ///< an array, a variable array or a stream
        LayoutColumn,    ///< the layout of an element, as text
        CapacityColumn,  ///< elements
        BytesColumn,     ///< the size of its memory
        OwnerColumn,     ///< the program that owns it
        PidColumn,       ///< the owner's process
        BackendColumn,   ///< the kind of kernel memory
        ListenersColumn, ///< how many listen to it
        RateColumn,      ///< revisions per second; of a stream, elements per second
        AgeColumn,       ///< the time since the newest revision
    };
    Q_ENUM(Column)
    /// The roles. `display` and `edit` are those of Qt.
    enum Role {
        ValueRole = Qt::UserRole, ///< `value`: the column's value, to sort by
        NameRole,                 ///< `name`: the name; in a tree its last part
        FullNameRole,             ///< `fullName`: the name; empty for a mere folder
        OpenRole,                 ///< `open`: whether the name has a living owner
        ClosedRole,               ///< `closed`: whether it had one and is kept; see `keepClosed`
        KindRole,                 ///< `kind`: a SharedSegment::Kind as int
        LayoutRole,               ///< `layout`: the layout of an element, as text
        CapacityRole,             ///< `capacity`: in elements
        ElementSizeRole,          ///< `elementSize`: in bytes
        BytesRole,                ///< `bytes`: the size of its memory
        OwnerRole,                ///< `owner`: the name of the owner's program; empty if it is unknown
        PidRole,                  ///< `pid`: the owner's process id
        BackendRole,              ///< `backend`: a SharedSegment::Backend as int
        ListenersRole,            ///< `listeners`: how many processes' openings listen
        RevisionRole,             ///< `revision`: the number of the newest one; of a stream, the position
        RateRole,                 ///< `rate`: revisions or elements per second; invalid until it was read twice
        AgeRole,                  ///< `age`: of the newest revision in ms; invalid if there is none
        PreviewRole, ///< `preview`: the start of its newest revision as text for people, at most 120 characters
        SourceRole,  ///< `source`: a SharedSegment::Source as int; of a mirror it is read like `rate`
        ProblemRole, ///< `problem`: why record or memory cannot be read, with the remedy; mostly empty
    };
    Q_ENUM(Role)

    /// Makes a model of the registry that the environment names, which it reads at once.
    explicit SharedRegistryModel(QObject *parent = nullptr);
    ~SharedRegistryModel() override;

    /// Returns the registry folder. See the property `registry`.
    QString registry() const;
    /// Sets the registry folder, and reads it at once. See the property `registry`.
    void setRegistry(const QString &registry);
    /// Returns whether names make a tree. See the property `tree`.
    bool isTree() const;
    /// Sets whether names make a tree. See the property `tree`.
    void setTree(bool tree);
    /// Returns whether rows stay without an owner. See the property `keepClosed`.
    bool keepClosed() const;
    /// Sets whether rows stay without an owner; false removes those that have stayed. See the property `keepClosed`.
    void setKeepClosed(bool keepClosed);
    /// Returns the words that shown names contain. See the property `filter`.
    QString filter() const;
    /// Sets the words that shown names contain. See the property `filter`.
    void setFilter(const QString &filter);
    /// Returns the number of names that are shown. See the property `count`.
    int count() const;
    /// Returns why the folder cannot be read. See the property `errorString`.
    QString errorString() const;

    /// Returns the index of a name in the first column; invalid if it is not shown.
    Q_INVOKABLE QModelIndex indexOf(const QString &fullName) const;
    /// Removes the rows that `keepClosed` keeps.
    Q_INVOKABLE void removeClosed();

    /// Returns the index of a row; invalid if there is none.
    QModelIndex index(int row, int column, const QModelIndex &parent = QModelIndex()) const override;
    /// Returns the index of the folder that a row lies in, in the first column; invalid for one that lies in none.
    QModelIndex parent(const QModelIndex &child) const override;
    using QObject::parent;
    /// Returns the number of rows in a folder; 0 if `parent` is in another column than the first.
    int rowCount(const QModelIndex &parent = QModelIndex()) const override;
    /// Returns the number of columns.
    int columnCount(const QModelIndex &parent = QModelIndex()) const override;
    /// Returns a value of a row; invalid for a mere folder, and for what is not known yet.
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    /// Returns the title of a column.
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    /// Returns whether a row is enabled: all are but the closed ones.
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    /// Returns the names of the roles.
    QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    /// Emitted when `registry` changes.
    void registryChanged();
    /// Emitted when `tree` changes.
    void treeChanged();
    /// Emitted when `keepClosed` changes.
    void keepClosedChanged();
    /// Emitted when `filter` changes.
    void filterChanged();
    /// Emitted when `count` changes.
    void countChanged();
    /// Emitted when `errorString` changes.
    void errorStringChanged();

protected:
    /// Makes a model that reads nothing until endInitialization(): for builders that set properties in any order.
    enum class Initialization { Deferred };
    /// Makes a model that reads nothing until endInitialization().
    SharedRegistryModel(Initialization, QObject *parent);
    /// Reads the registry for the first time, after the constructor for builders.
    void endInitialization();
    /// Sets whether the only view of the model is invisible, so that no memory is read. Default: false.
    void setViewHidden(bool hidden);

private:
    friend class SharedRegistryModelPrivate;
    Q_DISABLE_COPY_MOVE(SharedRegistryModel)
    std::unique_ptr<SharedRegistryModelPrivate> d;
};
