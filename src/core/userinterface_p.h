// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegment_export.h"

#include <QtCore/QString>

class QObject;

/// What models need of a user interface. This layer links Qt Core alone, so that a library above it supplies the functions.
namespace UserInterface {

/// The functions that a library for user interfaces supplies. Null: as in a program without a user interface.
struct Functions
{
    double (*screenRate)() = nullptr; ///< returns the refresh rate of the screen in Hz, or 0 if it is unknown
    void (*warn)(const QObject *object, const QString &text) = nullptr; ///< prints a warning about an object
    bool (*isDeclared)(const QObject *object) = nullptr; ///< returns whether a QML file has made an object
};

/// Installs the functions of a library, or removes them with null: when it is loaded and unloaded. `functions` lives until
/// then. Thread-safe.
SHAREDSEGMENT_EXPORT void install(const Functions *functions);

/// Returns the refresh rate of the screen in Hz; 60 if it is unknown, and without installed functions.
SHAREDSEGMENT_EXPORT double screenRate();

/// Returns whether a QML file has made the object, so that warn() names its place; false without installed functions.
bool isDeclared(const QObject *object);

/// Prints a warning about an object, for a mistake that no return value tells.
void warn(const QObject *object, const QString &text);

} // namespace UserInterface
