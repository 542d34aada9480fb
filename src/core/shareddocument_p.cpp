// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The value that a SharedDocument shows.

#include "shareddocument_p.h"

#include "documentvalue_p.h"
#include "memorycheck_p.h"

#include <QtCore/QPointer>

#include <span>
#include <utility>

using namespace Qt::StringLiterals;

namespace {

/// Attempts to read a revision into space for as many bytes as the newest one had just before.
constexpr int ReadTries = 3;

} // namespace

SharedDocumentPrivate::SharedDocumentPrivate(SharedDocument *document)
    : q(document)
    , m_follower(SegmentFollower::Shows::Arrays, u"SharedDocument"_s, q)
{
    QObject::connect(&m_follower, &SegmentFollower::changed, q, [this] { sync(); });
    QObject::connect(&m_follower, &SegmentFollower::updated, q, [this] { refresh(); });
    QObject::connect(&m_follower, &SegmentFollower::segmentDestroyed, q, &SharedDocument::segmentChanged);
}

bool SharedDocumentPrivate::setSegment(SharedSegment *segment)
{
    if (segment == this->segment())
        return false;
    if (this->segment())
        this->segment()->disconnect(q);
    if (segment) {
        // Bindings may set these after the document has prepared the segment.
        QObject::connect(segment, &SharedSegment::ownerChanged, q, [this] { prepare(); });
        QObject::connect(segment, &SharedSegment::metadataChanged, q, [this] { prepare(); });
    }
    m_reportedInstance.clear();
    const QPointer<SharedDocument> guard(q);
    show(std::nullopt, {}); // not the value of another segment
    if (guard)
        m_follower.setSegment(segment);
    return true;
}

void SharedDocumentPrivate::sync()
{
    const QPointer<SharedDocument> guard(q);
    prepare();
    m_content.reset();
    if (!m_follower.isOpen()) {
        setReadError(m_follower.otherKind());
        if (!guard)
            return;
        // The value stays.
        announce(std::exchange(m_isValid, false), std::exchange(m_revision, {}), false);
        return;
    }
    if (const QString why = whyNoDocument(); !why.isEmpty()) {
        showNone(SharedSegment::Error::LayoutMismatch, why);
        return;
    }
    if (!m_follower.isPaused() || !m_isValid)
        refresh();
    if (guard)
        publishAssigned();
}

QString SharedDocumentPrivate::whyNoDocument()
{
    const QString name = segment()->name();
    if (segment()->kind() != SharedSegment::Kind::VariableArray || segment()->layoutText() != "u8"_L1)
        return u"\"%1\" is no document, which is an array of u8 of variable count; show it by another type"_s.arg(name);
    QString why;
    m_content = DocumentContent::of(segment()->metadata(), &why);
    return m_content ? QString() : u"\"%1\" %2"_s.arg(name, why);
}

std::optional<QByteArray> SharedDocumentPrivate::readNewest(SharedRevision *revision, QString *why) const
{
    for (int tries = 0; tries < ReadTries; ++tries) {
        std::byte none{};
        if (!segment()->tryRead({&none, 0}, 0, revision))
            return std::nullopt;
        const qint64 size = revision->count;
        if (size > DocumentContent::MostBytes || !hasMemoryFor(size)) {
            *why = u"\"%1\" has a document of %2 bytes, which does not fit into memory; at most %3 are read"_s
                       .arg(segment()->name())
                       .arg(size)
                       .arg(DocumentContent::MostBytes);
            return std::nullopt;
        }
        QByteArray bytes(static_cast<qsizetype>(size), Qt::Uninitialized);
        if (!segment()->tryRead(std::as_writable_bytes(std::span(bytes.data(), static_cast<std::size_t>(size))), 0,
                                revision))
            return std::nullopt;
        if (revision->count <= size) {
            bytes.truncate(static_cast<qsizetype>(revision->count));
            return bytes;
        }
    }
    return std::nullopt;
}

bool SharedDocumentPrivate::refresh()
{
    if (!m_content || !m_follower.isOpen())
        return false;
    SharedRevision revision;
    QString why;
    const std::optional<QByteArray> bytes = readNewest(&revision, &why);
    if (!bytes) {
        if (!why.isEmpty())
            showNone(SharedSegment::Error::OutOfMemory, why);
        return false;
    }
    if (revision.number == 0) {
        setReadError(QString());
        show(std::nullopt, revision);
        return false;
    }
    std::optional<QCborValue> value = this->value();
    if (!m_shown || m_shown->bytes != *bytes || m_shown->content != *m_content)
        value = m_content->decode(*bytes, &why);
    if (!value) {
        showNone(SharedSegment::Error::InvalidValue, u"the newest revision of \"%1\" %2"_s.arg(segment()->name(), why));
        return false;
    }
    if (m_assigned && !m_isPending && segment()->isOwner())
        m_assigned = value;
    const QPointer<SharedDocument> guard(q);
    setReadError(QString());
    if (guard)
        show(Shown{*bytes, *m_content, *value}, revision);
    return guard && m_isValid;
}

void SharedDocumentPrivate::show(const std::optional<Shown> &shown, const SharedRevision &revision)
{
    const bool isOther = shown.has_value() != m_shown.has_value()
                      || (shown && (shown->bytes != m_shown->bytes || shown->content != m_shown->content));
    if (isOther)
        m_shown = shown;
    announce(std::exchange(m_isValid, shown.has_value()), std::exchange(m_revision, revision), isOther);
}

void SharedDocumentPrivate::announce(bool wasValid, const SharedRevision &before, bool isOther)
{
    const bool isRevisionOther = before.number != m_revision.number;
    const bool isValidOther = wasValid != m_isValid;
    const QPointer<SharedDocument> guard(q);
    if (isOther)
        Q_EMIT q->valueChanged();
    if (guard && isValidOther)
        Q_EMIT q->validChanged();
    if (guard && isRevisionOther)
        Q_EMIT q->revisionChanged();
}

void SharedDocumentPrivate::showNone(SharedSegment::Error error, const QString &why)
{
    const QPointer<SharedDocument> guard(q);
    const QPointer<SharedSegment> segment(this->segment());
    setReadError(why);
    if (guard)
        show(std::nullopt, {});
    // A publisher may repeat the fault in each revision.
    if (!guard || !segment || std::exchange(m_reportedInstance, segment->instance()) == segment->instance())
        return;
    const FailureScope scope = m_follower.failuresOf(u"read"_s);
    segment->setError(error, why);
}

void SharedDocumentPrivate::setReadError(const QString &text)
{
    const QString before = q->errorString();
    m_readError = text;
    if (q->errorString() != before)
        Q_EMIT q->errorStringChanged();
}

void SharedDocumentPrivate::setWriteError(const QString &text)
{
    const QString before = q->errorString();
    m_writeError = text;
    if (q->errorString() != before)
        Q_EMIT q->errorStringChanged();
}
