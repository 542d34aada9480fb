// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../os/error.h"

#include <QtCore/QFileSystemWatcher>
#include <QtCore/QObject>
#include <QtCore/QString>

#include <memory>

/// Tells when something changed in the registry folder. One for all the segments of a thread that wait.
class FolderWatch : public QObject
{
    Q_OBJECT

public:
    /// The watch on the present registry folder, which it makes if need be.
    static sharedsegment::Result<std::shared_ptr<FolderWatch>> forThisThread();

Q_SIGNALS:
    void changed();

private:
    explicit FolderWatch(const QString &path);
    void hear();

    QString m_path;
    QFileSystemWatcher m_watcher;
};
