// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sharedobject.h"

#include "../src/core/qmlinteger_p.h"
#include "propertyvalues.h"
#include "qmluserinterface.h"
#include "sharedobject_p.h"
#include "sharedobjectfields.h"

#include <QtCore/QMetaMethod>
#include <QtCore/QMetaProperty>

#include <utility>

using namespace Qt::StringLiterals;

SharedObject::SharedObject(QObject *parent)
    : QObject(parent)
    , d(std::make_unique<SharedObjectPrivate>(this))
{
}

SharedObject::~SharedObject()
{
    // They use the rest of this object.
    qDeleteAll(d->m_fieldsByName);
    delete d->m_scriptFields;
}

void SharedObject::classBegin() { }

void SharedObject::componentComplete()
{
    const QMetaObject *meta = metaObject();
    const int slot = staticMetaObject.indexOfSlot("handleAssignment()");
    for (int i = staticMetaObject.propertyCount(); i < meta->propertyCount(); ++i) {
        const QMetaProperty property = meta->property(i);
        if (!property.isWritable())
            continue;
        d->m_declared.insert(i, property.read(this));
        if (property.hasNotifySignal())
            connect(this, property.notifySignal(), this, staticMetaObject.method(slot));
    }
    d->m_isComplete = true;
    d->findBehaviors();
    d->findProperties();
    d->refresh();
}

void SharedObject::handleAssignment()
{
    if (d->m_isRefreshing)
        return;
    const int signal = senderSignalIndex();
    if (!d->m_hasValues) {
        const int index = d->propertyOfSignal(signal);
        if (index < 0 || d->m_animated.contains(index))
            return;
        // While nothing is open, properties keep their values.
        if (d->m_follower.isOpen())
            d->restore();
        d->failUnwritten(u"property \"%1\""_s.arg(QString::fromUtf8(metaObject()->property(index).name())));
        return;
    }
    for (qsizetype i = 0; i < d->m_properties.size(); ++i) {
        const int index = d->m_properties.at(i);
        if (index < 0 || metaObject()->property(index).notifySignalIndex() != signal)
            continue;
        if (d->m_animated.contains(index))
            return;
        const QMetaProperty property = metaObject()->property(index);
        const QVariant assigned = property.read(this);
        const QVariant value = d->value(i);
        if (assigned == value || assigned == PropertyValues::toProperty(value, property.metaType()))
            return;
        // A property of type string may show a number, so that a string is converted to a number.
        const bool isString = property.metaType() == QMetaType::fromType<QString>();
        d->assign(i, assigned, isString ? FieldDecoder::Strings::Convert : FieldDecoder::Strings::Refuse);
        d->m_isRefreshing = true;
        d->show(i);
        d->m_isRefreshing = false;
        return;
    }
}

QJSValue SharedObject::fields()
{
    if (!d->m_scriptFields)
        d->m_scriptFields = new SharedObjectFields([this](const QString &name) { return d->field(name); },
                                                   [this](const QString &name) { d->refuseAssignment(name); }, this);
    d->m_scriptFields->setNames(d->m_plainNames);
    return d->m_scriptFields->script();
}

SharedField *SharedObject::field(const QString &name)
{
    return d->field(name);
}

SharedSegment *SharedObject::segment() const
{
    return d->m_follower.segment();
}

void SharedObject::setSegment(SharedSegment *segment)
{
    if (segment != d->m_follower.segment())
        d->endLevels();
    if (d->m_follower.setSegment(segment))
        Q_EMIT segmentChanged();
}

qint64 SharedObject::index() const
{
    return d->m_index;
}

void SharedObject::setIndex(qint64 index)
{
    if (std::exchange(d->m_index, index) == index)
        return;
    if (!d->m_hasValues && d->m_isComplete)
        d->restore(); // Drop the values of the previous element.
    d->endLevels();
    d->refresh();
    Q_EMIT indexChanged();
}

double SharedObject::maximumRate() const
{
    return d->m_follower.maximumRate();
}

void SharedObject::setMaximumRate(double maximumRate)
{
    if (d->m_follower.setMaximumRate(maximumRate))
        Q_EMIT maximumRateChanged();
}

bool SharedObject::isPaused() const
{
    return d->m_follower.isPaused();
}

void SharedObject::setPaused(bool paused)
{
    if (d->m_follower.setPaused(paused))
        Q_EMIT pausedChanged();
}

bool SharedObject::isValid() const
{
    return d->m_hasValues;
}

quint64 SharedObject::revision() const
{
    return d->m_revisionInfo.number;
}

QDateTime SharedObject::updatedAt() const
{
    return d->m_revisionInfo.toDateTime();
}

void SharedObject::setIndexReal(double index)
{
    setIndex(QmlInteger::fromReal(index));
}
