// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Another language and C++ on the two sides of a segment, each as owner and as reader, with a kill on either side. Built once for each
// language: FOREIGN is the program that is its peer, or that runs FOREIGN_SCRIPT.

#include "../lifetime/testsupport.h"

#include <SharedSegment/SharedArray>

#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include <csignal>

using namespace Qt::StringLiterals;
using namespace testsupport;
using State = SharedSegment::State;

class tst_Languages : public QObject
{
    Q_OBJECT

private:
    RegistryFolder m_folder;

    static void addFrameRows()
    {
        QTest::addColumn<int>("frames");
        for (const int frames : {1, 2, 4})
            QTest::addRow("%d frames", frames) << frames;
    }
    static std::unique_ptr<Peer> foreignPeer(const QStringList &arguments)
    {
        const QStringList script = QStringLiteral(FOREIGN_SCRIPT).split(u';', Qt::SkipEmptyParts);
        return std::make_unique<Peer>(script + arguments, testPath("FOREIGN"));
    }
    static std::unique_ptr<Peer> ready(std::unique_ptr<Peer> peer)
    {
        const QString answer = peer->line();
        if (answer != u"ready"_s)
            qWarning("foreign peer: %s", qPrintable(answer));
        return peer;
    }
    static std::unique_ptr<Peer> foreignOwner(const QString &name, int length, int frames = 4,
                                              const QString &layout = u"u64"_s)
    {
        return ready(
            foreignPeer({u"own"_s, name, layout, QString::number(length), nameOf(backend()), QString::number(frames)}));
    }
    static std::unique_ptr<Peer> foreignReader(const QString &name) { return ready(foreignPeer({u"attach"_s, name})); }

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
    void foreignReads();
    void foreignWaits();
    void foreignOwns();
    void foreignReadsUnderABusyWriter_data();
    void foreignReadsUnderABusyWriter();
    void cppReadsUnderABusyWriter();
    void foreignOwnerKilled();
    void cppOwnerKilled();
    void listenersKilled();
    void foreignWriterKilledInItsFrame_data() { addFrameRows(); }
    void foreignWriterKilledInItsFrame();
    void cppWriterKilledInItsFrame_data() { addFrameRows(); }
    void cppWriterKilledInItsFrame();
};

void tst_Languages::names_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("plain") << u"boiler.1_a-b"_s;
    QTest::newRow("escaped") << u"Boiler/1 \u00fc%"_s;
    QTest::newRow("hashed") << QString(201, u'x');
    QTest::newRow("escaped and hashed") << QString(70, u'\u00fc') + u"Z"_s;
    QTest::newRow("longest") << QString(255, u'Q');
}

void tst_Languages::names()
{
    QFETCH(QString, name);
    auto foreign = foreignOwner(name, 2);
    SharedSegment s(name);
    QVERIFY2(s.open(), qPrintable(s.errorString()));
    s.close();
    QVERIFY(foreign->finish());
    auto inCpp = owner(name, backend());
    auto reader = foreignReader(name);
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
        auto foreign = foreignOwner(name, 3, 2, layout);
        SharedSegment s(name);
        QVERIFY2(s.open(), qPrintable(s.errorString()));
        QCOMPARE(s.layoutText(), layout);
        QCOMPARE(s.length(), 3);
    }
    SharedSegment s(name);
    s.setBackend(backend());
    QVERIFY2(s.create(SharedLayout::parse(layout), 5), qPrintable(s.errorString()));
    auto reader = foreignReader(name);
    QCOMPARE(reader->ask("layout"), layout + u" 5"_s);
}

void tst_Languages::refusals()
{
    const QString name = uniqueName();
    const auto answer = [](const QStringList &arguments) { return foreignPeer(arguments)->line(); };
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
    // A living owner, of either kind, has the name.
    auto inCpp = owner(name, backend());
    QVERIFY(answer({u"own"_s, name, u"u64"_s, u"1"_s, nameOf(backend()), u"4"_s}).startsWith(u"error -2 "_s));
    auto foreign = foreignOwner(name + u"c"_s, 1);
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

void tst_Languages::foreignReads()
{
    for (const int length : {1, 3, 8, 1000}) {
        const QString name = uniqueName();
        auto inCpp = owner(name, backend(), length);
        auto reader = foreignReader(name);
        QCOMPARE(reader->ask("read"), u"whole 0"_s);
        for (int key = 1; key <= 9; ++key) {
            inCpp->ask(QByteArray("publish " + QByteArray::number(key)));
            QCOMPARE(reader->ask("read"), u"whole "_s + QString::number(key));
        }
        QCOMPARE(reader->ask("publish 1"), u"error only its owner can publish"_s);
    }
}

void tst_Languages::foreignWaits()
{
    const QString name = uniqueName();
    auto inCpp = owner(name, backend());
    auto reader = foreignReader(name);
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

void tst_Languages::foreignOwns()
{
    const QString name = uniqueName();
    auto foreign = foreignOwner(name, 8);
    SharedArray<quint64> array(name);
    QSignalSpy updated(array.segment(), &SharedSegment::updated);
    QSignalSpy orphaned(array.segment(), &SharedSegment::orphaned);
    QVERIFY2(array.open(), qPrintable(array.errorString()));
    QCOMPARE(array.segment()->backend(), backend());
    QCOMPARE(array.segment()->ownerPid(), foreign->pid());
    QVERIFY(!array.open(SharedSegment::Access::ReadWrite));
    QTRY_COMPARE_WITH_TIMEOUT(array.segment()->listenerCount(), 1, Deadline);
    for (quint64 i = 1; i <= 20; ++i) {
        QCOMPARE(foreign->ask(QByteArray("publish " + QByteArray::number(i))), u"published "_s + QString::number(i));
        QTRY_COMPARE_WITH_TIMEOUT(updated.isEmpty() ? 0 : updated.last().first().toULongLong(), i, Deadline);
        QCOMPARE(array.at(0), i);
    }
    QCOMPARE(foreign->ask("close"), u"closed"_s);
    QTRY_COMPARE_WITH_TIMEOUT(orphaned.count(), 1, Deadline);
    QCOMPARE(array.at(0), 20u);
    QVERIFY(!SharedSegment::exists(name));
}

void tst_Languages::foreignReadsUnderABusyWriter_data()
{
    QTest::addColumn<int>("frames");
    QTest::addColumn<int>("length");
    for (const int frames : {1, 2, 4}) {
        for (const int length : {8, 8192})
            QTest::addRow("%d frames, %d words", frames, length) << frames << length;
    }
}

void tst_Languages::foreignReadsUnderABusyWriter()
{
    QFETCH(int, frames);
    QFETCH(int, length);
    const QString name = uniqueName();
    auto inCpp = owner(name, backend(), length, frames);
    auto reader = foreignReader(name);
    inCpp->tell("spin");
    const QStringList words = reader->ask("check 300").split(u' ');
    QCOMPARE(words.size(), 6);
    QCOMPARE(words.at(3), u"0"_s);
    QVERIFY(words.at(1).toInt() + words.at(5).toInt() > 0);
    if (frames == 4)
        QVERIFY(words.at(1).toInt() > 0);
}

void tst_Languages::cppReadsUnderABusyWriter()
{
    const QString name = uniqueName();
    auto foreign = foreignOwner(name, 4096);
    auto reader = std::make_unique<Peer>(QStringList{u"attach"_s, name, u"read"_s});
    QCOMPARE(reader->line(), u"ready"_s);
    foreign->tell("spin");
    int whole = 0;
    for (int i = 0; i < 2000; ++i) {
        const QString answer = reader->ask("read");
        QVERIFY2(!answer.startsWith(u"torn"_s), qPrintable(answer));
        whole += answer.startsWith(u"whole"_s);
    }
    QVERIFY(whole > 0);
}

void tst_Languages::foreignOwnerKilled()
{
    const QString name = uniqueName();
    SharedSegment s(name);
    s.setActive(true);
    auto foreign = foreignOwner(name, 8);
    QCOMPARE(foreign->ask("publish 7"), u"published 1"_s);
    QTRY_COMPARE_WITH_TIMEOUT(s.state(), State::Open, Deadline);
    foreign->tell("spin");
    QTRY_VERIFY_WITH_TIMEOUT(s.revision() > 1000, Deadline);
    const QString instance = s.instance();
    foreign->kill();
    QTRY_COMPARE_WITH_TIMEOUT(s.state(), State::Orphaned, Deadline);
    QVERIFY(!s.snapshot().isEmpty());
    QVERIFY(!SharedSegment::exists(name));
    QVERIFY(!hasPosixObject(instance));
    // The name is free, and whoever waits for it moves on.
    foreign = foreignOwner(name, 8);
    QTRY_COMPARE_WITH_TIMEOUT(s.state(), State::Open, Deadline);
    QVERIFY(s.instance() != instance);
    s.close();
}

void tst_Languages::cppOwnerKilled()
{
    const QString name = uniqueName();
    auto inCpp = owner(name, backend());
    QCOMPARE(inCpp->ask("publish 7"), u"published 1"_s);
    auto reader = foreignReader(name);
    reader->tell("wait 1 -1");
    inCpp->kill();
    QCOMPARE(reader->line(), u"orphaned 1"_s);
    QCOMPARE(reader->ask("read"), u"whole 1"_s);
    // It sweeps as well as C++ does.
    const QStringList before = m_folder.files();
    auto foreign = foreignOwner(name, 8);
    QVERIFY(before.contains(u"s."_s + name + u".segment"_s));
    SharedSegment s(name);
    QVERIFY(s.open());
    QCOMPARE(s.ownerPid(), foreign->pid());
}

void tst_Languages::listenersKilled()
{
    const QString name = uniqueName();
    auto inCpp = owner(name, backend());
    SharedSegment s(name);
    QVERIFY(s.open());
    QTRY_COMPARE_WITH_TIMEOUT(s.listenerCount(), 1, Deadline);
    auto reader = foreignReader(name);
    reader->tell("wait 0 -1");
    QTRY_COMPARE_WITH_TIMEOUT(s.listenerCount(), 2, Deadline);
    reader->kill();
    for (int i = 1; i <= 3; ++i)
        QCOMPARE(inCpp->ask("publish 5"), u"published "_s + QString::number(i));
    QTRY_COMPARE_WITH_TIMEOUT(s.revision(), 3u, Deadline);
    QTRY_COMPARE_WITH_TIMEOUT(s.listenerCount(), 1, Deadline);

    // And where the publisher is foreign.
    auto foreign = foreignOwner(name + u"c"_s, 8);
    SharedSegment other(name + u"c"_s);
    QVERIFY(other.open());
    QTRY_COMPARE_WITH_TIMEOUT(other.listenerCount(), 1, Deadline);
    auto listener = foreignReader(name + u"c"_s);
    listener->tell("wait 0 -1");
    QTRY_COMPARE_WITH_TIMEOUT(other.listenerCount(), 2, Deadline);
    listener->kill();
    QCOMPARE(foreign->ask("publish 5"), u"published 1"_s);
    QCOMPARE(foreign->ask("publish 5"), u"published 2"_s);
    QTRY_COMPARE_WITH_TIMEOUT(other.listenerCount(), 1, Deadline);
}

void tst_Languages::foreignWriterKilledInItsFrame()
{
    QFETCH(int, frames);
    const QString name = uniqueName();
    auto foreign = foreignOwner(name, 8, frames);
    QCOMPARE(foreign->ask("publish 7"), u"published 1"_s);
    SharedArray<quint64> array(name);
    QVERIFY(array.open());
    QCOMPARE(foreign->ask("begin"), u"begun"_s);
    foreign->kill();
    QTRY_COMPARE_WITH_TIMEOUT(array.segment()->state(), State::Orphaned, Deadline);
    if (frames == 1) {
        QVERIFY(array.snapshot().isEmpty());
        QCOMPARE(array.error(), SharedSegment::Error::Corrupt);
    } else {
        QCOMPARE(array.at(0), 7u);
    }
}

void tst_Languages::cppWriterKilledInItsFrame()
{
    QFETCH(int, frames);
    const QString name = uniqueName();
    auto inCpp = owner(name, backend(), 8, frames, true);
    QCOMPARE(inCpp->ask("publish 7"), u"published 1"_s);
    auto reader = foreignReader(name);
    {
        Peer holder({name}, testPath("HOLDER"));
        QCOMPARE(holder.line(), u"ready"_s);
        QCOMPARE(holder.ask("hold"), u"done"_s);
        QCOMPARE(holder.ask("begin"), u"done"_s);
    } // Killed.
    QCOMPARE(reader->ask("read"), frames == 1 ? u"busy"_s : u"whole 1"_s);
    QCOMPARE(inCpp->ask("publish 8"), u"published 2"_s);
    QCOMPARE(reader->ask("read"), u"whole 2"_s);
}

QTEST_GUILESS_MAIN(tst_Languages)
#include "tst_languages.moc"
