// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Streams without Qt whose owner is another process: waiting for it, and its end.

#include "streamtest.h"

#include <array>

#ifdef Q_OS_UNIX
#include "../../support/posixchild.h"

#include <poll.h>
#endif

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace streamtest;

using sharedsegment::ErrorCode;
using sharedsegment::RevisionInfo;
using sharedsegment::StreamConsumer;

class tst_StreamWaiting : public StreamTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void cleanup() { checkNothingIsLeft(); }

    void waits();
    void descriptor();
    void ownerKilled();
    void ownerKilledWhileItAppends();
    void goesOnInAReplacement();
    void inAForkedChild();

private:
    static std::unique_ptr<Peer> ready(std::unique_ptr<Peer> peer)
    {
        const QString answer = peer->line();
        if (answer != u"ready"_s)
            qWarning("peer: %s", qPrintable(answer));
        return peer;
    }
    static std::unique_ptr<Peer> producer(const std::string &name, int capacity)
    {
        return ready(std::make_unique<Peer>(QStringList{QString::fromStdString(name), QString::number(capacity),
                                                        nameOf(backend()), u"0"_s, u"one"_s, u"stream"_s}));
    }
};

void tst_StreamWaiting::waits()
{
    const std::string name = uniqueUtf8();
    const auto peer = producer(name, 8);
    StreamConsumer<Reading> consumer(name);
    QVERIFY2(consumer.waitForOpened(in(Long)), consumer.errorString().c_str());
    QVERIFY(!consumer.waitForUpdated(in(30ms)));
    QCOMPARE(consumer.error(), ErrorCode::NoError);
    int next = 0;
    for (int i = 0; i < 20; ++i) {
        peer->tell("append 3");
        for (const int end = next + 3; next < end;) {
            QVERIFY2(consumer.waitForUpdated(in(Long)), consumer.errorString().c_str());
            for (const Reading &reading : consumer.readNew(2))
                QCOMPARE(reading.id, next++);
        }
        QCOMPARE(peer->line(), u"ok"_s);
    }
    QVERIFY(!consumer.waitForUpdated(in(0ms)));
    // Nothing that can be read is left behind by a seek.
    consumer.seekToOldest();
    QVERIFY(consumer.waitForUpdated(in(0ms)));
    QCOMPARE(consumer.readNew().size(), 8u);
    QVERIFY(peer->finish());
    QVERIFY(!consumer.waitForUpdated(RawStreamConsumer::Deadline::max()));
    QCOMPARE(consumer.error(), ErrorCode::NotFound);
    QCOMPARE(consumer.lost(), 0u);
}

void tst_StreamWaiting::descriptor()
{
#ifdef Q_OS_UNIX
    const std::string name = uniqueUtf8();
    const auto peer = producer(name, 8);
    StreamConsumer<Reading> consumer(name);
    QVERIFY(consumer.open());
    pollfd event{static_cast<int>(consumer.raw().updateDescriptor()), POLLIN, 0};
    QVERIFY2(event.fd >= 0, consumer.errorString().c_str());
    QVERIFY(!consumer.waitForUpdated(in(0ms)));
    for (int i = 0; i < 3; ++i) {
        QCOMPARE(::poll(&event, 1, 0), 0);
        QCOMPARE(peer->ask("append 1"), u"ok"_s);
        QCOMPARE(::poll(&event, 1, Deadline), 1);
        QVERIFY(consumer.waitForUpdated(in(0ms)));
        QCOMPARE(consumer.readNew().size(), 1u);
        QVERIFY(!consumer.waitForUpdated(in(0ms)));
    }
    peer->kill();
    QCOMPARE(::poll(&event, 1, Deadline), 1);
    QVERIFY(!consumer.waitForUpdated(in(Long)));
    QCOMPARE(consumer.error(), ErrorCode::NotFound);
#else
    QSKIP("Windows groups no handles");
#endif
}

void tst_StreamWaiting::ownerKilled()
{
    const std::string name = uniqueUtf8();
    auto peer = producer(name, 8);
    StreamConsumer<Reading> consumer(name);
    QVERIFY(consumer.open());
    QCOMPARE(peer->ask("append 6"), u"ok"_s);
    QCOMPARE(consumer.readNew(2).size(), 2u);
    peer->kill();
    // What was appended is still reported and read.
    QVERIFY(consumer.waitForUpdated(in(Long)));
    const std::vector<Reading> rest = consumer.readNew();
    QCOMPARE(rest.size(), 4u);
    QCOMPARE(rest.back().id, 5);
    QVERIFY(!consumer.waitForUpdated(in(Long)));
    QCOMPARE(consumer.error(), ErrorCode::NotFound);
    QVERIFY(!consumer.raw().hasOwner());
    consumer.close();
    peer = producer(name, 8);
    QVERIFY2(consumer.waitForOpened(in(Long)), consumer.errorString().c_str());
    QCOMPARE(consumer.position(), 0u);
    QVERIFY(peer->finish());
}

void tst_StreamWaiting::ownerKilledWhileItAppends()
{
    const std::string name = uniqueUtf8();
    for (int i = 0; i < 20; ++i) {
        const auto peer = producer(name, i % 2 == 0 ? 16 : 1000);
        StreamConsumer<Reading> consumer(name);
        QVERIFY2(consumer.open(), consumer.errorString().c_str());
        std::uint64_t next = 0;
        std::uint64_t read = 0;
        std::array<Reading, 700> readings;
        const auto take = [&] {
            const std::optional<RevisionInfo> revision = consumer.read(readings);
            if (!revision)
                return false;
            next = revision->number - revision->count;
            for (const Reading &reading : std::span(readings).first(static_cast<std::size_t>(revision->count))) {
                if (reading.id != static_cast<int>(next) || reading.value != reading.id + 0.5)
                    return false;
                ++next;
            }
            read += revision->count;
            return read + consumer.lost() == next;
        };
        QCOMPARE(peer->ask("spin"), u"spinning"_s);
        for (const QDeadlineTimer end(20 + i); !end.hasExpired() || consumer.position() == 0;)
            QVERIFY(take());
        peer->kill();
        while (consumer.waitForUpdated(in(Long)))
            QVERIFY(take());
        QCOMPARE(consumer.error(), ErrorCode::NotFound);
        QCOMPARE(read + consumer.lost(), consumer.raw().newest());
        QVERIFY(read > 0);
    }
}

void tst_StreamWaiting::goesOnInAReplacement()
{
    const std::string name = uniqueUtf8();
    const auto peer = ready(std::make_unique<Peer>(QStringList{u"own"_s, QString::fromStdString(name), u"u64"_s, u"8"_s,
                                                               nameOf(backend()), u"0"_s, u"one"_s, u"stream"_s},
                                                   testPath("ENGINEPEER")));
    StreamConsumer<std::uint64_t> consumer(name);
    QVERIFY2(consumer.open(), consumer.errorString().c_str());
    QCOMPARE(peer->ask("append 6"), u"appended 6"_s);
    QCOMPARE(consumer.readNew(1), ramp(1, 1)); // The peer's elements have their number + 1.
    QCOMPARE(peer->ask("recreate 3"), u"recreated"_s);
    QCOMPARE(peer->ask("append 1"), u"appended 7"_s);
    QVERIFY(consumer.waitForUpdated(in(Long)));
    QCOMPARE(consumer.readNew(2), ramp(2, 2));
    const std::uint64_t position = consumer.position();
    consumer.seekToNewest();
    QVERIFY(!consumer.waitForUpdated(in(Long)));
    QCOMPARE(consumer.error(), ErrorCode::NotFound);
    QVERIFY2(consumer.errorString().find("replaced") != std::string::npos, consumer.errorString().c_str());
    consumer.close();
    QVERIFY(consumer.open());
    QCOMPARE(consumer.capacity(), 3u);
    QCOMPARE(consumer.position(), 7u);
    // As many as fit came along, and the others are counted.
    consumer.seek(position);
    QCOMPARE(consumer.readNew(), ramp(5, 3));
    QCOMPARE(consumer.lost(), 1u);
    QVERIFY(peer->finish());
}

void tst_StreamWaiting::inAForkedChild()
{
#ifdef Q_OS_UNIX
    const std::string name = uniqueUtf8();
    const auto peer = producer(name, 8);
    StreamConsumer<Reading> consumer(name);
    QVERIFY(consumer.open());
    QCOMPARE(peer->ask("append 2"), u"ok"_s);
    QCOMPARE(childprocess::inChild([&] {
                 if (consumer.readNew().size() != 2)
                     return 1;
                 return !consumer.waitForUpdated(in(Long)) && consumer.error() == ErrorCode::PermissionDenied ? 0 : 2;
             }),
             0);
    QCOMPARE(consumer.readNew().size(), 2u);
    Producer<std::uint64_t> own(uniqueUtf8());
    QVERIFY(own.createStream(8, options()));
    QCOMPARE(
        childprocess::inChild([&] { return !own.append(1) && own.error() == ErrorCode::PermissionDenied ? 0 : 1; }), 0);
    QCOMPARE(own.raw().revision(), 0u);
    QVERIFY(peer->finish());
#else
    QSKIP("Windows has no fork");
#endif
}

QTEST_GUILESS_MAIN(tst_StreamWaiting)
#include "tst_streamwaiting.moc"
