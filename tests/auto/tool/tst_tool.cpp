// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The command `sharedsegment`, started as a user starts it, on segments of other processes and with other processes using its segments.

#include "../lifetime/errorstyle.h"
#include "toolprocess.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedValue>

#include <QtCore/QElapsedTimer>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QRegularExpression>
#include <QtCore/QStandardPaths>
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

bool waitUntilThere(const QString &name)
{
    return QTest::qWaitFor([&] { return SharedSegment::exists(name); }, Deadline);
}

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

class tst_Tool : public QObject
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

    void help_data();
    void help();
    void usageError_data();
    void usageError();
    void list();
    void listOfWhatCannotBeOpened();
    void info();
    void dump();
    void roundTrip_data();
    void roundTrip();
    void publishesFromAStream();
    void publishesFromAFile();
    void publishesFromAFifo();
    void badInput_data();
    void badInput();
    void create();
    void nameThatBeginsWithAMark();
    void write();
    void watch();
    void watchInATerminal();
    void rate();
    void interrupted_data();
    void interrupted();
    void readerGoes();
    void outputThatCannotBeWritten();
    void benchInterrupted();
    void killedAndSwept();
    void folderThatIsRefused();
    void readOnlyFolder();
    void doctor();
    void bench();
};

void tst_Tool::help_data()
{
    QTest::addColumn<QString>("command");
    for (const char *command :
         {"list", "info", "dump", "watch", "publish", "create", "write", "sweep", "doctor", "bench"})
        QTest::newRow(command) << QString::fromLatin1(command);
}

void tst_Tool::help()
{
    QFETCH(QString, command);
    QVERIFY(Tool::run({u"--help"_s}).out.contains(command.toUtf8()));
    const Result help = Tool::run({command, u"--help"_s});
    QCOMPARE(help.code, 0);
    QVERIFY(help.out.startsWith("Usage: sharedsegment " + command.toUtf8()));

    // Each option is in the man page and in both completions.
    const QRegularExpression option(u"^  (?:-h, )?--([a-z-]+)"_s, QRegularExpression::MultilineOption);
    for (const char *file : {"sharedsegment.1", "completion/sharedsegment.bash", "completion/_sharedsegment"}) {
        QFile text(QStringLiteral(TOOL_SOURCES) + u'/' + QLatin1String(file));
        QVERIFY(text.open(QIODevice::ReadOnly));
        const QString content = QString::fromUtf8(text.readAll()).remove(u'\\');
        QVERIFY2(content.contains(command), file);
        auto options = option.globalMatch(QString::fromUtf8(help.out));
        QVERIFY(options.hasNext());
        while (options.hasNext()) {
            const QString name = u"--"_s + options.next().captured(1);
            QVERIFY2(content.contains(name), QByteArray(file) + ": " + name.toUtf8());
        }
    }
}

void tst_Tool::usageError_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("errorText");
    QTest::newRow("nothing") << QStringList{} << QByteArray("the command is missing");
    QTest::newRow("no command") << QStringList{u"frobnicate"_s} << QByteArray("no command \"frobnicate\"");
    QTest::newRow("option") << QStringList{u"list"_s, u"--frob"_s} << QByteArray("frob");
    QTest::newRow("short option") << QStringList{u"dump"_s, u"-x"_s} << QByteArray("unknown option 'x'; see: ");
    QTest::newRow("no value") << QStringList{u"dump"_s, u"a"_s, u"--first"_s} << QByteArray("'--first'; see: ");
    QTest::newRow("needless value") << QStringList{u"list"_s, u"--json=3"_s} << QByteArray("'--json'; see: ");
    QTest::newRow("missing") << QStringList{u"dump"_s} << QByteArray("NAME is missing");
    QTest::newRow("too many") << QStringList{u"info"_s, u"a"_s, u"b"_s} << QByteArray("\"b\" is one argument too many");
    QTest::newRow("format") << QStringList{u"dump"_s, u"a"_s, u"--format"_s, u"xml"_s} << QByteArray("not \"xml\"");
    QTest::newRow("number") << QStringList{u"dump"_s, u"a"_s, u"--first"_s, u"-1"_s} << QByteArray("--first takes");
    QTest::newRow("no layout") << QStringList{u"create"_s, u"a"_s} << QByteArray("--layout is missing");
    QTest::newRow("layout") << QStringList{u"create"_s, u"a"_s, u"--layout"_s, u"f65"_s} << QByteArray("--layout:");
    QTest::newRow("backend") << QStringList{u"create"_s, u"a"_s, u"--layout"_s, u"f64"_s, u"--backend"_s, u"tape"_s}
                             << QByteArray("not \"tape\"");
    for (const char *delimiter : {"e", "n", "0", "-", "(", "[", "#", "\"", "||", ""}) {
        QTest::addRow("delimiter %s", delimiter)
            << QStringList{u"dump"_s, u"a"_s, u"--delimiter"_s, QString::fromLatin1(delimiter)}
            << QByteArray("--delimiter is tab or one ASCII character");
    }
    QTest::newRow("index") << QStringList{u"write"_s, u"a"_s, u"x"_s, u"1"_s} << QByteArray("not \"x\"");
}

void tst_Tool::usageError()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, errorText);
    const Result result = Tool::run(arguments);
    QCOMPARE(result.code, 2);
    QVERIFY2(result.error.contains(errorText), result.error);
    QVERIFY2(result.error.contains("--help"), result.error);
    QVERIFY2(!result.error.contains(".;"), result.error);
    QCOMPARE(result.out, QByteArray());
}

void tst_Tool::list()
{
    QCOMPARE(Tool::run({u"list"_s}).out, QByteArray());
    QCOMPARE(Tool::run({u"list"_s, u"--json"_s}).out.simplified(), QByteArray("[ ]"));
    auto first = owner(u"b/first"_s, preferredBackend(), 8);
    auto second = owner(u"a second"_s, SharedSegment::Backend::Posix, 1024);
    QCOMPARE(first->ask("publish 3"), u"published 1"_s);
    SharedSegment listener(u"b/first"_s);
    QVERIFY(listener.open());
    QTRY_COMPARE_WITH_TIMEOUT(listener.listenerCount(), 1, Deadline);

    QCOMPARE(Tool::run({u"list"_s, u"--names"_s}).out, QByteArray("a second\nb/first\n"));
    const QList<QByteArray> lines = Tool::run({u"list"_s}).out.split('\n');
    QCOMPARE(lines.size(), 4);
    QVERIFY(lines.at(0).startsWith("NAME"));
    QCOMPARE(lines.at(1).simplified().split(' ').mid(2, 6),
             QList<QByteArray>({"u64", "1024", "8.0", "KiB", "posix", QByteArray::number(second->pid())}));
    const QJsonArray json = QJsonDocument::fromJson(Tool::run({u"list"_s, u"--json"_s}).out).array();
    QCOMPARE(json.size(), 2);
    const QJsonObject object = json.at(1).toObject();
    QCOMPARE(object.value(u"name"_s), u"b/first"_s);
    QCOMPARE(object.value(u"layout"_s), u"u64"_s);
    QCOMPARE(object.value(u"length"_s), 8);
    QCOMPARE(object.value(u"size"_s), 64);
    QCOMPARE(object.value(u"backend"_s), nameOf(preferredBackend()));
    QCOMPARE(object.value(u"ownerPid"_s), first->pid());
    QVERIFY(object.value(u"ownerProgram"_s).toString().startsWith(u"sharedsegment_p"_s));
    QCOMPARE(object.value(u"revision"_s), 1);
    QVERIFY(object.value(u"listeners"_s).toInt() >= 1);
    QVERIFY(QDateTime::fromString(object.value(u"updatedAt"_s).toString(), Qt::ISODateWithMs).isValid());
    second->kill();
    QCOMPARE(Tool::run({u"list"_s, u"--names"_s}).out, QByteArray("b/first\n"));
}

void tst_Tool::listOfWhatCannotBeOpened()
{
    const auto good = owner(u"good"_s, preferredBackend());
    const auto bad = owner(u"bad"_s, SharedSegment::Backend::Posix);
    SharedSegment witness(u"bad"_s);
    QVERIFY(witness.open());
    QFile memory(u"/dev/shm/ss-"_s + witness.instance().left(22));
    witness.close();
    if (!memory.exists())
        QSKIP("the memory of the backend posix is not visible here");
    // A version that this program does not know.
    const quint32 version = 7;
    QVERIFY(memory.open(QIODevice::ReadWrite | QIODevice::ExistingOnly) && memory.seek(8));
    QCOMPARE(memory.write(reinterpret_cast<const char *>(&version), sizeof version), qint64(sizeof version));
    memory.close();
    for (const QStringList &options : {QStringList(), QStringList{u"--json"_s}}) {
        const Result result = Tool::run(QStringList{u"list"_s} + options);
        QCOMPARE(result.code, 1);
        QVERIFY2(result.error.contains("\"bad\": ") && result.error.contains("version 7")
                     && result.error.count('\n') == 1,
                 result.error);
        QVERIFY(result.out.contains("good"));
        if (!options.isEmpty()) {
            const QJsonValue first = QJsonDocument::fromJson(result.out).array().at(0);
            QCOMPARE(first[u"name"_s], u"bad"_s);
            QVERIFY(first[u"error"_s].toString().contains(u"version 7"_s));
            continue;
        }
        const QList<QByteArray> lines = result.out.split('\n');
        QCOMPARE(lines.size(), 4);
        QCOMPARE(lines.at(1).simplified(), QByteArray("bad ? ? ? ? ? ? ? ?"));
    }
    QCOMPARE(Tool::run({u"list"_s, u"--names"_s}).code, 0);
}

void tst_Tool::info()
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

void tst_Tool::dump()
{
    SharedArray<Everything> array(u"array"_s);
    QVERIFY(array.create(3));
    QVERIFY(array.write(extremes()));
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

void tst_Tool::roundTrip_data()
{
    QTest::addColumn<QString>("format");
    for (const char *format : {"csv", "json", "jsonl", "raw"})
        QTest::newRow(format) << QString::fromLatin1(format);
}

void tst_Tool::roundTrip()
{
    QFETCH(QString, format);
    SharedArray<Everything> array(u"from"_s);
    QVERIFY(array.create(3));
    QVERIFY(array.write(extremes()));
    const QByteArray dumped = Tool::run({u"dump"_s, u"from"_s, u"--format"_s, format}).out;

    Tool publisher({u"publish"_s, u"to"_s, u"--layout"_s, EverythingLayout, u"--length"_s, u"3"_s, u"--format"_s,
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

void tst_Tool::publishesFromAStream()
{
    Tool publisher({u"publish"_s, u"stream"_s, u"--layout"_s, u"Cpu{user:f64;idle:f64}"_s});
    publisher.feed("idle,user\n10,1\n");
    SharedSegment reader(u"stream"_s);
    reader.setActive(true);
    QTRY_COMPARE_WITH_TIMEOUT(reader.revision(), 1u, Deadline);
    QCOMPARE(reader.length(), 1);
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

void tst_Tool::publishesFromAFile()
{
    QTemporaryFile file;
    QVERIFY(file.open());
    for (int i = 1; i <= 20000; ++i)
        file.write(QByteArray::number(i) + '\n');
    file.close();
    Tool publisher(
        {u"publish"_s, u"file"_s, u"--layout"_s, u"u32"_s, u"--length"_s, u"2"_s, u"--from"_s, file.fileName()});
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

void tst_Tool::publishesFromAFifo()
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

void tst_Tool::badInput_data()
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
    QTest::newRow("left over") << (point + QStringList{u"--length"_s, u"2"_s}) << QByteArray("1,2\n1,2\n1,2\n")
                               << QByteArray("1 of 2 elements");
    QTest::newRow("no json") << json << QByteArray("{\"x\":\n") << QByteArray("line 1: no JSON value");
    QTest::newRow("no member") << json << QByteArray("{\"x\":1}\n") << QByteArray("there is no \"y\"");
    QTest::newRow("no object") << json << QByteArray("7\n") << QByteArray("an object");
    QTest::newRow("raw bytes")
        << (point + QStringList{u"--format"_s, u"raw"_s}) << QByteArray(20, 'x')
        << QByteArray("1 revision was published, but the last element has 4 of 16 bytes and was left out; give");
    QTest::newRow("raw byte")
        << (point + QStringList{u"--format"_s, u"raw"_s}) << QByteArray(1, 'x')
        << QByteArray("nothing was published: the last element has 1 of 16 bytes and was left out; give");
    QTest::newRow("raw") << (point + QStringList{u"--format"_s, u"raw"_s, u"--length"_s, u"2"_s}) << QByteArray(48, 'x')
                         << QByteArray("1 of 2 elements");
}

void tst_Tool::badInput()
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

void tst_Tool::nameThatBeginsWithAMark()
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

void tst_Tool::create()
{
    Tool owner({u"create"_s, u"made"_s, u"--layout"_s, u"f32[3]"_s, u"--length"_s, u"5"_s, u"--buffers"_s, u"2"_s,
                u"--backend"_s, u"posix"_s});
    QVERIFY(owner.line().startsWith("created made: "));
    SharedSegment segment(u"made"_s);
    QVERIFY(segment.open());
    QCOMPARE(segment.layoutText(), u"f32[3]"_s);
    QCOMPARE(segment.length(), 5);
    QCOMPARE(segment.bufferCount(), 2);
    QCOMPARE(segment.backend(), SharedSegment::Backend::Posix);
    QCOMPARE(segment.ownerPid(), owner.pid());
    const Result taken = Tool::run({u"create"_s, u"made"_s, u"--layout"_s, u"u8"_s});
    QCOMPARE(taken.code, 1);
    QVERIFY(taken.error.contains("made"));
    segment.close();
    owner.signal(SIGINT);
    QCOMPARE(owner.end().code, 0);
}

void tst_Tool::write()
{
    SharedArray<Everything> array(u"array"_s);
    array.segment()->setMultipleWriters(true);
    QVERIFY(array.create(2));
    QCOMPARE(Tool::run({u"write"_s, u"array"_s, u"1"_s, u"1,2,3,4,5.5,6.5,true,hello"_s}).out,
             QByteArray("revision 1\n"));
    QCOMPARE(array.at(1).real, 6.5);
    QCOMPARE(Tool::run({u"write"_s, u"array"_s, u"1"_s, u"--field"_s, u"negative"_s, u"--"_s, u"-9"_s}).code, 0);
    QCOMPARE(array.at(1).negative, -9);
    QCOMPARE(array.at(1).real, 6.5);
    QCOMPARE(Tool::run({u"write"_s, u"array"_s, u"0"_s, u"--field"_s, u"small"_s, u"3,4"_s}).code, 0);
    QCOMPARE(array.at(0).small, (std::array<qint8, 2>{3, 4}));
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

void tst_Tool::watch()
{
    Tool watcher({u"watch"_s, u"late"_s});
    QCOMPARE(watcher.errorLine(), QByteArray("sharedsegment: late: waiting for it"));
    SharedArray<int> array(u"late"_s);
    QVERIFY(array.create(10));
    QTRY_COMPARE_WITH_TIMEOUT(array.segment()->listenerCount(), 1, Deadline);
    for (int i = 1; i <= 3; ++i) {
        array.write()[0] = i;
        const QList<QByteArray> words = watcher.line().split(' ');
        QVERIFY(QTime::fromString(QString::fromLatin1(words.at(0)), u"hh:mm:ss.zzz"_s).isValid());
        QCOMPARE(words.mid(1), (QList<QByteArray>{QByteArray::number(i), QByteArray::number(i) + ",0,0,0,0,0,0,0",
                                                  "...", "2", "more"}));
    }
    // It follows to the next instance of the name.
    array.close();
    QCOMPARE(watcher.errorLine(), QByteArray("sharedsegment: late: its owner is gone"));
    QVERIFY(array.create(1));
    array.write()[0] = 77;
    QVERIFY(watcher.line().endsWith(" 1 77"));
    watcher.signal(SIGINT);
    QCOMPARE(watcher.end().code, 0);
    QTRY_COMPARE_WITH_TIMEOUT(array.segment()->listenerCount(), 0, Deadline);

    QCOMPARE(Tool::run({u"watch"_s, u"late"_s, u"--count"_s, u"1"_s}).out.count('\n'), 1);
    QCOMPARE(Tool::run({u"watch"_s, u""_s}).code, 1);
}

void tst_Tool::watchInATerminal()
{
    const QString script = QStandardPaths::findExecutable(u"script"_s);
    if (script.isEmpty())
        QSKIP("no program \"script\" to make a terminal with");
    SharedArray<int> array(u"table"_s);
    QVERIFY(array.create(3));
    QVERIFY(array.write(std::array{4, 55, 666}));
    Tool terminal({u"-qec"_s, testPath("TOOL") + u" watch table --count 1"_s, u"/dev/null"_s}, script);
    const Result result = terminal.end();
    QCOMPARE(result.code, 0);
    QVERIFY2(result.out.contains("\x1b[H"), result.out);
    for (const char *value : {"revision 1", "open", "value", "4", "55", "666"})
        QVERIFY2(result.out.contains(value), result.out);
}

void tst_Tool::rate()
{
    auto peer = owner(u"busy"_s, preferredBackend(), 8);
    peer->tell("spin");
    const QByteArray line = Tool::run({u"watch"_s, u"busy"_s, u"--rate"_s, u"--count"_s, u"1"_s}).out;
    QVERIFY2(line.contains("publications/s") && line.split(' ').first().toDouble() > 1000, line);
}

void tst_Tool::interrupted_data()
{
    QTest::addColumn<int>("number");
    QTest::newRow("SIGINT") << SIGINT;
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGHUP") << SIGHUP;
}

void tst_Tool::interrupted()
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

void tst_Tool::readerGoes()
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
        ++array.write()[0];
    QCOMPARE(watcher.end().code, 0);
    QTRY_COMPARE_WITH_TIMEOUT(array.segment()->listenerCount(), 0, Deadline);
}

void tst_Tool::outputThatCannotBeWritten()
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

void tst_Tool::benchInterrupted()
{
    for (const int number : {SIGINT, SIGTERM}) {
        Tool bench({u"bench"_s});
        QVERIFY(bench.errorLine().contains("measured"));
        bench.signal(number);
        const Result result = bench.end();
        QCOMPARE(result.code, 1);
        QVERIFY2(result.error.contains("interrupted"), result.error);
        QCOMPARE(m_folder.files(), QStringList());
    }
}

void tst_Tool::killedAndSwept()
{
    Tool publisher({u"publish"_s, u"killed"_s, u"--layout"_s, u"u8"_s, u"--backend"_s, u"posix"_s});
    publisher.feed("1\n");
    QVERIFY(waitUntilThere(u"killed"_s));
    publisher.signal(SIGKILL);
    publisher.end();
    const Result result = Tool::run({u"sweep"_s});
    QCOMPARE(result.code, 0);
    // Where there are owner's marks, it has left its mark, too.
    static const QRegularExpression all(u"^(removed \\.[0-9A-F]{32}\\.owner\nremoved s\\.killed\\.segment\n2|"
                                        "removed s\\.killed\\.segment\n1) removed, 0 segments live\n$"_s);
    QVERIFY2(all.match(QString::fromUtf8(result.out)).hasMatch(), result.out);
    QCOMPARE(Tool::run({u"sweep"_s}).out, QByteArray("0 removed, 0 segments live\n"));
}

void tst_Tool::folderThatIsRefused()
{
    const auto whole = QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner;
    for (const QStringList &arguments :
         {QStringList{u"list"_s}, {u"list"_s, u"--names"_s}, {u"list"_s, u"--json"_s}, {u"sweep"_s}}) {
        QVERIFY(QFile::setPermissions(m_folder.path(), whole | QFile::ReadOther));
        const Result result = Tool::run(arguments);
        QVERIFY(QFile::setPermissions(m_folder.path(), whole));
        QCOMPARE(result.code, 1);
        QCOMPARE(result.out, QByteArray());
        QVERIFY2(result.error.contains("set SHAREDSEGMENT_DIR") && result.error.count('\n') == 1, result.error);
    }
}

/// Some segments are unreadable: the answer is never "there is no segment".
void tst_Tool::readOnlyFolder()
{
    if (QProcess::execute(u"unshare"_s, {u"-m"_s, u"true"_s}) != 0)
        QSKIP("there is no unshare, or it may not make namespaces");
    const auto peer = owner(u"there"_s, preferredBackend());
    for (const char *command : {"list", "list --names", "list --json", "sweep", "info there", "doctor"}) {
        const QString script = u"mount --bind '%1' '%1' && mount -o remount,bind,ro '%1' && exec '%2' %3"_s.arg(
            m_folder.path(), testPath("TOOL"), QLatin1String(command));
        const Result result = Tool({u"-m"_s, u"bash"_s, u"-c"_s, script}, u"unshare"_s).end();
        QVERIFY2(result.code == 1, command);
        const bool isDoctor = qstrcmp(command, "doctor") == 0;
        const QByteArray told = isDoctor ? result.out : result.error;
        QVERIFY2(told.contains("SHAREDSEGMENT_DIR") && !told.contains("there is no segment"), told);
        if (!isDoctor)
            QCOMPARE(result.out, QByteArray());
    }
    QCOMPARE(Tool::run({u"list"_s, u"--names"_s}).out, QByteArray("there\n"));
}

void tst_Tool::doctor()
{
    const Result well = Tool::run({u"doctor"_s});
    QVERIFY2(well.code == 0, well.out + well.error);
    QVERIFY(well.out.contains(m_folder.path().toUtf8()));
    QVERIFY(well.out.contains("backend posix"));
    QVERIFY(well.out.contains("open files"));
    QVERIFY(well.out.contains("memory"));

    QVERIFY(QFile::setPermissions(m_folder.path(),
                                  QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner | QFile::ReadOther));
    const Result open = Tool::run({u"doctor"_s, u"--json"_s});
    QVERIFY(QFile::setPermissions(m_folder.path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    QCOMPARE(open.code, 1);
    QVERIFY2(open.out.contains("set SHAREDSEGMENT_DIR"), open.out);
    QVERIFY(!QJsonDocument::fromJson(open.out).array().isEmpty());
}

void tst_Tool::bench()
{
    const Result result = Tool::run({u"bench"_s, u"--json"_s});
    QVERIFY2(result.code == 0, result.error);
    const QJsonArray measures = QJsonDocument::fromJson(result.out).array();
    QCOMPARE(measures.size(), 7);
    int compared = 0;
    for (const QJsonValue &measure : measures) {
        QVERIFY(measure[u"nanoseconds"_s].toDouble() > 0);
        if (measure[u"peer"_s].toString().isEmpty())
            continue;
        ++compared;
        QVERIFY(measure[u"peerNanoseconds"_s].toDouble() > 0);
    }
    QCOMPARE(compared, 4);
    QVERIFY(result.error.contains("measured"));
}

QTEST_GUILESS_MAIN(tst_Tool)
#include "tst_tool.moc"
