// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// A forked child owns nothing and writes nothing of what its parent opened, by whichever call it was forked.

#include "../../support/posixchild.h"
#include "../../support/testsupport.h"

#include "engine/createsegment.h"
#include "engine/opensegment.h"
#include "engine/registry.h"
#include "engine/segment.h"
#include "engine/writetransaction.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedValue>

#include <QtCore/QElapsedTimer>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <fcntl.h>
#include <functional>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;
using namespace testsupport;
using Backend = SharedSegment::Backend;
using Error = SharedSegment::Error;
using State = SharedSegment::State;

namespace {

using Forking = pid_t (*)();

pid_t rawClone()
{
#ifdef Q_OS_LINUX
    return static_cast<pid_t>(syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr));
#else
    return fork();
#endif
}

pid_t withoutHandlers()
{
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 34)
    return _Fork();
#else
    return rawClone();
#endif
}

/// Runs `work` in a child forked in this way. @returns the line at which it failed, 0 for success, or minus the signal
/// that ended it.
int inChild(Forking forking, const std::function<int()> &work)
{
    const pid_t child = forking();
    if (child == 0) {
        alarm(60);
        _exit(work());
    }
    int status = 0;
    childprocess::waitForChild(child, &status);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/// What failed in a child, as its exit code: the line, from 1 on.
#define EXPECT(condition) \
    do { \
        if (!(condition)) { \
            qWarning("line %d: %s", __LINE__, #condition); \
            return 1 + __LINE__ % 255; \
        } \
    } while (false)

QByteArray filled(qsizetype size, char byte)
{
    return QByteArray(size, byte);
}

} // namespace

class tst_Fork : public QObject
{
    Q_OBJECT

private:
    RegistryFolder m_folder;

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void cleanup() { QCOMPARE(SharedSegment::names(), QStringList()); }

    void childWritesNothing_data();
    void childWritesNothing();
    void openingOfAWriter();
    void transactionOfTheParent_data() { childWritesNothing_data(); }
    void transactionOfTheParent();
    void live();
    void otherMemory();
    void grandchild();
    void daemon();
    void vforkIsNoChild();
    void noTornValue_data();
    void noTornValue();
    void locksOfOtherThreads();
    void childrenOfThreads();
};

void tst_Fork::childWritesNothing_data()
{
    QTest::addColumn<int>("way");
    QTest::addColumn<bool>("many");
    for (const bool many : {false, true}) {
        QTest::addRow("fork, %s", many ? "multiple writers" : "one writer") << 0 << many;
        QTest::addRow("_Fork, %s", many ? "multiple writers" : "one writer") << 1 << many;
        QTest::addRow("clone, %s", many ? "multiple writers" : "one writer") << 2 << many;
    }
}

static Forking forkingOf(int way)
{
    constexpr Forking Ways[] = {&fork, &withoutHandlers, &rawClone};
    return Ways[way];
}

void tst_Fork::childWritesNothing()
{
    QFETCH(int, way);
    QFETCH(bool, many);
    SharedArray<quint64> s(uniqueName("child"));
    s.segment()->setBackend(backend());
    s.segment()->setMultipleWriters(many);
    QVERIFY(s.create(8));
    QVERIFY(s.segment()->publish(filled(64, 1)));
    const int result = inChild(forkingOf(way), [&] {
        EXPECT(!s.segment()->publish(filled(64, 2)));
        EXPECT(s.error() == Error::PermissionDenied);
        EXPECT(s.errorString().contains(s.segment()->name()) && s.errorString().contains(u"forked"_s));
        EXPECT(!s.beginWrite());
        EXPECT(s.error() == Error::PermissionDenied);
        EXPECT(!s.segment()->isOwner());
        EXPECT(s.segment()->state() == State::Open);
        EXPECT(s.segment()->snapshot() == filled(64, 1));
        EXPECT(s.segment()->listenerCount() == 0);
        // What the child opens and creates itself is its own.
        SharedArray<quint64> own(uniqueName("own"));
        own.segment()->setBackend(backend());
        own.segment()->setMultipleWriters(many);
        EXPECT(own.create(8) && own.segment()->isOwner() && own.segment()->publish(filled(64, 3)));
        own.close();
        EXPECT(s.open(many ? SharedSegment::Access::ReadWrite : SharedSegment::Access::ReadOnly));
        EXPECT(s.segment()->publish(filled(64, 4)) == many);
        s.close();
        return 0;
    });
    QCOMPARE(result, 0);
    QVERIFY(s.segment()->isOwner());
    QCOMPARE(s.revision(), many ? 2u : 1u);
    QVERIFY2(s.segment()->publish(filled(64, 5)), qPrintable(s.errorString()));
    QVERIFY(SharedSegment::exists(s.segment()->name()));
}

void tst_Fork::openingOfAWriter()
{
    const auto peer = owner(uniqueName("peers"), backend(), 8, 0, true);
    SharedArray<quint64> s(SharedSegment::names().value(0));
    QVERIFY(s.open(SharedSegment::Access::ReadWrite));
    QVERIFY(s.segment()->publish(filled(64, 1)));
    const int result = inChild(&fork, [&] {
        EXPECT(!s.segment()->publish(filled(64, 2)) && s.error() == Error::PermissionDenied);
        EXPECT(s.errorString().contains(u"open it again"_s));
        EXPECT(s.open(SharedSegment::Access::ReadWrite) && s.segment()->publish(filled(64, 2)));
        return 0;
    });
    QCOMPARE(result, 0);
    QVERIFY(s.segment()->publish(filled(64, 3)));
    QCOMPARE(s.revision(), 3u);
}

void tst_Fork::transactionOfTheParent()
{
    QFETCH(int, way);
    QFETCH(bool, many);
    for (const int bufferCount : {1, 2}) {
        SharedArray<quint64> s(uniqueName("transaction"));
        s.segment()->setBackend(backend());
        s.segment()->setMultipleWriters(many);
        s.segment()->setBufferCount(bufferCount);
        QVERIFY(s.create(8));
        QVERIFY(s.segment()->publish(filled(64, 1)));
        auto writer = s.beginWrite();
        QVERIFY(writer);
        for (const bool explicitly : {false, true}) {
            const int result = inChild(forkingOf(way), [&] {
                auto inherited = std::move(writer);
                EXPECT(!explicitly || !inherited.publish());
                return 0;
            });
            QCOMPARE(result, 0);
            QCOMPARE(s.revision(), 1u);
        }
        // The lock still belongs to the parent.
        if (many) {
            const int result = childprocess::inChild([&] {
                SharedSegment other(s.segment()->name());
                EXPECT(other.open(SharedSegment::Access::ReadWrite));
                EXPECT(!other.publish(filled(64, 2), std::chrono::milliseconds(10)) && other.error() == Error::Busy);
                return 0;
            });
            QCOMPARE(result, 0);
        }
        std::fill(writer.begin(), writer.end(), 7u);
        QCOMPARE(writer.publish(), std::optional<quint64>(2));
        QCOMPARE(s.readElement(7), 7u);
    }
}

void tst_Fork::live()
{
    SharedArray<quint64> s(uniqueName("live"));
    s.segment()->setBackend(backend());
    s.segment()->setBufferCount(1);
    QVERIFY(s.create(8));
    const int result = inChild(&fork, [&] {
        EXPECT(s.live().empty());
        EXPECT(s.error() == Error::PermissionDenied);
        return 0;
    });
    QCOMPARE(result, 0);
    QCOMPARE(s.live().size(), 8u);
    QCOMPARE(s.error(), Error::NoError);
}

void tst_Fork::otherMemory()
{
    const QByteArray name = "/forked-" + QByteArray::number(getpid());
    const int descriptor = shm_open(name.constData(), O_RDWR | O_CREAT, 0600);
    QVERIFY(descriptor != -1);
    QCOMPARE(ftruncate(descriptor, 64), 0);
    SharedArray<quint64> s;
    QVERIFY(s.openExternal(QString::fromLatin1(name), 0, SharedSegment::Access::ReadWrite));
    QVERIFY(s.segment()->publish(filled(64, 1)));
    const int result = inChild(&fork, [&] {
        EXPECT(s.segment()->snapshot() == filled(64, 1));
        EXPECT(!s.segment()->publish(filled(64, 2)) && s.error() == Error::PermissionDenied);
        EXPECT(!s.beginWrite());
        EXPECT(s.live().empty());
        EXPECT(s.segment()->snapshot() == filled(64, 1));
        s.close();
        return 0;
    });
    shm_unlink(name.constData());
    close(descriptor);
    QCOMPARE(result, 0);
    QCOMPARE(s.segment()->snapshot(), filled(64, 1));
    QVERIFY(s.segment()->publish(filled(64, 3)));
}

void tst_Fork::grandchild()
{
    // Whether or not the processes between have used the library themselves.
    SharedValue<quint64> s(uniqueName("grandchild"));
    s.segment()->setBackend(backend());
    QVERIFY(s.create());
    for (const Forking forking : {Forking(&fork), &rawClone}) {
        for (const bool uses : {false, true}) {
            const int result = inChild(forking, [&] {
                SharedValue<quint64> own(uniqueName("between"));
                EXPECT(!uses || (own.create() && own.set(1)));
                return inChild(forking, [&] {
                    EXPECT(!s.set(2) && s.error() == Error::PermissionDenied);
                    EXPECT(!uses || (!own.set(2) && own.error() == Error::PermissionDenied));
                    SharedValue<quint64> third(uniqueName("third"));
                    EXPECT(third.create() && third.set(3));
                    return 0;
                });
            });
            QCOMPARE(result, 0);
        }
    }
    QVERIFY(s.set(1));
    QCOMPARE(s.revision(), 1u);
}

void tst_Fork::daemon()
{
    int report[2];
    QCOMPARE(pipe(report), 0);
    const QString name = uniqueName("daemon");
    const pid_t child = fork();
    if (child == 0) {
        alarm(60);
        SharedValue<quint64> s(name);
        s.segment()->setBackend(backend());
        if (!s.create() || ::daemon(1, 1) != 0)
            _exit(1);
        const auto work = [&] {
            EXPECT(!s.set(2) && s.error() == Error::PermissionDenied);
            QElapsedTimer timer;
            timer.start();
            while (s.segment()->state() == State::Open && timer.elapsed() < Deadline)
                std::this_thread::yield(); // Until its parent, which does not wait, has ended.
            EXPECT(s.segment()->state() == State::Orphaned);
            EXPECT(!s.segment()->isOwner() && !s.set(3));
            EXPECT(s.create() && s.set(4) && s.get() == 4 && s.segment()->isOwner());
            EXPECT(SharedSegment::exists(name));
            return 0;
        };
        const char result = char(work());
        s.close();
        [[maybe_unused]] const ssize_t written = write(report[1], &result, 1);
        _exit(0);
    }
    QCOMPARE(childprocess::waitForChild(child), child);
    close(report[1]);
    char result = 99;
    QCOMPARE(read(report[0], &result, 1), 1);
    close(report[0]);
    QCOMPARE(int(result), 0);
}

void tst_Fork::vforkIsNoChild()
{
    SharedValue<quint64> s(uniqueName("vfork"));
    s.segment()->setBackend(backend());
    QVERIFY(s.create());
    // Not in a register, which the child may change.
    static sharedsegment::os::ProcessToken token;
    token = sharedsegment::os::processToken();
    volatile bool isSame = false;
    const pid_t child = vfork();
    if (child == 0) {
        isSame = sharedsegment::os::isThisProcess(token);
        _exit(0);
    }
    QCOMPARE(childprocess::waitForChild(child), child);
    QVERIFY(isSame);
    QVERIFY(s.set(1));
    QProcess program;
    program.start(u"true"_s);
    QVERIFY(program.waitForFinished(Deadline));
    QVERIFY(s.segment()->isOwner() && s.set(2));
}

void tst_Fork::noTornValue_data()
{
    QTest::addColumn<bool>("many");
    QTest::newRow("one writer") << false;
    QTest::newRow("multiple writers") << true;
}

void tst_Fork::noTornValue()
{
    QFETCH(bool, many);
    constexpr qsizetype Size = 8 * 4096;
    constexpr int Publications = 1500;
    SharedArray<quint64> s(uniqueName("torn"));
    s.segment()->setBackend(backend());
    s.segment()->setMultipleWriters(many);
    s.segment()->setBufferCount(2);
    QVERIFY(s.create(Size / 8));
    QVERIFY(s.segment()->publish(filled(Size, 1)));
    int report[2];
    QCOMPARE(pipe(report), 0);
    const pid_t reader = fork();
    if (reader == 0) {
        alarm(60);
        SharedSegment r(s.segment()->name());
        long counts[2] = {0, 0}; // Good and torn.
        QByteArray value;
        bool isOpen = r.open();
        [[maybe_unused]] ssize_t written = write(report[1], "r", 1);
        while (isOpen && (value.isEmpty() || value[0] != 9)) {
            value = r.snapshot();
            if (!value.isEmpty())
                ++counts[value.count(value[0]) == value.size() ? 0 : 1];
        }
        written = write(report[1], counts, sizeof counts);
        _exit(0);
    }
    char ready = 0;
    QCOMPARE(read(report[0], &ready, 1), 1);
    const pid_t child = fork();
    const QByteArray mine[2] = {filled(Size, child ? 1 : 3), filled(Size, child ? 2 : 4)};
    int published = 0;
    for (int i = 0; i < Publications; ++i)
        published += s.segment()->publish(mine[i % 2], std::chrono::seconds(10)) ? 1 : 0;
    if (child == 0)
        _exit(published == 0 ? 0 : 1);
    int status = -1;
    QCOMPARE(childprocess::waitForChild(child, &status), child);
    QVERIFY(s.segment()->publish(filled(Size, 9)));
    long counts[2] = {0, 0};
    QCOMPARE(read(report[0], counts, sizeof counts), ssize_t(sizeof counts));
    QCOMPARE(childprocess::waitForChild(reader), reader);
    close(report[0]);
    close(report[1]);
    QVERIFY(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    QCOMPARE(published, Publications);
    QCOMPARE(s.revision(), quint64(Publications) + 2);
    QVERIFY(counts[0] > 0);
    QCOMPARE(counts[1], 0);
}

void tst_Fork::locksOfOtherThreads()
{
    // A child is forked while another thread notifies the observers and holds their lock.
    using sharedsegment::engine::Segment;
    sharedsegment::engine::CreateOptions options;
    options.backend = static_cast<sharedsegment::os::Backend>(backend());
    options.capacity = 1;
    auto created = sharedsegment::engine::createSegment(sharedsegment::engine::Registry::ofEnvironment(),
                                                        uniqueName("locks").toStdString(),
                                                        SharedLayout::of<quint64>().native(), options);
    QVERIFY(created);
    std::atomic<bool> isInside = false;
    std::atomic<bool> mayGoOn = false;
    int key = 0;
    created->segment->observers().add(&key, [&] {
        isInside = true;
        isInside.notify_one();
        mayGoOn.wait(false);
    });
    std::thread publisher([&] {
        const quint64 value = 1;
        [[maybe_unused]] const auto done = sharedsegment::engine::publish(*created->segment,
                                                                          std::as_bytes(std::span(&value, 1)),
                                                                          std::chrono::seconds(0));
    });
    isInside.wait(false);
    for (const Forking forking : {Forking(&fork), &rawClone}) {
        const int result = inChild(forking, [&] {
            alarm(10);
            created->segment->observers().arm(&key);
            created->segment->observers().remove(&key);
            EXPECT(created->segment->listenerCount() == 0);
            EXPECT(!created->segment->listen());
            created->ownership.reset();
            created->segment.reset();
            return 0;
        });
        if (result != 0) {
            mayGoOn = true;
            mayGoOn.notify_one();
            publisher.join();
        }
        QCOMPARE(result, 0);
    }
    mayGoOn = true;
    mayGoOn.notify_one();
    publisher.join();
}

void tst_Fork::childrenOfThreads()
{
#ifdef __SANITIZE_ADDRESS__
    QSKIP(
        "in a child, the sanitizer's allocator waits for ever for what another thread of its parent was allocating (GCC 12)");
#endif
    std::atomic<bool> end = false;
    const QString name = uniqueName("threads");
    SharedValue<quint64> s(name);
    QVERIFY(s.create());
    const auto segmentBackend = static_cast<sharedsegment::os::Backend>(backend());
    const auto makeOne = [segmentBackend](const std::string &unique) {
        sharedsegment::engine::CreateOptions options;
        options.backend = segmentBackend;
        options.capacity = 1;
        const auto made = sharedsegment::engine::createSegment(sharedsegment::engine::Registry::ofEnvironment(), unique,
                                                               SharedLayout::of<quint64>().native(), options);
        if (!made)
            qWarning("%s: %s", unique.c_str(), made.error().text.c_str());
        return bool(made);
    };
    std::vector<std::thread> threads;
    threads.emplace_back([&] {
        while (!end)
            makeOne("thread");
    });
    threads.emplace_back([&] {
        while (!end)
            [[maybe_unused]] const auto opened =
                sharedsegment::engine::openSegment(sharedsegment::engine::Registry::ofEnvironment(), name.toStdString(),
                                                   sharedsegment::os::Access::ReadOnly);
    });
    threads.emplace_back([&] {
        while (!end)
            s.revision(); // From another thread than the object's.
    });
    int bad = 0;
    for (int i = 0; i < 400 && bad == 0; ++i) {
        bad = inChild(&fork, [&] {
            alarm(10);
            EXPECT(makeOne("child" + std::to_string(getpid())));
            EXPECT(s.revision() == 0);
            s.close();
            return 0;
        });
    }
    end = true;
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(bad, 0);
}

QTEST_GUILESS_MAIN(tst_Fork)
#include "tst_fork.moc"
