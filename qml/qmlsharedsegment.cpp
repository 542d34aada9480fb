// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "qmlsharedsegment.h"

#include "jsdocument.h"
#include "jsvalues.h"

#include <QtQml/QQmlInfo>

namespace {

// The core takes values of scripts as soon as this library is loaded.
void installScriptValues()
{
    ScriptValues::install(&JsValues::unwrap, &JsDocument::wrap);
}
Q_CONSTRUCTOR_FUNCTION(installScriptValues)

void removeScriptValues()
{
    ScriptValues::install(nullptr, nullptr);
}
Q_DESTRUCTOR_FUNCTION(removeScriptValues)

} // namespace

namespace sharedsegmentqml {

SharedSegment::SharedSegment(QObject *parent)
    : ::SharedSegment(parent)
{
    setThrottled(true);
    connect(this, &::SharedSegment::errorOccurred, this, [this] { warn(); });
    connect(this, &::SharedSegment::errorStringChanged, this, [this] {
        if (errorString().isEmpty())
            m_warned.clear();
    });
}

void SharedSegment::warn()
{
    // One receiver is this object itself.
    const bool isHandled = receivers(SIGNAL(errorOccurred(SharedSegment::Error))) > 1;
    // While the QML engine builds the object, handlers may not be connected and properties may not be set yet.
    if (!m_isComplete || isHandled || error() == Error::NoError || errorString() == m_warned)
        return;
    m_warned = errorString();
    qmlWarning(this).noquote() << errorString();
}

void SharedSegment::classBegin()
{
    m_isComplete = false;
    beginInitialization();
}

void SharedSegment::componentComplete()
{
    m_isComplete = true;
    endInitialization();
    warn();
}

} // namespace sharedsegmentqml
