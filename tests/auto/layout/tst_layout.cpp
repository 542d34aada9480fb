// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Layouts of C++ types.

#include "core/sharedlayout.h"
#include "engine/fnv.h"
#include "engine/layout.h"

#include <QtTest/QTest>

using namespace Qt::StringLiterals;

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

namespace {

struct Row
{
    const char *tag;
    SharedLayout layout;
    QString text;
    qsizetype size;
    qsizetype alignment;
};

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
    void sharedLayout();
};

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

QTEST_APPLESS_MAIN(tst_Layout)

#include "tst_layout.moc"
