// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The element of a SharedObject: reading and writing it.

#include "sharedobject_p.h"

#include "../src/core/fieldnames_p.h"
#include "../src/core/fieldwriting_p.h"
#include "../src/core/memorycheck_p.h"
#include "../src/core/rowcache_p.h"
#include "propertyvalues.h"

#include <QtCore/QMetaMethod>
#include <QtCore/QMetaProperty>
#include <QtCore/QPointer>

#include <new>
#include <utility>

using namespace Qt::StringLiterals;

namespace {

QStringList takenNames()
{
    // Members of the type, and names that QML reserves.
    QStringList names = namesTakenInDelegates();
    names << u"id"_s << u"destroy"_s << u"toString"_s << u"QObject"_s;
    const QMetaObject &meta = SharedObject::staticMetaObject;
    for (int i = 0; i < meta.propertyCount(); ++i)
        names.append(QString::fromLatin1(meta.property(i).name()));
    for (int i = 0; i < meta.methodCount(); ++i)
        names.append(QString::fromLatin1(meta.method(i).name()));
    return names;
}

} // namespace

SharedObjectPrivate::SharedObjectPrivate(SharedObject *object)
    : q(object)
    , m_follower(SegmentFollower::Shows::Arrays, u"SharedObject"_s, q)
{
    QObject::connect(&m_follower, &SegmentFollower::changed, q, [this] { sync(); });
    QObject::connect(&m_follower, &SegmentFollower::updated, q, [this] { refresh(); });
    QObject::connect(&m_follower, &SegmentFollower::segmentDestroyed, q, &SharedObject::segmentChanged);
    QObject::connect(&m_watch, &LimitWatch::delayEnded, q, [this] {
        // A value that is held says nothing of what came since, and one that is over ends no delay.
        if (m_follower.isPaused() || m_follower.scheduleNewer(m_revisionInfo.number))
            return;
        judgeLevels();
        announceLevels();
    });
}

void SharedObjectPrivate::sync()
{
    const SharedLayout layout = m_follower.isOpen() ? m_follower.segment()->layout() : SharedLayout();
    if (!(layout == m_layout)) {
        clear();
        static const QStringList taken = takenNames();
        m_layout = layout;
        m_fields = FieldDecoder::of(layout);
        m_names = fieldNames(m_fields, taken);
        m_plainNames = fieldNames(m_fields, {});
        if (m_follower.isOpen())
            restore();
        m_isMemoryErrorReported = false;
        m_shown = {};
        m_next = {};
        // Another process chose the size.
        if (layout.elementSize() <= RowCache::MostBytes && hasMemoryFor(layout.elementSize(), 2)) {
            m_shown.assign(static_cast<std::size_t>(layout.elementSize()), std::byte());
            m_next = m_shown;
        } else {
            m_fields.clear();
            m_names.clear();
            m_plainNames.clear();
            failForMemory();
        }
        findProperties();
    }
    const QPointer<SharedObject> guard(q);
    findFields();
    if (!guard)
        return;
    followStaleness();
    if (!m_follower.isPaused() || !m_hasValues)
        refresh();
    if (!guard)
        return;
    judgeLevels();
    announceLevels();
}

void SharedObjectPrivate::refresh()
{
    if (!m_isComplete || !m_follower.isOpen() || m_fields.isEmpty())
        return;
    if (m_isRefreshing) {
        // A handler called this during the notifications of an outer call.
        m_isRefreshPending = true;
        return;
    }
    const bool isWithin = m_index >= 0 && m_index < m_follower.segment()->capacity();
    SharedRevision revision;
    if (isWithin && !m_follower.segment()->tryRead(m_next, m_index * m_layout.elementSize(), &revision))
        return;
    if (!isWithin || m_index >= revision.count) {
        const QPointer<SharedObject> guard(q);
        clear();
        if (!guard)
            return;
        restore();
        announceLevels();
        return;
    }
    std::swap(m_shown, m_next);
    const bool isFirst = !std::exchange(m_hasValues, true);
    const bool isNewer = std::exchange(m_revisionInfo, revision).number != revision.number;
    judgeLevels();
    m_isRefreshing = true;
    // A handler may open another segment, which changes m_fields during this loop.
    const QList<FieldDecoder> fields = m_fields;
    try {
        for (qsizetype i = 0; i < fields.size() && m_hasValues && m_fields.isSharedWith(fields); ++i) {
            if (isFirst || !fields.at(i).isSame(m_shown.data(), m_next.data()))
                show(i);
        }
    } catch (const std::bad_alloc &) {
        failForMemory();
    }
    if (isFirst && m_hasValues)
        Q_EMIT q->validChanged();
    if (isNewer)
        Q_EMIT q->revisionChanged();
    const QPointer<SharedObject> guard(q);
    announceLevels();
    if (!guard)
        return;
    m_isRefreshing = false;
    if (std::exchange(m_isRefreshPending, false))
        refresh();
}

void SharedObjectPrivate::clear()
{
    const bool hadValues = std::exchange(m_hasValues, false);
    endLevels();
    if (hadValues) {
        announceField(-1);
        Q_EMIT q->validChanged();
    }
    if (std::exchange(m_revisionInfo, SharedRevision()).number != 0)
        Q_EMIT q->revisionChanged();
}

QVariant SharedObjectPrivate::value(qsizetype field)
{
    try {
        return m_fields.at(field).read(m_shown.data());
    } catch (const std::bad_alloc &) {
        failForMemory();
        return QVariant();
    }
}

bool SharedObjectPrivate::assign(qsizetype at, const QVariant &value, FieldDecoder::Strings strings)
{
    SharedSegment *segment = m_follower.segment();
    if (!segment)
        return false;
    if (!m_hasValues)
        return failUnwritten(u"field \"%1\""_s.arg(m_names.at(at)));
    const FieldDecoder field = m_fields.at(at);
    if (!hasMemoryFor(m_layout.elementSize())) {
        m_isMemoryErrorReported = false;
        failForMemory();
        return false;
    }
    std::vector<std::byte> element(m_shown.size());
    QString why;
    if (!field.write(element.data(), PropertyValues::fromProperty(value), strings, &why))
        return fail(SharedSegment::Error::InvalidValue, why, m_names.at(at));
    const FailureScope scope = m_follower.failuresOf(m_names.at(at));
    const FieldEdit edit{m_index, field, element.data()};
    if (!writeFields(segment, m_layout, {&edit, 1}))
        return false;
    // The update of this revision then finds the field unchanged.
    field.copy(element.data(), m_shown.data());
    return true;
}

void SharedObjectPrivate::failForMemory()
{
    if (!m_follower.segment() || std::exchange(m_isMemoryErrorReported, true))
        return;
    fail(SharedSegment::Error::OutOfMemory,
         u"there is no memory to show an element of \"%1\", of %2 bytes; end programs that take much memory"_s
             .arg(m_follower.segment()->name())
             .arg(m_layout.elementSize()),
         QString(u"memory"_s));
}

bool SharedObjectPrivate::fail(SharedSegment::Error error, const QString &text, const QString &cause)
{
    const FailureScope scope = m_follower.failuresOf(cause);
    m_follower.segment()->setError(error, text);
    return false;
}

bool SharedObjectPrivate::failUnwritten(const QString &what)
{
    if (m_follower.isOpen() && m_fields.isEmpty()) {
        m_isMemoryErrorReported = false;
        failForMemory();
        return false;
    }
    if (const QString text = m_follower.otherKind(); !text.isEmpty())
        return fail(SharedSegment::Error::LayoutMismatch, text, QString(u"kind"_s));
    const QString text = u"nothing was written to the %1, since %2"_s.arg(what, whyNotValid());
    if (m_follower.segment())
        return fail(SharedSegment::Error::NotFound, text, what);
    warnOnce(what, text);
    return false;
}

QString SharedObjectPrivate::whyNotValid() const
{
    const SharedSegment *segment = m_follower.segment();
    if (!segment)
        return u"the object has no segment; set one"_s;
    if (!segment->isOpen())
        return u"\"%1\" is not open; write when the object is valid"_s.arg(segment->name());
    if (m_index < 0 || m_index >= segment->capacity())
        return u"\"%1\" has no element %2; set an index from 0 to %3"_s.arg(segment->name())
            .arg(m_index)
            .arg(segment->capacity() - 1);
    SharedRevision newest;
    std::byte none{};
    if (segment->tryRead({&none, 0}, 0, &newest) && m_index >= newest.count)
        return u"the newest revision of \"%1\" has no element %2, but %3 in all; write when the object is valid"_s
            .arg(segment->name())
            .arg(m_index)
            .arg(newest.count);
    return u"element %1 of \"%2\" has not been read yet; write when the object is valid"_s.arg(m_index).arg(
        segment->name());
}
