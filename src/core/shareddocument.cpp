// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "shareddocument.h"

#include "documentvalue_p.h"
#include "scriptvalue_p.h"
#include "shareddocument_p.h"

SharedDocument::SharedDocument(QObject *parent)
    : QObject(parent)
    , d(std::make_unique<SharedDocumentPrivate>(this))
{
}

SharedDocument::~SharedDocument() = default;

SharedSegment *SharedDocument::segment() const
{
    return d->segment();
}

void SharedDocument::setSegment(SharedSegment *segment)
{
    if (d->setSegment(segment))
        Q_EMIT segmentChanged();
}

QVariant SharedDocument::value() const
{
    return DocumentValue::toVariant(d->value());
}

QVariant SharedDocument::valueForScripts() const
{
    const QVariant script = ScriptValues::wrapped(d->value(), this);
    return script.isValid() ? script : value();
}

QCborValue SharedDocument::toCbor() const
{
    return d->value();
}

QJsonValue SharedDocument::toJson() const
{
    return !d->m_shown ? QJsonValue(QJsonValue::Undefined) : d->m_shown->value.toJsonValue();
}

void SharedDocument::setValue(const QVariant &value)
{
    d->assign(value);
}

bool SharedDocument::isValid() const
{
    return d->m_isValid;
}

QString SharedDocument::errorString() const
{
    return d->m_readError.isEmpty() ? d->m_writeError : d->m_readError;
}

double SharedDocument::maximumRate() const
{
    return d->m_follower.maximumRate();
}

void SharedDocument::setMaximumRate(double maximumRate)
{
    if (d->m_follower.setMaximumRate(maximumRate))
        Q_EMIT maximumRateChanged();
}

bool SharedDocument::isPaused() const
{
    return d->m_follower.isPaused();
}

void SharedDocument::setPaused(bool paused)
{
    if (d->m_follower.setPaused(paused))
        Q_EMIT pausedChanged();
}

quint64 SharedDocument::revision() const
{
    return d->m_revision.number;
}

QDateTime SharedDocument::updatedAt() const
{
    return d->m_revision.toDateTime();
}

bool SharedDocument::create()
{
    return d->create();
}

bool SharedDocument::write(const QVariant &value)
{
    return d->write(value);
}

bool SharedDocument::writeCbor(const QCborValue &value)
{
    return d->write(value);
}

bool SharedDocument::refresh()
{
    return d->refresh();
}

void SharedDocument::beginInitialization()
{
    ++d->m_initializing;
}

void SharedDocument::endInitialization()
{
    if (--d->m_initializing == 0)
        d->publishAssigned();
}
