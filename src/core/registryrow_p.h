// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "elementpreview_p.h"

#include "../engine/registryfolder.h"
#include "../engine/segment.h"

#include <QtCore/QString>

#include <memory>
#include <vector>

/// What SharedRegistryModel knows of one name.
struct RegistryEntry
{
    sharedsegment::engine::ListedRecord record;
    QString name;
    bool isOpen = true; ///< has a living owner
    QString program;    ///< of the owner; empty until it is requested

    /// What its memory says. It is read once a second while a view asks for it.
    struct Reading
    {
        std::shared_ptr<sharedsegment::engine::Segment> segment; ///< null while no view asks
        QString layout;
        quint64 capacity = 0; ///< 0: it was not read yet
        quint32 elementSize = 0;
        quint64 revision = 0;
        qint64 timestamp = 0;
        int listeners = 0;
        double rate = -1;      ///< negative: unknown
        qint64 age = -1;       ///< of the revision when it was seen first, in ms; negative: there is none
        qint64 agedAt = 0;     ///< when that was, in ms of the monotonic clock
        qint64 readAt = 0;     ///< the last time, in ms of the monotonic clock
        qint64 ratedAt = 0;    ///< when the revision was counted for the rate
        quint64 ratedFrom = 0; ///< that revision
        QString problem;       ///< why the memory cannot be read
        std::unique_ptr<ElementPreview> preview; ///< null while no view asks for its text
        QString previewText;

        /// Lets go of the memory, and keeps what it said.
        void close()
        {
            preview.reset();
            segment.reset();
        }
    } reading;
    bool isWatched = false;          ///< is in the list of those that are read once a second
    bool isRequested = false;        ///< a view has requested it since the last time
    bool isPreviewRequested = false; ///< the same of the text of what it contains
};

/// A row of SharedRegistryModel: a name, a folder of names, or both.
struct RegistryRow
{
    QString part; ///< of the name; the whole name in a flat model
    RegistryRow *parent = nullptr;
    RegistryEntry *entry = nullptr;                     ///< null: only a folder of names
    bool isLeaving = false;                             ///< is about to be removed; until then it shows its entry
    std::vector<std::unique_ptr<RegistryRow>> children; ///< by part

    /// The index of the first child that does not come before `part`.
    int lowerBound(const QString &part) const;
    RegistryRow *child(const QString &part) const;
    int indexInParent() const { return parent->lowerBound(part); }
};
