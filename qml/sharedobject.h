// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "qmlinteger.h"
#include "sharedsegmentqml_export.h"

#include <SharedSegment/SharedSegment>

#include <QtCore/QDateTime>
#include <QtCore/QVariant>
#include <QtQml/QQmlParserStatus>
#include <QtQml/qqmlregistration.h>

#include <memory>

class SharedObjectPrivate;

/// One element whose fields are the properties that are declared for them:
///
///     SharedObject {
///         id: memory
///         segment: system
///         property real used
///         property real total
///     }
///
/// and then `memory.used`. A property follows the field of its name (in which `_` stands for a dot, and a name that
/// the type has already gets a trailing `_`; an element that is not a struct is `value`) and notifies only when that
/// field has another value, at most once a frame. It keeps its last value when the segment is closed; where the segment
/// is open and has no such element, `valid` is false and the properties have the values again that they are declared
/// with. Assigning to one publishes a revision; where that cannot be, it has the field's value again, and the segment's
/// error says why. That is so while `valid` is false, too: nothing is written then, and nothing later.
///
/// Numbers go to `real`, `int` and `string`, to `date` as milliseconds since 1970 UTC; arrays to `var` and to lists
/// as `list<real>`. A warning tells once of a property that is no field, or whose type cannot take the field's value or only
/// rounds it.
/// One of the object's own is `readonly`, or begins with `_`.
class SHAREDSEGMENTQML_EXPORT SharedObject : public QObject, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_ELEMENT

    /// What is shown; not owned. Default: null.
    Q_PROPERTY(SharedSegment *segment READ segment WRITE setSegment NOTIFY segmentChanged FINAL)
    /// Which element. Default: 0.
    Q_PROPERTY(double index READ indexReal WRITE setIndexReal NOTIFY indexChanged FINAL)
    /// How often new values are shown at most, in Hz. 0 (default): with each frame of the screen.
    Q_PROPERTY(double maximumRate READ maximumRate WRITE setMaximumRate NOTIFY maximumRateChanged FINAL)
    /// Whether the shown revision stays. Default: false.
    Q_PROPERTY(bool paused READ isPaused WRITE setPaused NOTIFY pausedChanged FINAL)
    /// Whether there is such an element, and the properties have its values. Default: false.
    Q_PROPERTY(bool valid READ isValid NOTIFY validChanged FINAL)
    /// The revision shown; 0: the zero-filled start, or nothing open.
    Q_PROPERTY(double revision READ revisionReal NOTIFY revisionChanged FINAL)
    /// When the revision shown was published; invalid for none.
    Q_PROPERTY(QDateTime updatedAt READ updatedAt NOTIFY revisionChanged FINAL)
    /// All fields, also those that nobody declared a property for: `memory.fields.used`, under their plain names, too; undefined
    /// while nothing is open.
    Q_PROPERTY(QVariant fields READ fields CONSTANT FINAL)

public:
    /// Without a segment: properties keep the values that they are declared with.
    explicit SharedObject(QObject *parent = nullptr);
    ~SharedObject() override;

    /// @{
    /// Reads or sets the property of that name, whose text says what it is.
    SharedSegment *segment() const;
    void setSegment(SharedSegment *segment);
    qint64 index() const;
    void setIndex(qint64 index);
    double maximumRate() const;
    void setMaximumRate(double maximumRate);
    bool isPaused() const;
    bool paused() const { return isPaused(); }
    void setPaused(bool paused);
    bool isValid() const;
    bool valid() const { return isValid(); }
    quint64 revision() const;
    QDateTime updatedAt() const;
    QVariant fields() const;
    /// @}

    /// @{
    /// As QQmlParserStatus calls it.
    void classBegin() override;
    void componentComplete() override;
    /// @}

Q_SIGNALS:
    /// @{
    /// The property of that name has another value.
    void segmentChanged();
    void indexChanged();
    void maximumRateChanged();
    void pausedChanged();
    void validChanged();
    void revisionChanged();
    /// @}

private:
    double revisionReal() const { return static_cast<double>(revision()); }
    double indexReal() const { return QmlInteger::toReal(index()); }
    void setIndexReal(double index) { setIndex(QmlInteger::fromReal(index)); }

    Q_SLOT void hearAssignment();

    friend class SharedObjectPrivate;
    Q_DISABLE_COPY_MOVE(SharedObject)
    std::unique_ptr<SharedObjectPrivate> d;
};
