// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Another language and C++ on the two sides of a segment, each as owner and as reader, with a kill on either side.
// Built once for each language: INDEPENDENT is the program that is its peer, or that runs EXTERNAL_SCRIPT.

#include "../lifetime/testsupport.h"

#include <SharedSegment/SharedArray>

#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace Qt::StringLiterals;
using namespace testsupport;
using State = SharedSegment::State;

class tst_Languages : public QObject
{
    Q_OBJECT

private:
    RegistryFolder m_folder;

    static void addBufferRows()
    {
        QTest::addColumn<int>("bufferCount");
        for (const int bufferCount : {1, 2, 4})
            QTest::addRow("%d buffers", bufferCount) << bufferCount;
    }
    /// From a test's environment, to run a part of the suite with another build of the program.
    static QString independentProgram() { return qEnvironmentVariable("INDEPENDENT", testPath("INDEPENDENT")); }
    static std::unique_ptr<Peer> independentPeer(const QStringList &arguments)
    {
        const QStringList script = QStringLiteral(EXTERNAL_SCRIPT).split(u';', Qt::SkipEmptyParts);
        return std::make_unique<Peer>(script + arguments, independentProgram());
    }
    static std::unique_ptr<Peer> ready(std::unique_ptr<Peer> peer)
    {
        const QString answer = peer->line();
        if (answer != u"ready"_s)
            qWarning("peer: %s", qPrintable(answer));
        return peer;
    }
    static std::unique_ptr<Peer> independentOwner(const QString &name, int length, int bufferCount = 4,
                                                  const QString &layout = u"u64"_s)
    {
        return ready(independentPeer(
            {u"own"_s, name, layout, QString::number(length), nameOf(backend()), QString::number(bufferCount)}));
    }
    /// The same, by another program that does something first.
    static std::unique_ptr<Peer> independentOwnerThrough(const QString &program, const QStringList &arguments,
                                                         const QString &name, const QString &backendName,
                                                         int length = 8)
    {
        const QStringList script = QStringLiteral(EXTERNAL_SCRIPT).split(u';', Qt::SkipEmptyParts);
        return std::make_unique<Peer>(arguments + QStringList{independentProgram()} + script
                                          + QStringList{u"own"_s, name, u"u64"_s, QString::number(length), backendName,
                                                        u"4"_s},
                                      program);
    }
    static std::unique_ptr<Peer> independentOwnerInShell(const QString &before, const QString &name, int length = 8)
    {
        return independentOwnerThrough(u"/bin/sh"_s, {u"-c"_s, before + u"; exec \"$@\""_s, u"sh"_s}, name,
                                       nameOf(backend()), length);
    }
    static constexpr int RecordSize = 8192;

    QString pathOfRecord(const QString &name) const { return m_folder.path() + u"/s."_s + name + u".segment"_s; }
    QByteArray record(const QString &name) const
    {
        QFile file(pathOfRecord(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    /// Keeps the first bytes of a record; a whole one is overwritten with zeros, which no file watch reports.
    bool damage(const QString &name, int size, int after) const
    {
        QFile file(pathOfRecord(name));
        if (size < RecordSize)
            return file.resize(size) && file.resize(after);
        if (!file.open(QIODevice::ReadWrite))
            return false;
        uchar *const bytes = file.map(0, RecordSize);
        if (bytes)
            std::fill_n(bytes, RecordSize, uchar(0));
        return bytes;
    }
    /// How many listeners of a segment sleep, or have nothing to do in the record before they sleep.
    int armed(const QString &name) const
    {
        const QByteArray bytes = record(name);
        int count = 0;
        for (qsizetype slot = 1024; slot + 64 <= bytes.size(); slot += 64)
            count += bytes[slot] == 2 ? 1 : 0;
        return count;
    }
    /// The armed listeners that have a doorbell. One that found its record cut short has taken its doorbell away, but could not give its
    /// slot back.
    int asleep(const QString &name) const { return std::min(armed(name), int(m_folder.doorbells())); }
    QString doorbell() const
    {
        const QStringList doorbells = m_folder.files().filter(u".bell"_s);
        return doorbells.size() == 1 ? m_folder.path() + u'/' + doorbells.first() : QString();
    }
    static std::unique_ptr<Peer> independentReader(const QString &name)
    {
        return ready(independentPeer({u"attach"_s, name}));
    }

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void cleanup()
    {
        QCOMPARE(SharedSegment::names(), QStringList());
        QCOMPARE(m_folder.files(), QStringList());
    }

    void names_data();
    void names();
    void layouts_data();
    void layouts();
    void refusals();
    void independentReads();
    void independentWaits();
    void independentOwns();
    void independentReadsUnderABusyWriter_data();
    void independentReadsUnderABusyWriter();
    void cppReadsUnderABusyWriter();
    void independentOwnerKilled();
    void cppOwnerKilled();
    void listenersKilled();
    void independentWriterKilledInItsBuffer_data() { addBufferRows(); }
    void independentWriterKilledInItsBuffer();
    void cppWriterKilledInItsBuffer_data() { addBufferRows(); }
    void cppWriterKilledInItsBuffer();
    void childrenOfAnOwner_data();
    void childrenOfAnOwner();
    void childrenOfAReader_data() { childrenOfAnOwner_data(); }
    void childrenOfAReader();
    void ownerKilledBeforeItsChild();
    void readerBesideAChildThatKeepsTheName();
    void ownerBecomesAnotherProgram();
    void listenerKilledBeforeItsChild();
    void noDescriptorLeft();
    void doorbellTakenAway_data();
    void doorbellTakenAway();
    void recordDamaged_data();
    void recordDamaged();
    void recordOfCppDamaged_data();
    void recordOfCppDamaged();
    void recordWithoutMark();
    void recordCutAllTheTime();
    void recordsInTheWrongPlace();
    void otherThingsInTheRecordsPlace_data();
    void otherThingsInTheRecordsPlace();
    void registryFolderRefused();
    void fileSizeLimited();
    void strangeUmask();
    void deniedCalls_data();
    void deniedCalls();
    void triesBeforeBusy();
    void moreMemoryThanThereIs();
};

void tst_Languages::names_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("plain") << u"boiler.1_a-b"_s;
    QTest::newRow("escaped") << u"Boiler/1 \u00fc%"_s;
    QTest::newRow("hashed") << QString(201, u'x');
    QTest::newRow("escaped and hashed") << QString(70, u'\u00fc') + u"Z"_s;
    QTest::newRow("longest") << QString(255, u'Q');
    QTest::newRow("byte order mark") << u"\ufeffboiler"_s;
}

void tst_Languages::names()
{
    QFETCH(QString, name);
    auto independent = independentOwner(name, 2);
    SharedSegment s(name);
    QVERIFY2(s.open(), qPrintable(s.errorString()));
    s.close();
    QVERIFY(independent->finish());
    auto inCpp = owner(name, backend());
    auto reader = independentReader(name);
    QCOMPARE(reader->ask("read"), u"whole 0"_s);
}

void tst_Languages::layouts_data()
{
    QTest::addColumn<QString>("layout");
    for (const char *layout :
         {"u8", "f32[3]", "char[20]", "Sample{id:i32@0;value:f64@8;label:char[20]@16}/40",
          "P{a.x:f32@0;a.y:f32@4;b:bool@8}/12", "Packed{a:u8@0;b:u64@1}/9", "\xc3\x9c{\xc3\xa4:i64[2]@0}/16"})
        QTest::newRow(layout) << QString::fromUtf8(layout);
}

void tst_Languages::layouts()
{
    QFETCH(QString, layout);
    const QString name = uniqueName();
    {
        auto independent = independentOwner(name, 3, 2, layout);
        SharedSegment s(name);
        QVERIFY2(s.open(), qPrintable(s.errorString()));
        QCOMPARE(s.layoutText(), layout);
        QCOMPARE(s.length(), 3);
    }
    SharedSegment s(name);
    s.setBackend(backend());
    QVERIFY2(s.create(SharedLayout::parse(layout), 5), qPrintable(s.errorString()));
    auto reader = independentReader(name);
    QCOMPARE(reader->ask("layout"), layout + u" 5"_s);
}

void tst_Languages::refusals()
{
    const QString name = uniqueName();
    const auto answer = [](const QStringList &arguments) { return independentPeer(arguments)->line(); };
    QVERIFY(answer({u"attach"_s, name}).startsWith(u"error -1 "_s));
    QVERIFY(answer({u"attach"_s, QString(256, u'x')}).startsWith(u"error -"_s));
    for (const char *layout :
         {"f65", "f64 ", "P{x:f64}", "P{x:f64@0;y:f64@4}/16", "P{x:f64@0}/4", "u8[0]", "u8[01]", "char", "{}/0"})
        QVERIFY2(answer({u"own"_s, name, QString::fromLatin1(layout), u"1"_s, nameOf(backend()), u"4"_s})
                     .startsWith(u"error -5 "_s),
                 layout);
    QVERIFY(answer({u"own"_s, name, u"u64"_s, u"0"_s, nameOf(backend()), u"4"_s}).startsWith(u"error -5 "_s));
    QVERIFY(answer({u"own"_s, name, u"u64"_s, u"9223372036854775807"_s, nameOf(backend()), u"4"_s})
                .startsWith(u"error -5 "_s));
    QVERIFY(answer({u"own"_s, name, u"u64"_s, u"1"_s, nameOf(backend()), u"17"_s}).startsWith(u"error -5 "_s));
    // A living owner, of either kind, holds the name.
    auto inCpp = owner(name, backend());
    QVERIFY(answer({u"own"_s, name, u"u64"_s, u"1"_s, nameOf(backend()), u"4"_s}).startsWith(u"error -2 "_s));
    auto independent = independentOwner(name + u"c"_s, 1);
    SharedSegment s(name + u"c"_s);
    QVERIFY(!s.create(SharedLayout::of<int>(), 1));
    QCOMPARE(s.error(), SharedSegment::Error::AlreadyExists);
    // A damaged record is an error and not a crash.
    QFile record(m_folder.path() + u"/s."_s + name + u".segment"_s);
    QVERIFY(record.open(QIODevice::ReadWrite) && record.seek(56) && record.write("\xff", 1) == 1);
    record.close();
    QVERIFY(answer({u"attach"_s, name}).startsWith(u"error -4 "_s));
    QVERIFY(record.open(QIODevice::ReadWrite) && record.seek(56) && record.write("\0", 1) == 1);
}

void tst_Languages::independentReads()
{
    for (const int length : {1, 3, 8, 1000}) {
        const QString name = uniqueName();
        auto inCpp = owner(name, backend(), length);
        auto reader = independentReader(name);
        QCOMPARE(reader->ask("read"), u"whole 0"_s);
        for (int key = 1; key <= 9; ++key) {
            inCpp->ask(QByteArray("publish " + QByteArray::number(key)));
            QCOMPARE(reader->ask("read"), u"whole "_s + QString::number(key));
        }
        QVERIFY(reader->ask("publish 1").startsWith(u"error -5 "_s));
    }
}

void tst_Languages::independentWaits()
{
    const QString name = uniqueName();
    auto inCpp = owner(name, backend());
    auto reader = independentReader(name);
    QCOMPARE(reader->ask("wait 0 0"), u"timeout 0"_s);
    QCOMPARE(reader->ask("wait 0 30"), u"timeout 0"_s);
    for (int i = 1; i <= 20; ++i) {
        reader->tell(QByteArray("wait " + QByteArray::number(i - 1) + " 20000"));
        inCpp->ask("publish 4");
        QCOMPARE(reader->line(), u"updated "_s + QString::number(i));
    }
    QCOMPARE(reader->ask("wait 5 20000"), u"updated 20"_s);
    reader->tell("wait 20 -1");
    QCOMPARE(inCpp->ask("close"), u"closed"_s);
    QCOMPARE(reader->line(), u"orphaned 20"_s);
    QCOMPARE(reader->ask("read"), u"whole 20"_s);
}

void tst_Languages::independentOwns()
{
    const QString name = uniqueName();
    auto independent = independentOwner(name, 8);
    SharedArray<quint64> array(name);
    QSignalSpy updated(array.segment(), &SharedSegment::updated);
    QSignalSpy orphaned(array.segment(), &SharedSegment::orphaned);
    QVERIFY2(array.open(), qPrintable(array.errorString()));
    QCOMPARE(array.segment()->backend(), backend());
    QCOMPARE(array.segment()->ownerPid(), independent->pid());
    QVERIFY(!array.open(SharedSegment::Access::ReadWrite));
    QTRY_COMPARE_WITH_TIMEOUT(array.segment()->listenerCount(), 1, Deadline);
    for (quint64 i = 1; i <= 20; ++i) {
        QCOMPARE(independent->ask(QByteArray("publish " + QByteArray::number(i))),
                 u"published "_s + QString::number(i));
        QTRY_COMPARE_WITH_TIMEOUT(updated.isEmpty() ? 0 : updated.last().first().toULongLong(), i, Deadline);
        QCOMPARE(array.at(0), i);
    }
    QCOMPARE(independent->ask("close"), u"closed"_s);
    QTRY_COMPARE_WITH_TIMEOUT(orphaned.count(), 1, Deadline);
    QCOMPARE(array.at(0), 20u);
    QVERIFY(!SharedSegment::exists(name));
}

void tst_Languages::independentReadsUnderABusyWriter_data()
{
    QTest::addColumn<int>("bufferCount");
    QTest::addColumn<int>("length");
    for (const int bufferCount : {1, 2, 4}) {
        for (const int length : {8, 8192})
            QTest::addRow("%d buffers, %d words", bufferCount, length) << bufferCount << length;
    }
}

void tst_Languages::independentReadsUnderABusyWriter()
{
    QFETCH(int, bufferCount);
    QFETCH(int, length);
    const QString name = uniqueName();
    auto inCpp = owner(name, backend(), length, bufferCount);
    auto reader = independentReader(name);
    inCpp->tell("spin");
    const QStringList words = reader->ask("check 300").split(u' ');
    QCOMPARE(words.size(), 6);
    QCOMPARE(words.at(3), u"0"_s);
    QVERIFY(words.at(1).toInt() + words.at(5).toInt() > 0);
    if (bufferCount == 4)
        QVERIFY(words.at(1).toInt() > 0);
}

void tst_Languages::cppReadsUnderABusyWriter()
{
    const QString name = uniqueName();
    auto independent = independentOwner(name, 4096);
    auto reader = std::make_unique<Peer>(QStringList{u"attach"_s, name, u"read"_s});
    QCOMPARE(reader->line(), u"ready"_s);
    independent->tell("spin");
    int whole = 0;
    for (int i = 0; i < 2000; ++i) {
        const QString answer = reader->ask("read");
        QVERIFY2(!answer.startsWith(u"torn"_s), qPrintable(answer));
        whole += answer.startsWith(u"whole"_s);
    }
    QVERIFY(whole > 0);
}

void tst_Languages::independentOwnerKilled()
{
    const QString name = uniqueName();
    SharedSegment s(name);
    s.setActive(true);
    auto independent = independentOwner(name, 8);
    QCOMPARE(independent->ask("publish 7"), u"published 1"_s);
    QTRY_COMPARE_WITH_TIMEOUT(s.state(), State::Open, Deadline);
    independent->tell("spin");
    QTRY_VERIFY_WITH_TIMEOUT(s.revision() > 1000, Deadline);
    const QString instance = s.instance();
    independent->kill();
    QTRY_COMPARE_WITH_TIMEOUT(s.state(), State::Orphaned, Deadline);
    QVERIFY(!s.snapshot().isEmpty());
    QVERIFY(!SharedSegment::exists(name));
    QVERIFY(!hasPosixObject(instance));
    // The name is free, and a waiting process continues.
    independent = independentOwner(name, 8);
    QTRY_COMPARE_WITH_TIMEOUT(s.state(), State::Open, Deadline);
    QVERIFY(s.instance() != instance);
    s.close();
}

void tst_Languages::cppOwnerKilled()
{
    const QString name = uniqueName();
    auto inCpp = owner(name, backend());
    QCOMPARE(inCpp->ask("publish 7"), u"published 1"_s);
    auto reader = independentReader(name);
    reader->tell("wait 1 -1");
    inCpp->kill();
    QCOMPARE(reader->line(), u"orphaned 1"_s);
    QCOMPARE(reader->ask("read"), u"whole 1"_s);
    // It sweeps as well as C++ does.
    const QStringList before = m_folder.files();
    auto independent = independentOwner(name, 8);
    QVERIFY(before.contains(u"s."_s + name + u".segment"_s));
    SharedSegment s(name);
    QVERIFY(s.open());
    QCOMPARE(s.ownerPid(), independent->pid());
}

void tst_Languages::listenersKilled()
{
    const QString name = uniqueName();
    auto inCpp = owner(name, backend());
    SharedSegment s(name);
    QVERIFY(s.open());
    QTRY_COMPARE_WITH_TIMEOUT(s.listenerCount(), 1, Deadline);
    auto reader = independentReader(name);
    reader->tell("wait 0 -1");
    QTRY_COMPARE_WITH_TIMEOUT(s.listenerCount(), 2, Deadline);
    // A listener that is killed before it sleeps is not notified: its slot is free for the next listener.
    QTRY_COMPARE_WITH_TIMEOUT(armed(name), 2, Deadline);
    reader->kill();
    for (int i = 1; i <= 3; ++i)
        QCOMPARE(inCpp->ask("publish 5"), u"published "_s + QString::number(i));
    QTRY_COMPARE_WITH_TIMEOUT(s.revision(), 3u, Deadline);
    QTRY_COMPARE_WITH_TIMEOUT(s.listenerCount(), 1, Deadline);

    // The same where the publisher is independent.
    auto independent = independentOwner(name + u"c"_s, 8);
    SharedSegment other(name + u"c"_s);
    QVERIFY(other.open());
    QTRY_COMPARE_WITH_TIMEOUT(other.listenerCount(), 1, Deadline);
    auto listener = independentReader(name + u"c"_s);
    listener->tell("wait 0 -1");
    QTRY_COMPARE_WITH_TIMEOUT(other.listenerCount(), 2, Deadline);
    QTRY_COMPARE_WITH_TIMEOUT(armed(name + u"c"_s), 2, Deadline);
    listener->kill();
    QCOMPARE(independent->ask("publish 5"), u"published 1"_s);
    QCOMPARE(independent->ask("publish 5"), u"published 2"_s);
    QTRY_COMPARE_WITH_TIMEOUT(other.listenerCount(), 1, Deadline);
}

void tst_Languages::independentWriterKilledInItsBuffer()
{
    QFETCH(int, bufferCount);
    const QString name = uniqueName();
    auto independent = independentOwner(name, 8, bufferCount);
    QCOMPARE(independent->ask("publish 7"), u"published 1"_s);
    SharedArray<quint64> array(name);
    QVERIFY(array.open());
    QCOMPARE(independent->ask("begin"), u"begun"_s);
    independent->kill();
    QTRY_COMPARE_WITH_TIMEOUT(array.segment()->state(), State::Orphaned, Deadline);
    if (bufferCount == 1) {
        QVERIFY(array.snapshot().isEmpty());
        QCOMPARE(array.error(), SharedSegment::Error::Corrupt);
    } else {
        QCOMPARE(array.at(0), 7u);
    }
}

void tst_Languages::cppWriterKilledInItsBuffer()
{
    QFETCH(int, bufferCount);
    const QString name = uniqueName();
    auto inCpp = owner(name, backend(), 8, bufferCount, true);
    QCOMPARE(inCpp->ask("publish 7"), u"published 1"_s);
    auto reader = independentReader(name);
    {
        Peer holder({name}, testPath("HOLDER"));
        QCOMPARE(holder.line(), u"ready"_s);
        QCOMPARE(holder.ask("hold"), u"done"_s);
        QCOMPARE(holder.ask("begin"), u"done"_s);
    } // Killed.
    QCOMPARE(reader->ask("read"), bufferCount == 1 ? u"busy"_s : u"whole 1"_s);
    QCOMPARE(inCpp->ask("publish 8"), u"published 2"_s);
    QCOMPARE(reader->ask("read"), u"whole 2"_s);
}

void tst_Languages::childrenOfAnOwner_data()
{
    QTest::addColumn<QByteArray>("how");
    QTest::newRow("fork") << QByteArray("fork ");
    // No fork handler runs.
    QTest::newRow("clone") << QByteArray("clone ");
}

void tst_Languages::childrenOfAnOwner()
{
    QFETCH(QByteArray, how);
    const QString name = uniqueName();
    auto independent = independentOwner(name, 8);
    QCOMPARE(independent->ask("publish 7"), u"published 1"_s);
    // A child does not write, and says so.
    const QString refused = independent->ask(QByteArray(how + "publish"));
    QVERIFY2(refused.startsWith(u"error -7 "_s), qPrintable(refused));
    QCOMPARE(independent->line(), u"child 0"_s);
    // However it ends, its parent continues.
    for (const char *end : {"exit", "crash"}) {
        QVERIFY(independent->ask(QByteArray(how + end)).startsWith(u"child "_s));
        SharedSegment s(name);
        QVERIFY2(s.open(), qPrintable(s.errorString()));
        QCOMPARE(s.revision(), 1u);
    }
    QVERIFY(independentPeer({u"own"_s, name, u"u64"_s, u"1"_s, nameOf(backend()), u"4"_s})
                ->line()
                .startsWith(u"error -2 "_s));
    auto reader = std::make_unique<Peer>(QStringList{u"attach"_s, name, u"read"_s});
    QCOMPARE(reader->line(), u"ready"_s);
    QCOMPARE(independent->ask("publish 8"), u"published 2"_s);
    QCOMPARE(reader->ask("read"), u"whole 2"_s);
    QVERIFY(independent->finish());
    QVERIFY(!SharedSegment::exists(name));
}

void tst_Languages::childrenOfAReader()
{
    QFETCH(QByteArray, how);
    const QString name = uniqueName();
    auto inCpp = owner(name, backend());
    auto reader = independentReader(name);
    QCOMPARE(reader->ask("wait 0 0"), u"timeout 0"_s);
    inCpp->ask("publish 7");
    QCOMPARE(reader->ask(QByteArray(how + "read")), u"whole 1"_s);
    QCOMPARE(reader->line(), u"child 0"_s);
    QCOMPARE(reader->ask(QByteArray(how + "owned")), u"1"_s);
    QCOMPARE(reader->line(), u"child 0"_s);
    const QString refused = reader->ask(QByteArray(how + "wait"));
    QVERIFY2(refused.startsWith(u"error -7 "_s), qPrintable(refused));
    QCOMPARE(reader->line(), u"child 0"_s);
    QCOMPARE(reader->ask(QByteArray(how + "exit")), u"child 0"_s);
    // The parent still has its doorbell and its slot.
    QCOMPARE(m_folder.doorbells(), 1);
    reader->tell("wait 1 20000");
    inCpp->ask("publish 8");
    QCOMPARE(reader->line(), u"updated 2"_s);
}

void tst_Languages::ownerKilledBeforeItsChild()
{
    const QString name = uniqueName();
    auto independent = independentOwner(name, 8);
    QCOMPARE(independent->ask("publish 7"), u"published 1"_s);
    const int child = independent->ask("fork stay").toInt();
    QVERIFY(child > 0);
    const auto end = qScopeGuard([child] { ::kill(child, SIGKILL); });
    SharedSegment s(name);
    s.setActive(true);
    QTRY_COMPARE_WITH_TIMEOUT(s.state(), State::Open, Deadline);
    independent->kill();
    QTRY_COMPARE_WITH_TIMEOUT(s.state(), State::Orphaned, Deadline);
    QVERIFY(!SharedSegment::exists(name));
    independent = independentOwner(name, 8);
    QCOMPARE(independent->ask("publish 8"), u"published 1"_s);
    QTRY_COMPARE_WITH_TIMEOUT(s.state(), State::Open, Deadline);
    s.close();
}

static long ticksOf(qint64 pid)
{
    QFile file(u"/proc/%1/stat"_s.arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return -1;
    const QByteArrayList words = file.readAll().split(' ');
    return words.value(13).toLong() + words.value(14).toLong();
}

void tst_Languages::readerBesideAChildThatKeepsTheName()
{
    if (!QFile::exists(u"/proc/self/stat"_s))
        QSKIP("there is no /proc that tells of processor time");
    const QString name = uniqueName();
    auto independent = independentOwner(name, 8);
    auto reader = independentReader(name);
    const int child = independent->ask("clone stay").toInt();
    QVERIFY(child > 0);
    reader->tell("wait 0 -1");
    QTRY_COMPARE_WITH_TIMEOUT(m_folder.doorbells(), 1, Deadline);
    independent->kill();
    // No fork handler ran: the child has the lock. The reader polls, and does not spin.
    const long before = ticksOf(reader->pid());
    QTest::qWait(1000);
    const long used = ticksOf(reader->pid()) - before;
    QVERIFY2(before >= 0 && used < 5, qPrintable(QString::number(used)));
    ::kill(child, SIGKILL);
    QCOMPARE(reader->line(), u"orphaned 0"_s);
}

void tst_Languages::ownerBecomesAnotherProgram()
{
#ifdef SHAREDSEGMENT_PORTABLE
    QSKIP("by the rules of macOS a kqueue reports it, and Linux has no kqueue");
#endif
    const QString name = uniqueName();
    auto independent = independentOwner(name, 8);
    auto reader = independentReader(name);
    reader->tell("wait 0 -1");
    QTRY_COMPARE_WITH_TIMEOUT(armed(name), 1, Deadline);
    // The process lives on, and has no part of the segment any more.
    QCOMPARE(independent->ask("exec"), u"other"_s);
    QCOMPARE(reader->line(), u"orphaned 0"_s);
    QCOMPARE(reader->ask("close"), u"closed"_s);
    QVERIFY(!SharedSegment::exists(name));
}

void tst_Languages::listenerKilledBeforeItsChild()
{
    const QString name = uniqueName();
    auto inCpp = owner(name, backend());
    SharedSegment s(name);
    QVERIFY(s.open());
    QTRY_COMPARE_WITH_TIMEOUT(s.listenerCount(), 1, Deadline);
    auto reader = independentReader(name);
    QCOMPARE(reader->ask("wait 0 0"), u"timeout 0"_s);
    QTRY_COMPARE_WITH_TIMEOUT(s.listenerCount(), 2, Deadline);
    const int child = reader->ask("fork stay").toInt();
    QVERIFY(child > 0);
    const auto end = qScopeGuard([child] { ::kill(child, SIGKILL); });
    reader->kill();
    // No process has the doorbell open, so the publisher takes it for what it is.
    QCOMPARE(inCpp->ask("publish 5"), u"published 1"_s);
    QTRY_COMPARE_WITH_TIMEOUT(s.listenerCount(), 1, Deadline);
}

void tst_Languages::noDescriptorLeft()
{
    const QString name = uniqueName();
    auto independent = independentOwner(name, 8);
    std::vector<std::unique_ptr<Peer>> readers;
    for (int i = 0; i < 3; ++i)
        readers.push_back(independentReader(name));
    QCOMPARE(independent->ask("limit"), u"limited"_s);
    for (int revision = 1; revision <= 2; ++revision) {
        for (auto &reader : readers)
            reader->tell(QByteArray("wait " + QByteArray::number(revision - 1) + " -1"));
        QTRY_COMPARE_WITH_TIMEOUT(armed(name), 3, Deadline);
        QCOMPARE(independent->ask("publish 7"), u"published %1"_s.arg(revision));
        for (auto &reader : readers)
            QCOMPARE(reader->line(), u"updated %1"_s.arg(revision));
    }
    for (auto &reader : readers)
        reader->tell("wait 2 -1");
    QTRY_COMPARE_WITH_TIMEOUT(armed(name), 3, Deadline);
    QCOMPARE(independent->ask("close"), u"closed"_s);
    for (auto &reader : readers)
        QCOMPARE(reader->line(), u"orphaned 2"_s);
    // A reader without one polls, and its errors say what is wrong.
    auto inCpp = owner(name, backend());
    auto reader = independentReader(name);
    QCOMPARE(reader->ask("limit"), u"limited"_s);
    reader->tell("wait 0 20000");
    inCpp->ask("publish 7");
    QCOMPARE(reader->line(), u"updated 1"_s);
}

void tst_Languages::doorbellTakenAway_data()
{
    QTest::addColumn<QByteArray>("what");
    for (const char *what : {"removed", "another file", "a folder", "renamed"})
        QTest::newRow(what) << QByteArray(what);
}

void tst_Languages::doorbellTakenAway()
{
    QFETCH(QByteArray, what);
    const QString name = uniqueName();
    auto inCpp = owner(name, backend());
    auto reader = independentReader(name);
    reader->tell("wait 0 -1");
    QTRY_COMPARE_WITH_TIMEOUT(armed(name), 1, Deadline);
    const QString path = doorbell(), other = m_folder.path() + u"/aside"_s;
    if (what == "renamed")
        QVERIFY(QFile::rename(path, other));
    else
        QVERIFY(QFile::remove(path));
    if (what == "another file") {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
    } else if (what == "a folder") {
        QVERIFY(QDir().mkdir(path));
    }
    const auto tidy = qScopeGuard([&] {
        QFile::remove(other);
        QFile::remove(path);
        QDir().rmdir(path);
    });
    // After some time it sleeps with another doorbell, and also without: whatever the publisher made of the old one, the update comes.
    inCpp->ask("publish 7");
    QCOMPARE(reader->line(), u"updated 1"_s);
    reader->tell("wait 1 -1");
    inCpp->ask("publish 8");
    QCOMPARE(reader->line(), u"updated 2"_s);
    QCOMPARE(reader->ask("close"), u"closed"_s);
}

void tst_Languages::recordDamaged_data()
{
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("after");
    for (const int size : {0, 100, 512, 520, 4096}) {
        QTest::addRow("cut to %d bytes", size) << size << size;
        QTest::addRow("cut to %d bytes and back", size) << size << RecordSize;
    }
    QTest::newRow("zeroed") << RecordSize << RecordSize;
}

void tst_Languages::recordDamaged()
{
    QFETCH(int, size);
    QFETCH(int, after);
    const QString name = uniqueName();
    auto independent = independentOwner(name, 8);
    auto reader = independentReader(name);
    SharedSegment inCpp(name);
    QSignalSpy updated(&inCpp, &SharedSegment::updated);
    QSignalSpy orphaned(&inCpp, &SharedSegment::orphaned);
    QVERIFY(inCpp.open());
    const QByteArray before = record(name);
    QCOMPARE(before.last(4), "MARK"_ba);
    for (int revision = 1; revision <= 2; ++revision) {
        reader->tell(QByteArray("wait " + QByteArray::number(revision - 1) + " -1"));
        QTRY_COMPARE_WITH_TIMEOUT(asleep(name), 2, Deadline);
        QVERIFY(damage(name, size, after));
        QCOMPARE(independent->ask("publish 7"), u"published %1"_s.arg(revision));
        QCOMPARE(reader->line(), u"updated %1"_s.arg(revision));
        QTRY_COMPARE_WITH_TIMEOUT(updated.count(), revision, Deadline);
        // The reader claims its new slot in its next wait: the update may reach it before the publisher has restored the record.
        QCOMPARE(record(name).first(512), before.first(512));
        QCOMPARE(record(name).last(4), "MARK"_ba);
        SharedSegment second(name);
        QVERIFY2(second.open(), qPrintable(second.errorString()));
    }
    QCOMPARE(independentReader(name)->ask("read"), u"whole 2"_s);
    reader->tell("wait 2 -1");
    QTRY_COMPARE_WITH_TIMEOUT(asleep(name), 2, Deadline);
    QVERIFY(damage(name, size, after));
    QCOMPARE(independent->ask("close"), u"closed"_s);
    QCOMPARE(reader->line(), u"orphaned 2"_s);
    QTRY_COMPARE_WITH_TIMEOUT(orphaned.count(), 1, Deadline);
    QCOMPARE(reader->ask("close"), u"closed"_s);
}

void tst_Languages::recordOfCppDamaged_data()
{
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("after");
    QTest::newRow("cut to nothing") << 0 << 0;
    QTest::newRow("cut to a page and back") << 4096 << RecordSize;
    QTest::newRow("zeroed") << RecordSize << RecordSize;
}

void tst_Languages::recordOfCppDamaged()
{
    QFETCH(int, size);
    QFETCH(int, after);
    const QString name = uniqueName();
    auto inCpp = owner(name, backend());
    auto reader = independentReader(name);
    for (int revision = 1; revision <= 2; ++revision) {
        reader->tell(QByteArray("wait " + QByteArray::number(revision - 1) + " -1"));
        QTRY_COMPARE_WITH_TIMEOUT(asleep(name), 1, Deadline);
        QVERIFY(damage(name, size, after));
        QCOMPARE(inCpp->ask("publish 7"), u"published %1"_s.arg(revision));
        QCOMPARE(reader->line(), u"updated %1"_s.arg(revision));
        QCOMPARE(reader->ask("read"), u"whole %1"_s.arg(revision));
    }
    reader->tell("wait 2 -1");
    QTRY_COMPARE_WITH_TIMEOUT(asleep(name), 1, Deadline);
    QVERIFY(damage(name, size, after));
    QCOMPARE(inCpp->ask("close"), u"closed"_s);
    QCOMPARE(reader->line(), u"orphaned 2"_s);
    QCOMPARE(reader->ask("close"), u"closed"_s);
}

void tst_Languages::recordWithoutMark()
{
    const QString name = uniqueName();
    auto inCpp = owner(name, backend());
    QFile file(pathOfRecord(name));
    QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(RecordSize - 4) && file.write(QByteArray(4, '\0')) == 4);
    file.close();
    auto reader = independentReader(name);
    reader->tell("wait 0 -1");
    QTRY_COMPARE_WITH_TIMEOUT(armed(name), 1, Deadline);
    QCOMPARE(inCpp->ask("publish 7"), u"published 1"_s);
    QCOMPARE(reader->line(), u"updated 1"_s);
    QCOMPARE(reader->ask("close"), u"closed"_s);
}

void tst_Languages::recordCutAllTheTime()
{
    if (QByteArrayView(EXTERNAL_SCRIPT) != "")
        QSKIP("a Python program cannot handle SIGBUS: see the threat page");
    const QString name = uniqueName();
    auto independent = independentOwner(name, 8);
    auto reader = independentReader(name);
    independent->tell("spin");
    std::atomic<bool> isEnded = false;
    std::thread cutting([&] {
        QFile file(pathOfRecord(name));
        while (!isEnded && file.resize(0) && file.resize(RecordSize)) { }
    });
    const auto end = qScopeGuard([&] {
        isEnded = true;
        if (cutting.joinable())
            cutting.join();
    });
    for (int i = 0; i < 5000; ++i) {
        const QString answer = reader->ask("wait 0 0");
        QVERIFY2(answer.startsWith(u"updated"_s) || answer.startsWith(u"timeout"_s), qPrintable(answer));
    }
    isEnded = true;
    cutting.join();
    // Nothing is lost once that has ended.
    reader->tell("wait %1 -1"_ba.replace("%1", reader->ask("wait 0 0").section(u' ', 1).toLatin1()));
    QVERIFY(reader->line().startsWith(u"updated"_s));
    QCOMPARE(reader->ask("close"), u"closed"_s);
    independent->kill();
}

void tst_Languages::recordsInTheWrongPlace()
{
    const QString name = uniqueName(), other = name + u"b"_s;
    const auto path = [this](const QString &of) { return m_folder.path() + u"/s."_s + of + u".segment"_s; };
    auto independent = independentOwner(name, 8);
    QCOMPARE(independent->ask("publish 7"), u"published 1"_s);
    // A copy: no process holds its lock, so it is removed, without the memory of the original.
    QVERIFY(QFile::copy(path(name), path(other)));
    QVERIFY(independentOwner(other, 8)->ask("close") == u"closed"_s);
    auto reader = independentReader(name);
    QCOMPARE(reader->ask("read"), u"whole 1"_s);
    // A second link to a living owner's record is removed, too, and that owner stays.
    QCOMPARE(::link(QFile::encodeName(path(name)).constData(), QFile::encodeName(path(other)).constData()), 0);
    QVERIFY(independentPeer({u"attach"_s, other})->line().startsWith(u"error -1 "_s));
    QVERIFY(independentOwner(other, 8)->ask("close") == u"closed"_s);
    reader = independentReader(name);
    QCOMPARE(reader->ask("read"), u"whole 1"_s);
    // The record itself, moved: the text says what to do.
    QVERIFY(QFile::rename(path(name), path(other)));
    const QString answer = independentPeer({u"own"_s, other, u"u64"_s, u"8"_s, nameOf(backend()), u"4"_s})->line();
    QVERIFY2(answer.startsWith(u"error -2 "_s) && answer.contains(u"remove "_s + path(other)), qPrintable(answer));
    QVERIFY(QFile::rename(path(other), path(name)));
    // Replaced while the owner lives: the owner does not remove what belongs to another process.
    QVERIFY(QFile::remove(path(name)));
    auto next = independentOwner(name, 8);
    QCOMPARE(independent->ask("close"), u"closed"_s);
    SharedSegment s(name);
    QVERIFY2(s.open(), qPrintable(s.errorString()));
    QCOMPARE(s.ownerPid(), next->pid());
}

void tst_Languages::otherThingsInTheRecordsPlace_data()
{
    using Make = bool (*)(const QString &path);
    QTest::addColumn<Make>("make");
    const auto row = [](const char *name, Make make) { QTest::newRow(name) << make; };
    row("link to itself", [](const QString &path) { return QFile::link(path, path); });
    row("link to nothing", [](const QString &path) { return QFile::link(u"/nonexistent"_s, path); });
    row("link to a file", [](const QString &path) { return QFile::link(u"/etc/passwd"_s, path); });
    row("link to a folder", [](const QString &path) { return QFile::link(u"/etc"_s, path); });
    row("socket",
        [](const QString &path) { return ::mknod(QFile::encodeName(path).constData(), S_IFSOCK | 0600, 0) == 0; });
    row("FIFO", [](const QString &path) { return ::mkfifo(QFile::encodeName(path).constData(), 0600) == 0; });
    row("empty file", [](const QString &path) { return QFile(path).open(QFile::WriteOnly); });
    row("empty folder", [](const QString &path) { return QDir().mkdir(path); });
    row("folder", [](const QString &path) { return QDir().mkpath(path + u"/in"_s); });
}

void tst_Languages::otherThingsInTheRecordsPlace()
{
    using Make = bool (*)(const QString &path);
    QFETCH(Make, make);
    const QString name = uniqueName(), path = pathOfRecord(name);
    const QStringList owner{u"own"_s, name, u"u64"_s, u"1"_s, nameOf(backend()), u"4"_s};
    QVERIFY(make(path));
    const bool stays = QFile::exists(path + u"/in"_s) && !QFileInfo(path).isSymLink();
    // A process that searches for the name without effect is told so.
    QString answer = independentPeer({u"attach"_s, name})->line();
    QVERIFY2(stays ? answer.contains(path) && answer.endsWith(u"; remove it"_s) : answer.startsWith(u"error -1 "_s),
             qPrintable(answer));
    if (!stays && !QFileInfo(path).isSymLink() && !QFileInfo::exists(path))
        QVERIFY(make(path));
    auto independent = independentPeer(owner);
    answer = independent->line();
    if (stays) {
        QVERIFY2(answer.contains(path) && answer.endsWith(u"; remove it"_s), qPrintable(answer));
        QVERIFY(QDir(path).removeRecursively());
        return;
    }
    QCOMPARE(answer, u"ready"_s);
    SharedSegment s(name);
    QVERIFY2(s.open(), qPrintable(s.errorString()));
    QCOMPARE(s.ownerPid(), independent->pid());
    QCOMPARE(independent->ask("close"), u"closed"_s);
    QVERIFY(QFile::exists(u"/etc/passwd"_s));
}

void tst_Languages::registryFolderRefused()
{
    const QString name = uniqueName(), folder = m_folder.path() + u"/other"_s;
    const auto answer = [&name](const QString &place) {
        return independentOwnerInShell(u"export SHAREDSEGMENT_DIR="_s + place, name)->line();
    };
    // Without the folder above it, and where that is a file.
    for (const QString &above : {folder, u"/etc/passwd"_s}) {
        const QString text = answer(above + u"/deep"_s);
        QVERIFY2(text.startsWith(u"error -"_s) && text.contains(above + u"/deep"_s)
                     && text.contains(u"set SHAREDSEGMENT_DIR"_s),
                 qPrintable(text));
    }
    // With other rights, or through a link: what others may need stays as it is. What lies at the default place can be changed.
    QVERIFY(QDir().mkdir(folder) && ::chmod(QFile::encodeName(folder).constData(), 0755) == 0);
    QString text = answer(folder);
    QVERIFY2(text.endsWith(u"does not have the mode 0700; set SHAREDSEGMENT_DIR to a folder of its own"_s),
             qPrintable(text));
    text = answer(u"/"_s);
    QVERIFY2(text.endsWith(u"; set SHAREDSEGMENT_DIR to a folder of its own"_s), qPrintable(text));
    QVERIFY(QFile::link(u"/etc"_s, folder + u"/link"_s));
    text = answer(folder + u"/link"_s);
    QVERIFY2(text.endsWith(u"is a symbolic link; set SHAREDSEGMENT_DIR to a folder of its own"_s), qPrintable(text));
    const QString made = folder + u"/sharedsegment"_s;
    QVERIFY(QDir().mkdir(made) && ::chmod(QFile::encodeName(made).constData(), 0755) == 0);
    text = independentOwnerInShell(u"unset SHAREDSEGMENT_DIR; export XDG_RUNTIME_DIR="_s + folder, name)->line();
    QVERIFY2(text.endsWith(u"does not have the mode 0700; run chmod 700 on it"_s), qPrintable(text));
    QVERIFY(QDir(folder).removeRecursively());
}

void tst_Languages::fileSizeLimited()
{
    const QString name = uniqueName();
    const auto isRefused = [](const QString &answer) { return answer.startsWith(u"error -8 "_s); };
    // Too little for a record, and for the memory: an error, and no signal.
    QString answer = independentOwnerInShell(u"ulimit -f 8"_s, name)->line();
    QVERIFY2(isRefused(answer), qPrintable(answer));
    if (backend() == SharedSegment::Backend::Posix) {
        answer = independentOwnerInShell(u"ulimit -f 64"_s, name, 100000)->line();
        QVERIFY2(isRefused(answer), qPrintable(answer));
    }
    QVERIFY(!SharedSegment::exists(name));
}

void tst_Languages::strangeUmask()
{
    const QString name = uniqueName(), folder = m_folder.path() + u"/made"_s;
    const auto modeOf = [](const QString &path) {
        struct stat info;
        return ::lstat(QFile::encodeName(path).constData(), &info) == 0 ? int(info.st_mode & 0777) : -1;
    };
    const QByteArray before = qgetenv("SHAREDSEGMENT_DIR");
    qputenv("SHAREDSEGMENT_DIR", QFile::encodeName(folder));
    const auto back = qScopeGuard([&] {
        qputenv("SHAREDSEGMENT_DIR", before);
        QDir(folder).removeRecursively();
    });
    auto independent = independentOwnerInShell(u"umask 0777"_s, name);
    QCOMPARE(independent->line(), u"ready"_s);
    QCOMPARE(modeOf(folder), 0700);
    QCOMPARE(modeOf(folder + u"/s."_s + name + u".segment"_s), 0600);
    SharedSegment s(name);
    QVERIFY2(s.open(), qPrintable(s.errorString()));
    if (backend() == SharedSegment::Backend::Posix)
        QCOMPARE(modeOf(pathOfPosixObject(s.instance())), 0600);
    s.close();
    QVERIFY(independent->finish());
}

void tst_Languages::deniedCalls_data()
{
    QTest::addColumn<QString>("error");
    QTest::addColumn<QString>("call");
    for (const char *error : {"ENOSYS", "EPERM"}) {
        for (const char *call : {"memfd_create", "pidfd_open", "fallocate", "link", "inotify_init1"})
            QTest::addRow("%s of %s", error, call) << QString::fromLatin1(error) << QString::fromLatin1(call);
    }
}

void tst_Languages::deniedCalls()
{
#ifndef Q_OS_LINUX
    QSKIP("made for Linux");
#else
    QFETCH(QString, error);
    QFETCH(QString, call);
    const QString name = uniqueName();
    const QStringList deny{u"deny"_s, error, call, u"--"_s};
    const bool isMemfd = call == u"memfd_create"_s;
    auto independent =
        independentOwnerThrough(testPath("DENY"), deny, name, isMemfd ? u"automatic"_s : nameOf(backend()));
    QCOMPARE(independent->line(), u"ready"_s);
    SharedSegment s(name);
    QVERIFY2(s.open(), qPrintable(s.errorString()));
    QCOMPARE(s.backend(), isMemfd ? SharedSegment::Backend::Posix : backend());
    s.close();
    const QStringList script = QStringLiteral(EXTERNAL_SCRIPT).split(u';', Qt::SkipEmptyParts);
    Peer reader(deny + QStringList{independentProgram()} + script + QStringList{u"attach"_s, name}, testPath("DENY"));
    QCOMPARE(reader.line(), u"ready"_s);
    reader.tell("wait 0 -1");
    QTRY_COMPARE_WITH_TIMEOUT(armed(name), 1, Deadline);
    QCOMPARE(independent->ask("publish 7"), u"published 1"_s);
    QCOMPARE(reader.line(), u"updated 1"_s);
    reader.tell("wait 1 -1");
    independent->kill();
    QCOMPARE(reader.line(), u"orphaned 1"_s);
    QCOMPARE(reader.ask("close"), u"closed"_s);
    QVERIFY(!SharedSegment::exists(name));
#endif
}

void tst_Languages::triesBeforeBusy()
{
    const QString name = uniqueName();
    auto inCpp = owner(name, backend(), 8, 1, true);
    QCOMPARE(inCpp->ask("publish 7"), u"published 1"_s);
    auto reader = independentReader(name);
    Peer holder({name}, testPath("HOLDER"));
    QCOMPARE(holder.line(), u"ready"_s);
    QCOMPARE(holder.ask("hold"), u"done"_s);
    QCOMPARE(holder.ask("begin"), u"done"_s);
    // A short read costs little: it is tried as many times as the library tries it.
    QCOMPARE(reader->ask("read"), u"busy"_s);
    QVERIFY(reader->ask("why").contains(u" 64 times"_s));
}

void tst_Languages::moreMemoryThanThereIs()
{
    const QString answer =
        independentPeer({u"own"_s, uniqueName(), u"u64"_s, u"17592186044416"_s, nameOf(backend()), u"4"_s})->line();
    QVERIFY2(answer.startsWith(u"error -8 "_s), qPrintable(answer));
}

QTEST_GUILESS_MAIN(tst_Languages)
#include "tst_languages.moc"
