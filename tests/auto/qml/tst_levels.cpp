// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Figures take their colour from the limits in the metadata: fields of a SharedObject, and rows of a SharedArrayModel.

#include "objecttest.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedField>
#include <SharedSegment/SharedObject>

#include <QtCore/QJsonDocument>
#include <QtCore/QPointer>
#include <QtCore/QRegularExpression>
#include <QtGui/QColor>
#include <QtTest/QSignalSpy>

#include <cmath>

using namespace Qt::StringLiterals;
using namespace testsupport;
using Level = SharedLimits::Level;

struct Boiler
{
    double pressure;
    qint32 pump;
    float flow[2];
};
SHARED_STRUCT(Boiler, pressure, pump, flow)

namespace {

constexpr auto About =
    R"({"fields": {"pressure": {"high": 80, "highHigh": 90, "hysteresis": 10}, "flow": {"low": 1}}})";

constexpr const char *Page = R"(
    import QtQuick
    import SharedSegment
    Item {
        id: page
        property QtObject segment // made in C++
        property alias values: values
        property alias list: list
        SharedObject {
            id: values
            segment: page.segment
        }
        property int pressureLevel: values.fields.pressure.level
        property color pressureColor: values.fields.pressure.level === SharedLimits.Normal ? "gray" : "red"
        Repeater {
            id: list
            model: SharedArrayModel { segment: page.segment }
            delegate: Rectangle {
                required property int pressureLevel
                color: pressureLevel === SharedLimits.High ? "red" : "gray"
            }
        }
        function colorOf(row) { return list.itemAt(row).color }
    })";

QVariantMap json(const char *text)
{
    return QJsonDocument::fromJson(text).toVariant().toMap();
}

class CountingSegment : public SharedSegment
{
public:
    using SharedSegment::SharedSegment;
    int staleReceivers() const { return receivers(SIGNAL(staleChanged())); }
};

/// An array of metadata in this process, and an object for another opening of it.
struct Shown
{
    explicit Shown(const char *metadata, qint64 capacity = 1, bool isVariable = false)
        : array(uniqueName())
        , segment(array.segment()->name())
    {
        array.segment()->setMetadata(json(metadata));
        if (!(isVariable ? array.createWithCapacity(capacity) : array.create(capacity)) || !segment.open())
            qFatal("%s", qPrintable(array.errorString()));
        object.componentComplete();
        object.setSegment(&segment);
    }
    bool publish(double pressure) { return array.publish(QList<Boiler>{{pressure, 0, {1, 1}}}); }
    Level level(const char *field = "pressure") { return object.field(QString::fromLatin1(field))->level(); }

    SharedArray<Boiler> array;
    CountingSegment segment;
    SharedObject object;
};

} // namespace

class tst_Levels : public ObjectTest
{
    Q_OBJECT

private Q_SLOTS:
    void init() { makeEngine(); }
    void cleanup() { removeEngine(); }
    void levelsOfFields();
    void delayOfAField();
    void withoutLimits();
    void elementsComeAndGo();
    void otherMetadata();
    void ownerIsGone();
    void colours();
    void receiversMayDelete();
};

void tst_Levels::levelsOfFields()
{
    Shown shown(About);
    QCOMPARE(shown.level(), Level::Unknown); // Nothing was published yet.
    QCOMPARE(shown.level("flow"), Level::Unknown);
    QCOMPARE(shown.level("no_field"), Level::Unknown);
    QSignalSpy changed(shown.object.field(u"pressure"_s), &SharedField::levelChanged);
    QVERIFY(shown.publish(50));
    QTRY_COMPARE_WITH_TIMEOUT(shown.level(), Level::Normal, Deadline);
    QVERIFY(shown.publish(85));
    QTRY_COMPARE_WITH_TIMEOUT(shown.level(), Level::High, Deadline);
    QVERIFY(shown.publish(75));
    QTRY_COMPARE_WITH_TIMEOUT(shown.object.revision(), 3u, Deadline);
    QCOMPARE(shown.level(), Level::High);
    QVERIFY(shown.publish(70));
    QTRY_COMPARE_WITH_TIMEOUT(shown.level(), Level::Normal, Deadline);
    QVERIFY(shown.publish(95));
    QTRY_COMPARE_WITH_TIMEOUT(shown.level(), Level::HighHigh, Deadline);
    QVERIFY(shown.publish(std::nan("")));
    QTRY_COMPARE_WITH_TIMEOUT(shown.object.revision(), 6u, Deadline);
    QCOMPARE(shown.level(), Level::HighHigh); // until a value tells otherwise
    QCOMPARE(changed.count(), 4);
    // The item of an array that is furthest outside counts.
    QCOMPARE(shown.level("flow"), Level::Normal);
    QVERIFY(shown.array.publish(QList<Boiler>{{50, 0, {1, 0.5F}}}));
    QTRY_COMPARE_WITH_TIMEOUT(shown.level("flow"), Level::Low, Deadline);
    // Held, it is what it was.
    shown.object.setPaused(true);
    QVERIFY(shown.publish(95));
    QTRY_COMPARE_WITH_TIMEOUT(shown.segment.revision(), 8u, Deadline);
    QCOMPARE(shown.level(), Level::Normal);
    shown.object.setPaused(false);
    QCOMPARE(shown.level(), Level::HighHigh);
}

void tst_Levels::delayOfAField()
{
    Shown shown(R"({"fields": {"pressure": {"high": 80, "delay": 200}}})");
    QCOMPARE(shown.level(), Level::Unknown);
    QVERIFY(shown.publish(50));
    QTRY_COMPARE_WITH_TIMEOUT(shown.level(), Level::Normal, Deadline);
    QSignalSpy changed(shown.object.field(u"pressure"_s), &SharedField::levelChanged);
    QVERIFY(shown.publish(85)); // No more revision comes.
    QVERIFY(changed.wait(Deadline));
    QCOMPARE(shown.level(), Level::High);
    QVERIFY(shown.array.segment()->updatedAt().msecsTo(QDateTime::currentDateTime()) >= 199);
}

/// What has no limits, or is not read, costs nothing.
void tst_Levels::withoutLimits()
{
    Shown shown(About);
    QVERIFY(shown.publish(95));
    QTRY_VERIFY_WITH_TIMEOUT(shown.object.isValid(), Deadline);
    QCOMPARE(shown.level("pump"), Level::Normal);
    QCOMPARE(shown.segment.staleReceivers(), 0);
    QTRY_COMPARE_WITH_TIMEOUT(shown.object.revision(), 1u, Deadline);
    QCOMPARE(shown.level(), Level::HighHigh);
    QCOMPARE(shown.segment.staleReceivers(), 1);
    shown.object.setSegment(nullptr);
    QCOMPARE(shown.segment.staleReceivers(), 0);
    QCOMPARE(shown.level(), Level::Unknown);
    QCOMPARE(shown.level("pump"), Level::Unknown);
}

void tst_Levels::elementsComeAndGo()
{
    Shown shown(About, 4, true);
    QVERIFY(shown.array.publish(QList<Boiler>{{85, 0, {}}, {75, 0, {}}}));
    QTRY_COMPARE_WITH_TIMEOUT(shown.level(), Level::High, Deadline);
    shown.object.setIndex(1);
    QCOMPARE(shown.level(), Level::Normal);
    shown.object.setIndex(0);
    QCOMPARE(shown.level(), Level::High);
    QVERIFY(shown.array.publish(QList<Boiler>()));
    QTRY_COMPARE_WITH_TIMEOUT(shown.level(), Level::Unknown, Deadline);
    QVERIFY(!shown.object.isValid());
    QVERIFY(shown.publish(75));
    QTRY_COMPARE_WITH_TIMEOUT(shown.level(), Level::Normal, Deadline);
}

void tst_Levels::otherMetadata()
{
    Shown shown(About);
    QVERIFY(shown.publish(85));
    QTRY_COMPARE_WITH_TIMEOUT(shown.level(), Level::High, Deadline);
    shown.array.segment()->setMetadata(json(R"({"fields": {"pressure": {"high": 90, "highHigh": 100}}})"));
    QVERIFY(shown.array.segment()->recreate(2));
    QTRY_COMPARE_WITH_TIMEOUT(shown.level(), Level::Normal, Deadline);
    shown.array.segment()->setMetadata({});
    QVERIFY(shown.array.segment()->recreate(3));
    QVERIFY(shown.publish(1e6) || shown.array.publish(QList<Boiler>(3, Boiler{1e6, 0, {}})));
    QTRY_COMPARE_WITH_TIMEOUT(shown.object.field(u"pressure"_s)->value(), QVariant(1e6), Deadline);
    QCOMPARE(shown.level(), Level::Normal);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"of \".*\", field \"pressure\".*low, high; the order.*"_s));
    shown.array.segment()->setMetadata(json(R"({"fields": {"pressure": {"low": 8, "high": 5}}})"));
    QVERIFY(shown.array.segment()->recreate(4));
    QTRY_COMPARE_WITH_TIMEOUT(shown.segment.capacity(), 4, Deadline);
    QCOMPARE(shown.level(), Level::Normal);
}

void tst_Levels::ownerIsGone()
{
    Shown shown(About);
    QVERIFY(shown.array.publish(QList<Boiler>{{50, 0, {0, 1}}}));
    QTRY_COMPARE_WITH_TIMEOUT(shown.level(), Level::Normal, Deadline);
    QCOMPARE(shown.level("flow"), Level::Low);
    QCOMPARE(shown.level("pump"), Level::Normal);
    shown.array.close();
    QTRY_COMPARE_WITH_TIMEOUT(shown.segment.state(), SharedSegment::State::Orphaned, Deadline);
    QTRY_COMPARE_WITH_TIMEOUT(shown.level(), Level::Unknown, Deadline);
    QCOMPARE(shown.level("flow"), Level::Low); // An alarm stays.
    QCOMPARE(shown.level("pump"), Level::Unknown);
    shown.segment.close();
    QCOMPARE(shown.level("flow"), Level::Unknown); // There is no value.
}

void tst_Levels::colours()
{
    SharedArray<Boiler> boilers(uniqueName());
    boilers.segment()->setMetadata(json(About));
    QVERIFY(boilers.create(2));
    QObject *const page = create(Page);
    QVERIFY(page);
    page->setProperty("segment", QVariant::fromValue(boilers.segment()));
    QVERIFY(boilers.publish(QList<Boiler>{{50, 0, {}}, {50, 0, {}}}));
    QTRY_COMPARE_WITH_TIMEOUT(page->property("pressureColor").value<QColor>(), QColor(u"gray"_s), Deadline);
    const auto colorOf = [page](int row) {
        QVariant color;
        QMetaObject::invokeMethod(page, "colorOf", Q_RETURN_ARG(QVariant, color), Q_ARG(QVariant, row));
        return color.value<QColor>();
    };
    QTRY_COMPARE_WITH_TIMEOUT(colorOf(1), QColor(u"gray"_s), Deadline);
    QVERIFY(boilers.publish(QList<Boiler>{{95, 0, {}}, {85, 0, {}}}));
    QTRY_COMPARE_WITH_TIMEOUT(page->property("pressureColor").value<QColor>(), QColor(Qt::red), Deadline);
    QCOMPARE(page->property("pressureLevel").toInt(), static_cast<int>(Level::HighHigh));
    QTRY_COMPARE_WITH_TIMEOUT(colorOf(1), QColor(Qt::red), Deadline);
    QCOMPARE(colorOf(0), QColor(u"gray"_s));
}

void tst_Levels::receiversMayDelete()
{
    Shown shown(About);
    QVERIFY(shown.publish(50));
    auto *const object = new SharedObject;
    object->componentComplete();
    object->setSegment(&shown.segment);
    const QPointer<SharedObject> guard(object);
    const SharedField *const field = object->field(u"pressure"_s);
    QTRY_COMPARE_WITH_TIMEOUT(field->level(), Level::Normal, Deadline);
    connect(field, &SharedField::levelChanged, this, [object] { delete object; });
    QVERIFY(shown.publish(99));
    QTRY_VERIFY_WITH_TIMEOUT(!guard, Deadline);
}

QTEST_MAIN(tst_Levels)

#include "tst_levels.moc"
