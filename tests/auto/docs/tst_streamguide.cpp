// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The C++ of the guide's page on streams, word for word: does it do what the text around it says?

#include "../../support/testsupport.h"

#include <SharedSegment/SharedStream>

#include <QtCore/QDateTime>
#include <QtCore/QScopeGuard>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include <array>
#include <atomic>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace testsupport;

struct Sample
{
    qint64 time; // ns since 1970
    double value;
};
SHARED_STRUCT(Sample, time, value)

namespace {

qint64 now()
{
    return QDateTime::currentMSecsSinceEpoch() * 1'000'000;
}

std::vector<Sample> samples(double first, std::size_t count)
{
    std::vector<Sample> batch(count);
    for (std::size_t i = 0; i < count; ++i)
        batch[i] = {now(), first + double(i)};
    return batch;
}

QList<double> ramp(double first, qsizetype count)
{
    QList<double> values;
    for (qsizetype i = 0; i < count; ++i)
        values += first + double(i);
    return values;
}

/// The owner of "samples" as another process: appends as many as each line of its input says.
int measure()
{
    SharedStream<Sample> out(u"samples"_s);
    QTextStream input(stdin);
    QTextStream output(stdout);
    output << (out.create(100) ? u"ready"_s : out.errorString()) << Qt::endl;
    while (!input.atEnd()) {
        const auto count = input.readLine().toULongLong();
        output << (out.append(samples(double(out.segment()->revision()), count)) ? u"appended"_s : out.errorString())
               << Qt::endl;
    }
    return 0;
}

} // namespace

class tst_StreamGuide : public QObject
{
    Q_OBJECT

private:
    RegistryFolder m_folder;
    QList<double> m_stored;
    QStringList m_log;

    void store(const Sample &sample) { m_stored += sample.value; }
    void log(const QString &line) { m_log += line; }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u".*"_s));
        m_stored.clear();
        m_log.clear();
    }
    void cleanup() { QCOMPARE(SharedSegment::names(), QStringList()); }

    void bothSides();
    void loss();
    void inPieces();
    void largerCapacity();
    void historyFirst();
    void earlierRun();
    void anotherReader();
    void anotherThread();
    void withoutEventLoop();
    void multipleWriters();
    void restartedOwner();
    void equalPeers();
};

void tst_StreamGuide::bothSides()
{
    const std::vector<Sample> batch = samples(1, 50);
    SharedStream<Sample> out(u"samples"_s);
    out.create(100'000); // keeps the newest 100 000

    SharedStream<Sample> in(u"samples"_s);
    QObject::connect(in.segment(), &SharedSegment::updated, this, [&] {
        for (const Sample &sample : in.readNew())
            store(sample);
    });
    in.segment()->setActive(true);
    QTRY_VERIFY_WITH_TIMEOUT(in.isOpen(), Deadline);

    out.append({now(), 0});
    out.append(batch); // a span, with one timestamp and one notification

    QTRY_COMPARE_WITH_TIMEOUT(m_stored.size(), 51, Deadline);
    QCOMPARE(m_stored, ramp(0, 51));
    QCOMPARE(in.lost(), 0u);
}

void tst_StreamGuide::loss()
{
    SharedStream<Sample> out(u"samples"_s);
    QVERIFY(out.create(10));
    SharedStream<Sample> in(u"samples"_s);
    QVERIFY(in.open());
    const auto read = [&] {
        const quint64 before = in.lost();
        const QList<Sample> fresh = in.readNew();
        if (in.lost() > before)
            log(u"%1 missing"_s.arg(in.lost() - before)); // before the first of `fresh`
        for (const Sample &sample : fresh)
            store(sample);

        const quint64 first = in.position() - quint64(fresh.size()); // the number of the first of `fresh`
        return first;
    };
    QVERIFY(out.append(samples(0, 4)));
    QCOMPARE(read(), 0u);
    QVERIFY(out.append(samples(4, 8)));
    QVERIFY(out.append(samples(12, 8)));
    QCOMPARE(read(), 10u);
    QCOMPARE(m_stored, ramp(0, 4) + ramp(10, 10));
    QCOMPARE(m_log, QStringList(u"6 missing"_s));
    // More than the capacity goes in pieces; with a reader that does not keep up, what is left is the newest.
    QVERIFY(out.append(samples(20, 35)));
    QCOMPARE(read(), 45u);
    QCOMPARE(quint64(m_stored.size()) + in.lost(), 55u);
}

void tst_StreamGuide::inPieces()
{
    SharedStream<Sample> out(u"samples"_s);
    QVERIFY(out.create(1000));
    SharedStream<Sample> in(u"samples"_s);
    QVERIFY(in.open());
    QVERIFY(out.append(samples(0, 600)));

    std::array<Sample, 256> some;
    while (const qsizetype count = in.read(some)) {
        for (const Sample &sample : std::span(some).first(std::size_t(count)))
            store(sample);
    }

    QCOMPARE(m_stored, ramp(0, 600));
    QCOMPARE(in.available(), 0u);
}

void tst_StreamGuide::largerCapacity()
{
    SharedStream<Sample> out(u"samples"_s);
    QVERIFY(out.create(100));
    SharedStream<Sample> in(u"samples"_s);
    QVERIFY(in.open());
    QVERIFY(out.append(samples(0, 100)));
    QSignalSpy reopened(in.segment(), &SharedSegment::reopened);

    if (!out.segment()->recreate(200'000))
        qWarning() << out.errorString();

    QVERIFY(out.append(samples(100, 100)));
    QTRY_COMPARE_WITH_TIMEOUT(reopened.size(), 1, Deadline);
    for (const Sample &sample : in.readNew())
        store(sample);
    QCOMPARE(m_stored, ramp(0, 200));
    QCOMPARE(in.lost(), 0u);
}

void tst_StreamGuide::historyFirst()
{
    SharedStream<Sample> out(u"samples"_s);
    QVERIFY(out.create(100));
    QVERIFY(out.append(samples(0, 250)));

    SharedStream<Sample> late(u"samples"_s);
    const auto storeNew = [&] {
        for (const Sample &sample : late.readNew())
            store(sample);
    };
    QObject::connect(late.segment(), &SharedSegment::opened, this, storeNew); // what is there already
    QObject::connect(late.segment(), &SharedSegment::updated, this, storeNew);
    late.seek(SharedStream<Sample>::Oldest);
    late.segment()->setActive(true);

    QTRY_COMPARE_WITH_TIMEOUT(m_stored, ramp(150, 100), Deadline);
    QVERIFY(out.append(samples(250, 50)));
    QTRY_COMPARE_WITH_TIMEOUT(m_stored, ramp(150, 150), Deadline);
    QCOMPARE(late.lost(), 0u);
}

void tst_StreamGuide::earlierRun()
{
    SharedStream<Sample> out(u"samples"_s);
    QVERIFY(out.create(100));
    QVERIFY(out.append(samples(0, 50)));
    quint64 savedPosition = 0;
    QString savedInstance;
    {
        SharedStream<Sample> in(u"samples"_s);
        in.seek(SharedStream<Sample>::Oldest);
        QVERIFY(in.open());
        QCOMPARE(in.readNew(20).size(), 20);

        savedPosition = in.position();
        savedInstance = in.segment()->instance();
    }
    for (const bool isRestarted : {false, true}) {
        if (isRestarted) {
            out.close();
            QVERIFY(out.create(100) && out.append(samples(0, 50)));
        }
        SharedStream<Sample> in(u"samples"_s);
        if (in.open() && in.segment()->instance() == savedInstance)
            in.seek(savedPosition); // what is gone since then counts as lost
        else
            in.seek(SharedStream<Sample>::Oldest); // another owner: its numbers begin at 0

        for (const Sample &sample : in.readNew())
            store(sample);
    }
    QCOMPARE(m_stored, ramp(20, 30) + ramp(0, 50));
}

void tst_StreamGuide::anotherReader()
{
    SharedStream<Sample> out(u"samples"_s);
    QVERIFY(out.create(100));
    SharedStream<Sample> in(u"samples"_s);
    QVERIFY(in.open());
    std::array<Sample, 256> some;
    const auto storeNew = [&](SharedStreamReader &recorder) {
        if (const qsizetype count = recorder.read(std::as_writable_bytes(std::span(some)))) {
            for (const Sample &sample : std::span(some).first(std::size_t(count)))
                store(sample);
        }
    };

    SharedStreamReader recorder(in.segment()); // begins at the newest element, too

    QVERIFY(out.append(samples(0, 8)));
    QCOMPARE(in.readNew().size(), 8);
    storeNew(recorder);
    QCOMPARE(m_stored, ramp(0, 8));
    QVERIFY(out.append(samples(8, 100)));
    QVERIFY(out.append(samples(108, 8)));
    storeNew(recorder);
    QCOMPARE(recorder.lost(), 8u);
    QCOMPARE(in.lost(), 0u);
}

void tst_StreamGuide::anotherThread()
{
    SharedStream<Sample> out(u"samples"_s);
    QVERIFY(out.create(100));
    SharedStream<Sample> in(u"samples"_s);
    QVERIFY(in.open());
    std::atomic<quint64> sum = 0;
    SharedStreamReader reader(in.segment());

    std::thread worker([&] {
        while (sum < 50 && in.waitForUpdated(reader.position(), QDeadlineTimer(20s)))
            sum += quint64(reader.readNew().size()) / sizeof(Sample);
    });

    const auto joined = qScopeGuard([&] { worker.join(); });
    for (int i = 0; i < 5; ++i)
        QVERIFY(out.append(samples(10 * i, 10)));
    QTRY_COMPARE_WITH_TIMEOUT(sum.load(), 50u, Deadline);
}

void tst_StreamGuide::withoutEventLoop()
{
    SharedSegment::Error error = SharedSegment::Error::SystemError;
    std::atomic<bool> isOpen = false;
    std::thread thread([&] {
        SharedStream<Sample> in(u"samples"_s);
        if (!in.waitForOpened(QDeadlineTimer(20s)))
            qWarning() << in.errorString();
        isOpen = true;
        while (in.waitForUpdated(in.position(), QDeadlineTimer(20s))) {
            for (const Sample &sample : in.readNew())
                store(sample);
        }
        error = in.error();
    });
    {
        const auto joined = qScopeGuard([&] { thread.join(); });
        SharedStream<Sample> out(u"samples"_s);
        QVERIFY(out.create(100));
        QTRY_VERIFY_WITH_TIMEOUT(isOpen, Deadline);
        QVERIFY(out.append(samples(0, 3)));
        QVERIFY(out.append(samples(3, 30)));
    } // The owner closes, then the thread ends.
    QCOMPARE(error, SharedSegment::Error::NotFound);
    QCOMPARE(m_stored, ramp(0, 33));
}

void tst_StreamGuide::multipleWriters()
{
    SharedStream<Sample> events(u"events"_s);
    events.segment()->setMultipleWriters(true);
    events.create(1000);

    const std::vector<Sample> batch = samples(0, 8);
    SharedStream<Sample> other(u"events"_s);
    if (other.open(SharedSegment::Access::ReadWrite) && !other.append(batch, 50ms))
        qWarning() << other.errorString(); // Busy: another writer has been appending for 50 ms

    QCOMPARE(events.readNew().size(), 8);
    QVERIFY(!other.append(samples(0, 1001)));
    QCOMPARE(other.error(), SharedSegment::Error::InvalidSize);
    QCOMPARE(events.available(), 0u);
}

void tst_StreamGuide::restartedOwner()
{
    const auto start = [] {
        auto owner = std::make_unique<Peer>(QStringList(u"measure"_s), QCoreApplication::applicationFilePath());
        return owner->line() == u"ready"_s ? std::move(owner) : nullptr;
    };
    SharedStream<Sample> in(u"samples"_s);
    quint64 lost = 0;
    quint64 counted = 0;
    // clang-format off
    QObject::connect(in.segment(), &SharedSegment::closed, this, [&] {
        lost += in.lost(); // of the owner that is gone
    });
    // clang-format on
    const auto storeNew = [&] {
        for (const Sample &sample : in.readNew())
            store(sample);
        counted = lost + in.lost();
    };
    QObject::connect(in.segment(), &SharedSegment::opened, this, storeNew);
    QObject::connect(in.segment(), &SharedSegment::updated, this, storeNew);
    in.seek(SharedStream<Sample>::Oldest);
    in.segment()->setActive(true);
    for (int i = 1; i <= 2; ++i) {
        auto owner = start();
        QVERIFY(owner);
        QTRY_COMPARE_WITH_TIMEOUT(in.segment()->state(), SharedSegment::State::Open, Deadline);
        QCOMPARE(owner->ask("50"), u"appended"_s);
        QTRY_COMPARE_WITH_TIMEOUT(m_stored.size(), 150 * (i - 1) + 50, Deadline);
        // While this process is busy.
        QCOMPARE(owner->ask("90"), u"appended"_s);
        QCOMPARE(owner->ask("30"), u"appended"_s);
        owner->kill();
        QTRY_COMPARE_WITH_TIMEOUT(in.segment()->state(), SharedSegment::State::Orphaned, Deadline);
        QCOMPARE(m_stored.size(), 150 * i); // the last append precedes orphaned()
        QCOMPARE(counted, quint64(20 * i));
    }
    in.close();
    QCOMPARE(m_stored, ramp(0, 50) + ramp(70, 100) + ramp(0, 50) + ramp(70, 100));
    QCOMPARE(lost, 40u);
}

void tst_StreamGuide::equalPeers()
{
    SharedStream<Sample> first(u"events"_s);
    first.segment()->setMultipleWriters(true);
    QVERIFY(first.createOrOpen(100));
    QVERIFY(first.append(samples(0, 10)));

    SharedStream<Sample> peer(u"events"_s);
    peer.segment()->setMultipleWriters(true);
    // clang-format off
    QObject::connect(peer.segment(), &SharedSegment::closed, this, [&] {
        peer.seek(peer.position()); // the next owner's numbers go on
    });
    // clang-format on
    if (peer.createOrOpen(100))
        peer.segment()->setActive(true);

    QVERIFY(first.append(samples(10, 10)));
    QCOMPARE(peer.readNew(4).size(), 4);
    first.close();
    QTRY_VERIFY_WITH_TIMEOUT(peer.segment()->isOwner(), Deadline);
    QVERIFY(peer.append(samples(20, 10)));
    for (const Sample &sample : peer.readNew())
        store(sample);
    QCOMPARE(m_stored, ramp(14, 16));
    peer.close();
}

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    if (app.arguments().value(1) == u"measure"_s)
        return measure();
    tst_StreamGuide test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_streamguide.moc"
