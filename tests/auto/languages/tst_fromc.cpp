// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// C and C++ on the two sides of a segment, each as owner and as reader, with a kill on either side.

#include "../lifetime/testsupport.h"

#include <SharedSegment/SharedArray>

#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include <csignal>

using namespace Qt::StringLiterals;
using namespace testsupport;
using State = SharedSegment::State;

class tst_FromC : public QObject
{
    Q_OBJECT

private:
    RegistryFolder m_folder;

    static SharedSegment::Backend backend()
    {
        QFETCH_GLOBAL(SharedSegment::Backend, backend);
        return backend;
    }
    static std::unique_ptr<Peer> ownerInC(const QString &name, int length, int frames = 4,
                                          const QString &layout = u"u64"_s)
    {
        auto peer = std::make_unique<Peer>(QStringList{u"own"_s, name, layout, QString::number(length),
                                                       nameOf(backend()), QString::number(frames)},
                                           QStringLiteral(CPEER));
        const QString answer = peer->line();
        if (answer != u"ready"_s)
            qWarning("cpeer: %s", qPrintable(answer));
        return peer;
    }
    static std::unique_ptr<Peer> readerInC(const QString &name)
    {
        auto peer = std::make_unique<Peer>(QStringList{u"attach"_s, name}, QStringLiteral(CPEER));
        const QString answer = peer->line();
        if (answer != u"ready"_s)
            qWarning("cpeer: %s", qPrintable(answer));
        return peer;
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
    void cReads();
    void cWaits();
    void cOwns();
    void cReadsUnderABusyWriter_data();
    void cReadsUnderABusyWriter();
    void cppReadsUnderABusyWriter();
    void cOwnerKilled();
    void cppOwnerKilled();
    void cListenerKilled();
    void cWriterKilledInItsOnlyFrame();
};

void tst_FromC::names_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("plain") << u"boiler.1_a-b"_s;
    QTest::newRow("escaped") << u"Boiler/1 \u00fc%"_s;
    QTest::newRow("hashed") << QString(201, u'x');
    QTest::newRow("escaped and hashed") << QString(70, u'\u00fc') + u"Z"_s;
    QTest::newRow("longest") << QString(255, u'Q');
}

void tst_FromC::names()
{
    QFETCH(QString, name);
    auto inC = ownerInC(name, 2);
    SharedSegment s(name);
    QVERIFY2(s.open(), qPrintable(s.errorString()));
    s.close();
    QVERIFY(inC->finish());
    auto inCpp = owner(name, backend());
    auto reader = readerInC(name);
    QCOMPARE(reader->ask("read"), u"whole 0"_s);
}

void tst_FromC::layouts_data()
{
    QTest::addColumn<QString>("layout");
    for (const char *layout :
         {"u8", "f32[3]", "char[20]", "Sample{id:i32@0;value:f64@8;label:char[20]@16}/40",
          "P{a.x:f32@0;a.y:f32@4;b:bool@8}/12", "Packed{a:u8@0;b:u64@1}/9", "\xc3\x9c{\xc3\xa4:i64[2]@0}/16"})
        QTest::newRow(layout) << QString::fromUtf8(layout);
}

void tst_FromC::layouts()
{
    QFETCH(QString, layout);
    const QString name = uniqueName();
    {
        auto inC = ownerInC(name, 3, 2, layout);
        SharedSegment s(name);
        QVERIFY2(s.open(), qPrintable(s.errorString()));
        QCOMPARE(s.layoutText(), layout);
        QCOMPARE(s.length(), 3);
    }
    SharedSegment s(name);
    s.setBackend(backend());
    QVERIFY2(s.create(SharedLayout::parse(layout), 5), qPrintable(s.errorString()));
    auto reader = readerInC(name);
    QCOMPARE(reader->ask("layout"), layout + u" 5"_s);
}

void tst_FromC::refusals()
{
    const QString name = uniqueName();
    const auto answer = [](const QStringList &arguments) {
        Peer peer(arguments, QStringLiteral(CPEER));
        return peer.line();
    };
    QVERIFY(answer({u"attach"_s, name}).startsWith(u"error -1 "_s));
    QVERIFY(answer({u"attach"_s, QString(256, u'x')}).startsWith(u"error -5 "_s));
    for (const char *layout :
         {"f65", "f64 ", "P{x:f64}", "P{x:f64@0;y:f64@4}/16", "P{x:f64@0}/4", "u8[0]", "u8[01]", "char", "{}/0"})
        QVERIFY2(answer({u"own"_s, name, QString::fromLatin1(layout), u"1"_s, u"memfd"_s, u"4"_s})
                     .startsWith(u"error -5 "_s),
                 layout);
    QVERIFY(answer({u"own"_s, name, u"u64"_s, u"0"_s, u"memfd"_s, u"4"_s}).startsWith(u"error -5 "_s));
    QVERIFY(
        answer({u"own"_s, name, u"u64"_s, u"9223372036854775807"_s, u"memfd"_s, u"4"_s}).startsWith(u"error -5 "_s));
    QVERIFY(answer({u"own"_s, name, u"u64"_s, u"1"_s, u"memfd"_s, u"17"_s}).startsWith(u"error -5 "_s));
    // A living owner, of either kind, has the name.
    auto inCpp = owner(name, backend());
    QVERIFY(answer({u"own"_s, name, u"u64"_s, u"1"_s, nameOf(backend()), u"4"_s}).startsWith(u"error -2 "_s));
    auto inC = ownerInC(name + u"c"_s, 1);
    SharedSegment s(name + u"c"_s);
    QVERIFY(!s.create(SharedLayout::of<int>(), 1));
    QCOMPARE(s.error(), SharedSegment::Error::AlreadyExists);
    // A damaged record is an error and no crash.
    QFile record(m_folder.path() + u"/s."_s + name + u".segment"_s);
    QVERIFY(record.open(QIODevice::ReadWrite) && record.seek(56) && record.write("\xff", 1) == 1);
    record.close();
    QVERIFY(answer({u"attach"_s, name}).startsWith(u"error -4 "_s));
    QVERIFY(record.open(QIODevice::ReadWrite) && record.seek(56) && record.write("\0", 1) == 1);
}

void tst_FromC::cReads()
{
    for (const int length : {1, 3, 8, 1000}) {
        const QString name = uniqueName();
        auto inCpp = owner(name, backend(), length);
        auto reader = readerInC(name);
        QCOMPARE(reader->ask("read"), u"whole 0"_s);
        for (int key = 1; key <= 9; ++key) {
            inCpp->ask(QByteArray("publish " + QByteArray::number(key)));
            QCOMPARE(reader->ask("read"), u"whole "_s + QString::number(key));
        }
        QCOMPARE(reader->ask("publish 1"), u"error only its owner can publish"_s);
    }
}

void tst_FromC::cWaits()
{
    const QString name = uniqueName();
    auto inCpp = owner(name, backend());
    auto reader = readerInC(name);
    QCOMPARE(reader->ask("wait 0 0"), u"timeout 0"_s);
    QCOMPARE(reader->ask("wait 0 30"), u"timeout 0"_s);
    for (int i = 1; i <= 20; ++i) {
        reader->tell(QByteArray("wait " + QByteArray::number(i - 1) + " 20000"));
        inCpp->ask("publish 4");
        QCOMPARE(reader->line(), u"news "_s + QString::number(i));
    }
    QCOMPARE(reader->ask("wait 5 20000"), u"news 20"_s);
    reader->tell("wait 20 -1");
    QCOMPARE(inCpp->ask("close"), u"closed"_s);
    QCOMPARE(reader->line(), u"orphaned 20"_s);
    QCOMPARE(reader->ask("read"), u"whole 20"_s);
}

void tst_FromC::cOwns()
{
    const QString name = uniqueName();
    auto inC = ownerInC(name, 8);
    SharedArray<quint64> array(name);
    QSignalSpy updated(array.segment(), &SharedSegment::updated);
    QSignalSpy orphaned(array.segment(), &SharedSegment::orphaned);
    QVERIFY2(array.open(), qPrintable(array.errorString()));
    QCOMPARE(array.segment()->backend(), backend());
    QCOMPARE(array.segment()->ownerPid(), inC->pid());
    QVERIFY(!array.open(SharedSegment::Access::ReadWrite));
    QTRY_COMPARE_WITH_TIMEOUT(array.segment()->listenerCount(), 1, Deadline);
    for (quint64 i = 1; i <= 20; ++i) {
        QCOMPARE(inC->ask(QByteArray("publish " + QByteArray::number(i))), u"published "_s + QString::number(i));
        QTRY_COMPARE_WITH_TIMEOUT(updated.isEmpty() ? 0 : updated.last().first().toULongLong(), i, Deadline);
        QCOMPARE(array.at(0), i);
    }
    QCOMPARE(inC->ask("close"), u"closed"_s);
    QTRY_COMPARE_WITH_TIMEOUT(orphaned.count(), 1, Deadline);
    QCOMPARE(array.at(0), 20u);
    QVERIFY(!SharedSegment::exists(name));
}

void tst_FromC::cReadsUnderABusyWriter_data()
{
    QTest::addColumn<int>("frames");
    QTest::addColumn<int>("length");
    for (const int frames : {1, 2, 4}) {
        for (const int length : {8, 8192})
            QTest::addRow("%d frames, %d words", frames, length) << frames << length;
    }
}

void tst_FromC::cReadsUnderABusyWriter()
{
    QFETCH(int, frames);
    QFETCH(int, length);
    const QString name = uniqueName();
    auto inCpp = owner(name, backend(), length, frames);
    auto reader = readerInC(name);
    inCpp->tell("spin");
    const QStringList words = reader->ask("check 300").split(u' ');
    QCOMPARE(words.size(), 6);
    QCOMPARE(words.at(3), u"0"_s);
    QVERIFY(words.at(1).toInt() + words.at(5).toInt() > 0);
    if (frames == 4)
        QVERIFY(words.at(1).toInt() > 0);
}

void tst_FromC::cppReadsUnderABusyWriter()
{
    const QString name = uniqueName();
    auto inC = ownerInC(name, 4096);
    auto reader = std::make_unique<Peer>(QStringList{u"attach"_s, name, u"read"_s});
    QCOMPARE(reader->line(), u"ready"_s);
    inC->tell("spin");
    int whole = 0;
    for (int i = 0; i < 2000; ++i) {
        const QString answer = reader->ask("read");
        QVERIFY2(!answer.startsWith(u"torn"_s), qPrintable(answer));
        whole += answer.startsWith(u"whole"_s);
    }
    QVERIFY(whole > 0);
}

void tst_FromC::cOwnerKilled()
{
    const QString name = uniqueName();
    SharedSegment s(name);
    s.setActive(true);
    auto inC = ownerInC(name, 8);
    QCOMPARE(inC->ask("publish 7"), u"published 1"_s);
    QTRY_COMPARE_WITH_TIMEOUT(s.state(), State::Open, Deadline);
    inC->tell("spin");
    QTRY_VERIFY_WITH_TIMEOUT(s.revision() > 1000, Deadline);
    const QString instance = s.instance();
    inC->kill();
    QTRY_COMPARE_WITH_TIMEOUT(s.state(), State::Orphaned, Deadline);
    QVERIFY(!s.snapshot().isEmpty());
    QVERIFY(!SharedSegment::exists(name));
    QVERIFY(!hasPosixObject(instance));
    // The name is free, for C too, and whoever waits for it moves on.
    inC = ownerInC(name, 8);
    QTRY_COMPARE_WITH_TIMEOUT(s.state(), State::Open, Deadline);
    QVERIFY(s.instance() != instance);
    s.close();
}

void tst_FromC::cppOwnerKilled()
{
    const QString name = uniqueName();
    auto inCpp = owner(name, backend());
    QCOMPARE(inCpp->ask("publish 7"), u"published 1"_s);
    auto reader = readerInC(name);
    reader->tell("wait 1 -1");
    inCpp->kill();
    QCOMPARE(reader->line(), u"orphaned 1"_s);
    QCOMPARE(reader->ask("read"), u"whole 1"_s);
    // C sweeps as well as C++ does.
    const QStringList before = m_folder.files();
    auto inC = ownerInC(name, 8);
    QVERIFY(before.contains(u"s."_s + name + u".segment"_s));
    SharedSegment s(name);
    QVERIFY(s.open());
    QCOMPARE(s.ownerPid(), inC->pid());
}

void tst_FromC::cListenerKilled()
{
    const QString name = uniqueName();
    auto inCpp = owner(name, backend());
    SharedSegment s(name);
    QVERIFY(s.open());
    QTRY_COMPARE_WITH_TIMEOUT(s.listenerCount(), 1, Deadline);
    auto reader = readerInC(name);
    reader->tell("wait 0 -1");
    QTRY_COMPARE_WITH_TIMEOUT(s.listenerCount(), 2, Deadline);
    reader->kill();
    for (int i = 1; i <= 3; ++i)
        QCOMPARE(inCpp->ask("publish 5"), u"published "_s + QString::number(i));
    QTRY_COMPARE_WITH_TIMEOUT(s.revision(), 3u, Deadline);
    QTRY_COMPARE_WITH_TIMEOUT(s.listenerCount(), 1, Deadline);

    // And the other way round: C frees the place of a killed C++ listener.
    auto inC = ownerInC(name + u"c"_s, 8);
    SharedSegment other(name + u"c"_s);
    QVERIFY(other.open());
    QTRY_COMPARE_WITH_TIMEOUT(other.listenerCount(), 1, Deadline);
    Peer listener({u"attach"_s, name + u"c"_s}, QStringLiteral(CPEER));
    QCOMPARE(listener.line(), u"ready"_s);
    listener.tell("wait 0 -1");
    QTRY_COMPARE_WITH_TIMEOUT(other.listenerCount(), 2, Deadline);
    listener.kill();
    QCOMPARE(inC->ask("publish 5"), u"published 1"_s);
    QCOMPARE(inC->ask("publish 5"), u"published 2"_s);
    QTRY_COMPARE_WITH_TIMEOUT(other.listenerCount(), 1, Deadline);
}

void tst_FromC::cWriterKilledInItsOnlyFrame()
{
    // Killed while it publishes large values into a single frame, over and over: sooner or later in the middle of one.
    int interrupted = 0;
    for (int round = 0; round < 200 && interrupted == 0; ++round) {
        const QString name = uniqueName();
        auto inC = ownerInC(name, 100'000, 1);
        SharedSegment s(name);
        QVERIFY(s.open());
        inC->tell("spin");
        QTRY_VERIFY_WITH_TIMEOUT(s.revision() > 2, Deadline);
        inC->kill();
        QTRY_COMPARE_WITH_TIMEOUT(s.state(), State::Orphaned, Deadline);
        if (s.snapshot().isEmpty()) {
            QCOMPARE(s.error(), SharedSegment::Error::Corrupt);
            ++interrupted;
        }
    }
    QVERIFY(interrupted > 0);
}

QTEST_GUILESS_MAIN(tst_FromC)
#include "tst_fromc.moc"
