// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

/// Supplies the core library with what Qt Gui and the QML engine know: the screen's refresh rate, and warnings with the
/// place in a QML file.
struct QmlUserInterface
{
    QmlUserInterface();
    ~QmlUserInterface();
};

/// There while this library is loaded. In a header, so that each program has it that links one of the classes statically.
inline const QmlUserInterface qmlUserInterface;
