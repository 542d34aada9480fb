// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What the model shows: the segment's state, instance and layout, and the window on its rows.

#include "sharedarraymodel_p.h"

using namespace Qt::StringLiterals;

SharedArrayModelPrivate::SharedArrayModelPrivate(SharedArrayModel *model)
    : q(model)
    , m_follower(SegmentFollower::Shows::Arrays, u"SharedArrayModel"_s, q)
{
    static_assert(SharedArrayModel::TextRole == FieldRoles::columnRole(FieldRoles::Sort::Text)
                  && SharedArrayModel::LevelRole == FieldRoles::columnRole(FieldRoles::Sort::Level));
    nameRoles();
    QObject::connect(&m_follower, &SegmentFollower::changed, q, [this] { sync(); });
    QObject::connect(&m_follower, &SegmentFollower::updated, q, [this] { handleUpdate(); });
    QObject::connect(&m_follower, &SegmentFollower::segmentDestroyed, q, &SharedArrayModel::segmentChanged);
    QObject::connect(&m_levels.watch(), &LimitWatch::delayEnded, q, [this] {
        if (!m_follower.isPaused())
            updateLevels();
    });
}

void SharedArrayModelPrivate::sync()
{
    if (deferChange())
        return;
    const bool isOpen = m_follower.isOpen();
    const QString instance = isOpen ? segment()->instance() : QString();
    if (isOpen && instance == m_instance) {
        if (m_levels.hasRequests()) {
            // Another object of the same segment may have come.
            watchLevels(std::nullopt);
            updateLevels();
        }
        // Another object of the same segment has no update for what is published already.
        m_follower.scheduleNewer(m_revisionInfo.number);
        return;
    }
    m_instance = instance;
    m_hasVariableCount = isOpen && segment()->kind() == SharedSegment::Kind::VariableArray;
    const SharedLayout layout = isOpen ? segment()->layout() : SharedLayout();
    const qint64 capacity = isOpen ? segment()->capacity() : 0;
    if (isOpen && layout == m_layout) {
        m_metadata = openMetadata();
        if (m_levels.hasRequests())
            watchLevels(m_isShownOpen ? LimitLevel::Normal : LimitLevel::Unknown);
        switchInstance(capacity);
        if (instance == m_instance)
            showMetadata();
    } else if (!(layout == m_layout) || capacity != m_capacity) {
        m_layout = layout;
        m_capacity = capacity;
        reset();
    }
}

void SharedArrayModelPrivate::reset()
{
    const QHash<int, QByteArray> oldNames = m_roleNames;
    q->beginResetModel();
    m_elementSize = m_layout.elementSize();
    m_fields = FieldDecoder::of(m_layout);
    m_metadata = openMetadata();
    m_shownMetadata = m_metadata;
    m_rolesOf.clear();
    findKey();
    if (!m_fields.isEmpty())
        nameRoles();
    // If role names change, views rebuild at the end of the reset, and some (Repeater) also in its middle. Rows
    // inserted after the reset are built only once.
    m_count = newestCount();
    const int rows = rowsOf(m_count);
    const bool insertLater = rows > 0 && m_roleNames != oldNames;
    m_rows = insertLater || isKeyed() ? 0 : rows;
    m_cache.reset(m_elementSize, m_capacity);
    m_edits.clear();
    m_statistics.clear();
    m_warnedFields.clear();
    m_levels.reset(m_fields.size());
    QObject::disconnect(m_staleConnection);
    m_isShownOpen = segment() && segment()->state() == SharedSegment::State::Open;
    m_changes.clear();
    m_requestedRows.clear();
    m_withheldRows = ElementRange();
    m_prefetchedRows = ElementRange();
    m_directRows = {};
    m_isStale = true;
    m_hasOutdatedRows = false;
    ++m_refreshVersion;
    const quint64 ordering = ++m_rowOrderVersion;
    q->endResetModel();
    // A slot may have changed all of this.
    if (ordering != m_rowOrderVersion)
        return;
    warnOfKey();
    if (isKeyed()) {
        refresh();
        if (ordering == m_rowOrderVersion && m_isStale) {
            announceCount();
            setRevisionInfo({});
        }
        return;
    }
    if (insertLater && m_rows == 0) {
        insertRowsUpTo(rowsOf(m_count));
        if (ordering != m_rowOrderVersion)
            return;
    }
    announceCount();
    // The revision that views have read counts; a newer one is a later update.
    setRevisionInfo(m_isStale ? newest() : m_cache.revision());
}

void SharedArrayModelPrivate::nameRoles()
{
    // Qt has no signal for role names; views rebuild after a reset that changes them. So names stay while nothing is
    // open, and an element that is not a struct has the initial names.
    m_roleNames = Roles.names({{Qt::DisplayRole, "display"}, {Qt::EditRole, "edit"}},
                              m_layout.isStruct() ? m_fields : QList<FieldDecoder>());
}

QList<FieldMetadata> SharedArrayModelPrivate::openMetadata() const
{
    return m_follower.isOpen() ? FieldMetadata::of(m_layout, segment()->metadata()) : QList<FieldMetadata>();
}

void SharedArrayModelPrivate::showMetadata()
{
    if (std::exchange(m_shownMetadata, m_metadata) == m_metadata)
        return;
    QList<FieldRoles::Sort> sorts{FieldRoles::Sort::Text};
    if (m_levels.hasRequests())
        sorts.append(FieldRoles::Sort::Level);
    const auto last = static_cast<int>(m_fields.size()) - 1;
    // The rows first: a view may read them when it is told of the header.
    if (m_rows > 0)
        Q_EMIT q->dataChanged(q->index(0, 0), q->index(m_rows - 1, last), Roles.roles(sorts, 0, last));
    if (!m_fields.isEmpty())
        Q_EMIT q->headerDataChanged(Qt::Horizontal, 0, static_cast<int>(m_fields.size()) - 1);
}

void SharedArrayModelPrivate::switchInstance(qint64 capacity)
{
    m_edits.clear();
    m_statistics.clear();
    m_capacity = capacity;
    const QString instance = m_instance;
    if (!isKeyed()) {
        m_directRows = {};
        // Rows that go are read for the last time, from the old instance's cache.
        shrink(newestCount());
        if (instance != m_instance)
            return;
    }
    m_cache.setCapacity(capacity);
    m_isStale = true;
    refresh();
    if (instance == m_instance && m_hasOutdatedRows)
        m_follower.schedule(); // If the interfering writer is dead now, no update follows.
}

void SharedArrayModelPrivate::setWindow(qint64 firstRow, qint64 rowLimit)
{
    m_rowLimit = rowLimit;
    if (isKeyed()) {
        const bool isOther = std::exchange(m_firstRow, firstRow) != firstRow;
        refresh();
        if (isOther && m_rows > 0)
            Q_EMIT q->headerDataChanged(Qt::Vertical, 0, m_rows - 1);
        return;
    }
    removeRowsFrom(rowsOf(m_count, firstRow, rowLimit));
    // While rows are inserted or removed, the other rows keep their values.
    m_directRows = {};
    if (std::exchange(m_firstRow, firstRow) != firstRow) {
        ++m_rowOrderVersion;
        m_changes.clear();
        m_requestedRows.clear();
        if (m_rows > 0) {
            announceValues();
            Q_EMIT q->headerDataChanged(Qt::Vertical, 0, m_rows - 1);
        }
    }
    clipRows();
    insertRowsUpTo(rowsOf(m_count));
    announceCount();
}

QString SharedArrayModelPrivate::columnName(qsizetype column) const
{
    return FieldMetadata::keyOf(m_fields.at(column).field());
}

bool SharedArrayModelPrivate::fail(SharedSegment::Error error, const QString &text) const
{
    const FailureScope scope = m_follower.failuresOf(u"model"_s);
    if (segment())
        segment()->setError(error, text);
    return false;
}

void SharedArrayModelPrivate::failForMemory() const
{
    // Report once, not with each revision.
    if (!segment() || std::exchange(m_isMemoryErrorReported, true))
        return;
    fail(SharedSegment::Error::OutOfMemory,
         u"there is no memory to show %1 rows of \"%2\", of %3 bytes each; show fewer, by rowLimit"_s.arg(m_rows)
             .arg(segment()->name())
             .arg(m_elementSize));
}

void SharedArrayModelPrivate::failForMemory(qint64 rows) const
{
    fail(SharedSegment::Error::OutOfMemory,
         u"there is no memory for a copy of %1 rows of \"%2\", of %3 bytes each; ask for fewer"_s.arg(rows)
             .arg(segment()->name())
             .arg(m_elementSize));
}
