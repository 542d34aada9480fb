// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "qmlshareddocument.h"

namespace sharedsegmentqml {

SharedDocument::SharedDocument(QObject *parent)
    : ::SharedDocument(parent)
{
}

void SharedDocument::classBegin()
{
    beginInitialization();
}

void SharedDocument::componentComplete()
{
    endInitialization();
}

} // namespace sharedsegmentqml
