// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Metadata are checked when a segment is made: a mistake is an error that names the key and the remedy.

#include "../../support/errorstyle.h"
#include "../../support/testsupport.h"

#include <SharedSegment/SharedSegment>

#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace testsupport;
using Error = SharedSegment::Error;

class tst_Metadata : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void good_data();
    void good();
    void bad_data();
    void bad();
    void recreate();
    void active();
    void ofOthers();

private:
    RegistryFolder m_folder;
};

namespace {

constexpr const char *Tank = "Tank{level:f64;pump:i32;time:u64;pos.x:f32;times:i64[2]}";

QVariantMap parsed(const QByteArray &json)
{
    return QJsonDocument::fromJson(json).object().toVariantMap();
}

} // namespace

void tst_Metadata::good_data()
{
    QTest::addColumn<QByteArray>("layout");
    QTest::addColumn<QByteArray>("metadata");
    for (
        const char *metadata : {
            R"({"description":"tank","content":"x/y","staleAfter":500,"sampleRate":0.5,"timeField":"time"})",
            R"({"fields":{"level":{"label":"Level","unit":"m","description":"d","minimum":0,"maximum":-5,"low":1e300}}})",
            R"({"fields":{"level":{"high":1,"lowLow":2,"highHigh":3.5,"hysteresis":0,"delay":10,"decimals":20}}})",
            R"({"fields":{"pos.x":{"values":{"0":"Off","-1":"Broken","18446744073709551615":"All"}},"times":{}}})",
            R"({"fields":{},"unit":7,"own":{"fields":[1]},"Fields":3})",
            R"({"fields":{"level":{"own":[]}}})",
        })
        QTest::addRow("%s", metadata) << QByteArray(Tank) << QByteArray(metadata);
    QTest::newRow("scalar") << QByteArray("i64")
                            << QByteArray(R"({"fields":{"value":{"unit":"s"}},"timeField":"value"})");
}

void tst_Metadata::good()
{
    QFETCH(const QByteArray, layout);
    QFETCH(const QByteArray, metadata);
    SharedSegment segment(uniqueName());
    segment.setMetadata(parsed(metadata));
    QVERIFY2(segment.create(SharedLayout::parse(QString::fromLatin1(layout)), 2), qPrintable(segment.errorString()));
    QCOMPARE(segment.metadata(), parsed(metadata));
}

void tst_Metadata::bad_data()
{
    QTest::addColumn<QByteArray>("layout");
    QTest::addColumn<QByteArray>("metadata");
    QTest::addColumn<QString>("named");
    QTest::addColumn<QString>("remedy");
    const auto row = [](const QByteArray &metadata, const QString &named, const QString &remedy,
                        const char *layout = Tank) {
        QTest::addRow("%s", metadata.constData()) << QByteArray(layout) << metadata << named << remedy;
    };
    row(R"({"fields":{"levle":{"unit":"m"}}})", u"fields.levle is no field"_s,
        u"use one of: level, pump, time, pos.x, times"_s);
    row(R"({"fields":{"pos_x":{}}})", u"fields.pos_x is no field"_s, u"use one of"_s);
    row(R"({"fields":{"speed":{}}})", u"fields.speed is no field of f64"_s, u"use one of: value"_s, "f64");
    row(R"({"fields":[]})", u"fields is not an object"_s, u"give an object"_s);
    row(R"({"fields":{"level":"m"}})", u"fields.level is not an object"_s, u"give one"_s);
    row(R"({"fields":{"level":null}})", u"fields.level is not an object"_s, u"give one"_s);
    for (const QString &key : {u"label"_s, u"unit"_s, u"description"_s})
        row(QByteArray("{\"fields\":{\"level\":{\"" + key.toLatin1() + "\":7}}}"), u"fields.level."_s + key,
            u"give one"_s);
    for (const QString &key : {u"minimum"_s, u"maximum"_s, u"low"_s, u"high"_s, u"lowLow"_s, u"highHigh"_s})
        row(QByteArray("{\"fields\":{\"level\":{\"" + key.toLatin1() + "\":\"7\"}}}"), u"fields.level."_s + key,
            u"give one"_s);
    row(R"({"fields":{"level":{"low":null}}})", u"fields.level.low is not a number"_s, u"give one"_s);
    row(R"({"fields":{"level":{"low":true}}})", u"fields.level.low is not a number"_s, u"give one"_s);
    row(R"({"fields":{"level":{"hysteresis":-1}}})", u"fields.level.hysteresis"_s, u"give one"_s);
    row(R"({"fields":{"level":{"delay":"1 s"}}})", u"fields.level.delay"_s, u"give one"_s);
    for (const char *digits : {"-1", "21", "1.5", "\"2\""})
        row(QByteArray(R"({"fields":{"level":{"decimals":)") + digits + "}}}", u"fields.level.decimals"_s,
            u"from 0 to 20"_s);
    row(R"({"fields":{"pump":{"values":["Off","On"]}}})", u"fields.pump.values is not an object"_s,
        u"by their numbers"_s);
    row(R"({"fields":{"pump":{"values":{"off":"Off"}}}})", u"fields.pump.values has the key \"off\""_s,
        u"by their numbers"_s);
    row(R"({"fields":{"pump":{"values":{"1.0":"Off"}}}})", u"\"1.0\""_s, u"by their numbers"_s);
    row(R"({"fields":{"pump":{"values":{"1":1}}}})", u"fields.pump.values has no text for 1"_s, u"give one"_s);
    row(R"({"timeField":"when"})", u"timeField \"when\" is no field"_s, u"use one of: time"_s);
    row(R"({"timeField":"level"})", u"timeField \"level\" is no field of type i64 or u64"_s, u"use one of: time"_s);
    row(R"({"timeField":"times"})", u"timeField \"times\""_s, u"use one of: time"_s);
    row(R"({"timeField":7})", u"timeField \"7\""_s, u"use one of: time"_s);
    row(R"({"timeField":"value"})", u"timeField \"value\""_s, u"leave the key out"_s, "f64");
    for (const char *rate : {"0", "-1", "\"fast\"", "null", "1e-320"})
        row(QByteArray(R"({"sampleRate":)") + rate + '}', u"sampleRate is not a positive number"_s, u"in a second"_s);
    row(R"({"description":7})", u"description is not a text"_s, u"give one"_s);
    row(R"({"content":{}})", u"content is not a text"_s, u"give one"_s);
    row(R"({"staleAfter":-1})", u"staleAfter is not a number of at least 0"_s, u"give one"_s);
}

void tst_Metadata::bad()
{
    QFETCH(const QByteArray, layout);
    QFETCH(const QByteArray, metadata);
    QFETCH(const QString, named);
    QFETCH(const QString, remedy);
    SharedSegment segment(uniqueName());
    segment.setMetadata(parsed(metadata));
    QVERIFY(!segment.metadata().isEmpty());
    QVERIFY(!segment.create(SharedLayout::parse(QString::fromLatin1(layout)), 2));
    QCOMPARE(segment.error(), Error::InvalidValue);
    const QString text = segment.errorString();
    QCOMPARE(errorstyle::problemOf(text), QString());
    QVERIFY2(text.contains(named) && text.contains(remedy), qPrintable(text));
    QVERIFY(!SharedSegment::exists(segment.name()));
    segment.setMetadata({});
    QVERIFY(segment.create(SharedLayout::parse(QString::fromLatin1(layout)), 2));
}

void tst_Metadata::recreate()
{
    SharedSegment segment(uniqueName());
    const QVariantMap before = parsed(R"({"fields":{"level":{"unit":"m"}}})");
    segment.setMetadata(before);
    QVERIFY(segment.create(SharedLayout::parse(QString::fromLatin1(Tank)), 2));
    segment.setMetadata(parsed(R"({"fields":{"levle":{"unit":"m"}}})"));
    QVERIFY(!segment.recreate(4));
    QCOMPARE(segment.error(), Error::InvalidValue);
    QCOMPARE(segment.state(), SharedSegment::State::Open);
    QCOMPARE(segment.capacity(), 2);
    QCOMPARE(segment.metadata(), before);
}

void tst_Metadata::active()
{
    SharedSegment segment(uniqueName());
    QSignalSpy failed(&segment, &SharedSegment::errorOccurred);
    segment.setLayoutText(u"f64"_s);
    segment.setCapacity(1);
    segment.setOwner(true);
    segment.setMetadata(parsed(R"({"sampleRate":"fast"})"));
    segment.setActive(true);
    QCOMPARE(segment.error(), Error::InvalidValue);
    QCOMPARE(segment.state(), SharedSegment::State::Closed);
    QCOMPARE(failed.count(), 1);
    segment.setMetadata(parsed(R"({"sampleRate":10})"));
    QCOMPARE(segment.state(), SharedSegment::State::Open);
    QCOMPARE(segment.error(), Error::NoError);
}

void tst_Metadata::ofOthers()
{
    const QString name = uniqueName();
    const QByteArray metadata = R"({"fields":{"levle":{"unit":7}},"timeField":1,"sampleRate":-1})";
    Peer peer(
        {u"own"_s, name, u"f64"_s, u"4"_s, u"automatic"_s, u"1"_s, u"one"_s, u"fixed"_s, QString::fromUtf8(metadata)});
    QCOMPARE(peer.line(), u"ready"_s);
    SharedSegment segment(name);
    QVERIFY2(segment.open(), qPrintable(segment.errorString()));
    QCOMPARE(segment.metadata(), parsed(metadata));
}

QTEST_GUILESS_MAIN(tst_Metadata)

#include "tst_metadata.moc"
