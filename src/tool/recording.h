// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../core/sharedsegment.h"

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>
#include <QtCore/QVariantMap>

#include <optional>

/// What a recording says of a segment: enough to own its name again.
struct RecordedSegment
{
    QString name;
    SharedLayout layout;
    SharedSegment::Kind kind = SharedSegment::Kind::FixedArray;
    qint64 capacity = 0;
    QVariantMap metadata;

    static RecordedSegment of(const SharedSegment &segment);
    /// One line of JSON, and back. On failure `why` has the reason.
    QByteArray toJson() const;
    static std::optional<RecordedSegment> fromJson(QByteArrayView json, QString *why);

    bool isStream() const { return kind == SharedSegment::Kind::Stream; }
    /// Whether a revision, or an element of a stream, can have this number of bytes. Otherwise `why` has the reason.
    bool fits(qsizetype bytes, QString *why) const;
};

/// An element of a stream, or a revision of an array.
struct RecordedEntry
{
    qsizetype segment = 0; ///< counts the segments of the recording in their order
    quint64 number = 0;    ///< of the element or revision
    qint64 time = 0;       ///< in ns since 1970-01-01 UTC
    QByteArrayView elements;
};

/// Writes a recording. Functions return false on failure; errorString() then has the reason.
class RecordingWriter
{
public:
    virtual ~RecordingWriter() = default;

    /// Adds a segment; entries refer to it by its place in the order.
    virtual bool addSegment(const RecordedSegment &segment) = 0;
    virtual bool write(const RecordedEntry &entry) = 0;
    /// Hands all to the system, so that the end of this process loses nothing of it.
    virtual bool flush() = 0;
    virtual bool finish() = 0;
    const QString &errorString() const { return m_error; }

protected:
    RecordingWriter() = default;
    Q_DISABLE_COPY_MOVE(RecordingWriter)

    bool failed(const QString &why);

    QString m_error;
};

/// Reads a recording.
class RecordingReader
{
public:
    enum class Outcome {
        Segment, ///< one more segment
        Entry,
        End,
        Failed, ///< see errorString()
    };

    virtual ~RecordingReader() = default;

    virtual Outcome next() = 0;
    /// After a Segment.
    const RecordedSegment &segment() const { return m_segment; }
    /// After an Entry. Its elements are valid until the next call.
    const RecordedEntry &entry() const { return m_entry; }
    /// After the End: what is missing, or empty.
    const QString &notice() const { return m_notice; }
    const QString &errorString() const { return m_error; }

protected:
    RecordingReader() = default;
    Q_DISABLE_COPY_MOVE(RecordingReader)

    Outcome failed(const QString &why);

    RecordedSegment m_segment;
    RecordedEntry m_entry;
    QString m_notice;
    QString m_error;
};
