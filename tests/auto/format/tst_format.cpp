// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The values that an independent reader gets.

#include "formatpart.h"
#include "formattest.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedSegment>
#include <SharedSegment/SharedValue>

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QProcess>
#include <QtTest/QTest>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <limits>
#include <thread>

using namespace formattest;

class tst_Format : public FormatTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void initTestCase() { useOwnFolder(); }
    void init() { checkNothingIsLeft(); }
    void cleanup() { sweep(); }

    void elements_data();
    void elements();
    void structs_data();
    void structs();
    void start();
    void manyRevisions_data();
    void manyRevisions();
    void whilePublishing();
};

void tst_Format::elements_data()
{
    QTest::addColumn<QString>("layout");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("length");
    QTest::addColumn<QByteArray>("values");

    const auto integers = [](const char *type, auto least, auto greatest) {
        using T = decltype(least);
        const QByteArray text = "[" + QByteArray::number(least) + "," + QByteArray::number(greatest) + ",0,1]";
        QTest::newRow(type) << QString::fromLatin1(type) << bytesOf<T>({least, greatest, T(0), T(1)}) << 4 << text;
    };
    integers("i8", std::numeric_limits<qint8>::min(), std::numeric_limits<qint8>::max());
    integers("u8", std::numeric_limits<quint8>::min(), std::numeric_limits<quint8>::max());
    integers("i16", std::numeric_limits<qint16>::min(), std::numeric_limits<qint16>::max());
    integers("u16", std::numeric_limits<quint16>::min(), std::numeric_limits<quint16>::max());
    integers("i32", std::numeric_limits<qint32>::min(), std::numeric_limits<qint32>::max());
    integers("u32", std::numeric_limits<quint32>::min(), std::numeric_limits<quint32>::max());
    integers("i64", std::numeric_limits<qint64>::min(), std::numeric_limits<qint64>::max());
    integers("u64", std::numeric_limits<quint64>::min(), std::numeric_limits<quint64>::max());

    // As Python writes the shortest text that reads as the same double; f32 is widened first.
    QTest::newRow("f32") << u"f32"_s
                         << bytesOf<float>({std::numeric_limits<float>::lowest(), std::numeric_limits<float>::max(),
                                            std::numeric_limits<float>::min(), std::numeric_limits<float>::denorm_min(),
                                            0.0f, 0.1f, -0.0f})
                         << 7
                         << QByteArray("[-3.4028234663852886e+38,3.4028234663852886e+38,1.1754943508222875e-38,"
                                       "1.401298464324817e-45,0.0,0.10000000149011612,-0.0]");
    QTest::newRow("f64") << u"f64"_s
                         << bytesOf<double>({std::numeric_limits<double>::lowest(), std::numeric_limits<double>::max(),
                                             std::numeric_limits<double>::min(),
                                             std::numeric_limits<double>::denorm_min(), 0.0, 0.1, -0.0,
                                             std::numeric_limits<double>::infinity()})
                         << 8
                         << QByteArray("[-1.7976931348623157e+308,1.7976931348623157e+308,2.2250738585072014e-308,"
                                       "5e-324,0.0,0.1,-0.0,\"Infinity\"]");
    QTest::newRow("bool") << u"bool"_s << bytesOf<bool>({true, false, true}) << 3 << QByteArray("[true,false,true]");
    QTest::newRow("text") << u"char[6]"_s << QByteArray("\xc3\xa4\xe2\x82\xac\0\"\\\0\0\0\0abcdef\0bcdef", 24) << 4
                          << QByteArray("[\"\\u00e4\\u20ac\",\"\\\"\\\\\",\"abcdef\",\"\"]");
    QTest::newRow("array of i16") << u"i16[3]"_s << bytesOf<qint16>({1, -2, 3, 32767, -32768, 0}) << 2
                                  << QByteArray("[[1,-2,3],[32767,-32768,0]]");
    QTest::newRow("array of one") << u"f64[1]"_s << bytesOf<double>({1.5, 2.5}) << 2 << QByteArray("[[1.5],[2.5]]");
    QTest::newRow("array of bool") << u"bool[2]"_s << bytesOf<bool>({true, false}) << 1 << QByteArray("[[true,false]]");
    // Gaps and bytes behind the last field have no meaning.
    QTest::newRow("struct") << u"S{a:u8@0;b:u64@8;c.d:i8[2]@16;c.e:char[3]@18}/32"_s
                            << QByteArray("\x07GAPGAPG\xff\xff\xff\xff\xff\xff\xff\xff\xfe\x7fxy\0TAILTAILTAI", 32) << 1
                            << QByteArray("[{\"a\":7,\"b\":18446744073709551615,\"c.d\":[-2,127],\"c.e\":\"xy\"}]");
    QTest::newRow("packed struct") << u"S{a:u8@0;b:u32@1}/5"_s << QByteArray("\x01\xff\xff\xff\xff\x02\0\0\0\x80", 10)
                                   << 2 << QByteArray("[{\"a\":1,\"b\":4294967295},{\"a\":2,\"b\":2147483648}]");
}

void tst_Format::elements()
{
    QFETCH(const QString, layout);
    QFETCH(const QByteArray, bytes);
    QFETCH(const int, length);
    QFETCH(const QByteArray, values);

    SharedSegment segment(newName());
    segment.setBackend(backend());
    QVERIFY2(segment.create(SharedLayout::parse(layout), length), qPrintable(segment.errorString()));
    const qint64 before = nanosecondsNow();
    QVERIFY2(segment.publish(bytes), qPrintable(segment.errorString()));
    const qint64 after = nanosecondsNow();

    const Answer answer = readByPython(segment.name());
    QVERIFY2(answer.code == Found, answer.errors.constData());
    QCOMPARE(answer.valuesText(), values);
    QCOMPARE(answer.text("name"_L1), segment.name());
    QCOMPARE(answer.text("backend"_L1), backendText());
    QCOMPARE(answer.text("layout"_L1), layout);
    QCOMPARE(answer.integer("capacity"_L1), length);
    QCOMPARE(answer.text("kind"_L1), u"fixed"_s);
    QCOMPARE(answer.integer("revision"_L1), 1);
    QVERIFY(answer.integer("timestamp"_L1) >= before);
    QVERIFY(answer.integer("timestamp"_L1) <= after);
}

void tst_Format::structs_data()
{
    QTest::addColumn<int>("bufferCount");
    QTest::newRow("1 buffer") << 1;
    QTest::newRow("2 buffers") << 2;
    QTest::newRow("4 buffers") << 4;
}

void tst_Format::structs()
{
    QFETCH(const int, bufferCount);
    constexpr int Length = 17;
    SharedArray<Part> parts(newName());
    parts.segment()->setBackend(backend());
    parts.segment()->setBufferCount(bufferCount);
    QVERIFY2(parts.create(Length), qPrintable(parts.errorString()));
    QJsonArray expected;
    {
        auto writer = parts.beginWrite();
        QVERIFY(writer);
        for (int i = 0; i < Length; ++i) {
            writer[i] = partNumber(i);
            expected.append(jsonOf(partNumber(i)));
        }
    }
    const Answer answer = readByPython(parts.segment()->name());
    QVERIFY2(answer.code == Found, answer.errors.constData());
    QCOMPARE(
        answer.text("layout"_L1),
        u"Part{id:i32@0;value:f64@8;label:char[20]@16;pos.x:f64@40;pos.y:f64@48;weights:f32[3]@56;on:bool@68}/72"_s);
    QCOMPARE(answer.integer("capacity"_L1), Length);
    QCOMPARE(answer.values(), expected);
}

void tst_Format::start()
{
    SharedValue<Part> part(newName());
    part.segment()->setBackend(backend());
    QVERIFY2(part.create(), qPrintable(part.errorString()));
    const Answer answer = readByPython(part.segment()->name());
    QVERIFY2(answer.code == Found, answer.errors.constData());
    QCOMPARE(answer.integer("revision"_L1), 0);
    QCOMPARE(answer.integer("timestamp"_L1), 0);
    QCOMPARE(answer.values(), QJsonArray{jsonOf(Part())});
}

void tst_Format::manyRevisions_data()
{
    QTest::addColumn<int>("bufferCount");
    for (const int bufferCount : {1, 2, 4, 16})
        QTest::addRow("%d", bufferCount) << bufferCount;
}

void tst_Format::manyRevisions()
{
    QFETCH(const int, bufferCount);
    SharedArray<quint64> array(newName());
    array.segment()->setBackend(backend());
    array.segment()->setBufferCount(bufferCount);
    QVERIFY2(array.create(3), qPrintable(array.errorString()));
    quint64 revision = 0;
    // Not a multiple of any buffer count, and one more: each answer comes from another buffer.
    for (const quint64 last : {1u, 2u, 1001u, 1002u, 1003u}) {
        while (revision < last) {
            ++revision;
            QVERIFY2(array.publish(std::array{revision, 2 * revision, 3 * revision}), qPrintable(array.errorString()));
        }
        SharedRevision read;
        QCOMPARE(array.snapshot(&read), (QList<quint64>{last, 2 * last, 3 * last}));
        const Answer answer = readByPython(array.segment()->name());
        QVERIFY2(answer.code == Found, answer.errors.constData());
        QCOMPARE(answer.integer("revision"_L1), qint64(last));
        QCOMPARE(answer.integer("timestamp"_L1), read.timestamp);
        QCOMPARE(answer.values(), (QJsonArray{qint64(last), qint64(2 * last), qint64(3 * last)}));
    }
}

void tst_Format::whilePublishing()
{
    const QString name = newName();
    QProcess owner;
    owner.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    owner.start(QCoreApplication::applicationFilePath(), {u"--publish"_s, name, QString::number(int(backend()))});
    QCOMPARE(lineOf(owner), QByteArray("ready"));
    constexpr int Wanted = 5;
    int read = 0;
    qint64 lastRevision = 0;
    for (int tries = 0; tries < 50 && read < Wanted; ++tries) {
        const Answer answer = readByPython(name);
        // A burst of the writer may block each attempt: that is an answer too.
        QVERIFY2(answer.code == Found || answer.code == Busy, answer.errors.constData());
        if (answer.code == Busy)
            continue;
        const qint64 revision = answer.integer("revision"_L1);
        QVERIFY(revision >= lastRevision);
        // Two readers can finish within one of the writer's longer pauses.
        read += revision > lastRevision ? 1 : 0;
        lastRevision = revision;
        const QJsonArray values = answer.values();
        QCOMPARE(values.size(), 1024);
        const QString text(4096, QChar(u'a' + ushort(revision % 26)));
        for (const QJsonValue &value : values)
            QCOMPARE(value.toString(), text);
    }
    QCOMPARE(read, Wanted);
    owner.closeWriteChannel();
    QVERIFY(owner.waitForFinished(ProcessTimeout));
    QCOMPARE(owner.exitCode(), 0);
}

namespace {

void say(const char *word)
{
    std::puts(word);
    std::fflush(stdout);
}

/// The child `--publish`: 4 MiB of one letter, the next one each time, until the end of its input.
int publish(SharedSegment &segment)
{
    segment.setBufferCount(4);
    QFile input;
    if (!segment.create(SharedLayout::parse(u"char[4096]"), 1024) || !input.open(stdin, QIODevice::ReadOnly))
        return 1;
    std::atomic<bool> ended = false;
    // Waits for the end while the others publish, and does not poll.
    std::thread waiting([&] {
        input.readAll();
        ended = true;
    });
    bool failed = false;
    for (int revision = 1; !ended && !failed; ++revision) {
        failed = !segment.publish(QByteArray(4096 * 1024, char('a' + revision % 26)));
        if (revision == 1)
            say("ready");
        // Without a pause a reader has the time of three publications. Whether Python's copy of new pages ever takes
        // less depends on the machine. The same is true for any single pause, so these are from 10 to 160 ms.
        if (revision % 4 == 0)
            std::this_thread::sleep_for(std::chrono::milliseconds(10 << revision / 4 % 5));
    }
    if (failed)
        say("failed");
    waiting.join();
    return failed ? 1 : 0;
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() == 4 && arguments[1] == u"--publish") {
        SharedSegment segment(arguments[2]);
        segment.setBackend(SharedSegment::Backend(arguments[3].toInt()));
        return publish(segment);
    }
    tst_Format test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_format.moc"
