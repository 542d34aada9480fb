// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "qmlinteger.h"
#include "sharedsegmentqml_export.h"

#include <SharedSegment/SharedSegment>

#include <QtQml/QJSValue>
#include <QtQml/QQmlParserStatus>
#include <QtQml/qqml.h>

/// Registers the C++ base class, so that QML tools know its properties.
struct SharedSegmentExternal
{
    Q_GADGET
    QML_FOREIGN(SharedSegment)
    QML_ANONYMOUS
};

/// The QML type `SharedSegment`: the C++ class, plus properties in any order and writing from JavaScript. If nothing is
/// connected to errorOccurred(), the type prints each new failure as a warning.
class SHAREDSEGMENTQML_EXPORT QmlSharedSegment : public SharedSegment, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_NAMED_ELEMENT(SharedSegment)

    /// Number of elements, as SharedSegment::length, but as a `double`, to which QML can assign a literal. Default: 0.
    /// Notifies when it changes.
    Q_PROPERTY(double length READ lengthReal WRITE setLengthReal NOTIFY lengthChanged)
    /// Offset of the first element in external memory in bytes, as SharedSegment::externalOffset, but as a `double`.
    /// Default: 0. Notifies when it changes.
    Q_PROPERTY(double externalOffset READ externalOffsetReal WRITE setExternalOffsetReal NOTIFY externalOffsetChanged)
    /// Bytes of one revision, as SharedSegment::size, but as a `double`, which qmllint knows. 0 while nothing is open.
    /// Notifies when it changes.
    Q_PROPERTY(double size READ sizeReal NOTIFY sizeChanged)
    /// Number of the newest revision as a JavaScript number, exact up to 2^53. 0 is the zero-filled start, or no open
    /// segment. Notifies with each update.
    Q_PROPERTY(double revision READ revisionReal NOTIFY revisionChanged)
    /// Process id of the owner as a JavaScript number. 0 while nothing is open. Notifies when it changes.
    Q_PROPERTY(double ownerPid READ ownerPidReal NOTIFY ownerPidChanged)

public:
    /// Makes a closed segment without a name.
    explicit QmlSharedSegment(QObject *parent = nullptr);

    /// Publishes a revision in which the element `index` has another value. A struct takes an object; fields that the
    /// object does not name keep their values. Waits at most 50 ms for other writers. @returns false on failure; then
    /// nothing is published, and `error` and `errorString` give the reason.
    Q_INVOKABLE bool write(const QJSValue &index, const QJSValue &value);

    /// Publishes a whole revision from an array with one value per element, a typed array, or an ArrayBuffer with the
    /// bytes. Waits at most 50 ms for other writers. @returns false on failure; then nothing is published, and `error`
    /// and `errorString` give the reason.
    Q_INVOKABLE bool write(const QJSValue &values);

    /// Delays opening until all properties are set; the QML engine calls it before it sets properties.
    void classBegin() override;
    /// Opens or creates the segment if `active` is true; the QML engine calls it after it set the properties.
    void componentComplete() override;

private:
    double sizeReal() const { return QmlInteger::toReal(size()); }
    double revisionReal() const { return static_cast<double>(revision()); }
    double ownerPidReal() const { return QmlInteger::toReal(ownerPid()); }
    double lengthReal() const { return QmlInteger::toReal(length()); }
    void setLengthReal(double length) { setLength(QmlInteger::fromReal(length)); }
    double externalOffsetReal() const { return QmlInteger::toReal(externalOffset()); }
    void setExternalOffsetReal(double offset) { setExternalOffset(QmlInteger::fromReal(offset)); }
    bool fail(Error error, const QString &text);
    void warn();

    QString m_warned;
    bool m_isComplete = true;
};
