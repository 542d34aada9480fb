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

// Up to here it is cheaper to copy all than to think about what is visible.
constexpr qint64 SmallBytes = 256 * 1024;
// So many bytes of rows are followed without a thought whether somebody shows them still.
constexpr qint64 FollowedBytes = 4 * SmallBytes;
constexpr int MostRefreshes = 1 << 20;
// So much is read at most to show some rows, but for one row that is larger: a view that jumps from one end to the other does not need what lies
// between.
constexpr qint64 MostBytes = 64 * SmallBytes;
// So many rows on either side come along, so that scrolling finds them there.
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
    QObject::connect(&m_follower, &SegmentFollower::news, q, [this] { hearNews(); });
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
        moveOn(length);
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
    // With other names, views begin anew from the end of the reset on, and some (Repeater) in its middle, too: rows that
    // come after it are made once.
    const int rows = rowsFor(m_firstRow, m_rowLimit);
    const bool comeLater = rows > 0 && m_roleNames != oldNames;
    m_rows = comeLater ? 0 : rows;
    m_cache.reset(m_elementSize, m_length);
    m_edits.clear();
    m_statistics = Statistics();
    m_warnedOf.clear();
    m_changes.clear();
    m_asked = m_recent = m_seen = m_expected = ElementRange();
    m_ready = {};
    m_isStale = true;
    m_isMixed = false;
    const quint64 ordering = ++m_reorderings;
    q->endResetModel();
    // Who hears of it may have changed all this.
    if (ordering != m_reorderings)
        return;
    if (comeLater && m_rows == 0 && rowsFor(m_firstRow, m_rowLimit) == rows) {
        q->beginInsertRows(QModelIndex(), 0, rows - 1);
        m_rows = rows;
        q->endInsertRows();
        if (ordering != m_reorderings)
            return;
    }
    if (m_rows != oldRows)
        Q_EMIT q->countChanged();
    // What views have read by now counts, and not what has come since: that is still news.
    setStamp(m_isStale ? newestStamp() : m_cache.stamp());
}

void SharedArrayModelPrivate::nameRoles()
{
    // Qt gives the names of roles no signal, and views begin anew where a reset changes them: so they stay while nothing
    // is open, and with an element that is not a struct they are those of the beginning.
    m_names = qmlNames(m_fields, namesTakenInDelegates());
    m_roleNames = {{Qt::DisplayRole, "display"}, {Qt::EditRole, "edit"}, {ValueRole, "value"}};
    if (!m_layout.isStruct())
        return;
    for (auto role = m_roleNames.begin(); role != m_roleNames.end();) {
        // A field of such a name has the role for itself.
        role = m_names.contains(QString::fromLatin1(role.value())) ? m_roleNames.erase(role) : std::next(role);
    }
    for (qsizetype i = 0; i < m_names.size(); ++i)
        m_roleNames.insert(FirstFieldRole + static_cast<int>(i), m_names.at(i).toUtf8());
}

void SharedArrayModelPrivate::moveOn(qint64 length)
{
    m_edits.clear();
    m_statistics = Statistics();
    m_length = length;
    m_ready = {};
    const QString instance = m_instance;
    const int oldRows = m_rows;
    const int rows = rowsFor(m_firstRow, m_rowLimit);
    if (rows < oldRows) {
        q->beginRemoveRows(QModelIndex(), rows, oldRows - 1);
        m_rows = rows;
        m_ready = {};
        q->endRemoveRows();
        if (instance != m_instance)
            return;
    }
    m_cache.setLength(length);
    m_isStale = true;
    for (ElementRange *range : {&m_asked, &m_recent, &m_seen, &m_expected})
        *range = range->within(window());
    refresh();
    if (instance != m_instance)
        return;
    if (m_isMixed)
        m_follower.poke(); // No news has to come, if the writer was in the way and is dead now.
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
        m_ready = {};
        q->endRemoveRows();
    }
    // While rows come or go, those that stay show what they showed.
    m_ready = {};
    if (std::exchange(m_firstRow, firstRow) != firstRow) {
        ++m_reorderings;
        m_changes.clear();
        m_asked = m_recent = m_seen = ElementRange();
        if (m_rows > 0) {
            announceValues();
            Q_EMIT q->headerDataChanged(Qt::Vertical, 0, m_rows - 1);
        }
    }
    for (ElementRange *range : {&m_asked, &m_recent, &m_seen})
        *range = range->within(window());
    if (rows > oldRows) {
        q->beginInsertRows(QModelIndex(), oldRows, rows - 1);
        m_rows = rows;
        q->endInsertRows();
    }
    if (rows != oldRows)
        Q_EMIT q->countChanged();
}

SharedStamp SharedArrayModelPrivate::newestStamp() const
{
    if (!m_follower.isOpen())
        return {};
    const QDateTime updatedAt = segment()->updatedAt();
    return {segment()->revision(), updatedAt.isValid() ? updatedAt.toMSecsSinceEpoch() * 1'000'000 : 0};
}

void SharedArrayModelPrivate::setStamp(const SharedStamp &stamp)
{
    const bool isOther = stamp.revision != m_stamp.revision || stamp.nanoseconds != m_stamp.nanoseconds;
    m_stamp = stamp;
    if (std::exchange(m_isRevisionUntold, false) || isOther)
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
    const quint64 ordering = m_reorderings;
    for (const CellChanges::Block &block : blocks) {
        // Who hears of it may have changed the rows.
        if (ordering != m_reorderings)
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
    // A list's delegate has the whole row: without roles, its property of a field that somebody is typing into would be
    // evaluated anew for any other one.
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

void SharedArrayModelPrivate::forgetRows()
{
    // A look at all of a million rows must not make each refresh read a million rows from then on. Who shows such rows
    // still is told that they have changed, asks for them again, and is asked less and less often.
    if (m_asked.count() <= FollowedBytes / std::max<qsizetype>(m_elementSize, 1)) {
        m_forgetAfter = std::max(m_forgetAfter - 1, 1);
        return;
    }
    if (++m_refreshes <= m_forgetAfter)
        return;
    m_refreshes = 0;
    const ElementRange kept = std::exchange(m_seen, ElementRange());
    if (kept.count() > m_asked.count() / 2) {
        m_forgetAfter = std::min(2 * m_forgetAfter, MostRefreshes);
        return;
    }
    const int columns = static_cast<int>(m_fields.size());
    const ElementRange asked = std::exchange(m_asked, kept.isEmpty() ? ElementRange() : around(kept).within(m_asked));
    const qint64 first = m_asked.isEmpty() ? asked.end : m_asked.first;
    m_changes.addRows(asked.first - m_firstRow, first - m_firstRow, columns);
    if (!m_asked.isEmpty())
        m_changes.addRows(m_asked.end - m_firstRow, asked.end - m_firstRow, columns);
}

void SharedArrayModelPrivate::hearNews()
{
    if (!m_follower.isOpen())
        return;
    if (rests()) {
        m_hasMissedNews = true;
        return;
    }
    if (segment()->revision() != m_stamp.revision || m_isMixed)
        refresh();
    else if (m_isRevisionUntold)
        setStamp(m_stamp);
}

void SharedArrayModelPrivate::refresh(const QList<Edit> &edits)
{
    m_hasMissedNews = false;
    m_seen.include(std::exchange(m_recent, ElementRange()));
    m_ready = {};
    forgetRows();
    if (m_asked.isEmpty()) {
        // Nobody looked at any: the next look reads.
        m_isStale = true;
        m_isMixed = false;
        m_changes.clear();
        setStamp(newestStamp());
        announceValues();
        return;
    }
    m_expected = around(m_asked);
    if (!isModest(m_expected) && !m_follower.isPaused()) {
        // Those that somebody shows still are asked for again.
        m_isStale = true;
        m_isMixed = false;
        m_changes.clear();
        m_asked = m_seen = m_expected = ElementRange();
        setStamp(newestStamp());
        announceValues();
        return;
    }
    const bool isRead = read(m_expected);
    for (const Edit &edit : edits)
        m_changes.addCell(edit.index - m_firstRow, edit.column);
    if (!isRead) {
        // The writer was in the way, and so there will be news again.
        m_isMixed = true;
        return;
    }
    m_isMixed = false;
    setStamp(m_cache.stamp());
    announceChanges();
}

bool SharedArrayModelPrivate::isModest(ElementRange range) const
{
    return range.count() <= std::max<qint64>(MostBytes / std::max<qsizetype>(m_elementSize, 1), 1);
}

bool SharedArrayModelPrivate::isSmall() const
{
    return m_rows <= SmallBytes / std::max<qsizetype>(m_elementSize, 1);
}

ElementRange SharedArrayModelPrivate::around(ElementRange range) const
{
    const ElementRange all = window();
    if (isSmall() || m_follower.isPaused())
        return all;
    // Of large elements fewer come along.
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
    m_isMemoryToldOf = false;
    const bool isSame = !std::exchange(m_isStale, false) && m_cache.stamp().revision == m_cache.stampBefore().revision;
    m_ready = {};
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
    // Bindings ask again with each revision.
    if (m_warnedOf.contains(name))
        return;
    m_warnedOf.append(name);
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
    // Each revision would have it again.
    if (!segment() || std::exchange(m_isMemoryToldOf, true))
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
    if (m_asked.isEmpty())
        return;
    const ElementRange before = {m_cache.firstBefore(), m_cache.endBefore()};
    const ElementRange now = {m_cache.first(), m_cache.end()};
    const ElementRange both = {std::max({m_asked.first, before.first, now.first}),
                               std::min({m_asked.end, before.end, now.end})};
    const int columns = static_cast<int>(m_fields.size());
    if (both.isEmpty()) {
        m_changes.addRows(m_asked.first - m_firstRow, m_asked.end - m_firstRow, columns);
        return;
    }
    // What could not be read when it was asked for.
    m_changes.addRows(m_asked.first - m_firstRow, both.first - m_firstRow, columns);
    m_changes.addRows(both.end - m_firstRow, m_asked.end - m_firstRow, columns);
    if (!isSameRevision)
        m_changes.compare(m_fields, m_elementSize, m_cache.elementBefore(both.first), m_cache.element(both.first),
                          both.first - m_firstRow, both.count());
}

const std::byte *SharedArrayModelPrivate::ask(int row)
{
    if (row < 0 || row >= m_rows)
        return nullptr;
    const qint64 index = m_firstRow + row;
    const std::byte *bytes = m_isStale ? nullptr : m_cache.element(index);
    if (!bytes)
        bytes = load(index);
    m_asked.include({index, index + 1});
    m_recent.include({index, index + 1});
    if (!m_isStale) {
        const ElementRange ready = {std::max(m_recent.first, m_cache.first()), std::min(m_recent.end, m_cache.end())};
        if (!ready.isEmpty())
            m_ready = {m_cache.element(ready.first), ready.first - m_firstRow, static_cast<quint64>(ready.count())};
    }
    return bytes;
}

const std::byte *SharedArrayModelPrivate::load(qint64 index)
{
    const bool wasStale = m_isStale;
    const ElementRange wanted = around({index, index + 1});
    ElementRange range = wanted;
    if (!wasStale)
        range.include({m_cache.first(), m_cache.end()});
    else if (m_expected.contains(index))
        range.include(m_expected);
    const ElementRange all = window();
    range = {std::clamp(range.first, all.first, all.end), std::clamp(range.end, all.first, all.end)};
    if (!isModest(range) && !m_follower.isPaused())
        range = wanted;
    if (!read(range)) {
        m_isMixed = true;
        return m_cache.element(index);
    }
    m_expected = range;
    if (m_cache.stamp().revision != m_stamp.revision) {
        // Views are in the middle of asking: they are told with the next frame.
        m_stamp = m_cache.stamp();
        m_isRevisionUntold = true;
        m_isMixed = m_isMixed || !wasStale;
        m_follower.poke();
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
    const qint64 rest = m_rows - first;
    if (count > rest)
        return std::nullopt;
    const qint64 begin = m_firstRow + first;
    return ElementRange{begin, begin + (count < 0 ? rest : count)};
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
        if (hasMemoryFor(size, 2)) // What lies there untouched comes into being by being read.
            m_scratch.reset(new (std::nothrow) std::byte[static_cast<std::size_t>(size)]);
        if (!m_scratch) {
            failForMemory(range->count());
            return {};
        }
        m_scratchSize = size;
    }
    SharedStamp stamp;
    if (!segment()->read({m_scratch.get(), static_cast<std::size_t>(size)}, range->first * m_elementSize, &stamp))
        return {};
    known = {stamp.revision, range->first, range->count(), at,
             reduce(m_fields.at(at).field(), m_scratch.get(), m_elementSize, static_cast<qsizetype>(range->count()))};
    return known.reduction;
}

bool SharedArrayModelPrivate::rests() const
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
            m_windowConnection = QObject::connect(window, &QWindow::visibleChanged, q, [this] { wake(); });
        wake();
    };
    QObject::connect(view, &QQuickItem::visibleChanged, q, [this] { wake(); });
    QObject::connect(view, &QQuickItem::windowChanged, q, followWindow);
    followWindow(view->window());
}

void SharedArrayModelPrivate::wake()
{
    if (m_hasMissedNews)
        m_follower.poke();
}
