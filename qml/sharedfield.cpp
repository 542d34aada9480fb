// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sharedfield.h"

#include "sharedfield_p.h"

#include <utility>

namespace {

QVariant limitOf(const std::optional<double> &number)
{
    return number ? QVariant(*number) : QVariant();
}

} // namespace

SharedField::SharedField(SharedFieldSource *source, const QString &name, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<SharedFieldPrivate>(source, name))
{
}

SharedField::~SharedField() = default;

QString SharedField::name() const
{
    return d->name;
}

QVariant SharedField::value() const
{
    return d->field >= 0 ? d->source->fieldValue(d->field) : QVariant();
}

void SharedField::setValue(const QVariant &value)
{
    d->source->assignField(d->field, d->name, value);
}

QString SharedField::text() const
{
    return d->field >= 0 ? d->source->fieldText(d->field, d->metadata) : d->metadata.text(QVariant());
}

QString SharedField::label() const
{
    return d->metadata.label;
}

QString SharedField::unit() const
{
    return d->metadata.unit;
}

QString SharedField::description() const
{
    return d->metadata.description;
}

QVariant SharedField::minimum() const
{
    return limitOf(d->metadata.minimum);
}

QVariant SharedField::maximum() const
{
    return limitOf(d->metadata.maximum);
}

QVariant SharedField::low() const
{
    return limitOf(d->metadata.low);
}

QVariant SharedField::high() const
{
    return limitOf(d->metadata.high);
}

QVariant SharedField::lowLow() const
{
    return limitOf(d->metadata.lowLow);
}

QVariant SharedField::highHigh() const
{
    return limitOf(d->metadata.highHigh);
}

SharedLimits::Level SharedField::level() const
{
    if (!std::exchange(d->isLevelRequested, true))
        d->level = d->source->firstLevel(d->field);
    return static_cast<SharedLimits::Level>(d->level); // SharedLimits compares the numbers at compile time.
}
