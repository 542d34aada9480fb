// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Text in fields of the type char[N].

#include "core/sharedtext.h"

#include <QtCore/QStringDecoder>
#include <QtTest/QTest>

#include <random>

using namespace Qt::StringLiterals;
using sharedsegment::setText;
using sharedsegment::text;
using sharedsegment::toQString;

namespace {

struct Fields
{
    char before = 'b';
    char label[8] = {'o', 'l', 'd', ' ', 't', 'e', 'x', 't'};
    char after = 'a';
};

constexpr bool worksAtCompileTime()
{
    char label[4] = {};
    return setText(label, "two") && text(label) == "two" && !setText(label, "seven") && text(label) == "seve";
}
static_assert(worksAtCompileTime());

} // namespace

class tst_Text : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void setAndRead_data();
    void setAndRead();
    void anyCutIsWellFormed();
    void anyBytes();
    void arrays();
};

void tst_Text::setAndRead_data()
{
    QTest::addColumn<QByteArray>("given");
    QTest::addColumn<QByteArray>("kept");
    QTest::addColumn<bool>("whole");

    QTest::newRow("empty") << ""_ba
                           << ""_ba << true;
    QTest::newRow("short") << "roof"_ba
                           << "roof"_ba << true;
    QTest::newRow("as long as the field") << "12345678"_ba
                                          << "12345678"_ba << true;
    QTest::newRow("too long") << "123456789"_ba
                              << "12345678"_ba << false;
    QTest::newRow("two bytes, whole") << "123456\xc3\xa9"_ba
                                      << "123456\xc3\xa9"_ba << true;
    QTest::newRow("two bytes, cut") << "1234567\xc3\xa9"_ba
                                    << "1234567"_ba << false;
    QTest::newRow("three bytes, cut after one") << "1234567\xe2\x82\xac"_ba
                                                << "1234567"_ba << false;
    QTest::newRow("three bytes, cut after two") << "123456\xe2\x82\xac"_ba
                                                << "123456"_ba << false;
    QTest::newRow("four bytes, cut after three") << "12345\xf0\x9f\x98\x80"_ba
                                                 << "12345"_ba << false;
    QTest::newRow("four bytes, whole, then more") << "1234\xf0\x9f\x98\x80z"_ba
                                                  << "1234\xf0\x9f\x98\x80"_ba << false;
    QTest::newRow("begins with U+FEFF") << "\xef\xbb\xbf"
                                           "abc"_ba
                                        << "\xef\xbb\xbf"
                                           "abc"_ba
                                        << true;
    QTest::newRow("a NUL within") << QByteArray("ab\0cd", 5) << "ab"_ba << false;
}

void tst_Text::setAndRead()
{
    QFETCH(const QByteArray, given);
    QFETCH(const QByteArray, kept);
    QFETCH(const bool, whole);

    Fields fields;
    QCOMPARE(setText(fields.label, std::string_view(given.constData(), size_t(given.size()))), whole);
    QCOMPARE(text(fields.label), std::string_view(kept));
    QCOMPARE(toQString(fields.label).toUtf8(), kept);
    // Nothing of the old text is left behind the new one, and nothing beside the field changes.
    QVERIFY(std::all_of(fields.label + kept.size(), std::end(fields.label), [](char c) { return c == '\0'; }));
    QCOMPARE(fields.before, 'b');
    QCOMPARE(fields.after, 'a');

    Fields others;
    QStringDecoder decoded(QStringDecoder::Utf8, QStringConverter::Flag::ConvertInitialBom);
    QCOMPARE(setText(others.label, QString(decoded(given))), whole);
    QCOMPARE(text(others.label), std::string_view(kept));
}

// A text in any script is cut to whole characters, as many as there is room for.
void tst_Text::anyCutIsWellFormed()
{
    std::mt19937 random(24);
    for (int round = 0; round < 2000; ++round) {
        QString given = u""_s;
        const int length = std::uniform_int_distribution(0, 12)(random);
        for (int i = 0; i < length; ++i) {
            const char32_t limits[] = {0x7f, 0x7ff, 0xd7ff, 0x10ffff};
            const char32_t limit = limits[std::uniform_int_distribution(0, 3)(random)];
            const char32_t c = std::uniform_int_distribution<char32_t>(limit > 0xffff ? 0x10000 : 1, limit)(random);
            given += QString::fromUcs4(&c, 1);
        }
        Fields fields;
        const bool whole = setText(fields.label, given);
        const QString kept = toQString(fields.label);
        QVERIFY2(given.startsWith(kept) && whole == (kept == given), qPrintable(given));
        if (!whole) {
            const qsizetype next = given.at(kept.size()).isHighSurrogate() ? 2 : 1;
            QVERIFY(given.first(kept.size() + next).toUtf8().size() > qsizetype(sizeof fields.label));
        }
    }
}

// Another process may have written any bytes.
void tst_Text::anyBytes()
{
    Fields fields;
    const std::string_view continuations = "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80";
    QVERIFY(!setText(fields.label, continuations));
    QCOMPARE(text(fields.label).size(), 8u);
    std::fill(std::begin(fields.label), std::end(fields.label), '\xff');
    QCOMPARE(text(fields.label).size(), 8u);
    QCOMPARE(toQString(fields.label), QString(8, QChar::ReplacementCharacter));
    // Half of a surrogate pair has no UTF-8: Qt puts a question mark for it, and from 6.11 on nothing.
    const QString half = u"a"_s + QChar(0xd83d) + u"b"_s;
    setText(fields.label, half);
    QVERIFY2(text(fields.label) == "a?b" || text(fields.label) == "ab", text(fields.label).data());
}

void tst_Text::arrays()
{
    std::array<char, 4> field{};
    QVERIFY(setText(field, "four"));
    QCOMPARE(text(field), "four");
    QVERIFY(!setText(field, u"grün"));
    QCOMPARE(toQString(field), u"grü"_s);
    char one[1];
    QVERIFY(!setText(one, u"ü"));
    QCOMPARE(toQString(one), QString());
}

QTEST_APPLESS_MAIN(tst_Text)
#include "tst_text.moc"
