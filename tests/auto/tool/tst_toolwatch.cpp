// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The command `sharedsegment` while it runs: updates, and the ends that it may find.

#include "toolprocess.h"

#include <SharedSegment/SharedArray>

#include <QtCore/QElapsedTimer>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QStandardPaths>
#include <QtTest/QTest>

#include <array>
#include <csignal>

using namespace Qt::StringLiterals;
using namespace testsupport;

class tst_ToolWatch : public QObject
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

    void watch();
    void watchOfAMirror();
    void watchInATerminal();
    void rate();
    void interrupted_data();
    void interrupted();
    void readerGoes();
    void outputThatCannotBeWritten();
};

void tst_ToolWatch::watch()
{
    Tool watcher({u"watch"_s, u"late"_s});
    QCOMPARE(watcher.errorLine(), QByteArray("sharedsegment: late: waiting for it"));
    SharedArray<int> array(u"late"_s);
    QVERIFY(array.create(10));
    QTRY_COMPARE_WITH_TIMEOUT(array.segment()->listenerCount(), 1, Deadline);
    for (int i = 1; i <= 3; ++i) {
        array.beginWrite()[0] = i;
        const QList<QByteArray> words = watcher.line().split(' ');
        QVERIFY(QTime::fromString(QString::fromLatin1(words.at(0)), u"hh:mm:ss.zzz"_s).isValid());
        QCOMPARE(words.mid(1), (QList<QByteArray>{QByteArray::number(i), QByteArray::number(i) + ",0,0,0,0,0,0,0",
                                                  "...", "2", "more"}));
    }
    // It follows to the next instance of the name.
    array.close();
    QCOMPARE(watcher.errorLine(), QByteArray("sharedsegment: late: its owner is gone"));
    QVERIFY(array.create(1));
    array.beginWrite()[0] = 77;
    QVERIFY(watcher.line().endsWith(" 1 77"));
    watcher.signal(SIGINT);
    QCOMPARE(watcher.end().code, 0);
    QTRY_COMPARE_WITH_TIMEOUT(array.segment()->listenerCount(), 0, Deadline);

    QCOMPARE(Tool::run({u"watch"_s, u"late"_s, u"--count"_s, u"1"_s}).out.count('\n'), 1);
    QCOMPARE(Tool::run({u"watch"_s, u""_s}).code, 1);
}

void tst_ToolWatch::watchOfAMirror()
{
    Tool watcher({u"watch"_s, u"@boiler/pressure"_s});
    QCOMPARE(watcher.errorLine(), QByteArray("sharedsegment: @boiler/pressure: waiting for it"));
    const auto peer = owner(u"@boiler/pressure"_s, preferredBackend(), 1);
    QCOMPARE(peer->ask("publish 7"), u"published 1"_s);
    QVERIFY(watcher.line().contains(" 1 "));
    QCOMPARE(peer->ask("source 2"), u"done"_s);
    QCOMPARE(watcher.errorLine(), QByteArray("sharedsegment: @boiler/pressure: host boiler is not reachable"));
    const QByteArray info = Tool::run({u"info"_s, u"@boiler/pressure"_s}).out;
    QVERIFY2(info.contains("host boiler is not reachable") && info.contains("published there"), info);
    const QJsonObject json = QJsonDocument::fromJson(Tool::run({u"list"_s, u"--json"_s}).out).array().at(0).toObject();
    QCOMPARE(json.value(u"source"_s), u"not reachable"_s);
    QCOMPARE(json.value(u"sourceUpdatedAt"_s), u"1970-01-01T00:00:07.000Z"_s);
    QCOMPARE(peer->ask("source 1"), u"done"_s);
    QCOMPARE(watcher.errorLine(), QByteArray("sharedsegment: @boiler/pressure: host boiler is reachable again"));
}

void tst_ToolWatch::watchInATerminal()
{
    const QString script = QStandardPaths::findExecutable(u"script"_s);
    if (script.isEmpty())
        QSKIP("no program \"script\" to make a terminal with");
    SharedArray<int> array(u"table"_s);
    QVERIFY(array.create(3));
    QVERIFY(array.publish(std::array{4, 55, 666}));
    Tool terminal({u"-qec"_s, testPath("TOOL") + u" watch table --count 1"_s, u"/dev/null"_s}, script);
    const Result result = terminal.end();
    QCOMPARE(result.code, 0);
    QVERIFY2(result.out.contains("\x1b[H"), result.out);
    for (const char *value : {"revision 1", "open", "value", "4", "55", "666"})
        QVERIFY2(result.out.contains(value), result.out);
}

void tst_ToolWatch::rate()
{
    auto peer = owner(u"busy"_s, preferredBackend(), 8);
    peer->tell("spin");
    const QByteArray line = Tool::run({u"watch"_s, u"busy"_s, u"--rate"_s, u"--count"_s, u"1"_s}).out;
    QVERIFY2(line.contains("publications/s") && line.split(' ').first().toDouble() > 1000, line);
}

void tst_ToolWatch::interrupted_data()
{
    QTest::addColumn<int>("number");
    QTest::newRow("SIGINT") << SIGINT;
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGHUP") << SIGHUP;
}

void tst_ToolWatch::interrupted()
{
    QFETCH(int, number);
    Tool publisher({u"publish"_s, u"held"_s, u"--layout"_s, u"u8"_s, u"--backend"_s, u"posix"_s});
    publisher.feed("1\n");
    QVERIFY(waitUntilThere(u"held"_s));
    SharedSegment segment(u"held"_s);
    QVERIFY(segment.open());
    const QString instance = segment.instance();
    segment.close();
    QVERIFY(hasPosixObject(instance));
    Tool watcher({u"watch"_s, u"held"_s});
    QVERIFY(watcher.line().endsWith(" 1 1"));
    watcher.signal(number);
    QCOMPARE(watcher.end().code, 0);
    publisher.signal(number);
    QCOMPARE(publisher.end().code, 0);
    // Without a sweep by another process.
    QCOMPARE(m_folder.files(), QStringList());
    QVERIFY(!hasPosixObject(instance));
}

void tst_ToolWatch::readerGoes()
{
    SharedArray<int> array(u"long"_s);
    QVERIFY(array.create(1'000'000));
    // With pipefail the pipe ends with the tool's code, and with 141 had SIGPIPE ended it.
    const auto pipe = [](const QString &command) {
        return QStringList{u"-o"_s, u"pipefail"_s, u"-c"_s, testPath("TOOL") + u' ' + command + u" | head -1"_s};
    };
    Tool dump(pipe(u"dump long"_s), u"bash"_s);
    QCOMPARE(dump.line(), QByteArray("value"));
    QCOMPARE(dump.end().code, 0);

    Tool watcher(pipe(u"watch long"_s), u"bash"_s);
    QTRY_COMPARE_WITH_TIMEOUT(array.segment()->listenerCount(), 1, Deadline);
    QElapsedTimer timer;
    timer.start();
    while (watcher.isRunning() && timer.elapsed() < Deadline)
        ++array.beginWrite()[0];
    QCOMPARE(watcher.end().code, 0);
    QTRY_COMPARE_WITH_TIMEOUT(array.segment()->listenerCount(), 0, Deadline);
}

void tst_ToolWatch::outputThatCannotBeWritten()
{
    if (!QFile::exists(u"/dev/full"_s))
        QSKIP("no /dev/full");
    SharedArray<int> array(u"array"_s);
    QVERIFY(array.create(10));
    for (const char *command : {"dump array", "list", "doctor", "info array", "--help"}) {
        const QString line = testPath("TOOL") + u' ' + QLatin1String(command) + u" >/dev/full"_s;
        Tool tool({u"-c"_s, line}, u"bash"_s);
        const Result result = tool.end();
        QVERIFY2(result.code == 1, command);
        QVERIFY2(result.error.contains("standard output"), result.error);
    }
}

QTEST_GUILESS_MAIN(tst_ToolWatch)
#include "tst_toolwatch.moc"
