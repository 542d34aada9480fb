// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "registryof_p.h"

#include <QtCore/QDir>
#include <QtCore/QFile>

using sharedsegment::engine::Registry;

Registry registryOf(const QString &folder)
{
    if (folder.isEmpty())
        return Registry::ofEnvironment();
    const QString path = QDir::current().absoluteFilePath(QDir::fromNativeSeparators(folder));
    return Registry::at(QFile::encodeName(path).toStdString());
}
