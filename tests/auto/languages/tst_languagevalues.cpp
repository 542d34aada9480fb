// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Names, layouts, values and updates between another language and C++.

#include "languagetest.h"

#include <SharedSegment/SharedArray>

#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include <unistd.h>
#include <vector>

using namespace Qt::StringLiterals;
using namespace testsupport;

class tst_LanguageValues : public LanguageTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void cleanup() { checkNothingIsLeft(); }

    void names_data();
    void names();
    void layouts_data();
    void layouts();
    void refusals();
    void unsupported_data();
    void unsupported();
    void ignored_data();
    void ignored();
    void replaced();
    void openedWhileReplaced();
    void variableCount_data() { addLanguageRows(); }
    void variableCount();
    void variableCountUnderABusyWriter_data();
    void variableCountUnderABusyWriter();
    void independentReads();
    void independentWaits();
    void independentOwns();
    void independentReadsUnderABusyWriter_data();
    void independentReadsUnderABusyWriter();
    void cppReadsUnderABusyWriter();
    void triesBeforeBusy();
    void moreMemoryThanThereIs();
};

void tst_LanguageValues::names_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("plain") << u"boiler.1_a-b"_s;
    QTest::newRow("escaped") << u"Boiler/1 \u00fc%"_s;
    QTest::newRow("hashed") << QString(201, u'x');
    QTest::newRow("escaped and hashed") << QString(70, u'\u00fc') + u"Z"_s;
    QTest::newRow("longest") << QString(255, u'Q');
    QTest::newRow("byte order mark") << u"\ufeffboiler"_s;
}

void tst_LanguageValues::names()
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

void tst_LanguageValues::layouts_data()
{
    QTest::addColumn<QString>("layout");
    for (const char *layout :
         {"u8", "f32[3]", "char[20]", "Sample{id:i32@0;value:f64@8;label:char[20]@16}/40",
          "P{a.x:f32@0;a.y:f32@4;b:bool@8}/12", "Packed{a:u8@0;b:u64@1}/9", "\xc3\x9c{\xc3\xa4:i64[2]@0}/16"})
        QTest::newRow(layout) << QString::fromUtf8(layout);
}

void tst_LanguageValues::layouts()
{
    QFETCH(QString, layout);
    const QString name = uniqueName();
    {
        auto independent = independentOwner(name, 3, 2, layout);
        SharedSegment s(name);
        QVERIFY2(s.open(), qPrintable(s.errorString()));
        QCOMPARE(s.layoutText(), layout);
        QCOMPARE(s.capacity(), 3);
    }
    SharedSegment s(name);
    s.setBackend(backend());
    QVERIFY2(s.create(SharedLayout::parse(layout), 5), qPrintable(s.errorString()));
    auto reader = independentReader(name);
    QCOMPARE(reader->ask("layout"), layout + u" 5"_s);
}

void tst_LanguageValues::refusals()
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
    QVERIFY(record.open(QIODevice::ReadWrite) && record.seek(32) && record.write(QByteArray(8, '\xff')) == 8);
    record.close();
    QVERIFY(answer({u"attach"_s, name}).startsWith(u"error -4 "_s));
    QVERIFY(alter(name, 32, le(quint64(inCpp->pid()))));
}

void tst_LanguageValues::unsupported_data()
{
    QTest::addColumn<int>("offset");
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("the first version") << 8 << le(1u);
    QTest::newRow("a later version") << 8 << le(3u);
    QTest::newRow("backend of another system") << 12 << le(3u);
    QTest::newRow("backend file") << 12 << le(4u);
    QTest::newRow("a later backend") << 12 << le(77u);
    QTest::newRow("group of readers") << 56 << le(2u);
    QTest::newRow("a later feature") << 56 << le(0x80000000u);
}

void tst_LanguageValues::unsupported()
{
    QFETCH(int, offset);
    QFETCH(QByteArray, bytes);
    const QString name = uniqueName();
    auto inCpp = owner(name, backend());
    const QByteArray before = record(name).mid(offset, bytes.size());
    QVERIFY(alter(name, offset, bytes));
    // An error of its own, and neither a reader nor an owner touches the record while its owner lives.
    QVERIFY(independentPeer({u"attach"_s, name})->line().startsWith(u"error -9 "_s));
    QVERIFY(independentPeer({u"own"_s, name, u"u64"_s, u"1"_s, nameOf(backend()), u"4"_s})
                ->line()
                .startsWith(u"error -9 "_s));
    QVERIFY(alter(name, offset, before));
    QCOMPARE(independentReader(name)->ask("read"), u"whole 0"_s);
}

void tst_LanguageValues::ignored_data()
{
    QTest::addColumn<int>("offset");
    QTest::newRow("optional features") << 384;
    QTest::newRow("bytes without a name") << 392;
    QTest::newRow("update byte") << 520;
    QTest::newRow("source") << 524;
}

void tst_LanguageValues::ignored()
{
    QFETCH(int, offset);
    const QString name = uniqueName();
    auto inCpp = owner(name, backend());
    QVERIFY(alter(name, offset, "\2"));
    QCOMPARE(independentReader(name)->ask("read"), u"whole 0"_s);
}

/// The name is never free, however often its owner replaces the segment.
void tst_LanguageValues::openedWhileReplaced()
{
    const QString name = uniqueName();
    SharedArray<quint64> array(name);
    QVERIFY(array.createWithCapacity(1));
    auto reader = independentReader(name);
    reader->tell("reopen 2000");
    for (const QDeadlineTimer end(1900); !end.hasExpired();)
        QVERIFY2(array.segment()->recreate(9), qPrintable(array.errorString()));
    QCOMPARE(reader->line(), u"missing 0"_s);
}

void tst_LanguageValues::replaced()
{
    const QString name = uniqueName();
    auto independent = independentOwner(name, 8);
    QCOMPARE(independent->ask("publish 7"), u"published 1"_s);
    auto reader = independentReader(name);
    reader->tell("wait 1 -1");
    QTRY_COMPARE_WITH_TIMEOUT(armed(name), 1, Deadline);
    QVERIFY(alter(name, 512, le(2u)));
    QCOMPARE(reader->line(), u"replaced 1"_s);
    QCOMPARE(reader->ask("owned"), u"0"_s);
    QCOMPARE(reader->ask("read"), u"whole 1"_s);
    // While nothing else has the name, a search ends after some tries.
    QVERIFY(independentPeer({u"attach"_s, name})->line().startsWith(u"error -3 "_s));
    // Another record has the name: it is found, and the old one is not in the way.
    const QString aside = m_folder.path() + u"/aside"_s;
    QVERIFY(QFile::rename(recordOf(name), aside));
    auto next = independentOwner(name, 16);
    QCOMPARE(next->ask("publish 8"), u"published 1"_s);
    QCOMPARE(independentReader(name)->ask("layout"), u"u64 16"_s);
    QCOMPARE(independent->ask("close"), u"closed"_s);
    QCOMPARE(independentReader(name)->ask("read"), u"whole 1"_s);
    QVERIFY(QFile::remove(aside));
}

void tst_LanguageValues::variableCount()
{
    QFETCH(bool, isOwnerInCpp);
    const QString name = uniqueName();
    constexpr int Capacity = 100;
    auto publisher = variableOwner(isOwnerInCpp, name, Capacity);
    std::vector<std::unique_ptr<Peer>> readers;
    readers.push_back(cppReader(name));
    readers.push_back(independentReader(name));
    for (auto &reader : readers) {
        QCOMPARE(reader->ask("metadata"), metadata());
        QCOMPARE(reader->ask("read"), u"whole 0 0"_s);
    }
    int revision = 0;
    for (const int count : {Capacity, 1, 0, 99, 2, Capacity, 0, 50}) {
        ++revision;
        QCOMPARE(publisher->ask(QByteArray("publish 7 " + QByteArray::number(count))), u"published %1"_s.arg(revision));
        for (auto &reader : readers)
            QCOMPARE(reader->ask("read"), u"whole %1 %2"_s.arg(revision).arg(count));
    }
    QVERIFY(publisher->ask(QByteArray("publish 7 " + QByteArray::number(Capacity + 1))).startsWith(u"error "_s));
    for (auto &reader : readers)
        QCOMPARE(reader->ask("read"), u"whole %1 50"_s.arg(revision));
}

void tst_LanguageValues::variableCountUnderABusyWriter_data()
{
    QTest::addColumn<bool>("isOwnerInCpp");
    QTest::addColumn<int>("bufferCount");
    QTest::addColumn<int>("capacity");
    for (const bool isOwnerInCpp : {true, false}) {
        for (const int bufferCount : {1, 2, 4}) {
            for (const int capacity : {8, 8192})
                QTest::addRow("%s, %d buffers, %d words", isOwnerInCpp ? "owner in C++" : "independent owner",
                              bufferCount, capacity)
                    << isOwnerInCpp << bufferCount << capacity;
        }
    }
}

void tst_LanguageValues::variableCountUnderABusyWriter()
{
    QFETCH(bool, isOwnerInCpp);
    QFETCH(int, bufferCount);
    QFETCH(int, capacity);
    const QString name = uniqueName();
    auto publisher = variableOwner(isOwnerInCpp, name, capacity, bufferCount);
    auto reader = isOwnerInCpp ? independentReader(name) : cppReader(name);
    publisher->tell("spin");
    const QStringList words = reader->ask("check 300").split(u' ');
    QCOMPARE(words.size(), 6);
    // A count of one revision with the elements of another would be torn, too.
    QCOMPARE(words.at(3), u"0"_s);
    QVERIFY(words.at(1).toInt() + words.at(5).toInt() > 0);
    if (bufferCount == 4)
        QVERIFY(words.at(1).toInt() > 0);
}

void tst_LanguageValues::independentReads()
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

void tst_LanguageValues::independentWaits()
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

void tst_LanguageValues::independentOwns()
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
        QTRY_COMPARE_WITH_TIMEOUT(updated.isEmpty() ? 0 : updated.last().first().value<SharedRevision>().number, i,
                                  Deadline);
        QCOMPARE(array.readElement(0), i);
    }
    QCOMPARE(independent->ask("close"), u"closed"_s);
    QTRY_COMPARE_WITH_TIMEOUT(orphaned.count(), 1, Deadline);
    QCOMPARE(array.readElement(0), 20u);
    QVERIFY(!SharedSegment::exists(name));
}

void tst_LanguageValues::independentReadsUnderABusyWriter_data()
{
    QTest::addColumn<int>("bufferCount");
    QTest::addColumn<int>("length");
    for (const int bufferCount : {1, 2, 4}) {
        for (const int length : {8, 8192})
            QTest::addRow("%d buffers, %d words", bufferCount, length) << bufferCount << length;
    }
}

void tst_LanguageValues::independentReadsUnderABusyWriter()
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

void tst_LanguageValues::cppReadsUnderABusyWriter()
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

void tst_LanguageValues::triesBeforeBusy()
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

void tst_LanguageValues::moreMemoryThanThereIs()
{
    const QString answer =
        independentPeer({u"own"_s, uniqueName(), u"u64"_s, u"17592186044416"_s, nameOf(backend()), u"4"_s})->line();
    QVERIFY2(answer.startsWith(u"error -8 "_s), qPrintable(answer));
}

QTEST_GUILESS_MAIN(tst_LanguageValues)
#include "tst_languagevalues.moc"
