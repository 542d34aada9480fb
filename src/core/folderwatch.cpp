// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "folderwatch_p.h"

#include "../os/folder.h"

#include <QtCore/QThreadStorage>

#include <map>
#include <string>

using namespace sharedsegment;

Result<std::shared_ptr<FolderWatch>> FolderWatch::forThisThread()
{
    const Result<os::Folder> folder = os::Folder::create();
    if (!folder)
        return folder.error();
    static QThreadStorage<std::map<std::string, std::weak_ptr<FolderWatch>>> watches;
    std::weak_ptr<FolderWatch> &known = watches.localData()[folder->path()];
    std::shared_ptr<FolderWatch> watch = known.lock();
    if (!watch) {
        watch.reset(new FolderWatch(QString::fromStdString(folder->path())));
        if (watch->m_watcher.directories().isEmpty())
            return Error{ErrorCode::SystemError, "the folder \"" + folder->path()
                                                     + "\" cannot be watched; raise the system's limit of watches"};
        known = watch;
    }
    return watch;
}

FolderWatch::FolderWatch(const QString &path)
    : m_path(path)
    , m_watcher({path})
{
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, &FolderWatch::hear);
}

void FolderWatch::hear()
{
    // A folder that was removed is no longer watched; the next owner would make it anew.
    if (m_watcher.directories().isEmpty() && os::Folder::create())
        m_watcher.addPath(m_path);
    Q_EMIT changed();
}
