// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentqml_export.h"

#include <SharedSegment/SharedArrayModel>

#include <QtQml/QQmlParserStatus>
#include <QtQml/qqml.h>

namespace sharedsegmentqml {

/// The QML type `SharedArrayModel`: the C++ class, and it follows the view that declares it inline. It has no Q_OBJECT, so
/// that for QML it is the C++ class itself, and objects made in C++ fit properties of the type.
class SHAREDSEGMENTQML_EXPORT SharedArrayModel : public ::SharedArrayModel, public QQmlParserStatus
{
public:
    explicit SharedArrayModel(QObject *parent = nullptr);

    /// Does nothing; the QML engine calls it before it sets properties.
    void classBegin() override;
    /// Starts to follow the visibility of the parent view; the QML engine calls it after it set the properties.
    void componentComplete() override;
};

/// Registers the type. QML tools find the properties in the C++ class of the same name, in the global namespace.
struct SharedArrayModelType
{
    Q_GADGET
    QML_FOREIGN(SharedArrayModel)
    QML_NAMED_ELEMENT(SharedArrayModel)
};

} // namespace sharedsegmentqml
