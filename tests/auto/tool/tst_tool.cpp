// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The command `sharedsegment`, started as a user starts it: what it says of segments, of itself and of the machine.

#include "toolprocess.h"

#include <SharedSegment/SharedArray>

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QRegularExpression>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <csignal>

using namespace Qt::StringLiterals;
using namespace testsupport;

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
    void namesOfMirrors_data();
    void namesOfMirrors();
    void create();
    void registryOption();
    void killedAndSwept();
    void folderThatIsRefused();
    void readOnlyFolder();
    void doctor();
    void bench();
    void benchInterrupted();
};

void tst_Tool::help_data()
{
    QTest::addColumn<QString>("command");
    for (const char *command : {"list", "info", "dump", "watch", "publish", "record", "replay", "create", "write",
                                "sweep", "doctor", "bench"})
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
    const QStringList variable{u"publish"_s, u"a"_s, u"--layout"_s, u"f64"_s, u"--variable"_s};
    QTest::newRow("no capacity") << variable << QByteArray("--variable needs --capacity");
    QTest::newRow("variable raw bytes") << (variable + QStringList{u"--capacity"_s, u"3"_s, u"--format"_s, u"raw"_s})
                                        << QByteArray("--variable needs --format csv, json or jsonl");
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
    QCOMPARE(lines.at(1).simplified().split(' ').mid(2, 7),
             QList<QByteArray>(
                 {"u64", "fixedArray", "1024", "8.0", "KiB", "posix", QByteArray::number(second->pid())}));
    const QJsonArray json = QJsonDocument::fromJson(Tool::run({u"list"_s, u"--json"_s}).out).array();
    QCOMPARE(json.size(), 2);
    const QJsonObject object = json.at(1).toObject();
    QCOMPARE(object.value(u"name"_s), u"b/first"_s);
    QCOMPARE(object.value(u"layout"_s), u"u64"_s);
    QCOMPARE(object.value(u"capacity"_s), 8);
    QCOMPARE(object.value(u"size"_s), 64);
    QCOMPARE(object.value(u"backend"_s), nameOf(preferredBackend()));
    QCOMPARE(object.value(u"ownerPid"_s), first->pid());
    QVERIFY(object.value(u"ownerProgram"_s).toString().startsWith(u"sharedsegment_p"_s));
    QCOMPARE(object.value(u"revision"_s), 1);
    QVERIFY(object.value(u"listeners"_s).toInt() >= 1);
    QVERIFY(QDateTime::fromString(object.value(u"updatedAt"_s).toString(), Qt::ISODateWithMs).isValid());
    QCOMPARE(object.value(u"source"_s), u"here"_s);
    QVERIFY(object.value(u"sourceUpdatedAt"_s).isNull());
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
        QCOMPARE(lines.at(1).simplified(), QByteArray("bad ? ? ? ? ? ? ? ? ?"));
    }
    QCOMPARE(Tool::run({u"list"_s, u"--names"_s}).code, 0);
}

void tst_Tool::namesOfMirrors_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("errorText");
    const QByteArray refused = "\"@boiler/pressure\" begins with \"@\", as only names of mirrors of other hosts do; ";
    const QStringList layout{u"@boiler/pressure"_s, u"--layout"_s, u"u8"_s};
    QTest::newRow("create") << QStringList(u"create"_s) + layout << refused;
    QTest::newRow("publish") << QStringList(u"publish"_s) + layout << refused;
    QTest::newRow("publish a stream") << QStringList(u"publish"_s) + layout + QStringList(u"--stream"_s) << refused;
    QTest::newRow("write") << QStringList{u"write"_s, u"@boiler/speed"_s, u"0"_s, u"1"_s}
                           << QByteArray("is a mirror; open it read-only, or write on the host \"boiler\"");
    QTest::newRow("dump of none") << QStringList{u"dump"_s, u"@pump/pressure"_s} << QByteArray("start a bridge, ");
    QTest::newRow("info of none") << QStringList{u"info"_s, u"@pump/pressure"_s} << QByteArray("start a bridge, ");
}

/// Programs read mirrors, but neither create nor write them.
void tst_Tool::namesOfMirrors()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, errorText);
    const auto peer = owner(u"@boiler/speed"_s, preferredBackend(), 1);
    QCOMPARE(peer->ask("publish 3"), u"published 1"_s);
    const Result result = Tool::run(arguments, "1\n");
    QCOMPARE(result.code, 1);
    QVERIFY2(result.error.contains(errorText), result.error);
    QCOMPARE(Tool::run({u"dump"_s, u"@boiler/speed"_s}).out, QByteArray("value\n3\n"));
    QCOMPARE(Tool::run({u"list"_s, u"--names"_s}).out, QByteArray("@boiler/speed\n"));
}

void tst_Tool::create()
{
    Tool owner({u"create"_s, u"made"_s, u"--layout"_s, u"f32[3]"_s, u"--capacity"_s, u"5"_s, u"--buffers"_s, u"2"_s,
                u"--backend"_s, u"posix"_s});
    QVERIFY(owner.line().startsWith("created made: "));
    SharedSegment segment(u"made"_s);
    QVERIFY(segment.open());
    QCOMPARE(segment.layoutText(), u"f32[3]"_s);
    QCOMPARE(segment.capacity(), 5);
    QCOMPARE(segment.bufferCount(), 2);
    QCOMPARE(segment.backend(), SharedSegment::Backend::Posix);
    QCOMPARE(segment.ownerPid(), owner.pid());
    const Result taken = Tool::run({u"create"_s, u"made"_s, u"--layout"_s, u"u8"_s});
    QCOMPARE(taken.code, 1);
    QVERIFY(taken.error.contains("made"));
    segment.close();
    owner.signal(SIGINT);
    QCOMPARE(owner.end().code, 0);

    // By the option's name in version 0.1, too.
    Tool variable({u"create"_s, u"variable"_s, u"--layout"_s, u"f64"_s, u"--length"_s, u"7"_s, u"--variable"_s});
    QCOMPARE(variable.line(), QByteArray("created variable: f64, at most 7 elements"));
    SharedArray<double> array(u"variable"_s);
    QVERIFY(array.open());
    QCOMPARE(array.segment()->kind(), SharedSegment::Kind::VariableArray);
    QCOMPARE(array.capacity(), 7);
    QCOMPARE(array.snapshot(), QList<double>());
}

void tst_Tool::registryOption()
{
    const QTemporaryDir others;
    const QString other = others.path() + u"/other"_s;
    Tool owner({u"create"_s, u"there"_s, u"--layout"_s, u"u8"_s, u"--registry"_s, other});
    QVERIFY(owner.line().startsWith("created there: "));
    QCOMPARE(SharedSegment::names(), QStringList());
    QCOMPARE(SharedSegment::names(other), QStringList(u"there"_s));
    QCOMPARE(Tool::run({u"list"_s, u"--names"_s, u"--registry"_s, other}).out, QByteArray("there\n"));
    QCOMPARE(Tool::run({u"dump"_s, u"there"_s, u"--registry"_s, other}).out, QByteArray("value\n0\n"));
    QCOMPARE(Tool::run({u"dump"_s, u"there"_s}).code, 1);
    QCOMPARE(Tool::run({u"list"_s, u"--registry"_s, QString()}).code, 2);
    owner.signal(SIGINT);
    QCOMPARE(owner.end().code, 0);
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
