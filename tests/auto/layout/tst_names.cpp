// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Which names are valid, and the files of their records.

#include "engine/fnv.h"
#include "engine/name.h"

#include <QtTest/QTest>

#include <optional>
#include <set>

using namespace sharedsegment::engine;

class tst_Names : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fnv128_data();
    void fnv128();
    void checkName_data();
    void checkName();
    void fileName_data();
    void fileName();
    void fileNamesDiffer();
    void notAFileName_data();
    void notAFileName();
    void hex();
};

namespace {

std::string bytes(const QByteArray &array)
{
    return array.toStdString();
}

QByteArray fileNameOf(const QByteArray &name)
{
    return QByteArray::fromStdString(recordFileName(bytes(name)));
}

} // namespace

void tst_Names::fnv128_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<quint64>("high");
    QTest::addColumn<quint64>("low");

    QTest::newRow("empty") << QByteArray() << quint64(0x6c62272e07bb0142) << quint64(0x62b821756295c58d);
    QTest::newRow("a") << QByteArray("a") << quint64(0xd228cb696f1a8caf) << quint64(0x78912b704e4a8964);
    QTest::newRow("foobar") << QByteArray("foobar") << quint64(0x343e1662793c64bf) << quint64(0x6f0d3597ba446f18);
    QTest::newRow("255 times 0xff") << QByteArray(255, '\xff') << quint64(0x93b60418e8283ce4)
                                    << quint64(0xa3dfb80a68eb7228);
}

void tst_Names::fnv128()
{
    QFETCH(QByteArray, input);
    QFETCH(quint64, high);
    QFETCH(quint64, low);

    const auto hash = fnv1a128(bytes(input));
    QCOMPARE(hash.high, high);
    QCOMPARE(hash.low, low);
    static_assert(fnv1a128("").low == 0x62b821756295c58d);
}

void tst_Names::checkName_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("reason"); // empty: valid

    const auto row = [](const char *tag, const QByteArray &name, const char *reason) {
        QTest::newRow(tag) << name << QByteArray(reason);
    };
    row("one byte", "a", "");
    row("plain", "telemetry", "");
    row("slashes", "/a//b/", "");
    row("dots", "..", "");
    row("spaces", " a b ", "");
    row("control characters", "a\n\x01\x7f", "");
    row("two bytes", "\xc2\x80", "");
    row("three bytes", "\xe0\xa0\x80", "");
    row("before the surrogates", "\xed\x9f\xbf", "");
    row("four bytes", "\xf0\x90\x80\x80", "");
    row("last", "\xf4\x8f\xbf\xbf", "");
    row("255 bytes", QByteArray(255, 'x'), "");
    row("empty", "", "is empty");
    row("256 bytes", QByteArray(256, 'x'), "has 256 bytes of UTF-8; give it one of at most 255");
    row("only NUL", QByteArray(1, '\0'), "NUL");
    row("NUL at the end", QByteArray("a\0", 2), "NUL");
    row("NUL between", QByteArray("a\0b", 3), "NUL");
    row("continuation alone", "\x80", "not well-formed UTF-8");
    row("cut short, two", "\xc3", "not well-formed UTF-8");
    row("cut short, three", "a\xe2\x82", "not well-formed UTF-8");
    row("cut short, four", "\xf0\x9f\x98", "not well-formed UTF-8");
    row("interrupted", "\xe2\x82\x41", "not well-formed UTF-8");
    row("overlong, two", "\xc0\xaf", "not well-formed UTF-8");
    row("overlong, two, last", "\xc1\xbf", "not well-formed UTF-8");
    row("overlong, three", "\xe0\x9f\xbf", "not well-formed UTF-8");
    row("overlong, four", "\xf0\x8f\xbf\xbf", "not well-formed UTF-8");
    row("surrogate", "\xed\xa0\x80", "not well-formed UTF-8");
    row("past the last", "\xf4\x90\x80\x80", "not well-formed UTF-8");
    row("0xf5", "\xf5\x80\x80\x80", "not well-formed UTF-8");
    row("0xff", "\xff", "not well-formed UTF-8");
}

void tst_Names::checkName()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, reason);

    const sharedsegment::Status status = sharedsegment::engine::checkName(bytes(name));
    QCOMPARE(bool(status), reason.isEmpty());
    if (status)
        return;
    QCOMPARE(status.error().code, sharedsegment::ErrorCode::InvalidName);
    QVERIFY2(QByteArray::fromStdString(status.error().text).contains(reason), status.error().text.c_str());
}

void tst_Names::fileName_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("file");

    const auto row = [](const char *tag, const QByteArray &name, const QByteArray &file) {
        QTest::newRow(tag) << name << file;
    };
    row("plain", "telemetry", "s.telemetry.segment");
    row("all that stays", "abcdefghijklmnopqrstuvwxyz0123456789._-",
        "s.abcdefghijklmnopqrstuvwxyz0123456789._-.segment");
    row("upper case", "Telemetry", "s.%54elemetry.segment");
    row("slash", "monitor/cpu", "s.monitor%2Fcpu.segment");
    row("backslash", "a\\b", "s.a%5Cb.segment");
    row("up", "..", "s....segment");
    row("up and away", "../../etc/passwd", "s...%2F..%2Fetc%2Fpasswd.segment");
    row("space", "a b", "s.a%20b.segment");
    row("percent", "a%2fb", "s.a%252fb.segment");
    row("tilde", "a~b", "s.a%7Eb.segment");
    row("Unicode",
        "gr\xc3\xb6\xc3\x9f"
        "e",
        "s.gr%C3%B6%C3%9Fe.segment");
    row("four bytes", "\xf0\x9f\x98\x80", "s.%F0%9F%98%80.segment");
    row("control", "\n", "s.%0A.segment");
    row("a record's name", "s.a.segment", "s.s.a.segment.segment");
    row("200 bytes", QByteArray(200, 'x'), "s." + QByteArray(200, 'x') + ".segment");
    row("201 bytes", QByteArray(201, 'x'), "s." + QByteArray(150, 'x') + "~E7B5F423D4969EF3666FEE9B430C6717.segment");
    row("255 bytes", QByteArray(255, 'x'), "s." + QByteArray(150, 'x') + "~A7762FE03530345147D75B9FAC22ABAF.segment");
    row("200 bytes, encoded", QByteArray(66, 'X') + "yz", "s." + QByteArray("%58").repeated(66) + "yz.segment");
    row("201 bytes, encoded", QByteArray(67, 'X'),
        "s." + QByteArray("%58").repeated(50) + "~A1E4BC7BA73E7794504C6E0C9BD4E71F.segment");
    row("cut in an escape", "a" + QByteArray(70, 'X'),
        "s.a" + QByteArray("%58").repeated(49) + "%5~1B7D3F1E6A4F124BBAC4DBE445689B04.segment");
    row("cut after the percent", "aa" + QByteArray(70, 'X'),
        "s.aa" + QByteArray("%58").repeated(49) + "%~452B0FFADF22A5C70524EB2699CDE4BF.segment");
    row("longest", QByteArray(255, '/'),
        "s." + QByteArray("%2F").repeated(50) + "~DDDC8EC7156E2A3A36F3648BBA6932F8.segment");
}

void tst_Names::fileName()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, file);

    QVERIFY(sharedsegment::engine::checkName(bytes(name)));
    QCOMPARE(fileNameOf(name), file);
    QVERIFY(file.size() <= 210);
    QVERIFY(!file.contains('/'));
    QVERIFY(isRecordFileName(bytes(file)));
    // Back again, unless the file name has a hash.
    const bool isHashed = recordFileName(bytes(name)).find('~') != std::string::npos;
    QCOMPARE(nameOfRecordFile(recordFileName(bytes(name))), isHashed ? std::nullopt : std::optional(bytes(name)));
}

void tst_Names::fileNamesDiffer()
{
    QByteArrayList names{"a",        "A",        "a/b",       "a%2fb", "a%2Fb", "a b", "a_b", ".",         "..", "...",
                         "\xc3\xa4", "\xc3\x84", "a\xcc\x88", "~",     "/",     "//",  "s.a", "a.segment", "a~b"};
    for (int length = 100; length <= 255; ++length) {
        names += QByteArray(length, 'x');
        names += QByteArray(length - 1, 'x') + 'X';
    }
    std::set<QByteArray> files;
    for (const QByteArray &name : std::as_const(names))
        files.insert(fileNameOf(name).toLower());
    QCOMPARE(files.size(), std::size_t(names.size()));
}

void tst_Names::notAFileName_data()
{
    QTest::addColumn<QByteArray>("file");

    const auto row = [](const char *tag, const QByteArray &file) { QTest::newRow(tag) << file; };
    row("empty", "");
    row("no name", "s..segment");
    row("overlapping ends", "s.segment");
    row("prefix only", "s.telemetry");
    row("suffix only", "telemetry.segment");
    row("doorbell", ".0123-1-2");
    row("temporary", ".s.telemetry.segment");
    row("upper case", "s.Telemetry.segment");
    row("slash", "s.a/b.segment");
    row("not encoded", "s.a b.segment");
    row("lower-case escape", "s.a%2fb.segment");
    row("needless escape", "s.%61.segment");
    row("NUL", "s.%00.segment");
    row("cut escape", "s.a%2.segment");
    row("percent alone", "s.a%.segment");
    row("no hexadecimal", "s.%ZZ.segment");
    row("more after it", "s.a.segment.old");
    row("201 bytes", "s." + QByteArray(201, 'x') + ".segment");
    row("short hash", "s." + QByteArray(150, 'x') + '~' + QByteArray(31, 'A') + ".segment");
    row("lower-case hash", "s." + QByteArray(150, 'x') + '~' + QByteArray(32, 'a') + ".segment");
    row("hash after fewer", "s." + QByteArray(149, 'x') + '~' + QByteArray(32, 'A') + ".segment");
    row("hash after bad escapes", "s." + QByteArray("%2f").repeated(50) + '~' + QByteArray(32, 'A') + ".segment");
}

void tst_Names::notAFileName()
{
    QFETCH(QByteArray, file);

    QVERIFY(!isRecordFileName(bytes(file)));
    QVERIFY(!nameOfRecordFile(bytes(file)));
}

void tst_Names::hex()
{
    sharedsegment::os::InstanceId id;
    for (std::size_t i = 0; i < id.size(); ++i)
        id[i] = static_cast<std::uint8_t>(i * 17);
    QCOMPARE(QByteArray::fromStdString(toHex(id)), QByteArray("00112233445566778899AABBCCDDEEFF"));
    id.fill(0xf0);
    QCOMPARE(QByteArray::fromStdString(toHex(id)), QByteArray("F0").repeated(16));
}

QTEST_APPLESS_MAIN(tst_Names)

#include "tst_names.moc"
