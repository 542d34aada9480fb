// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Which names there are, and which of them the model shows.

#include "registryof_p.h"
#include "sharedregistrymodel_p.h"
#include "utf8_p.h"

#include <QtCore/QScopedValueRollback>

#include <algorithm>

SharedRegistryModelPrivate::SharedRegistryModelPrivate(SharedRegistryModel *model)
    : q(model)
{
    m_clock.start();
}

SharedRegistryModelPrivate::~SharedRegistryModelPrivate() = default;

void SharedRegistryModelPrivate::start()
{
    m_isStarted = true;
    // The slot of a signal of the old one may be running.
    if (m_names) {
        m_names->disconnect(this);
        m_names.release()->deleteLater();
    }
    if (!m_entries.empty()) {
        q->beginResetModel();
        m_fresh.clear();
        m_watched.clear();
        m_entries.clear();
        rebuild();
        q->endResetModel();
    }
    m_names = std::make_unique<RegistryNames>(registryOf(m_registry));
    connect(m_names.get(), &RegistryNames::changed, this, &SharedRegistryModelPrivate::handleNames);
    connect(m_names.get(), &RegistryNames::errorChanged, this, &SharedRegistryModelPrivate::announce);
    m_names->start();
    announce();
}

void SharedRegistryModelPrivate::change(const std::function<void()> &function)
{
    m_changes.push_back(function);
    if (m_isChanging)
        return;
    const QScopedValueRollback guard(m_isChanging, true);
    while (!m_changes.empty()) {
        const std::function<void()> next = std::move(m_changes.front());
        m_changes.erase(m_changes.begin());
        next();
    }
    announce();
}

void SharedRegistryModelPrivate::announce()
{
    if (std::exchange(m_announcedCount, m_count) != m_count)
        Q_EMIT q->countChanged();
    const QString error = m_names ? textOf(m_names->error()) : QString();
    if (std::exchange(m_announcedError, error) != error)
        Q_EMIT q->errorStringChanged();
}

void SharedRegistryModelPrivate::handleNames(const std::vector<RegistryNames::Record> &present,
                                             const std::vector<std::string> &gone)
{
    change([this, present, gone] {
        m_programs.clear();
        std::vector<RegistryEntry *> added;
        std::vector<RegistryEntry *> removed;
        std::vector<RegistryRow *> changed;
        for (const RegistryNames::Record &record : present) {
            const QString name = textOf(record.name);
            std::unique_ptr<RegistryEntry> &entry = m_entries[name];
            if (!entry) {
                entry = std::make_unique<RegistryEntry>();
                if (isShown(name))
                    added.push_back(entry.get());
            } else if (RegistryRow *const row = find(name); row && row->entry == entry.get()) {
                changed.push_back(row);
            }
            // Another instance, of which nothing is known yet.
            entry->record = record;
            entry->name = name;
            entry->isOpen = true;
            entry->program.clear();
            entry->reading = {};
            if (entry->isWatched)
                readMemory(*entry);
        }
        for (const std::string &bytes : gone) {
            const auto known = m_entries.find(textOf(bytes));
            if (known == m_entries.end())
                continue;
            RegistryEntry &entry = *known->second;
            RegistryRow *const row = find(entry.name);
            if (!m_keepsClosed) {
                removed.push_back(&entry);
                continue;
            }
            entry.isOpen = false;
            entry.reading.rate = -1;
            entry.reading.listeners = 0;
            release(entry);
            if (row && row->entry == &entry)
                changed.push_back(row);
        }
        // Before rows go or come: a view may read those that stay then.
        announceRows(changed, {});
        removeRows(removed);
        for (RegistryEntry *const entry : removed)
            m_entries.erase(QString(entry->name));
        insertRows(added);
    });
}

bool SharedRegistryModelPrivate::isShown(const QString &name) const
{
    return std::all_of(m_words.begin(), m_words.end(),
                       [&name](const QString &word) { return name.contains(word, Qt::CaseInsensitive); });
}

void SharedRegistryModelPrivate::setFilter(const QString &filter)
{
    m_words = filter.split(u' ', Qt::SkipEmptyParts);
    std::vector<RegistryEntry *> added;
    std::vector<RegistryEntry *> removed;
    for (const auto &[name, entry] : m_entries) {
        const RegistryRow *const row = find(name);
        const bool wasShown = row && row->entry == entry.get();
        if (wasShown != isShown(name))
            (wasShown ? removed : added).push_back(entry.get());
    }
    removeRows(removed);
    insertRows(added);
}

void SharedRegistryModelPrivate::removeClosed()
{
    std::vector<RegistryEntry *> removed;
    for (const auto &[name, entry] : m_entries) {
        if (!entry->isOpen)
            removed.push_back(entry.get());
    }
    removeRows(removed);
    for (RegistryEntry *const entry : removed)
        m_entries.erase(QString(entry->name));
}
