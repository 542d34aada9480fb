// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What metadata say about a field, and a value of the field as text for people.

#include "../../../src/core/fieldmetadata.h"
#include "../../../src/core/timemetadata.h"

#include <QtTest/QtTest>

#include <array>
#include <cmath>
#include <cstring>
#include <limits>

using namespace Qt::StringLiterals;

namespace {

const QLocale English(QLocale::English, QLocale::UnitedStates);
const QLocale German(QLocale::German, QLocale::Germany);

QVariantMap about(const QString &key, const QVariantMap &field)
{
    return {{u"fields"_s, QVariantMap{{key, field}}}};
}

FieldMetadata metadataOf(const QVariantMap &field, const QString &layout = u"f64"_s)
{
    const SharedLayout::Field first = SharedLayout::parse(layout).fields().at(0);
    return FieldMetadata(first, about(FieldMetadata::keyOf(first), field));
}

} // namespace

class tst_FieldMetadata : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void defaults();
    void all();
    void eachField();
    void wrongTypes_data();
    void wrongTypes();
    void numbers_data();
    void numbers();
    void units_data();
    void units();
    void names();
    void lists();
    void bytes();
    void times_data();
    void times();
};

void tst_FieldMetadata::defaults()
{
    const FieldMetadata scalar(SharedLayout::parse(u"f64"_s).fields().at(0), {});
    QCOMPARE(scalar.label, u"value"_s);
    QCOMPARE(scalar.header(), u"value"_s);
    QVERIFY(scalar.unit.isEmpty());
    QVERIFY(scalar.description.isEmpty());
    for (const std::optional<double> &number : {scalar.minimum, scalar.maximum, scalar.low, scalar.high, scalar.lowLow,
                                                scalar.highHigh, scalar.hysteresis, scalar.delay})
        QVERIFY(!number);
    QVERIFY(!scalar.decimals);
    QVERIFY(scalar.values.isEmpty());
    QCOMPARE(FieldMetadata(SharedLayout::parse(u"Body{pos.x:f64}"_s).fields().at(0), {}).label, u"pos.x"_s);
}

void tst_FieldMetadata::all()
{
    const FieldMetadata field = metadataOf({{u"label"_s, u"Pressure"_s},
                                            {u"unit"_s, u"bar"_s},
                                            {u"description"_s, u"at the inlet"_s},
                                            {u"minimum"_s, 0},
                                            {u"maximum"_s, 10LL},
                                            {u"low"_s, 1.5},
                                            {u"high"_s, 8.5},
                                            {u"lowLow"_s, 1u},
                                            {u"highHigh"_s, 9.0f},
                                            {u"hysteresis"_s, 0.25},
                                            {u"delay"_s, 500},
                                            {u"decimals"_s, 2.0},
                                            {u"values"_s, QVariantMap{{u"0"_s, u"Off"_s}, {u"1"_s, 7}}}});
    QCOMPARE(field.label, u"Pressure"_s);
    QCOMPARE(field.unit, u"bar"_s);
    QCOMPARE(field.header(), u"Pressure [bar]"_s);
    QCOMPARE(field.description, u"at the inlet"_s);
    QCOMPARE(field.minimum, 0.0);
    QCOMPARE(field.maximum, 10.0);
    QCOMPARE(field.low, 1.5);
    QCOMPARE(field.high, 8.5);
    QCOMPARE(field.lowLow, 1.0);
    QCOMPARE(field.highHigh, 9.0);
    QCOMPARE(field.hysteresis, 0.25);
    QCOMPARE(field.delay, 500.0);
    QCOMPARE(field.decimals, 2);
    QCOMPARE(field.values, (QHash<QString, QString>{{u"0"_s, u"Off"_s}}));
}

void tst_FieldMetadata::eachField()
{
    const SharedLayout layout = SharedLayout::parse(u"Body{pos.x:f64;pos.y:f64;on:bool}"_s);
    const QList<FieldMetadata> fields = FieldMetadata::of(layout, about(u"pos.y"_s, {{u"unit"_s, u"m"_s}}));
    QCOMPARE(fields.size(), 3);
    QCOMPARE(fields.at(0).header(), u"pos.x"_s);
    QCOMPARE(fields.at(1).header(), u"pos.y [m]"_s);
    QCOMPARE(fields.at(2).header(), u"on"_s);
    QVERIFY(fields.at(0) != fields.at(1));
    QVERIFY(fields == FieldMetadata::of(layout, about(u"pos.y"_s, {{u"unit"_s, u"m"_s}})));
}

void tst_FieldMetadata::wrongTypes_data()
{
    QTest::addColumn<QVariantMap>("metadata");
    const QVariantList others = {QVariant(),
                                 QVariant::fromValue(nullptr),
                                 true,
                                 u"7"_s,
                                 QVariantList{1, u"x"_s},
                                 QVariantMap{{u"x"_s, 1}},
                                 std::numeric_limits<double>::quiet_NaN(),
                                 std::numeric_limits<double>::infinity(),
                                 -1e300};
    for (const QVariant &other : others) {
        const QByteArray name = QByteArray(other.typeName()) + ' ' + other.toString().toUtf8();
        QTest::addRow("fields: %s", name.constData()) << QVariantMap{{u"fields"_s, other}};
        QTest::addRow("field: %s", name.constData()) << QVariantMap{{u"fields"_s, QVariantMap{{u"value"_s, other}}}};
        QVariantMap keys;
        for (const QString &key : {u"hysteresis"_s, u"delay"_s, u"decimals"_s, u"values"_s})
            keys.insert(key, other);
        if (other.typeId() != QMetaType::Double || std::isnan(other.toDouble()) || std::isinf(other.toDouble())) {
            for (const QString &key : {u"minimum"_s, u"maximum"_s, u"low"_s, u"high"_s, u"lowLow"_s, u"highHigh"_s})
                keys.insert(key, other);
        }
        if (other.typeId() != QMetaType::QString) {
            for (const QString &key : {u"label"_s, u"unit"_s, u"description"_s})
                keys.insert(key, other);
        } else {
            keys.insert(u"label"_s, 7);
        }
        if (other.typeId() == QMetaType::QVariantMap)
            keys.insert(u"values"_s, QVariantMap{{u"0"_s, 1}, {u"1"_s, other}});
        QTest::addRow("keys: %s", name.constData()) << about(u"value"_s, keys);
    }
    for (const double decimals : {-1.0, 2.5, 21.0, 1e9, 1e300})
        QTest::addRow("decimals: %g", decimals) << about(u"value"_s, {{u"decimals"_s, decimals}});
    QTest::newRow("another field") << about(u"speed"_s, {{u"unit"_s, u"m"_s}});
}

void tst_FieldMetadata::wrongTypes()
{
    QFETCH(const QVariantMap, metadata);
    const SharedLayout::Field field = SharedLayout::parse(u"f64"_s).fields().at(0);
    QVERIFY(FieldMetadata(field, metadata) == FieldMetadata(field, {}));
}

void tst_FieldMetadata::numbers_data()
{
    QTest::addColumn<QVariant>("value");
    QTest::addColumn<QVariantMap>("metadata");
    QTest::addColumn<QString>("english");
    QTest::addColumn<QString>("german");
    const QVariantMap two{{u"decimals"_s, 2}};
    QTest::newRow("double") << QVariant(1234.5) << QVariantMap() << u"1,234.5"_s << u"1.234,5"_s;
    QTest::newRow("double of many digits")
        << QVariant(0.1 + 0.2) << QVariantMap() << u"0.30000000000000004"_s << u"0,30000000000000004"_s;
    QTest::newRow("float") << QVariant(0.1f) << QVariantMap() << u"0.1"_s << u"0,1"_s;
    QTest::newRow("decimals") << QVariant(1234.5) << two << u"1,234.50"_s << u"1.234,50"_s;
    QTest::newRow("no decimals") << QVariant(2.6) << QVariantMap{{u"decimals"_s, 0}} << u"3"_s << u"3"_s;
    QTest::newRow("rounds to zero") << QVariant(-0.001) << two << u"0.00"_s << u"0,00"_s;
    QTest::newRow("does not round to zero") << QVariant(-0.006) << two << u"-0.01"_s << u"-0,01"_s;
    QTest::newRow("negative zero") << QVariant(-0.0) << QVariantMap() << u"0"_s << u"0"_s;
    QTest::newRow("integer") << QVariant(-12345) << two << u"-12,345"_s << u"-12.345"_s;
    QTest::newRow("largest") << QVariant(std::numeric_limits<quint64>::max()) << QVariantMap()
                             << u"18,446,744,073,709,551,615"_s << u"18.446.744.073.709.551.615"_s;
    QTest::newRow("least") << QVariant(std::numeric_limits<qint64>::min()) << QVariantMap()
                           << u"-9,223,372,036,854,775,808"_s << u"-9.223.372.036.854.775.808"_s;
}

void tst_FieldMetadata::numbers()
{
    QFETCH(const QVariant, value);
    QFETCH(const QVariantMap, metadata);
    QTEST(metadataOf(metadata).text(value, English), "english");
    QTEST(metadataOf(metadata).text(value, German), "german");
}

void tst_FieldMetadata::units_data()
{
    QTest::addColumn<QVariant>("value");
    QTest::addColumn<QString>("unit");
    QTest::addColumn<QString>("text");
    QTest::newRow("bar") << QVariant(1.5) << u"bar"_s << u"1.5\u00a0bar"_s;
    QTest::newRow("percent") << QVariant(50) << u"%"_s << u"50\u00a0%"_s;
    QTest::newRow("degree Celsius") << QVariant(21.5) << u"°C"_s << u"21.5\u00a0°C"_s;
    QTest::newRow("degree") << QVariant(90) << u"°"_s << u"90°"_s;
    QTest::newRow("minute") << QVariant(30) << u"′"_s << u"30′"_s;
    QTest::newRow("none") << QVariant(1.5) << QString() << u"1.5"_s;
    QTest::newRow("NaN") << QVariant(std::nan("")) << u"bar"_s << u"–"_s;
    QTest::newRow("infinity") << QVariant(-std::numeric_limits<double>::infinity()) << u"bar"_s << u"–"_s;
    QTest::newRow("invalid") << QVariant() << u"bar"_s << u"–"_s;
    QTest::newRow("bool") << QVariant(true) << u"bar"_s << u"true"_s;
    QTest::newRow("text") << QVariant(u"seven"_s) << u"bar"_s << u"seven"_s;
    QTest::newRow("empty text") << QVariant(QString()) << u"bar"_s << QString();
}

void tst_FieldMetadata::units()
{
    QFETCH(const QVariant, value);
    QFETCH(const QString, unit);
    QTEST(metadataOf({{u"unit"_s, unit}}).text(value, English), "text");
}

void tst_FieldMetadata::names()
{
    const FieldMetadata field = metadataOf({{u"unit"_s, u"steps"_s},
                                            {u"values"_s, QVariantMap{{u"0"_s, u"Off"_s},
                                                                      {u"1"_s, u"On"_s},
                                                                      {u"-1"_s, u"Broken"_s},
                                                                      {u"18446744073709551615"_s, u"All"_s}}}});
    QCOMPARE(field.text(0, English), u"Off"_s);
    QCOMPARE(field.text(-1, English), u"Broken"_s);
    QCOMPARE(field.text(std::numeric_limits<quint64>::max(), English), u"All"_s);
    QCOMPARE(field.text(true, English), u"On"_s);
    QCOMPARE(field.text(2, English), u"2\u00a0steps"_s);
    QCOMPARE(field.text(u"1"_s, English), u"1"_s);
}

void tst_FieldMetadata::lists()
{
    const FieldMetadata field = metadataOf({{u"unit"_s, u"m"_s}, {u"decimals"_s, 1}});
    const QVariantList items{1.0, std::nan(""), 2.5};
    QCOMPARE(field.text(items, English), u"1.0, –, 2.5\u00a0m"_s);
    QCOMPARE(field.text(items, German), u"1,0; –; 2,5\u00a0m"_s);
    QCOMPARE(field.text(QVariantList(), English), QString());
    QCOMPARE(field.text(QVariantList(1000, 0), English).count(u'0'), 1000);
    const QString many = field.text(QVariantList(1001, 0), English);
    QCOMPARE(many.count(u'0'), 1000);
    QVERIFY2(many.endsWith(u"0, …\u00a0m"_s), qPrintable(many.right(10)));
}

void tst_FieldMetadata::bytes()
{
    const SharedLayout layout = SharedLayout::parse(u"Way{id:u64;places:f32[3]}"_s);
    const QList<FieldDecoder> fields = FieldDecoder::of(layout);
    std::array<std::byte, 24> element{};
    const std::array<float, 3> places{0.1f, 2, std::numeric_limits<float>::infinity()};
    element[0] = std::byte(7);
    std::memcpy(element.data() + 8, places.data(), sizeof places);
    const FieldMetadata id(fields.at(0).field(), about(u"id"_s, {{u"unit"_s, u"pcs"_s}}));
    const FieldMetadata place(fields.at(1).field(), about(u"places"_s, {{u"unit"_s, u"m"_s}}));
    QCOMPARE(id.text(fields.at(0), element.data(), English), u"7\u00a0pcs"_s);
    QCOMPARE(place.text(fields.at(1), element.data(), English), u"0.1, 2, –"_s);
}

void tst_FieldMetadata::times_data()
{
    QTest::addColumn<QVariantMap>("metadata");
    QTest::addColumn<bool>("hasField");
    QTest::addColumn<double>("interval");
    const auto row = [](const char *name, const QVariantMap &metadata, bool hasField, double interval) {
        QTest::newRow(name) << metadata << hasField << interval;
    };
    row("none", {}, false, 0);
    row("rate", {{u"sampleRate"_s, 4}}, false, 250e6);
    row("field", {{u"timeField"_s, u"signed"_s}, {u"sampleRate"_s, 1000.0}}, true, 1e6);
    row("unsigned field", {{u"timeField"_s, u"unsigned"_s}}, true, 0);
    for (const QVariant &rate : {QVariant(0), QVariant(-1), QVariant(u"4"_s), QVariant(true), QVariant(1e-320),
                                 QVariant(std::numeric_limits<double>::infinity()), QVariant(std::nan(""))})
        row("no rate", {{u"sampleRate"_s, rate}}, false, 0);
    for (const QVariant &name : {QVariant(u"frobnicate"_s), QVariant(u"real"_s), QVariant(u"list"_s),
                                 QVariant(QString()), QVariant(7), QVariant(u"value"_s)})
        row("no field", {{u"timeField"_s, name}}, false, 0);
}

void tst_FieldMetadata::times()
{
    QFETCH(const QVariantMap, metadata);
    QFETCH(const bool, hasField);
    const SharedLayout layout = SharedLayout::parse(u"Timed{real:f64;signed:i64;unsigned:u64;list:i64[2]}"_s);
    const TimeMetadata times(layout, metadata);
    QCOMPARE(times.hasField(), hasField);
    QTEST(times.interval(), "interval");
    std::array<qint64, 5> element{1, 2, 2, 1, 1};
    const auto *const bytes = reinterpret_cast<const std::byte *>(element.data());
    QCOMPARE(times.time(bytes), hasField ? std::optional<qint64>(2) : std::nullopt);
    element[1] = element[2] = -1; // before 1970, and after 2262
    QCOMPARE(times.time(bytes), std::nullopt);
}

QTEST_GUILESS_MAIN(tst_FieldMetadata)
#include "tst_fieldmetadata.moc"
