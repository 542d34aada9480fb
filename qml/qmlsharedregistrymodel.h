// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentqml_export.h"

#include <SharedSegment/SharedRegistryModel>

#include <QtQml/QQmlParserStatus>
#include <QtQml/qqml.h>

namespace sharedsegmentqml {

/// The QML type `SharedRegistryModel`: the C++ class, which reads the registry once its properties are set and follows the
/// view that declares it inline. Without Q_OBJECT, like SharedArrayModel.
class SHAREDSEGMENTQML_EXPORT SharedRegistryModel : public ::SharedRegistryModel, public QQmlParserStatus
{
public:
    explicit SharedRegistryModel(QObject *parent = nullptr);

    /// Does nothing; the QML engine calls it before it sets properties.
    void classBegin() override;
    /// Reads the registry, and starts to follow the visibility of the parent view; the QML engine calls it after it set the
    /// properties.
    void componentComplete() override;
};

/// Registers the type. QML tools find the properties in the C++ class of the same name, in the global namespace.
struct SharedRegistryModelType
{
    Q_GADGET
    QML_FOREIGN(SharedRegistryModel)
    QML_NAMED_ELEMENT(SharedRegistryModel)
};

} // namespace sharedsegmentqml
