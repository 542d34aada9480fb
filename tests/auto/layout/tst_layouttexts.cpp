// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Layouts as texts, and layouts made field by field.

#include "core/sharedlayout.h"
#include "engine/fnv.h"
#include "engine/format.h"
#include "engine/layout.h"

#include <QtTest/QTest>

#include <limits>
#include <random>

using namespace Qt::StringLiterals;
using sharedsegment::ErrorCode;
using sharedsegment::Scalar;
using sharedsegment::engine::Field;
using sharedsegment::engine::Layout;

namespace {

std::string bytes(const QByteArray &array)
{
    return array.toStdString();
}

} // namespace

Q_DECLARE_METATYPE(sharedsegment::engine::Field)

class tst_LayoutTexts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parse_data();
    void parse();
    void parseErrors_data();
    void parseErrors();
    void parseLimits();
    void parseAnyBytes();
    void make_data();
    void make();
    void makeSorts();
    void difference_data();
    void difference();
    void fnv64_data();
    void fnv64();
};

void tst_LayoutTexts::parse_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("alignment");

    const auto same = [](const char *text, int size, int alignment) {
        QTest::newRow(text) << QByteArray(text) << QByteArray(text) << size << alignment;
    };
    for (const char *scalar : {"i8", "u8", "bool"})
        same(scalar, 1, 1);
    for (const char *scalar : {"i16", "u16"})
        same(scalar, 2, 2);
    for (const char *scalar : {"i32", "u32", "f32"})
        same(scalar, 4, 4);
    for (const char *scalar : {"i64", "u64", "f64"})
        same(scalar, 8, 8);
    same("char[20]", 20, 1);
    same("f32[3]", 12, 4);
    same("f32[1]", 4, 4);
    same("bool[8]", 8, 1);
    same("u8[2147483647]", 2147483647, 1);
    same("f64[268435455]", 2147483640, 8);
    same("Sample{id:i32@0;value:f64@8;label:char[20]@16}/40", 40, 8);
    same("Nested{pos.x:f32@0;pos.y:f32@4}/8", 8, 4);
    same("Sparse{a:u8@100}/200", 200, 1);
    same("Packed{a:u8@0;b:u32@1}/5", 5, 1);
    same("Uneven{a:u32@0}/6", 6, 1);
    same("f64{f32:f64@0}/8", 8, 8);
    same("_{_:u8@0}/1", 1, 1);
    same("Gr\xc3\xb6\xc3\x9f"
         "e{l\xc3\xa4nge:f64@0;\xe9\xab\x98:f64@8}/16",
         16, 8);
    same("Far{a:u8@2147483646}/2147483647", 2147483647, 1);

    const auto other = [](const char *tag, const char *input, const char *text, int size, int alignment) {
        QTest::newRow(tag) << QByteArray(input) << QByteArray(text) << size << alignment;
    };
    other("shorthand", "Point{x:f64;y:f64}", "Point{x:f64@0;y:f64@8}/16", 16, 8);
    other("shorthand, natural alignment", "Sample{id:i32;value:f64;label:char[20]}",
          "Sample{id:i32@0;value:f64@8;label:char[20]@16}/40", 40, 8);
    other("shorthand, size rounded up", "S{a:u32;b:u8}", "S{a:u32@0;b:u8@4}/8", 8, 4);
    other("size only", "S{a:u32;b:u8}/12", "S{a:u32@0;b:u8@4}/12", 12, 4);
    other("offsets only", "S{a:u8@0;b:u32@4}", "S{a:u8@0;b:u32@4}/8", 8, 4);
    other("some offsets", "S{a:u8;b:u16@16;c:u32}", "S{a:u8@0;b:u16@16;c:u32@20}/24", 24, 4);
    other("unaligned offset without size", "S{a:u8;b:u32@1}", "S{a:u8@0;b:u32@1}/5", 5, 1);
    other("not in order", "S{b:u32@4;a:u8@0}/8", "S{a:u8@0;b:u32@4}/8", 8, 4);
    other("trailing semicolon", "S{a:u8;}", "S{a:u8@0}/1", 1, 1);
    other("char alone", "char", "char[1]", 1, 1);
    other("leading zeros", "S{a:u8[003]@0001}/000004", "S{a:u8[3]@1}/4", 4, 1);
    other("spaces", " \tS\n{ a\r\n:\tu8 [ 3 ] @ 1 ; b : f32 ; } / 8 \n", "S{a:u8[3]@1;b:f32@4}/8", 8, 4);
    other("spaces round a scalar", "  f64  ", "f64", 8, 8);
    other("arrays", "S{a:f32[3];b:bool[5];c:i16[2]}", "S{a:f32[3]@0;b:bool[5]@12;c:i16[2]@18}/24", 24, 4);
}

void tst_LayoutTexts::parse()
{
    QFETCH(QByteArray, input);
    QFETCH(QByteArray, text);
    QFETCH(int, size);
    QFETCH(int, alignment);

    const auto layout = Layout::parse(bytes(input));
    QVERIFY2(layout, layout ? "" : layout.error().text.c_str());
    QCOMPARE(QByteArray::fromStdString((*layout).text()), text);
    QVERIFY((*layout).isValid());
    QCOMPARE((*layout).elementSize(), quint32(size));
    QCOMPARE((*layout).elementAlignment(), quint32(alignment));
    QCOMPARE((*layout).isStruct(), text.contains('{'));
    QCOMPARE((*layout).fingerprint(), sharedsegment::engine::fnv1a64(bytes(text)));

    const auto again = Layout::parse((*layout).text());
    QVERIFY(again);
    QVERIFY(*again == *layout);
    QCOMPARE(QByteArray::fromStdString((*again).text()), text);
    QVERIFY((*again).fields() == (*layout).fields());

    const SharedLayout shared = SharedLayout::parse(QString::fromUtf8(input));
    QCOMPARE(shared.text(), QString::fromUtf8(text));
}

void tst_LayoutTexts::parseErrors_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("reason");

    const auto row = [](const char *input, const char *reason) {
        QTest::newRow(*input ? input : "empty") << QByteArray(input) << QByteArray(reason);
    };
    row("", "at character 1: expected a type");
    row("   ", "at character 4: expected a type");
    row("f16", "at character 1: unknown type \"f16\"; there are i8 u8");
    row("F64", "unknown type \"F64\"");
    row("int", "unknown type \"int\"");
    row("f64 f64", "at character 5: expected the end");
    row("f64;", "expected the end");
    row("f64@0", "expected the end");
    row("f64/8", "expected the end");
    row("f32[", "expected the length of the array");
    row("f32[]", "expected the length of the array");
    row("f32[-1]", "expected the length of the array");
    row("f32[0]", "an array takes 1 to 2147483647 bytes");
    row("f32[3", "at character 6: expected ]");
    row("f32[3][3]", "at character 7: expected the end");
    row("f32[x]", "expected the length of the array");
    row("f64[268435456]", "an array takes 1 to 2147483647 bytes");
    row("u8[2147483648]", "the length of the array is more than 2147483647");
    row("u8[18446744073709551617]", "the length of the array is more than 2147483647");
    row("{x:f64}", "at character 1: expected a type");
    row("S{", "at character 3: expected the name of a field");
    row("S{}", "a struct has at least one field");
    row("S{;}", "expected the name of a field");
    row("S{a:u8;;}", "expected the name of a field");
    row("S{a}", "at character 4: expected : after");
    row("S{a:}", "at character 5: expected a type");
    row("S{a:f16}", "at character 5: unknown type \"f16\"");
    row("S{a:u8", "expected \";\" or \"}\"; write it as");
    row("S{a:u8 b:u8}", "at character 8: expected \";\" or \"}\"; write it as");
    row("S{a:u8@}", "expected the offset in bytes");
    row("S{a:u8@-1}", "expected the offset in bytes");
    row("S{a:u8@2147483648}", "the offset in bytes is more than 2147483647");
    row("S{a:u8@2147483647}", "the field \"a\" ends after 2147483647 bytes");
    row("S{a:u8}/", "expected the size in bytes");
    row("S{a:u8}/0", "an element takes 1 to 2147483647 bytes, not 0");
    row("S{a:u8}/2147483648", "the size in bytes is more than 2147483647");
    row("S{a:f64}/7", "the field \"a\" ends after the 7 bytes");
    row("S{a:u8}x", "expected the end");
    row("S{a:u8}/8x", "expected the end");
    row("S{a:u8[2147483647];b:u8}", "the field \"b\" ends after 2147483647 bytes");
    row("S{b:u64@0;a:u32@2147483640}", "larger than 2147483647 bytes");
    row("S{a:u8;a:u8}", "two fields have the name \"a\"");
    row("S{a:u32@0;b:u8@3}", "the fields \"a:u32@0\" and \"b:u8@3\" overlap");
    row("S{a:u32@4;b:u32@4}", "overlap");
    row("1S{a:u8}", "at character 1: the struct's name \"1S\"");
    row("n.S{a:u8}", "the struct's name \"n.S\"");
    row("ns::S{a:u8}", "unknown type \"ns\"");
    row("S{1a:u8}", "the field's name \"1a\"");
    row("S{a.:u8}", "the field's name \"a.\"");
    row("S{.a:u8}", "the field's name \".a\"");
    row("S{a..b:u8}", "the field's name \"a..b\"");
    row("S{a.1:u8}", "the field's name \"a.1\"");
    row("S{a-b:u8}", "expected : after");
    row("S{a{b:u8}}", "expected : after");
    row("S{\xc3\xa4:f16}", "at character 5: unknown type");
    row("S{\xff:u8}", "not well-formed UTF-8");
    row("S{\xc3:u8}", "not well-formed UTF-8");
    QTest::newRow("NUL") << QByteArray("f64\0", 4) << QByteArray("expected the end");
    QTest::newRow("NUL in a name") << QByteArray("S{a\0b:u8}", 9) << QByteArray("expected : after");
    QTest::newRow("long name") << QByteArray(5000, 'x') << QByteArray(QByteArray(80, 'x') + "...\";");
}

void tst_LayoutTexts::parseErrors()
{
    QFETCH(QByteArray, input);
    QFETCH(QByteArray, reason);

    const auto layout = Layout::parse(bytes(input));
    QVERIFY(!layout);
    QCOMPARE(layout.error().code, ErrorCode::InvalidLayout);
    const QByteArray text = QByteArray::fromStdString(layout.error().text);
    QVERIFY2(text.startsWith("the layout is not valid"), text);
    QVERIFY2(text.contains(reason), text);
    QVERIFY2(text.contains("; ") && !text.endsWith('.'), text);
    QVERIFY(text.size() < 400);
}

void tst_LayoutTexts::parseLimits()
{
    const auto fields = [](int count, const std::string &prefix) {
        std::string text = "S{";
        for (int i = 0; i < count; ++i)
            text += prefix + std::to_string(i) + ":u8;";
        return text + '}';
    };
    const auto most = Layout::parse(fields(65536, "f"));
    QVERIFY2(most, most ? "" : most.error().text.c_str());
    QCOMPARE((*most).fields().size(), std::size_t(65536));
    QVERIFY(*Layout::parse((*most).text()) == *most);

    const auto tooMany = Layout::parse(fields(65537, "f"));
    QVERIFY(!tooMany);
    QVERIFY(tooMany.error().text.find("at most 65536 fields") != std::string::npos);

    // The shorthand fits, its canonical text does not.
    const std::string shorthand = fields(60000, "abcdef");
    QVERIFY(shorthand.size() < sharedsegment::engine::MaximumLayoutBytes);
    const auto grown = Layout::parse(shorthand);
    QVERIFY(!grown);
    QVERIFY(grown.error().text.find("its text is longer than 1048576 bytes") != std::string::npos);

    const std::string longest = std::string(sharedsegment::engine::MaximumLayoutBytes - 3, ' ') + "f64";
    QVERIFY(Layout::parse(longest));
    QVERIFY(!Layout::parse(longest + ' '));

    const std::string name(sharedsegment::engine::MaximumLayoutBytes - 10, 'n');
    QVERIFY(Layout::parse("S{" + name + ":u8@0}/1"));
    QVERIFY(!Layout::parse("S{" + name + "n:u8@0}/1"));

    QVERIFY(!Layout::parse(std::string(500000, '{')));
    QVERIFY(!Layout::parse("S{a:u8" + std::string(500000, '[')));
}

void tst_LayoutTexts::parseAnyBytes()
{
    // Whatever text is accepted, the result must be canonical.
    const std::string seeds[] = {"Sample{id:i32@0;value:f64@8;label:char[20]@16}/40", "S{a:u8;b:u16@16;c:u32[3]}",
                                 "f32[3]", "char[20]"};
    const std::string alphabet = "{}[]:;@/. \n0123456789aifuxS_";
    std::mt19937 random(1);
    int accepted = 0;
    for (int i = 0; i < 40000; ++i) {
        std::string text = seeds[random() % 4];
        for (auto changes = random() % 3 + 1; changes > 0; --changes) {
            const std::size_t place = random() % text.size();
            const char c = alphabet[random() % alphabet.size()];
            switch (random() % 3) {
            case 0:
                text[place] = c;
                break;
            case 1:
                text.insert(place, 1, c);
                break;
            default:
                text.erase(place, 1);
            }
        }
        const auto layout = Layout::parse(text);
        if (!layout)
            continue;
        ++accepted;
        const auto again = Layout::parse((*layout).text());
        QVERIFY2(again && *again == *layout, text.c_str());
        std::uint64_t end = 0;
        for (const Field &field : (*layout).fields()) {
            QVERIFY2(field.offset >= end, text.c_str());
            end = std::uint64_t(field.offset) + field.size();
            QVERIFY2((*layout).elementAlignment() == 1 || field.offset % field.alignment() == 0, text.c_str());
        }
        QVERIFY2(end <= (*layout).elementSize(), text.c_str());
        QVERIFY2((*layout).elementSize() % (*layout).elementAlignment() == 0, text.c_str());
    }
    QVERIFY(accepted > 1000);
}

void tst_LayoutTexts::make_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QList<Field>>("fields");
    QTest::addColumn<quint32>("size");
    QTest::addColumn<QByteArray>("reason");

    const Field x{"x", Scalar::F64, 1, false, 0};
    const Field nameless{"", Scalar::F64, 1, false, 0};
    const quint32 most = std::numeric_limits<quint32>::max();
    QTest::newRow("no field") << QByteArray("S") << QList<Field>() << 8u << QByteArray("1 to 65536 fields, not 0");
    QTest::newRow("no size") << QByteArray("S") << QList<Field>{x} << 0u << QByteArray("not 0");
    QTest::newRow("too large") << QByteArray("S") << QList<Field>{x} << 0x80000000u << QByteArray("not 2147483648");
    QTest::newRow("no struct name") << QByteArray() << QList<Field>{x} << 8u
                                    << QByteArray("is a struct and has a name");
    QTest::newRow("two without a struct")
        << QByteArray() << QList<Field>{nameless, nameless} << 16u << QByteArray("is a struct");
    QTest::newRow("struct, field without a name")
        << QByteArray("S") << QList<Field>{nameless} << 8u << QByteArray("the name of a field");
    QTest::newRow("wrong size") << QByteArray() << QList<Field>{nameless} << 16u << QByteArray("but f64 takes 8");
    QTest::newRow("scalar with offset") << QByteArray() << QList<Field>{{"", Scalar::F64, 1, false, 8}} << 16u
                                        << QByteArray("but f64 takes 8");
    QTest::newRow("bad struct name") << QByteArray("a b") << QList<Field>{x} << 8u << QByteArray("the struct's name");
    QTest::newRow("struct name with a dot")
        << QByteArray("a.b") << QList<Field>{x} << 8u << QByteArray("the struct's name");
    QTest::newRow("struct name not UTF-8")
        << QByteArray("a\xff") << QList<Field>{x} << 8u << QByteArray("the struct's name");
    QTest::newRow("bad field name") << QByteArray("S") << QList<Field>{{"a;b", Scalar::U8, 1, false, 0}} << 8u
                                    << QByteArray("the name of a field");
    QTest::newRow("unknown scalar") << QByteArray("S") << QList<Field>{{"x", static_cast<Scalar>(200), 1, false, 0}}
                                    << 8u << QByteArray("has an unknown type");
    QTest::newRow("no length") << QByteArray("S") << QList<Field>{{"x", Scalar::U8, 0, true, 0}} << 8u
                               << QByteArray("no possible length");
    QTest::newRow("length without array")
        << QByteArray("S") << QList<Field>{{"x", Scalar::U8, 2, false, 0}} << 8u << QByteArray("is no array");
    QTest::newRow("product overflows") << QByteArray("S") << QList<Field>{{"x", Scalar::F64, 0x20000001, true, 0}} << 8u
                                       << QByteArray("ends after");
    QTest::newRow("sum overflows") << QByteArray("S") << QList<Field>{{"x", Scalar::F64, 1, false, most - 3}} << 8u
                                   << QByteArray("ends after");
    QTest::newRow("overlap") << QByteArray("S") << QList<Field>{{"y", Scalar::U8, 1, false, 7}, x} << 8u
                             << QByteArray("\"x:f64@0\" and \"y:u8@7\" overlap");
    QTest::newRow("twice") << QByteArray("S") << QList<Field>{x, {"x", Scalar::F64, 1, false, 8}} << 16u
                           << QByteArray("two fields have the name \"x\"");
}

void tst_LayoutTexts::make()
{
    QFETCH(QByteArray, name);
    QFETCH(QList<Field>, fields);
    QFETCH(quint32, size);
    QFETCH(QByteArray, reason);

    const auto layout = Layout::make(bytes(name), std::vector<Field>(fields.begin(), fields.end()), size);
    QVERIFY(!layout);
    QCOMPARE(layout.error().code, ErrorCode::InvalidLayout);
    QVERIFY2(QByteArray::fromStdString(layout.error().text).contains(reason), layout.error().text.c_str());
}

void tst_LayoutTexts::makeSorts()
{
    const auto layout = Layout::make("S", {{"b", Scalar::U32, 1, false, 4}, {"a", Scalar::Char, 3, true, 0}}, 8);
    QVERIFY(layout);
    QCOMPARE(QByteArray::fromStdString((*layout).text()), QByteArray("S{a:char[3]@0;b:u32@4}/8"));
    QVERIFY(!(*layout).fields().front().isArray);
    QVERIFY((*layout).fields() == (*Layout::parse((*layout).text())).fields());

    const Layout none;
    QVERIFY(!none.isValid());
    QVERIFY(none.text().empty());
}

void tst_LayoutTexts::difference_data()
{
    QTest::addColumn<QByteArray>("expected");
    QTest::addColumn<QByteArray>("found");
    QTest::addColumn<QByteArray>("difference");

    const auto row = [](const char *tag, const char *expected, const char *found, const char *difference) {
        QTest::newRow(tag) << QByteArray(expected) << QByteArray(found) << QByteArray(difference);
    };
    row("same", "f64", " f64 ", "");
    row("same struct", "S{a:u8}", "S{a:u8@0}/1", "");
    row("scalar", "f64", "f32", "the element is \"f64\", found \"f32\"");
    row("sign", "i32", "u32", "the element is \"i32\", found \"u32\"");
    row("array", "f32[3]", "f32[4]", "the element is \"f32[3]\", found \"f32[4]\"");
    row("array of one", "f32", "f32[1]", "the element is \"f32\", found \"f32[1]\"");
    row("struct and scalar", "S{a:f64}", "f64", "the element is a struct \"S\", found \"f64\"");
    row("scalar and struct", "f64", "S{a:f64}", "the element is \"f64\", found a struct \"S\"");
    row("struct name", "A{x:f64}", "B{x:f64}", "the struct is named \"A\", found \"B\"");
    row("retyped", "S{id:i32;value:f64@8}", "S{id:i32;value:f32@8}/16",
        "field 2 is \"value:f64@8\", found \"value:f32@8\"");
    row("same size, retyped", "S{a:i32}", "S{a:f32}", "field 1 is \"a:i32@0\", found \"a:f32@0\"");
    row("renamed", "S{a:i32;b:i32}", "S{a:i32;c:i32}", "field 2 is \"b:i32@4\", found \"c:i32@4\"");
    row("swapped", "S{a:i32;b:i32}", "S{b:i32;a:i32}", "field 1 is \"a:i32@0\", found \"b:i32@0\"");
    row("moved", "S{a:u8@0}/4", "S{a:u8@1}/4", "field 1 is \"a:u8@0\", found \"a:u8@1\"");
    row("resized", "S{a:char[8]}", "S{a:char[4]}/8", "field 1 is \"a:char[8]@0\", found \"a:char[4]@0\"");
    row("missing", "S{a:u8;b:u8}", "S{a:u8}/2", "field 2 is \"b:u8@1\", found none");
    row("extra", "S{a:u8}/2", "S{a:u8;b:u8}", "there is no field 2, found \"b:u8@1\"");
    row("size", "S{a:u8}/1", "S{a:u8}/2", "the struct takes 1 byte, found 2");
    row("nothing", "f64", "", "the element is \"f64\", found no layout");
}

void tst_LayoutTexts::difference()
{
    QFETCH(QByteArray, expected);
    QFETCH(QByteArray, found);
    QFETCH(QByteArray, difference);

    const Layout a = *Layout::parse(bytes(expected));
    const Layout b = found.isEmpty() ? Layout() : *Layout::parse(bytes(found));
    QCOMPARE(QByteArray::fromStdString(a.firstDifference(b)), difference);
    QCOMPARE(a == b, difference.isEmpty());
    QCOMPARE(b.firstDifference(a).empty(), difference.isEmpty());
}

void tst_LayoutTexts::fnv64_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<quint64>("hash");

    QTest::newRow("empty") << QByteArray() << quint64(0xcbf29ce484222325);
    QTest::newRow("a") << QByteArray("a") << quint64(0xaf63dc4c8601ec8c);
    QTest::newRow("foobar") << QByteArray("foobar") << quint64(0x85944171f73967e8);
    QTest::newRow("NUL") << QByteArray(1, '\0') << quint64(0xaf63bd4c8601b7df);
    QTest::newRow("0xff") << QByteArray("\xff") << quint64(0xaf64724c8602eb6e);
    QTest::newRow("f64") << QByteArray("f64") << quint64(0xdd744c18ff7ea1ab);
}

void tst_LayoutTexts::fnv64()
{
    QFETCH(QByteArray, input);
    QFETCH(quint64, hash);

    QCOMPARE(sharedsegment::engine::fnv1a64(bytes(input)), hash);
    static_assert(sharedsegment::engine::fnv1a64("a") == 0xaf63dc4c8601ec8c);
}

QTEST_APPLESS_MAIN(tst_LayoutTexts)

#include "tst_layouttexts.moc"
