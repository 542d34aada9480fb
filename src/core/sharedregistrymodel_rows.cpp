// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The rows of the model: a tree of folders and names, which changes by insertions and removals.

#include "sharedregistrymodel_p.h"

#include <algorithm>
#include <iterator>
#include <utility>

int RegistryRow::lowerBound(const QString &wanted) const
{
    const auto place =
        std::lower_bound(children.begin(), children.end(), wanted,
                         [](const std::unique_ptr<RegistryRow> &row, const QString &text) { return row->part < text; });
    return static_cast<int>(place - children.begin());
}

RegistryRow *RegistryRow::child(const QString &wanted) const
{
    const auto at = static_cast<std::size_t>(lowerBound(wanted));
    return at < children.size() && children[at]->part == wanted ? children[at].get() : nullptr;
}

QStringList SharedRegistryModelPrivate::partsOf(const QString &name) const
{
    QStringList parts;
    qsizetype start = 0;
    // A slash that has nothing before or after it belongs to the part.
    while (m_isTree) {
        const qsizetype slash = name.indexOf(u'/', start + 1);
        if (slash < 0 || slash + 1 == name.size())
            break;
        parts.append(name.sliced(start, slash - start));
        start = slash + 1;
    }
    parts.append(name.sliced(start));
    return parts;
}

RegistryRow *SharedRegistryModelPrivate::find(const QString &name) const
{
    RegistryRow *row = const_cast<RegistryRow *>(&m_root);
    for (const QString &part : partsOf(name)) {
        row = row->child(part);
        if (!row)
            return nullptr;
    }
    return row;
}

RegistryRow *SharedRegistryModelPrivate::addChild(RegistryRow *parent, const QString &part)
{
    auto row = std::make_unique<RegistryRow>();
    row->part = part;
    row->parent = parent;
    return parent->children.insert(parent->children.begin() + parent->lowerBound(part), std::move(row))->get();
}

void SharedRegistryModelPrivate::rebuild()
{
    m_root.children.clear();
    m_count = 0;
    for (const auto &[name, entry] : m_entries) {
        if (!isShown(name))
            continue;
        RegistryRow *row = &m_root;
        for (const QString &part : partsOf(name)) {
            RegistryRow *const known = row->child(part);
            row = known ? known : addChild(row, part);
        }
        row->entry = entry.get();
        ++m_count;
    }
}

void SharedRegistryModelPrivate::insertRows(std::vector<RegistryEntry *> entries)
{
    // In the order of the rows each new one goes to the end, which moves no other.
    std::sort(entries.begin(), entries.end(),
              [](const RegistryEntry *a, const RegistryEntry *b) { return a->name < b->name; });
    // Makes the new rows outside of the model, below a copy of the row that gets them.
    std::map<RegistryRow *, RegistryRow> made;
    std::vector<RegistryRow *> named;
    for (RegistryEntry *const entry : entries) {
        RegistryRow *row = &m_root;
        bool isMade = false;
        for (const QString &part : partsOf(entry->name)) {
            RegistryRow *next = row->child(part);
            if (!next) {
                if (!isMade)
                    row = &made[row];
                isMade = true;
                next = row->child(part);
                if (!next)
                    next = addChild(row, part);
            }
            row = next;
        }
        row->entry = entry;
        if (!isMade)
            named.push_back(row);
    }
    m_count += static_cast<int>(entries.size());
    announceRows(named, {});
    for (auto &[parent, rows] : made)
        adopt(parent, rows);
}

void SharedRegistryModelPrivate::adopt(RegistryRow *parent, RegistryRow &made)
{
    const QModelIndex index = indexOf(parent);
    const auto end = made.children.end();
    for (auto first = made.children.begin(); first != end;) {
        const int at = parent->lowerBound((*first)->part);
        const bool isLast = at == static_cast<int>(parent->children.size());
        const auto place = parent->children.begin() + at;
        // All rows that come before the next one that is there already.
        const auto last = isLast ? end : std::find_if(first, end, [&](const std::unique_ptr<RegistryRow> &row) {
            return !(row->part < (*place)->part);
        });
        q->beginInsertRows(index, at, at + static_cast<int>(last - first) - 1);
        for (auto row = first; row != last; ++row)
            (*row)->parent = parent;
        parent->children.insert(place, std::move_iterator(first), std::move_iterator(last));
        q->endInsertRows();
        first = last;
    }
}

void SharedRegistryModelPrivate::removeRows(const std::vector<RegistryEntry *> &entries)
{
    std::vector<RegistryRow *> folders;
    std::set<RegistryRow *> parents;
    for (RegistryEntry *const entry : entries) {
        RegistryRow *row = find(entry->name);
        if (!row || row->entry != entry)
            continue;
        --m_count;
        if (row->children.empty()) {
            row->isLeaving = true;
            parents.insert(row->parent);
        } else {
            row->entry = nullptr;
            folders.push_back(row);
        }
    }
    announceRows(folders, {});
    while (!parents.empty())
        prune(*parents.begin(), parents);
    // Until its row was removed, a view may have requested what the memory says.
    for (RegistryEntry *const entry : entries)
        release(*entry);
    std::erase_if(m_watched, [](const RegistryEntry *entry) { return !entry->isWatched; });
    std::erase_if(m_fresh, [](const RegistryEntry *entry) { return !entry->isWatched; });
}

void SharedRegistryModelPrivate::prune(RegistryRow *parent, std::set<RegistryRow *> &pending)
{
    pending.erase(parent);
    const auto isEmpty = [](const std::unique_ptr<RegistryRow> &row) {
        return (!row->entry || row->isLeaving) && row->children.empty();
    };
    std::vector<std::unique_ptr<RegistryRow>> &rows = parent->children;
    for (auto at = rows.end(); at != rows.begin();) {
        const auto last = at;
        while (at != rows.begin() && isEmpty(*(at - 1)))
            --at;
        if (at == last) {
            --at;
            continue;
        }
        const auto first = static_cast<int>(at - rows.begin());
        q->beginRemoveRows(indexOf(parent), first, first + static_cast<int>(last - at) - 1);
        at = rows.erase(at, last);
        q->endRemoveRows();
    }
    if (parent != &m_root && !parent->entry && rows.empty())
        prune(parent->parent, pending);
}

void SharedRegistryModelPrivate::announceRows(const std::vector<RegistryRow *> &rows, const QList<int> &roles)
{
    std::vector<std::pair<RegistryRow *, int>> places;
    places.reserve(rows.size());
    for (RegistryRow *const row : rows)
        places.emplace_back(row->parent, row->indexInParent());
    std::sort(places.begin(), places.end());
    for (std::size_t first = 0; first < places.size();) {
        std::size_t last = first;
        while (last + 1 < places.size() && places[last + 1].first == places[first].first
               && places[last + 1].second <= places[last].second + 1)
            ++last;
        const QModelIndex parent = indexOf(places[first].first);
        Q_EMIT q->dataChanged(q->index(places[first].second, 0, parent),
                              q->index(places[last].second, q->columnCount() - 1, parent), roles);
        first = last + 1;
    }
}

QModelIndex SharedRegistryModelPrivate::indexOf(const RegistryRow *row, int column) const
{
    return row == &m_root ? QModelIndex() : q->createIndex(row->indexInParent(), column, row);
}

const RegistryRow *SharedRegistryModelPrivate::rowOf(const QModelIndex &index) const
{
    return index.isValid() ? static_cast<const RegistryRow *>(index.constInternalPointer()) : &m_root;
}
