// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Streams between another language and C++: each element arrives or is counted, also when a process is killed.

#include "languagetest.h"

#include <QtCore/QDeadlineTimer>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace testsupport;

namespace {

/// What a peer says that it has read.
struct Taken
{
    explicit Taken(const QString &answer)
        : text(answer)
    {
        const QStringList words = answer.split(u' ');
        if (words.size() != 8 || words.first() != u"took"_s)
            return;
        count = words.at(1).toULongLong();
        wrong = words.at(3).toULongLong();
        lost = words.at(5).toULongLong();
        position = words.at(7).toULongLong();
    }
    /// Each element up to the position arrived, as it was appended, or was counted.
    bool isExactAfter(quint64 before = 0) const { return wrong == 0 && before + count + lost == position; }

    QString text;
    quint64 count = 0;
    quint64 wrong = 1;
    quint64 lost = 0;
    quint64 position = 0;
};

QString took(quint64 count, quint64 lost, quint64 position)
{
    return u"took %1 wrong 0 lost %2 at %3"_s.arg(count).arg(lost).arg(position);
}

} // namespace

class tst_LanguageStreams : public LanguageTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void cleanup() { checkNothingIsLeft(); }

    void eachElementArrives_data() { addLanguageRows(); }
    void eachElementArrives();
    void lossIsExact_data() { addLanguageRows(); }
    void lossIsExact();
    void seeks_data() { addLanguageRows(); }
    void seeks();
    void independentWaits();
    void arraysAndStreams();
    void underABusyWriter_data() { addLanguageRows(); }
    void underABusyWriter();
    void ownerKilledWhileItAppends_data() { addLanguageRows(); }
    void ownerKilledWhileItAppends();
    void readerKilled_data() { addLanguageRows(); }
    void readerKilled();
    void killedInAnAppend();
    void goesOnInAReplacement();
    void childrenDoNotAppend();

private:
    static std::unique_ptr<Peer> streamOwner(bool isCpp, const QString &name, int capacity,
                                             const QString &layout = u"u64"_s, int bufferCount = 1)
    {
        QStringList arguments{
            u"own"_s, name, layout, QString::number(capacity), nameOf(backend()), QString::number(bufferCount)};
        if (isCpp)
            arguments << u"one"_s;
        arguments << u"stream"_s << metadata();
        return isCpp ? std::make_unique<Peer>(arguments) : independentPeer(arguments);
    }
    /// A reader in each language.
    static std::vector<std::unique_ptr<Peer>> readersOf(const QString &name)
    {
        std::vector<std::unique_ptr<Peer>> readers;
        readers.push_back(cppReader(name));
        readers.push_back(independentReader(name));
        return readers;
    }
    /// Has the peer append, and waits until it does.
    static void spin(Peer &publisher, const QString &name)
    {
        publisher.tell("spin");
        SharedSegment stream(name);
        QVERIFY2(stream.open(), qPrintable(stream.errorString()));
        QTRY_VERIFY_WITH_TIMEOUT(stream.revision() > 0, Deadline);
    }
    static QByteArray withNumber(const char *command, int number)
    {
        return QByteArray(command) + ' ' + QByteArray::number(number);
    }
};

void tst_LanguageStreams::eachElementArrives()
{
    QFETCH(bool, isOwnerInCpp);
    for (const QString &layout : {u"u64"_s, u"Sample{a:u64@0;b:u64[4]@8}/40"_s}) {
        const QString name = uniqueName();
        auto publisher = ready(streamOwner(isOwnerInCpp, name, 10, layout));
        auto readers = readersOf(name);
        QCOMPARE(readers.back()->ask("layout"), layout + u" 10"_s);
        quint64 position = 0;
        for (auto &reader : readers) {
            QCOMPARE(reader->ask("metadata"), metadata());
            QCOMPARE(reader->ask("take 10"), took(0, 0, 0));
            QCOMPARE(reader->ask("time"), u"0"_s);
        }
        for (const int count : {1, 0, 9, 10, 3, 7, 10, 1}) {
            position += quint64(count);
            QCOMPARE(publisher->ask(withNumber("append", count)), u"appended %1"_s.arg(position));
            const QString time = publisher->ask("time");
            QVERIFY(time.toLongLong() > 0);
            for (auto &reader : readers) {
                const int part = count / 2;
                QCOMPARE(reader->ask(withNumber("take", part)),
                         took(quint64(part), 0, position - quint64(count - part)));
                QCOMPARE(reader->ask("take 10"), took(quint64(count - part), 0, position));
                QCOMPARE(reader->ask("time"), time);
            }
        }
    }
}

void tst_LanguageStreams::lossIsExact()
{
    QFETCH(bool, isOwnerInCpp);
    const QString name = uniqueName();
    auto publisher = ready(streamOwner(isOwnerInCpp, name, 8));
    auto readers = readersOf(name);
    QCOMPARE(publisher->ask("append 11"), u"appended 11"_s); // in pieces
    for (auto &reader : readers) {
        QCOMPARE(reader->ask("take 2"), took(2, 3, 5));
        QCOMPARE(reader->ask("take 100"), took(6, 3, 11));
    }
    QCOMPARE(publisher->ask("append 9"), u"appended 20"_s);
    for (auto &reader : readers)
        QCOMPARE(reader->ask("take 1"), took(1, 4, 13));
    QCOMPARE(publisher->ask("append 1000"), u"appended 1020"_s);
    for (auto &reader : readers)
        QCOMPARE(reader->ask("take 3"), took(3, 4 + 999, 1015));
}

void tst_LanguageStreams::seeks()
{
    QFETCH(bool, isOwnerInCpp);
    const QString name = uniqueName();
    auto publisher = ready(streamOwner(isOwnerInCpp, name, 8));
    publisher->ask("append 20");
    auto readers = readersOf(name);
    for (auto &reader : readers) {
        QCOMPARE(reader->ask("take 8"), took(0, 0, 20));
        QCOMPARE(reader->ask("seek oldest"), u"done"_s);
    }
    publisher->ask("append 2");
    for (auto &reader : readers) {
        // What was before the first element is not lost.
        QCOMPARE(reader->ask("take 0"), took(0, 0, 14));
        QCOMPARE(reader->ask("take 3"), took(3, 0, 17));
        QCOMPARE(reader->ask("seek 19"), u"done"_s);
        QCOMPARE(reader->ask("take 8"), took(3, 0, 22));
        QCOMPARE(reader->ask("seek 10"), u"done"_s);
        QCOMPARE(reader->ask("take 8"), took(8, 4, 22));
        QCOMPARE(reader->ask("seek 1000"), u"done"_s);
        QCOMPARE(reader->ask("take 8"), took(0, 4, 22));
        QCOMPARE(reader->ask("seek 15"), u"done"_s);
        QCOMPARE(reader->ask("seek newest"), u"done"_s);
        QCOMPARE(reader->ask("take 8"), took(0, 4, 22));
    }
}

void tst_LanguageStreams::independentWaits()
{
    const QString name = uniqueName();
    auto inCpp = ready(streamOwner(true, name, 8));
    auto reader = independentReader(name);
    QCOMPARE(reader->ask("wait 0 30"), u"timeout 0"_s);
    for (int i = 1; i <= 20; ++i) {
        reader->tell(QByteArray("wait " + QByteArray::number(3 * (i - 1)) + " 20000"));
        inCpp->ask("append 3");
        QCOMPARE(reader->line(), u"updated %1"_s.arg(3 * i));
        QCOMPARE(reader->ask("take 8"), took(3, 0, quint64(3 * i)));
    }
    reader->tell("wait 60 -1");
    inCpp->kill();
    QCOMPARE(reader->line(), u"orphaned 60"_s);
    QCOMPARE(reader->ask("seek oldest"), u"done"_s);
    QCOMPARE(reader->ask("take 8"), took(8, 0, 60));
}

void tst_LanguageStreams::arraysAndStreams()
{
    const QString name = uniqueName();
    QVERIFY(streamOwner(false, name, 8, u"u64"_s, 2)->line().startsWith(u"error -5 "_s));
    auto stream = ready(streamOwner(false, name, 8));
    for (const char *command : {"publish 7", "read"}) {
        const QString answer = stream->ask(command);
        QVERIFY2(answer.startsWith(u"error"_s), qPrintable(answer));
    }
    auto reader = independentReader(name);
    QVERIFY(reader->ask("publish 7").startsWith(u"error -5 "_s));
    QVERIFY(reader->ask("append 1").startsWith(u"error -5 "_s));
    QVERIFY(reader->ask("read").startsWith(u"error"_s));
    QCOMPARE(reader->ask("take 8"), took(0, 0, 0));
}

void tst_LanguageStreams::underABusyWriter()
{
    QFETCH(bool, isOwnerInCpp);
    for (const int capacity : {7, 4096}) {
        const QString name = uniqueName();
        auto publisher = ready(streamOwner(isOwnerInCpp, name, capacity, u"u64[3]"_s));
        auto readers = readersOf(name);
        spin(*publisher, name);
        for (auto &reader : readers)
            reader->tell("check 300");
        for (auto &reader : readers) {
            const Taken taken(reader->line());
            QVERIFY2(taken.isExactAfter() && taken.position > 0, qPrintable(taken.text));
            // A few elements may all be overwritten before a slow language has copied them.
            QVERIFY2(taken.count > 0 || capacity == 7, qPrintable(taken.text));
        }
    }
}

void tst_LanguageStreams::ownerKilledWhileItAppends()
{
    QFETCH(bool, isOwnerInCpp);
    for (int i = 0; i < 5; ++i) {
        const QString name = uniqueName();
        const int capacity = i % 2 == 0 ? 8 : 1000;
        auto publisher = ready(streamOwner(isOwnerInCpp, name, capacity));
        auto readers = readersOf(name);
        for (auto &reader : readers)
            reader->tell(withNumber("check", 60 + 7 * i));
        spin(*publisher, name);
        QTest::qWait(30);
        publisher->kill();
        quint64 end = 0;
        for (auto &reader : readers) {
            const Taken taken(reader->line());
            QVERIFY2(taken.isExactAfter(), qPrintable(taken.text));
            const Taken rest(reader->ask(withNumber("take", capacity)));
            QVERIFY2(rest.wrong == 0 && taken.count + rest.count + rest.lost == rest.position, qPrintable(rest.text));
            QVERIFY2(rest.position > 0, qPrintable(rest.text));
            if (end == 0)
                end = rest.position;
            QCOMPARE(rest.position, end);
        }
        // The name is free at once.
        publisher = ready(streamOwner(!isOwnerInCpp, name, capacity));
        QCOMPARE(publisher->ask("append 1"), u"appended 1"_s);
    }
}

void tst_LanguageStreams::readerKilled()
{
    QFETCH(bool, isOwnerInCpp);
    const QString name = uniqueName();
    // Enough that a reader in a slow language gets some.
    auto publisher = ready(streamOwner(isOwnerInCpp, name, 4096));
    auto attentive = isOwnerInCpp ? independentReader(name) : cppReader(name);
    spin(*publisher, name);
    for (int i = 0; i < 5; ++i) {
        auto reader = isOwnerInCpp ? independentReader(name) : cppReader(name);
        reader->tell("check 20000");
        QTest::qWait(10);
        reader->kill();
    }
    // A dead reader holds up neither the writer nor another reader.
    const Taken taken(attentive->ask("check 50"));
    QVERIFY2(taken.isExactAfter() && taken.count > 0, qPrintable(taken.text));
    SharedSegment stream(name);
    QVERIFY2(stream.open(), qPrintable(stream.errorString()));
    const quint64 position = stream.revision();
    QTRY_VERIFY_WITH_TIMEOUT(stream.revision() > position, Deadline);
}

void tst_LanguageStreams::killedInAnAppend()
{
    const QString name = uniqueName();
    auto publisher = ready(streamOwner(false, name, 8));
    auto readers = readersOf(name);
    QCOMPARE(publisher->ask("append 8"), u"appended 8"_s);
    QCOMPARE(publisher->ask("reserve 2"), u"reserved"_s);
    // The oldest two may be half overwritten.
    QCOMPARE(readers.front()->ask("take 8"), took(6, 2, 8));
    // The next append begins at the position, and what is reserved stays so.
    QCOMPARE(publisher->ask("append 1"), u"appended 9"_s);
    QCOMPARE(readers.back()->ask("take 8"), took(7, 2, 9));
    QCOMPARE(publisher->ask("reserve 8"), u"reserved"_s);
    publisher->kill();
    for (auto &reader : readers) {
        QCOMPARE(reader->ask("seek oldest"), u"done"_s);
        QCOMPARE(reader->ask("take 8"), took(0, 2, 9));
        // Without space, too: a reader that waits must not stay at a position that is lost.
        QCOMPARE(reader->ask("seek 3"), u"done"_s);
        QCOMPARE(reader->ask("take 0"), took(0, 8, 9));
    }
}

void tst_LanguageStreams::goesOnInAReplacement()
{
    const QString name = uniqueName();
    auto inCpp = ready(streamOwner(true, name, 8));
    auto reader = independentReader(name);
    QCOMPARE(inCpp->ask("append 6"), u"appended 6"_s);
    const QString time = inCpp->ask("time");
    QCOMPARE(reader->ask("take 2"), took(2, 0, 2));
    reader->tell("wait 6 -1");
    QTRY_COMPARE_WITH_TIMEOUT(armed(name), 1, Deadline);
    QCOMPARE(inCpp->ask("recreate 3"), u"recreated"_s);
    QCOMPARE(reader->line(), u"replaced 6"_s);
    // What the old one has can still be read; the new one has the newest.
    QCOMPARE(reader->ask("take 1"), took(1, 0, 3));
    auto next = independentReader(name);
    QCOMPARE(next->ask("time"), time);
    QCOMPARE(next->ask("take 8"), took(0, 0, 6));
    QCOMPARE(inCpp->ask("append 1"), u"appended 7"_s);
    QCOMPARE(next->ask("seek 3"), u"done"_s);
    QCOMPARE(next->ask("take 8"), took(3, 1, 7));
}

void tst_LanguageStreams::childrenDoNotAppend()
{
    const QString name = uniqueName();
    auto independent = ready(streamOwner(false, name, 8));
    QCOMPARE(independent->ask("append 3"), u"appended 3"_s);
    const QString refused = independent->ask("fork append");
    QVERIFY2(refused.startsWith(u"error -7 "_s), qPrintable(refused));
    QCOMPARE(independent->line(), u"child 0"_s);
    QCOMPARE(independent->ask("append 1"), u"appended 4"_s);
}

QTEST_GUILESS_MAIN(tst_LanguageStreams)
#include "tst_languagestreams.moc"
