// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// CSV as other programs write it.

#include "parsing.h"

#include <QtTest/QTest>

#include <ctime>

using namespace Qt::StringLiterals;
using namespace testsupport;
using Format = RevisionParser::Format;

namespace {

const QString Point = u"P{x:f64;y:f64}"_s;
const QString Texts = u"T{s:char[8];b:bool}"_s;
const QString Pipe = u"Q{name:char[40];value:f64}"_s;

const CsvStyle German{';', ',', false, {}};

} // namespace

class tst_Csv : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void good_data();
    void good();
    void bad_data();
    void bad();
    void styles();
    void missing();
    void comments();
    void strayQuoteIsToldAtOnce_data();
    void strayQuoteIsToldAtOnce();
    void oldLineEndsAreNotWaitedFor();
    void linear_data();
    void linear();
};

void tst_Csv::good_data()
{
    QTest::addColumn<QString>("layout");
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("elements");
    QTest::addColumn<QString>("notice");
    const auto row = [](const char *name, const QString &layout, const QByteArray &input, const QByteArray &elements,
                        const QString &notice = QString()) {
        QTest::newRow(name) << layout << input << elements << notice;
    };
    row("order", Point, "y,x\n1,2\n", "2,1\n\n");
    row("byte order mark", Point, "\xef\xbb\xbfy,x\n1,2\n", "2,1\n\n");
    row("mark and no header", u"f64"_s,
        "\xef\xbb\xbf"
        "1\n2\n",
        "1\n\n2\n\n");
    row("extra column", Point, "x,z,y\n1,2,3\n", "1,3\n\n", u"left out, since the layout has no such field: z"_s);
    row("extra text with lines", Point, "x,z,y\n1,\"a\nb,\"\"\n\",3\n4,,5\n", "1,3\n\n4,5\n\n",
        u"left out, since the layout has no such field: z"_s);
    row("R's write.csv", Point, "\"\",\"x\",\"y\"\n\"1\",1,2\n\"2\",NA,4\n", "1,2\n\nnan,4\n\n");
    row("R's write.table", Point, "\"x\",\"y\"\n\"1\",1,2\n\"2\",3,4\n", "1,2\n\n3,4\n\n");
    row("quoted, CR LF", Point, "\"x\",\"y\"\r\n\"1\",\"2\"\r\n", "1,2\n\n");
    row("old Mac", Point, "x,y\r1,2\r3,4\r", "1,2\n\n3,4\n\n");
    row("no last line end", Point, "1,2\n3,4", "1,2\n\n3,4\n\n");
    row("blank lines", Point, "\nx,y\n\n1,2\n  \n3,4\n\n", "1,2\n\n3,4\n\n");
    row("spaces", Point, " x , y \n 1 ,\t2 \n", "1,2\n\n");
    row("trailing comma", Point, "x,y,\n1,2,\n", "1,2\n\n");
    row("trailing comma, no header", Point, "1,2,\n", "1,2\n\n");
    row("name with a line end", Point, "x,\"z\n(mm)\",y\n1,2,3\n", "1,3\n\n",
        u"left out, since the layout has no such field: z\n(mm)"_s);
    row("quote within", Texts, "a\"b,1\n", "\"a\"\"b\",true\n\n");
    row("inch", Pipe, "name,value\n\"5\"\" pipe\",1\n5\" pipe,2\nx,3\n",
        "\"5\"\" pipe\",1\n\n\"5\"\" pipe\",2\n\nx,3\n\n");
    row("behind a quoted value", Texts, "\"a\"b,1\n", "ab,true\n\n");
    row("all of it", Texts, "s,b\n\"a,\"\"b\nc\",true\n", "\"a,\"\"b\nc\",true\n\n");
    row("R's bools", u"B{b:bool;c:bool}"_s, "TRUE,FALSE\n", "true,false\n\n");
    row("array", u"Q{v:f32[3];n:i32}"_s, "n,v[2],v[1],v[0]\n4,3,2,1\n", "1,2,3,4\n\n");
    row("several in a line", u"i16"_s, "1,2,3\n4\n5\n6\n", "1\n2\n3\n\n4\n5\n6\n\n");
    row("like a name", u"char[8]"_s, "hello\nvalue\n", "hello\n\nvalue\n\n");
    row("empty text", u"char[8]"_s, "value\n\"\"\n\na\n", "\"\"\n\na\n\n");
    row("text beginning with #", Texts, "#1,1\n", "\"#1\",true\n\n");
    row("comments", Point, "# a, \"comment\nx,y\n# more\n1,2\n", "1,2\n\n");
    row("comment before texts", Texts, "# made today\ns,b\na,1\n# end\n", "a,true\n\n");
    row("longest", Texts, "12345678,1\n\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4,0\n",
        "12345678,true\n\n\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4,false\n\n");
    row("many digits", u"L{a:u64;b:i64;c:f32}"_s, "18446744073709551615,-9223372036854775808,7.038531e-26\n",
        "18446744073709551615,-9223372036854775808,7.038531e-26\n\n");
    row("minus zero", u"f64"_s, "-0\n", "-0\n\n");
}

void tst_Csv::good()
{
    QFETCH(QString, layout);
    QFETCH(QByteArray, input);
    QFETCH(QByteArray, elements);
    QFETCH(QString, notice);
    for (const qsizetype piece : {0, 1, 2, 7}) {
        const Parsed result = parsed(layout, Format::Csv, input, {',', '.', false, {"", "NA"}}, 0, piece);
        QCOMPARE(result.error, QString());
        QCOMPARE(result.elements, elements);
        QCOMPARE(result.notice, notice);
    }
}

void tst_Csv::bad_data()
{
    QTest::addColumn<QString>("layout");
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QString>("error");
    const auto row = [](const char *name, const QString &layout, const QByteArray &input, const QString &error) {
        QTest::newRow(name) << layout << input << error;
    };
    const QString unended = u"a quoted value begins here and has no end"_s;
    row("semicolons", Point, "x;y\n1;2\n", u"line 1: 1 value where 2 are needed: x,y; if ; separates"_s);
    row("tabs", Point, "x\ty\n1\t2\n", u"--delimiter tab"_s);
    row("decimal comma", u"D{x:f64}"_s, "x\n\"1,5\"\n", u"line 2: x: \"1,5\" is no number for f64; if the comma"_s);
    for (const QByteArray &value : {QByteArray("#N/A"), QByteArray("#DIV/0!"), QByteArray("#NUM!")}) {
        const QString told =
            u"line 2: \"%1\" is no number; if it stands for none, use --missing '%1'"_s.arg(QString::fromLatin1(value));
        QTest::newRow(value + " alone") << u"f64"_s << ("1\n" + value + "\n3\n") << told;
        QTest::newRow(value + " in a line") << Point << ("x,y\n" + value + ",2\n") << told;
    }
    row("long name", Point, "x," + QByteArray(1 << 14, 'z') + "\n1,2\n", u"there is no column \"y\""_s);
    row("long name left out", Point, "x," + QByteArray(1 << 14, 'z') + ",y\n1,2,c\n", u"line 2: y:"_s);
    row("units", Point, "x,y\nm,s\n1,2\n", u"line 2: x: \"m\" is no number for f64"_s);
    row("a column is missing", Point, "x,z\n1,2\n", u"line 1: there is no column \"y\"; the layout has x,y"_s);
    row("other case", Point, "X,Y\n1,2\n", u"there is no column \"x\", but \"X\""_s);
    row("other names", Point, "a,b\n1,2\n", u"as a header: there is no column \"x\""_s);
    row("twice", Point, "x,y,x\n1,2,3\n", u"line 1: there are two columns \"x\""_s);
    row("texts without a column", u"T{s:char[8];t:char[8]}"_s, "s,u\na,b\n", u"line 1: there is no column \"t\""_s);
    row("too many", Point, "1,2,3\n", u"line 1: 3 values where 2 are needed"_s);
    row("endless line", Point, "1,2\n1,2,3,4", u"line 2: more than 3 values"_s);
    row("too few", Point, "x,y\n1,2\n1\n", u"line 3: 1 value where 2 are needed"_s);
    row("Latin-1", Texts, "ok,1\nM\xfcller,0\n", u"line 2: s: the text is not UTF-8 (byte 0xfc)"_s);
    row("UTF-16", Point,
        QByteArray("\xff\xfe"
                   "1\0,\0"
                   "2\0\n\0",
                   10),
        u"UTF-16"_s);
    row("too long", Texts, "123456789,1\n", u"line 1: s: the text has 9 bytes, char[8] takes 8"_s);
    row("integer missing", u"I{a:i32;b:i32}"_s, "1,\n", u"b: the value is missing, and i32 cannot represent that"_s);
    row("integer NA", u"I{a:i32;b:i32}"_s, "1,NA\n", u"\"NA\" stands for a missing value"_s);
    row("range", u"i64"_s, "-9223372036854775809\n", u"outside the range of i64"_s);
    row("not whole", u"i32"_s, "3.7\n", u"\"3.7\" is not a whole number"_s);
    row("unended", Pipe, "x,1\n\"y,2\n", u"line 2: "_s + unended);
    row("unended at the end", Pipe, "x,1\n\"y,2", u"line 2: "_s + unended);
    row("two lines' quotes", Pipe, "x,1\n\"5 pipe,2\n\"6 pipe,3\n", u"line 2: "_s + unended);
    row("behind a value of lines", Pipe, "\"a\nb\",1\n\"5 pipe,2\n\"6 pipe,3\n", u"line 3: "_s + unended);
}

void tst_Csv::bad()
{
    QFETCH(QString, layout);
    QFETCH(QByteArray, input);
    QFETCH(QString, error);
    for (const qsizetype piece : {0, 1}) {
        const Parsed result = parsed(layout, Format::Csv, input, {',', '.', false, {"", "NA"}}, 0, piece);
        QVERIFY2(result.error.contains(error), qPrintable(result.error));
        QVERIFY(result.error.size() < 1000 && result.notice.size() < 1000);
    }
}

void tst_Csv::styles()
{
    QCOMPARE(parsed(Point, Format::Csv, "y;x\n1,5;-2,5e3\n", German).elements, QByteArray("-2500,1.5\n\n"));
    QVERIFY(parsed(Point, Format::Csv, "1.000,5;2\n", German).error.contains(u"\"1.000,5\" is no number"));
    QVERIFY(parsed(Point, Format::Csv, "1.5;2\n", German).error.contains(u"the decimal sign is ,"));
    QCOMPARE(parsed(Texts, Format::Csv, "s\tb\na b\t1\n", {'\t', '.', false, {}}).elements, QByteArray("a b,true\n\n"));
    QCOMPARE(parsed(Point, Format::Csv, "1|2\n", {'|', '.', false, {}}).elements, QByteArray("1,2\n\n"));
}

void tst_Csv::missing()
{
    const CsvStyle dashes{',', '.', false, {"-", "n/a"}};
    QCOMPARE(parsed(Point, Format::Csv, "-,n/a\n", dashes).elements, QByteArray("nan,nan\n\n"));
    QVERIFY(parsed(Point, Format::Csv, "1,NA\n", dashes).error.contains(u"\"NA\" is no number"));
    QVERIFY(parsed(Point, Format::Csv, "1,\n", dashes).error.contains(u"line 1"));
    const CsvStyle spreadsheet{',', '.', false, {"#N/A"}};
    QCOMPARE(parsed(Point, Format::Csv, "x,y\n#N/A,2\n3,#N/A\n", spreadsheet).elements,
             QByteArray("nan,2\n\n3,nan\n\n"));
    // A text is itself.
    QCOMPARE(parsed(Texts, Format::Csv, "NA,1\n").elements, QByteArray("NA,true\n\n"));
}

void tst_Csv::comments()
{
    const CsvStyle style;
    QCOMPARE(parsed(Texts, Format::Csv, "; \"a\na,1\n;b,1\n", style, 0, 1, ";").elements, QByteArray("a,true\n\n"));
    QCOMPARE(parsed(Texts, Format::Csv, "//x\na,1\n/,1\n", style, 0, 1, "//").elements,
             QByteArray("a,true\n\n/,true\n\n"));
    QVERIFY(parsed(Point, Format::Csv, "# no comment\n1,2\n", style, 0, 0, "").error.contains(u"line 1"));
}

void tst_Csv::strayQuoteIsToldAtOnce_data()
{
    QTest::addColumn<QString>("layout");
    QTest::addColumn<QByteArray>("bad");
    QTest::addColumn<int>("lines");
    QTest::newRow("number") << Point << QByteArray("\"1,2\n") << 0;
    QTest::newRow("text") << Texts << QByteArray("\"5 in,1\n") << 1;
    QTest::newRow("longer text") << Pipe << QByteArray("\"5 in,1\n") << 10;
    QTest::newRow("scalar") << u"f64"_s << QByteArray("1,\"2\n") << 0;
}

void tst_Csv::strayQuoteIsToldAtOnce()
{
    QFETCH(QString, layout);
    QFETCH(QByteArray, bad);
    QFETCH(int, lines);
    RevisionParser parser(SharedLayout::parse(layout), Format::Csv);
    parser.feed("1,1\n");
    QVERIFY(parser.next());
    parser.feed(bad);
    int fed = 0;
    while (!parser.next() && parser.errorString().isEmpty() && fed < 1000) {
        parser.feed("1,1\n");
        ++fed;
    }
    QVERIFY2(parser.errorString().startsWith(u"line 2: a quoted value"), qPrintable(parser.errorString()));
    QVERIFY2(fed <= lines, QByteArray::number(fed));
}

void tst_Csv::oldLineEndsAreNotWaitedFor()
{
    RevisionParser parser(SharedLayout::parse(Point), Format::Csv);
    parser.feed("1,2\r");
    QVERIFY(parser.next());
    parser.feed("\n3,4\r");
    QVERIFY(parser.next());
    parser.feed("5,x\r");
    QVERIFY(!parser.next());
    QVERIFY2(parser.errorString().startsWith(u"line 3: y"), qPrintable(parser.errorString()));
}

void tst_Csv::linear_data()
{
    QTest::addColumn<QString>("layout");
    QTest::addColumn<int>("format");
    QTest::addColumn<QByteArray>("begin");
    QTest::addColumn<QByteArray>("repeated");
    QTest::newRow("inch") << Pipe << int(Format::Csv) << QByteArray() << QByteArray("5\" pipe,2\n");
    QTest::newRow("stray quote") << Pipe << int(Format::Csv) << QByteArray("\"") << QByteArray("a,1\n");
    QTest::newRow("left out text") << Point << int(Format::Csv) << QByteArray("x,y,z\n1,2,\"") << QByteArray("a\n");
    QTest::newRow("no line end") << u"f64"_s << int(Format::Csv) << QByteArray() << QByteArray("1,");
    QTest::newRow("one value") << u"f64"_s << int(Format::Csv) << QByteArray("0.") << QByteArray("0000");
    QTest::newRow("JSON string") << u"char[8]"_s << int(Format::Json) << QByteArray("\"") << QByteArray("abcd");
    QTest::newRow("JSON escapes") << u"char[8]"_s << int(Format::Json) << QByteArray("\"") << QByteArray("\\\\");
    QTest::newRow("JSON number") << u"f64"_s << int(Format::Json) << QByteArray("0.") << QByteArray("0000");
    QTest::newRow("deep JSON") << Point << int(Format::Json) << QByteArray("{\"z\":") << QByteArray("[[[[");
    QTest::newRow("deep JSON at once") << u"f64"_s << int(Format::Json) << QByteArray() << QByteArray("[[[[");
    QTest::newRow("JSON array") << u"f64"_s << int(Format::Json) << QByteArray("[0") << QByteArray(",1");
    QTest::newRow("spaces") << u"f64"_s << int(Format::JsonLines) << QByteArray() << QByteArray("  \n");
}

/// Eight times the input must not take 64 times the time.
void tst_Csv::linear()
{
    QFETCH(QString, layout);
    QFETCH(int, format);
    QFETCH(QByteArray, begin);
    QFETCH(QByteArray, repeated);
    // Processor time, because the time of other programs must not count.
    const auto time = [&](qsizetype count) {
        double best = std::numeric_limits<double>::max();
        for (int i = 0; i < 3; ++i) {
            const std::clock_t start = std::clock();
            parsed(layout, Format(format), begin + repeated.repeated(count), {',', '.', false, {}}, 0, 4096);
            best = std::min(best, double(std::clock() - start) / CLOCKS_PER_SEC);
        }
        return best;
    };
    const double little = time(20000);
    const double much = time(160000);
    QVERIFY2(much < 24 * little + 0.05, QByteArray::number(much / little));
}

QTEST_GUILESS_MAIN(tst_Csv)
#include "tst_csv.moc"
