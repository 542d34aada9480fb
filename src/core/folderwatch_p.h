// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "handlenotifier_p.h"

#include "../engine/registry.h"
#include "../os/error.h"
#include "../os/pathwatch.h"

#include <QtCore/QBasicTimer>
#include <QtCore/QFileSystemWatcher>
#include <QtCore/QObject>

#include <memory>
#include <optional>
#include <string>
#include <vector>

/// Emits a signal when a registry folder changes, or when its path denotes another folder. All waiting segments of a
/// thread that have the same registry share one object.
///
/// It uses the system's watch on the path if possible, which makes no wake-ups. If the system has none, or its limit
/// for the user is reached, it uses Qt's watch on the folders, which polls if necessary. If that fails too, it polls
/// once a second.
class FolderWatch : public QObject
{
    Q_OBJECT

public:
    ~FolderWatch() override;

    /// Returns this thread's watch of the registry, whose folder does not have to exist.
    static std::shared_ptr<FolderWatch> forThisThread(const sharedsegment::engine::Registry &registry);

    /// @returns NotFound if the registry folder cannot even be made, because its parent folder is missing.
    static sharedsegment::Error whyMissing(const sharedsegment::engine::Registry &registry);

    /// What has changed in the folder.
    struct Change
    {
        bool isAnything = true;         ///< any entry may have changed
        std::vector<std::string> files; ///< otherwise these, perhaps several times
    };

Q_SIGNALS:
    void changed(const FolderWatch::Change &change);

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    explicit FolderWatch(std::string path);
    /// Runs each handler of the event loop, so that a receiver does not delete the object during the call.
    void handle(std::optional<Change> (FolderWatch::*what)());
    std::optional<Change> takeChanges();
    std::optional<Change> checkAll();
    std::optional<Change> poll();
    /// Watches the folder that the path denotes now. @returns whether it is another one than before.
    bool check();
    bool watch(const std::vector<sharedsegment::os::Place> &places);
    bool watchByQt(const std::vector<sharedsegment::os::Place> &places);

    const std::string m_path;
    std::vector<sharedsegment::os::Place> m_places;
    sharedsegment::os::PathWatch m_watch;
    std::unique_ptr<HandleNotifier> m_notifier;
    std::unique_ptr<QFileSystemWatcher> m_watcher; ///< used if m_watch is not available
    bool m_isWatched = false;
    bool m_isOther = false; ///< the path denotes another folder, which has not been told yet
    bool m_isCheckPending = false;
    QBasicTimer m_polling;
    int m_handling = 0;
};
