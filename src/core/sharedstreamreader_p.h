// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegment_p.h"
#include "sharedstreamreader.h"

#include "../engine/streamreader.h"

#include <QtCore/QPointer>

#include <cstddef>
#include <optional>
#include <span>

/// What a SharedStreamReader does, without its errors: for the model, too, which reports its own.
class SharedStreamReaderPrivate
{
public:
    /// Follows the segment to what it has open now. @returns the error when that is no stream.
    sharedsegment::Status follow();
    /// Begins anew with the next follow().
    void forgetOpening() { m_opening = m_changes = 0; }
    void report(const sharedsegment::Status &status) const;
    qint64 elementSize() const { return m_reader.segment()->layout()->elementSize(); }
    qsizetype read(std::span<std::byte> to, SharedRevision *revision);
    /// Returns when the elements of a read were appended, in ns since 1970. The time of an append that is not one of the
    /// newest two is not kept; such appends follow each other quickly.
    qint64 timeOf(const SharedRevision &read) const;

    QPointer<SharedSegment> m_segment;
    sharedsegment::engine::StreamReader m_reader;
    quint64 m_opening = 0; ///< of the segment that is read
    quint64 m_changes = 0; ///< of the segment when it was followed
    SharedStreamReader::Start m_start = SharedStreamReader::Newest;
    std::optional<quint64> m_awaited; ///< where the next opening begins instead

private:
    void start(const SharedSegmentPrivate::Opening &opening);
};
