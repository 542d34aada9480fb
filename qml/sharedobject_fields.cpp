// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The fields of a SharedObject by name: what a SharedField shows, and assignments to it.

#include "sharedobject_p.h"

#include "../src/core/fieldnames_p.h"
#include "sharedobjectfields.h"

#include <QtCore/QPointer>

#include <new>
#include <utility>

using namespace Qt::StringLiterals;

SharedField *SharedObjectPrivate::field(const QString &name)
{
    SharedField *&field = m_fieldsByName[name];
    if (!field) {
        field = new SharedField(this, name, q);
        field->d->field = fieldOfKey(name);
        if (field->d->field >= 0)
            field->d->metadata = m_metadata.value(field->d->field); // shorter while another segment opens
        else
            warnOfUnknownField(name);
    }
    return field;
}

QString SharedObjectPrivate::fieldText(qsizetype field, const FieldMetadata &metadata)
{
    try {
        if (m_hasValues)
            return metadata.text(m_fields.at(field), m_shown.data());
    } catch (const std::bad_alloc &) {
        failForMemory();
    }
    return metadata.text(QVariant());
}

void SharedObjectPrivate::assignField(qsizetype field, const QString &name, const QVariant &value)
{
    if (field < 0)
        return failUnknownField(name);
    const QPointer<SharedObject> guard(q);
    if (!assign(field, value) || !guard || field >= m_fields.size())
        return;
    const bool wasRefreshing = std::exchange(m_isRefreshing, true);
    show(field);
    if (guard)
        m_isRefreshing = wasRefreshing;
}

void SharedObjectPrivate::refuseAssignment(const QString &name)
{
    const QString text = u"fields.%1 is not the value of the field; assign to fields.%1.value"_s.arg(name);
    if (m_follower.segment())
        fail(SharedSegment::Error::InvalidValue, text, name);
    else
        warnOnce(u"fields."_s + name, text);
}

void SharedObjectPrivate::failUnknownField(const QString &name)
{
    if (m_names.isEmpty())
        failUnwritten(u"field \"%1\""_s.arg(name));
    else
        fail(SharedSegment::Error::InvalidValue,
             u"there is no field \"%1\"; there are: %2"_s.arg(name, m_names.join(u", ")), name);
}

void SharedObjectPrivate::warnOfUnknownField(const QString &name)
{
    if (!m_names.isEmpty())
        warnOnce(u"fields."_s + name, u"fields.%1 is no field of \"%2\", which has: %3; correct the name"_s.arg(
                                          name, m_follower.segment()->name(), m_names.join(u", ")));
}

void SharedObjectPrivate::findFields()
{
    const QString instance = m_follower.isOpen() ? m_follower.segment()->instance() : QString();
    if (std::exchange(m_instance, instance) == instance)
        return;
    // What was opened with another layout has no fields for lack of memory.
    m_metadata = m_fields.isEmpty() ? QList<FieldMetadata>()
                                    : FieldMetadata::of(m_layout, m_follower.segment()->metadata());
    const QPointer<SharedObject> guard(q);
    const QHash<QString, SharedField *> fields = m_fieldsByName;
    for (SharedField *const field : fields)
        field->d->field = fieldOfKey(field->d->name);
    watchLevels();
    for (SharedField *const field : fields) {
        SharedFieldPrivate *const p = field->d.get();
        FieldMetadata metadata;
        metadata.label = p->name;
        if (p->field >= 0)
            metadata = m_metadata.at(p->field);
        else
            warnOfUnknownField(p->name);
        if (std::exchange(p->metadata, metadata) == metadata)
            continue;
        Q_EMIT field->metadataChanged();
        if (guard)
            Q_EMIT field->textChanged();
        // A handler may have opened another segment.
        if (!guard || m_instance != instance)
            return;
    }
    if (m_scriptFields)
        m_scriptFields->setNames(m_plainNames);
}

void SharedObjectPrivate::announceField(qsizetype at)
{
    const QPointer<SharedObject> guard(q);
    const QHash<QString, SharedField *> fields = m_fieldsByName;
    for (SharedField *const field : fields) {
        if (at >= 0 && field->d->field != at)
            continue;
        Q_EMIT field->valueChanged();
        if (guard)
            Q_EMIT field->textChanged();
        if (!guard)
            return;
    }
}

qsizetype SharedObjectPrivate::fieldOfKey(const QString &key) const
{
    const qsizetype field = m_names.indexOf(key);
    return field >= 0 || m_fields.isEmpty() ? field : fieldOfName(m_fields, key);
}
