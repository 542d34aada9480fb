// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Numbers as text, without losing a digit: what the command and the editors of the models read and write.

#include "../../../src/core/fielddecoder.h"
#include "../../../src/core/numbertext.h"

#include <QtCore/QRandomGenerator>
#include <QtTest/QTest>

#include <array>
#include <bit>
#include <clocale>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>

using namespace Qt::StringLiterals;
using NumberText::Outcome;
using Type = SharedLayout::Type;

namespace {

using Bytes = std::array<std::byte, 8>;

QByteArray textOf(Type type, std::uint64_t bits)
{
    Bytes bytes;
    std::memcpy(bytes.data(), &bits, sizeof bits);
    QByteArray text;
    NumberText::append(text, type, bytes.data());
    return text;
}

std::uint64_t bitsOf(Type type, const QByteArray &text)
{
    Bytes bytes{};
    if (NumberText::parse(text, type, bytes.data()) != Outcome::Good)
        return 0xbadbadbadbad;
    return std::bit_cast<std::uint64_t>(bytes);
}

SharedLayout::Field fieldOf(const QString &layout)
{
    return SharedLayout::parse(layout).fields().constFirst();
}

} // namespace

class tst_Numbers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parsed_data();
    void parsed();
    void roundedOnce();
    void randomBits_data();
    void randomBits();
    void typedIntoAnEditor();
};

void tst_Numbers::parsed_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("outcome");
    QTest::addColumn<QByteArray>("written");
    const auto good = [](const char *type, const char *text, const char *written) {
        QTest::addRow("%s %s", type, text)
            << QString::fromLatin1(type) << QByteArray(text) << int(Outcome::Good) << QByteArray(written);
    };
    const auto bad = [](const char *type, const char *text, Outcome outcome) {
        QTest::addRow("%s %s", type, text)
            << QString::fromLatin1(type) << QByteArray(text) << int(outcome) << QByteArray();
    };
    good("i64", "9223372036854775807", "9223372036854775807");
    good("i64", "-9223372036854775808", "-9223372036854775808");
    good("i64", "9007199254740993", "9007199254740993");
    good("i64", "9007199254740993.0", "9007199254740993");
    good("i64", "-9007199254740993e0", "-9007199254740993");
    good("i64", "1e3", "1000");
    good("i64", "1.25e2", "125");
    good("i64", "1000e-3", "1");
    good("i64", "+3", "3");
    good("i64", "-0", "0");
    good("i64", "0e99999999999999999999", "0");
    bad("i64", "9223372036854775808", Outcome::OutOfRange);
    bad("i64", "-9223372036854775809", Outcome::OutOfRange);
    bad("i64", "1e19", Outcome::OutOfRange);
    bad("i64", "1e99999999999999999999", Outcome::OutOfRange);
    bad("i64", "inf", Outcome::OutOfRange);
    bad("i64", "nan", Outcome::NotANumber);
    bad("i64", "1.5", Outcome::NotWhole);
    bad("i64", "1e-1", Outcome::NotWhole);
    bad("i64", "9223372036854775807.5", Outcome::NotWhole);
    for (const char *text : {"", "-", "+", ".", "e3", "1e", "1e+", "1-", "0x10", "1_000", "1 000", "1d3", "--1", "1..2",
                             "true", "1,5", "5\""})
        bad("i64", text, Outcome::NotANumber);
    good("u64", "18446744073709551615", "18446744073709551615");
    good("u64", "1.8446744073709551615e19", "18446744073709551615");
    good("u64", "-0.0", "0");
    bad("u64", "18446744073709551616", Outcome::OutOfRange);
    bad("u64", "-1", Outcome::OutOfRange);
    good("i8", "-128", "-128");
    bad("i8", "-129", Outcome::OutOfRange);
    bad("i8", "128", Outcome::OutOfRange);
    good("u8", "255", "255");
    bad("u8", "256", Outcome::OutOfRange);
    good("i16", "-32768", "-32768");
    good("u16", "65535", "65535");
    good("i32", "-2147483648", "-2147483648");
    bad("i32", "2147483648", Outcome::OutOfRange);
    good("u32", "4294967295", "4294967295");
    good("f64", "-0", "-0");
    good("f64", "-0.0", "-0");
    good("f64", ".5", "0.5");
    good("f64", "5.", "5");
    good("f64", "+3", "3");
    good("f64", "4.9406564584124654e-324", "5e-324");
    good("f64", "1e-400", "0");
    good("f64", "-1e-400", "-0");
    good("f64", "0.00000000000000000000e400", "0");
    good("f64", "Inf", "inf");
    good("f64", "-Infinity", "-inf");
    good("f64", "+inf", "inf");
    good("f64", "NaN", "nan");
    good("f64", "-nan", "-nan");
    good("f64", "nan(0x1)", "nan(0x1)");
    good("f64", "nan(0xfffffffffffff)", "nan(0xfffffffffffff)");
    good("f64", "nan(0x8000000000000)", "nan");
    bad("f64", "nan(0x10000000000000)", Outcome::NotANumber);
    bad("f64", "nan(0x0)", Outcome::NotANumber);
    bad("f64", "nan(0x1", Outcome::NotANumber);
    bad("f64", "nano", Outcome::NotANumber);
    bad("f64", "infin", Outcome::NotANumber);
    bad("f64", "1e400", Outcome::OutOfRange);
    bad("f64", "-1e400", Outcome::OutOfRange);
    for (const char *text : {"", "0x10", "0x1p3", "1_000", "1 000", "1d3", "1,5", "true", "1e", "1f"})
        bad("f64", text, Outcome::NotANumber);
    good("f32", "7.038531e-26", "7.038531e-26");
    good("f32", "3.4028235e38", "3.4028235e+38");
    good("f32", "3.40282356e38", "3.4028235e+38");
    good("f32", "1e-60", "0");
    bad("f32", "3.4028236e38", Outcome::OutOfRange);
    bad("f32", "1e39", Outcome::OutOfRange);
    good("f32", "nan(0x1)", "nan(0x1)");
    bad("f32", "nan(0x800000)", Outcome::NotANumber);
    good("bool", "true", "true");
    good("bool", "FALSE", "false");
    good("bool", "1", "true");
    good("bool", "0.0", "false");
    bad("bool", "2", Outcome::NotANumber);
    bad("bool", "yes", Outcome::NotANumber);
    bad("bool", "", Outcome::NotANumber);
}

void tst_Numbers::parsed()
{
    QFETCH(QString, type);
    QFETCH(QByteArray, text);
    QFETCH(int, outcome);
    QFETCH(QByteArray, written);
    const Type of = fieldOf(type).type;
    Bytes bytes{};
    const Bytes before = bytes;
    QCOMPARE(int(NumberText::parse(text, of, bytes.data())), outcome);
    if (Outcome(outcome) != Outcome::Good) {
        QVERIFY(bytes == before);
        return;
    }
    QByteArray back;
    NumberText::append(back, of, bytes.data());
    QCOMPARE(back, written);
}

void tst_Numbers::roundedOnce()
{
    // As the C library does it. Texts with many digits lie beside the middle of two floats, where the nearest double is the middle.
    std::setlocale(LC_NUMERIC, "C");
    QByteArrayList texts{"7.038531e-26",
                         "1.00000017881393432617187499",
                         "1.00000017881393432617187501",
                         "8.589973e9",
                         "1.1754943e-38",
                         "1.401298464324817e-45",
                         "7.006492321624085e-46",
                         "16777217",
                         "0.1"};
    QRandomGenerator random(1);
    for (int i = 0; i < 20000; ++i) {
        const float number = std::bit_cast<float>(random.generate() & 0x7f7fffffu);
        const double middle = (double(number) + double(std::nextafter(number, 3e38f))) / 2;
        const QByteArray exact = QByteArray::number(middle, 'e', 90);
        const QByteArray exponent = exact.mid(exact.indexOf('e'));
        texts.append(exact);
        texts.append(exact.first(exact.indexOf('e')) + "00000000001" + exponent);
    }
    for (const QByteArray &text : std::as_const(texts)) {
        const std::uint64_t bits = std::bit_cast<std::uint32_t>(std::strtof(text.constData(), nullptr));
        if (bits == 0x7f800000u)
            continue;
        QVERIFY2(bitsOf(Type::Float32, text) == bits, text.constData());
    }
}

void tst_Numbers::randomBits_data()
{
    QTest::addColumn<QString>("type");
    for (const char *type : {"i8", "u8", "i16", "u16", "i32", "u32", "i64", "u64", "f32", "f64"})
        QTest::newRow(type) << QString::fromLatin1(type);
}

void tst_Numbers::randomBits()
{
    QFETCH(QString, type);
    const SharedLayout::Field field = fieldOf(type);
    const std::uint64_t mask = ~std::uint64_t(0) >> (64 - 8 * field.size);
    QRandomGenerator random(2);
    for (int i = 0; i < 20000; ++i) {
        std::uint64_t bits = random.generate64();
        if (i % 4 == 0) // Infinities and NaN, of both sizes.
            bits |= i % 8 == 0 ? 0x7ff0000000000000u : 0x7f8000007f800000u;
        bits &= mask;
        const QByteArray text = textOf(field.type, bits);
        QVERIFY2(bitsOf(field.type, text) == bits, text.constData());
    }
}

void tst_Numbers::typedIntoAnEditor()
{
    std::array<std::byte, 8> bytes{};
    QString why;
    const auto write = [&](const QString &layout, const QString &typed) {
        bytes = {};
        return FieldDecoder(fieldOf(layout)).write(bytes.data(), typed, FieldDecoder::Strings::Convert, &why);
    };
    QVERIFY(write(u"f32"_s, u" 7.038531e-26 "_s));
    float single = 0;
    std::memcpy(&single, bytes.data(), sizeof single);
    QCOMPARE(std::bit_cast<std::uint32_t>(single), std::bit_cast<std::uint32_t>(7.038531e-26f));
    QVERIFY(write(u"f64"_s, u"-0"_s));
    QCOMPARE(std::bit_cast<std::uint64_t>(bytes), std::uint64_t(1) << 63);
    QVERIFY(write(u"i64"_s, u"9007199254740993.0"_s));
    QCOMPARE(std::bit_cast<std::int64_t>(bytes), 9007199254740993);
    QVERIFY(!write(u"i64"_s, u"-9223372036854775809"_s));
    QCOMPARE(why, u"\"-9223372036854775809\" is outside the range of i64; give one from -9223372036854775808 to "
                  "9223372036854775807"_s);
    QVERIFY(!write(u"i32"_s, u"3.7"_s));
    QCOMPARE(why, u"\"3.7\" is not a whole number, as i32 needs; round it"_s);
    // A text that begins with U+FEFF is read as it was written.
    const FieldDecoder text(fieldOf(u"char[8]"_s));
    const QString marked = QChar(QChar::ByteOrderMark) + u"ab"_s;
    bytes = {};
    QVERIFY(text.write(bytes.data(), marked, FieldDecoder::Strings::Convert, &why));
    QCOMPARE(text.read(bytes.data()).toString(), marked);
    bytes = {std::byte('a'), std::byte(0xc3)};
    QCOMPARE(text.read(bytes.data()).toString(), u"a\ufffd"_s);
    QVERIFY(!write(u"i32"_s, u"three"_s));
    QCOMPARE(why, u"\"three\" is no number for i32; give a whole number"_s);
    QVERIFY(write(u"bool"_s, u"True"_s));
    QVERIFY(!write(u"bool"_s, u"maybe"_s));
    QCOMPARE(why, u"\"maybe\" is no bool; give true or false"_s);
}

QTEST_GUILESS_MAIN(tst_Numbers)
#include "tst_numbers.moc"
