// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The fields of a SharedObject by name: values, texts and metadata, in bindings.

#include "../../support/errorstyle.h"
#include "objecttest.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedObject>

#include <QtCore/QLocale>
#include <QtTest/QSignalSpy>

using namespace Qt::StringLiterals;
using namespace testsupport;

struct Tank
{
    double level;
    qint32 pump;
    double keys;
};
SHARED_STRUCT(Tank, level, pump, keys)

namespace {

QVariantMap about(const QString &unit)
{
    return {{u"fields"_s,
             QVariantMap{{u"level"_s, QVariantMap{{u"label"_s, u"Level"_s},
                                                  {u"unit"_s, unit},
                                                  {u"decimals"_s, 1},
                                                  {u"description"_s, u"of the water"_s},
                                                  {u"minimum"_s, 0},
                                                  {u"maximum"_s, 5},
                                                  {u"low"_s, 1},
                                                  {u"high"_s, 4},
                                                  {u"lowLow"_s, 0.5},
                                                  {u"highHigh"_s, 4.5}}},
                         {u"pump"_s, QVariantMap{{u"values"_s, QVariantMap{{u"0"_s, u"Off"_s}, {u"1"_s, u"On"_s}}}}}}}};
}

constexpr const char *Page = R"(
    import QtQml
    import SharedSegment
    QtObject {
        id: page
        property QtObject segment // made in C++
        property SharedObject tank: SharedObject {
            segment: page.segment
            property real level
        }
        property string level: tank.fields.level.text
        property var value: tank.fields.level.value
        property string pump: tank.fields.pump.text
        property string about: [tank.fields.level.label, tank.fields.level.unit, tank.fields.level.description].join("|")
        property var limits: {
            const level = tank.fields.level;
            return [level.minimum, level.maximum, level.low, level.high, level.lowLow, level.highHigh]
        }
        property real to: tank.fields.level.maximum ?? 100
        property string names: Object.keys(tank.fields).join()
        property SharedField same: tank.fields.level
        property var kept
        property int levelChanges: 0
        onLevelChanged: levelChanges += 1
        function evaluate(code) { return eval(code) }
    })";

} // namespace

class tst_Fields : public ObjectTest
{
    Q_OBJECT

private Q_SLOTS:
    void init() { makeEngine(); }
    void cleanup() { removeEngine(); }
    void beforeTheSegment();
    void textsFollowValues();
    void otherMetadata();
    void otherLayout();
    void assignments();
    void namesOfScripts();
    void unknownField();
    void withoutAnEngine();
    void changesInHandlers();
    void ofADestroyedObject();

private:
    QVariant evaluate(QObject *page, const char *code)
    {
        QVariant result;
        QMetaObject::invokeMethod(page, "evaluate", Q_RETURN_ARG(QVariant, result),
                                  Q_ARG(QVariant, QString::fromUtf8(code)));
        return result;
    }
    static void show(QObject *page, SharedSegment *segment)
    {
        page->setProperty("segment", QVariant::fromValue(segment));
    }
};

void tst_Fields::beforeTheSegment()
{
    QTest::failOnWarning(QRegularExpression(u"."_s));
    QObject *page = create(Page);
    QVERIFY(page);
    QCOMPARE(page->property("level"), QVariant(u"–"_s));
    QCOMPARE(page->property("value"), QVariant());
    QCOMPARE(page->property("about"), QVariant(u"level||"_s));
    QCOMPARE(page->property("to"), QVariant(100.0));
    QCOMPARE(page->property("names"), QVariant(QString()));
    QCOMPARE(evaluate(page, "tank.fields.level.minimum === undefined"), QVariant(true));
}

void tst_Fields::textsFollowValues()
{
    QTest::failOnWarning(QRegularExpression(u"."_s));
    QObject *page = create(Page);
    QVERIFY(page);
    SharedArray<Tank> tank(uniqueName());
    tank.segment()->setMetadata(about(u"m"_s));
    QVERIFY2(tank.create(1), qPrintable(tank.errorString()));
    tank.beginWrite()[0] = {2.46, 1, 0};
    show(page, tank.segment());
    QCOMPARE(page->property("level"), QVariant(QLocale().toString(2.46, 'f', 1) + u"\u00a0m"_s));
    QCOMPARE(page->property("value"), QVariant(2.46));
    QCOMPARE(page->property("pump"), QVariant(u"On"_s));
    QCOMPARE(page->property("about"), QVariant(u"Level|m|of the water"_s));
    QCOMPARE(page->property("limits").toList(), (QVariantList{0.0, 5.0, 1.0, 4.0, 0.5, 4.5}));
    QCOMPARE(page->property("to"), QVariant(5.0));
    QCOMPARE(page->property("names"), QVariant(u"level,pump,keys"_s));
    const int changes = page->property("levelChanges").toInt();
    tank.beginWrite()[0].pump = 0;
    QTRY_COMPARE_WITH_TIMEOUT(page->property("pump"), QVariant(u"Off"_s), 10'000);
    QCOMPARE(page->property("levelChanges").toInt(), changes);
    tank.beginWrite()[0].level = qQNaN();
    QTRY_COMPARE_WITH_TIMEOUT(page->property("level"), QVariant(u"–"_s), 10'000);
    tank.close();
    QCOMPARE(page->property("pump"), QVariant(u"–"_s));
    QCOMPARE(page->property("value"), QVariant());
}

void tst_Fields::otherMetadata()
{
    QObject *page = create(Page);
    QVERIFY(page);
    SharedArray<Tank> tank(uniqueName());
    tank.segment()->setMetadata(about(u"m"_s));
    QVERIFY(tank.create(1));
    show(page, tank.segment());
    auto *const same = page->property("same").value<SharedField *>();
    QVERIFY(same);
    QSignalSpy value(same, &SharedField::valueChanged);
    tank.segment()->setMetadata(about(u"ft"_s));
    QVERIFY2(tank.segment()->recreate(2), qPrintable(tank.errorString()));
    QTRY_COMPARE_WITH_TIMEOUT(page->property("about"), QVariant(u"Level|ft|of the water"_s), 10'000);
    QCOMPARE(page->property("level").toString().right(3), u"\u00a0ft"_s);
    QCOMPARE(value.count(), 0);
    QCOMPARE(page->property("same").value<SharedField *>(), same);
}

void tst_Fields::otherLayout()
{
    QObject *page = create(Page);
    QVERIFY(page);
    SharedArray<Tank> tank(uniqueName());
    tank.segment()->setMetadata(about(u"m"_s));
    QVERIFY(tank.create(1));
    show(page, tank.segment());
    SharedSegment other(uniqueName());
    QVERIFY(other.create(SharedLayout::parse(u"S{index:i32;level:i32}"_s), 1));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"fields.pump is no field of .*; correct the name"_s));
    show(page, &other);
    QCOMPARE(page->property("level"), QVariant(u"0"_s));
    QCOMPARE(page->property("about"), QVariant(u"level||"_s));
    QCOMPARE(page->property("pump"), QVariant(u"–"_s));
    QCOMPARE(page->property("names"), QVariant(u"index,level"_s));
    QCOMPARE(evaluate(page, "tank.fields.index.value + tank.fields.index_.value"), QVariant(0));
    show(page, tank.segment());
    QCOMPARE(page->property("pump"), QVariant(u"Off"_s));
}

void tst_Fields::assignments()
{
    QObject *page = create(Page);
    QVERIFY(page);
    SharedArray<Tank> tank(uniqueName());
    QVERIFY(tank.create(1));
    show(page, tank.segment());
    QCOMPARE(evaluate(page, "tank.fields.level.value = 3; tank.fields.level.value"), QVariant(3));
    QCOMPARE(tank.readElement(0).level, 3.0);
    // The declared property shows it, too.
    QCOMPARE(evaluate(page, "tank.level"), QVariant(3));
    QCOMPARE(page->property("level"), QVariant(u"3"_s));
    QCOMPARE(tank.error(), SharedSegment::Error::NoError);
    evaluate(page, "tank.fields.level.value = 'three'");
    QCOMPARE(tank.error(), SharedSegment::Error::InvalidValue);
    QCOMPARE(page->property("value"), QVariant(3.0));
    evaluate(page, "tank.fields.level = 4");
    QCOMPARE(tank.error(), SharedSegment::Error::InvalidValue);
    QCOMPARE(errorstyle::problemOf(tank.errorString()), QString());
    QVERIFY2(tank.errorString().contains(u"assign to fields.level.value"_s), qPrintable(tank.errorString()));
    QCOMPARE(tank.revision(), 1u);
}

void tst_Fields::namesOfScripts()
{
    QTest::failOnWarning(QRegularExpression(u"."_s));
    QObject *page = create(Page);
    QVERIFY(page);
    SharedArray<Tank> tank(uniqueName());
    QVERIFY(tank.create(1));
    tank.beginWrite()[0] = {1, 2, 3};
    show(page, tank.segment());
    QVERIFY(evaluate(page, "`${tank.fields}`").toString().startsWith(u"[object "_s));
    QCOMPARE(evaluate(page, "'level' in tank.fields"), QVariant(true));
    QCOMPARE(evaluate(page, "'frobnicate' in tank.fields"), QVariant(false));
    QCOMPARE(evaluate(page, "Object.entries(tank.fields).map(([name, field]) => name + field.value).join()"),
             QVariant(u"level1,pump2,keys3"_s));
    QCOMPARE(evaluate(page, "tank.fields === tank.fields"), QVariant(true));
    QCOMPARE(evaluate(page, "tank.fields.level === tank.fields.level"), QVariant(true));
    QCOMPARE(evaluate(page, "tank.fields.then === undefined"), QVariant(true));
    QCOMPARE(evaluate(page, "tank.fields.keys.value"), QVariant(3));
    SharedSegment other(uniqueName());
    QVERIFY(other.create(SharedLayout::parse(u"S{toString:i32;level:i32;pump:i32}"_s), 1));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"fields.keys is no field of .*; correct the name"_s));
    show(page, &other);
    QCOMPARE(evaluate(page, "tank.fields.toString.value"), QVariant(0));
}

void tst_Fields::unknownField()
{
    QObject *page = create(Page);
    QVERIFY(page);
    SharedArray<Tank> tank(uniqueName());
    QVERIFY(tank.create(1));
    show(page, tank.segment());
    QTest::failOnWarning(QRegularExpression(u"."_s));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(
                                           u"fields.levle is no field of .*, which has: level, pump, keys; correct"_s));
    for (int i = 0; i < 2; ++i)
        QCOMPARE(evaluate(page, "tank.fields.levle.text"), QVariant(u"–"_s));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"there is no field \"levle\""_s));
    evaluate(page, "tank.fields.levle.value = 3");
    QCOMPARE(tank.error(), SharedSegment::Error::InvalidValue);
    QVERIFY2(tank.errorString().startsWith(u"there is no field \"levle\"; there are: level"_s),
             qPrintable(tank.errorString()));
}

void tst_Fields::withoutAnEngine()
{
    SharedArray<Tank> tank(uniqueName());
    tank.segment()->setMetadata(about(u"m"_s));
    QVERIFY(tank.create(1));
    SharedObject object;
    object.componentComplete();
    SharedField *const level = object.field(u"level"_s);
    QSignalSpy value(level, &SharedField::valueChanged);
    QSignalSpy text(level, &SharedField::textChanged);
    QSignalSpy metadata(level, &SharedField::metadataChanged);
    object.setSegment(tank.segment());
    QCOMPARE(level->value(), QVariant(0.0));
    QCOMPARE(level->highHigh(), QVariant(4.5));
    QCOMPARE(value.count(), 1);
    QCOMPARE(text.count(), 2);
    QCOMPARE(metadata.count(), 1);
    QVERIFY(object.fields().isUndefined());
    level->setValue(4);
    QCOMPARE(tank.readElement(0).level, 4.0);
}

/// A handler opens another segment, and deletes the object.
void tst_Fields::changesInHandlers()
{
    SharedArray<Tank> tank(uniqueName());
    tank.segment()->setMetadata(about(u"m"_s));
    QVERIFY(tank.create(1));
    SharedSegment other(uniqueName());
    QVERIFY(other.create(SharedLayout::parse(u"i32"_s), 1));
    auto object = std::make_unique<SharedObject>();
    object->componentComplete();
    object->field(u"pump"_s);
    SharedField *const level = object->field(u"level"_s);
    const QMetaObject::Connection connection =
        connect(level, &SharedField::metadataChanged, this, [&] { object->setSegment(&other); });
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"fields.pump is no field"_s));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"fields.level is no field"_s));
    object->setSegment(tank.segment());
    QCOMPARE(object->segment(), &other);
    QCOMPARE(level->value(), QVariant());
    disconnect(connection);
    object->setSegment(tank.segment());
    QCOMPARE(level->value(), QVariant(0.0));
    connect(level, &SharedField::valueChanged, this, [&] { object.reset(); });
    level->setValue(1);
    QVERIFY(!object);
    QCOMPARE(tank.readElement(0).level, 1.0);
}

void tst_Fields::ofADestroyedObject()
{
    QObject *page = create(Page);
    QVERIFY(page);
    SharedArray<Tank> tank(uniqueName());
    QVERIFY(tank.create(1));
    show(page, tank.segment());
    evaluate(page, "page.kept = [tank.fields, tank.fields.level]");
    for (const char *const name : {"level", "value", "pump", "about", "limits", "to", "names"})
        page->setProperty(name, QVariant()); // ends the binding
    delete page->property("tank").value<QObject *>();
    QCOMPARE(page->property("same").value<SharedField *>(), nullptr);
    for (const char *const code : {"kept[0].level", "kept[0].pump", "Object.keys(kept[0])", "kept[1].text"}) {
        const QByteArray guarded = QByteArray("(function() { try { return ") + code
                                 + " } catch (error) { return 'gone' } })()";
        const QVariant result = evaluate(page, guarded.constData());
        QVERIFY2(!result.isValid() || result == QVariant(u"gone"_s), code);
    }
}

QTEST_GUILESS_MAIN(tst_Fields)

#include "tst_fields.moc"
