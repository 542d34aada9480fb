// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The command `record`: what a recording has, and that `replay` makes it the same again.

#include "mcapreaders.h"
#include "toolprocess.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedStream>

#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <array>
#include <chrono>
#include <csignal>
#include <cstring>
#include <limits>

using namespace Qt::StringLiterals;
using namespace testsupport;

struct Sample
{
    qint64 time;
    double value;
    char label[8];
};
SHARED_STRUCT(Sample, time, value, label)

namespace {

constexpr qint64 Begin = 1'700'000'000'000'000'000;

qint64 now()
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

/// The lines without the description: names, values, and an empty one.
QByteArrayList rowsOf(const QString &file)
{
    QFile csv(file);
    if (!csv.open(QIODevice::ReadOnly))
        return {"not there"};
    return csv.readAll().split('\n').mid(1);
}

} // namespace

class tst_Recording : public QObject
{
    Q_OBJECT

private:
    QString path(const char *name) const { return m_files.filePath(QString::fromLatin1(name)); }
    static bool isAttached(SharedSegment *segment)
    {
        return QTest::qWaitFor([segment] { return segment->listenerCount() > 0; }, Deadline);
    }

    RegistryFolder m_folder;
    QTemporaryDir m_files;

private Q_SLOTS:
    void cleanup()
    {
        QCOMPARE(SharedSegment::names(), QStringList());
        QCOMPARE(m_folder.files(), QStringList());
    }

    void roundTrip_data();
    void roundTrip();
    void times_data();
    void times();
    void arrayAsCsv();
    void severalNames();
    void oneNameTwice();
    void lossesOfAnArray();
    void otherReader_data();
    void otherReader();
    void losses();
};

void tst_Recording::roundTrip_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QStringList>("options");
    QTest::newRow("csv") << u"a.csv"_s << QStringList{};
    QTest::newRow("mcap") << u"a.mcap"_s << QStringList{};
    QTest::newRow("raw") << u"a.mcap"_s << QStringList{u"--encoding"_s, u"raw"_s};
    QTest::newRow("format") << u"a"_s << QStringList{u"--format"_s, u"csv"_s};
}

void tst_Recording::roundTrip()
{
    // Each value that a stream and arrays can have becomes itself again.
    QFETCH(QString, name);
    QFETCH(QStringList, options);
    const QString file = m_files.filePath(name);
    QFile::remove(file);
    const QVariantMap metadata{{u"timeField"_s, u"time"_s}, {u"description"_s, u"a \"b\"\n#c"_s}};
    const Sample samples[] = {{Begin, 0.1, "a,\"b\"\n"},
                              {Begin + 1, std::numeric_limits<double>::quiet_NaN(), "#"},
                              {Begin + 2, -std::numeric_limits<double>::infinity(), ""},
                              {Begin + 3, 1e300, "\xff\xc3\xa4"}};
    SharedStream<Sample> stream(u"samples"_s);
    stream.segment()->setMetadata(metadata);
    QVERIFY(stream.create(100));
    QVERIFY(stream.append(std::span(samples).first(1)));
    Tool recorder(QStringList{u"record"_s, u"samples"_s, u"--to"_s, file, u"--oldest"_s, u"--count"_s, u"4"_s}
                  + options);
    QVERIFY(isAttached(stream.segment()));
    QVERIFY(stream.append(std::span(samples).subspan(1)));
    const Result recorded = recorder.end();
    QCOMPARE(recorded.error, QByteArray("sharedsegment: samples: 4 elements recorded\n"));
    QCOMPARE(recorded.code, 0);
    stream.close();

    Tool player({u"replay"_s, file, u"--hold"_s});
    QVERIFY(waitUntilThere(u"samples"_s));
    QVERIFY(stream.open());
    QTRY_COMPARE_WITH_TIMEOUT(stream.segment()->revision(), quint64(4), Deadline);
    QCOMPARE(stream.capacity(), 100);
    QCOMPARE(stream.segment()->metadata(), metadata);
    stream.seek(SharedStream<Sample>::Oldest);
    const QList<Sample> values = stream.readNew();
    QCOMPARE(values.size(), 4);
    for (qsizetype i = 0; i < values.size(); ++i)
        QVERIFY2(std::memcmp(&values[i], &samples[i], sizeof(Sample)) == 0, QByteArray::number(i));
    player.signal(SIGTERM);
    QCOMPARE(player.end().code, 0);
}

void tst_Recording::times_data()
{
    QTest::addColumn<QVariantMap>("metadata");
    QTest::addColumn<qint64>("interval");
    QTest::newRow("timeField") << QVariantMap{{u"timeField"_s, u"time"_s}, {u"sampleRate"_s, 4}} << qint64(1000);
    QTest::newRow("sampleRate") << QVariantMap{{u"sampleRate"_s, 4}} << qint64(250'000'000);
    QTest::newRow("when it was read") << QVariantMap{} << qint64(0);
}

void tst_Recording::times()
{
    QFETCH(QVariantMap, metadata);
    QFETCH(qint64, interval);
    const QString file = path("times.csv");
    QFile::remove(file);
    SharedStream<Sample> stream(u"timed"_s);
    stream.segment()->setMetadata(metadata);
    QVERIFY(stream.create(100));
    const qint64 before = now();
    Tool recorder({u"record"_s, u"timed"_s, u"--to"_s, file, u"--count"_s, u"3"_s});
    QVERIFY(isAttached(stream.segment()));
    const Sample samples[] = {{Begin, 1, "x"}, {Begin + 1000, 2, "y"}, {Begin + 2000, 3, "z"}};
    QVERIFY(stream.append(samples));
    QCOMPARE(recorder.end().code, 0);
    const qint64 after = now();
    const QByteArrayList rows = rowsOf(file);
    QCOMPARE(rows.size(), 5);
    QCOMPARE(rows.at(0), QByteArray("@time,@number,time,value,label"));
    QList<qint64> times;
    for (int i = 0; i < 3; ++i) {
        const QByteArrayList cells = rows.at(i + 1).split(',');
        QCOMPARE(cells.at(1).toInt(), i);
        QCOMPARE(cells.at(3).toInt(), i + 1);
        times.append(cells.at(0).toLongLong());
    }
    QCOMPARE(times.at(1) - times.at(0), interval);
    QCOMPARE(times.at(2) - times.at(1), interval);
    if (metadata.contains(u"timeField"_s))
        QCOMPARE(times.first(), Begin);
    else
        QVERIFY(times.last() >= before && times.last() <= after);
}

void tst_Recording::arrayAsCsv()
{
    const QString file = path("array.csv");
    SharedArray<float> array(u"array"_s);
    QVERIFY(array.createWithCapacity(3));
    QVERIFY(array.publish(std::array{1.f, 2.f}));
    Tool recorder({u"record"_s, u"array"_s, u"--to"_s, file});
    QVERIFY(isAttached(array.segment()));
    const auto isRecorded = [&](const QByteArray &end) {
        return QTest::qWaitFor([&] { return rowsOf(file).join('\n').endsWith(end); }, Deadline);
    };
    QVERIFY(isRecorded(",1,1,2\n"));
    QVERIFY(array.publish(std::span<const float>()));
    const qint64 empty = array.segment()->updatedAt().toMSecsSinceEpoch();
    QVERIFY(isRecorded(",2,,\n"));
    QVERIFY(array.publish(std::array{3.f}));
    QVERIFY(isRecorded(",3,0,3\n"));
    recorder.signal(SIGINT);
    const Result result = recorder.end();
    QCOMPARE(result.error, QByteArray("sharedsegment: array: 3 revisions recorded\n"));
    QCOMPARE(result.code, 0);
    array.close();
    // A revision has the time of its publication.
    QCOMPARE(rowsOf(file).at(3).split(',').at(0).toLongLong() / 1'000'000, empty);

    Tool player({u"replay"_s, file, u"--speed"_s, u"1000"_s, u"--hold"_s});
    QVERIFY(waitUntilThere(u"array"_s));
    QVERIFY(array.open());
    QTRY_COMPARE_WITH_TIMEOUT(array.segment()->revision(), quint64(3), Deadline);
    QCOMPARE(array.snapshot(), QList<float>{3});
    QCOMPARE(array.capacity(), 3);
    player.signal(SIGTERM);
    const Result played = player.end();
    QCOMPARE(played.error, QByteArray("sharedsegment: 3 elements and revisions published\n"));
}

void tst_Recording::severalNames()
{
    const QString file = path("several.mcap");
    SharedStream<int> stream(u"stream/1"_s);
    QVERIFY(stream.create(10));
    SharedArray<quint8> array(u"array"_s);
    QVERIFY(array.create(2));
    Tool recorder({u"record"_s, u"stream/1"_s, u"array"_s, u"--to"_s, file, u"--count"_s, u"3"_s});
    QVERIFY(isAttached(stream.segment()) && isAttached(array.segment()));
    QVERIFY(stream.append(7));
    QVERIFY(array.publish(std::array<quint8, 2>{1, 2}));
    QVERIFY(stream.append(8));
    const Result recorded = recorder.end();
    QCOMPARE(recorded.code, 0);
    QVERIFY2(recorded.error.contains("stream/1: 2 elements recorded")
                 && recorded.error.contains("array: 1 revision recorded"),
             recorded.error);
    stream.close();
    array.close();
    Tool player({u"replay"_s, file, u"--hold"_s});
    QVERIFY(waitUntilThere(u"stream/1"_s) && waitUntilThere(u"array"_s));
    QVERIFY(stream.open() && array.open());
    QTRY_COMPARE_WITH_TIMEOUT(stream.segment()->revision(), quint64(2), Deadline);
    QTRY_COMPARE_WITH_TIMEOUT(array.segment()->revision(), quint64(1), Deadline);
    QCOMPARE(array.snapshot(), (QList<quint8>{1, 2}));
    player.signal(SIGTERM);
    QCOMPARE(player.end().code, 0);
}

void tst_Recording::otherReader_data()
{
    QTest::addColumn<QString>("encoding");
    QTest::addColumn<QByteArrayList>("messages");
    QTest::newRow("json") << u"json"_s
                          << QByteArrayList{R"({"time":1700000000000000000,"value":0.5,"label":"a"})",
                                            R"({"time":1700000000000000001,"value":1,"label":"b"})"};
    const auto raw = [](const Sample &sample) {
        return QByteArray(reinterpret_cast<const char *>(&sample), sizeof sample);
    };
    QTest::newRow("raw") << u"raw"_s << QByteArrayList{raw({Begin, 0.5, "a"}), raw({Begin + 1, 1, "b"})};
}

void tst_Recording::otherReader()
{
    QFETCH(QString, encoding);
    QFETCH(QByteArrayList, messages);
    const QString file = path("other.mcap");
    QFile::remove(file);
    SharedStream<Sample> stream(u"samples"_s);
    stream.segment()->setMetadata({{u"timeField"_s, u"time"_s}});
    QVERIFY(stream.create(10));
    const Sample samples[] = {{Begin, 0.5, "a"}, {Begin + 1, 1, "b"}};
    QVERIFY(stream.append(samples));
    const Result recorded = Tool::run(
        {u"record"_s, u"samples"_s, u"--to"_s, file, u"--oldest"_s, u"--count"_s, u"2"_s, u"--encoding"_s, encoding});
    QVERIFY2(recorded.code == 0, recorded.error);
    QByteArray lines;
    for (int i = 0; i < 2; ++i) {
        const QByteArray time = QByteArray::number(Begin + i);
        lines += "samples " + QByteArray::number(i) + ' ' + time + ' ' + time + ' ' + messages.at(i).toHex() + '\n';
    }
    if (!QStandardPaths::findExecutable(u"python3"_s).isEmpty())
        QCOMPARE(checkedMcap(file), lines);
    QByteArray why;
    const QString packages = packagesOfMcap(&why);
    if (!why.isEmpty())
        QSKIP(why);
    QCOMPARE(readMcap(packages, file), lines);
}

void tst_Recording::lossesOfAnArray()
{
    Tool recorder({u"record"_s, u"late"_s, u"--to"_s, path("late.csv")});
    QCOMPARE(recorder.errorLine(), QByteArray("sharedsegment: late: waiting for it"));
    recorder.signal(SIGSTOP);
    SharedArray<int> array(u"late"_s);
    QVERIFY(array.create(1));
    for (int i = 0; i < 50; ++i)
        QVERIFY(array.publish(std::array{i}));
    recorder.signal(SIGCONT);
    QVERIFY(isAttached(array.segment()));
    recorder.signal(SIGINT);
    QCOMPARE(recorder.end().error,
             QByteArray("sharedsegment: late: 1 revision recorded, 49 replaced before they were read\n"));
}

void tst_Recording::oneNameTwice()
{
    SharedStream<int> stream(u"twice"_s);
    QVERIFY(stream.create(10));
    Tool recorder({u"record"_s, u"twice"_s, u"twice"_s, u"--to"_s, path("twice.mcap"), u"--count"_s, u"2"_s});
    QVERIFY(isAttached(stream.segment()));
    QVERIFY(stream.append(std::array{1, 2}));
    QCOMPARE(recorder.end().error, QByteArray("sharedsegment: twice: 2 elements recorded\n"));
}

void tst_Recording::losses()
{
    const QString file = path("losses.csv");
    SharedStream<int> stream(u"fast"_s);
    QVERIFY(stream.create(10));
    Tool recorder({u"record"_s, u"fast"_s, u"--to"_s, file, u"--count"_s, u"10"_s});
    QVERIFY(isAttached(stream.segment()));
    recorder.signal(SIGSTOP);
    for (int i = 0; i < 25; ++i)
        QVERIFY(stream.append(i));
    recorder.signal(SIGCONT);
    QCOMPARE(recorder.end().error, QByteArray("sharedsegment: fast: 10 elements recorded, 15 lost\n"));
    // The numbers show where.
    QCOMPARE(rowsOf(file).at(1).split(',').at(1), QByteArray("15"));
}

QTEST_GUILESS_MAIN(tst_Recording)
#include "tst_recording.moc"
