// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedfield.h"

#include "../src/core/fieldmetadata.h"
#include "../src/core/limitstate_p.h"

#include <utility>

/// What a SharedField shows: its owner implements it.
class SharedFieldSource
{
public:
    /// Returns the shown value of a field; invalid while there is none.
    virtual QVariant fieldValue(qsizetype field) = 0;
    /// Returns the shown value of a field as text for people; a dash while there is none.
    virtual QString fieldText(qsizetype field, const FieldMetadata &metadata) = 0;
    /// Judges the level of a field for the first time, and from now on at each revision.
    virtual LimitLevel firstLevel(qsizetype field) = 0;
    /// Publishes another value of the field with this name; `field` is -1 if there is none.
    virtual void assignField(qsizetype field, const QString &name, const QVariant &value) = 0;

protected:
    SharedFieldSource() = default;
    ~SharedFieldSource() = default;
    Q_DISABLE_COPY_MOVE(SharedFieldSource)
};

class SharedFieldPrivate
{
public:
    SharedFieldPrivate(SharedFieldSource *owner, QString wanted)
        : source(owner)
        , name(std::move(wanted))
    {
        metadata.label = name;
    }

    SharedFieldSource *const source; ///< of the parent
    const QString name;
    qsizetype field = -1; ///< the place among the object's fields, or -1
    FieldMetadata metadata;
    LimitLevel level = LimitLevel::Unknown; ///< judged if it was requested
    bool isLevelRequested = false;
};
