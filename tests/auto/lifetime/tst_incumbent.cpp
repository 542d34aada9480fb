// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What QSharedMemory's own tests require of it, required of a SharedSegment, over both backends; also what they omit as unstable.

#include "../../support/posixchild.h"
#include "../../support/testsupport.h"

#include <SharedSegment/SharedArray>

#include <QtCore/QElapsedTimer>
#include <QtTest/QSignalSpy>

#include <csignal>
#include <cstring>
#include <functional>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace testsupport;
using Access = SharedSegment::Access;
using State = SharedSegment::State;
using Error = SharedSegment::Error;
using Backend = SharedSegment::Backend;

class tst_Incumbent : public QObject
{
    Q_OBJECT

private:
    RegistryFolder m_folder;

    static bool create(SharedSegment &segment, qint64 length = 8)
    {
        segment.setBackend(backend());
        return segment.create(SharedLayout::of<quint64>(), length);
    }
    /// Runs `work` in a process of its own; its result is the exit code. @returns the pid.
    static pid_t inChild(const std::function<bool()> &work)
    {
        const pid_t child = fork();
        if (child == 0) {
            alarm(60);
            _exit(work() ? 0 : 1);
        }
        return child;
    }
    static bool succeeded(pid_t child)
    {
        int status = 0;
        return childprocess::waitForChild(child, &status) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void cleanup()
    {
        QCOMPARE(SharedSegment::names(), QStringList());
        QCOMPARE(m_folder.files(), QStringList());
    }

    void nameKeptAndCleared();
    void attach();
    void closeCreateCreate();
    void goneAfterTheLastOneLeft();
    void zeroFilledAtStart();
    void writeThroughReadOnlyEndsTheChildOnly();
    void secondCreateDoesNotResetTheLock();
    void doubleWriteLock();
    void destroyedWhileWriting();
    void producersAndConsumersInThreads_data();
    void producersAndConsumersInThreads();
    void producersAndConsumersInProcesses_data();
    void producersAndConsumersInProcesses();
    void exhaustedMemoryStaysClean();
    void namesThatDifferInOneLetter();
};

void tst_Incumbent::nameKeptAndCleared()
{
    SharedSegment s;
    QSignalSpy changed(&s, &SharedSegment::nameChanged);
    const QString name = uniqueName();
    s.setName(name);
    s.setName(name);
    QCOMPARE(changed.count(), 1);
    QVERIFY(create(s));
    s.close();
    QCOMPARE(s.name(), name);
    QVERIFY(create(s));
    s.setName(QString());
    QCOMPARE(s.state(), State::Closed);
    QCOMPARE(s.name(), QString());
    QVERIFY(!create(s));
    QCOMPARE(s.error(), Error::InvalidName);
    QVERIFY(!SharedSegment::exists(name));
}

void tst_Incumbent::attach()
{
    SharedSegment s;
    QVERIFY(!s.open());
    QCOMPARE(s.error(), Error::InvalidName);
    s.setName(uniqueName());
    QVERIFY(!s.open());
    QCOMPARE(s.error(), Error::NotFound);
    auto peer = owner(s.name(), backend());
    for (int i = 0; i < 3; ++i) {
        QVERIFY(s.open());
        s.close();
    }
    QVERIFY(!create(s));
    QCOMPARE(s.error(), Error::AlreadyExists);
    QVERIFY(s.open());
}

void tst_Incumbent::closeCreateCreate()
{
    SharedSegment s(uniqueName());
    for (int i = 0; i < 5; ++i) {
        QVERIFY(create(s));
        SharedSegment other(s.name());
        QVERIFY(!create(other));
        QVERIFY(!create(other));
        QCOMPARE(other.error(), Error::AlreadyExists);
        s.close();
    }
}

void tst_Incumbent::goneAfterTheLastOneLeft()
{
    auto s = std::make_unique<SharedSegment>(uniqueName());
    const QString name = s->name();
    QVERIFY(create(*s));
    const QString instance = s->instance();
    SharedSegment reader(name);
    QVERIFY(reader.open());
    s.reset();
    reader.close();
    QVERIFY(!SharedSegment::exists(name));
    QVERIFY(!hasPosixObject(instance));
}

void tst_Incumbent::zeroFilledAtStart()
{
    SharedSegment s(uniqueName());
    for (int i = 0; i < 3; ++i) {
        QVERIFY(create(s, 4096));
        QCOMPARE(s.snapshot(), QByteArray(4096 * 8, '\0'));
        QVERIFY(s.publish(QByteArray(4096 * 8, 'x')));
        s.close();
    }
}

void tst_Incumbent::writeThroughReadOnlyEndsTheChildOnly()
{
    SharedSegment s(uniqueName());
    s.setBufferCount(1);
    QVERIFY(create(s));
    const pid_t child = inChild([&] {
        SharedSegment reader(s.name());
        rlimit noCore = {};
        setrlimit(RLIMIT_CORE, &noCore);
        signal(SIGSEGV, SIG_DFL);
        if (!reader.open() || reader.live().empty())
            return false;
        *const_cast<volatile std::byte *>(reader.live().data()) = std::byte(1);
        return true;
    });
    int status = 0;
    QCOMPARE(childprocess::waitForChild(child, &status), child);
    QVERIFY(WIFSIGNALED(status));
    QCOMPARE(WTERMSIG(status), SIGSEGV);
    QCOMPARE(s.snapshot(), QByteArray(64, '\0'));
    QVERIFY(s.publish(QByteArray(64, 'x')));
}

void tst_Incumbent::secondCreateDoesNotResetTheLock()
{
    // With QSharedMemory, create() on a taken key resets the lock that another process holds.
    SharedArray<quint64> owner(uniqueName());
    owner.segment()->setMultipleWriters(true);
    owner.segment()->setBackend(backend());
    QVERIFY(owner.create(8));
    auto held = owner.beginWrite();
    QVERIFY(held);
    const pid_t child = inChild([&] {
        SharedArray<quint64> other(owner.segment()->name());
        if (other.create(8) || other.error() != Error::AlreadyExists || !other.open(Access::ReadWrite))
            return false;
        return !other.beginWrite(std::chrono::milliseconds(50)) && other.error() == Error::Busy;
    });
    QVERIFY(succeeded(child));
    held[0] = 5;
    QCOMPARE(held.publish(), std::optional<quint64>(1));
}

void tst_Incumbent::doubleWriteLock()
{
    SharedSegment s(uniqueName());
    QVERIFY(create(s, 4));
    {
        SharedWriter first = s.beginWrite();
        QVERIFY(first);
        // An answer at once, and not a thread that waits for itself.
        QElapsedTimer timer;
        timer.start();
        QVERIFY(!s.beginWrite(std::chrono::hours(1)));
        QCOMPARE(s.error(), Error::Busy);
        QVERIFY(!s.publish(QByteArray(s.size(), 'x'), std::chrono::hours(1)));
        QCOMPARE(s.error(), Error::Busy);
        QVERIFY(timer.elapsed() < Deadline);
        QCOMPARE(first.publish(), std::optional<quint64>(1));
        QVERIFY(!first.publish());
    }
    QVERIFY(s.publish(QByteArray(s.size(), 'x')));
    QCOMPARE(s.revision(), 2u);
}

void tst_Incumbent::destroyedWhileWriting()
{
    const QString name = uniqueName();
    auto s = std::make_unique<SharedSegment>(name);
    QVERIFY(create(*s, 4));
    SharedSegment reader(name);
    QVERIFY(reader.open());
    SharedWriter writer = s->beginWrite();
    QVERIFY(writer);
    std::memset(writer.bytes().data(), 'x', writer.bytes().size());
    s.reset();
    QVERIFY(!SharedSegment::exists(name));
    // No process owns it any more: the revision is dropped, and the last content stays.
    QVERIFY(!writer.publish());
    QCOMPARE(reader.revision(), 0u);
    QCOMPARE(reader.snapshot(), QByteArray(reader.size(), '\0'));
    QTRY_COMPARE_WITH_TIMEOUT(reader.state(), State::Orphaned, Deadline);
}

void tst_Incumbent::producersAndConsumersInThreads_data()
{
    QTest::addColumn<int>("producers");
    QTest::addColumn<int>("consumers");
    QTest::newRow("1 and 1") << 1 << 1;
    QTest::newRow("5 and 5") << 5 << 5;
}

void tst_Incumbent::producersAndConsumersInThreads()
{
    QFETCH(int, producers);
    QFETCH(int, consumers);
    constexpr quint64 Each = 2000;
    SharedArray<quint64> array(uniqueName());
    array.segment()->setBackend(backend());
    QVERIFY(array.create(16));
    const quint64 total = Each * quint64(producers);
    std::atomic<int> wrong = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < producers; ++i) {
        threads.emplace_back([&] {
            for (quint64 k = 0; k < Each; ++k) {
                auto w = array.beginWrite(std::chrono::seconds(30));
                if (!w) {
                    ++wrong;
                    return;
                }
                const quint64 next = w[0] + 1;
                std::fill(w.begin(), w.end(), next);
            }
        });
    }
    for (int i = 0; i < consumers; ++i) {
        threads.emplace_back([&] {
            quint64 last = 0;
            while (last < total && wrong == 0) {
                std::array<quint64, 16> values{};
                if (!array.read(values))
                    continue;
                if (values.front() < last || values.front() != values.back())
                    ++wrong;
                last = values.front();
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(wrong.load(), 0);
    QCOMPARE(array.readElement(0), total);
    QCOMPARE(array.revision(), total);
}

void tst_Incumbent::producersAndConsumersInProcesses_data()
{
    producersAndConsumersInThreads_data();
}

void tst_Incumbent::producersAndConsumersInProcesses()
{
    QFETCH(int, producers);
    QFETCH(int, consumers);
    constexpr quint64 Each = 1000;
    for (int round = 0; round < 5; ++round) {
        SharedArray<quint64> array(uniqueName());
        array.segment()->setBackend(backend());
        array.segment()->setMultipleWriters(true);
        QVERIFY(array.create(16));
        const QString name = array.segment()->name();
        const quint64 total = Each * quint64(producers);
        std::vector<pid_t> children;
        for (int i = 0; i < producers; ++i) {
            children.push_back(inChild([&] {
                SharedArray<quint64> own(name);
                if (!own.open(Access::ReadWrite))
                    return false;
                for (quint64 k = 0; k < Each; ++k) {
                    auto w = own.beginWrite(std::chrono::seconds(30));
                    if (!w)
                        return false;
                    const quint64 next = w[0] + 1;
                    std::fill(w.begin(), w.end(), next);
                }
                return true;
            }));
        }
        for (int i = 0; i < consumers; ++i) {
            children.push_back(inChild([&] {
                SharedArray<quint64> own(name);
                if (!own.open())
                    return false;
                quint64 last = 0;
                while (last < total) {
                    std::array<quint64, 16> values{};
                    if (!own.read(values))
                        continue;
                    if (values.front() < last || values.front() != values.back())
                        return false;
                    last = values.front();
                }
                return true;
            }));
        }
        for (const pid_t child : children)
            QVERIFY(succeeded(child));
        QCOMPARE(array.readElement(0), total);
        QCOMPARE(array.revision(), total);
    }
}

void tst_Incumbent::exhaustedMemoryStaysClean()
{
#ifdef __SANITIZE_ADDRESS__
    QSKIP("the address sanitizer takes terabytes of address space for itself, so that none can be limited");
#endif
    // A limit on the address space stands for a machine without memory; in a child, which cannot raise it again.
    const pid_t child = inChild([&] {
        rlimit limit = {1ull << 30, 1ull << 30};
        setrlimit(RLIMIT_AS, &limit);
        std::vector<std::unique_ptr<SharedSegment>> segments;
        for (int i = 0; i < 200; ++i) {
            auto s = std::make_unique<SharedSegment>(u"exhaust-%1-%2"_s.arg(getpid()).arg(i));
            s->setBackend(backend());
            s->setBufferCount(1);
            if (!s->create(SharedLayout::of<quint64>(), (16 << 20) / 8)) {
                const bool wasRefused = s->error() == Error::OutOfMemory;
                const auto count = SharedSegment::names().size();
                const bool isClean = count == qsizetype(segments.size());
                segments.resize(segments.size() / 2);
                return wasRefused && isClean && s->create(SharedLayout::of<quint64>(), (16 << 20) / 8);
            }
            segments.push_back(std::move(s));
        }
        return false;
    });
    QVERIFY(succeeded(child));
}

void tst_Incumbent::namesThatDifferInOneLetter()
{
    const QString prefix = uniqueName();
    SharedSegment a(prefix + QChar(0xe4));
    SharedSegment b(prefix + QChar(0xe5));
    SharedSegment c(prefix + u"a"_s + QChar(0x308)); // Decomposed: another name.
    QVERIFY(create(a) && create(b) && create(c));
    QVERIFY(a.publish(QByteArray(64, 'a')));
    QVERIFY(SharedSegment::exists(prefix + QChar(0xe5)));
    QCOMPARE(b.snapshot(), QByteArray(64, '\0'));
    QCOMPARE(c.snapshot(), QByteArray(64, '\0'));
}

QTEST_GUILESS_MAIN(tst_Incumbent)
#include "tst_incumbent.moc"
