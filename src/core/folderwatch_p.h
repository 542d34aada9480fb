// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "handlenotifier_p.h"

#include "../os/error.h"
#include "../os/pathwatch.h"

#include <QtCore/QBasicTimer>
#include <QtCore/QFileSystemWatcher>
#include <QtCore/QObject>

#include <memory>
#include <string>
#include <vector>

/// Emits a signal when the registry folder changes, or when its path denotes another folder. All waiting segments of a
/// thread share one object.
///
/// It uses the system's watch on the path if possible, which makes no wake-ups. If the system has none, or its limit
/// for the user is reached, it uses Qt's watch on the folders, which polls if necessary. If that fails too, it polls
/// once a second.
class FolderWatch : public QObject
{
    Q_OBJECT

public:
    ~FolderWatch() override;

    /// Returns the watch of this thread. The registry folder does not have to exist.
    static std::shared_ptr<FolderWatch> forThisThread();

    /// @returns NotFound if the registry folder cannot even be made, because its parent folder is missing.
    static sharedsegment::Error whyMissing();

Q_SIGNALS:
    void changed();

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    FolderWatch();
    /// Runs each handler of the event loop, so that a receiver does not delete the object during the call.
    void handle(bool (FolderWatch::*what)());
    bool takeChanges();
    bool checkAll();
    bool poll();
    /// Watches the folder that the path denotes now. @returns whether it is another one than before.
    bool check();
    bool watch(const std::vector<sharedsegment::os::Place> &places);
    bool watchByQt(const std::vector<sharedsegment::os::Place> &places);

    std::string m_path;
    std::vector<sharedsegment::os::Place> m_places;
    sharedsegment::os::PathWatch m_watch;
    std::unique_ptr<HandleNotifier> m_notifier;
    std::unique_ptr<QFileSystemWatcher> m_watcher; ///< used if m_watch is not available
    bool m_isWatched = false;
    bool m_isCheckPending = false;
    QBasicTimer m_polling;
    int m_handling = 0;
};
