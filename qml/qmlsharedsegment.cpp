// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "qmlsharedsegment.h"

#include "jsdocument.h"
#include "jsvalues.h"
#include "qmluserinterface.h"

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
}

void SharedSegment::classBegin()
{
    beginInitialization();
}

void SharedSegment::componentComplete()
{
    endInitialization();
}

} // namespace sharedsegmentqml
