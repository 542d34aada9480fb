// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sharedlimits.h"

#include "qmlinteger_p.h"
#include "sharedlimits_p.h"

#include <QtCore/QPointer>

#include <algorithm>
#include <utility>

SharedLimits::SharedLimits(QObject *parent)
    : QObject(parent)
    , d(std::make_unique<SharedLimitsPrivate>(this))
{
}

SharedLimits::~SharedLimits() = default;

SharedSegment *SharedLimits::segment() const
{
    return d->segment();
}

void SharedLimits::setSegment(SharedSegment *segment)
{
    if (segment == d->segment())
        return;
    const QPointer<SharedLimits> guard(this);
    d->setSegment(segment);
    if (guard)
        Q_EMIT segmentChanged();
}

QString SharedLimits::field() const
{
    return d->m_field;
}

void SharedLimits::setField(const QString &field)
{
    if (std::exchange(d->m_field, field) == field)
        return;
    const QPointer<SharedLimits> guard(this);
    d->restart();
    if (guard)
        Q_EMIT fieldChanged();
}

qint64 SharedLimits::index() const
{
    return d->m_index;
}

void SharedLimits::setIndex(qint64 index)
{
    index = std::max<qint64>(index, -1);
    if (std::exchange(d->m_index, index) == index)
        return;
    const QPointer<SharedLimits> guard(this);
    d->restart();
    if (guard)
        Q_EMIT indexChanged();
}

void SharedLimits::setIndexReal(double index)
{
    setIndex(QmlInteger::fromReal(index));
}

QString SharedLimits::key() const
{
    return d->m_key;
}

void SharedLimits::setKey(const QString &key)
{
    if (std::exchange(d->m_key, key) == key)
        return;
    const QPointer<SharedLimits> guard(this);
    d->restart();
    if (guard)
        Q_EMIT keyChanged();
}

double SharedLimits::low() const
{
    return d->m_low;
}

void SharedLimits::setLow(double low)
{
    d->setOwn(&SharedLimitsPrivate::m_low, low);
}

void SharedLimits::resetLow()
{
    setLow(ValueLimits::None);
}

double SharedLimits::high() const
{
    return d->m_high;
}

void SharedLimits::setHigh(double high)
{
    d->setOwn(&SharedLimitsPrivate::m_high, high);
}

void SharedLimits::resetHigh()
{
    setHigh(ValueLimits::None);
}

double SharedLimits::lowLow() const
{
    return d->m_lowLow;
}

void SharedLimits::setLowLow(double lowLow)
{
    d->setOwn(&SharedLimitsPrivate::m_lowLow, lowLow);
}

void SharedLimits::resetLowLow()
{
    setLowLow(ValueLimits::None);
}

double SharedLimits::highHigh() const
{
    return d->m_highHigh;
}

void SharedLimits::setHighHigh(double highHigh)
{
    d->setOwn(&SharedLimitsPrivate::m_highHigh, highHigh);
}

void SharedLimits::resetHighHigh()
{
    setHighHigh(ValueLimits::None);
}

double SharedLimits::hysteresis() const
{
    return d->m_hysteresis;
}

void SharedLimits::setHysteresis(double hysteresis)
{
    d->setOwn(&SharedLimitsPrivate::m_hysteresis, hysteresis);
}

void SharedLimits::resetHysteresis()
{
    setHysteresis(ValueLimits::None);
}

double SharedLimits::delay() const
{
    return d->m_delay;
}

void SharedLimits::setDelay(double delay)
{
    d->setOwn(&SharedLimitsPrivate::m_delay, delay);
}

void SharedLimits::resetDelay()
{
    setDelay(ValueLimits::None);
}

double SharedLimits::maximumRate() const
{
    return d->m_follower.maximumRate();
}

void SharedLimits::setMaximumRate(double maximumRate)
{
    if (d->m_follower.setMaximumRate(maximumRate))
        Q_EMIT maximumRateChanged();
}

SharedLimits::Level SharedLimits::level() const
{
    return publicLevel(d->m_level);
}

bool SharedLimits::isAcknowledged() const
{
    return d->m_isAcknowledged;
}

int SharedLimits::count() const
{
    return d->m_count;
}

void SharedLimits::acknowledge()
{
    d->acknowledgeAll();
}

void SharedLimits::beginInitialization()
{
    d->m_isInitializing = true;
}

void SharedLimits::endInitialization()
{
    d->m_isInitializing = false;
    d->restart();
}
