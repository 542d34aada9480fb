// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QString>
#include <QtCore/QtGlobal>

#include <cstring>

/// Names, each followed by the path that PATHS of sharedsegment_add_test() gives it, and a null pointer. They are in a
/// source of their own, made with the test: so the test itself is compiled alike in every build folder, and once.
extern const char *const testPaths[];

inline QString testPath(const char *name)
{
    const char *const *entry = testPaths;
    while (*entry && std::strcmp(*entry, name) != 0)
        entry += 2;
    if (!*entry)
        qFatal("This test was given no path of the name %s.", name);
    return QString::fromUtf8(entry[1]);
}
