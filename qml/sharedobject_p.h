// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedfield_p.h"
#include "sharedobject.h"

#include "../src/core/fielddecoder.h"
#include "../src/core/limitwatch_p.h"
#include "../src/core/segmentfollower_p.h"

#include <QtCore/QHash>
#include <QtCore/QList>
#include <QtCore/QSet>
#include <QtCore/QStringList>

#include <cstddef>
#include <vector>

class QMetaProperty;
class SharedObjectFields;

class SharedObjectPrivate final : public SharedFieldSource
{
public:
    explicit SharedObjectPrivate(SharedObject *object);

    // The element: sharedobject_p.cpp
    void sync();
    void refresh();
    /// Stops showing an element.
    void clear();
    /// Returns the shown value of a field; invalid for lack of memory.
    QVariant value(qsizetype field);
    bool assign(qsizetype field, const QVariant &value, FieldDecoder::Strings strings = FieldDecoder::Strings::Refuse);
    /// Sets the segment's error. Returns false. `cause`: see FailureScope.
    bool fail(SharedSegment::Error error, const QString &text, const QString &cause);
    void failForMemory();
    /// Sets the error for an assignment to `what` while the object has no element. Returns false.
    bool failUnwritten(const QString &what);
    /// Returns the reason and the remedy, as part of a sentence.
    QString whyNotValid() const;

    // The fields by name: sharedobject_fields.cpp
    /// Returns the field of a name; the same object for the same name.
    SharedField *field(const QString &name);
    QVariant fieldValue(qsizetype field) override { return m_hasValues ? value(field) : QVariant(); }
    QString fieldText(qsizetype field, const FieldMetadata &metadata) override;
    void assignField(qsizetype field, const QString &name, const QVariant &value) override;
    /// Sets the error for an assignment to `fields.name`, which is not the value.
    void refuseAssignment(const QString &name);
    /// Sets the error for an assignment to a field that does not exist.
    void failUnknownField(const QString &name);
    /// Warns once that the open segment has no field of that name.
    void warnOfUnknownField(const QString &name);
    /// Finds the fields of the present layout, and what the present metadata say of them.
    void findFields();
    /// Announces the value of one field, or of all for -1.
    void announceField(qsizetype field);

    // The levels of fields: sharedobject_levels.cpp
    LimitLevel firstLevel(qsizetype field) override;
    /// Watches those fields whose level was requested, by the limits of the present metadata.
    void watchLevels();
    /// Follows the staleness of the present segment, if levels depend on it.
    void followStaleness();
    void judgeLevels();
    LimitLevel levelOf(qsizetype field) const;
    void announceLevels();
    /// The element is another one, or gone: its alarms end.
    void endLevels() { m_watch.keep({0, 0}); }

    // The properties that the QML object declares: sharedobject_properties.cpp
    /// Finds the declared properties.
    void findProperties();
    /// Finds the properties that have a Behavior.
    void findBehaviors();
    /// Returns the property with that notify signal that follows a field, or would follow one; -1 if none does.
    int propertyOfSignal(int signal) const;
    /// Resets the declared properties to the values of their declarations.
    void restore();
    void show(qsizetype field);
    qsizetype fieldOfKey(const QString &key) const;
    void warnOnce(const QString &property, const QString &text);
    void warnOfType(const QMetaProperty &property, qsizetype field);
    void warnOfRounding(const QMetaProperty &property, qsizetype field);

    SharedObject *const q;
    SegmentFollower m_follower;
    SharedLayout m_layout;
    QList<FieldDecoder> m_fields;
    QStringList m_names;
    QStringList m_plainNames;        ///< names without regard to reserved names
    QHash<int, QVariant> m_declared; ///< values of the properties before they followed a field
    QSet<QString> m_warnedProperties;
    QSet<int> m_animated;            ///< properties with a Behavior, whose intermediate values are not published
    QList<int> m_properties;         ///< index of the property per field, or -1
    QString m_instance;              ///< whose metadata the fields have
    QList<FieldMetadata> m_metadata; ///< of each field
    QHash<QString, SharedField *> m_fieldsByName; ///< children, as are the next ones
    SharedObjectFields *m_scriptFields = nullptr;
    LimitWatch m_watch; ///< of the shown element, as index 0
    QMetaObject::Connection m_staleConnection;
    bool m_hasLevels = false; ///< the level of a field was requested
    qint64 m_index = 0;
    std::vector<std::byte> m_shown;
    std::vector<std::byte> m_next;
    SharedRevision m_revisionInfo;
    bool m_isComplete = false;
    bool m_hasValues = false;
    bool m_isRefreshing = false;
    bool m_isRefreshPending = false;
    bool m_isMemoryErrorReported = false;
};
