// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedfield.h"
#include "sharedsegmentqml_export.h"

#include <SharedSegment/SharedSegment>

#include <QtCore/QDateTime>
#include <QtQml/QJSValue>
#include <QtQml/QQmlParserStatus>
#include <QtQml/qqmlregistration.h>

#include <memory>

class SharedObjectPrivate;

/// One element of a segment as a QML object: each declared property follows the field of the same name.
///
///     SharedObject {
///         id: memory
///         segment: system
///         property real used
///         property real total
///     }
///
/// Then `memory.used` is the value of the field. In a property name, `_` stands for a dot; a name that the type already
/// has gets a trailing `_`; an element that is not a struct is `value`. A property notifies only when its own field
/// changes, at most once per frame of the screen. When the segment closes, properties keep their last values. If the
/// open segment, or the newest revision of a variable array, has no element `index`, `valid` is false, and properties return to the values of their declarations.
///
/// An assignment to a property publishes a revision. If publishing fails, the property returns to the field's value,
/// and the segment's error gives the reason. While `valid` is false, an assignment is also an error: nothing is written
/// then or later.
///
/// Numbers convert to `real`, `int` and `string`, and to `date` as milliseconds since 1970 UTC. Arrays convert to `var`
/// and to lists such as `list<real>`. The object warns once about a property without a field, and once about a property
/// whose type cannot take the field's value or rounds it. A property that should not follow a field is declared
/// `readonly` or has a name that begins with `_`.
class SHAREDSEGMENTQML_EXPORT SharedObject : public QObject, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_ELEMENT

    /// The segment to show. The object does not own it. Default: null. Notifies when another segment is set and when
    /// the segment is destroyed.
    Q_PROPERTY(SharedSegment *segment READ segment WRITE setSegment NOTIFY segmentChanged FINAL)
    /// Index of the element to show. Default: 0. Notifies when another value is set.
    Q_PROPERTY(double index READ indexReal WRITE setIndexReal NOTIFY indexChanged FINAL)
    /// Maximum rate of refreshes, in Hz. 0 means the refresh rate of the screen; a negative or infinite number counts
    /// as 0. Default: 0. Notifies when another value is set.
    Q_PROPERTY(double maximumRate READ maximumRate WRITE setMaximumRate NOTIFY maximumRateChanged FINAL)
    /// Whether the object keeps the revision that it shows. Default: false. Notifies when another value is set.
    Q_PROPERTY(bool paused READ isPaused WRITE setPaused NOTIFY pausedChanged FINAL)
    /// Whether the element exists and the properties have its values. Default: false. Notifies when it changes.
    Q_PROPERTY(bool valid READ isValid NOTIFY validChanged FINAL)
    /// Number of the revision shown. 0 is the zero-filled start, or no element. Default: 0. Notifies when the object
    /// shows another revision.
    Q_PROPERTY(quint64 revision READ revision NOTIFY revisionChanged FINAL)
    /// Time when the shown revision was published; invalid for revision 0. Default: invalid. Notifies together with
    /// `revision`.
    Q_PROPERTY(QDateTime updatedAt READ updatedAt NOTIFY revisionChanged FINAL)
    /// All fields, also those without a declared property, by name: `memory.fields.used` is a SharedField, whose `value`,
    /// `text`, `unit` and limits notify when they change. Each field has its plain name here; a name in the
    /// form of a property serves, too. Before the segment is open, a field's value is undefined, and its text is a dash.
    /// `Object.keys(memory.fields)` gives the names of all fields.
    Q_PROPERTY(QJSValue fields READ fields CONSTANT FINAL)

public:
    /// Makes an object without a segment; properties keep the values of their declarations.
    explicit SharedObject(QObject *parent = nullptr);
    ~SharedObject() override;

    /// Returns the segment shown, or null.
    SharedSegment *segment() const;
    /// Shows an element of another segment, or none if `segment` is null.
    void setSegment(SharedSegment *segment);
    /// Returns the index of the element to show.
    qint64 index() const;
    /// Shows another element. If it does not exist, isValid() is false.
    void setIndex(qint64 index);
    /// Returns the maximum rate of refreshes in Hz; 0 means the refresh rate of the screen.
    double maximumRate() const;
    /// Limits the rate of refreshes, in Hz. A negative or infinite number counts as 0.
    void setMaximumRate(double maximumRate);
    /// Returns whether the object keeps the revision that it shows.
    bool isPaused() const;
    /// Returns isPaused().
    bool paused() const { return isPaused(); }
    /// Keeps the shown revision, or moves on to the newest one.
    void setPaused(bool paused);
    /// Returns whether the element exists and the properties have its values.
    bool isValid() const;
    /// Returns isValid().
    bool valid() const { return isValid(); }
    /// Returns the number of the revision shown; 0 without an element.
    quint64 revision() const;
    /// Returns when the shown revision was published; invalid for revision 0.
    QDateTime updatedAt() const;
    /// Returns an object of the script whose properties are the fields; undefined for an object that no QML engine knows.
    QJSValue fields();
    /// Returns the field of a name, for as long as this object lives; the same object for the same name, whether the
    /// segment has such a field now or not. This object owns it.
    SharedField *field(const QString &name);

    /// Does nothing; the QML engine calls it before it sets properties.
    void classBegin() override;
    /// Connects the declared properties and shows the element; the QML engine calls it after it set the properties.
    void componentComplete() override;

Q_SIGNALS:
    /// Emitted when another segment is set, and when the segment is destroyed.
    void segmentChanged();
    /// Emitted when `index` changes.
    void indexChanged();
    /// Emitted when `maximumRate` changes.
    void maximumRateChanged();
    /// Emitted when `paused` changes.
    void pausedChanged();
    /// Emitted when `valid` changes.
    void validChanged();
    /// Emitted when the object shows another revision; `revision` and `updatedAt` change together.
    void revisionChanged();

private:
    double indexReal() const { return static_cast<double>(index()); }
    void setIndexReal(double index);

    Q_SLOT void handleAssignment();

    friend class SharedObjectPrivate;
    Q_DISABLE_COPY_MOVE(SharedObject)
    std::unique_ptr<SharedObjectPrivate> d;
};
