// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sharedalarmmodel_p.h"

#include "userinterface_p.h"

#include <algorithm>
#include <iterator>
#include <limits>

using namespace Qt::StringLiterals;

namespace {

/// More changes of rows at once are a reset: each one costs a view about as much.
constexpr qsizetype MostRowChanges = 200;

} // namespace

std::optional<SharedAlarmModelPrivate::Source> SharedAlarmModelPrivate::makeSource(QObject *object)
{
    Source source;
    source.given = object;
    source.limits = qobject_cast<SharedLimits *>(object);
    if (auto *const segment = qobject_cast<SharedSegment *>(object)) {
        source.isOwn = true;
        source.limits = new SharedLimits(q);
        source.limits->setSegment(segment);
    } else if (!source.limits) {
        const QLatin1String type(object ? object->metaObject()->className() : "null");
        UserInterface::warn(
            q, u"sources ignores an object of the type %1; list SharedSegment and SharedLimits objects"_s.arg(type));
        return std::nullopt;
    }
    source.number = ++m_lastNumber;
    QObject::connect(source.limits, &SharedLimits::judged, q, [this, number = source.number] { refresh(number); });
    QObject::connect(source.limits, &SharedLimits::segmentChanged, q,
                     [this, number = source.number] { refresh(number); });
    QObject::connect(object, &QObject::destroyed, q, [this, object] {
        removeSource(object);
        Q_EMIT q->sourcesChanged();
    });
    return source;
}

void SharedAlarmModelPrivate::setSources(const QObjectList &objects)
{
    std::vector<Source> before;
    before.swap(m_sources);
    for (QObject *const object : objects) {
        const auto isGiven = [object](const Source &source) { return source.given == object; };
        if (std::any_of(m_sources.begin(), m_sources.end(), isGiven))
            continue;
        const auto same = std::find_if(before.begin(), before.end(), isGiven);
        if (same != before.end()) {
            m_sources.push_back(std::move(*same));
            before.erase(same);
        } else if (std::optional<Source> source = makeSource(object)) {
            m_sources.push_back(std::move(*source));
        }
    }
    for (const Source &source : before) {
        source.given->disconnect(q);
        source.limits->disconnect(q);
        if (source.isOwn)
            source.limits->deleteLater(); // It may be the one that emits now.
    }
    refresh();
}

void SharedAlarmModelPrivate::removeSource(const QObject *given)
{
    const auto at = std::find_if(m_sources.begin(), m_sources.end(),
                                 [given](const Source &source) { return source.given == given; });
    if (at == m_sources.end())
        return;
    if (at->isOwn) {
        at->limits->disconnect(q);
        at->limits->deleteLater();
    }
    m_sources.erase(at);
    show();
}

SharedAlarmModelPrivate::Row SharedAlarmModelPrivate::rowOf(const Source &source, const FieldLimits &field,
                                                            const FieldLimits::Entry &entry, bool isStream)
{
    Row row;
    row.identity = {source.number, field.field(), entry.identity};
    row.element = isStream ? -1 : std::max<qint64>(entry.index, -1);
    row.level = entry.state.level();
    row.worstLevel = entry.state.worstLevel();
    row.since = entry.state.since();
    row.isAcknowledged = entry.state.isAcknowledged();
    row.segmentName = source.limits->segment()->name();
    row.field = field.name();
    row.label = field.metadata().label;
    row.value = entry.value;
    row.key = entry.key;
    return row;
}

void SharedAlarmModelPrivate::collect(Source &source) const
{
    source.rows.clear();
    source.count = 0;
    SharedSegment *const segment = source.limits ? source.limits->segment() : nullptr;
    if (!segment)
        return;
    const SharedLimitsPrivate &limits = SharedLimitsPrivate::of(*source.limits);
    using Found = std::pair<const FieldLimits *, const FieldLimits::Entry *>;
    std::vector<Found> found;
    found.reserve(static_cast<std::size_t>(limits.m_count));
    for (const FieldLimits &field : limits.m_watch.fields()) {
        for (const FieldLimits::Entry &entry : field.entries()) {
            if (!entry.state.isNormal())
                found.emplace_back(&field, &entry);
        }
    }
    source.count = static_cast<qint64>(found.size());
    if (source.count > m_limit) {
        // In the order of the rows, as far as one segment has several.
        const auto order = [](const Found &of) {
            return std::tuple(-LimitState::severity(of.second->state.level()), -of.second->state.since(),
                              of.first->field());
        };
        std::nth_element(found.begin(), found.begin() + m_limit, found.end(), [order](const Found &a, const Found &b) {
            return order(a) != order(b)
                     ? order(a) < order(b)
                     : isBefore(a.second->identity, a.second->key, b.second->identity, b.second->key);
        });
        found.resize(static_cast<std::size_t>(m_limit));
    }
    const bool isStream = segment->isOpen() && segment->kind() == SharedSegment::Kind::Stream;
    for (const auto &[field, entry] : found)
        source.rows.push_back(rowOf(source, *field, *entry, isStream));
    if (QString reason = limits.reason(); !reason.isEmpty()) {
        Row row;
        row.identity.source = source.number;
        row.segmentName = segment->name();
        row.since = limits.m_watch.unknownSince();
        row.reason = std::move(reason);
        source.rows.push_back(std::move(row));
        ++source.count;
    }
}

void SharedAlarmModelPrivate::refresh(quint64 number)
{
    for (Source &source : m_sources) {
        if (number == 0 || source.number == number)
            collect(source);
    }
    show();
}

bool SharedAlarmModelPrivate::isBefore(const Row &a, const Row &b)
{
    const auto order = [](const Row &row) { return std::pair(-LimitState::severity(row.level), -row.since); };
    if (order(a) != order(b))
        return order(a) < order(b);
    if (const int names = a.segmentName.compare(b.segmentName); names != 0)
        return names < 0;
    if (a.identity.field != b.identity.field)
        return a.identity.field < b.identity.field;
    if (a.identity.element != b.identity.element)
        return isBefore(a.identity.element, a.key, b.identity.element, b.key);
    return a.identity.source < b.identity.source;
}

bool SharedAlarmModelPrivate::isBefore(ElementIdentity a, const QVariant &keyOfA, ElementIdentity b,
                                       const QVariant &keyOfB)
{
    // The fields of keys may have been of different types.
    if (keyOfA.typeId() != keyOfB.typeId())
        return keyOfA.typeId() < keyOfB.typeId();
    if (a.key == b.key || !keyOfA.isValid())
        return a < b;
    return QVariant::compare(keyOfA, keyOfB) == QPartialOrdering::Less;
}

void SharedAlarmModelPrivate::show()
{
    // The views have not taken the last change yet.
    if (std::exchange(m_isPending, true) || m_isApplying)
        return;
    m_isApplying = true;
    while (std::exchange(m_isPending, false)) {
        std::vector<const Row *> sorted;
        qint64 count = 0;
        m_level = m_sources.empty() ? Level::Unknown : Level::Normal;
        for (const Source &source : m_sources) {
            for (const Row &row : source.rows)
                sorted.push_back(&row);
            count += source.count;
            m_level = LimitState::worse(m_level, source.limits ? SharedLimitsPrivate::of(*source.limits).m_level
                                                               : Level::Unknown);
        }
        std::sort(sorted.begin(), sorted.end(), [](const Row *a, const Row *b) { return isBefore(*a, *b); });
        sorted.resize(std::min(sorted.size(), static_cast<std::size_t>(m_limit)));
        // A slot may change the sources.
        std::vector<Row> rows;
        rows.reserve(sorted.size());
        for (const Row *const row : sorted)
            rows.push_back(*row);
        m_omitted = static_cast<int>(
            std::min<qint64>(count - static_cast<qint64>(rows.size()), std::numeric_limits<int>::max()));
        m_unacknowledged = static_cast<int>(
            std::count_if(rows.begin(), rows.end(), [](const Row &row) { return !row.isAcknowledged; }));
        apply(std::move(rows));
    }
    m_isApplying = false;
    announce();
}

void SharedAlarmModelPrivate::apply(std::vector<Row> rows)
{
    if (std::equal(rows.begin(), rows.end(), m_rows.begin(), m_rows.end(),
                   [](const Row &a, const Row &b) { return a.identity == b.identity; })) {
        updateRows(rows);
        return;
    }
    QSet<Identity> wanted;
    wanted.reserve(static_cast<qsizetype>(rows.size()));
    for (const Row &row : rows)
        wanted.insert(row.identity);
    const auto kept =
        std::count_if(m_rows.begin(), m_rows.end(), [&](const Row &row) { return wanted.contains(row.identity); });
    const auto changes = static_cast<qsizetype>(m_rows.size() + rows.size()) - 2 * kept;
    if (changes <= MostRowChanges) {
        removeOthers(wanted);
        if (arrange(rows)) {
            updateRows(rows);
            return;
        }
    }
    q->beginResetModel();
    m_rows = std::move(rows);
    q->endResetModel();
}

void SharedAlarmModelPrivate::removeOthers(const QSet<Identity> &wanted)
{
    const auto isWanted = [&](qsizetype at) { return wanted.contains(m_rows[static_cast<std::size_t>(at)].identity); };
    for (auto last = static_cast<qsizetype>(m_rows.size()) - 1; last >= 0; --last) {
        if (isWanted(last))
            continue;
        qsizetype first = last;
        while (first > 0 && !isWanted(first - 1))
            --first;
        q->beginRemoveRows(QModelIndex(), static_cast<int>(first), static_cast<int>(last));
        m_rows.erase(m_rows.begin() + first, m_rows.begin() + last + 1);
        q->endRemoveRows();
        last = first;
    }
}

bool SharedAlarmModelPrivate::arrange(const std::vector<Row> &rows)
{
    QSet<Identity> present;
    for (const Row &row : m_rows)
        present.insert(row.identity);
    qsizetype moves = 0;
    for (std::size_t at = 0; at < rows.size(); ++at) {
        if (at < m_rows.size() && m_rows[at].identity == rows[at].identity)
            continue;
        const auto row = static_cast<int>(at);
        const auto to = m_rows.begin() + row;
        if (present.contains(rows[at].identity)) {
            if (++moves > MostRowChanges)
                return false;
            const auto from =
                std::find_if(to, m_rows.end(), [&](const Row &other) { return other.identity == rows[at].identity; });
            const auto fromRow = static_cast<int>(from - m_rows.begin());
            q->beginMoveRows(QModelIndex(), fromRow, fromRow, QModelIndex(), row);
            std::rotate(to, from, std::next(from));
            q->endMoveRows();
            continue;
        }
        std::size_t end = at + 1;
        while (end < rows.size() && !present.contains(rows[end].identity))
            ++end;
        q->beginInsertRows(QModelIndex(), row, static_cast<int>(end) - 1);
        m_rows.insert(to, rows.begin() + row, rows.begin() + static_cast<std::ptrdiff_t>(end));
        q->endInsertRows();
        at = end - 1;
    }
    return true;
}

void SharedAlarmModelPrivate::updateRows(const std::vector<Row> &rows)
{
    enum class Change { None, Value, All };
    const auto take = [&](std::size_t at) {
        Row &row = m_rows[at];
        if (row == rows[at])
            return Change::None;
        row.value = rows[at].value;
        return std::exchange(row, rows[at]) == rows[at] ? Change::Value : Change::All;
    };
    std::size_t first = 0;
    Change pending = Change::None;
    for (std::size_t at = 0; at <= rows.size(); ++at) {
        const Change change = at < rows.size() ? take(at) : Change::None;
        if (change == pending)
            continue;
        if (pending != Change::None)
            Q_EMIT q->dataChanged(q->index(static_cast<int>(first), 0),
                                  q->index(static_cast<int>(at) - 1, q->columnCount() - 1),
                                  pending == Change::All ? QList<int>()
                                                         : QList<int>{Qt::DisplayRole, SharedAlarmModel::ValueRole,
                                                                      SharedAlarmModel::TextRole});
        first = at;
        pending = change;
    }
}

void SharedAlarmModelPrivate::announce()
{
    const QPointer<SharedAlarmModel> guard(q);
    if (std::exchange(m_announcedCount, static_cast<int>(m_rows.size())) != static_cast<int>(m_rows.size()))
        Q_EMIT q->countChanged();
    if (guard && std::exchange(m_announcedOmitted, m_omitted) != m_omitted)
        Q_EMIT q->omittedChanged();
    if (guard && std::exchange(m_announcedUnacknowledged, m_unacknowledged) != m_unacknowledged)
        Q_EMIT q->unacknowledgedChanged();
    if (guard && std::exchange(m_announcedLevel, m_level) != m_level)
        Q_EMIT q->levelChanged();
}
