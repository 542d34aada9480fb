// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "owner.h"

#include "peers.h"

#include <QtCore/QCoreApplication>

#include <cstdio>
#include <cstring>
#include <memory>
#include <unistd.h>
#include <vector>

using namespace Qt::StringLiterals;

namespace {

constexpr int FirstDescriptor = 100;

QString runPrefix;
qint64 ownerPid = 0;

QString nameIn(const QString &prefix, const char *peer, std::size_t size)
{
    return prefix + u'.' + QLatin1StringView(peer) + u'.' + QString::number(size);
}

// The place of each memory is agreed on beforehand.
int descriptorOf(std::size_t size)
{
    int number = FirstDescriptor;
    while (OwnedSizes.at(static_cast<std::size_t>(number - FirstDescriptor)) != size)
        ++number;
    return number;
}

template<typename Peer>
struct All
{
    std::vector<std::unique_ptr<Peer>> peers;

    bool create(const QString &ownPrefix)
    {
        for (const std::size_t size : OwnedSizes) {
            peers.push_back(std::make_unique<Peer>(nameIn(ownPrefix, Peer::Name, size), size));
            if (!peers.back()->create()) {
                std::fprintf(stderr, "The owner cannot create %s with %zu bytes.\n", Peer::Name, size);
                return false;
            }
        }
        return true;
    }
};

} // namespace

QString Owner::nameOf(const char *peer, std::size_t size)
{
    if (std::strcmp(peer, MemfdPeer::Name) == 0)
        return u"/proc/%1/fd/%2"_s.arg(ownerPid).arg(descriptorOf(size));
    return nameIn(runPrefix, peer, size);
}

int Owner::run(const QString &ownPrefix)
{
    All<SharedSegmentPeer> ours;
    All<SharedSegmentPosixPeer> oursOverPosix;
    All<QSharedMemoryPeer> qt;
    All<BoostPeer> boost;
    All<BoostManagedPeer> managed;
    All<ShmOpenPeer> shm;
    All<MemfdPeer> memfd;
    if (!ours.create(ownPrefix) || !oursOverPosix.create(ownPrefix) || !qt.create(ownPrefix) || !boost.create(ownPrefix)
        || !managed.create(ownPrefix) || !shm.create(ownPrefix) || !memfd.create(ownPrefix))
        return 1;
    for (std::size_t i = 0; i < OwnedSizes.size(); ++i) {
        // Pages that were never written to would not be copied at all.
        std::memset(shm.peers.at(i)->data(), 1, OwnedSizes.at(i));
        const std::vector<double> values(OwnedSizes.at(i) / sizeof(double), 1.0);
        if (!ours.peers.at(i)->array().publish(values)
            || ::dup2(memfd.peers.at(i)->descriptor(), descriptorOf(OwnedSizes.at(i))) == -1)
            return 1;
    }
    std::puts("ready");
    std::fflush(stdout);
    while (std::getchar() != EOF) { }
    return 0;
}

bool Owner::start()
{
    runPrefix = u"benchmark.%1"_s.arg(QCoreApplication::applicationPid());
    if (m_process.start(runPrefix) != "ready")
        return false;
    ownerPid = m_process.pid();
    return true;
}
