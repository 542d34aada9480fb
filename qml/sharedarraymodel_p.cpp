// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sharedarraymodel_p.h"

#include "qmlnames.h"

#include <QtQuick/QQuickItem>
#include <QtQuick/QQuickWindow>

#include <algorithm>
#include <limits>
#include <utility>

using namespace Qt::StringLiterals;

namespace {

// Up to here it is cheaper to copy all than to think about what is visible.
constexpr qint64 SmallBytes = 256 * 1024;
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
    if (!(layout == m_layout) || length != m_length) {
        m_layout = layout;
        m_length = length;
        reset();
    } else if (isOpen) {
        // The same rows of another instance.
        m_edits.clear();
        m_statistics = Statistics();
        m_cache.reset(m_elementSize, m_length);
        m_ready = {};
        m_isStale = true;
        setStamp(newestStamp());
        announceValues();
    }
}

void SharedArrayModelPrivate::reset()
{
    const int oldRows = m_rows;
    q->beginResetModel();
    m_elementSize = m_layout.elementSize();
    m_fields = FieldDecoder::of(m_layout);
    m_names = qmlNames(m_fields, {u"index"_s, u"model"_s});
    m_roleNames.clear();
    for (qsizetype i = 0; i < m_names.size(); ++i)
        m_roleNames.insert(FirstFieldRole + static_cast<int>(i), m_names.at(i).toUtf8());
    // A field of such a name has the role for itself. The unnamed one is the value.
    const std::pair<int, QString> common[] = {{Qt::DisplayRole, u"display"_s},
                                              {Qt::EditRole, u"edit"_s},
                                              {ValueRole, u"value"_s}};
    for (const auto &[role, name] : common) {
        if (!m_names.contains(name))
            m_roleNames.insert(role, name.toUtf8());
    }
    m_rows = rowsFor(m_firstRow, m_rowLimit);
    m_cache.reset(m_elementSize, m_length);
    m_edits.clear();
    m_statistics = Statistics();
    m_asked = m_expected = ElementRange();
    m_ready = {};
    m_isStale = true;
    m_isMixed = false;
    q->endResetModel();
    if (m_rows != oldRows)
        Q_EMIT q->countChanged();
    // What views have read by now counts, and not what has come since: that is still news.
    setStamp(m_isStale ? newestStamp() : m_cache.stamp());
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
    m_asked = ElementRange();
    if (rows < oldRows) {
        q->beginRemoveRows(QModelIndex(), rows, oldRows - 1);
        m_rows = rows;
        m_ready = {};
        q->endRemoveRows();
    }
    // While rows come or go, those that stay show what they showed.
    m_ready = {};
    if (std::exchange(m_firstRow, firstRow) != firstRow && m_rows > 0) {
        announceValues();
        Q_EMIT q->headerDataChanged(Qt::Vertical, 0, m_rows - 1);
    }
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

void SharedArrayModelPrivate::refresh()
{
    m_hasMissedNews = false;
    if (m_asked.isEmpty()) {
        // Nobody looked at the last ones: the next look reads.
        m_isStale = true;
        m_isMixed = false;
        setStamp(newestStamp());
    } else {
        m_expected = around(std::exchange(m_asked, ElementRange()));
        if (!read(m_expected)) {
            // The writer was in the way, and so there will be news again. Meanwhile the same rows are looked at.
            m_asked = m_expected;
            m_isMixed = true;
            return;
        }
        m_isMixed = false;
        setStamp(m_cache.stamp());
    }
    announceValues();
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
    const qint64 margin = std::max(MarginRows, range.count());
    return {std::clamp(range.first - margin, all.first, all.end), std::clamp(range.end + margin, all.first, all.end)};
}

bool SharedArrayModelPrivate::read(ElementRange range)
{
    if (!m_follower.isOpen() || !m_cache.read(*segment(), range.first, range.end))
        return false;
    m_isStale = false;
    m_ready = {};
    return true;
}

const std::byte *SharedArrayModelPrivate::ask(int row)
{
    if (row < 0 || row >= m_rows)
        return nullptr;
    const qint64 index = m_firstRow + row;
    m_asked.include({index, index + 1});
    const std::byte *bytes = m_isStale ? nullptr : m_cache.element(index);
    if (!bytes)
        bytes = load(index);
    if (!m_isStale) {
        const ElementRange ready = {std::max(m_asked.first, m_cache.first()), std::min(m_asked.end, m_cache.end())};
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
    refresh();
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
    qsizetype at = 0;
    if (!fieldName.isEmpty()) {
        at = m_names.indexOf(fieldName);
        for (qsizetype i = 0; at < 0 && i < m_fields.size(); ++i)
            at = m_fields.at(i).name() == fieldName ? i : -1;
    }
    if (!range || at < 0 || at >= m_fields.size())
        return {};
    Statistics &known = m_statistics;
    if (known.first == range->first && known.count == range->count() && known.field == at
        && known.revision == segment()->revision())
        return known.reduction;
    const qsizetype size = static_cast<qsizetype>(range->count()) * m_elementSize;
    if (size > m_scratchSize) {
        m_scratch = std::make_unique_for_overwrite<std::byte[]>(static_cast<std::size_t>(size));
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
