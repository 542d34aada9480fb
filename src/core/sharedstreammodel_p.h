// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "fielddecoder.h"
#include "fieldmetadata.h"
#include "fieldroles_p.h"
#include "segmentfollower_p.h"
#include "sharedstreammodel.h"
#include "sharedstreamreader_p.h"
#include "streamrows_p.h"
#include "timemetadata.h"

#include <QtCore/QHash>
#include <QtCore/QList>

class SharedStreamModelPrivate
{
public:
    explicit SharedStreamModelPrivate(SharedStreamModel *q);

    SharedSegment *segment() const { return m_follower.segment(); }

    // What is shown: the opening of the segment, and its layout.
    /// Adopts the state of the segment: another opening, a replacement, new elements.
    void sync();
    void handleUpdate();
    void setSegment(SharedSegment *segment);
    /// Shows nothing, and lets go of the memory.
    void clear();
    /// Begins anew with the segment that is open now, and what it still has.
    void start();
    void setLayout(const SharedLayout &layout);
    void nameRoles();
    /// Reads what the metadata say about fields and times.
    void adoptMetadata();
    /// Announces other metadata of the same fields.
    void announceMetadata();

    // Rows come and go.
    /// The maximum number of rows, at least 1.
    int mostRows() const;
    /// Appends the newest elements, and counts what came and is not shown.
    /// @param isHistory whether they may have been appended long ago
    void takeNew(bool isHistory);
    void insert(StreamRows::Block block);
    /// Removes the oldest rows so that `incoming` ones have space.
    void trim(int incoming);
    void removeFirst(int rows);
    void announce();
    void failForMemory(qint64 rows);

    // Values
    static constexpr FieldRoles Roles{SharedStreamModel::FirstFieldRole, FieldRoles::Sort::Text};
    FieldRoles::Role role(int role, int column) const { return Roles.find(role, column, m_fields.size()); }
    QVariant time(int row) const;

    SharedStreamModel *const q;
    SegmentFollower m_follower;
    SharedStreamReaderPrivate m_reader;
    StreamRows m_rows;

    SharedLayout m_layout;
    QList<FieldDecoder> m_fields;
    QList<FieldMetadata> m_metadata; ///< of each field
    TimeMetadata m_time;
    QHash<int, QByteArray> m_roleNames;
    QString m_instance; ///< whose metadata were adopted

    int m_limit = 1000;
    quint64 m_opening = 0; ///< the one of which the rows are; 0: none
    quint64 m_next = 0;    ///< the number of the next element, if none is skipped
    quint64 m_skipped = 0;
    quint64 m_version = 0; ///< counts beginnings, so that one is noticed after a signal
    quint64 m_announcedSkipped = 0;
    quint64 m_announcedNext = 0;
    int m_announcedRows = 0;
    bool m_isTaking = false;     ///< a slot may call again what inserts and removes rows
    bool m_isCatchingUp = false; ///< elements may have come since long ago
    bool m_isViewHidden = false;
    bool m_isUpdateDeferred = false; ///< an update arrived while the view was invisible
    bool m_isMemoryErrorReported = false;
};
