// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Which row is which one of the revision before: against an oracle that follows the rule word for word.

#include "../../../src/core/elementkey_p.h"
#include "../../../src/core/rowmatching_p.h"

#include <QtCore/QHash>
#include <QtTest/QTest>

#include <algorithm>
#include <cstring>
#include <map>
#include <numeric>
#include <random>

using namespace Qt::StringLiterals;

class tst_RowMatching : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rows_data();
    void rows();
    void randomRows_data();
    void randomRows();
    void fewMoves_data();
    void fewMoves();
    void tooManyMoves();
    void keysOfTypes();
    void keysOfTexts();
    void occurrences();
};

namespace {

using Keys = RowMatching::Keys;

/// The n-th of a key was the n-th of that key.
std::vector<int> expectedRows(const Keys &before, const Keys &now)
{
    std::map<std::pair<quint64, int>, int> rows;
    std::map<quint64, int> count;
    for (std::size_t row = 0; row < before.size(); ++row)
        rows[{before[row], count[before[row]]++}] = static_cast<int>(row);
    count.clear();
    std::vector<int> expected;
    for (const quint64 key : now) {
        const auto found = rows.find({key, count[key]++});
        expected.push_back(found == rows.end() ? RowMatching::None : found->second);
    }
    return expected;
}

/// Does what a model does, and returns the rows before in their new order, with None for new ones.
std::vector<int> applied(const RowMatching &matching, std::size_t countBefore, std::size_t mostMoves = SIZE_MAX)
{
    std::vector<int> rows(countBefore);
    std::iota(rows.begin(), rows.end(), 0);
    for (auto range = matching.removed().rbegin(); range != matching.removed().rend(); ++range)
        rows.erase(rows.begin() + range->first, rows.begin() + range->first + range->count);
    std::vector<RowMatching::Move> moves;
    if (!matching.findMoves(mostMoves, &moves))
        return {-2};
    for (const RowMatching::Move &move : moves) {
        const bool isMove = move.count > 0 && (move.to < move.first || move.to > move.first + move.count);
        if (!isMove)
            return {-3}; // A model must not announce it.
        const std::vector<int> moved(rows.begin() + move.first, rows.begin() + move.first + move.count);
        rows.erase(rows.begin() + move.first, rows.begin() + move.first + move.count);
        rows.insert(rows.begin() + (move.to < move.first ? move.to : move.to - move.count), moved.begin(), moved.end());
    }
    for (const RowMatching::Rows &range : matching.inserted())
        rows.insert(rows.begin() + range.first, static_cast<std::size_t>(range.count), RowMatching::None);
    return rows;
}

} // namespace

void tst_RowMatching::rows_data()
{
    QTest::addColumn<Keys>("before");
    QTest::addColumn<Keys>("now");
    QTest::addColumn<int>("removed");
    QTest::addColumn<int>("moves");
    QTest::addColumn<int>("inserted");
    QTest::newRow("none") << Keys{} << Keys{} << 0 << 0 << 0;
    QTest::newRow("same") << Keys{1, 2, 3} << Keys{1, 2, 3} << 0 << 0 << 0;
    QTest::newRow("all new") << Keys{} << Keys{1, 2, 3} << 0 << 0 << 1;
    QTest::newRow("all gone") << Keys{1, 2, 3} << Keys{} << 1 << 0 << 0;
    QTest::newRow("gone in the middle") << Keys{1, 2, 3} << Keys{1, 3} << 1 << 0 << 0;
    QTest::newRow("two gone") << Keys{1, 2, 3, 4, 5} << Keys{1, 3, 5} << 2 << 0 << 0;
    QTest::newRow("new in the middle") << Keys{1, 3} << Keys{1, 2, 3} << 0 << 0 << 1;
    QTest::newRow("another one") << Keys{1, 2, 3} << Keys{1, 9, 3} << 1 << 0 << 1;
    QTest::newRow("last to first") << Keys{1, 2, 3, 4} << Keys{4, 1, 2, 3} << 0 << 1 << 0;
    QTest::newRow("first to last") << Keys{1, 2, 3, 4} << Keys{2, 3, 4, 1} << 0 << 1 << 0;
    QTest::newRow("a block") << Keys{1, 2, 3, 4, 5, 6, 7} << Keys{1, 5, 6, 2, 3, 4, 7} << 0 << 1 << 0;
    QTest::newRow("exchanged") << Keys{1, 2, 3, 4} << Keys{4, 2, 3, 1} << 0 << 2 << 0;
    QTest::newRow("a copy") << Keys{1, 2} << Keys{1, 1, 2} << 0 << 0 << 1;
    QTest::newRow("the second of two") << Keys{1, 1, 2} << Keys{1, 2} << 1 << 0 << 0;
    QTest::newRow("the first of two, by its place") << Keys{1, 2, 1} << Keys{2, 1} << 1 << 1 << 0;
    QTest::newRow("all the same") << Keys{5, 5, 5, 5} << Keys{5, 5} << 1 << 0 << 0;
}

void tst_RowMatching::rows()
{
    QFETCH(Keys, before);
    QFETCH(Keys, now);
    RowMatching matching;
    const Keys none;
    matching.match(none, before);
    QCOMPARE(matching.before(), expectedRows(none, before));
    matching.match(before, now);
    QCOMPARE(matching.isSame(), before == now);
    QCOMPARE(matching.before(), expectedRows(before, now));
    QCOMPARE(applied(matching, before.size()), matching.before());
    QTEST(static_cast<int>(matching.removed().size()), "removed");
    QTEST(static_cast<int>(matching.inserted().size()), "inserted");
    std::vector<RowMatching::Move> moves;
    QVERIFY(matching.findMoves(SIZE_MAX, &moves));
    QTEST(static_cast<int>(moves.size()), "moves");
}

void tst_RowMatching::randomRows_data()
{
    QTest::addColumn<unsigned>("keys");
    QTest::newRow("few keys, many of them equal") << 6U;
    QTest::newRow("some equal") << 60U;
    QTest::newRow("mostly distinct") << 4'000'000'000U;
}

void tst_RowMatching::randomRows()
{
    QFETCH(unsigned, keys);
    const unsigned seed = std::random_device()();
    std::mt19937 random(seed);
    const QByteArray why = "seed " + QByteArray::number(seed);
    const auto below = [&random](std::size_t most) { return static_cast<std::ptrdiff_t>(random() % most); };
    RowMatching matching;
    Keys before;
    for (int round = 0; round < 600; ++round) {
        Keys now = before;
        for (std::size_t change = random() % 6; change > 0; --change) {
            const unsigned what = random() % 8;
            if (what < 3)
                now.insert(now.begin() + below(now.size() + 1), 1 + random() % 30, random() % keys);
            for (quint64 &key : now)
                key = what < 3 && random() % 50 == 0 ? random() % keys : key;
            if (now.size() < 2)
                continue;
            const auto at = now.begin() + below(now.size());
            const auto end = at + below(static_cast<std::size_t>(now.end() - at)) + 1;
            if (what == 3)
                now.erase(at);
            else if (what == 4)
                now.erase(at, end);
            else if (what == 5)
                std::rotate(now.begin(), at, end);
            else if (what == 6)
                std::iter_swap(at, now.begin() + below(now.size()));
            else if (random() % 10 == 0)
                std::shuffle(now.begin(), now.end(), random);
        }
        if (round % 100 == 99) {
            matching.reset();
            before.clear();
        }
        matching.match(before, now);
        QVERIFY2(matching.before() == expectedRows(before, now), why);
        QVERIFY2(applied(matching, before.size()) == matching.before(), why);
        before = now;
    }
}

void tst_RowMatching::fewMoves_data()
{
    QTest::addColumn<int>("moved");
    QTest::newRow("1") << 1;
    QTest::newRow("10") << 10;
}

/// Elements that move make a move each, and no other row moves.
void tst_RowMatching::fewMoves()
{
    QFETCH(int, moved);
    Keys before(10'000);
    std::iota(before.begin(), before.end(), 1000U);
    Keys now = before;
    for (int i = 0; i < moved; ++i) {
        const std::ptrdiff_t from = 100 + 700 * i;
        const quint64 key = now[static_cast<std::size_t>(from)];
        now.erase(now.begin() + from);
        now.insert(now.begin() + (9'900 - 650 * i), key);
    }
    RowMatching matching;
    matching.match({}, before);
    matching.match(before, now);
    std::vector<RowMatching::Move> moves;
    QVERIFY(matching.findMoves(SIZE_MAX, &moves));
    QCOMPARE(static_cast<int>(moves.size()), moved);
    QCOMPARE(applied(matching, before.size()), matching.before());
    QVERIFY(matching.removed().empty());
    QVERIFY(matching.inserted().empty());
}

void tst_RowMatching::tooManyMoves()
{
    Keys before(1000);
    std::iota(before.begin(), before.end(), 0U);
    const Keys now(before.rbegin(), before.rend());
    RowMatching matching;
    matching.match({}, before);
    matching.match(before, now);
    std::vector<RowMatching::Move> moves;
    QVERIFY(!matching.findMoves(998, &moves));
    QVERIFY(matching.findMoves(999, &moves));
    QCOMPARE(applied(matching, before.size()), matching.before());
    QCOMPARE(matching.order().front(), 999);
}

void tst_RowMatching::keysOfTypes()
{
    const SharedLayout layout =
        SharedLayout::parse(u"S{a:i8;b:u8;c:i16;d:u16;e:i32;f:u32;g:i64;h:u64;i:f32;j:f64;k:bool;l:char[4];m:u8[4]}");
    QVERIFY2(layout.isValid(), "the layout");
    QByteArray zero(layout.elementSize(), '\0');
    const auto bytes = [](const QByteArray &element) { return reinterpret_cast<const std::byte *>(element.data()); };
    for (const SharedLayout::Field &field : layout.fields()) {
        const bool isExpected = !QString(u"ijm"_s).contains(field.name);
        QVERIFY2(ElementKey::isPossible(field) == isExpected, qPrintable(field.name));
        if (!isExpected)
            continue;
        const ElementKey key(field);
        QVERIFY(key.isValid());
        QByteArray other = zero;
        other[field.offset] = 1;
        QVERIFY(key.of(bytes(zero)) != key.of(bytes(other)));
        // Other fields do not matter.
        QByteArray around(layout.elementSize(), '\x7f');
        std::memset(around.data() + field.offset, 0, static_cast<std::size_t>(field.size));
        QCOMPARE(key.of(bytes(around)), key.of(bytes(zero)));
        std::vector<quint64> keys;
        const QByteArray three = zero + other + zero;
        key.assign(bytes(three), 3, layout.elementSize(), &keys);
        QCOMPARE(keys, (std::vector<quint64>{key.of(bytes(zero)), key.of(bytes(other)), key.of(bytes(zero))}));
    }
}

void tst_RowMatching::keysOfTexts()
{
    const SharedLayout layout = SharedLayout::parse(u"S{a:i32;name:char[20]}");
    QVERIFY2(layout.isValid(), "the layout");
    const ElementKey key(layout.fields().at(1));
    const auto of = [&](const QByteArray &text, char behind = '\0') {
        QByteArray element(4, '\0');
        element += text;
        element += QByteArray(24 - element.size(), behind);
        if (text.size() < 20)
            element[4 + text.size()] = '\0';
        return key.of(reinterpret_cast<const std::byte *>(element.constData()));
    };
    QHash<quint64, QByteArray> seen;
    for (const QByteArray &text :
         QList<QByteArray>{"", "a", "b", "ab", "ba", "12345678", "123456789", "1234567890123456",
                           "12345678901234567890", "12345678901234567891"}) {
        const quint64 hash = of(text);
        QVERIFY2(!seen.contains(hash), text.constData());
        seen.insert(hash, text);
        // What is behind the end does not count.
        QCOMPARE(of(text, 'x'), hash);
    }
}

void tst_RowMatching::occurrences()
{
    const std::vector<quint64> keys{7, 8, 7, 9, 7};
    QCOMPARE((ElementKey::Occurrence{7, 0, 0}.indexIn(keys)), 0);
    QCOMPARE((ElementKey::Occurrence{7, 2, 0}.indexIn(keys)), 4);
    QCOMPARE((ElementKey::Occurrence{7, 3, 0}.indexIn(keys)), -1);
    QCOMPARE((ElementKey::Occurrence{7, 0, 1}.indexIn(keys)), 2);
    QCOMPARE((ElementKey::Occurrence{7, 2, 1}.indexIn(keys)), 0);
    QCOMPARE((ElementKey::Occurrence{8, 0, 3}.indexIn(keys)), 1);
    QCOMPARE((ElementKey::Occurrence{8, 0, 100}.indexIn(keys)), 1);
    QCOMPARE((ElementKey::Occurrence{5, 0, 0}.indexIn(keys)), -1);
    QCOMPARE((ElementKey::Occurrence{5, 0, 0}.indexIn({})), -1);
}

QTEST_APPLESS_MAIN(tst_RowMatching)
#include "tst_rowmatching.moc"
