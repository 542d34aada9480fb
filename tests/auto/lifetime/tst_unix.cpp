// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What only Unix systems have: forked children, descriptors that run out, links, modes, memory that is a file.

#include "../../support/posixchild.h"
#include "../../support/testsupport.h"

#include "engine/opensegment.h"
#include "engine/registry.h"
#include "engine/segment.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedSegment>

#include <QtCore/QFile>
#include <QtCore/QFileInfo>
#include <QtCore/QScopeGuard>
#include <QtCore/QTemporaryDir>
#include <QtCore/QTemporaryFile>
#include <QtCore/QTimer>
#include <QtTest/QSignalSpy>

#include <csignal>
#include <cstring>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace testsupport;
using State = SharedSegment::State;
using Error = SharedSegment::Error;
using Backend = SharedSegment::Backend;

#ifdef SHAREDSEGMENT_PORTABLE
constexpr bool hasStandIn = true;
#else
constexpr bool hasStandIn = false;
#endif

class tst_Unix : public QObject
{
    Q_OBJECT

private:
    RegistryFolder m_folder;

    static bool create(SharedSegment &segment)
    {
        segment.setBackend(backend());
        return segment.create(SharedLayout::of<quint64>(), 8);
    }

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void cleanup() { QCOMPARE(SharedSegment::names(), QStringList()); }

    void forkedChildHoldsNothing();
    void idleMakesNoWakeUps();
    void noThread();
    void ownerThatEndsSlowly();
    void brokenPipeStaysAway();
    void damagedMemory_data();
    void damagedMemory();
    void linkInPlaceOfARecord();
    void folders_data();
    void folders();
    void manyDescriptors();
    void descriptorsComeBack();
    void folderIsRepaired();
};

void tst_Unix::forkedChildHoldsNothing()
{
    const QString name = uniqueName();
    auto owner = std::make_unique<SharedSegment>(name);
    QVERIFY(create(*owner));
    int wake[2];
    QCOMPARE(pipe(wake), 0);
    const pid_t child = fork();
    if (child == 0) {
        // Destroying the object in the child changes nothing for the parent.
        owner.reset();
        char byte;
        [[maybe_unused]] const ssize_t count = read(wake[0], &byte, 1);
        _exit(0);
    }
    QTest::qWait(20);
    QVERIFY(SharedSegment::exists(name));
    QVERIFY(owner->publish(QByteArray(64, 'x')));
    owner->close();
    QVERIFY(!SharedSegment::exists(name));
    QVERIFY(create(*owner));
    QCOMPARE(write(wake[1], "x", 1), 1);
    int status = 0;
    QCOMPARE(childprocess::waitForChild(child, &status), child);
    QVERIFY(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    close(wake[0]);
    close(wake[1]);
}

void tst_Unix::idleMakesNoWakeUps()
{
    if (hasStandIn)
        QSKIP("a thread stands in for kqueue");
    const QString name = uniqueName();
    auto peer = owner(name, backend());
    SharedSegment s(name);
    SharedSegment waiting(uniqueName());
    waiting.setActive(true);
    s.setActive(true);
    QSignalSpy updated(&s, &SharedSegment::updated);
    QCOMPARE(peer->ask("publish 5"), u"published 1"_s);
    QTRY_COMPARE_WITH_TIMEOUT(updated.count(), 1, Deadline);
    QTest::qWait(50);
    rusage before;
    rusage after;
    QCOMPARE(getrusage(RUSAGE_SELF, &before), 0);
    QEventLoop loop;
    QTimer::singleShot(2000, &loop, &QEventLoop::quit);
    loop.exec();
    QCOMPARE(getrusage(RUSAGE_SELF, &after), 0);
    // One for the timer itself, one for what the loop had pending.
    QVERIFY2(after.ru_nvcsw - before.ru_nvcsw <= 2, qPrintable(QString::number(after.ru_nvcsw - before.ru_nvcsw)));
}

void tst_Unix::noThread()
{
    if (hasStandIn)
        QSKIP("a thread stands in for kqueue");
    const auto threads = [] { return QDir(u"/proc/self/task"_s).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size(); };
    const auto before = threads();
    const QString name = uniqueName();
    auto peer = owner(name, backend());
    SharedSegment s(name);
    SharedSegment waiting(uniqueName());
    waiting.setActive(true);
    QSignalSpy updated(&s, &SharedSegment::updated);
    QVERIFY(s.open());
    QCOMPARE(peer->ask("publish 5"), u"published 1"_s);
    QTRY_COMPARE_WITH_TIMEOUT(updated.count(), 1, Deadline);
    QCOMPARE(threads(), before);
}

void tst_Unix::ownerThatEndsSlowly()
{
    const QString name = uniqueName();
    int ready[2];
    QCOMPARE(pipe(ready), 0);
    const pid_t child = fork();
    if (child == 0) {
        alarm(60);
        // Releasing this takes a while, and comes before the locks: the process visibly ends and still has the name.
        constexpr std::size_t Size = 256 << 20;
        void *const memory = mmap(nullptr, Size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED)
            _exit(1);
        madvise(memory, Size, MADV_NOHUGEPAGE);
        std::memset(memory, 'x', Size);
        SharedSegment owner(name);
        [[maybe_unused]] const ssize_t count = write(ready[1], create(owner) ? "y" : "n", 1);
        pause();
        _exit(0);
    }
    close(ready[1]);
    char answer = 'n';
    QCOMPARE(read(ready[0], &answer, 1), 1);
    close(ready[0]);
    QCOMPARE(answer, 'y');

    SharedSegment waiting(name);
    waiting.setBackend(backend());
    waiting.setLayout(SharedLayout::of<quint64>());
    waiting.setCapacity(8);
    waiting.setOwner(true);
    waiting.setActive(true);
    QCOMPARE(waiting.state(), State::Waiting);
    QCOMPARE(kill(child, SIGKILL), 0);
    QTRY_COMPARE_WITH_TIMEOUT(waiting.state(), State::Open, Deadline);
    QVERIFY(waiting.isOwner());
    QCOMPARE(childprocess::waitForChild(child), child);
}

void tst_Unix::brokenPipeStaysAway()
{
    // A listener that dies while the publisher knows its doorbell.
    const QString name = uniqueName();
    SharedSegment s(name);
    s.setMultipleWriters(true);
    QVERIFY(create(s));
    static volatile sig_atomic_t signals = 0;
    struct sigaction count = {};
    struct sigaction before = {};
    count.sa_handler = [](int) { signals = signals + 1; };
    QCOMPARE(sigaction(SIGPIPE, &count, &before), 0);
    using sharedsegment::engine::Segment;
    for (int i = 0; i < 5; ++i) {
        int toChild[2];
        int toParent[2];
        QVERIFY(pipe(toChild) == 0 && pipe(toParent) == 0);
        const pid_t child = fork();
        if (child == 0) {
            auto segment = sharedsegment::engine::openSegment(sharedsegment::engine::Registry::ofEnvironment(),
                                                              name.toStdString(), sharedsegment::os::Access::ReadOnly);
            auto listener = segment ? (*segment)->listen() : sharedsegment::Error{};
            char byte = listener && listener->arm() ? 'a' : 'x';
            if (write(toParent[1], &byte, 1) == 1 && read(toChild[0], &byte, 1) == 1)
                byte = listener->arm() ? 'b' : 'y';
            if (write(toParent[1], &byte, 1) == 1)
                raise(SIGKILL);
            _exit(1);
        }
        char byte = 0;
        QVERIFY(read(toParent[0], &byte, 1) == 1 && byte == 'a');
        QVERIFY(s.publish(QByteArray(64, 'x'))); // Opens the doorbell and keeps it.
        QVERIFY(write(toChild[1], "g", 1) == 1 && read(toParent[0], &byte, 1) == 1 && byte == 'b');
        int status = 0;
        QCOMPARE(childprocess::waitForChild(child, &status), child);
        QVERIFY(s.publish(QByteArray(64, 'y'))); // EPIPE.
        for (const int end : {toChild[0], toChild[1], toParent[0], toParent[1]})
            close(end);
    }
    QCOMPARE(sigaction(SIGPIPE, &before, nullptr), 0);
    QCOMPARE(int(signals), 0);
    sigset_t pending;
    sigpending(&pending);
    QVERIFY(!sigismember(&pending, SIGPIPE));
}

void tst_Unix::damagedMemory_data()
{
    QTest::addColumn<int>("offset"); // -1: the whole becomes `bytes`
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<SharedSegment::Error>("error");
    QTest::newRow("empty") << -1 << QByteArray() << Error::Corrupt;
    QTest::newRow("short") << -1 << QByteArray("SSEGMENT") << Error::Corrupt;
    QTest::newRow("magic") << 0 << QByteArray("X") << Error::Corrupt;
    QTest::newRow("version 1") << 8 << QByteArray("\1", 1) << Error::UnsupportedVersion;
    QTest::newRow("version 3") << 8 << QByteArray("\3", 1) << Error::UnsupportedVersion;
    QTest::newRow("payload offset") << 12 << QByteArray("\1", 1) << Error::Corrupt;
    QTest::newRow("element count 0") << 24 << QByteArray(8, '\0') << Error::Corrupt;
    QTest::newRow("element count") << 24 << QByteArray(8, '\xff') << Error::Corrupt;
    QTest::newRow("element size") << 32 << QByteArray("\7", 1) << Error::Corrupt;
    QTest::newRow("layout text bytes") << 44 << QByteArray(4, '\xff') << Error::Corrupt;
    QTest::newRow("fingerprint") << 48 << QByteArray("\0", 1) << Error::Corrupt;
    QTest::newRow("buffer count") << 56 << QByteArray(4, '\0') << Error::Corrupt;
    QTest::newRow("buffer stride") << 64 << QByteArray(8, '\xff') << Error::Corrupt;
    QTest::newRow("instance id") << 80 << QByteArray(16, '\0') << Error::Corrupt;
    QTest::newRow("kind") << 104 << QByteArray("\x63", 1) << Error::UnsupportedVersion;
    QTest::newRow("metadata bytes") << 112 << QByteArray("\1", 1) << Error::Corrupt;
    QTest::newRow("layout text") << 1024 << QByteArray("f") << Error::Corrupt;
}

void tst_Unix::damagedMemory()
{
    QFETCH(int, offset);
    QFETCH(QByteArray, bytes);
    QFETCH(SharedSegment::Error, error);
    const QString name = uniqueName();
    // No process can damage a memfd of a single writer; a memfd of multiple writers can be damaged, except its size.
    auto peer = owner(name, backend(), 8, 0, true);
    SharedSegment witness(name);
    QVERIFY(witness.open());
    QString path = u"/dev/shm/ss-"_s + witness.instance().left(22);
    witness.close();
    if (backend() == Backend::Memfd) {
        QFile record(m_folder.path() + u"/s."_s + name + u".segment"_s);
        qint64 descriptor = -1;
        QVERIFY(record.open(QIODevice::ReadOnly) && record.seek(40));
        QCOMPARE(record.read(reinterpret_cast<char *>(&descriptor), 8), 8);
        path = u"/proc/%1/fd/%2"_s.arg(peer->pid()).arg(descriptor);
    }
    QFile memory(path);
    QVERIFY(memory.open(QIODevice::ReadWrite));
    if (offset < 0 && backend() == Backend::Memfd) {
        QVERIFY(!memory.resize(0));
        QVERIFY(SharedSegment(name).open());
        return;
    }
    if (offset < 0) {
        QVERIFY(memory.resize(0));
        offset = 0;
    }
    QVERIFY(memory.seek(offset));
    QCOMPARE(memory.write(bytes), bytes.size());
    memory.close();
    SharedSegment s(name);
    QVERIFY(!s.open());
    QVERIFY2(s.error() == error, qPrintable(s.errorString()));
    QVERIFY(!s.errorString().isEmpty());
}

void tst_Unix::linkInPlaceOfARecord()
{
    const QString name = uniqueName("link");
    const QString path = m_folder.path() + u"/s."_s + name + u".segment"_s;
    SharedSegment s(name);
    QVERIFY(create(s)); // Makes the folder, if it is not there yet.
    s.close();
    // The library does not follow the link, and a creating process removes it.
    QTemporaryFile target;
    QVERIFY(target.open() && target.write("theirs") == 6 && target.flush());
    QVERIFY(QFile::link(target.fileName(), path));
    QVERIFY(!s.open());
    QVERIFY(!s.errorString().isEmpty());
    QVERIFY2(create(s), qPrintable(s.errorString()));
    QVERIFY(!QFileInfo(path).isSymLink());
    QVERIFY(target.seek(0));
    QCOMPARE(target.readAll(), QByteArray("theirs"));
}

void tst_Unix::folders_data()
{
    QTest::addColumn<QString>("kind");
    for (const char *kind : {"link", "world-writable", "read-only", "file", "another user's", "no parent"})
        QTest::newRow(kind) << QString::fromLatin1(kind);
}

void tst_Unix::folders()
{
    QFETCH(QString, kind);
    QTemporaryDir place;
    const QByteArray path = QFile::encodeName(place.path() + u"/registry"_s);
    Error expected = Error::PermissionDenied;
    if (kind == u"link"_s) {
        QVERIFY(QDir(place.path()).mkdir(u"real"_s));
        QCOMPARE(chmod(QFile::encodeName(place.path() + u"/real"_s), 0700), 0);
        QVERIFY(QFile::link(place.path() + u"/real"_s, QFile::decodeName(path)));
    } else if (kind == u"file"_s) {
        QFile file(QFile::decodeName(path));
        QVERIFY(file.open(QIODevice::WriteOnly));
    } else if (kind == u"no parent"_s) {
        QVERIFY(place.remove());
        expected = Error::NotFound;
    } else {
        QCOMPARE(mkdir(path, 0700), 0);
        if (kind == u"world-writable"_s)
            QCOMPARE(chmod(path, 0777), 0);
        else if (kind == u"read-only"_s)
            QCOMPARE(chmod(path, 0500), 0);
        else if (geteuid() != 0)
            QSKIP("only root can give a folder away");
        else
            QCOMPARE(chown(path, 65534, 65534), 0);
    }
    const QByteArray before = qgetenv("SHAREDSEGMENT_DIR");
    for (const QByteArray &spelling : {path, QByteArray(path + '/')}) {
        qputenv("SHAREDSEGMENT_DIR", spelling);
        SharedSegment s(uniqueName());
        s.setBackend(backend());
        const bool created = s.create(SharedLayout::of<int>(), 1);
        const Error error = s.error();
        const QString errorString = s.errorString();
        const bool opened = s.open();
        // An object that waits for a name in it says why it cannot, and does not spin.
        SharedSegment waiting(s.name());
        waiting.setActive(true);
        qputenv("SHAREDSEGMENT_DIR", before);
        QVERIFY(!created);
        QCOMPARE(error, expected);
        QVERIFY2(errorString.contains(QFile::decodeName(path)), qPrintable(errorString));
        QVERIFY(!opened);
        QCOMPARE(waiting.state(), State::Waiting);
        QVERIFY(waiting.error() != Error::NoError);
    }
}

void tst_Unix::manyDescriptors()
{
    // Until descriptors run out: an error, everything stays usable, and nothing is left.
    rlimit before;
    QCOMPARE(getrlimit(RLIMIT_NOFILE, &before), 0);
    rlimit low = before;
    low.rlim_cur = 128;
    QCOMPARE(setrlimit(RLIMIT_NOFILE, &low), 0);
    std::vector<std::unique_ptr<SharedSegment>> segments;
    Error error = Error::NoError;
    while (error == Error::NoError && segments.size() < 1000) {
        segments.push_back(std::make_unique<SharedSegment>(uniqueName("many")));
        segments.back()->setBackend(backend());
        segments.back()->create(SharedLayout::of<int>(), 1);
        error = segments.back()->error();
    }
    setrlimit(RLIMIT_NOFILE, &before);
    QCOMPARE(error, Error::SystemError);
    QVERIFY(segments.size() > 30);
    QVERIFY(segments.front()->publish(QByteArray(4, 'x')));
    QVERIFY(segments.back()->create(SharedLayout::of<int>(), 1));
    segments.clear();
    QVERIFY2(m_folder.files().isEmpty(), qPrintable(m_folder.files().join(u' ')));
}

void tst_Unix::descriptorsComeBack()
{
    // Nothing tells the waiting object that there are descriptors again: nothing changes in the folder.
    SharedArray<int> owner(uniqueName("back"));
    owner.segment()->setBackend(backend());
    QVERIFY(owner.create(1));
    SharedSegment waiting(owner.segment()->name());
    // The folder is watched already, as by any other object that waits: Qt's replacement for a watch polls each second.
    SharedSegment other(uniqueName("never"));
    other.setActive(true);
    rlimit before;
    QCOMPARE(getrlimit(RLIMIT_NOFILE, &before), 0);
    rlimit low = before;
    low.rlim_cur = 64;
    QCOMPARE(setrlimit(RLIMIT_NOFILE, &low), 0);
    std::vector<int> taken;
    for (int descriptor = dup(STDERR_FILENO); descriptor != -1; descriptor = dup(STDERR_FILENO))
        taken.push_back(descriptor);
    waiting.setActive(true);
    const State state = waiting.state();
    const Error error = waiting.error();
    for (const int descriptor : taken)
        ::close(descriptor);
    setrlimit(RLIMIT_NOFILE, &before);
    QVERIFY(!taken.empty());
    QCOMPARE(state, State::Waiting);
    QCOMPARE(error, Error::SystemError);
    QTRY_COMPARE(waiting.state(), State::Open);
    QCOMPARE(waiting.error(), Error::NoError);
}

void tst_Unix::folderIsRepaired()
{
    QTemporaryDir place;
    const QByteArray path = QFile::encodeName(place.path()) + "/registry";
    QCOMPARE(mkdir(path, 0700), 0);
    QCOMPARE(chmod(path, 0777), 0);
    const QByteArray before = qgetenv("SHAREDSEGMENT_DIR");
    const auto restore = qScopeGuard([&before] { qputenv("SHAREDSEGMENT_DIR", before); });
    qputenv("SHAREDSEGMENT_DIR", path);
    SharedArray<int> owner(uniqueName("repaired"));
    owner.segment()->setBackend(backend());
    SharedSegment waiting(owner.segment()->name());
    QSignalSpy errors(&waiting, &SharedSegment::errorOccurred);
    waiting.setActive(true);
    QCOMPARE(waiting.error(), Error::PermissionDenied);
    QTest::qWait(200);
    QCOMPARE(errors.size(), 1); // Not again with each poll.
    QCOMPARE(chmod(path, 0700), 0);
    QVERIFY2(owner.create(1), qPrintable(owner.errorString()));
    QTRY_COMPARE(waiting.state(), State::Open);
}

QTEST_GUILESS_MAIN(tst_Unix)
#include "tst_unix.moc"
