// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What `active` waits for comes, whatever happens to the registry folder meanwhile; and waiting costs nothing. The
// program itself is also the other process: `tst_waiting wait NAME [owner LENGTH BACKEND]` prints what it is told.

#include "../../support/testsupport.h"

#include <SharedSegment/SharedSegment>

#include <QtCore/QElapsedTimer>
#include <QtCore/QFile>
#include <QtCore/QSocketNotifier>
#include <QtCore/QTemporaryFile>

#include <algorithm>
#include <cstdio>
#include <fcntl.h>
#include <limits>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace testsupport;
using State = SharedSegment::State;
using Error = SharedSegment::Error;

namespace {

void say(const QString &line)
{
    std::printf("%s\n", qPrintable(line));
    std::fflush(stdout);
}

int waitAsTold(const QStringList &arguments)
{
    SharedSegment s(arguments.at(2));
    if (arguments.value(3) == u"owner"_s) {
        s.setLayout(SharedLayout::of<double>());
        s.setCapacity(arguments.at(4).toLongLong());
        s.setBackend(static_cast<SharedSegment::Backend>(arguments.at(5).toInt()));
        s.setOwner(true);
    }
    int errors = 0;
    QObject::connect(&s, &SharedSegment::opened, [] { say(u"opened"_s); });
    QObject::connect(&s, &SharedSegment::orphaned, [] { say(u"orphaned"_s); });
    QObject::connect(&s, &SharedSegment::errorOccurred, [&] { ++errors; });
    // Not left behind if a shell started it.
    alarm(60);
    struct stat info;
    const bool isTold = fstat(STDIN_FILENO, &info) == 0 && S_ISFIFO(info.st_mode);
    QSocketNotifier input(STDIN_FILENO, QSocketNotifier::Read);
    QObject::connect(&input, &QSocketNotifier::activated, [&] {
        char text[64];
        const ssize_t size = read(STDIN_FILENO, text, sizeof text);
        if (size <= 0) {
            QCoreApplication::quit();
            return;
        }
        rusage usage;
        getrusage(RUSAGE_SELF, &usage);
        say(u"%1 %2 %3 %4"_s.arg(usage.ru_nvcsw).arg(errors).arg(int(s.error())).arg(s.errorString()));
    });
    input.setEnabled(isTold);
    s.setActive(true);
    say(s.state() == State::Open ? u"open"_s : u"waiting"_s);
    return QCoreApplication::exec();
}

std::unique_ptr<Peer> waiter(const QString &name, const QStringList &more = {})
{
    auto peer = std::make_unique<Peer>(QStringList{u"wait"_s, name} + more, QCoreApplication::applicationFilePath());
    return peer;
}

bool removeTree(const QString &path)
{
    // Another process may be making a file in it just now.
    for (int tries = 0; tries < 20 && QFileInfo::exists(path); ++tries)
        QDir(path).removeRecursively();
    return !QFileInfo::exists(path);
}

bool makePrivate(const QString &path)
{
    return mkdir(QFile::encodeName(path), 0700) == 0;
}

} // namespace

class tst_Waiting : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void folder_data();
    void folder();
    void folderThatIsMountedOver();
    void folderThatIsNotPrivate();
    void withoutInotify_data();
    void withoutInotify();
    void failingOwnerWaits_data();
    void failingOwnerWaits();
    void stoppedSweeper();
    void layoutThatIsNone();

private:
    QTemporaryDir m_parent;
    QString m_above = m_parent.path() + u"/above"_s;
    QString m_registry = m_above + u"/registry"_s;
};

void tst_Waiting::initTestCase()
{
    QVERIFY(makePrivate(m_above));
    QVERIFY(makePrivate(m_registry));
    qputenv("SHAREDSEGMENT_DIR", QFile::encodeName(m_registry));
}

void tst_Waiting::cleanupTestCase()
{
    QVERIFY(SharedSegment::names().isEmpty());
}

void tst_Waiting::folder_data()
{
    QTest::addColumn<QString>("what");
    for (const char *what : {"removed", "removed with the one above", "renamed", "renamed with the one above"})
        QTest::newRow(what) << QString::fromLatin1(what);
}

void tst_Waiting::folder()
{
    QFETCH(QString, what);
    const bool isAbove = what.endsWith(u"above"_s);
    const QString name = uniqueName();
    auto old = owner(name, SharedSegment::Backend::Automatic);
    SharedSegment attached(name);
    attached.setActive(true);
    QTRY_COMPARE_WITH_TIMEOUT(attached.state(), State::Open, Deadline);
    SharedSegment late(name + u"-late"_s);
    late.setActive(true);
    QCOMPARE(late.state(), State::Waiting);
    old->kill();
    QTRY_COMPARE_WITH_TIMEOUT(attached.state(), State::Orphaned, Deadline);
    // As long as a process has something in the folder open, the kernel does not report that the folder is gone.
    QVERIFY(attached.isOpen());

    const QString moved = m_parent.path() + u"/moved"_s;
    const QString gone = isAbove ? m_above : m_registry;
    if (what.startsWith(u"removed"_s))
        QVERIFY(removeTree(gone));
    else
        QVERIFY(QDir().rename(gone, moved));
    QTest::qWait(300);
    QCOMPARE(late.state(), State::Waiting);
    QVERIFY(!QFileInfo::exists(m_registry)); // A process that only waits does not make it.
    if (isAbove) {
        QVERIFY(late.error() != Error::NoError);
        QVERIFY2(late.errorString().contains(m_registry), qPrintable(late.errorString()));
        QVERIFY(makePrivate(m_above));
    }
    auto fresh = owner(name, SharedSegment::Backend::Automatic);
    auto lateOwner = owner(name + u"-late"_s, SharedSegment::Backend::Automatic);
    QTRY_COMPARE_WITH_TIMEOUT(attached.state(), State::Open, Deadline);
    QCOMPARE(attached.ownerPid(), fresh->pid());
    QTRY_COMPARE_WITH_TIMEOUT(late.state(), State::Open, Deadline);
    QCOMPARE(late.error(), Error::NoError);
    QVERIFY(removeTree(moved) || !QFileInfo::exists(moved));
}

void tst_Waiting::folderThatIsMountedOver()
{
#ifdef SHAREDSEGMENT_PORTABLE
    QSKIP("only Linux tells of mounts");
#endif
    // All in a mount namespace of its own: the waiter and, entering it, the mount.
    const QString name = uniqueName();
    const QString script = u"echo ready; read x; mount -t tmpfs -o mode=700 none '%1' && echo mounted || echo failed; "
                           "\"$1\" own %2 u64 8 automatic 0 one"_s.arg(m_above, name);
    const QString both = u"\"$0\" wait %1 & %2"_s.arg(name, script);
    Peer peer({u"--user"_s, u"--map-root-user"_s, u"--mount"_s, u"sh"_s, u"-c"_s, both,
               QCoreApplication::applicationFilePath(), testPath("PEER")},
              u"unshare"_s);
    QStringList lines{peer.line(), peer.line()};
    if (lines.contains(u"timeout"_s))
        QSKIP("no namespace of one's own");
    QVERIFY(lines.contains(u"waiting"_s));
    const QString mounted = peer.ask("mount");
    if (mounted != u"mounted"_s)
        QSKIP("no mount in a namespace of one's own");
    lines = {peer.line(), peer.line()};
    lines.sort();
    QCOMPARE(lines, (QStringList{u"opened"_s, u"ready"_s}));
}

void tst_Waiting::folderThatIsNotPrivate()
{
    const QString name = uniqueName();
    QVERIFY(QFileInfo::exists(m_registry) || makePrivate(m_registry));
    QCOMPARE(chmod(QFile::encodeName(m_registry), 0755), 0);
    SharedSegment late(name);
    int errors = 0;
    connect(&late, &SharedSegment::errorOccurred, this, [&] { ++errors; });
    late.setActive(true);
    QCOMPARE(late.error(), Error::PermissionDenied);
    QTest::qWait(300);
    QCOMPARE(errors, 1);
    QCOMPARE(chmod(QFile::encodeName(m_registry), 0700), 0);
    QTRY_COMPARE_WITH_TIMEOUT(late.error(), Error::NoError, Deadline);
    auto peer = owner(name, SharedSegment::Backend::Automatic);
    QTRY_COMPARE_WITH_TIMEOUT(late.state(), State::Open, Deadline);
}

void tst_Waiting::withoutInotify_data()
{
    QTest::addColumn<QString>("limit");
    QTest::newRow("instances") << u"max_inotify_instances"_s;
    QTest::newRow("watches") << u"max_inotify_watches"_s;
}

void tst_Waiting::withoutInotify()
{
    QFETCH(QString, limit);
    const QString name = uniqueName();
    QTemporaryFile warnings;
    QVERIFY(warnings.open());
    // Any use after deletion shows.
    Peer peer({u"--user"_s, u"--map-root-user"_s, u"sh"_s, u"-c"_s,
               u"echo 0 > /proc/sys/user/%1 && MALLOC_PERTURB_=165 exec \"$0\" wait %2 2> %3"_s.arg(
                   limit, name, warnings.fileName()),
               QCoreApplication::applicationFilePath()},
              u"unshare"_s);
    if (peer.line() != u"waiting"_s)
        QSKIP("no user namespace");
    for (int i = 0; i < 3; ++i) {
        // Another user namespace may not inspect the processes of this one, where memfd lies.
        auto own = owner(name, SharedSegment::Backend::Posix);
        QCOMPARE(peer.line(), u"opened"_s);
        own->kill();
        QCOMPARE(peer.line(), u"orphaned"_s);
    }
    QVERIFY(peer.finish());
    QVERIFY(!peer.hasCrashed());
#ifndef SHAREDSEGMENT_PORTABLE // There Qt's watcher watches the folder.
    if (limit == u"max_inotify_watches"_s)
        QCOMPARE(warnings.readAll(), QByteArray());
#endif
}

void tst_Waiting::failingOwnerWaits_data()
{
    QTest::addColumn<SharedSegment::Backend>("backend");
    for (const SharedSegment::Backend backend : SharedSegment::backends())
        QTest::newRow(qPrintable(nameOf(backend))) << backend;
}

void tst_Waiting::failingOwnerWaits()
{
    QFETCH(SharedSegment::Backend, backend);
    auto viewer = waiter(uniqueName());
    QCOMPARE(viewer->line(), u"waiting"_s);
    auto failing = waiter(uniqueName(), {u"owner"_s, QString::number(100'000'000'000), QString::number(int(backend))});
    QCOMPARE(failing->line(), u"waiting"_s);
    QTest::qWait(1000);
    QElapsedTimer time;
    time.start();
    const QStringList before = failing->ask("usage").split(u' ');
    const QStringList seenBefore = viewer->ask("usage").split(u' ');
    QTest::qWait(2000);
    const QStringList after = failing->ask("usage").split(u' ');
    const QStringList seenAfter = viewer->ask("usage").split(u' ');
    const auto seconds = static_cast<int>(time.elapsed() / 1000); // A busy machine takes longer than the wait.
    QVERIFY2(after.at(1) == u"1"_s,
             qPrintable(after.join(u' ') + u" after "_s + before.join(u' '))); // one failure, reported once
    QCOMPARE(after.at(2), QString::number(int(Error::OutOfMemory)));
    // One attempt per second and its consequences; the tool that queries the state wakes it, too.
    QVERIFY2(after.at(0).toInt() - before.at(0).toInt() < 10 * seconds,
             qPrintable(after.join(u' ') + u" after "_s + before.join(u' ')));
    QVERIFY2(seenAfter.at(0).toInt() - seenBefore.at(0).toInt() < 15 * seconds,
             qPrintable(seenAfter.join(u' ') + u" after "_s + seenBefore.join(u' ')));
    QCOMPARE(seenAfter.at(1), u"0"_s);
}

void tst_Waiting::stoppedSweeper()
{
#if !defined(F_OFD_SETLK) || defined(SHAREDSEGMENT_PORTABLE)
    QSKIP("only Linux has open-file-description locks");
#else
    const QString name = uniqueName();
    auto old = owner(name, SharedSegment::Backend::Automatic);
    const QString record = m_registry + u"/s."_s + name + u".segment"_s;
    const int sweeper = open(QFile::encodeName(record), O_RDWR | O_CLOEXEC);
    QVERIFY(sweeper != -1);
    struct flock lock = {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = 1;
    lock.l_len = 1;
    QCOMPARE(fcntl(sweeper, F_OFD_SETLK, &lock), 0);
    old->kill();
    SharedSegment next(name);
    next.setLayout(SharedLayout::of<quint64>());
    next.setCapacity(1);
    next.setOwner(true);
    int errors = 0;
    connect(&next, &SharedSegment::errorOccurred, this, [&] { ++errors; });
    // The sweeper is awaited once, for 50 ms. A busy machine may be slow each time.
    qint64 least = std::numeric_limits<qint64>::max();
    for (int i = 0; i < 5; ++i) {
        next.setActive(false);
        errors = 0;
        QElapsedTimer timer;
        timer.start();
        next.setActive(true);
        least = std::min(least, timer.elapsed());
    }
    QVERIFY2(least < 90, qPrintable(QString::number(least)));
    QCOMPARE(next.state(), State::Waiting);
    QCOMPARE(next.error(), Error::Busy);
    QTest::qWait(500);
    QCOMPARE(errors, 1);
    // No notification reports this.
    close(sweeper);
    QTRY_COMPARE_WITH_TIMEOUT(next.state(), State::Open, Deadline);
    QVERIFY(next.isOwner());
    QCOMPARE(next.error(), Error::NoError);
#endif
}

void tst_Waiting::layoutThatIsNone()
{
    SharedSegment s(uniqueName());
    s.setLayoutText(u"f65"_s);
    s.setCapacity(1);
    s.setOwner(true);
    s.setActive(true);
    QCOMPARE(s.error(), Error::InvalidLayout);
    QCOMPARE(s.state(), State::Closed); // It does not wait for anything that could come.
    s.setLayoutText(u"f64"_s);
    QCOMPARE(s.state(), State::Open);
    QCOMPARE(s.error(), Error::NoError);
}

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == u"wait"_s)
        return waitAsTold(arguments);
    tst_Waiting test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_waiting.moc"
