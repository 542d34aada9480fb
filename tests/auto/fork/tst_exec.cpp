// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// An owner that becomes another program: its process lives on, its names are free, and all listeners are notified.

#include "../../support/posixchild.h"
#include "../../support/testsupport.h"

#include <SharedSegment/SharedArray>

#include <QtTest/QSignalSpy>

#include <csignal>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace testsupport;
using Error = SharedSegment::Error;
using State = SharedSegment::State;

#if defined(SHAREDSEGMENT_PORTABLE) || !defined(Q_OS_LINUX)
constexpr bool haveOwnersMarks = false;
#else
constexpr bool haveOwnersMarks = true;
#endif

namespace {

/// A process that owns a segment until it is told to become another program, or is killed.
class Owner
{
public:
    enum class Files { AsTheyCome, SlowOneBetween };

    explicit Owner(const QString &name, Files files = Files::AsTheyCome)
    {
        int ready[2];
        if (pipe(m_tell) != 0 || pipe(ready) != 0)
            return;
        m_pid = fork();
        if (m_pid == 0) {
            alarm(120);
            if (files == Files::SlowOneBetween)
                holdSlowFile();
            SharedArray<quint64> s(name);
            s.segment()->setBackend(backend());
            const bool good = s.create(8) && s.segment()->publish(QByteArray(64, 7));
            char byte = good ? 'y' : 'n';
            if (write(ready[1], &byte, 1) == 1 && read(m_tell[0], &byte, 1) == 1)
                execlp("sleep", "sleep", "100", static_cast<char *>(nullptr));
            _exit(1);
        }
        close(ready[1]);
        char byte = 0;
        m_isReady = read(ready[0], &byte, 1) == 1 && byte == 'y';
        close(ready[0]);
    }
    ~Owner()
    {
        kill(SIGKILL);
        childprocess::waitForChild(m_pid);
        close(m_tell[0]);
        close(m_tell[1]);
    }
    Q_DISABLE_COPY_MOVE(Owner)

    bool isReady() const { return m_isReady; }
    bool exec() const { return write(m_tell[1], "x", 1) == 1; }
    void kill(int signal) const { ::kill(m_pid, signal); }
    bool lives() const { return ::kill(m_pid, 0) == 0 && childprocess::waitForChild(m_pid, nullptr, WNOHANG) == 0; }

private:
    /// A mapping that takes milliseconds to release. The segment's first two descriptors come before its own, the
    /// others after it.
    static void holdSlowFile()
    {
#ifdef Q_OS_LINUX
        const int first = dup(0);
        const int second = dup(0);
        const int slow = memfd_create("slow", MFD_CLOEXEC);
        if (posix_fallocate(slow, 0, 256 << 20) != 0)
            _exit(1);
        close(first);
        close(second);
#endif
    }

    int m_tell[2] = {-1, -1};
    pid_t m_pid = -1;
    bool m_isReady = false;
};

} // namespace

class tst_Exec : public QObject
{
    Q_OBJECT

private:
    RegistryFolder m_folder;

    QStringList marks() const { return m_folder.files().filter(u".owner"_s); }
    void request(SharedSegment &standby) const
    {
        standby.setBackend(backend());
        standby.setLayout(SharedLayout::of<quint64>());
        standby.setCapacity(8);
        standby.setOwner(true);
        standby.setActive(true);
    }

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void cleanup()
    {
        QCOMPARE(SharedSegment::names(), QStringList());
        QVERIFY2(m_folder.files().isEmpty(), qPrintable(m_folder.files().join(u' ')));
    }

    void readersAreTold();
    void deadSegmentIsNotOpened();
    void standbysAreTold_data();
    void standbysAreTold();
    void waitersAreTold();
    void killed_data();
    void killed();
    void bytesMeanNothing();
    void marksAreSwept();
};

void tst_Exec::readersAreTold()
{
    const QString name = uniqueName("exec");
    const Owner owner(name);
    QVERIFY(owner.isReady());
    SharedSegment active(name);
    active.setActive(true);
    SharedSegment opened(name);
    QVERIFY(opened.open());
    QCOMPARE(active.state(), State::Open);
    QSignalSpy orphaned(&active, &SharedSegment::orphaned);
    QTest::qWait(50); // Both watch from the event loop on.
    QCOMPARE(orphaned.count(), 0);
    QVERIFY(owner.exec());
    QTRY_COMPARE_WITH_TIMEOUT(orphaned.count(), 1, Deadline);
    QTRY_COMPARE_WITH_TIMEOUT(opened.state(), State::Orphaned, Deadline);
    QVERIFY(owner.lives());
    QCOMPARE(opened.snapshot(), QByteArray(64, 7));
    QVERIFY(!SharedSegment::exists(name));
    // The next owner is found.
    SharedSegment next(name);
    next.setBackend(backend());
    QVERIFY(next.create(SharedLayout::of<quint64>(), 8));
    QTRY_COMPARE_WITH_TIMEOUT(active.state(), State::Open, Deadline);
    QCOMPARE(active.instance(), next.instance());
}

void tst_Exec::deadSegmentIsNotOpened()
{
    // A notified process checks at once, when the dead owner's lock may not be free yet.
    for (int round = 0; round < 5; ++round) {
        const QString name = uniqueName("gone");
        const Owner owner(name, Owner::Files::SlowOneBetween);
        QVERIFY(owner.isReady());
        SharedSegment reader(name);
        reader.setActive(true);
        QCOMPARE(reader.state(), State::Open);
        QTest::qWait(5);
        QSignalSpy orphaned(&reader, &SharedSegment::orphaned);
        QSignalSpy opened(&reader, &SharedSegment::opened);
        QSignalSpy failures(&reader, &SharedSegment::errorOccurred);
        QVERIFY(owner.exec());
        QTRY_VERIFY_WITH_TIMEOUT(orphaned.count() > 0, Deadline);
        // A reader that opened the dead owner's segment again would be told of its end once more.
        QTest::qWait(100);
        QCOMPARE(opened.count(), 0);
        QVERIFY2(failures.isEmpty(), qPrintable(reader.errorString()));
        QCOMPARE(orphaned.count(), 1);
        QVERIFY(!SharedSegment::exists(name));
    }
}

void tst_Exec::standbysAreTold_data()
{
    QTest::addColumn<bool>("isSlow");
    QTest::newRow("a free name") << false;
    QTest::newRow("a name that is not free yet") << true;
}

void tst_Exec::standbysAreTold()
{
    QFETCH(bool, isSlow);
    const QString name = uniqueName("standby");
    const Owner owner(name, isSlow ? Owner::Files::SlowOneBetween : Owner::Files::AsTheyCome);
    QVERIFY(owner.isReady());
    SharedSegment standby(name);
    request(standby);
    QCOMPARE(standby.state(), State::Waiting);
    QTest::qWait(50);
    QCOMPARE(standby.state(), State::Waiting);
    QVERIFY(owner.exec());
    QTRY_COMPARE_WITH_TIMEOUT(standby.state(), State::Open, Deadline);
    QVERIFY(standby.isOwner());
    QVERIFY(owner.lives());
}

void tst_Exec::waitersAreTold()
{
    const QString name = uniqueName("waiter");
    const Owner owner(name, Owner::Files::SlowOneBetween);
    QVERIFY(owner.isReady());
    SharedSegment reader(name);
    QVERIFY(reader.open());
    SharedSegment standby(name);
    standby.setBackend(backend());
    standby.setLayout(SharedLayout::of<quint64>());
    standby.setCapacity(8);
    standby.setOwner(true);
    QVERIFY(owner.exec());
    QVERIFY(!reader.waitForUpdated(reader.revision(), QDeadlineTimer(Deadline)));
    QCOMPARE(reader.state(), State::Orphaned);
    // No other opening of this process finds it either.
    SharedSegment late(name);
    QVERIFY(!late.open());
    QCOMPARE(late.error(), Error::NotFound);
    QVERIFY(!SharedSegment::exists(name));
    QVERIFY2(standby.waitForOpened(QDeadlineTimer(Deadline)), qPrintable(standby.errorString()));
    QVERIFY(standby.isOwner());
    QVERIFY(owner.lives());
}

void tst_Exec::killed_data()
{
    QTest::addColumn<bool>("hasMark");
    QTest::newRow("as it is") << true;
    QTest::newRow("an owner without a mark") << false;
}

void tst_Exec::killed()
{
    QFETCH(bool, hasMark);
    const QString name = uniqueName("killed");
    const Owner owner(name);
    QVERIFY(owner.isReady());
    QCOMPARE(marks().size(), haveOwnersMarks ? 1 : 0);
    for (const QString &mark : hasMark ? QStringList() : marks())
        QVERIFY(QFile::remove(m_folder.path() + u'/' + mark));
    SharedSegment reader(name);
    QVERIFY(reader.open());
    SharedSegment standby(name);
    request(standby);
    QTest::qWait(50);
    QCOMPARE(reader.state(), State::Open);
    QCOMPARE(standby.state(), State::Waiting);
    owner.kill(SIGKILL);
    QTRY_COMPARE_WITH_TIMEOUT(reader.state(), State::Orphaned, Deadline);
    QTRY_COMPARE_WITH_TIMEOUT(standby.state(), State::Open, Deadline);
}

void tst_Exec::bytesMeanNothing()
{
    if (!haveOwnersMarks)
        QSKIP("only Linux has owner's marks");
    const QString name = uniqueName("bytes");
    const Owner owner(name);
    QVERIFY(owner.isReady());
    SharedSegment reader(name);
    QVERIFY(reader.open());
    SharedSegment standby(name);
    request(standby);
    QTest::qWait(50);
    const QByteArray mark = QFile::encodeName(m_folder.path() + u'/' + marks().value(0));
    for (int i = 0; i < 3; ++i) {
        const int descriptor = open(mark, O_WRONLY | O_NONBLOCK);
        QVERIFY(descriptor != -1);
        QCOMPARE(write(descriptor, "hello", 5), ssize_t(5));
        close(descriptor);
        QTest::qWait(20);
    }
    QCOMPARE(reader.state(), State::Open);
    QCOMPARE(standby.state(), State::Waiting);
    QVERIFY(owner.exec());
    QTRY_COMPARE_WITH_TIMEOUT(reader.state(), State::Orphaned, Deadline);
    QTRY_COMPARE_WITH_TIMEOUT(standby.state(), State::Open, Deadline);
}

void tst_Exec::marksAreSwept()
{
    if (!haveOwnersMarks)
        QSKIP("only Linux has owner's marks");
    const QString name = uniqueName("swept");
    {
        const Owner owner(name);
        QVERIFY(owner.isReady());
        owner.kill(SIGKILL);
    }
    QCOMPARE(marks().size(), 1);
    QVERIFY(!SharedSegment::exists(name));
    QCOMPARE(marks().size(), 0);
    // An owner without a record, as other implementations may leave it.
    const QByteArray left = QFile::encodeName(m_folder.path()) + "/.0123456789ABCDEF0123456789ABCDEF.owner";
    QCOMPARE(mkfifo(left, 0600), 0);
    QCOMPARE(SharedSegment::names(), QStringList());
    QCOMPARE(marks().size(), 0);
    SharedSegment own(name);
    own.setBackend(backend());
    QVERIFY(own.create(SharedLayout::of<quint64>(), 8));
    QCOMPARE(SharedSegment::names(), QStringList{name});
    QCOMPARE(marks().size(), 1);
    own.close();
    QCOMPARE(marks().size(), 0);
}

QTEST_GUILESS_MAIN(tst_Exec)
#include "tst_exec.moc"
