// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sharedstreammodel_p.h"

#include "memorycheck_p.h"
#include "rowcache_p.h"

#include <QtCore/QDateTime>
#include <QtCore/QScopedValueRollback>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

using namespace Qt::StringLiterals;
using sharedsegment::engine::StreamReader;

SharedStreamModelPrivate::SharedStreamModelPrivate(SharedStreamModel *model)
    : q(model)
    , m_follower(SegmentFollower::Shows::Streams, u"SharedStreamModel"_s, q)
{
    m_reader.m_start = SharedStreamReader::Oldest;
    static_assert(SharedStreamModel::TextRole == FieldRoles::columnRole(FieldRoles::Sort::Text));
    nameRoles();
    QObject::connect(&m_follower, &SegmentFollower::changed, q, [this] { sync(); });
    QObject::connect(&m_follower, &SegmentFollower::updated, q, [this] { handleUpdate(); });
    QObject::connect(&m_follower, &SegmentFollower::segmentDestroyed, q, &SharedStreamModel::segmentChanged);
}

void SharedStreamModelPrivate::setSegment(SharedSegment *segment)
{
    // Rows of another segment do not stay, even while paused.
    clear();
    m_reader.m_segment = segment;
    m_follower.setSegment(segment);
}

void SharedStreamModelPrivate::clear()
{
    ++m_version;
    m_opening = 0;
    m_reader.forgetOpening();
    m_reader.m_reader = StreamReader();
    m_skipped = 0;
    m_next = 0;
    removeFirst(m_rows.count());
    announce();
}

void SharedStreamModelPrivate::handleUpdate()
{
    if (m_isViewHidden)
        m_isUpdateDeferred = true;
    else
        sync();
}

void SharedStreamModelPrivate::sync()
{
    if (m_isTaking) {
        // A slot of a row's signal changed the segment.
        QMetaObject::invokeMethod(
            q, [this] { sync(); }, Qt::QueuedConnection);
        return;
    }
    if (m_follower.isPaused() && m_opening != 0)
        return;
    if (!m_follower.isOpen() || !m_reader.follow()) {
        clear();
    } else if (m_reader.m_opening != m_opening) {
        start();
    } else {
        adoptMetadata();
        trim(0); // A replacement may have another capacity.
        takeNew(std::exchange(m_isCatchingUp, false));
    }
}

void SharedStreamModelPrivate::start()
{
    const quint64 version = ++m_version;
    m_opening = m_reader.m_opening;
    m_isCatchingUp = false;
    m_isMemoryErrorReported = false;
    removeFirst(m_rows.count());
    if (version != m_version || !m_follower.isOpen())
        return;
    m_skipped = 0;
    // What is there already is history: what does not fit was not missed.
    m_next = m_reader.m_reader.segment()->revision();
    setLayout(segment()->layout());
    if (version != m_version || !m_follower.isOpen())
        return;
    m_instance.clear();
    adoptMetadata();
    takeNew(true);
}

void SharedStreamModelPrivate::setLayout(const SharedLayout &layout)
{
    if (layout == m_layout)
        return;
    const QScopedValueRollback guard(m_isTaking, true);
    q->beginResetModel();
    m_layout = layout;
    m_fields = FieldDecoder::of(layout);
    m_metadata = FieldMetadata::of(layout, segment()->metadata());
    m_rows.reset(layout.elementSize());
    nameRoles();
    q->endResetModel();
}

void SharedStreamModelPrivate::nameRoles()
{
    m_roleNames = Roles.names({{Qt::DisplayRole, "display"},
                               {Qt::EditRole, "edit"},
                               {SharedStreamModel::PositionRole, "position"},
                               {SharedStreamModel::TimeRole, "time"}},
                              m_layout.isStruct() ? m_fields : QList<FieldDecoder>());
}

void SharedStreamModelPrivate::adoptMetadata()
{
    const QString instance = segment()->instance();
    if (std::exchange(m_instance, instance) == instance)
        return;
    const QVariantMap metadata = segment()->metadata();
    const TimeMetadata time(m_layout, metadata);
    const QList<FieldMetadata> fields = FieldMetadata::of(m_layout, metadata);
    const bool isOtherTime = std::exchange(m_time, time) != time;
    if (std::exchange(m_metadata, fields) != fields || isOtherTime)
        announceMetadata();
}

void SharedStreamModelPrivate::announceMetadata()
{
    const QScopedValueRollback guard(m_isTaking, true);
    const auto last = static_cast<int>(m_fields.size()) - 1;
    // The rows first: a view may read them when it is told of the header.
    if (m_rows.count() > 0)
        Q_EMIT q->dataChanged(q->index(0, 0), q->index(m_rows.count() - 1, last),
                              Roles.roles({FieldRoles::Sort::Text}, 0, last) << SharedStreamModel::TimeRole);
    Q_EMIT q->headerDataChanged(Qt::Horizontal, 0, last);
}

int SharedStreamModelPrivate::mostRows() const
{
    const qint64 wanted = m_limit > 0 || !segment() ? m_limit : segment()->capacity();
    const qint64 possible = RowCache::MostBytes / std::max<qsizetype>(m_layout.elementSize(), 1);
    return static_cast<int>(std::clamp<qint64>(std::min(wanted, possible), 1, std::numeric_limits<int>::max()));
}

void SharedStreamModelPrivate::takeNew(bool isHistory)
{
    StreamReader &reader = m_reader.m_reader;
    const auto most = static_cast<std::uint64_t>(mostRows());
    if (reader.available() > most)
        reader.seek(reader.segment()->revision() - most);
    const auto count = static_cast<qint64>(std::min(reader.available(), most));
    if (count == 0) {
        announce();
        return;
    }
    // Another process chose the size.
    if (!hasMemoryFor(count, m_layout.elementSize())) {
        failForMemory(count);
        return;
    }
    StreamRows::Block block;
    block.bytes = QByteArray(static_cast<qsizetype>(count) * m_layout.elementSize(), Qt::Uninitialized);
    const std::span<char> space(block.bytes.data(), static_cast<std::size_t>(block.bytes.size()));
    SharedRevision read;
    block.bytes.truncate(m_reader.read(std::as_writable_bytes(space), &read) * m_layout.elementSize());
    // Writers may have overtaken the read, or have appended more meanwhile.
    if (reader.available() > 0)
        m_follower.schedule();
    if (read.count == 0) {
        announce();
        return;
    }
    m_isMemoryErrorReported = false;
    block.position = read.number - static_cast<quint64>(read.count);
    block.timestamp = m_reader.timeOf(read);
    block.isOneTime = !isHistory;
    insert(std::move(block));
}

void SharedStreamModelPrivate::insert(StreamRows::Block block)
{
    const quint64 version = m_version;
    const auto count = static_cast<int>(block.bytes.size() / m_layout.elementSize());
    m_skipped += block.position - std::min(m_next, block.position);
    m_next = std::max(m_next, block.position + static_cast<quint64>(count));
    trim(count);
    if (version != m_version)
        return;
    {
        const QScopedValueRollback guard(m_isTaking, true);
        q->beginInsertRows(QModelIndex(), m_rows.count(), m_rows.count() + count - 1);
        m_rows.append(std::move(block));
        q->endInsertRows();
    }
    announce();
}

void SharedStreamModelPrivate::trim(int incoming)
{
    const qint64 surplus = qint64(m_rows.count()) + incoming - mostRows();
    if (surplus > 0)
        removeFirst(static_cast<int>(std::min<qint64>(surplus, m_rows.count())));
}

void SharedStreamModelPrivate::removeFirst(int rows)
{
    if (rows == 0)
        return;
    const QScopedValueRollback guard(m_isTaking, true);
    q->beginRemoveRows(QModelIndex(), 0, rows - 1);
    m_rows.removeFirst(rows);
    q->endRemoveRows();
}

void SharedStreamModelPrivate::announce()
{
    if (std::exchange(m_announcedRows, m_rows.count()) != m_rows.count())
        Q_EMIT q->countChanged();
    if (std::exchange(m_announcedSkipped, m_skipped) != m_skipped)
        Q_EMIT q->skippedChanged();
    if (std::exchange(m_announcedNext, m_next) != m_next)
        Q_EMIT q->revisionChanged();
}

void SharedStreamModelPrivate::failForMemory(qint64 rows)
{
    const FailureScope scope = m_follower.failuresOf(u"memory"_s);
    // Report once, not with each refresh.
    if (segment() && !std::exchange(m_isMemoryErrorReported, true))
        segment()->setError(SharedSegment::Error::OutOfMemory,
                            u"there is no memory to show %1 rows of \"%2\", of %3 bytes each; show fewer, by limit"_s
                                .arg(rows)
                                .arg(segment()->name())
                                .arg(m_layout.elementSize()));
}

QVariant SharedStreamModelPrivate::time(int row) const
{
    const std::optional<qint64> own = m_time.time(m_rows.element(row));
    return SharedRevision{0, own ? *own : m_rows.timestamp(row, m_time.interval()), 0}.toDateTime();
}
