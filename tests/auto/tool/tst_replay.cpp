// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The command `replay`: its pace, and recordings that are incomplete, damaged or none.

#include "toolprocess.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedStream>

#include <QtCore/QElapsedTimer>
#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <array>
#include <csignal>
#include <sys/stat.h>

using namespace Qt::StringLiterals;
using namespace testsupport;

class tst_Replay : public QObject
{
    Q_OBJECT

private:
    QString path(const char *name) const { return m_files.filePath(QString::fromLatin1(name)); }
    QString written(const char *name, const QByteArray &content) const
    {
        QFile file(path(name));
        return file.open(QIODevice::WriteOnly) && file.write(content) == content.size() ? file.fileName() : QString();
    }

    RegistryFolder m_folder;
    QTemporaryDir m_files;

private Q_SLOTS:
    void cleanup()
    {
        QCOMPARE(SharedSegment::names(), QStringList());
        QCOMPARE(m_folder.files(), QStringList());
    }

    void killed_data();
    void killed();
    void pace();
    void newOwnerWithAnotherLayout();
    void mirror();
    void pipe();
    void longPause();
    void bad_data();
    void bad();
    void notRecordings_data();
    void notRecordings();
    void usage_data();
    void usage();
};

void tst_Replay::killed_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("csv") << u"killed.csv"_s;
    QTest::newRow("mcap") << u"killed.mcap"_s;
}

void tst_Replay::killed()
{
    QFETCH(QString, name);
    const QString file = m_files.filePath(name);
    SharedStream<int> stream(u"long"_s);
    QVERIFY(stream.create(100));
    Tool recorder({u"record"_s, u"long"_s, u"--to"_s, file});
    QTRY_COMPARE_WITH_TIMEOUT(stream.segment()->listenerCount(), 1, Deadline);
    for (int i = 0; i < 10; ++i)
        QVERIFY(stream.append(i));
    // All is in the file after a second.
    const QByteArray last = name.endsWith(u".csv") ? ",9,9\n" : R"({"value":9})";
    QVERIFY(QTest::qWaitFor(
        [&] {
            QFile written(file);
            return written.open(QIODevice::ReadOnly) && written.readAll().contains(last);
        },
        Deadline));
    recorder.signal(SIGKILL);
    recorder.end();
    stream.close();
    // The last write may have ended in the middle.
    QFile cut(file);
    QVERIFY(cut.open(QIODevice::ReadWrite));
    if (name.endsWith(u".csv"))
        QVERIFY(cut.resize(cut.size() - 1));
    cut.close();
    const Result played = Tool::run({u"replay"_s, file});
    QCOMPARE(played.code, 0);
    if (name.endsWith(u".csv"))
        QCOMPARE(played.error, QByteArray("sharedsegment: the recording ends within a line, which was left out\n"
                                          "sharedsegment: 9 elements and revisions published\n"));
    else
        QVERIFY2(played.error.startsWith("sharedsegment: the recording has no end; "), played.error);
}

void tst_Replay::pace()
{
    const QByteArray description =
        R"(# {"recording":1,"name":"paced","layout":"i32","kind":"stream","capacity":10,"metadata":{}})"
        "\n@time,@number,value\n";
    const QString file =
        written("paced.csv", description + "5000000000,0,1\n5300000000,1,2\n5600000000,2,3\n5100000000,3,4\n");
    const auto duration = [&](const QString &speed) {
        QElapsedTimer timer;
        timer.start();
        const Result result = Tool::run({u"replay"_s, file, u"--speed"_s, speed});
        return result.error == "sharedsegment: 4 elements and revisions published\n" ? timer.elapsed() : -1;
    };
    const qint64 recorded = duration(u"1"_s);
    QVERIFY2(recorded >= 600 && recorded < 600 + Deadline, QByteArray::number(recorded));
    const qint64 half = duration(u"0.5"_s);
    QVERIFY2(half >= 1200, QByteArray::number(half));
    const qint64 fast = duration(u"1000"_s);
    QVERIFY2(fast >= 0 && fast < recorded, QByteArray::number(fast));
}

void tst_Replay::newOwnerWithAnotherLayout()
{
    SharedStream<int> first(u"changing"_s);
    QVERIFY(first.create(10));
    const QString file = path("changing.mcap");
    const QString csv = path("changing.csv");
    Tool recorder({u"record"_s, u"changing"_s, u"--to"_s, file, u"--count"_s, u"3"_s});
    Tool toCsv({u"record"_s, u"changing"_s, u"--to"_s, csv});
    QTRY_COMPARE_WITH_TIMEOUT(first.segment()->listenerCount(), 2, Deadline);
    QVERIFY(first.append(1));
    QTRY_VERIFY_WITH_TIMEOUT(QFile(csv).size() > 0, Deadline);
    first.close();
    QCOMPARE(recorder.errorLine(), QByteArray("sharedsegment: changing: its owner is gone"));
    SharedStream<double> second(u"changing"_s);
    QVERIFY(second.create(20));
    QVERIFY(second.append(2.5));
    const Result result = toCsv.end();
    QCOMPARE(result.code, 1);
    QVERIFY2(result.error.contains("\"changing\" has changed; record to an MCAP file"), result.error);
    QTRY_COMPARE_WITH_TIMEOUT(second.segment()->listenerCount(), 1, Deadline);
    second.close();
    QCOMPARE(recorder.errorLine(), QByteArray("sharedsegment: changing: its owner is gone"));
    // And the first owner again.
    QVERIFY(first.create(10));
    QVERIFY(first.append(3));
    QCOMPARE(recorder.end().error, QByteArray("sharedsegment: changing: 3 elements recorded\n"));
    first.close();

    Tool player({u"replay"_s, file, u"--hold"_s});
    SharedStream<int> replayed(u"changing"_s);
    const auto isReplayed = [&] {
        replayed.close();
        replayed.seek(SharedStream<int>::Oldest);
        return replayed.open() && replayed.readNew() == QList<int>{3};
    };
    QTRY_VERIFY_WITH_TIMEOUT(isReplayed(), Deadline);
    QCOMPARE(replayed.capacity(), 10);
    player.signal(SIGTERM);
    QCOMPARE(player.end().code, 0);
}

void tst_Replay::mirror()
{
    const QString file = path("mirror.csv");
    {
        const auto peer = owner(u"@boiler/pressure"_s, preferredBackend(), 1);
        QCOMPARE(peer->ask("publish 7"), u"published 1"_s);
        const Result result = Tool::run({u"record"_s, u"@boiler/pressure"_s, u"--to"_s, file, u"--count"_s, u"1"_s});
        QVERIFY2(result.code == 0, result.error);
    }
    Tool player({u"replay"_s, file, u"--hold"_s});
    QCOMPARE(player.errorLine(),
             QByteArray("sharedsegment: \"@boiler/pressure\" is replayed as \"boiler/pressure\"; only "
                        "mirrors of other hosts have names with a leading @"));
    SharedArray<quint64> replayed(u"boiler/pressure"_s);
    QVERIFY(
        QTest::qWaitFor([&] { return (replayed.isOpen() || replayed.open()) && replayed.revision() == 1; }, Deadline));
    QCOMPARE(replayed.snapshot(), QList<quint64>{7});
    replayed.close();
    player.signal(SIGTERM);
    QCOMPARE(player.end().code, 0);
}

void tst_Replay::pipe()
{
    const QString pipe = path("pipe");
    QCOMPARE(::mkfifo(QFile::encodeName(pipe).constData(), 0600), 0);
    Tool player({u"replay"_s, pipe});
    QFile end(pipe);
    QVERIFY(end.open(QIODevice::WriteOnly | QIODevice::Unbuffered)); // waits for the reader
    QCOMPARE(end.write("\x89MCAP0\r\n"), 8);
    end.close();
    const Result result = player.end();
    QCOMPARE(result.code, 1);
    QVERIFY2(result.error.contains("is a pipe, and an MCAP recording is read from a file"), result.error);
}

void tst_Replay::longPause()
{
    SharedStream<int> stream(u"paused"_s);
    SharedSegment &segment = *stream.segment();
    segment.setMetadata({{u"sampleRate"_s, 0.001}});
    QVERIFY(stream.create(10));
    const QString file = path("paused.csv");
    Tool recorder({u"record"_s, u"paused"_s, u"--to"_s, file, u"--count"_s, u"2"_s});
    QTRY_COMPARE_WITH_TIMEOUT(segment.listenerCount(), 1, Deadline);
    QVERIFY(stream.append(std::array{1, 2}));
    QCOMPARE(recorder.end().code, 0);
    stream.close();
    Tool player({u"replay"_s, file});
    const QByteArray said = player.errorLine();
    QVERIFY2(said.startsWith("sharedsegment: the next element or revision is due in "), said);
    player.signal(SIGINT);
    player.end();
}

void tst_Replay::bad_data()
{
    QTest::addColumn<QByteArray>("rows");
    QTest::addColumn<QByteArray>("errorText");
    QTest::newRow("columns") << QByteArray("@time,value\n1,2\n")
                             << QByteArray("line 2: the columns are not @time,@number,");
    QTest::newRow("cells") << QByteArray("@time,@number,@index,value\n1,2\n")
                           << QByteArray("line 3: 2 values instead of 4; ");
    QTest::newRow("time") << QByteArray("@time,@number,@index,value\nx,1,0,2\n")
                          << QByteArray("line 3: time, number and");
    QTest::newRow("negative") << QByteArray("@time,@number,@index,value\n-1,1,0,2\n")
                              << QByteArray("line 3: time, number and");
    QTest::newRow("value") << QByteArray("@time,@number,@index,value\n1,1,0,300\n") << QByteArray("line 3: ");
    QTest::newRow("too few") << QByteArray("@time,@number,@index,value\n1,1,0,1\n1,2,0,2\n")
                             << QByteArray("another number of elements");
    QTest::newRow("too many") << QByteArray("@time,@number,@index,value\n1,1,0,1\n1,1,1,1\n1,1,2,1\n")
                              << QByteArray("another number of elements");
}

void tst_Replay::bad()
{
    QFETCH(QByteArray, rows);
    QFETCH(QByteArray, errorText);
    const QString file =
        written("bad.csv",
                R"(# {"recording":1,"name":"bad","layout":"u8","kind":"fixedArray","capacity":2,"metadata":{}})"
                "\n" + rows);
    const Result result = Tool::run({u"replay"_s, file});
    QCOMPARE(result.code, 1);
    QVERIFY2(result.error.contains("nothing was published: ") && result.error.contains(errorText), result.error);
}

void tst_Replay::notRecordings_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("errorText");
    const QByteArray good = R"({"recording":1,"name":"n","layout":"u8","kind":"stream","capacity":2})";
    QTest::newRow("nothing") << QByteArray() << QByteArray("neither MCAP nor CSV of a recording");
    QTest::newRow("other csv") << QByteArray("a,b\n1,2\n") << QByteArray("neither MCAP nor CSV of a recording");
    QTest::newRow("comment") << QByteArray("# a\n1\n") << QByteArray("line 1: it does not say");
    QTest::newRow("version") << "# " + QByteArray(good).replace(":1,", ":2,") << QByteArray("a recording of version 1");
    QTest::newRow("layout") << "# " + QByteArray(good).replace("u8", "u9")
                            << QByteArray("line 1: its layout is wrong: ");
    QTest::newRow("kind") << "# " + QByteArray(good).replace("stream", "queue") << QByteArray("its kind or capacity");
    QTest::newRow("capacity") << "# " + QByteArray(good).replace(":2}", ":0}") << QByteArray("its kind or capacity");
    QTest::newRow("huge") << "# " + QByteArray(good).replace(":2}", ":9000000000000000}")
                          << QByteArray("nothing was published: ");
    QTest::newRow("name") << "# " + QByteArray(good).replace("\"n\"", "\"\"") << QByteArray("nothing was published: ");
    QTest::newRow("no channel") << QByteArray("\x89MCAP0\r\n") << QByteArray("no channel of a segment");
}

void tst_Replay::notRecordings()
{
    QFETCH(QByteArray, content);
    QFETCH(QByteArray, errorText);
    const Result result = Tool::run({u"replay"_s, written("none", content)});
    QCOMPARE(result.code, 1);
    QVERIFY2(result.error.contains(errorText), result.error);
}

void tst_Replay::usage_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("errorText");
    const QStringList record{u"record"_s, u"a"_s};
    QTest::newRow("nowhere") << record << 2 << QByteArray("--to is missing");
    QTest::newRow("no name") << QStringList{u"record"_s, u"--to"_s, u"a.csv"_s} << 2
                             << QByteArray("NAME... is missing");
    QTest::newRow("format") << (record + QStringList{u"--to"_s, u"a.txt"_s}) << 2
                            << QByteArray("give --format csv or mcap");
    QTest::newRow("encoding") << (record + QStringList{u"--to"_s, u"a.mcap"_s, u"--encoding"_s, u"xml"_s}) << 2
                              << QByteArray("--encoding is json or raw");
    QTest::newRow("encoding of csv") << (record + QStringList{u"--to"_s, u"a.csv"_s, u"--encoding"_s, u"raw"_s}) << 2
                                     << QByteArray("--encoding is for mcap");
    QTest::newRow("several as csv") << (record + QStringList{u"b"_s, u"--to"_s, u"a.csv"_s}) << 2
                                    << QByteArray("one segment");
    QTest::newRow("has content")
        << (record + QStringList{u"--to"_s, QCoreApplication::applicationFilePath(), u"--format"_s, u"csv"_s}) << 1
        << QByteArray("is not overwritten; ");
    QTest::newRow("no folder") << (record + QStringList{u"--to"_s, u"/nowhere/a.csv"_s}) << 1
                               << QByteArray("cannot be written: ");
    QTest::newRow("speed") << QStringList{u"replay"_s, u"a"_s, u"--speed"_s, u"0"_s} << 2
                           << QByteArray("--speed takes a number");
    QTest::newRow("no file") << QStringList{u"replay"_s, u"/nowhere/a"_s} << 1 << QByteArray("cannot be read: ");
}

void tst_Replay::usage()
{
    QFETCH(QStringList, arguments);
    QFETCH(int, code);
    QFETCH(QByteArray, errorText);
    const Result result = Tool::run(arguments);
    QCOMPARE(result.code, code);
    QVERIFY2(result.error.contains(errorText), result.error);
}

QTEST_GUILESS_MAIN(tst_Replay)
#include "tst_replay.moc"
