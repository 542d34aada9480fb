// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "cellchanges_p.h"
#include "limitwatch_p.h"

#include <vector>

/// The levels of a model's rows: judges what the model reads, and keeps what its views know until the model announces
/// something else.
///
/// It judges those fields alone that have limits and whose level was requested. The hysteresis of a row lasts while the
/// model reads the row.
class RowLevels
{
public:
    using Level = LimitLevel;

    /// Emits delayEnded() when levels have to be judged anew.
    const LimitWatch &watch() const { return m_watch; }
    /// Whether there is nothing to judge.
    bool isEmpty() const { return m_fields.empty(); }

    /// Begins anew, with as many fields; no level was requested.
    void reset(qsizetype fields);
    /// Whether the level of one of the fields was requested.
    bool hasRequests() const { return m_hasRequests; }
    bool isRequested(qsizetype field) const { return m_isRequested[static_cast<std::size_t>(field)] != 0; }
    void request(qsizetype field);
    /// Judges other fields, or the same under other limits. States of fields of the same name stay.
    /// @param before the level that views know of a field that was not judged before; none know of one that is new to them
    void setFields(std::vector<FieldLimits> fields, std::optional<Level> before);
    /// Views know as many rows, and no level yet.
    void assumeShown(ElementRange range) { m_shownRange = range; }
    /// Forgets all states, and keeps what views know.
    void forgetStates();
    /// Forgets what views know, since the model has announced all its rows.
    void forgetShown();

    /// Judges elements of one revision; their indexes are those of other calls.
    void judge(const FieldLimits::Elements &elements, const SharedRevision &revision, bool isCurrent);
    /// After judge(): rows that views do not know yet are shown as they are.
    void showNew();
    /// The same for rows that have other indexes: for each one the index that it had, or less than 0.
    void showReindexed(const std::vector<int> &before);
    /// Elements from `count` on do not exist any more.
    void keepFirst(qint64 count) { m_watch.keep({0, count}); }
    /// Rows have other indexes, before they are judged.
    void reindex(const std::vector<int> &before) { m_watch.reindex(before); }

    /// Returns the level that views know, of a field that is requested.
    Level shown(qsizetype field, qint64 index) const;
    /// Returns the level that was judged last.
    Level judged(qsizetype field, qint64 index) const;
    /// Whether a field has limits.
    bool isJudged(qsizetype field) const { return find(field) != nullptr; }

    /// Whether views know other levels than were judged last.
    bool hasChanges() const;
    /// Returns these as blocks of indexes and fields. Of elements outside of `announced`, no view knows the level.
    std::vector<CellChanges::Block> takeChanges(ElementRange announced);
    /// Shows the levels that were judged last, for the signal that follows.
    void show(const CellChanges::Block &block);
    /// Counts judgements, so that one notices another one in a slot.
    quint64 version() const { return m_version; }

private:
    struct Field
    {
        qsizetype field = 0;
        std::vector<Level> shown; ///< of m_shownRange
        std::vector<Level> next;  ///< of m_nextRange
    };

    const Field *find(qsizetype field) const;
    void fill(const FieldLimits &limits, const FieldLimits::Elements &elements, std::vector<Level> *levels) const;

    LimitWatch m_watch;
    std::vector<char> m_isRequested;
    bool m_hasRequests = false;
    std::vector<Field> m_fields; ///< as those of m_watch
    ElementRange m_shownRange;
    ElementRange m_nextRange;
    std::vector<Level> m_spare;
    CellChanges m_changes;
    quint64 m_version = 0;
};
