// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What containers and services do: another pid namespace, a /proc that hides processes, a read-only root.

#include "../../support/posixchild.h"
#include "../../support/testsupport.h"

#include <SharedSegment/SharedArray>

#include <QtTest/QSignalSpy>

#include <optional>
#include <sched.h>
#include <sys/mount.h>

using namespace Qt::StringLiterals;
using namespace testsupport;
using namespace childprocess;
using Backend = SharedSegment::Backend;
using Error = SharedSegment::Error;
using State = SharedSegment::State;

class tst_Containers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void memfdAcrossPidNamespaces();
    void posixAcrossPidNamespaces();
    void posixFromWithin();
    void standbyAcrossPidNamespaces();
    void hiddenProcesses();
    void readOnlyRoot();

private:
    /// The peer as process 1 of a pid namespace of its own, with this one's registry folder; the destructor ends all of it.
    static std::unique_ptr<Peer> contained(const QStringList &arguments)
    {
        const QStringList unshare = {u"--pid"_s, u"--fork"_s, u"--kill-child"_s, u"--mount-proc"_s, testPath("PEER")};
        return std::make_unique<Peer>(unshare + arguments, u"unshare"_s);
    }
    static std::unique_ptr<Peer> containedOwner(const QString &name, Backend backend)
    {
        return contained({u"own"_s, name, u"u64"_s, u"8"_s, nameOf(backend), u"0"_s, u"one"_s});
    }

    std::optional<RegistryFolder> m_folder;
};

void tst_Containers::init()
{
    m_folder.emplace(); // The previous one is destroyed first, and removes its path from the environment.
    if (QProcess::execute(u"unshare"_s, {u"--pid"_s, u"--fork"_s, u"--mount-proc"_s, u"true"_s}) != 0)
        QSKIP("there is no unshare, or it may not make namespaces");
}

void tst_Containers::cleanup()
{
    // A contained owner ends a moment after its unshare, and is swept then.
    QTRY_COMPARE(SharedSegment::names(), QStringList());
}

void tst_Containers::memfdAcrossPidNamespaces()
{
    if (!SharedSegment::backends().contains(Backend::Memfd))
        QSKIP("there is no memfd");
    const QString name = uniqueName();
    const auto peer = containedOwner(name, Backend::Memfd);
    QCOMPARE(peer->line(), u"ready"_s);
    // The segment is visible; the error says that its memory is out of reach, and names the remedy.
    QVERIFY(SharedSegment::exists(name));
    SharedSegment segment(name);
    QVERIFY(!segment.open());
    // The text depends on which process has that number here, if any.
    QVERIFY(segment.error() == Error::Unsupported || segment.error() == Error::PermissionDenied);
    QVERIFY2(segment.errorString().contains(u"posix"_s), qPrintable(segment.errorString()));
    QVERIFY(SharedSegment::exists(name));
}

void tst_Containers::posixAcrossPidNamespaces()
{
    const QString name = uniqueName();
    auto peer = containedOwner(name, Backend::Posix);
    QCOMPARE(peer->line(), u"ready"_s);
    SharedArray<quint64> array(name);
    array.segment()->setActive(true);
    QVERIFY2(array.isOpen(), qPrintable(array.errorString()));
    // Process 1 is another process here, and does not end.
    QCOMPARE(array.segment()->ownerPid(), 1);
    QSignalSpy updated(array.segment(), &SharedSegment::updated);
    QSignalSpy orphaned(array.segment(), &SharedSegment::orphaned);
    QSignalSpy opened(array.segment(), &SharedSegment::opened);
    QTRY_COMPARE_WITH_TIMEOUT(array.segment()->listenerCount(), 1, Deadline);
    QCOMPARE(peer->ask("publish 5"), u"published 1"_s);
    QTRY_COMPARE_WITH_TIMEOUT(updated.size(), 1, Deadline);

    peer->kill();
    QTRY_VERIFY_WITH_TIMEOUT(!SharedSegment::exists(name), Deadline);
    QTRY_COMPARE_WITH_TIMEOUT(orphaned.size(), 1, Deadline);
    peer = containedOwner(name, Backend::Posix);
    QCOMPARE(peer->line(), u"ready"_s);
    QTRY_COMPARE_WITH_TIMEOUT(opened.size(), 1, Deadline);

    // In order: notified at once.
    QSignalSpy closed(array.segment(), &SharedSegment::stateChanged);
    QCOMPARE(peer->ask("close"), u"closed"_s);
    QTRY_COMPARE_WITH_TIMEOUT(array.segment()->state(), State::Orphaned, Deadline);
}

void tst_Containers::posixFromWithin()
{
    const QString name = uniqueName();
    const auto outside = owner(name, Backend::Posix);
    outside->ask("publish 5");
    const auto within = contained({u"attach"_s, name, u"read"_s});
    QCOMPARE(within->line(), u"ready"_s);
    QCOMPARE(within->ask("read"), u"whole 1"_s);
    outside->ask("publish 6");
    QCOMPARE(within->ask("read"), u"whole 2"_s);
}

void tst_Containers::standbyAcrossPidNamespaces()
{
    for (const Backend backend : SharedSegment::backends()) {
        const QString name = uniqueName();
        const auto peer = containedOwner(name, backend);
        QCOMPARE(peer->line(), u"ready"_s);
        SharedSegment standby(name);
        standby.setLayout(SharedLayout::of<quint64>());
        standby.setCapacity(8);
        standby.setOwner(true);
        standby.setActive(true);
        QCOMPARE(standby.state(), State::Waiting);
        peer->kill();
        QTRY_VERIFY_WITH_TIMEOUT(standby.isOwner(), Deadline);
    }
}

void tst_Containers::hiddenProcesses()
{
    if (geteuid() != 0)
        QSKIP("only root can hide processes");
    // A process's own entry is never hidden, so the default backend goes on working.
    const QString name = uniqueName();
    QCOMPARE(chown(QFile::encodeName(m_folder->path()), Nobody, Nobody), 0);
    auto owner = std::make_unique<Peer>(QStringList{u"--reuid"_s, u"nobody"_s, u"--regid"_s, u"nogroup"_s,
                                                    u"--clear-groups"_s, testPath("PEER"), u"own"_s, name, u"u64"_s,
                                                    u"8"_s, nameOf(preferredBackend()), u"0"_s, u"one"_s},
                                        u"setpriv"_s);
    QCOMPARE(owner->line(), u"ready"_s);
    const int result = inChild([&] {
        if (unshare(CLONE_NEWNS) != 0 || mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0
            || mount("proc", "/proc", "proc", 0, "hidepid=2") != 0 || becomeNobody() != 0)
            return NotAllowed;
        if (::access("/proc/1/stat", F_OK) == 0)
            return 1; // Not hidden at all.
        SharedSegment segment(name);
        for (int i = 0; i < 100 && !segment.open(); ++i)
            QTest::qSleep(50);
        return segment.isOpen() && segment.backend() == preferredBackend() ? 0 : 2;
    });
    if (result == NotAllowed)
        QSKIP("a mount of /proc is not allowed here");
    QCOMPARE(result, 0);
    // The folder now belongs to another user, whose processes have to sweep it.
    owner.reset();
    const int left = inChild([] { return becomeNobody() == 0 && SharedSegment::names().isEmpty() ? 0 : 1; });
    QCOMPARE(left, 0);
}

void tst_Containers::readOnlyRoot()
{
    if (geteuid() != 0)
        QSKIP("only root can make the root read-only");
    const int result = inChild([&] {
        if (unshare(CLONE_NEWNS) != 0 || mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0
            || mount(nullptr, "/", nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) != 0
            || mount("tmpfs", "/dev/shm", "tmpfs", 0, "mode=1777") != 0)
            return NotAllowed;
        // The error names a folder that cannot be made.
        qputenv("SHAREDSEGMENT_DIR", "/sharedsegment-read-only");
        SharedSegment segment(u"inside"_s);
        if (segment.create(SharedLayout::of<double>(), 8) || segment.error() != Error::PermissionDenied)
            return 1;
        if (!segment.errorString().contains(u"/sharedsegment-read-only"_s))
            return 2;
        // A user without a runtime folder has one in memory, which the read-only root does not affect.
        qunsetenv("SHAREDSEGMENT_DIR");
        qunsetenv("XDG_RUNTIME_DIR");
        if (becomeNobody() != 0)
            return NotAllowed;
        for (const Backend backend : SharedSegment::backends()) {
            segment.setBackend(backend);
            if (!segment.create(SharedLayout::of<double>(), 8) || !segment.publish(QByteArray(64, 'x')))
                return 3;
            segment.close();
        }
        return 0;
    });
    if (result == NotAllowed)
        QSKIP("a read-only root is not allowed here");
    QCOMPARE(result, 0);
}

QTEST_GUILESS_MAIN(tst_Containers)
#include "tst_containers.moc"
