// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The values of SharedObject, in both directions.

#include "objecttest.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedArrayModel>
#include <SharedSegment/SharedObject>

#include <QtCore/QDateTime>
#include <QtCore/QRegularExpression>
#include <QtTest/QSignalSpy>

#include <cstring>
#include <span>

using namespace Qt::StringLiterals;
using namespace testsupport;

struct Memory
{
    qint64 used;
    qint64 total;
    qint32 index;
    float loads[3];
};
SHARED_STRUCT(Memory, used, total, index, loads)

class tst_Object : public ObjectTest
{
    Q_OBJECT

private Q_SLOTS:
    void init() { makeEngine(); }
    void cleanup() { removeEngine(); }

    void defaults();
    void bindingsThatComeFirst();
    void notifiesOnlyWhatChanges();
    void assignmentPublishes_data();
    void assignmentPublishes();
    void elementsAndEnds();
    void scalar();
    void elementThatIsGone();
    void elementBeyondTheCount();
    void listsAndDates();
    void exactIntegers();
    void markInAText();
    void behaviorPublishesNothing();
};

void tst_Object::defaults()
{
    SharedObject object;
    QCOMPARE(object.segment(), nullptr);
    QCOMPARE(object.index(), 0);
    QCOMPARE(object.maximumRate(), 0.0);
    QCOMPARE(object.isPaused(), false);
    QCOMPARE(object.revision(), 0u);
    QVERIFY(!object.updatedAt().isValid());
}

static const char *const Page = R"(
    import QtQml
    import SharedSegment
    QtObject {
        id: page
        property QtObject segment // made in C++
        property SharedObject memory: SharedObject {
            segment: page.segment
            property real used: -1
            property int total
            property var loads
            property int index_
            property string other: "x"
        }
        property real seenUsed: memory.used
        property int seenTotal: memory.total
        property var seenField: memory.fields.used.value
        property int usedChanges: 0
        property int totalChanges: 0
        property int fieldChanges: 0
        onSeenUsedChanged: usedChanges += 1
        onSeenTotalChanged: totalChanges += 1
        onSeenFieldChanged: fieldChanges += 1
        function assign(value) { memory.used = value; return memory.used }
        function assignField(value) { memory.fields.used.value = value; return memory.fields.used.value }
    }
)";

void tst_Object::bindingsThatComeFirst()
{
    QObject *page = create(Page);
    QVERIFY(page);
    auto *object = page->property("memory").value<SharedObject *>();
    QCOMPARE(page->property("seenUsed"), QVariant(-1.0));
    QVERIFY(!page->property("seenField").isValid());
    SharedArray<Memory> memory(uniqueName());
    page->setProperty("segment", QVariant::fromValue(memory.segment()));
    QCOMPARE(object->segment(), memory.segment());
    QVERIFY(memory.create(1));
    QTRY_COMPARE(page->property("seenUsed"), QVariant(0.0));
    memory.beginWrite()[0] = {1, 2, 3, {4, 5, 6}};
    QTRY_COMPARE(page->property("seenUsed"), QVariant(1.0));
    QCOMPARE(page->property("seenTotal"), QVariant(2));
    QCOMPARE(page->property("seenField").toInt(), 1);
    QCOMPARE(object->property("index_").toInt(), 3);
    QCOMPARE(object->property("loads").toList(), (QVariantList{4.0f, 5.0f, 6.0f}));
    QCOMPARE(object->property("other"), QVariant(u"x"_s));
    QCOMPARE(object->index(), 0);
}

void tst_Object::notifiesOnlyWhatChanges()
{
    QObject *page = create(Page);
    QVERIFY(page);
    SharedArray<Memory> memory(uniqueName());
    QVERIFY(memory.create(1));
    page->setProperty("segment", QVariant::fromValue(memory.segment()));
    QCOMPARE(page->property("seenUsed"), QVariant(0.0));
    const int used = page->property("usedChanges").toInt();
    const int field = page->property("fieldChanges").toInt();
    const int total = page->property("totalChanges").toInt();
    for (int i = 1; i <= 3; ++i) {
        memory.beginWrite()[0].used = i;
        QTRY_COMPARE(page->property("seenUsed").toInt(), i);
    }
    QCOMPARE(page->property("usedChanges").toInt(), used + 3);
    QCOMPARE(page->property("fieldChanges").toInt(), field + 3);
    for (int i = 1; i <= 3; ++i) {
        memory.beginWrite()[0].total = i;
        QTRY_COMPARE(page->property("seenTotal").toInt(), i);
    }
    QCOMPARE(page->property("totalChanges").toInt(), total + 3);
    QCOMPARE(page->property("usedChanges").toInt(), used + 3);
    QCOMPARE(page->property("fieldChanges").toInt(), field + 3);
}

void tst_Object::assignmentPublishes_data()
{
    QTest::addColumn<QByteArray>("function");
    QTest::newRow("property") << QByteArray("assign");
    QTest::newRow("field") << QByteArray("assignField");
}

void tst_Object::assignmentPublishes()
{
    QFETCH(QByteArray, function);
    QObject *page = create(Page);
    QVERIFY(page);
    SharedArray<Memory> memory(uniqueName());
    QVERIFY(memory.create(1));
    page->setProperty("segment", QVariant::fromValue(memory.segment()));
    auto assign = [&](const QVariant &value) {
        QVariant result;
        QMetaObject::invokeMethod(page, function.constData(), Q_RETURN_ARG(QVariant, result), Q_ARG(QVariant, value));
        return result;
    };
    QCOMPARE(assign(77).toInt(), 77);
    QCOMPARE(memory.readElement(0).used, 77);
    QCOMPARE(memory.revision(), 1u);
    // A value that does not fit changes nothing.
    QCOMPARE(assign(0.5).toInt(), 77);
    QCOMPARE(assign(1e30).toInt(), 77);
    QCOMPARE(memory.revision(), 1u);
    memory.beginWrite()[0].used = 78;
    QTRY_COMPARE(page->property("seenUsed").toInt(), 78);
    QCOMPARE(memory.revision(), 2u);
    // No process may write any more: the field's value comes back.
    memory.close();
    QVERIFY(memory.create(1));
    QTRY_COMPARE(page->property("seenUsed").toInt(), 0);
    SharedSegment reader(memory.segment()->name());
    QVERIFY(reader.open());
    page->setProperty("segment", QVariant::fromValue(&reader));
    QCOMPARE(assign(5).toInt(), 0);
    QCOMPARE(reader.error(), SharedSegment::Error::PermissionDenied);
}

void tst_Object::elementsAndEnds()
{
    QObject *page = create(Page);
    QVERIFY(page);
    auto *object = page->property("memory").value<SharedObject *>();
    QVERIFY(object);
    {
        SharedArray<Memory> memory(uniqueName());
        QVERIFY(memory.create(2));
        memory.beginWrite()[1].used = 5;
        page->setProperty("segment", QVariant::fromValue(memory.segment()));
        QCOMPARE(page->property("seenField").toInt(), 0);
        object->setIndex(1);
        QCOMPARE(page->property("seenField").toInt(), 5);
        object->setIndex(2);
        QVERIFY(!page->property("seenField").isValid());
        object->setIndex(1);
        QCOMPARE(page->property("seenField").toInt(), 5);
        object->setPaused(true);
        QSignalSpy updated(memory.segment(), &SharedSegment::updated);
        memory.beginWrite()[1].used = 6;
        QVERIFY(updated.wait());
        QCOMPARE(page->property("seenUsed").toInt(), 5);
        object->setPaused(false);
        QTRY_COMPARE(page->property("seenUsed").toInt(), 6);
        QVERIFY(object->revision() > 0);
    }
    QVERIFY(!page->property("seenField").isValid());
    QCOMPARE(page->property("seenUsed").toInt(), 6);
    QCOMPARE(object->segment(), nullptr);
    QCOMPARE(object->revision(), 0u);
}

void tst_Object::scalar()
{
    QObject *object = create("import SharedSegment\nSharedObject { property real value }");
    QVERIFY(object);
    SharedArray<double> values(uniqueName());
    QVERIFY(values.create(2));
    values.beginWrite()[0] = 1.5;
    qobject_cast<SharedObject *>(object)->setSegment(values.segment());
    QCOMPARE(object->property("value"), QVariant(1.5));
}

/// A restart with fewer elements leaves no value that appears live.
void tst_Object::elementThatIsGone()
{
    QObject *object = create("import SharedSegment\nSharedObject { index: 2; property real value: -1 }");
    QVERIFY(object);
    const QString name = uniqueName();
    SharedSegment reader(name);
    reader.setActive(true);
    auto *shared = qobject_cast<SharedObject *>(object);
    QSignalSpy valid(shared, &SharedObject::validChanged);
    shared->setSegment(&reader);
    QVERIFY(!shared->isValid());
    {
        SharedArray<double> values(name);
        QVERIFY(values.create(3));
        values.beginWrite()[2] = 7;
        QTRY_COMPARE(object->property("value"), QVariant(7.0));
        QVERIFY(shared->isValid());
    }
    // As with any segment that has ended, the last value stays.
    QTRY_COMPARE(reader.state(), SharedSegment::State::Orphaned);
    QCOMPARE(object->property("value"), QVariant(7.0));
    SharedArray<double> fewer(name);
    QVERIFY(fewer.create(2));
    QTRY_COMPARE(reader.state(), SharedSegment::State::Open);
    QTRY_VERIFY(!shared->isValid());
    QCOMPARE(object->property("value"), QVariant(-1.0));
    QCOMPARE(shared->revision(), 0u);
    fewer.beginWrite()[1] = 5;
    shared->setIndex(1);
    QTRY_COMPARE(object->property("value"), QVariant(5.0));
    QVERIFY(shared->isValid());
    shared->setIndex(-1);
    QVERIFY(!shared->isValid());
    QCOMPARE(object->property("value"), QVariant(-1.0));
    shared->setIndex(1);
    QVERIFY(shared->isValid());
    fewer.close();
    QVERIFY(fewer.create(3));
    QTRY_COMPARE(object->property("value"), QVariant(0.0));
    QCOMPARE(valid.count(), 5);
}

void tst_Object::listsAndDates()
{
    QObject *object = create(R"(
        import SharedSegment
        SharedObject {
            property int id
            property list<real> v
            property date t
            property string big
            property int index_
            property int model
        })");
    QVERIFY(object);
    SharedSegment segment(uniqueName());
    QVERIFY(segment.create(SharedLayout::parse(u"S{id:i32;v:f32[3];t:i64;big:u64;index:i32;model:i32}"_s), 1));
    {
        SharedWriter writer = segment.beginWrite();
        std::byte *bytes = writer.bytes().data();
        const qint32 id = 9;
        const float v[]{1, 2.5, 3};
        const qint64 t = 1'700'000'000'123;
        const quint64 big = ~quint64(0);
        const qint32 index = 4;
        const qint32 model = 5;
        std::memcpy(bytes, &id, 4);
        std::memcpy(bytes + 4, v, 12);
        std::memcpy(bytes + 16, &t, 8);
        std::memcpy(bytes + 24, &big, 8);
        std::memcpy(bytes + 32, &index, 4);
        std::memcpy(bytes + 36, &model, 4);
    }
    auto *shared = qobject_cast<SharedObject *>(object);
    shared->setSegment(&segment);
    QCOMPARE(object->property("id"), QVariant(9));
    QCOMPARE(object->property("v").value<QList<double>>(), (QList<double>{1, 2.5, 3}));
    QCOMPARE(object->property("t").toDateTime().toMSecsSinceEpoch(), 1'700'000'000'123);
    QCOMPARE(object->property("big"), QVariant(u"18446744073709551615"_s));
    QCOMPARE(object->property("index_"), QVariant(4));
    QCOMPARE(object->property("model"), QVariant(5));
    // And back.
    object->setProperty("t", QDateTime::fromMSecsSinceEpoch(77));
    object->setProperty("v", QVariant::fromValue(QList<double>{4, 5, 6}));
    qint64 t = 0;
    float v[3] = {};
    QVERIFY(segment.read(std::as_writable_bytes(std::span(&t, 1)), 16));
    QVERIFY(segment.read(std::as_writable_bytes(std::span(v)), 4));
    QCOMPARE(t, 77);
    QCOMPARE(v[2], 6.0f);
    object->setProperty("id", 10);
    QCOMPARE(segment.error(), SharedSegment::Error::NoError);
}

/// No user has chosen a value that a Behavior passes through.
void tst_Object::behaviorPublishesNothing()
{
    QObject *object = create("import QtQuick\nimport SharedSegment\nSharedObject { property real value; "
                             "Behavior on value { NumberAnimation { duration: 30 } } }");
    QVERIFY(object);
    SharedArray<double> values(uniqueName());
    QVERIFY(values.create(1));
    QTest::failOnWarning(QRegularExpression(u"."_s));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"\"value\" has a Behavior"_s));
    qobject_cast<SharedObject *>(object)->setSegment(values.segment());
    for (int i = 1; i <= 3; ++i) {
        values.beginWrite()[0] = 100 * i;
        QTRY_COMPARE(object->property("value").toDouble(), 100.0 * i);
        QCOMPARE(values.revision(), quint64(i));
        QCOMPARE(values.readElement(0), 100.0 * i);
    }
}

/// JavaScript's numbers have 53 bits; a text of digits has all that a field of 64 bits holds.
void tst_Object::exactIntegers()
{
    QObject *object = create(
        "import SharedSegment\nSharedSegment { id: all; layout: 'S{i:i64;u:u64;l:i64[2]}'; capacity: 1; owner: true\n"
        "property SharedObject shown: SharedObject { segment: all; property string i; property string u }\n"
        "onErrorOccurred: {}\n"
        "function put(i, u, item) { return write(0, {i: i, u: u, l: [1, item]}) }\n"
        "function putAll(i, u, item) { return write([{i: i, u: u, l: [1, item]}]) } }");
    QVERIFY(object);
    auto *segment = qobject_cast<SharedSegment *>(object);
    segment->setName(uniqueName());
    segment->setActive(true);
    QVERIFY2(segment->isOpen(), qPrintable(segment->errorString()));
    const auto call = [&](const char *method, const QString &i, const QString &u, const QString &item) {
        QVariant result;
        QMetaObject::invokeMethod(object, method, Q_RETURN_ARG(QVariant, result), Q_ARG(QVariant, i),
                                  Q_ARG(QVariant, u), Q_ARG(QVariant, item));
        return result.toBool();
    };
    struct Element
    {
        qint64 i;
        quint64 u;
        qint64 l[2];
    };
    const auto element = [&] {
        Element value{};
        const QByteArray bytes = segment->snapshot();
        std::memcpy(&value, bytes.constData(), std::min(sizeof value, std::size_t(bytes.size())));
        return value;
    };
    for (const char *method : {"put", "putAll"}) {
        QVERIFY2(call(method, u"9007199254740993"_s, u"18446744073709551615"_s, u"-9223372036854775808"_s),
                 qPrintable(segment->errorString()));
        QCOMPARE(element().i, 9007199254740993);
        QCOMPARE(element().u, std::numeric_limits<quint64>::max());
        QCOMPARE(element().l[1], std::numeric_limits<qint64>::min());
        QVERIFY(call(method, u"-9007199254740993"_s, u"0"_s, u"7"_s));
        QCOMPARE(element().i, -9007199254740993);
        const quint64 revision = segment->revision();
        QVERIFY(!call(method, u"9223372036854775808"_s, u"0"_s, u"0"_s));
        QCOMPARE(segment->error(), SharedSegment::Error::InvalidValue);
        QVERIFY(!call(method, u"0"_s, u"18446744073709551616"_s, u"0"_s));
        QVERIFY(!call(method, u"0"_s, u"-1"_s, u"0"_s));
        QVERIFY(!call(method, u"0"_s, u"0"_s, u"1.5"_s));
        QVERIFY(!call(method, QString(), u"0"_s, u"0"_s));
        QVERIFY2(segment->errorString().contains(u"\"i\""_s), qPrintable(segment->errorString()));
        QCOMPARE(segment->revision(), revision);
    }
    // A property of a text has all digits in both directions.
    auto *shown = object->property("shown").value<SharedObject *>();
    QVERIFY(shown);
    QTRY_COMPARE(shown->property("i"), u"-9007199254740993"_s);
    shown->setProperty("u", u"9007199254740995"_s);
    QCOMPARE(element().u, 9007199254740995U);
    QTRY_COMPARE(shown->property("u"), u"9007199254740995"_s);
}

/// U+FEFF at the beginning of a text is a character of it.
void tst_Object::markInAText()
{
    QObject *object = create("import SharedSegment\nSharedObject { property string t }");
    QVERIFY(object);
    SharedSegment segment(uniqueName());
    QVERIFY(segment.create(SharedLayout::parse(u"S{t:char[8]}"_s), 1));
    QVERIFY(segment.publish(QByteArray("\xef\xbb\xbf"
                                       "a\0\0\0\0",
                                       8)));
    qobject_cast<SharedObject *>(object)->setSegment(&segment);
    QCOMPARE(object->property("t"), u"\ufeffa"_s);
    SharedArrayModel model;
    model.setSegment(&segment);
    QCOMPARE(model.data(model.index(0, 0)), u"\ufeffa"_s);
    QVERIFY(model.setData(model.index(0, 0), u"\ufeff\ufeffb"_s));
    QCOMPARE(segment.snapshot(), QByteArray("\xef\xbb\xbf\xef\xbb\xbf"
                                            "b\0",
                                            8));
    QTRY_COMPARE(object->property("t"), u"\ufeff\ufeffb"_s);
}

/// An element that a revision of a variable array does not have.
void tst_Object::elementBeyondTheCount()
{
    QObject *page = create(Page);
    QVERIFY(page);
    auto *object = page->property("memory").value<SharedObject *>();
    SharedArray<Memory> memory(uniqueName());
    QVERIFY(memory.createWithCapacity(4));
    page->setProperty("segment", QVariant::fromValue(memory.segment()));
    object->setIndex(1);
    QVERIFY(!object->isValid());
    QCOMPARE(page->property("seenUsed"), QVariant(-1.0));
    QVERIFY(memory.publish(QList<Memory>{{1, 2, 3, {}}, {4, 5, 6, {}}}));
    QTRY_VERIFY(object->isValid());
    QCOMPARE(page->property("seenUsed"), QVariant(4.0));
    QVERIFY(memory.publish(QList<Memory>{{7, 8, 9, {}}}));
    QTRY_VERIFY(!object->isValid());
    QCOMPARE(page->property("seenUsed"), QVariant(-1.0));
    QVariant result;
    QVERIFY(QMetaObject::invokeMethod(page, "assign", Q_RETURN_ARG(QVariant, result), Q_ARG(QVariant, 5)));
    QCOMPARE(memory.error(), SharedSegment::Error::NotFound);
    QVERIFY2(memory.errorString().contains(u"has no element 1, but 1 in all"_s), qPrintable(memory.errorString()));
    QCOMPARE(memory.revision(), 2u);
}

QTEST_MAIN(tst_Object)

#include "tst_object.moc"
