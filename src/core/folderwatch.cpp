// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "folderwatch_p.h"

#include <QtCore/QPointer>
#include <QtCore/QStringList>
#include <QtCore/QThreadStorage>
#include <QtCore/QTimerEvent>

#include <map>
#include <utility>

using namespace sharedsegment;

namespace {

constexpr int FolderPollMilliseconds = 1000;
// Attempts to watch the folder while its path keeps changing.
constexpr int WatchTries = 8;

} // namespace

std::shared_ptr<FolderWatch> FolderWatch::forThisThread(const engine::Registry &registry)
{
    static QThreadStorage<std::map<std::string, std::weak_ptr<FolderWatch>>> watches;
    std::map<std::string, std::weak_ptr<FolderWatch>> &known = watches.localData();
    std::erase_if(known, [](const auto &entry) { return entry.second.expired(); });
    std::shared_ptr<FolderWatch> watch = known[registry.path()].lock();
    if (!watch) {
        watch = std::shared_ptr<FolderWatch>(new FolderWatch(registry.path()), [](FolderWatch *old) {
            // Its own signal may be on the call stack.
            if (old->m_handling > 0)
                old->deleteLater();
            else
                delete old;
        });
        known[registry.path()] = watch;
    }
    watch->m_isOther |= watch->check();
    return watch;
}

Error FolderWatch::whyMissing(const engine::Registry &registry)
{
    const std::string &path = registry.path();
    if (!os::isMissingAbove(path))
        return {};
    return {ErrorCode::NotFound,
            "the registry folder \"" + path
                + "\" cannot be made, the folder in which it would lie is missing; make that, or set "
                  "SHAREDSEGMENT_DIR"};
}

FolderWatch::FolderWatch(std::string path)
    : m_path(std::move(path))
{
    Result<os::PathWatch> watch = os::PathWatch::start();
    if (!watch)
        return;
    m_watch = *std::move(watch);
    m_notifier = std::make_unique<HandleNotifier>(m_watch.native());
    connect(m_notifier.get(), &HandleNotifier::activated, this, [this] { handle(&FolderWatch::takeChanges); });
}

FolderWatch::~FolderWatch() = default;

void FolderWatch::handle(std::optional<Change> (FolderWatch::*what)())
{
    const QPointer<FolderWatch> guard(this);
    ++m_handling;
    if (const std::optional<Change> change = (this->*what)())
        Q_EMIT changed(*change);
    if (guard)
        --m_handling;
}

std::optional<FolderWatch::Change> FolderWatch::takeChanges()
{
    os::PathWatch::Changes changes = m_watch.take();
    bool isOther = changes.ofPath && check();
    isOther |= std::exchange(m_isOther, false);
    if (!changes.inFolder && !isOther)
        return std::nullopt;
    return Change{isOther || changes.isIncomplete, std::move(changes.files)};
}

std::optional<FolderWatch::Change> FolderWatch::checkAll()
{
    m_isCheckPending = false;
    check();
    return Change();
}

std::optional<FolderWatch::Change> FolderWatch::poll()
{
    m_polling.stop();
    check();
    // Without a watch, each poll counts as a change.
    return Change();
}

void FolderWatch::timerEvent(QTimerEvent *)
{
    handle(&FolderWatch::poll);
}

bool FolderWatch::check()
{
    bool isOther = false;
    for (int tries = 0; tries < WatchTries; ++tries) {
        std::vector<os::Place> places = os::placesOf(m_path);
        if (m_isWatched && places == m_places)
            break;
        isOther |= places != m_places;
        m_isWatched = watch(places);
        m_places = std::move(places);
        if (!m_isWatched)
            break;
    }
    if (m_isWatched)
        m_polling.stop();
    else if (!m_polling.isActive())
        m_polling.start(FolderPollMilliseconds, this);
    return isOther;
}

bool FolderWatch::watch(const std::vector<os::Place> &places)
{
    // When the system refuses this watch, it refuses Qt's watch as well, and Qt would print a warning each time.
    return m_watch.isActive() ? m_watch.watch(m_path, places) && !places.empty() : watchByQt(places);
}

bool FolderWatch::watchByQt(const std::vector<os::Place> &places)
{
    if (!m_watcher) {
        m_watcher = std::make_unique<QFileSystemWatcher>();
        // Queued: a polling QFileSystemWatcher is iterating over its folders, and a receiver may delete this object.
        connect(m_watcher.get(), &QFileSystemWatcher::directoryChanged, this, [this] {
            if (std::exchange(m_isCheckPending, true))
                return;
            QMetaObject::invokeMethod(
                this, [this] { handle(&FolderWatch::checkAll); }, Qt::QueuedConnection);
        });
    }
    // Removes folders that have moved, too: the system may follow the folder instead of its path.
    if (const QStringList old = m_watcher->directories(); !old.isEmpty())
        m_watcher->removePaths(old);
    QStringList paths;
    for (const os::Place &place : places)
        paths.append(QString::fromStdString(place.path));
    return !paths.isEmpty() && m_watcher->addPaths(paths).isEmpty();
}
