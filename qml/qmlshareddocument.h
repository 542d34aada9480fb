// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentqml_export.h"

#include <SharedSegment/SharedDocument>

#include <QtQml/QQmlParserStatus>
#include <QtQml/qqml.h>

namespace sharedsegmentqml {

/// The QML type `SharedDocument`: the C++ class, with properties in any order. Without Q_OBJECT, like SharedArrayModel.
class SHAREDSEGMENTQML_EXPORT SharedDocument : public ::SharedDocument, public QQmlParserStatus
{
public:
    explicit SharedDocument(QObject *parent = nullptr);

    /// Delays what is assigned to `value` until all properties are set; the QML engine calls it before it sets properties.
    void classBegin() override;
    /// Publishes what was assigned to `value`; the QML engine calls it after it set the properties.
    void componentComplete() override;
};

/// Registers the type. QML tools find the properties in the C++ class of the same name, in the global namespace.
struct SharedDocumentType
{
    Q_GADGET
    QML_FOREIGN(SharedDocument)
    QML_NAMED_ELEMENT(SharedDocument)
};

} // namespace sharedsegmentqml
