// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

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

namespace ns {

struct Sample
{
    qint32 id;
    double value;
    char label[20];
};
SHARED_STRUCT(Sample, id, value, label)

struct Point
{
    float x;
    float y;
};

enum class Level : quint16 { Low, High };
enum class Flag : bool { Off, On };

struct Everything
{
    signed char i8;
    unsigned char u8;
    short i16;
    unsigned short u16;
    int i32;
    unsigned int u32;
    long long i64;
    unsigned long long u64;
    float f32;
    double f64;
    bool yes;
    char letter;
    char text[5];
    std::array<char, 6> moreText;
    float matrix[3][3];
    std::array<std::array<qint16, 2>, 2> pairs;
    bool bits[8];
    Level level;
    Flag flag;
    std::byte byte;
    const quint16 constant = 7;
    Point place;
    char8_t c8;
    char16_t c16;
    char32_t c32;
    Level levels[2];
    float one[1];
};

namespace inner {
struct Segment
{
    Point from;
    Point to;
};
} // namespace inner

struct Outer
{
    struct Inner
    {
        qint8 a;
        qint64 b;
    };
    Inner inner;
    inner::Segment line;
};

template<typename T>
struct Pair
{
    T first;
    T second;
};
using PairOfInt = Pair<qint32>;

} // namespace ns

// At global scope, with qualified names; nested structs come first.
SHARED_STRUCT(ns::Point, x, y)
SHARED_STRUCT(ns::Everything, i8, u8, i16, u16, i32, u32, i64, u64, f32, f64, yes, letter, text, moreText, matrix,
              pairs, bits, level, flag, byte, constant, place, c8, c16, c32, levels, one)
SHARED_STRUCT(ns::inner::Segment, from, to)
SHARED_STRUCT(ns::Outer::Inner, a, b)
SHARED_STRUCT(ns::Outer, inner, line)
SHARED_STRUCT(ns::PairOfInt, first, second)

// The same struct under another team's name.
struct reading_t
{
    qint32 id;
    double value;
    char label[20];
};
SHARED_STRUCT_AS(reading_t, "Sample", id, value, label)
template<typename T, int N>
struct Channels
{
    T values[N];
};
using ThreeFloats = Channels<float, 3>;
SHARED_STRUCT_AS(ThreeFloats, "Channels", values)

struct Shuffled
{
    quint8 a;
    quint32 b;
    quint16 c;
};
SHARED_STRUCT(Shuffled, c, a, b)

#pragma pack(push, 1)
struct Packed
{
    quint8 a;
    quint32 b;
};
#pragma pack(pop)
SHARED_STRUCT(Packed, a, b)

struct alignas(64) Aligned
{
    qint64 a;
};
SHARED_STRUCT(Aligned, a)

struct Partly
{
    qint32 a;
    qint32 hidden;
    qint32 b;
};
SHARED_STRUCT(Partly, b, a)

namespace {
struct Unseen
{
    long counter;
    wchar_t letter;
};
SHARED_STRUCT(Unseen, counter, letter)

struct Many
{
    qint16 f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12, f13, f14, f15, f16, f17, f18, f19, f20, f21, f22, f23,
        f24, f25, f26, f27, f28, f29, f30, f31, f32, f33, f34, f35, f36, f37, f38, f39, f40, f41, f42, f43, f44, f45,
        f46, f47, f48, f49, f50, f51, f52, f53, f54, f55, f56, f57, f58, f59, f60, f61, f62, f63, f64, f65, f66, f67,
        f68, f69, f70, f71, f72, f73, f74, f75, f76, f77, f78, f79, f80, f81, f82, f83, f84, f85, f86, f87, f88, f89,
        f90, f91, f92, f93, f94, f95, f96, f97, f98, f99, f100, f101, f102, f103, f104, f105, f106, f107, f108, f109,
        f110, f111, f112, f113, f114, f115, f116, f117, f118, f119, f120, f121, f122, f123, f124, f125, f126, f127;
};
SHARED_STRUCT(Many, f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12, f13, f14, f15, f16, f17, f18, f19, f20, f21,
              f22, f23, f24, f25, f26, f27, f28, f29, f30, f31, f32, f33, f34, f35, f36, f37, f38, f39, f40, f41, f42,
              f43, f44, f45, f46, f47, f48, f49, f50, f51, f52, f53, f54, f55, f56, f57, f58, f59, f60, f61, f62, f63,
              f64, f65, f66, f67, f68, f69, f70, f71, f72, f73, f74, f75, f76, f77, f78, f79, f80, f81, f82, f83, f84,
              f85, f86, f87, f88, f89, f90, f91, f92, f93, f94, f95, f96, f97, f98, f99, f100, f101, f102, f103, f104,
              f105, f106, f107, f108, f109, f110, f111, f112, f113, f114, f115, f116, f117, f118, f119, f120, f121,
              f122, f123, f124, f125, f126, f127)
} // namespace

class tst_Layout : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void of_data();
    void of();
    void ofEverything();
    void ofMany();
    void ofFields();
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
    void sharedLayout();
    void fnv64_data();
    void fnv64();
};

namespace {

std::string bytes(const QByteArray &array)
{
    return array.toStdString();
}

struct Row
{
    const char *tag;
    SharedLayout layout;
    QString text;
    qsizetype size;
    qsizetype alignment;
};

} // namespace

Q_DECLARE_METATYPE(sharedsegment::engine::Field)

void tst_Layout::of_data()
{
    QTest::addColumn<SharedLayout>("layout");
    QTest::addColumn<QString>("text");
    QTest::addColumn<qsizetype>("size");
    QTest::addColumn<qsizetype>("alignment");

    const Row rows[] = {
        {"qint8", SharedLayout::of<qint8>(), u"i8"_s, 1, 1},
        {"quint8", SharedLayout::of<quint8>(), u"u8"_s, 1, 1},
        {"qint16", SharedLayout::of<qint16>(), u"i16"_s, 2, 2},
        {"quint16", SharedLayout::of<quint16>(), u"u16"_s, 2, 2},
        {"qint32", SharedLayout::of<qint32>(), u"i32"_s, 4, 4},
        {"quint32", SharedLayout::of<quint32>(), u"u32"_s, 4, 4},
        {"qint64", SharedLayout::of<qint64>(), u"i64"_s, 8, 8},
        {"quint64", SharedLayout::of<quint64>(), u"u64"_s, 8, 8},
        {"float", SharedLayout::of<float>(), u"f32"_s, 4, 4},
        {"double", SharedLayout::of<double>(), u"f64"_s, 8, 8},
        {"bool", SharedLayout::of<bool>(), u"bool"_s, 1, 1},
        {"char", SharedLayout::of<char>(), u"char[1]"_s, 1, 1},
        {"long long", SharedLayout::of<long long>(), u"i64"_s, 8, 8},
        {"unsigned long long", SharedLayout::of<unsigned long long>(), u"u64"_s, 8, 8},
        {"long", SharedLayout::of<long>(), sizeof(long) == 8 ? u"i64"_s : u"i32"_s, qsizetype(sizeof(long)),
         qsizetype(sizeof(long))},
        {"char8_t", SharedLayout::of<char8_t>(), u"u8"_s, 1, 1},
        {"char16_t", SharedLayout::of<char16_t>(), u"u16"_s, 2, 2},
        {"char32_t", SharedLayout::of<char32_t>(), u"u32"_s, 4, 4},
        {"const", SharedLayout::of<const double>(), u"f64"_s, 8, 8},
        {"byte", SharedLayout::of<std::byte>(), u"u8"_s, 1, 1},
        {"enum", SharedLayout::of<ns::Level>(), u"u16"_s, 2, 2},
        {"enum of bool", SharedLayout::of<ns::Flag>(), u"bool"_s, 1, 1},
        {"text", SharedLayout::of<char[20]>(), u"char[20]"_s, 20, 1},
        {"text as std::array", SharedLayout::of<std::array<char, 20>>(), u"char[20]"_s, 20, 1},
        {"std::array", SharedLayout::of<std::array<float, 3>>(), u"f32[3]"_s, 12, 4},
        {"array", SharedLayout::of<float[3]>(), u"f32[3]"_s, 12, 4},
        {"array of one", SharedLayout::of<float[1]>(), u"f32[1]"_s, 4, 4},
        {"nested array", SharedLayout::of<double[2][3]>(), u"f64[6]"_s, 48, 8},
        {"mixed array", SharedLayout::of<std::array<double[2], 3>>(), u"f64[6]"_s, 48, 8},
        {"array of enum", SharedLayout::of<ns::Level[4]>(), u"u16[4]"_s, 8, 2},
        {"struct", SharedLayout::of<ns::Sample>(), u"Sample{id:i32@0;value:f64@8;label:char[20]@16}/40"_s, 40, 8},
        {"global", SharedLayout::of<ns::Point>(), u"Point{x:f32@0;y:f32@4}/8"_s, 8, 4},
        {"const struct", SharedLayout::of<const ns::Point>(), u"Point{x:f32@0;y:f32@4}/8"_s, 8, 4},
        {"nested", SharedLayout::of<ns::Outer>(),
         u"Outer{inner.a:i8@0;inner.b:i64@8;line.from.x:f32@16;line.from.y:f32@20;"
         "line.to.x:f32@24;line.to.y:f32@28}/32"_s,
         32, 8},
        {"member class", SharedLayout::of<ns::Outer::Inner>(), u"Inner{a:i8@0;b:i64@8}/16"_s, 16, 8},
        {"template", SharedLayout::of<ns::PairOfInt>(), u"PairOfInt{first:i32@0;second:i32@4}/8"_s, 8, 4},
        {"named as", SharedLayout::of<reading_t>(), SharedLayout::of<ns::Sample>().text(), 40, 8},
        {"template named as", SharedLayout::of<ThreeFloats>(), u"Channels{values:f32[3]@0}/12"_s, 12, 4},
        {"any order", SharedLayout::of<Shuffled>(), u"Shuffled{a:u8@0;b:u32@4;c:u16@8}/12"_s, 12, 4},
        {"packed", SharedLayout::of<Packed>(), u"Packed{a:u8@0;b:u32@1}/5"_s, 5, 1},
        {"aligned", SharedLayout::of<Aligned>(), u"Aligned{a:i64@0}/64"_s, 64, 8},
        {"not all fields", SharedLayout::of<Partly>(), u"Partly{a:i32@0;b:i32@8}/12"_s, 12, 4},
    };
    for (const Row &row : rows)
        QTest::addRow("%s", row.tag) << row.layout << row.text << row.size << row.alignment;
}

void tst_Layout::of()
{
    QFETCH(SharedLayout, layout);
    QFETCH(QString, text);
    QFETCH(qsizetype, size);
    QFETCH(qsizetype, alignment);

    QVERIFY(layout.isValid());
    QCOMPARE(layout.text(), text);
    QCOMPARE(layout.elementSize(), size);
    QCOMPARE(layout.elementAlignment(), alignment);
    QCOMPARE(layout.isStruct(), text.contains(u'{'));
    QCOMPARE(layout.fingerprint(), sharedsegment::engine::fnv1a64(text.toStdString()));

    const SharedLayout parsed = SharedLayout::parse(text);
    QVERIFY(parsed == layout);
    QCOMPARE(parsed.text(), text);
    QCOMPARE(parsed.elementSize(), size);
    QCOMPARE(parsed.elementAlignment(), alignment);
    QCOMPARE(parsed.fingerprint(), layout.fingerprint());
}

void tst_Layout::ofEverything()
{
    const SharedLayout layout = SharedLayout::of<ns::Everything>();
    QStringList types;
    for (const SharedLayout::Field &field : layout.fields())
        types += field.name + u':' + field.typeText;
    QCOMPARE(types.join(u' '),
             u"i8:i8 u8:u8 i16:i16 u16:u16 i32:i32 u32:u32 i64:i64 u64:u64 f32:f32 f64:f64 yes:bool letter:char[1] "
             "text:char[5] moreText:char[6] matrix:f32[9] pairs:i16[4] bits:bool[8] level:u16 flag:bool byte:u8 "
             "constant:u16 place.x:f32 place.y:f32 c8:u8 c16:u16 c32:u32 levels:u16[2] one:f32[1]"_s);
    QCOMPARE(layout.elementSize(), qsizetype(sizeof(ns::Everything)));
    QCOMPARE(layout.elementAlignment(), qsizetype(8));
    QCOMPARE(layout.fields().at(14).offset, qsizetype(offsetof(ns::Everything, matrix)));
    QCOMPARE(layout.fields().at(22).offset, qsizetype(offsetof(ns::Everything, place) + offsetof(ns::Point, y)));
    QVERIFY(SharedLayout::parse(layout.text()) == layout);

    // The shorthand is filled in as a compiler does it.
    QVERIFY(SharedLayout::parse(u"Everything{"_s + types.join(u';') + u'}') == layout);

    const SharedLayout unseen = SharedLayout::of<Unseen>();
    QCOMPARE(unseen.structName(), u"Unseen"_s);
    QCOMPARE(unseen.fields().size(), qsizetype(2));
    QCOMPARE(unseen.fields().at(0).size, qsizetype(sizeof(long)));
    QCOMPARE(unseen.fields().at(1).size, qsizetype(sizeof(wchar_t)));
}

void tst_Layout::ofMany()
{
    const QList<SharedLayout::Field> fields = SharedLayout::of<Many>().fields();
    QCOMPARE(fields.size(), qsizetype(128));
    for (qsizetype i = 0; i < fields.size(); ++i) {
        QCOMPARE(fields.at(i).name, u'f' + QString::number(i));
        QCOMPARE(fields.at(i).offset, 2 * i);
    }
}

void tst_Layout::ofFields()
{
    const SharedLayout layout = SharedLayout::of<ns::Sample>();
    QVERIFY(layout.isStruct());
    QCOMPARE(layout.structName(), u"Sample"_s);
    const QList<SharedLayout::Field> fields = layout.fields();
    QCOMPARE(fields.size(), qsizetype(3));
    QCOMPARE(fields.at(0).name, u"id"_s);
    QCOMPARE(fields.at(0).type, SharedLayout::Type::Int32);
    QCOMPARE(fields.at(0).count, qsizetype(1));
    QVERIFY(!fields.at(0).isArray);
    QCOMPARE(fields.at(1).type, SharedLayout::Type::Float64);
    QCOMPARE(fields.at(1).offset, qsizetype(8));
    QCOMPARE(fields.at(2).name, u"label"_s);
    QCOMPARE(fields.at(2).type, SharedLayout::Type::Text);
    QCOMPARE(fields.at(2).count, qsizetype(20));
    QCOMPARE(fields.at(2).size, qsizetype(20));
    QVERIFY(!fields.at(2).isArray);
    QCOMPARE(fields.at(2).typeText, u"char[20]"_s);

    const QList<SharedLayout::Field> array = SharedLayout::of<std::array<quint16, 3>>().fields();
    QCOMPARE(array.size(), qsizetype(1));
    QCOMPARE(array.at(0).name, QString());
    QCOMPARE(array.at(0).type, SharedLayout::Type::UInt16);
    QCOMPARE(array.at(0).count, qsizetype(3));
    QCOMPARE(array.at(0).size, qsizetype(6));
    QVERIFY(array.at(0).isArray);

    const std::pair<SharedLayout, SharedLayout::Type> types[] = {
        {SharedLayout::of<qint8>(), SharedLayout::Type::Int8},
        {SharedLayout::of<quint8>(), SharedLayout::Type::UInt8},
        {SharedLayout::of<qint16>(), SharedLayout::Type::Int16},
        {SharedLayout::of<quint16>(), SharedLayout::Type::UInt16},
        {SharedLayout::of<qint32>(), SharedLayout::Type::Int32},
        {SharedLayout::of<quint32>(), SharedLayout::Type::UInt32},
        {SharedLayout::of<qint64>(), SharedLayout::Type::Int64},
        {SharedLayout::of<quint64>(), SharedLayout::Type::UInt64},
        {SharedLayout::of<float>(), SharedLayout::Type::Float32},
        {SharedLayout::of<double>(), SharedLayout::Type::Float64},
        {SharedLayout::of<bool>(), SharedLayout::Type::Bool},
        {SharedLayout::of<char>(), SharedLayout::Type::Text},
    };
    for (const auto &[scalar, type] : types)
        QCOMPARE(scalar.fields().at(0).type, type);
}

void tst_Layout::parse_data()
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

void tst_Layout::parse()
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

void tst_Layout::parseErrors_data()
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

void tst_Layout::parseErrors()
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

void tst_Layout::parseLimits()
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

void tst_Layout::parseAnyBytes()
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

void tst_Layout::make_data()
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

void tst_Layout::make()
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

void tst_Layout::makeSorts()
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

void tst_Layout::difference_data()
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

void tst_Layout::difference()
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

void tst_Layout::sharedLayout()
{
    const SharedLayout none;
    QVERIFY(!none.isValid());
    QVERIFY(!none.isStruct());
    QCOMPARE(none.text(), QString());
    QCOMPARE(none.structName(), QString());
    QVERIFY(none.fields().isEmpty());
    QCOMPARE(none.elementSize(), qsizetype(0));
    QCOMPARE(none.elementAlignment(), qsizetype(1));
    QCOMPARE(none.fingerprint(), quint64(0));
    QVERIFY(none == SharedLayout());
    QVERIFY(none == SharedLayout(nullptr));
    QVERIFY(!none.native().isValid());

    QString error = u"before"_s;
    const SharedLayout point = SharedLayout::parse(u"Point{x:f64;y:f64}", &error);
    QVERIFY(point.isValid());
    QCOMPARE(error, QString());
    QCOMPARE(point.fields().size(), qsizetype(2));
    QVERIFY(!(point == none));

    const SharedLayout wrong = SharedLayout::parse(u"Point{x:f65}", &error);
    QVERIFY(!wrong.isValid());
    QVERIFY(wrong == none);
    QVERIFY2(error.startsWith(u"the layout is not valid at character 9: unknown type \"f65\""), qPrintable(error));
    QVERIFY(!SharedLayout::parse(u"Point{x:f65}").isValid());
    QVERIFY(!SharedLayout::parse(QStringView()).isValid());
    QVERIFY(!SharedLayout::parse(QString(QChar(0xd800)) + u"{x:f64}"_s).isValid());

    const SharedLayout copy = point;
    QVERIFY(copy == point);
    QVERIFY(copy != SharedLayout::of<ns::Point>());
    QVERIFY(QVariant::fromValue(point).value<SharedLayout>() == point);
}

void tst_Layout::fnv64_data()
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

void tst_Layout::fnv64()
{
    QFETCH(QByteArray, input);
    QFETCH(quint64, hash);

    QCOMPARE(sharedsegment::engine::fnv1a64(bytes(input)), hash);
    static_assert(sharedsegment::engine::fnv1a64("a") == 0xaf63dc4c8601ec8c);
}

QTEST_APPLESS_MAIN(tst_Layout)

#include "tst_layout.moc"
