// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentqml_export.h"

#include <SharedSegment/SharedSegment>

#include <QtQml/QQmlParserStatus>
#include <QtQml/qqml.h>

namespace sharedsegmentqml {

/// A SharedSegment that QML makes: the same type, with properties in any order. It has no meta-object of its own, so that
/// one made in C++ fits wherever QML expects a `SharedSegment`.
///
/// It passes on at most one update per 4 ms. If nothing is connected to errorOccurred(), each new failure prints a warning.
class SHAREDSEGMENTQML_EXPORT SharedSegment : public ::SharedSegment, public QQmlParserStatus
{
public:
    /// Makes a closed segment without a name.
    explicit SharedSegment(QObject *parent = nullptr);

    /// Delays opening until all properties are set; the QML engine calls it before it sets properties.
    void classBegin() override;
    /// Opens or creates the segment if `active` is true; the QML engine calls it after it set the properties.
    void componentComplete() override;
};

/// Registers the QML type `SharedSegment`: the engine makes objects of the class above, and its tools know the properties
/// of the C++ class, since both have the same name.
struct SharedSegmentType
{
    Q_GADGET
    QML_FOREIGN(SharedSegment)
    QML_NAMED_ELEMENT(SharedSegment)
};

/// Registers the revision that signals pass on, so that QML tools know its properties.
struct SharedRevisionType
{
    Q_GADGET
    QML_FOREIGN(SharedRevision)
    QML_VALUE_TYPE(sharedRevision)
};

#if QT_VERSION < QT_VERSION_CHECK(6, 5, 0)
/// Tells the QML tools of Qt 6.4 that the type of `revision` is a number.
struct UnsignedType
{
    Q_GADGET
    QML_FOREIGN(qulonglong)
    QML_ANONYMOUS
    Q_CLASSINFO("QML.Extended", "Number")
};

/// Tells the QML tools of Qt 6.4 that the type of `size`, `age` and `ownerPid` is a number.
struct SignedType
{
    Q_GADGET
    QML_FOREIGN(qlonglong)
    QML_ANONYMOUS
    Q_CLASSINFO("QML.Extended", "Number")
};
#endif

} // namespace sharedsegmentqml
