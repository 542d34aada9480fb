// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What the command `sharedsegment` reads from segments and publishes in them.

#include "../../support/errorstyle.h"
#include "toolprocess.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedValue>

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QTemporaryDir>
#include <QtCore/QTemporaryFile>
#include <QtTest/QTest>

#include <array>
#include <cmath>
#include <csignal>
#include <cstring>
#include <limits>
#include <sys/stat.h>

using namespace Qt::StringLiterals;
using namespace testsupport;

struct Everything
{
    std::array<qint8, 2> small;
    quint64 large;
    qint64 negative;
    float single;
    double real;
    bool flag;
    char text[24];
};
SHARED_STRUCT(Everything, small, large, negative, single, real, flag, text)

namespace {

const QString EverythingLayout =
    u"Everything{small:i8[2];large:u64;negative:i64;single:f32;real:f64;flag:bool;text:char[24]}"_s;

std::array<Everything, 3> extremes()
{
    using Limits = std::numeric_limits<qint64>;
    return {{
        {{-128, 127}, ~quint64(0), Limits::min(), 0.1f, 0.1, true, "a \"b\", c\nd"},
        {{0, -1}, quint64(Limits::max()) + 1, Limits::max(), -INFINITY, NAN, false, "\xc3\xbc \\ \t"},
        {{1, 2}, 0, 0, std::numeric_limits<float>::denorm_min(), std::numeric_limits<double>::max(), true, ""},
    }};
}

} // namespace

class tst_ToolValues : public QObject
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

    void info();
    void dump();
    void roundTrip_data();
    void roundTrip();
    void publishesFromAStream();
    void publishesFromAFile();
    void publishesFromAFifo();
    void badInput_data();
    void badInput();
    void nameThatBeginsWithAMark();
    void write();
    void variableArray();
    void publishVariable();
};

void tst_ToolValues::info()
{
    const Result missing = Tool::run({u"info"_s, u"nobody"_s});
    QCOMPARE(missing.code, 1);
    QVERIFY(missing.error.contains("nobody"));

    SharedValue<Everything> value(u"value"_s);
    QVERIFY(value.create());
    const Result result = Tool::run({u"info"_s, u"value"_s});
    QCOMPARE(result.code, 0);
    QVERIFY(result.out.contains(value.segment()->instance().toUtf8()));
    QVERIFY(result.out.contains(SharedLayout::of<Everything>().text().toUtf8()));
    for (const SharedLayout::Field &field : SharedLayout::of<Everything>().fields())
        QVERIFY(result.out.contains(field.name.toUtf8() + ' '));
    const QJsonObject json = QJsonDocument::fromJson(Tool::run({u"info"_s, u"value"_s, u"--json"_s}).out).object();
    QCOMPARE(json.value(u"ownerPid"_s), QCoreApplication::applicationPid());
}

void tst_ToolValues::dump()
{
    SharedArray<Everything> array(u"array"_s);
    QVERIFY(array.create(3));
    QVERIFY(array.publish(extremes()));
    QCOMPARE(Tool::run({u"dump"_s, u"array"_s}).out,
             QByteArray("small[0],small[1],large,negative,single,real,flag,text\n"
                        "-128,127,18446744073709551615,-9223372036854775808,0.1,0.1,true,\"a \"\"b\"\", c\nd\"\n"
                        "0,-1,9223372036854775808,9223372036854775807,-inf,nan,false,\"\xc3\xbc \\ \t\"\n"
                        "1,2,0,0,1e-45,1.7976931348623157e+308,true,\n"));
    QCOMPARE(
        Tool::run({u"dump"_s, u"array"_s, u"--format"_s, u"jsonl"_s, u"--first"_s, u"1"_s, u"--count"_s, u"1"_s}).out,
        QByteArray("{\"small\":[0,-1],\"large\":\"9223372036854775808\",\"negative\":9223372036854775807,"
                   "\"single\":\"-inf\",\"real\":\"nan\",\"flag\":false,\"text\":\"\xc3\xbc \\\\ \\u0009\"}\n"));
    const QByteArray json = Tool::run({u"dump"_s, u"array"_s, u"--format"_s, u"json"_s}).out;
    QCOMPARE(QJsonDocument::fromJson(json).array().size(), 3);
    QCOMPARE(Tool::run({u"dump"_s, u"array"_s, u"--field"_s, u"flag"_s, u"--field"_s, u"small"_s}).out,
             QByteArray("small[0],small[1],flag\n-128,127,true\n0,-1,false\n1,2,true\n"));
    QCOMPARE(Tool::run({u"dump"_s, u"array"_s, u"--format"_s, u"raw"_s}).out, array.segment()->snapshot());
    QCOMPARE(Tool::run({u"dump"_s, u"array"_s, u"--first"_s, u"7"_s, u"--field"_s, u"flag"_s}).out,
             QByteArray("flag\n"));
    const Result unknown = Tool::run({u"dump"_s, u"array"_s, u"--field"_s, u"colour"_s});
    QCOMPARE(unknown.code, 1);
    QVERIFY(unknown.error.contains("colour") && unknown.error.contains("Everything{"));
}

void tst_ToolValues::roundTrip_data()
{
    QTest::addColumn<QString>("format");
    for (const char *format : {"csv", "json", "jsonl", "raw"})
        QTest::newRow(format) << QString::fromLatin1(format);
}

void tst_ToolValues::roundTrip()
{
    QFETCH(QString, format);
    SharedArray<Everything> array(u"from"_s);
    QVERIFY(array.create(3));
    QVERIFY(array.publish(extremes()));
    const QByteArray dumped = Tool::run({u"dump"_s, u"from"_s, u"--format"_s, format}).out;

    Tool publisher({u"publish"_s, u"to"_s, u"--layout"_s, EverythingLayout, u"--capacity"_s, u"3"_s, u"--format"_s,
                    format, u"--hold"_s});
    publisher.feed(dumped);
    publisher.closeInput();
    SharedArray<Everything> back(u"to"_s);
    back.segment()->setActive(true);
    QTRY_COMPARE_WITH_TIMEOUT(back.revision(), 1u, Deadline);
    // By its text, which has all digits: padding between the fields does not matter.
    QCOMPARE(Tool::run({u"dump"_s, u"to"_s}).out, Tool::run({u"dump"_s, u"from"_s}).out);
    if (format == u"raw"_s)
        QCOMPARE(back.segment()->snapshot(), array.segment()->snapshot());
    publisher.signal(SIGTERM);
    QCOMPARE(publisher.end().code, 0);
}

void tst_ToolValues::publishesFromAStream()
{
    Tool publisher({u"publish"_s, u"stream"_s, u"--layout"_s, u"Cpu{user:f64;idle:f64}"_s});
    publisher.feed("idle,user\n10,1\n");
    SharedSegment reader(u"stream"_s);
    reader.setActive(true);
    QTRY_COMPARE_WITH_TIMEOUT(reader.revision(), 1u, Deadline);
    QCOMPARE(reader.capacity(), 1);
    const auto values = [&reader] {
        std::array<double, 2> pair{};
        const QByteArray bytes = reader.snapshot();
        std::memcpy(pair.data(), bytes.constData(), std::size_t(std::min<qsizetype>(bytes.size(), 16)));
        return pair;
    };
    QCOMPARE(values(), (std::array<double, 2>{1, 10}));
    // Half a line is not a value yet.
    publisher.feed("20,");
    publisher.feed("2\n\n30,3\n");
    QTRY_COMPARE_WITH_TIMEOUT(reader.revision(), 3u, Deadline);
    QCOMPARE(values(), (std::array<double, 2>{3, 30}));
    publisher.closeInput();
    QCOMPARE(publisher.end().code, 0);
    QTRY_COMPARE_WITH_TIMEOUT(reader.state(), SharedSegment::State::Orphaned, Deadline);
    QCOMPARE(values(), (std::array<double, 2>{3, 30}));
    reader.close();

    // A line of numbers may hold several, and the first line determines how many.
    Tool numbers({u"publish"_s, u"numbers"_s, u"--layout"_s, u"i16"_s, u"--format"_s, u"json"_s});
    numbers.feed("[1,2,3]\n");
    SharedArray<qint16> array(u"numbers"_s);
    array.segment()->setActive(true);
    QTRY_COMPARE_WITH_TIMEOUT(array.snapshot(), (QList<qint16>{1, 2, 3}), Deadline);
    numbers.feed("4\n5\n6\n");
    QTRY_COMPARE_WITH_TIMEOUT(array.snapshot(), (QList<qint16>{4, 5, 6}), Deadline);
    numbers.closeInput();
    QCOMPARE(numbers.end().code, 0);

    // Only the first line may be names; a later one is a value like any other.
    Tool words({u"publish"_s, u"words"_s, u"--layout"_s, u"char[8]"_s});
    words.feed("hello\nvalue\n");
    SharedSegment text(u"words"_s);
    text.setActive(true);
    QTRY_COMPARE_WITH_TIMEOUT(text.snapshot(), QByteArray("value\0\0\0", 8), Deadline);
    QCOMPARE(text.revision(), 2u);
    words.closeInput();
    QCOMPARE(words.end().code, 0);
}

void tst_ToolValues::publishesFromAFile()
{
    QTemporaryFile file;
    QVERIFY(file.open());
    for (int i = 1; i <= 20000; ++i)
        file.write(QByteArray::number(i) + '\n');
    file.close();
    Tool publisher(
        {u"publish"_s, u"file"_s, u"--layout"_s, u"u32"_s, u"--capacity"_s, u"2"_s, u"--from"_s, file.fileName()});
    SharedArray<quint32> array(u"file"_s);
    array.segment()->setActive(true);
    QTRY_COMPARE_WITH_TIMEOUT(array.revision(), 10000u, Deadline);
    QCOMPARE(array.snapshot(), (QList<quint32>{19999, 20000}));
    publisher.signal(SIGINT);
    QCOMPARE(publisher.end().code, 0);

    const Result missing = Tool::run({u"publish"_s, u"file"_s, u"--layout"_s, u"u32"_s, u"--from"_s, u"/nowhere"_s});
    QCOMPARE(missing.code, 1);
    QVERIFY(missing.error.contains("/nowhere"));
}

void tst_ToolValues::publishesFromAFifo()
{
    QTemporaryDir folder;
    const QString path = folder.path() + u"/fifo"_s;
    QCOMPARE(mkfifo(QFile::encodeName(path), 0600), 0);
    const QStringList arguments{u"publish"_s, u"fifo"_s, u"--layout"_s, u"u32"_s, u"--from"_s, path};
    {
        // It can be ended while no process writes yet,
        Tool publisher(arguments);
        QVERIFY(publisher.isRunning());
        publisher.signal(SIGTERM);
        publisher.end();
        QCOMPARE(publisher.pid(), 0); // It has ended.
    }
    // and while the writer has nothing to write.
    Tool publisher(arguments);
    QFile writer(path);
    QVERIFY(writer.open(QFile::WriteOnly | QFile::Unbuffered));
    QCOMPARE(writer.write("7\n"), 2);
    SharedValue<quint32> value(u"fifo"_s);
    value.segment()->setActive(true);
    QTRY_COMPARE_WITH_TIMEOUT(value.get(), 7u, Deadline);
    publisher.signal(SIGTERM);
    QCOMPARE(publisher.end().code, 0);
}

void tst_ToolValues::badInput_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("errorText");
    const QStringList point{u"--layout"_s, u"P{x:i8;y:f64}"_s};
    const QStringList json = point + QStringList{u"--format"_s, u"json"_s};
    QTest::newRow("nothing") << point << QByteArray() << QByteArray("nothing to publish");
    QTest::newRow("word") << point << QByteArray("1,2\n1,two\n")
                          << QByteArray("1 revision was published, but line 2: y:");
    QTest::newRow("word later") << point << QByteArray("1,2\n3,4\n1,two\n")
                                << QByteArray("2 revisions were published, but line 3: y:");
    QTest::newRow("word first") << point << QByteArray("1,two\n") << QByteArray("nothing was published: line 1: y:");
    QTest::newRow("range") << point << QByteArray("300,2\n") << QByteArray("line 1: x:");
    QTest::newRow("too few") << point << QByteArray("1\n") << QByteArray("1 value where 2 are needed: x,y");
    QTest::newRow("quote") << point << QByteArray("1,\"2\n") << QByteArray("no end");
    QTest::newRow("left over") << (point + QStringList{u"--capacity"_s, u"2"_s}) << QByteArray("1,2\n1,2\n1,2\n")
                               << QByteArray("1 of 2 elements");
    QTest::newRow("no json") << json << QByteArray("{\"x\":\n") << QByteArray("line 1: no JSON value");
    QTest::newRow("no member") << json << QByteArray("{\"x\":1}\n") << QByteArray("there is no \"y\"");
    QTest::newRow("no object") << json << QByteArray("7\n") << QByteArray("an object");
    const QStringList variable{u"--layout"_s, u"i8"_s, u"--variable"_s, u"--capacity"_s, u"2"_s};
    QTest::newRow("above the capacity")
        << variable << QByteArray("1,2\n\n1,2,3\n")
        << QByteArray("1 revision was published, but a revision has more than 2 elements; give a larger --capacity");
    QTest::newRow("above the capacity, json")
        << (variable + QStringList{u"--format"_s, u"json"_s}) << QByteArray("[1,2,3")
        << QByteArray("nothing was published: a revision has more than 2 elements; give a larger --capacity");
    QTest::newRow("raw bytes")
        << (point + QStringList{u"--format"_s, u"raw"_s}) << QByteArray(20, 'x')
        << QByteArray("1 revision was published, but the last element has 4 of 16 bytes and was left out; give");
    QTest::newRow("raw byte")
        << (point + QStringList{u"--format"_s, u"raw"_s}) << QByteArray(1, 'x')
        << QByteArray("nothing was published: the last element has 1 of 16 bytes and was left out; give");
    QTest::newRow("raw") << (point + QStringList{u"--format"_s, u"raw"_s, u"--capacity"_s, u"2"_s})
                         << QByteArray(48, 'x') << QByteArray("1 of 2 elements");
}

void tst_ToolValues::badInput()
{
    QFETCH(QStringList, options);
    QFETCH(QByteArray, input);
    QFETCH(QByteArray, errorText);
    const Result result = Tool::run(QStringList{u"publish"_s, u"bad"_s} + options, input);
    QCOMPARE(result.code, 1);
    QVERIFY2(result.error.contains(errorText), result.error);
    // The remedy comes last.
    const QString text = QString::fromUtf8(result.error.trimmed()).section(u"sharedsegment: "_s, 1);
    QCOMPARE(errorstyle::problemOf(text), QString());
    QVERIFY2(!text.section(u"; "_s, -1).contains(u"published"_s), result.error);
}

void tst_ToolValues::nameThatBeginsWithAMark()
{
    const QString name = QChar(QChar::ByteOrderMark) + u"marked"_s;
    Tool owner({u"publish"_s, name, u"--layout"_s, u"f64"_s, u"--hold"_s});
    owner.feed("1.5\n");
    SharedValue<double> value(name);
    value.segment()->setActive(true);
    QTRY_COMPARE_WITH_TIMEOUT(value.revision(), 1u, Deadline);
    QCOMPARE(Tool::run({u"dump"_s, name}).out, QByteArray("value\n1.5\n"));
    QCOMPARE(Tool::run({u"info"_s, name.mid(1)}).code, 1);
}

void tst_ToolValues::variableArray()
{
    SharedArray<int> array(u"array"_s);
    array.segment()->setMetadata({{u"unit"_s, u"K"_s}});
    QVERIFY(array.createWithCapacity(5));
    QCOMPARE(Tool::run({u"dump"_s, u"array"_s, u"--format"_s, u"json"_s}).out, QByteArray("[]\n"));
    QVERIFY(array.publish(std::array{4, 55}));
    QCOMPARE(Tool::run({u"dump"_s, u"array"_s}).out, QByteArray("value\n4\n55\n"));
    QCOMPARE(Tool::run({u"dump"_s, u"array"_s, u"--first"_s, u"1"_s}).out, QByteArray("value\n55\n"));
    QCOMPARE(Tool::run({u"dump"_s, u"array"_s, u"--first"_s, u"2"_s}).out, QByteArray("value\n"));
    const QJsonObject object =
        QJsonDocument::fromJson(Tool::run({u"list"_s, u"--json"_s}).out).array().at(0).toObject();
    QCOMPARE(object.value(u"kind"_s), u"variableArray"_s);
    QCOMPARE(object.value(u"capacity"_s), 5);
    QCOMPARE(object.value(u"count"_s), 2);
    QCOMPARE(object.value(u"metadata"_s).toObject(), (QJsonObject{{u"unit"_s, u"K"_s}}));
    const QByteArray info = Tool::run({u"info"_s, u"array"_s}).out;
    QVERIFY2(info.contains("revision   1, of 2 elements\n"), info);
    QVERIFY2(info.contains("array of variable count") && info.contains("{\"unit\":\"K\"}"), info);
    Tool watch({u"watch"_s, u"array"_s, u"--lines"_s, u"--count"_s, u"1"_s});
    QVERIFY(watch.line().endsWith(" 1 4,55"));
}

void tst_ToolValues::publishVariable()
{
    const auto publish = [](const QString &format, const QList<std::pair<QByteArray, QList<int>>> &input) {
        Tool publisher({u"publish"_s, u"array"_s, u"--layout"_s, u"i32"_s, u"--variable"_s, u"--capacity"_s, u"3"_s,
                        u"--format"_s, format});
        SharedArray<int> array(u"array"_s);
        QVERIFY(array.waitForOpened(QDeadlineTimer(Deadline)));
        QCOMPARE(array.segment()->kind(), SharedSegment::Kind::VariableArray);
        QCOMPARE(array.capacity(), 3);
        quint64 published = 0;
        for (const auto &[text, values] : input) {
            publisher.feed(text);
            ++published;
            QTRY_COMPARE_WITH_TIMEOUT(array.revision(), published, Deadline);
            QCOMPARE(array.snapshot(), values);
        }
        publisher.closeInput();
        QCOMPARE(publisher.end().code, 0);
    };
    publish(u"json"_s, {{"[1,2]\n", {1, 2}}, {"[]\n", {}}, {"7\n", {7}}, {"[4,\n5,6]\n", {4, 5, 6}}});
    publish(u"jsonl"_s, {{"[1,2]\n", {1, 2}}, {"[]\n", {}}, {"7\n", {7}}});
    publish(u"csv"_s, {{"1,2,3\n", {1, 2, 3}}, {"4\n", {4}}});
}

void tst_ToolValues::write()
{
    SharedArray<Everything> array(u"array"_s);
    array.segment()->setMultipleWriters(true);
    QVERIFY(array.create(2));
    QCOMPARE(Tool::run({u"write"_s, u"array"_s, u"1"_s, u"1,2,3,4,5.5,6.5,true,hello"_s}).out,
             QByteArray("revision 1\n"));
    QCOMPARE(array.readElement(1).real, 6.5);
    QCOMPARE(Tool::run({u"write"_s, u"array"_s, u"1"_s, u"--field"_s, u"negative"_s, u"--"_s, u"-9"_s}).code, 0);
    QCOMPARE(array.readElement(1).negative, -9);
    QCOMPARE(array.readElement(1).real, 6.5);
    QCOMPARE(Tool::run({u"write"_s, u"array"_s, u"0"_s, u"--field"_s, u"small"_s, u"3,4"_s}).code, 0);
    QCOMPARE(array.readElement(0).small, (std::array<qint8, 2>{3, 4}));
    const quint64 before = array.revision();
    for (const QStringList &arguments : {
             QStringList{u"2"_s, u"1,2,3,4,5,6,true,x"_s},
             QStringList{u"0"_s, u"1,2,3"_s},
             QStringList{u"0"_s, u"{\"small\":[1,2]}"_s},
             QStringList{u"0"_s, u"{"_s},
             QStringList{u"0"_s, u"300"_s, u"--field"_s, u"small"_s},
             QStringList{u"0"_s, u"1"_s, u"--field"_s, u"colour"_s},
         }) {
        const Result result = Tool::run(QStringList{u"write"_s, u"array"_s} + arguments);
        QCOMPARE(result.code, 1);
        QVERIFY(!result.error.isEmpty());
    }
    QCOMPARE(array.revision(), before);
    SharedArray<int> own(u"own"_s);
    QVERIFY(own.create(1));
    QVERIFY(Tool::run({u"write"_s, u"own"_s, u"0"_s, u"1"_s}).error.contains("multipleWriters"));
}

QTEST_GUILESS_MAIN(tst_ToolValues)
#include "tst_toolvalues.moc"
