// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentqml_export.h"

#include <SharedSegment/SharedStreamModel>

#include <QtQml/QQmlParserStatus>
#include <QtQml/qqml.h>

namespace sharedsegmentqml {

/// The QML type `SharedStreamModel`: the C++ class, and it follows the view that declares it inline. Without Q_OBJECT, like
/// SharedArrayModel.
class SHAREDSEGMENTQML_EXPORT SharedStreamModel : public ::SharedStreamModel, public QQmlParserStatus
{
public:
    explicit SharedStreamModel(QObject *parent = nullptr);

    /// Does nothing; the QML engine calls it before it sets properties.
    void classBegin() override;
    /// Starts to follow the visibility of the parent view; the QML engine calls it after it set the properties.
    void componentComplete() override;
};

/// Registers the type. QML tools find the properties in the C++ class of the same name, in the global namespace.
struct SharedStreamModelType
{
    Q_GADGET
    QML_FOREIGN(SharedStreamModel)
    QML_NAMED_ELEMENT(SharedStreamModel)
};

} // namespace sharedsegmentqml
