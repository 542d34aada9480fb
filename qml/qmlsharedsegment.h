// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "qmlinteger.h"
#include "sharedsegmentqml_export.h"

#include <SharedSegment/SharedSegment>

#include <QtQml/QJSValue>
#include <QtQml/QQmlParserStatus>
#include <QtQml/qqml.h>

/// Lets the tools know what the type `SharedSegment` inherits.
struct SharedSegmentForeign
{
    Q_GADGET
    QML_FOREIGN(SharedSegment)
    QML_ANONYMOUS
};

/// The QML type `SharedSegment`: the C++ class, with properties in any order, and writing from JavaScript. Where nothing
/// is connected to errorOccurred(), each new failure is a warning.
class SHAREDSEGMENTQML_EXPORT QmlSharedSegment : public SharedSegment, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_NAMED_ELEMENT(SharedSegment)

    /// As the base class has it, of a type that a literal can be assigned to.
    Q_PROPERTY(double length READ lengthReal WRITE setLengthReal NOTIFY lengthChanged)
    /// The same.
    Q_PROPERTY(double foreignOffset READ foreignOffsetReal WRITE setForeignOffsetReal NOTIFY foreignOffsetChanged)
    /// The same: without such types, qmllint does not know what a binding to them is.
    Q_PROPERTY(double size READ sizeReal NOTIFY sizeChanged)
    /// The newest revision as a number of JavaScript, exact to 2^53.
    Q_PROPERTY(double revision READ revisionReal NOTIFY revisionChanged)
    /// The owner's pid as a number of JavaScript.
    Q_PROPERTY(double ownerPid READ ownerPidReal NOTIFY ownerPidChanged)

public:
    /// Closed, and without a name.
    explicit QmlSharedSegment(QObject *parent = nullptr);

    /// Publishes a revision in which one element has another value. A struct takes an object; fields that it does not
    /// name keep their values. @returns false, with nothing published and `error` and `errorString` set, if that cannot
    /// be.
    Q_INVOKABLE bool write(const QJSValue &index, const QJSValue &value);

    /// Publishes a whole revision: an array with a value for each element, a typed array, or an ArrayBuffer with its
    /// bytes.
    /// @returns false, with nothing published and `error` and `errorString` set, if that cannot be.
    Q_INVOKABLE bool write(const QJSValue &values);

    /// @{
    /// As QQmlParserStatus calls it.
    void classBegin() override;
    void componentComplete() override;
    /// @}

private:
    double sizeReal() const { return QmlInteger::toReal(size()); }
    double revisionReal() const { return static_cast<double>(revision()); }
    double ownerPidReal() const { return QmlInteger::toReal(ownerPid()); }
    double lengthReal() const { return QmlInteger::toReal(length()); }
    void setLengthReal(double length) { setLength(QmlInteger::fromReal(length)); }
    double foreignOffsetReal() const { return QmlInteger::toReal(foreignOffset()); }
    void setForeignOffsetReal(double offset) { setForeignOffset(QmlInteger::fromReal(offset)); }
    bool fail(Error error, const QString &text);
    void warn();

    QString m_warned;
    bool m_isComplete = true;
};
