// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "documentcontent_p.h"
#include "segmentfollower_p.h"
#include "shareddocument.h"

#include <QtCore/QByteArray>

#include <optional>

class SharedDocumentPrivate
{
public:
    /// A value, and where it came from.
    struct Shown
    {
        QByteArray bytes;
        DocumentContent content;
        QCborValue value;
    };

    explicit SharedDocumentPrivate(SharedDocument *document);

    // The value that is shown: shareddocument_p.cpp
    SharedSegment *segment() const { return m_follower.segment(); }
    bool setSegment(SharedSegment *segment);
    QCborValue value() const { return m_shown ? m_shown->value : QCborValue(); }
    /// Reads what is open now.
    void sync();
    /// Shows the newest revision. @returns whether it is shown.
    bool refresh();

    // The value that is written: shareddocument_writing.cpp
    bool create();
    void assign(const QVariant &value);
    /// Publishes the value that was assigned and is not published yet, if it can be.
    void publishAssigned();
    bool write(const QVariant &value);
    bool write(const QCborValue &value);

    SharedDocument *const q;
    SegmentFollower m_follower;
    std::optional<Shown> m_shown; ///< stays while the segment is closed
    bool m_isValid = false;
    QString m_readError;
    QString m_writeError;
    SharedRevision m_revision;
    int m_initializing = 0;

private:
    /// Says why the open segment is no document, and finds its content. @returns an empty text if it is one.
    QString whyNoDocument();
    /// Copies the newest revision. @returns nothing if that fails; then `why` is the reason, or empty if a later attempt may
    /// succeed.
    std::optional<QByteArray> readNewest(SharedRevision *revision, QString *why) const;
    /// Shows a value or none, and announces what has changed.
    void show(const std::optional<Shown> &shown, const SharedRevision &revision);
    void announce(bool wasValid, const SharedRevision &before, bool isOther);
    /// Shows no value for a reason. The segment's error is set once for each instance.
    void showNone(SharedSegment::Error error, const QString &why);
    void setReadError(const QString &text);
    void setWriteError(const QString &text);

    /// Gives a segment what it lacks before this program creates it.
    void complete();
    /// Calls complete() if this program is to create the segment.
    void prepare();
    /// Publishes the bytes, in a larger segment if need be.
    bool publish(const QByteArray &bytes);
    /// Replaces an owned segment that has no space for `bytes` bytes. @returns whether there is space.
    bool makeSpace(qint64 bytes);
    /// Sets the errors of a write. Returns false.
    bool failWrite(SharedSegment::Error error, const QString &text);
    /// Sets the errors of a write while no document is open. Returns false.
    bool failUnwritten();

    std::optional<DocumentContent> m_content; ///< of the open segment; none if it is no document
    QString m_reportedInstance;               ///< whose fault the segment's error has told
    std::optional<QCborValue> m_assigned;     ///< the value to publish when the segment is created
    bool m_isPending = false;                 ///< it is not published yet
    bool m_isPreparing = false;
};
