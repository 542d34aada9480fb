// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "registrynames_p.h"
#include "registryrow_p.h"
#include "sharedregistrymodel.h"

#include <QtCore/QBasicTimer>
#include <QtCore/QElapsedTimer>
#include <QtCore/QHash>
#include <QtCore/QStringList>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <vector>

class SharedRegistryModelPrivate : public QObject
{
public:
    explicit SharedRegistryModelPrivate(SharedRegistryModel *q);
    ~SharedRegistryModelPrivate() override;

    // Names: which there are, and which are shown.
    /// Reads the registry and follows it.
    void start();
    void handleNames(const std::vector<RegistryNames::Record> &present, const std::vector<std::string> &gone);
    void setFilter(const QString &filter);
    void removeClosed();
    bool isShown(const QString &name) const;
    /// Calls a function that inserts and removes rows: now or, if it is called by a slot of such a change, after that.
    void change(const std::function<void()> &function);
    void announce();

    // Rows: the folders and names that views see.
    /// Builds all rows anew, for a reset.
    void rebuild();
    void insertRows(std::vector<RegistryEntry *> entries);
    void removeRows(const std::vector<RegistryEntry *> &entries);
    QStringList partsOf(const QString &name) const;
    RegistryRow *find(const QString &name) const;
    static RegistryRow *addChild(RegistryRow *parent, const QString &part);
    /// Moves rows into the model, which have been made outside.
    void adopt(RegistryRow *parent, RegistryRow &made);
    /// Removes the children of `parent` without names below them, and takes `parent` out of the set of those that wait.
    void prune(RegistryRow *parent, std::set<RegistryRow *> &pending);
    /// Emits dataChanged for rows, with as few signals as possible.
    void announceRows(const std::vector<RegistryRow *> &rows, const QList<int> &roles);
    QModelIndex indexOf(const RegistryRow *row, int column = 0) const;
    const RegistryRow *rowOf(const QModelIndex &index) const;

    // Reading: what the memory of the names says that views ask for.
    /// Notes that a view asks for what the memory says.
    void ask(RegistryEntry *entry);
    void readMemory(RegistryEntry &entry) const;
    void readFresh();
    void readWatched();
    void release(RegistryEntry &entry);
    void setHidden(bool hidden);

    // Values
    QVariant value(const RegistryRow &row, int role);
    QVariant text(const RegistryRow &row, int column);
    QString programOf(RegistryEntry &entry);

    SharedRegistryModel *const q;
    QString m_registry;
    QString m_filter;
    QStringList m_words; ///< of the filter, in lower case
    bool m_isTree = false;
    bool m_keepsClosed = false;
    bool m_isStarted = false;

    std::unique_ptr<RegistryNames> m_names;
    std::map<QString, std::unique_ptr<RegistryEntry>> m_entries; ///< of all names, shown or not
    RegistryRow m_root;
    int m_count = 0;
    int m_announcedCount = 0;
    QString m_announcedError;
    bool m_isChanging = false;
    std::vector<std::function<void()>> m_changes; ///< those that wait for the end of the present one
    QHash<quint64, QString> m_programs;           ///< by process id, since the last change of names

    std::vector<RegistryEntry *> m_fresh;   ///< those that a view asks for, and whose memory was not read yet
    std::vector<RegistryEntry *> m_watched; ///< those that are read once a second
    QBasicTimer m_freshTimer;
    QBasicTimer m_readTimer;
    QElapsedTimer m_clock;
    bool m_isHidden = false;

protected:
    void timerEvent(QTimerEvent *event) override;
};
