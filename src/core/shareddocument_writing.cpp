// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The value that a SharedDocument writes, and the segment that it makes for it.

#include "documentvalue_p.h"
#include "fieldwriting_p.h"
#include "shareddocument_p.h"

#include <QtCore/QPointer>
#include <QtCore/QtMath>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 FirstCapacity = 4096;

} // namespace

void SharedDocumentPrivate::prepare()
{
    if (segment() && segment()->owner())
        complete();
}

void SharedDocumentPrivate::complete()
{
    if (segment()->isOpen() || m_isPreparing)
        return;
    m_isPreparing = true;
    // With `active`, each of these starts another attempt to create the segment. The last one makes it possible.
    if (segment()->capacity() == 0)
        segment()->setCapacity(FirstCapacity);
    if (segment()->kind() == SharedSegment::Kind::FixedArray)
        segment()->setKind(SharedSegment::Kind::VariableArray);
    QVariantMap metadata = segment()->metadata();
    if (!metadata.contains(DocumentContent::key())) {
        metadata.insert(DocumentContent::key(), DocumentContent::cbor());
        segment()->setMetadata(metadata);
    }
    if (segment()->layoutText().isEmpty())
        segment()->setLayoutText(u"u8"_s);
    m_isPreparing = false;
}

bool SharedDocumentPrivate::create()
{
    if (!segment())
        return failUnwritten();
    complete();
    const QPointer<SharedDocument> guard(q);
    const QPointer<SharedSegment> created(segment());
    const FailureScope scope = m_follower.failuresOf(u"create"_s);
    const bool isCreated = created->create();
    if (guard && created && !isCreated)
        setWriteError(created->errorString());
    return isCreated;
}

void SharedDocumentPrivate::assign(const QVariant &value)
{
    QString why;
    std::optional<QCborValue> assigned = DocumentValue::fromVariant(value, &why);
    if (!assigned) {
        failWrite(SharedSegment::Error::InvalidValue, u"the value %1; give what a document can hold"_s.arg(why));
        return;
    }
    m_assigned = std::move(assigned);
    m_isPending = true;
    publishAssigned();
}

void SharedDocumentPrivate::publishAssigned()
{
    if (!m_assigned || m_initializing > 0)
        return;
    const bool willCreate = segment() && segment()->owner();
    if (!m_content) {
        if (m_isPending && (!willCreate || segment()->isOpen())) {
            m_assigned.reset();
            failUnwritten();
        }
        return;
    }
    SharedRevision newest;
    QString why;
    const std::optional<QByteArray> bytes = m_content->encode(*m_assigned, &why);
    const std::optional<QByteArray> before = readNewest(&newest, &why);
    const bool isPublished = newest.number != 0 && bytes && before == bytes;
    // What was published before is published again only for a new segment.
    const bool isWanted = m_isPending || newest.number == 0;
    m_isPending = false;
    const QCborValue value = *m_assigned;
    if (!segment()->isOwner())
        m_assigned.reset();
    if (isWanted && !isPublished)
        write(value);
    else if (isWanted)
        setWriteError(QString());
}

bool SharedDocumentPrivate::write(const QVariant &value)
{
    QString why;
    const std::optional<QCborValue> converted = DocumentValue::fromVariant(value, &why);
    if (!converted)
        return failWrite(SharedSegment::Error::InvalidValue, u"the value %1; give what a document can hold"_s.arg(why));
    return write(*converted);
}

bool SharedDocumentPrivate::write(const QCborValue &value)
{
    if (!m_content)
        return failUnwritten();
    QString why;
    const std::optional<QByteArray> bytes = m_content->encode(value, &why);
    if (!bytes)
        return failWrite(SharedSegment::Error::InvalidValue, u"the value for \"%1\" %2"_s.arg(segment()->name(), why));
    return publish(*bytes);
}

bool SharedDocumentPrivate::publish(const QByteArray &bytes)
{
    const QPointer<SharedDocument> guard(q);
    const QPointer<SharedSegment> target(segment());
    if (!makeSpace(bytes.size()) || !guard)
        return false;
    // A receiver of reopened() may have closed or destroyed it.
    const FailureScope scope = m_follower.failuresOf(u"write"_s);
    const bool isPublished = target && target->publish(bytes, ShortWait);
    if (!guard)
        return isPublished;
    if (!isPublished) {
        setWriteError(target ? target->errorString()
                             : u"the segment was closed meanwhile; write when the document is valid"_s);
        return false;
    }
    setWriteError(QString());
    if (guard)
        refresh();
    return true;
}

bool SharedDocumentPrivate::makeSpace(qint64 bytes)
{
    const qint64 capacity = segment()->capacity();
    if (bytes <= capacity)
        return true;
    if (!segment()->isOwner())
        return failWrite(
            SharedSegment::Error::InvalidSize,
            u"the value takes %1 bytes, and \"%2\" has a capacity of %3, which only its owner can enlarge; let it "
            "call recreate(%1), or write a smaller value"_s.arg(bytes)
                .arg(segment()->name())
                .arg(capacity));
    // A power of two, so that a document that grows in small steps is seldom replaced.
    const auto next = static_cast<qint64>(qNextPowerOfTwo(static_cast<quint64>(bytes - 1)));
    const QPointer<SharedDocument> guard(q);
    const QPointer<SharedSegment> target(segment());
    const FailureScope scope = m_follower.failuresOf(u"recreate"_s);
    if (target->recreate(std::max(next, FirstCapacity)))
        return true;
    if (guard && target)
        setWriteError(target->errorString());
    return false;
}

bool SharedDocumentPrivate::failWrite(SharedSegment::Error error, const QString &text)
{
    const QPointer<SharedSegment> target(segment());
    const QPointer<SharedDocument> guard(q);
    setWriteError(text);
    if (!guard)
        return false;
    const FailureScope scope = m_follower.failuresOf(u"write"_s);
    if (target)
        target->setError(error, text);
    else
        scope.warn(error, text);
    return false;
}

bool SharedDocumentPrivate::failUnwritten()
{
    using Error = SharedSegment::Error;
    if (!segment())
        return failWrite(Error::NotFound, u"nothing was written, since the document has no segment; set one"_s);
    if (!segment()->isOpen())
        return failWrite(Error::NotFound,
                         u"nothing was written, since \"%1\" is not open; write when the document is valid"_s.arg(
                             segment()->name()));
    return failWrite(Error::LayoutMismatch, u"nothing was written, since %1"_s.arg(q->errorString()));
}
