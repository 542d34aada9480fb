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

/// Tells when something changed in the registry folder, or when its path leads to another folder. One for all the segments of a thread
/// that wait.
///
/// The system's own watch on the path is best: it makes no wake-ups. Where there is none, or the user has used up what the system
/// gives, it is Qt's watch on the folders, which polls where it has to; where that one fails too, this polls once a second.
class FolderWatch : public QObject
{
    Q_OBJECT

public:
    ~FolderWatch() override;

    /// The watch of this thread. It follows the registry folder, and need not find one.
    static std::shared_ptr<FolderWatch> forThisThread();

    /// @returns NotFound when the folder cannot be made either, since that in which it would lie is missing.
    static sharedsegment::Error whyMissing();

Q_SIGNALS:
    void changed();

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    FolderWatch();
    /// What the event loop calls goes through here, so that nobody deletes the object under its own feet.
    void handle(bool (FolderWatch::*what)());
    bool takeChanges();
    bool checkAll();
    bool poll();
    /// Compares what the path leads to with what is watched. @returns whether that was something else.
    bool check();
    bool watch(const std::vector<sharedsegment::os::Place> &places);
    bool watchByQt(const std::vector<sharedsegment::os::Place> &places);

    std::string m_path;
    std::vector<sharedsegment::os::Place> m_places;
    sharedsegment::os::PathWatch m_watch;
    std::unique_ptr<HandleNotifier> m_notifier;
    std::unique_ptr<QFileSystemWatcher> m_watcher; ///< where there is no m_watch
    bool m_isWatched = false;
    bool m_isCheckPending = false;
    QBasicTimer m_polling;
    int m_handling = 0;
};
