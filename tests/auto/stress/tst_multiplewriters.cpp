// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "../../peer/pattern.h"
#include "../../support/testsupport.h"

#include <QtCore/QElapsedTimer>
#include <QtTest/QSignalSpy>

#include <future>
#include <thread>

using namespace Qt::StringLiterals;
using namespace testsupport;
using Access = SharedSegment::Access;
using Error = SharedSegment::Error;

namespace {

constexpr int Words = 512;
constexpr quint64 HolderKey = 77;
constexpr std::chrono::milliseconds ShortWait{100};
constexpr qint64 GenerousMilliseconds = 5000; // the most that a busy machine may take

/// tests/auto/stress/holder.cpp. The destructor kills it.
class Holder
{
public:
    explicit Holder(const QString &name)
    {
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(testPath("HOLDER"), {name});
    }
    ~Holder() { kill(); }
    QString line()
    {
        while (!m_process.canReadLine()) {
            if (!m_process.waitForReadyRead(Deadline))
                return u"timeout"_s;
        }
        return QString::fromUtf8(m_process.readLine()).trimmed();
    }
    QString ask(const char *what)
    {
        m_process.write(what);
        m_process.write("\n");
        m_process.waitForBytesWritten(Deadline);
        return line();
    }
    void kill()
    {
        if (m_process.state() == QProcess::NotRunning)
            return;
        m_process.kill();
        m_process.waitForFinished(Deadline);
    }

private:
    QProcess m_process;
};

QByteArray content(quint64 key)
{
    QByteArray bytes(Words * 8, '\0');
    pattern::fill(std::as_writable_bytes(std::span(bytes.data(), std::size_t(bytes.size()))), key);
    return bytes;
}

bool isWhole(const QByteArray &bytes)
{
    return bytes.size() == Words * 8
        && pattern::isWhole(std::as_bytes(std::span(bytes.constData(), std::size_t(bytes.size()))));
}

} // namespace

class tst_MultipleWriters : public QObject
{
    Q_OBJECT

private:
    RegistryFolder m_folder;

    static void addBufferRows()
    {
        QTest::addColumn<int>("buffers");
        for (const int buffers : {1, 2, 4})
            QTest::addRow("%d buffers", buffers) << buffers;
    }

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void cleanup()
    {
        QCOMPARE(SharedSegment::names(), QStringList());
        QCOMPARE(m_folder.files(), QStringList());
    }

    void anyProcessMayWrite();
    void oneWriterAlone();
    void busyWhileHeld_data() { addBufferRows(); }
    void busyWhileHeld();
    void longWaits_data();
    void longWaits();
    void othersResetNothing();
    void deadHolder_data() { addBufferRows(); }
    void deadHolder();
    void deadInItsBuffer_data() { addBufferRows(); }
    void deadInItsBuffer();
    void deadWhenComplete_data() { addBufferRows(); }
    void deadWhenComplete();
};

void tst_MultipleWriters::anyProcessMayWrite()
{
    const QString name = uniqueName();
    auto peer = owner(name, backend(), Words, 0, true);
    SharedSegment a(name);
    SharedSegment b(name);
    QVERIFY2(a.open(Access::ReadWrite), qPrintable(a.errorString()));
    QVERIFY(b.open(Access::ReadWrite));
    QVERIFY(a.multipleWriters());
    QVERIFY(a.publish(content(1)));
    QVERIFY(b.publish(content(2)));
    QCOMPARE(peer->ask("publish 3"), u"published 3"_s);
    QCOMPARE(a.snapshot(), content(3));
    {
        SharedWriter writer = b.beginWrite();
        QVERIFY(writer);
        std::memset(writer.bytes().data(), 0, 8);
    }
    QCOMPARE(a.revision(), 4u);
    QCOMPARE(a.snapshot().mid(8), content(3).mid(8));
    // A process that only reads cannot write, though others can.
    SharedSegment reader(name);
    QVERIFY(reader.open());
    QVERIFY(!reader.publish(content(5)));
    QCOMPARE(reader.error(), Error::PermissionDenied);
}

void tst_MultipleWriters::oneWriterAlone()
{
    const QString name = uniqueName();
    auto peer = owner(name, backend(), Words);
    SharedSegment s(name);
    QVERIFY(!s.open(Access::ReadWrite));
    QCOMPARE(s.error(), Error::PermissionDenied);
    QVERIFY(s.open());
    QVERIFY(!s.publish(content(1)));
    QCOMPARE(s.error(), Error::PermissionDenied);
    QVERIFY(!s.beginWrite());
    QCOMPARE(s.revision(), 0u);
    QCOMPARE(peer->ask("publish 1"), u"published 1"_s);
}

void tst_MultipleWriters::busyWhileHeld()
{
    QFETCH(int, buffers);
    const QString name = uniqueName();
    auto peer = owner(name, backend(), Words, buffers, true);
    SharedSegment s(name);
    QVERIFY(s.open(Access::ReadWrite));
    QVERIFY(s.publish(content(1)));
    Holder holder(name);
    QCOMPARE(holder.line(), u"ready"_s);
    QCOMPARE(holder.ask("hold"), u"done"_s);

    QElapsedTimer timer;
    timer.start();
    QVERIFY(!s.publish(content(2), ShortWait));
    QVERIFY2(timer.elapsed() >= ShortWait.count() && timer.elapsed() < GenerousMilliseconds,
             QByteArray::number(timer.elapsed()));
    QCOMPARE(s.error(), Error::Busy);
    timer.start();
    QVERIFY(!s.beginWrite(ShortWait));
    QVERIFY2(timer.elapsed() >= ShortWait.count() && timer.elapsed() < GenerousMilliseconds,
             QByteArray::number(timer.elapsed()));
    QCOMPARE(s.error(), Error::Busy);
    timer.start();
    QVERIFY(!s.publish(content(2), std::chrono::milliseconds(0)));
    QVERIFY(timer.elapsed() < GenerousMilliseconds);
    QCOMPARE(s.error(), Error::Busy);
    QVERIFY(!s.publish(content(2), std::chrono::milliseconds(-1)));
    QCOMPARE(s.error(), Error::Busy);
    // Readers do not wait for writers.
    QCOMPARE(s.snapshot(), content(1));
    QCOMPARE(s.revision(), 1u);

    QCOMPARE(holder.ask("publish"), u"done"_s);
    QCOMPARE(s.snapshot(), content(HolderKey));
    QVERIFY(s.publish(content(2)));
    QCOMPARE(s.revision(), 3u);
}

void tst_MultipleWriters::longWaits_data()
{
    QTest::addColumn<qint64>("milliseconds");
    using std::chrono::milliseconds;
    QTest::newRow("longest") << qint64(milliseconds::max().count());
    QTest::newRow("100 years") << qint64(
        std::chrono::duration_cast<milliseconds>(std::chrono::hours(100 * 365 * 24)).count());
    QTest::newRow("a day") << qint64(std::chrono::duration_cast<milliseconds>(std::chrono::hours(24)).count());
}

void tst_MultipleWriters::longWaits()
{
    // A process that waits for the longest possible time gets the lock when it is free, whether another process or another thread held it.
    QFETCH(qint64, milliseconds);
    const std::chrono::milliseconds wait(milliseconds);
    const QString name = uniqueName();
    auto peer = owner(name, backend(), Words, 0, true);
    SharedSegment s(name);
    QVERIFY(s.open(Access::ReadWrite));
    Holder holder(name);
    QCOMPARE(holder.line(), u"ready"_s);
    for (const bool whole : {true, false}) {
        QCOMPARE(holder.ask("hold briefly"), u"done"_s);
        const bool good = whole ? s.publish(content(2), wait) : bool(s.beginWrite(wait));
        QVERIFY2(good, qPrintable(s.errorString()));
    }
    QCOMPARE(s.revision(), 2u);

    SharedSegment own(uniqueName());
    own.setBackend(backend());
    QVERIFY(own.create(SharedLayout::of<quint64>(), Words));
    std::promise<bool> isHeld;
    std::thread other([&] {
        SharedSegment beside(own.name());
        beside.open(Access::ReadWrite);
        SharedWriter writer = beside.beginWrite(wait);
        isHeld.set_value(bool(writer));
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        writer.discard();
    });
    const bool isHeldThere = isHeld.get_future().get();
    const bool good = own.publish(content(1), wait);
    other.join();
    QVERIFY(isHeldThere);
    QVERIFY2(good, qPrintable(own.errorString()));
}

void tst_MultipleWriters::othersResetNothing()
{
    const QString name = uniqueName();
    auto peer = owner(name, backend(), Words, 0, true);
    Holder holder(name);
    QCOMPARE(holder.line(), u"ready"_s);
    QCOMPARE(holder.ask("hold"), u"done"_s);
    const auto isHeld = [&name] {
        SharedSegment s(name);
        return s.open(Access::ReadWrite) && !s.publish(content(2), std::chrono::milliseconds(20))
            && s.error() == Error::Busy;
    };
    QVERIFY(isHeld());
    for (int i = 0; i < 5; ++i) {
        SharedSegment second(name);
        second.setMultipleWriters(true);
        second.setBackend(backend());
        QVERIFY(!second.create(SharedLayout::of<quint64>(), Words));
        QCOMPARE(second.error(), Error::AlreadyExists);
        QVERIFY(isHeld());
        Peer other({u"own"_s, name, u"u64"_s, QString::number(Words), nameOf(backend()), u"0"_s, u"many"_s});
        QVERIFY(other.line().startsWith(u"error AlreadyExists"_s));
        QVERIFY(isHeld());
        Peer reader({u"attach"_s, name, u"read"_s});
        QCOMPARE(reader.line(), u"ready"_s);
        QCOMPARE(reader.ask("read"), u"whole 0"_s);
        Peer writer({u"attach"_s, name, u"write"_s});
        QCOMPARE(writer.line(), u"ready"_s);
        reader.kill();
        QVERIFY(writer.finish());
        QVERIFY(isHeld());
    }
    QCOMPARE(SharedSegment::names(), QStringList{name});
    QVERIFY(isHeld());
    QCOMPARE(holder.ask("discard"), u"done"_s);
    QVERIFY(!isHeld());
}

void tst_MultipleWriters::deadHolder()
{
    QFETCH(int, buffers);
    const QString name = uniqueName();
    auto peer = owner(name, backend(), Words, buffers, true);
    SharedSegment s(name);
    QVERIFY(s.open(Access::ReadWrite));
    for (quint64 revision = 1; revision <= 20; revision += 2) {
        QVERIFY2(s.publish(content(revision)), qPrintable(s.errorString()));
        Holder holder(name);
        QCOMPARE(holder.line(), u"ready"_s);
        QCOMPARE(holder.ask("hold"), u"done"_s);
        holder.kill();
        // Its revision was nowhere yet: the last one stays, whole and in part.
        QCOMPARE(s.snapshot(), content(revision));
        SharedWriter writer = s.beginWrite();
        QVERIFY2(writer, qPrintable(s.errorString()));
        QVERIFY(isWhole(QByteArray(reinterpret_cast<const char *>(writer.bytes().data()), Words * 8)));
        QCOMPARE(writer.publish(), std::optional<quint64>(revision + 1));
    }
}

void tst_MultipleWriters::deadInItsBuffer()
{
    QFETCH(int, buffers);
    const QString name = uniqueName();
    auto peer = owner(name, backend(), Words, buffers, true);
    SharedSegment s(name);
    QVERIFY(s.open(Access::ReadWrite));
    QVERIFY(s.publish(content(1)));
    Holder holder(name);
    QCOMPARE(holder.line(), u"ready"_s);
    QCOMPARE(holder.ask("hold"), u"done"_s);
    QCOMPARE(holder.ask("begin"), u"done"_s);
    holder.kill();
    if (buffers == 1) {
        // The value is lost, and each reader gets an error until a whole one comes.
        QCOMPARE(s.snapshot(), QByteArray());
        QCOMPARE(s.error(), Error::Busy);
        QVERIFY(!s.beginWrite());
        QCOMPARE(s.error(), Error::Busy);
        QCOMPARE(peer->ask("read"), u"busy"_s);
        QCOMPARE(s.snapshot(), QByteArray());
    } else {
        QCOMPARE(s.snapshot(), content(1));
        QCOMPARE(peer->ask("read"), u"whole 1"_s);
    }
    QVERIFY2(s.publish(content(2)), qPrintable(s.errorString()));
    QCOMPARE(s.revision(), 2u);
    QCOMPARE(s.snapshot(), content(2));
    QCOMPARE(peer->ask("read"), u"whole 2"_s);
    QVERIFY(s.beginWrite());
}

void tst_MultipleWriters::deadWhenComplete()
{
    QFETCH(int, buffers);
    const QString name = uniqueName();
    auto peer = owner(name, backend(), Words, buffers, true);
    SharedSegment s(name);
    QVERIFY(s.open(Access::ReadWrite));
    QVERIFY(s.publish(content(1)));
    QSignalSpy updated(&s, &SharedSegment::updated);
    QTRY_COMPARE_WITH_TIMEOUT(updated.count(), 1, Deadline);
    Holder holder(name);
    QCOMPARE(holder.line(), u"ready"_s);
    QCOMPARE(holder.ask("hold"), u"done"_s);
    QCOMPARE(holder.ask("complete"), u"done"_s);
    holder.kill();
    // The next writer takes it over as it is, and notifies for it.
    Holder next(name);
    QCOMPARE(next.line(), u"ready"_s);
    QCOMPARE(next.ask("hold"), u"done"_s);
    QCOMPARE(next.ask("discard"), u"done"_s);
    QTRY_COMPARE_WITH_TIMEOUT(updated.count(), 2, Deadline);
    QCOMPARE(updated.last().first().value<SharedRevision>().number, 2u);
    QCOMPARE(s.revision(), 2u);
    QCOMPARE(s.snapshot(), content(HolderKey));
}

QTEST_GUILESS_MAIN(tst_MultipleWriters)
#include "tst_multiplewriters.moc"
