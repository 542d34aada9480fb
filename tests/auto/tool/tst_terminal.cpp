// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The command on a terminal, in pipes, with closed descriptors and with little memory.

#include "toolprocess.h"

#include <SharedSegment/SharedSegment>

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtTest/QTest>

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace testsupport;

namespace {

/// Clears a screen, breaks a line, turns the direction of writing, and has the control characters of 8 bits.
const QString EvilName = u"evil\x1b[2J\nline2\r\u202e\u0085\u009b"_s;
const QByteArray EvilText = "\x1b]0;owned\x07\nx\xe2\x80\xae\xc2\x9b\x7f";

/// The output to a terminal, to standard output and standard error alike.
Result runInTerminal(const QStringList &arguments)
{
    Result result;
    const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (terminal == -1 || ::grantpt(terminal) == -1 || ::unlockpt(terminal) == -1)
        return result;
    const int slave = ::open(::ptsname(terminal), O_RDWR | O_NOCTTY | O_CLOEXEC);
    QProcess process;
    process.setChildProcessModifier([slave] {
        ::dup2(slave, STDOUT_FILENO);
        ::dup2(slave, STDERR_FILENO);
    });
    process.start(testPath("TOOL"), arguments);
    const bool isStarted = process.waitForStarted(Deadline);
    ::close(slave);
    // Fails once no process has the other end any more.
    char bytes[4096];
    for (ssize_t count = 0; (count = ::read(terminal, bytes, sizeof bytes)) > 0;)
        result.out.append(bytes, count);
    ::close(terminal);
    if (isStarted && (process.state() == QProcess::NotRunning || process.waitForFinished(Deadline)))
        result.code = process.exitCode();
    return result;
}

/// Text of others must not contain any of this.
bool isHarmless(QByteArray text)
{
    text.replace("\x1b[H\x1b[J", "").replace("\r\n", "");
    for (const QChar c : QString::fromUtf8(text)) {
        if (c.unicode() < 0x20 || (c.unicode() >= 0x7f && c.unicode() < 0xa0) || c.unicode() == 0x202e
            || c.unicode() == 0xfffd)
            return false;
    }
    return true;
}

/// Runs a line of a shell.
Result runShell(const QString &line)
{
    Tool shell({u"-c"_s, line}, u"bash"_s);
    return shell.end();
}

QString tool(const QString &arguments)
{
    return u'"' + testPath("TOOL") + u"\" "_s + arguments;
}

/// The KiB that the command took at most.
long peakOf(const QStringList &arguments, int *code)
{
    QByteArrayList words{testPath("TOOL").toLocal8Bit()};
    for (const QString &argument : arguments)
        words.append(argument.toLocal8Bit());
    QList<char *> pointers;
    for (QByteArray &word : words)
        pointers.append(word.data());
    pointers.append(nullptr);
    const pid_t child = ::fork();
    if (child == 0) {
        const int nothing = ::open("/dev/null", O_RDWR);
        ::dup2(nothing, STDIN_FILENO);
        ::dup2(nothing, STDOUT_FILENO);
        ::execv(pointers.first(), pointers.data());
        ::_exit(127);
    }
    int status = 0;
    struct rusage usage = {};
    pid_t ended = -1;
    do // The SIGCHLD handler of QProcess interrupts it.
        ended = ::wait4(child, &status, 0, &usage);
    while (ended == -1 && errno == EINTR);
    if (ended != child)
        return -1;
    *code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return usage.ru_maxrss;
}

} // namespace

class tst_Terminal : public QObject
{
    Q_OBJECT

private:
    RegistryFolder m_folder;

private Q_SLOTS:
    void nothingControlsTheTerminal_data();
    void nothingControlsTheTerminal();
    void rawIsNotForATerminal();
    void aPipeGetsTheBytes();
    void noSegment();
    void counts();
    void closedDescriptors_data();
    void closedDescriptors();
    void memoryFollowsTheBytes();
    void manyItemsAreNoWork();
    void littleMemory();
};

void tst_Terminal::nothingControlsTheTerminal_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("shown");
    const auto row = [](const char *name, const QStringList &arguments, int code, const QByteArray &shown) {
        QTest::newRow(name) << arguments << code << shown;
    };
    const QByteArray name = "evil\\x1b[2J\\nline2\\r\\u202e\\u0085\\u009b";
    const QByteArray text = "\\x1b]0;owned\\x07\\nx\\u202e\\u009b\\x7f";
    row("list", {u"list"_s}, 0, name);
    row("names", {u"list"_s, u"--names"_s}, 0, name + "\r\n");
    row("list as JSON", {u"list"_s, u"--json"_s}, 0, "evil\\u001b[2J\\nline2\\r\\u202e\\u0085\\u009b");
    row("info", {u"info"_s, EvilName}, 0, name);
    row("info as JSON", {u"info"_s, EvilName, u"--json"_s}, 0, "\\u202e");
    row("csv", {u"dump"_s, EvilName}, 0, text);
    row("json", {u"dump"_s, EvilName, u"--format"_s, u"json"_s}, 0,
        "\\u001b]0;owned\\u0007\\u000ax\\u202e\\u009b\\u007f");
    row("jsonl", {u"dump"_s, EvilName, u"--format"_s, u"jsonl"_s}, 0, "\\u202e");
    row("table", {u"watch"_s, EvilName, u"--count"_s, u"1"_s}, 0, text);
    row("lines", {u"watch"_s, EvilName, u"--lines"_s, u"--count"_s, u"1"_s}, 0, text);
    row("error", {u"info"_s, EvilName + u'x'}, 1, name + 'x');
    row("no field", {u"dump"_s, EvilName, u"--field"_s, u"\x1b[2J"_s}, 1, "\\x1b[2J");
    row("usageError", {u"\x1b[2J"_s}, 2, "\\x1b[2J");
    row("taken", {u"create"_s, EvilName, u"--layout"_s, u"u8"_s}, 1, name);
    row("doctor", {u"doctor"_s}, 0, "segments");
}

void tst_Terminal::nothingControlsTheTerminal()
{
    QFETCH(QStringList, arguments);
    QFETCH(int, code);
    QFETCH(QByteArray, shown);
    const SharedLayout layout = SharedLayout::parse(u"char[32]"_s);
    SharedSegment segment(EvilName);
    QVERIFY(segment.create(layout, 1));
    QVERIFY(segment.publish(EvilText.leftJustified(32, '\0')));
    const Result result = runInTerminal(arguments);
    QCOMPARE(result.code, code);
    QVERIFY2(result.out.contains(shown), result.out.toPercentEncoding(" {}[]\":;,\\"));
    QVERIFY2(isHarmless(result.out), result.out.toPercentEncoding(" {}[]\":;,\\"));
}

void tst_Terminal::rawIsNotForATerminal()
{
    SharedSegment segment(u"raw"_s);
    QVERIFY(segment.create(SharedLayout::parse(u"u8"_s), 1));
    const Result result = runInTerminal({u"dump"_s, u"raw"_s, u"--format"_s, u"raw"_s});
    QCOMPARE(result.code, 2);
    QVERIFY2(result.out.contains("not for a terminal"), result.out);
}

void tst_Terminal::aPipeGetsTheBytes()
{
    SharedSegment segment(EvilName);
    QVERIFY(segment.create(SharedLayout::parse(u"char[32]"_s), 1));
    QVERIFY(segment.publish(EvilText.leftJustified(32, '\0')));
    QCOMPARE(Tool::run({u"dump"_s, EvilName}).out, "value\n\"" + EvilText + "\"\n");
    QCOMPARE(Tool::run({u"list"_s, u"--names"_s}).out, "evil\x1b[2J\\nline2\\r\xe2\x80\xae\xc2\x85\xc2\x9b\n");
    QCOMPARE(Tool::run({u"list"_s}).out.count('\n'), 2);
    QCOMPARE(Tool::run({u"watch"_s, EvilName, u"--count"_s, u"1"_s}).out.count('\n'), 1);
    QCOMPARE(QJsonDocument::fromJson(Tool::run({u"list"_s, u"--json"_s}).out)[0][u"name"_s], EvilName);
}

void tst_Terminal::noSegment()
{
    const Result result = Tool::run({u"list"_s});
    QCOMPARE(result.code, 0);
    QCOMPARE(result.out, QByteArray());
    QVERIFY2(result.error.contains("there is no segment"), result.error);
    QCOMPARE(Tool::run({u"list"_s, u"--names"_s}).error, QByteArray());
    QCOMPARE(Tool::run({u"list"_s, u"--json"_s}).error, QByteArray());
}

void tst_Terminal::counts()
{
    SharedSegment one(u"one"_s);
    QVERIFY(one.create(SharedLayout::parse(u"u8"_s), 1));
    QVERIFY(Tool::run({u"info"_s, u"one"_s}).out.contains(" 1 element of 1 byte\n"));
    QVERIFY(Tool::run({u"doctor"_s}).out.contains("1, which opens"));
    SharedSegment two(u"two"_s);
    QVERIFY(two.create(SharedLayout::parse(u"u16"_s), 2));
    QVERIFY(Tool::run({u"info"_s, u"two"_s}).out.contains(" 2 elements of 2 bytes\n"));
    QCOMPARE(Tool::run({u"publish"_s, u"p"_s, u"--layout"_s, u"u8"_s}, "1\n").error,
             QByteArray("sharedsegment: 1 revision published\n"));
    QCOMPARE(Tool::run({u"publish"_s, u"p"_s, u"--layout"_s, u"u8"_s}, "1\n2\n").error,
             QByteArray("sharedsegment: 2 revisions published\n"));
    QVERIFY(Tool::run({u"sweep"_s}).out.contains("2 segments live"));
}

void tst_Terminal::closedDescriptors_data()
{
    QTest::addColumn<QString>("arguments");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("error");
    QTest::newRow("input") << u"publish x --layout u8 <&-"_s << 1 << QByteArray("reading standard input failed");
    QTest::newRow("input, created before")
        << u"publish x --layout u8 --capacity 1 <&-"_s << 1 << QByteArray("reading standard input failed");
    QTest::newRow("input and output") << u"publish x --layout u8 <&- >&-"_s << 1
                                      << QByteArray("reading standard input");
    QTest::newRow("output") << u"dump there >&-"_s << 1 << QByteArray("standard output");
    QTest::newRow("watch") << u"watch there --count 1 >&-"_s << 1 << QByteArray("standard output");
    QTest::newRow("error") << u"info nobody 2>&-"_s << 1 << QByteArray();
    QTest::newRow("all") << u"publish x --layout u8 <&- >&- 2>&-"_s << 1 << QByteArray();
    QTest::newRow("input not needed") << u"dump there <&-"_s << 0 << QByteArray();
}

void tst_Terminal::closedDescriptors()
{
    QFETCH(QString, arguments);
    QFETCH(int, code);
    QFETCH(QByteArray, error);
    SharedSegment there(u"there"_s);
    QVERIFY(there.create(SharedLayout::parse(u"u8"_s), 1));
    QVERIFY(there.publish(QByteArray(1, 'x')));
    const Result result = runShell(tool(arguments));
    QCOMPARE(result.code, code);
    QVERIFY2(result.error.contains(error), result.error);
}

void tst_Terminal::memoryFollowsTheBytes()
{
#if defined(__SANITIZE_ADDRESS__)
    QSKIP("the sanitizer keeps what was freed");
#endif
    constexpr qsizetype Pixels = 6 << 20;
    const QString layout = u"Picture{width:u32;height:u32;pixels:u8[%1]}"_s.arg(Pixels);
    SharedSegment picture(u"picture"_s);
    picture.setBufferCount(1);
    QVERIFY(picture.create(SharedLayout::parse(layout), 1));
    QVERIFY(picture.publish(QByteArray(Pixels + 8, '\7')));
    int code = -1;
    const long base = peakOf({u"info"_s, u"picture"_s}, &code);
    QCOMPARE(code, 0);
    // The segment's memory counts when it is read, and a copy of it.
    constexpr long Most = 4 * Pixels / 1024;
    for (const char *format : {"raw", "jsonl", "csv"}) {
        const long peak = peakOf({u"dump"_s, u"picture"_s, u"--format"_s, QString::fromLatin1(format)}, &code);
        QCOMPARE(code, 0);
        QVERIFY2(peak < base + Most, QByteArray::number(qlonglong(peak)));
    }
    const long watched = peakOf({u"watch"_s, u"picture"_s, u"--count"_s, u"1"_s}, &code);
    QCOMPARE(code, 0);
    QVERIFY2(watched < base + Most / 8, QByteArray::number(qlonglong(watched)));
}

void tst_Terminal::manyItemsAreNoWork()
{
    // Nothing comes, so that there is nothing to do.
    for (const char *format : {"csv", "json", "raw"}) {
        const Result result = Tool::run(
            {u"publish"_s, u"many"_s, u"--layout"_s, u"f64[268435455]"_s, u"--format"_s, QString::fromLatin1(format)});
        QCOMPARE(result.code, 1);
        QVERIFY2(result.error.contains("nothing to publish"), result.error);
    }
}

void tst_Terminal::littleMemory()
{
#if defined(__SANITIZE_ADDRESS__)
    QSKIP("the sanitizer takes more address space than there would be");
#endif
    SharedSegment large(u"large"_s);
    large.setBufferCount(1);
    large.setMultipleWriters(true);
    constexpr qint64 Size = 256 << 20;
    QVERIFY(large.create(SharedLayout::parse(u"u8"_s), Size));
    for (const char *command : {"dump large", "dump large --format raw", "info large", "watch large --count 1 --lines",
                                "write large 0 1", "list"}) {
        const Result result = runShell(u"ulimit -v %1; "_s.arg(Size / 1024) + tool(QString::fromLatin1(command)));
        QVERIFY2(result.code == 1 || result.code == 0, command + QByteArray::number(result.code));
        QVERIFY2(result.code == 0 || result.error.startsWith("sharedsegment: "), result.error);
    }
    const Result dump = runShell(u"ulimit -v %1; "_s.arg(Size / 1024 + 250'000) + tool(u"dump large"_s));
    QCOMPARE(dump.code, 1);
    QVERIFY2(dump.error.contains("memory"), dump.error);
}

QTEST_GUILESS_MAIN(tst_Terminal)
#include "tst_terminal.moc"
