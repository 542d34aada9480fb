// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "folderwatch_p.h"
#include "processnotifier_p.h"

#include "../engine/pollbackoff.h"
#include "../engine/registry.h"

#include <QtCore/QBasicTimer>
#include <QtCore/QObject>
#include <QtCore/QString>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

/// Follows the records of living owners in one registry, in the event loop of its thread.
///
/// The folder's watch tells which records come and go, and only those are read again. One watch for each owner process
/// tells that it was killed. It polls only what the system does not let it watch, at most once a second.
class RegistryNames : public QObject
{
    Q_OBJECT

public:
    using Record = sharedsegment::engine::ListedRecord;

    explicit RegistryNames(const sharedsegment::engine::Registry &registry);
    ~RegistryNames() override;

    const sharedsegment::engine::Registry &registry() const { return m_registry; }
    /// Reads all records, and follows them from then on. Emits changed().
    void start();

    /// Why the folder, or a record in it, could not be read; empty if all were. It is tried again once a second.
    const std::string &error() const { return m_error.text; }

Q_SIGNALS:
    /// Records came, or were replaced by those of other instances; names lost their owner. Names that were not there before
    /// may be among those. A receiver may delete this object with deleteLater() only.
    void changed(const std::vector<RegistryNames::Record> &present, const std::vector<std::string> &gone);
    void errorChanged();

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    struct Owner
    {
        std::unique_ptr<ProcessNotifier> watch; ///< null: it is this process, or cannot be watched
        std::string watched;                    ///< the file of the instance whose end the watch tells
        std::set<std::string> files;
        bool isPolled = false;
    };
    /// The records that have changed, or may have: names by file.
    using Changed = std::map<std::string, std::string>;

    void handleFolder(const FolderWatch::Change &change);
    void readAll();
    /// Reads all records again. @param error receives what hides some, if anything
    void examineAll(Changed &changed, sharedsegment::Error *error);
    void readFiles(std::vector<std::string> files);
    void finish(const Changed &changed, const sharedsegment::Error &error);

    void add(const Record &record, Changed &changed);
    void remove(const std::string &file, Changed &changed);
    /// Reads one record again. @param error receives what hides it, if anything
    void examine(const std::string &file, Changed &changed, sharedsegment::Error *error);
    /// Watches the owners that have become known, and drops records of those that have ended.
    void watchOwners(Changed &changed, sharedsegment::Error *error);
    /// @returns false if the owner has ended or cannot be watched.
    bool watchOwner(std::uint64_t pid, Owner &owner);
    void handleEnd(std::uint64_t pid);

    const sharedsegment::engine::Registry m_registry;
    std::shared_ptr<FolderWatch> m_folder;
    std::unordered_map<std::string, Record> m_records; ///< by file
    std::unordered_map<std::uint64_t, Owner> m_owners; ///< by process id
    std::set<std::uint64_t> m_unwatched;               ///< owners whose watch has to begin
    sharedsegment::Error m_error;
    QBasicTimer m_poll;
    sharedsegment::engine::PollBackoff m_backoff;
};
