// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentqml_export.h"

#include <SharedSegment/SharedAlarmModel>
#include <SharedSegment/SharedLimits>

#include <QtQml/QQmlParserStatus>
#include <QtQml/qqml.h>

namespace sharedsegmentqml {

/// The QML type `SharedLimits`: the C++ class, with properties in any order. It has no Q_OBJECT, so that objects made in C++
/// fit properties of the type.
class SHAREDSEGMENTQML_EXPORT SharedLimits : public ::SharedLimits, public QQmlParserStatus
{
public:
    explicit SharedLimits(QObject *parent = nullptr);

    /// Delays watching until all properties are set; the QML engine calls it before it sets properties.
    void classBegin() override;
    /// Begins to watch; the QML engine calls it after it set the properties.
    void componentComplete() override;
};

/// Registers the type. QML tools find the properties in the C++ class of the same name, in the global namespace.
struct SharedLimitsType
{
    Q_GADGET
    QML_FOREIGN(SharedLimits)
    QML_NAMED_ELEMENT(SharedLimits)
};

/// Registers the C++ class as the QML type of the same name.
struct SharedAlarmModelType
{
    Q_GADGET
    QML_FOREIGN(SharedAlarmModel)
    QML_NAMED_ELEMENT(SharedAlarmModel)
};

} // namespace sharedsegmentqml
