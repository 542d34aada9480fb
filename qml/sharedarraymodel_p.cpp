// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sharedarraymodel_p.h"

#include "../src/core/memorycheck_p.h"
#include "qmlnames.h"

#include <QtQml/QQmlInfo>
#include <QtQuick/QQuickItem>
#include <QtQuick/QQuickWindow>

#include <algorithm>
#include <iterator>
#include <limits>
#include <new>
#include <utility>

using namespace Qt::StringLiterals;

namespace {

// Up to this size, copying all rows is cheaper than tracking the visible ones.
constexpr qint64 SmallBytes = 256 * 1024;
// Up to this size, requested rows are followed for ever, whether a view still shows them or not.
constexpr qint64 FollowedBytes = 4 * SmallBytes;
constexpr int MaximumTrimInterval = 1 << 20;
// Maximum size of one read for shown rows, except for one larger row: a view that jumps from one end to the other does
// not need the rows in between.
constexpr qint64 MostBytes = 64 * SmallBytes;
// Rows to prefetch on either side, for scrolling.
constexpr qint64 MarginRows = 128;

} // namespace

void ElementRange::include(ElementRange other)
{
    if (isEmpty()) {
        *this = other;
    } else if (!other.isEmpty()) {
        first = std::min(first, other.first);
        end = std::max(end, other.end);
    }
}

ElementRange ElementRange::within(ElementRange other) const
{
    return {std::clamp(first, other.first, other.end), std::clamp(end, other.first, other.end)};
}

SharedArrayModelPrivate::SharedArrayModelPrivate(SharedArrayModel *model)
    : q(model)
{
    m_roleNames = {{Qt::DisplayRole, "display"}, {Qt::EditRole, "edit"}, {ValueRole, "value"}};
    QObject::connect(&m_follower, &SegmentFollower::changed, q, [this] { sync(); });
    QObject::connect(&m_follower, &SegmentFollower::updated, q, [this] { handleUpdate(); });
    QObject::connect(&m_follower, &SegmentFollower::segmentDestroyed, q, &SharedArrayModel::segmentChanged);
}

void SharedArrayModelPrivate::sync()
{
    const bool isOpen = m_follower.isOpen();
    const QString instance = isOpen ? segment()->instance() : QString();
    if (isOpen && instance == m_instance)
        return;
    m_instance = instance;
    const SharedLayout layout = isOpen ? segment()->layout() : SharedLayout();
    const qint64 length = isOpen ? segment()->length() : 0;
    if (isOpen && layout == m_layout) {
        switchInstance(length);
    } else if (!(layout == m_layout) || length != m_length) {
        m_layout = layout;
        m_length = length;
        reset();
    }
}

void SharedArrayModelPrivate::reset()
{
    const int oldRows = m_rows;
    const QHash<int, QByteArray> oldNames = m_roleNames;
    q->beginResetModel();
    m_elementSize = m_layout.elementSize();
    m_fields = FieldDecoder::of(m_layout);
    m_rolesOf.clear();
    if (!m_fields.isEmpty())
        nameRoles();
    // If role names change, views rebuild at the end of the reset, and some (Repeater) also in its middle. Rows
    // inserted after the reset are built only once.
    const int rows = rowsFor(m_firstRow, m_rowLimit);
    const bool insertLater = rows > 0 && m_roleNames != oldNames;
    m_rows = insertLater ? 0 : rows;
    m_cache.reset(m_elementSize, m_length);
    m_edits.clear();
    m_statistics = Statistics();
    m_warnedFields.clear();
    m_changes.clear();
    m_requestedRows = m_recentRows = m_rowsSinceTrim = m_prefetchedRows = ElementRange();
    m_directRows = {};
    m_isStale = true;
    m_hasOutdatedRows = false;
    const quint64 ordering = ++m_rowOrderVersion;
    q->endResetModel();
    // A slot may have changed all of this.
    if (ordering != m_rowOrderVersion)
        return;
    if (insertLater && m_rows == 0 && rowsFor(m_firstRow, m_rowLimit) == rows) {
        q->beginInsertRows(QModelIndex(), 0, rows - 1);
        m_rows = rows;
        q->endInsertRows();
        if (ordering != m_rowOrderVersion)
            return;
    }
    if (m_rows != oldRows)
        Q_EMIT q->countChanged();
    // The revision that views have read counts; a newer one is a later update.
    setRevisionInfo(m_isStale ? newestRevisionInfo() : m_cache.revision());
}

void SharedArrayModelPrivate::nameRoles()
{
    // Qt has no signal for role names; views rebuild after a reset that changes them. So names stay while nothing is
    // open, and an element that is not a struct has the initial names.
    m_names = qmlNames(m_fields, namesTakenInDelegates());
    m_roleNames = {{Qt::DisplayRole, "display"}, {Qt::EditRole, "edit"}, {ValueRole, "value"}};
    if (!m_layout.isStruct())
        return;
    for (auto role = m_roleNames.begin(); role != m_roleNames.end();) {
        // A field of that name takes the role.
        role = m_names.contains(QString::fromLatin1(role.value())) ? m_roleNames.erase(role) : std::next(role);
    }
    for (qsizetype i = 0; i < m_names.size(); ++i)
        m_roleNames.insert(FirstFieldRole + static_cast<int>(i), m_names.at(i).toUtf8());
}

void SharedArrayModelPrivate::switchInstance(qint64 length)
{
    m_edits.clear();
    m_statistics = Statistics();
    m_length = length;
    m_directRows = {};
    const QString instance = m_instance;
    const int oldRows = m_rows;
    const int rows = rowsFor(m_firstRow, m_rowLimit);
    if (rows < oldRows) {
        q->beginRemoveRows(QModelIndex(), rows, oldRows - 1);
        m_rows = rows;
        m_directRows = {};
        q->endRemoveRows();
        if (instance != m_instance)
            return;
    }
    m_cache.setLength(length);
    m_isStale = true;
    for (ElementRange *range : {&m_requestedRows, &m_recentRows, &m_rowsSinceTrim, &m_prefetchedRows})
        *range = range->within(window());
    refresh();
    if (instance != m_instance)
        return;
    if (m_hasOutdatedRows)
        m_follower.schedule(); // If the interfering writer is dead now, no update follows.
    if (rows > oldRows && m_rows == oldRows) {
        q->beginInsertRows(QModelIndex(), oldRows, rows - 1);
        m_rows = rows;
        q->endInsertRows();
    }
    if (m_rows != oldRows)
        Q_EMIT q->countChanged();
}

int SharedArrayModelPrivate::rowsFor(qint64 firstRow, qint64 rowLimit) const
{
    qint64 rows = std::max<qint64>(m_length - firstRow, 0);
    if (rowLimit >= 0)
        rows = std::min(rows, rowLimit);
    return static_cast<int>(std::min<qint64>(rows, std::numeric_limits<int>::max()));
}

void SharedArrayModelPrivate::setWindow(qint64 firstRow, qint64 rowLimit)
{
    const int oldRows = m_rows;
    const int rows = rowsFor(firstRow, rowLimit);
    m_rowLimit = rowLimit;
    if (rows < oldRows) {
        q->beginRemoveRows(QModelIndex(), rows, oldRows - 1);
        m_rows = rows;
        m_directRows = {};
        q->endRemoveRows();
    }
    // While rows are inserted or removed, the other rows keep their values.
    m_directRows = {};
    if (std::exchange(m_firstRow, firstRow) != firstRow) {
        ++m_rowOrderVersion;
        m_changes.clear();
        m_requestedRows = m_recentRows = m_rowsSinceTrim = ElementRange();
        if (m_rows > 0) {
            announceValues();
            Q_EMIT q->headerDataChanged(Qt::Vertical, 0, m_rows - 1);
        }
    }
    for (ElementRange *range : {&m_requestedRows, &m_recentRows, &m_rowsSinceTrim})
        *range = range->within(window());
    if (rows > oldRows) {
        q->beginInsertRows(QModelIndex(), oldRows, rows - 1);
        m_rows = rows;
        q->endInsertRows();
    }
    if (rows != oldRows)
        Q_EMIT q->countChanged();
}

SharedRevision SharedArrayModelPrivate::newestRevisionInfo() const
{
    if (!m_follower.isOpen())
        return {};
    const QDateTime updatedAt = segment()->updatedAt();
    return {segment()->revision(), updatedAt.isValid() ? updatedAt.toMSecsSinceEpoch() * 1'000'000 : 0};
}

void SharedArrayModelPrivate::setRevisionInfo(const SharedRevision &revision)
{
    const bool isOther = revision.number != m_revisionInfo.number || revision.timestamp != m_revisionInfo.timestamp;
    m_revisionInfo = revision;
    if (std::exchange(m_isRevisionSignalPending, false) || isOther)
        Q_EMIT q->revisionChanged();
}

void SharedArrayModelPrivate::announceValues()
{
    if (m_rows > 0)
        Q_EMIT q->dataChanged(q->index(0, 0), q->index(m_rows - 1, q->columnCount() - 1));
}

void SharedArrayModelPrivate::announceChanges()
{
    if (m_changes.isEmpty())
        return;
    std::vector<CellChanges::Block> blocks = m_changes.take();
    const quint64 ordering = m_rowOrderVersion;
    for (const CellChanges::Block &block : blocks) {
        // A slot may have changed the rows.
        if (ordering != m_rowOrderVersion)
            return;
        const auto bottom = static_cast<int>(std::min<qint64>(block.bottom, m_rows - 1));
        if (block.top <= bottom)
            Q_EMIT q->dataChanged(q->index(static_cast<int>(block.top), block.left), q->index(bottom, block.right),
                                  rolesOf(block.left, block.right));
    }
    m_changes.giveBack(std::move(blocks));
}

QList<int> SharedArrayModelPrivate::rolesOf(int left, int right)
{
    // A list delegate shows the whole row. Without roles, a change of any field would evaluate the property of a field
    // again that the user is editing.
    if (right - left + 1 >= m_fields.size())
        return {};
    constexpr qsizetype MostKept = 256;
    if (m_rolesOf.size() > MostKept)
        m_rolesOf.clear();
    QList<int> &roles = m_rolesOf[{left, right}];
    if (roles.isEmpty()) {
        roles = {Qt::DisplayRole, Qt::EditRole, ValueRole};
        for (int column = left; column <= right; ++column)
            roles.append(FirstFieldRole + column);
    }
    return roles;
}

void SharedArrayModelPrivate::trimRequestedRows()
{
    // One pass over a million rows must not make each later refresh read a million rows. Dropped rows are announced as
    // changed; a view that still shows them requests them again, and then trims become rarer.
    if (m_requestedRows.count() <= FollowedBytes / std::max<qsizetype>(m_elementSize, 1)) {
        m_trimInterval = std::max(m_trimInterval - 1, 1);
        return;
    }
    if (++m_refreshesSinceTrim <= m_trimInterval)
        return;
    m_refreshesSinceTrim = 0;
    const ElementRange kept = std::exchange(m_rowsSinceTrim, ElementRange());
    if (kept.count() > m_requestedRows.count() / 2) {
        m_trimInterval = std::min(2 * m_trimInterval, MaximumTrimInterval);
        return;
    }
    const int columns = static_cast<int>(m_fields.size());
    const ElementRange requested =
        std::exchange(m_requestedRows, kept.isEmpty() ? ElementRange() : withMargin(kept).within(m_requestedRows));
    const qint64 first = m_requestedRows.isEmpty() ? requested.end : m_requestedRows.first;
    m_changes.addRows(requested.first - m_firstRow, first - m_firstRow, columns);
    if (!m_requestedRows.isEmpty())
        m_changes.addRows(m_requestedRows.end - m_firstRow, requested.end - m_firstRow, columns);
}

void SharedArrayModelPrivate::handleUpdate()
{
    if (!m_follower.isOpen())
        return;
    if (isViewHidden()) {
        m_isUpdateDeferred = true;
        return;
    }
    if (segment()->revision() != m_revisionInfo.number || m_hasOutdatedRows)
        refresh();
    else if (m_isRevisionSignalPending)
        setRevisionInfo(m_revisionInfo);
}

void SharedArrayModelPrivate::refresh(const QList<Edit> &edits)
{
    m_isUpdateDeferred = false;
    m_rowsSinceTrim.include(std::exchange(m_recentRows, ElementRange()));
    m_directRows = {};
    trimRequestedRows();
    if (m_requestedRows.isEmpty()) {
        // No row was requested: the next request reads.
        m_isStale = true;
        m_hasOutdatedRows = false;
        m_changes.clear();
        setRevisionInfo(newestRevisionInfo());
        announceValues();
        return;
    }
    m_prefetchedRows = withMargin(m_requestedRows);
    if (!fitsOneRead(m_prefetchedRows) && !m_follower.isPaused()) {
        // Views request the rows again that they still show.
        m_isStale = true;
        m_hasOutdatedRows = false;
        m_changes.clear();
        m_requestedRows = m_rowsSinceTrim = m_prefetchedRows = ElementRange();
        setRevisionInfo(newestRevisionInfo());
        announceValues();
        return;
    }
    const bool isRead = read(m_prefetchedRows);
    for (const Edit &edit : edits)
        m_changes.addCell(edit.index - m_firstRow, edit.column);
    if (!isRead) {
        // A writer interfered; its update triggers the next refresh.
        m_hasOutdatedRows = true;
        return;
    }
    m_hasOutdatedRows = false;
    setRevisionInfo(m_cache.revision());
    announceChanges();
}

bool SharedArrayModelPrivate::fitsOneRead(ElementRange range) const
{
    return range.count() <= std::max<qint64>(MostBytes / std::max<qsizetype>(m_elementSize, 1), 1);
}

bool SharedArrayModelPrivate::isSmall() const
{
    return m_rows <= SmallBytes / std::max<qsizetype>(m_elementSize, 1);
}

ElementRange SharedArrayModelPrivate::withMargin(ElementRange range) const
{
    const ElementRange all = window();
    if (isSmall() || m_follower.isPaused())
        return all;
    // Prefetch fewer rows if elements are large.
    const qint64 margin =
        std::min(std::max(MarginRows, range.count()), MostBytes / 4 / std::max<qsizetype>(m_elementSize, 1));
    return {std::clamp(range.first - margin, all.first, all.end), std::clamp(range.end + margin, all.first, all.end)};
}

bool SharedArrayModelPrivate::read(ElementRange range)
{
    if (!m_follower.isOpen())
        return false;
    const RowCache::Result result = m_cache.read(*segment(), range.first, range.end);
    if (result == RowCache::Result::OutOfMemory)
        failForMemory();
    if (result != RowCache::Result::Done)
        return false;
    m_isMemoryErrorReported = false;
    const bool isSame = !std::exchange(m_isStale, false)
                     && m_cache.revision().number == m_cache.revisionBefore().number;
    m_directRows = {};
    compare(isSame);
    return true;
}

bool SharedArrayModelPrivate::fail(SharedSegment::Error error, const QString &text) const
{
    if (segment())
        segment()->setError(error, text);
    return false;
}

void SharedArrayModelPrivate::warnOfField(const QString &name)
{
    // Bindings repeat the call with each revision.
    if (m_warnedFields.contains(name))
        return;
    m_warnedFields.append(name);
    QStringList names;
    for (qsizetype i = 0; i < m_fields.size(); ++i) {
        if (m_fields.at(i).type() != SharedLayout::Type::Text)
            names.append(columnName(i));
    }
    qmlWarning(q).noquote() << (names.isEmpty() ? u"\"%1\" has no numbers"_s.arg(segment()->name())
                                                : u"\"%1\" has no numbers in a field \"%2\"; there are: %3"_s.arg(
                                                    segment()->name(), name, names.join(u", ")));
}

void SharedArrayModelPrivate::failForMemory() const
{
    // Report once, not with each revision.
    if (!segment() || std::exchange(m_isMemoryErrorReported, true))
        return;
    segment()->setError(SharedSegment::Error::OutOfMemory,
                        u"there is no memory to show %1 rows of \"%2\", of %3 bytes each; show fewer, by rowLimit"_s
                            .arg(m_rows)
                            .arg(segment()->name())
                            .arg(m_elementSize));
}

void SharedArrayModelPrivate::failForMemory(qint64 rows) const
{
    segment()->setError(SharedSegment::Error::OutOfMemory,
                        u"there is no memory for a copy of %1 rows of \"%2\", of %3 bytes each; ask for fewer"_s
                            .arg(rows)
                            .arg(segment()->name())
                            .arg(m_elementSize));
}

void SharedArrayModelPrivate::compare(bool isSameRevision)
{
    if (m_requestedRows.isEmpty())
        return;
    const ElementRange before = {m_cache.firstBefore(), m_cache.endBefore()};
    const ElementRange now = {m_cache.first(), m_cache.end()};
    const ElementRange both = {std::max({m_requestedRows.first, before.first, now.first}),
                               std::min({m_requestedRows.end, before.end, now.end})};
    const int columns = static_cast<int>(m_fields.size());
    if (both.isEmpty()) {
        m_changes.addRows(m_requestedRows.first - m_firstRow, m_requestedRows.end - m_firstRow, columns);
        return;
    }
    // Rows that could not be read when they were requested.
    m_changes.addRows(m_requestedRows.first - m_firstRow, both.first - m_firstRow, columns);
    m_changes.addRows(both.end - m_firstRow, m_requestedRows.end - m_firstRow, columns);
    if (!isSameRevision)
        m_changes.compare(m_fields, m_elementSize, m_cache.elementBefore(both.first), m_cache.element(both.first),
                          both.first - m_firstRow, both.count());
}

const std::byte *SharedArrayModelPrivate::requestRow(int row)
{
    if (row < 0 || row >= m_rows)
        return nullptr;
    const qint64 index = m_firstRow + row;
    const std::byte *bytes = m_isStale ? nullptr : m_cache.element(index);
    if (!bytes)
        bytes = load(index);
    m_requestedRows.include({index, index + 1});
    m_recentRows.include({index, index + 1});
    if (!m_isStale) {
        const ElementRange ready = {std::max(m_recentRows.first, m_cache.first()),
                                    std::min(m_recentRows.end, m_cache.end())};
        if (!ready.isEmpty())
            m_directRows = {m_cache.element(ready.first), ready.first - m_firstRow,
                            static_cast<quint64>(ready.count())};
    }
    return bytes;
}

const std::byte *SharedArrayModelPrivate::load(qint64 index)
{
    const bool wasStale = m_isStale;
    const ElementRange wanted = withMargin({index, index + 1});
    ElementRange range = wanted;
    if (!wasStale)
        range.include({m_cache.first(), m_cache.end()});
    else if (m_prefetchedRows.contains(index))
        range.include(m_prefetchedRows);
    const ElementRange all = window();
    range = {std::clamp(range.first, all.first, all.end), std::clamp(range.end, all.first, all.end)};
    if (!fitsOneRead(range) && !m_follower.isPaused())
        range = wanted;
    if (!read(range)) {
        m_hasOutdatedRows = true;
        return m_cache.element(index);
    }
    m_prefetchedRows = range;
    if (m_cache.revision().number != m_revisionInfo.number) {
        // Views are in the middle of reading: the signal follows with the next frame of the screen.
        m_revisionInfo = m_cache.revision();
        m_isRevisionSignalPending = true;
        m_hasOutdatedRows = m_hasOutdatedRows || !wasStale;
        m_follower.schedule();
    }
    return m_cache.element(index);
}

bool SharedArrayModelPrivate::isWritable() const
{
    return segment() && segment()->state() == SharedSegment::State::Open
        && (segment()->isOwner() || segment()->access() == SharedSegment::Access::ReadWrite);
}

QString SharedArrayModelPrivate::columnName(qsizetype column) const
{
    const QString name = m_fields.at(column).name();
    return name.isEmpty() ? m_names.at(column) : name;
}

bool SharedArrayModelPrivate::commit(const QList<Edit> &edits)
{
    if (edits.isEmpty())
        return true;
    if (!segment())
        return false;
    SharedWriter writer = segment()->write(EditWait);
    if (!writer)
        return false;
    const std::span<std::byte> bytes = writer.bytes();
    for (const Edit &edit : edits) {
        const auto offset = static_cast<std::size_t>(edit.index) * static_cast<std::size_t>(m_elementSize);
        if (offset + static_cast<std::size_t>(m_elementSize) > bytes.size()) {
            writer.discard();
            return false;
        }
        edit.field.copy(reinterpret_cast<const std::byte *>(edit.element.constData()), bytes.data() + offset);
    }
    if (!writer.publish())
        return false;
    refresh(edits);
    return true;
}

std::optional<ElementRange> SharedArrayModelPrivate::elements(qint64 first, qint64 count) const
{
    if (!m_follower.isOpen() || first < 0 || first >= m_rows)
        return std::nullopt;
    const qint64 remaining = m_rows - first;
    if (count > remaining)
        return std::nullopt;
    const qint64 begin = m_firstRow + first;
    return ElementRange{begin, begin + (count < 0 ? remaining : count)};
}

Reduction SharedArrayModelPrivate::statistics(qint64 first, qint64 count, const QString &fieldName)
{
    const std::optional<ElementRange> range = elements(first, count);
    const qsizetype at = fieldName.isEmpty() ? 0 : fieldOfName(m_fields, fieldName);
    if (!range)
        return {};
    if (at < 0 || at >= m_fields.size() || m_fields.at(at).type() == SharedLayout::Type::Text) {
        warnOfField(fieldName.isEmpty() && !m_fields.isEmpty() ? columnName(0) : fieldName);
        return {};
    }
    Statistics &known = m_statistics;
    if (known.first == range->first && known.count == range->count() && known.field == at
        && known.revision == segment()->revision())
        return known.reduction;
    const qsizetype size = static_cast<qsizetype>(range->count()) * m_elementSize;
    if (size > m_scratchSize) {
        m_scratchSize = 0;
        m_scratch.reset();
        if (hasMemoryFor(size, 2)) // Reading allocates pages of the segment, too.
            m_scratch.reset(new (std::nothrow) std::byte[static_cast<std::size_t>(size)]);
        if (!m_scratch) {
            failForMemory(range->count());
            return {};
        }
        m_scratchSize = size;
    }
    SharedRevision revision;
    if (!segment()->read({m_scratch.get(), static_cast<std::size_t>(size)}, range->first * m_elementSize, &revision))
        return {};
    known = {revision.number, range->first, range->count(), at,
             reduce(m_fields.at(at).field(), m_scratch.get(), m_elementSize, static_cast<qsizetype>(range->count()))};
    return known.reduction;
}

bool SharedArrayModelPrivate::isViewHidden() const
{
    const auto *view = qobject_cast<const QQuickItem *>(q->parent());
    if (!view || view->property("model").value<QObject *>() != q)
        return false;
    return !view->isVisible() || (view->window() && !view->window()->isVisible());
}

void SharedArrayModelPrivate::followView()
{
    auto *view = qobject_cast<QQuickItem *>(q->parent());
    if (!view)
        return;
    auto followWindow = [this](const QQuickWindow *window) {
        QObject::disconnect(m_windowConnection);
        if (window)
            m_windowConnection = QObject::connect(window, &QWindow::visibleChanged, q, [this] { resumeUpdates(); });
        resumeUpdates();
    };
    QObject::connect(view, &QQuickItem::visibleChanged, q, [this] { resumeUpdates(); });
    QObject::connect(view, &QQuickItem::windowChanged, q, followWindow);
    followWindow(view->window());
}

void SharedArrayModelPrivate::resumeUpdates()
{
    if (m_isUpdateDeferred)
        m_follower.schedule();
}
