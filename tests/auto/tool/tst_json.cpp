// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// JSON as other programs write it.

#include "parsing.h"

#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace testsupport;
using Format = RevisionParser::Format;

namespace {

const QString Point = u"P{x:f64;y:f64}"_s;

} // namespace

class tst_Json : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void good_data();
    void good();
    void bad_data();
    void bad();
    void linesAreToldAtOnce();
    void elementsOfAnArrayAreNotWaitedFor();
};

void tst_Json::good_data()
{
    QTest::addColumn<QString>("layout");
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("elements");
    const auto row = [](const char *name, const QString &layout, const QByteArray &input, const QByteArray &elements) {
        QTest::newRow(name) << layout << input << elements;
    };
    row("several lines", Point, "[\n  {\"x\": 1,\n   \"y\": 2},\n  {\"x\": 3, \"y\": 4}\n]\n", "1,2\n3,4\n\n");
    row("one behind another", Point, "{\"x\":1,\"y\":2}\n{\"y\":4,\"x\":3} {\"x\":5,\"y\":6}", "1,2\n\n3,4\n\n5,6\n\n");
    row("byte order mark", Point, "\xef\xbb\xbf{\"x\":1,\"y\":2}\n", "1,2\n\n");
    row("others", Point, "{\"a\":{\"x\":[1,{}]},\"x\":1,\"y\":2,\"z\":[],\"b\":null}", "1,2\n\n");
    row("u64", u"u64"_s, "[18446744073709551615,9223372036854775809,9007199254740993,\"18446744073709551615\",1e3]",
        "18446744073709551615\n9223372036854775809\n9007199254740993\n18446744073709551615\n1000\n\n");
    row("i64", u"i64"_s, "[9223372036854775807,-9223372036854775808,-9007199254740993,1.0]",
        "9223372036854775807\n-9223372036854775808\n-9007199254740993\n1\n\n");
    row("f32", u"f32"_s, "[7.038531e-26,1.00000017881393432617187499]", "7.038531e-26\n1.0000001\n\n");
    row("f64", u"f64"_s, "[-0,-0.0,1E5,null,\"nan\",\"-inf\",NaN,-Infinity,\"nan(0x1)\"]",
        "-0\n-0\n1e+05\nnan\nnan\n-inf\nnan\n-inf\nnan(0x1)\n\n");
    row("one array is one element", u"f32[3]"_s, "[1,2,3]\n[4,5,6]\n", "1,2,3\n\n4,5,6\n\n");
    row("array of arrays", u"f32[3]"_s, "[[1,2,3],[4,5,6]]", "1,2,3\n4,5,6\n\n");
    row("array in a struct", u"Q{v:f32[2];n:i32}"_s, "{\"n\":1,\"v\":[2,3]}", "2,3,1\n\n");
    row("escapes", u"char[24]"_s, R"("\u00e4\ud83d\ude00\"\\\/\u0007x")",
        "\"\xc3\xa4\xf0\x9f\x98\x80\"\"\\/\x07x\"\n\n");
    row("bools", u"bool"_s, "[true,false,1,0]", "true\nfalse\ntrue\nfalse\n\n");
    row("empty arrays", u"i32"_s, "[]\n[1]\n", "1\n\n");
}

void tst_Json::good()
{
    QFETCH(QString, layout);
    QFETCH(QByteArray, input);
    QFETCH(QByteArray, elements);
    for (const qsizetype piece : {0, 1, 3}) {
        const Parsed result = parsed(layout, Format::Json, input, {}, 0, piece);
        QCOMPARE(result.error, QString());
        QCOMPARE(result.elements, elements);
    }
}

void tst_Json::bad_data()
{
    QTest::addColumn<QString>("layout");
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QString>("error");
    const auto row = [](const char *name, const QString &layout, const QByteArray &input, const QString &error) {
        QTest::newRow(name) << layout << input << error;
    };
    row("missing", Point, "{\"x\":1}", u"line 1: there is no \"y\""_s);
    row("twice", Point, "{\"x\":1,\n\"y\":2,\n\"x\":9}", u"line 3: \"x\" occurs twice"_s);
    row("no object", Point, "7", u"an object with the fields x,y is needed"_s);
    row("values with commas", u"f64"_s, "1,2", u"line 1: no JSON value: there is a comma"_s);
    row("no end", Point, "\n{\"x\":1,", u"line 2: no JSON value: what begins here has no end"_s);
    row("string without an end", u"char[8]"_s, "\"abc", u"a string has no end"_s);
    row("string over a line", u"char[8]"_s, "\"ab\nc\"", u"line 1: a string has no end in its line"_s);
    row("escape", u"char[8]"_s, R"("\x41")", u"no JSON string has such an escape"_s);
    row("long name", Point, "{\"" + QByteArray(1 << 14, 'z') + "\":1,\"x\":1}", u"there is no \"y\""_s);
    row("long text", Point, "{\"x\":\"" + QByteArray(1 << 14, 'z') + "\"}", u"is no number"_s);
    row("half a pair", u"char[8]"_s, R"("\ud800")", u"no JSON string has such an escape: \"\\ud800\""_s);
    row("other half", u"char[8]"_s, R"("\ude00\ud83d")", u"no JSON string has such an escape"_s);
    row("leading zero", u"f64"_s, "01", u"no JSON value: 01"_s);
    row("no digit behind the point", u"f64"_s, "5.", u"no JSON value: 5."_s);
    row("no end of a number", u"f64"_s, "1_0", u"no JSON value begins with \"_\""_s);
    row("brackets of what is left out", Point, "{\"z\":{\"a\":1],\"x\":1,\"y\":2}", u"no JSON value"_s);
    row("word in what is left out", Point, "{\"z\":bla,\"x\":1,\"y\":2}", u"no JSON value"_s);
    row("wrong bracket", Point, "[{\"x\":1,\"y\":2}}", u"no JSON value"_s);
    row("too many items", u"f32[2]"_s, "[1,2,3]", u"f32[2] takes 2 values, not more"_s);
    row("too few items", u"Q{v:f32[2]}"_s, "{\"v\":[1]}", u"v: f32[2] takes 2 values, not 1"_s);
    row("no array", u"Q{v:f32[2]}"_s, "{\"v\":1}", u"v: an array is needed"_s);
    row("item", u"Q{v:i8[2]}"_s, "{\"v\":[1,\n300]}", u"line 2: v[1]: \"300\" is outside the range of i8"_s);
    row("null", u"u64"_s, "null", u"\"null\" is no number for u64"_s);
    row("bool for a number", u"u64"_s, "true", u"\"true\" is no number"_s);
    row("number for a text", u"char[8]"_s, "7", u"7 is no text"_s);
    row("range", u"i64"_s, "9223372036854775808", u"outside the range of i64"_s);
    row("large", u"f64"_s, "1e400", u"outside the range of f64"_s);
    row("word", u"f64"_s, "nan", u"no JSON value: nan"_s);
    row("single quotes", u"char[8]"_s, "'a'", u"no JSON value begins with \"'\""_s);
    row("deep", u"f64"_s, QByteArray(1 << 20, '['), u"a value is needed, not an array"_s);
    row("Latin-1", u"char[8]"_s, "\n\"M\xfcller\"", u"line 2: the text is not UTF-8 (byte 0xfc)"_s);
}

void tst_Json::bad()
{
    QFETCH(QString, layout);
    QFETCH(QByteArray, input);
    QFETCH(QString, error);
    for (const qsizetype piece : {0, 1}) {
        const Parsed result = parsed(layout, Format::Json, input, {}, 0, input.size() > 1000 ? 4096 : piece);
        QVERIFY2(result.error.contains(error), qPrintable(result.error));
        QVERIFY(result.error.size() < 1000 && result.notice.size() < 1000);
    }
}

void tst_Json::linesAreToldAtOnce()
{
    QCOMPARE(parsed(Point, Format::JsonLines, "{\"x\":1,\"y\":2}\r\n\n[{\"x\":3,\"y\":4}]\n").elements,
             QByteArray("1,2\n\n3,4\n\n"));
    QVERIFY(parsed(u"f64"_s, Format::JsonLines, "1 2\n").error.startsWith(u"line 1: no JSON value: there is more"));
    RevisionParser parser(SharedLayout::parse(Point), Format::JsonLines);
    parser.feed("{\"x\":1,\"y\":2}\n{\"x\":1,\n");
    QVERIFY(parser.next());
    QVERIFY(!parser.next());
    QVERIFY2(parser.errorString().startsWith(u"line 2: no JSON value"), qPrintable(parser.errorString()));
}

void tst_Json::elementsOfAnArrayAreNotWaitedFor()
{
    RevisionParser parser(SharedLayout::parse(u"i32"_s), Format::Json);
    parser.setCount(2);
    parser.feed("[1,2,3,");
    QVERIFY(parser.next());
    QVERIFY(!parser.next());
    parser.feed("4,");
    QVERIFY(parser.next());
}

QTEST_GUILESS_MAIN(tst_Json)
#include "tst_json.moc"
