// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The command `sharedsegment` and streams: publish, watch, dump, and what it says of them.

#include "toolprocess.h"

#include <SharedSegment/SharedStream>

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtTest/QTest>

#include <array>
#include <csignal>
#include <numeric>
#include <vector>

using namespace Qt::StringLiterals;
using namespace testsupport;

namespace {

QByteArray rangeOf(int first, int last)
{
    QByteArray lines;
    for (int i = first; i <= last; ++i)
        lines += QByteArray::number(i) + '\n';
    return lines;
}

} // namespace

class tst_ToolStream : public QObject
{
    Q_OBJECT

private:
    RegistryFolder m_folder;

private Q_SLOTS:
    void cleanup()
    {
        QCOMPARE(SharedSegment::names(), QStringList());
        QCOMPARE(m_folder.files(), QStringList());
    }

    void publishAsTheyCome();
    void publishFormats_data();
    void publishFormats();
    void publishMuch();
    void publishUntilAnError();
    void publishOneAtATime();
    void watch();
    void watchFromTheFirst();
    void watchSaysWhatWasLost();
    void watchPrintsWhatAnOwnerLeft();
    void watchLosesOnlyWhatItDoesNotPrint();
    void watchShowsOwnTimes_data();
    void watchShowsOwnTimes();
    void dump_data();
    void dump();
    void description();
    void usage_data();
    void usage();
};

void tst_ToolStream::publishAsTheyCome()
{
    SharedStream<int> stream(u"lines"_s);
    Tool publisher({u"publish"_s, u"lines"_s, u"--stream"_s, u"--layout"_s, u"i32"_s});
    QVERIFY(waitUntilThere(u"lines"_s));
    QVERIFY(stream.open());
    QCOMPARE(stream.capacity(), 1024);
    for (int i = 0; i < 3; ++i) {
        // Each line at once, though the input goes on.
        publisher.feed(QByteArray::number(i * 10) + '\n');
        QVERIFY(stream.waitForUpdated(quint64(i), QDeadlineTimer(Deadline)));
        QCOMPARE(stream.readNew(), QList<int>{i * 10});
    }
    publisher.closeInput();
    const Result result = publisher.end();
    QCOMPARE(result.code, 0);
    QCOMPARE(result.error, QByteArray("sharedsegment: 3 elements published\n"));
}

void tst_ToolStream::publishFormats_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<QByteArray>("input");
    QTest::newRow("csv") << u"csv"_s << QByteArray("value\n1\n2,3\n\n# a comment\n4");
    QTest::newRow("json") << u"json"_s << QByteArray("1 [2,\n3]\n4");
    QTest::newRow("jsonl") << u"jsonl"_s << QByteArray("1\n2\n[3,4]\n");
    QTest::newRow("raw") << u"raw"_s << QByteArray("\1\0\2\0\3\0\4\0", 8);
}

void tst_ToolStream::publishFormats()
{
    QFETCH(QString, format);
    QFETCH(QByteArray, input);
    Tool publisher(
        {u"publish"_s, u"each"_s, u"--stream"_s, u"--layout"_s, u"u16"_s, u"--format"_s, format, u"--hold"_s});
    publisher.feed(input);
    publisher.closeInput();
    QVERIFY(waitUntilThere(u"each"_s));
    SharedStream<quint16> stream(u"each"_s);
    QVERIFY(stream.open());
    QTRY_COMPARE_WITH_TIMEOUT(stream.segment()->revision(), quint64(4), Deadline);
    stream.seek(SharedStream<quint16>::Oldest);
    QCOMPARE(stream.readNew(), (QList<quint16>{1, 2, 3, 4}));
    publisher.signal(SIGTERM);
    QCOMPARE(publisher.end().code, 0);
}

void tst_ToolStream::publishMuch()
{
    // More than the capacity at once, without an element left out or twice.
    constexpr int Count = 100'000;
    Tool publisher({u"publish"_s, u"much"_s, u"--stream"_s, u"--layout"_s, u"i32"_s, u"--capacity"_s, u"7"_s,
                    u"--multiple-writers"_s, u"--hold"_s});
    publisher.feed(rangeOf(0, Count - 1));
    publisher.closeInput();
    QVERIFY(waitUntilThere(u"much"_s));
    SharedStream<int> stream(u"much"_s);
    QVERIFY(stream.open());
    QTRY_COMPARE_WITH_TIMEOUT(stream.segment()->revision(), quint64(Count), Deadline);
    QCOMPARE(Tool::run({u"dump"_s, u"much"_s}).out, "value\n" + rangeOf(Count - 7, Count - 1));
    publisher.signal(SIGTERM);
    QCOMPARE(publisher.end().code, 0);
}

void tst_ToolStream::publishUntilAnError()
{
    const Result result = Tool::run({u"publish"_s, u"bad"_s, u"--stream"_s, u"--layout"_s, u"u8"_s}, "1\n2\nx\n");
    QCOMPARE(result.code, 1);
    QVERIFY2(result.error.contains("2 elements were published, but line 3: "), result.error);
    const Result nothing = Tool::run({u"publish"_s, u"bad"_s, u"--stream"_s, u"--layout"_s, u"u8"_s});
    QCOMPARE(nothing.code, 1);
    QVERIFY2(nothing.error.contains("nothing to publish; "), nothing.error);
}

void tst_ToolStream::publishOneAtATime()
{
    Tool publisher({u"publish"_s, u"slow"_s, u"--stream"_s, u"--layout"_s, u"u8"_s, u"--interval"_s, u"60000"_s});
    publisher.feed("1\n2\n3\n");
    QVERIFY(waitUntilThere(u"slow"_s));
    SharedStream<quint8> stream(u"slow"_s);
    QVERIFY(stream.open());
    QTRY_COMPARE_WITH_TIMEOUT(stream.segment()->revision(), quint64(1), Deadline);
    QVERIFY(publisher.isRunning());
    QCOMPARE(stream.segment()->revision(), quint64(1));
    publisher.signal(SIGINT);
    QCOMPARE(publisher.end().error, QByteArray("sharedsegment: 1 element published\n"));
}

void tst_ToolStream::watch()
{
    SharedStream<std::array<float, 2>> stream(u"pairs"_s);
    QVERIFY(stream.create(10));
    QVERIFY(stream.append({1, 2}));
    Tool watcher({u"watch"_s, u"pairs"_s, u"--count"_s, u"3"_s});
    QTRY_COMPARE_WITH_TIMEOUT(stream.segment()->listenerCount(), 1, Deadline);
    const std::array<float, 2> several[] = {{3.5, 4}, {5, 6}};
    QVERIFY(stream.append(several));
    QVERIFY(stream.append({7, 8}));
    QVERIFY(stream.append({9, 10}));
    // What was there before is left out.
    for (const char *line : {" 1 3.5,4", " 2 5,6", " 3 7,8"}) {
        const QByteArray out = watcher.line();
        QVERIFY2(out.endsWith(line), out);
        QVERIFY(QTime::fromString(QString::fromLatin1(out.split(' ').first()), u"hh:mm:ss.zzz"_s).isValid());
    }
    const Result result = watcher.end();
    QCOMPARE(result.code, 0);
    QCOMPARE(result.out, QByteArray());
    QCOMPARE(result.error, QByteArray());

    Tool rate({u"watch"_s, u"pairs"_s, u"--rate"_s, u"--count"_s, u"1"_s});
    const QByteArray line = rate.line();
    QVERIFY2(line.contains(" elements/s"), line);
}

void tst_ToolStream::watchFromTheFirst()
{
    Tool watcher({u"watch"_s, u"later"_s});
    QCOMPARE(watcher.errorLine(), QByteArray("sharedsegment: later: waiting for it"));
    for (int owner = 0; owner < 2; ++owner) {
        SharedStream<int> stream(u"later"_s);
        QVERIFY(stream.create(10));
        const int values[] = {7, 8, 9};
        QVERIFY(stream.append(values));
        for (const char *line : {" 0 7", " 1 8", " 2 9"})
            QVERIFY(watcher.line().endsWith(line));
        stream.close();
        QCOMPARE(watcher.errorLine(), QByteArray("sharedsegment: later: its owner is gone"));
    }
    watcher.signal(SIGTERM);
    const Result result = watcher.end();
    QCOMPARE(result.code, 0);
    QCOMPARE(result.out + result.error, QByteArray());
}

void tst_ToolStream::watchSaysWhatWasLost()
{
    SharedStream<int> stream(u"fast"_s);
    QVERIFY(stream.create(10));
    Tool watcher({u"watch"_s, u"fast"_s});
    QTRY_COMPARE_WITH_TIMEOUT(stream.segment()->listenerCount(), 1, Deadline);
    watcher.signal(SIGSTOP);
    std::array<int, 24> values{};
    std::iota(values.begin(), values.end(), 100);
    for (const int value : values)
        QVERIFY(stream.append(value));
    watcher.signal(SIGCONT);
    QCOMPARE(watcher.errorLine(), QByteArray("sharedsegment: fast: 14 elements were lost"));
    for (int i = 14; i < 24; ++i)
        QVERIFY(watcher.line().endsWith(' ' + QByteArray::number(i) + ' ' + QByteArray::number(100 + i)));
}

void tst_ToolStream::watchPrintsWhatAnOwnerLeft()
{
    constexpr int Many = 5000; // more than a portion
    std::vector<int> values(Many);
    std::iota(values.begin(), values.end(), 0);
    SharedStream<int> stream(u"left"_s);
    QVERIFY(stream.create(Many));
    Tool watcher({u"watch"_s, u"left"_s, u"--count"_s, QString::number(Many + 1)});
    QTRY_COMPARE_WITH_TIMEOUT(stream.segment()->listenerCount(), 1, Deadline);
    watcher.signal(SIGSTOP);
    QVERIFY(stream.append(values));
    stream.close();
    QVERIFY(stream.create(Many));
    QVERIFY(stream.append(Many));
    watcher.signal(SIGCONT);
    const Result result = watcher.end();
    QCOMPARE(result.out.count('\n'), Many + 1);
    QVERIFY(result.out.endsWith(" 5000\n"));
    QCOMPARE(result.error, QByteArray("sharedsegment: left: its owner is gone\n"));
    stream.close();
}

void tst_ToolStream::watchLosesOnlyWhatItDoesNotPrint()
{
    constexpr int Many = 40'000;
    std::vector<int> values(Many);
    std::iota(values.begin(), values.end(), 0);
    // Their output is not read for longer than the command takes for what an owner left. One owner stays away, the other
    // one comes again.
    SharedStream<int> gone(u"gone"_s);
    SharedStream<int> again(u"again"_s);
    Tool ofGone({u"watch"_s, u"gone"_s, u"--count"_s, QString::number(Many)});
    Tool ofAgain({u"watch"_s, u"again"_s});
    for (SharedStream<int> *stream : {&gone, &again}) {
        QVERIFY(stream->create(Many));
        QTRY_COMPARE_WITH_TIMEOUT(stream->segment()->listenerCount(), 1, Deadline);
    }
    for (SharedStream<int> *stream : {&gone, &again}) {
        QVERIFY(stream->append(values));
        stream->close();
    }
    QVERIFY(again.create(Many));
    QVERIFY(again.append(Many));
    QTest::qSleep(2500);
    const Result result = ofGone.end();
    QCOMPARE(result.code, 0);
    QCOMPARE(result.out.count('\n'), Many);
    QVERIFY2(!result.error.contains("lost"), result.error);

    qint64 printed = 0;
    QByteArray line;
    do {
        line = ofAgain.line();
        ++printed;
    } while (line != "timeout" && !line.endsWith(" 0 40000"));
    QVERIFY(line != "timeout");
    ofAgain.signal(SIGTERM);
    const QByteArray said = ofAgain.end().error;
    const QByteArray lost = said.mid(said.lastIndexOf("again: ") + 7);
    QVERIFY2(printed - 1 + lost.split(' ').first().toLongLong() == Many, said);
}

void tst_ToolStream::watchShowsOwnTimes_data()
{
    QTest::addColumn<QVariantMap>("metadata");
    QTest::addColumn<int>("interval"); // in ms
    QTest::newRow("field") << QVariantMap{{u"timeField"_s, u"value"_s}, {u"sampleRate"_s, 1000}} << 1000;
    QTest::newRow("rate") << QVariantMap{{u"sampleRate"_s, 4}} << 250;
    QTest::newRow("neither") << QVariantMap{} << 0;
}

void tst_ToolStream::watchShowsOwnTimes()
{
    QFETCH(QVariantMap, metadata);
    QFETCH(int, interval);
    struct Timed
    {
        qint64 value;
    };
    SharedSegment stream(u"timed"_s);
    stream.setKind(SharedSegment::Kind::Stream);
    stream.setMetadata(metadata);
    QVERIFY(stream.create(SharedLayout::parse(u"T{value:i64}"), 10));
    Tool watcher({u"watch"_s, u"timed"_s});
    QTRY_COMPARE_WITH_TIMEOUT(stream.listenerCount(), 1, Deadline);
    const qint64 times[] = {1'700'000'000'000'000'000, 1'700'000'001'000'000'000, 1'700'000'002'000'000'000};
    QVERIFY(stream.append(QByteArrayView(reinterpret_cast<const char *>(times), sizeof times)));
    QTime last;
    for (int i = 0; i < 3; ++i) {
        const QTime time = QTime::fromString(QString::fromLatin1(watcher.line().left(12)), u"hh:mm:ss.zzz"_s);
        QVERIFY(time.isValid());
        if (i > 0)
            QCOMPARE((last.msecsTo(time) + 86'400'000) % 86'400'000, interval);
        last = time;
    }
    if (interval == 1000)
        QCOMPARE(last, QDateTime::fromSecsSinceEpoch(1'700'000'002).time());
}

void tst_ToolStream::dump_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QByteArray>("out");
    QTest::newRow("all") << QStringList{} << "value\n" + rangeOf(3, 12);
    QTest::newRow("last") << QStringList{u"--last"_s, u"2"_s} << "value\n" + rangeOf(11, 12);
    QTest::newRow("more than all") << QStringList{u"--last"_s, u"99"_s} << "value\n" + rangeOf(3, 12);
    QTest::newRow("none") << QStringList{u"--last"_s, u"0"_s} << QByteArray("value\n");
    QTest::newRow("part") << QStringList{u"--first"_s, u"1"_s, u"--count"_s, u"3"_s} << "value\n" + rangeOf(4, 6);
    QTest::newRow("behind the end") << QStringList{u"--first"_s, u"100"_s} << QByteArray("value\n");
    QTest::newRow("json") << QStringList{u"--last"_s, u"2"_s, u"--format"_s, u"json"_s}
                          << QByteArray("[\n11,\n12\n]\n");
    QTest::newRow("raw") << QStringList{u"--last"_s, u"1"_s, u"--format"_s, u"raw"_s} << QByteArray("\x0c\0\0\0", 4);
}

void tst_ToolStream::dump()
{
    QFETCH(QStringList, options);
    QFETCH(QByteArray, out);
    SharedStream<int> stream(u"twelve"_s);
    QVERIFY(stream.create(10));
    QCOMPARE(Tool::run({u"dump"_s, u"twelve"_s, u"--last"_s, u"3"_s}).out, QByteArray("value\n"));
    for (int i = 1; i <= 12; ++i)
        QVERIFY(stream.append(i));
    const Result result = Tool::run(QStringList{u"dump"_s, u"twelve"_s} + options);
    QCOMPARE(result.error, QByteArray());
    QCOMPARE(result.code, 0);
    QCOMPARE(result.out, out);

    // --last is for arrays too.
    SharedSegment array(u"array"_s);
    QVERIFY(array.create(SharedLayout::parse(u"u8"), 3));
    QVERIFY(array.publish("\1\2\3"));
    QCOMPARE(Tool::run({u"dump"_s, u"array"_s, u"--last"_s, u"2"_s}).out, QByteArray("value\n2\n3\n"));
}

void tst_ToolStream::description()
{
    Tool owner({u"create"_s, u"made"_s, u"--stream"_s, u"--layout"_s, u"f64"_s, u"--capacity"_s, u"100"_s,
                u"--metadata"_s, u"{\"sampleRate\":50}"_s, u"--multiple-writers"_s});
    QCOMPARE(owner.line(), QByteArray("created made: f64, the newest 100 elements"));
    SharedStream<double> stream(u"made"_s);
    QVERIFY(stream.open(SharedSegment::Access::ReadWrite));
    const double values[] = {1, 2};
    QVERIFY(stream.append(values));
    const QByteArray info = Tool::run({u"info"_s, u"made"_s}).out;
    for (const char *part : {"kind       stream\n", "position   2\n", "appended   2", "{\"sampleRate\":50}"})
        QVERIFY2(info.contains(part), info);
    const QJsonObject json = QJsonDocument::fromJson(Tool::run({u"list"_s, u"--json"_s}).out).array().at(0).toObject();
    QCOMPARE(json.value(u"kind"_s), u"stream"_s);
    QCOMPARE(json.value(u"capacity"_s), 100);
    QCOMPARE(json.value(u"revision"_s), 2);
    QCOMPARE(json.value(u"count"_s), 2);
    QCOMPARE(json.value(u"metadata"_s).toObject().value(u"sampleRate"_s), 50);
    QVERIFY(Tool::run({u"list"_s}).out.contains("made  f64     stream"));
    // One element of an array can be changed, but not one of a stream.
    const Result write = Tool::run({u"write"_s, u"made"_s, u"0"_s, u"1"_s});
    QCOMPARE(write.code, 1);
    QVERIFY2(write.error.contains("; "), write.error);
    owner.signal(SIGTERM);
    QCOMPARE(owner.end().code, 0);
}

void tst_ToolStream::usage_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("errorText");
    const QStringList stream{u"create"_s, u"a"_s, u"--layout"_s, u"f64"_s, u"--stream"_s};
    QTest::newRow("variable") << (stream + QStringList{u"--variable"_s}) << QByteArray("--stream and --variable");
    QTest::newRow("metadata") << (stream + QStringList{u"--metadata"_s, u"[1]"_s}) << QByteArray("takes a JSON object");
    QTest::newRow("last") << QStringList{u"dump"_s, u"a"_s, u"--last"_s, u"-1"_s} << QByteArray("--last takes a whole");
    QTest::newRow("last and first") << QStringList{u"dump"_s, u"a"_s, u"--last"_s, u"1"_s, u"--first"_s, u"2"_s}
                                    << QByteArray("--last excludes");
}

void tst_ToolStream::usage()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, errorText);
    const Result result = Tool::run(arguments);
    QCOMPARE(result.code, 2);
    QVERIFY2(result.error.contains(errorText), result.error);
}

QTEST_GUILESS_MAIN(tst_ToolStream)
#include "tst_toolstream.moc"
