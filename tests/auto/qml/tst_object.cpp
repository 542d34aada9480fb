// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "../lifetime/errorstyle.h"
#include "../lifetime/testsupport.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedArrayModel>
#include <SharedSegment/SharedObject>

#include <QtCore/QDateTime>
#include <QtCore/QRegularExpression>
#include <QtQml/QQmlComponent>
#include <QtQml/QQmlEngine>
#include <QtQml/QQmlError>
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

class tst_Object : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void defaults();
    void bindingsThatComeFirst();
    void notifiesOnlyWhatChanges();
    void assignmentPublishes_data();
    void assignmentPublishes();
    void elementsAndEnds();
    void scalar();
    void elementThatIsGone();
    void listsAndDates();
    void warnsOnce();
    void numberThatIsNoBool();
    void roundedNumbers();
    void notValid();
    void misfits_data();
    void misfits();
    void assignmentsOfOtherTypes_data();
    void assignmentsOfOtherTypes();
    void behaviorPublishesNothing();
    void callsThatCannotBe();
    void refusals();
    void exactIntegers();
    void markInAText();
    void segmentWarns();
    void layoutWarnsOnce_data();
    void layoutWarnsOnce();
    void nullIsNamed();

private:
    QObject *create(const char *qml);

    RegistryFolder m_folder;
    std::unique_ptr<QQmlEngine> m_engine;
    std::unique_ptr<QObject> m_object;
};

void tst_Object::init()
{
    m_engine = std::make_unique<QQmlEngine>();
    m_engine->addImportPath(testPath("IMPORT_PATH"));
}

void tst_Object::cleanup()
{
    m_object.reset();
    m_engine.reset();
}

QObject *tst_Object::create(const char *qml)
{
    QQmlComponent component(m_engine.get());
    component.setData(qml, QUrl());
    m_object.reset(component.create());
    if (!m_object)
        qWarning("%s", qPrintable(component.errorString()));
    return m_object.get();
}

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
        property var seenField: memory.fields.used
        property int usedChanges: 0
        property int totalChanges: 0
        property int fieldChanges: 0
        onSeenUsedChanged: usedChanges += 1
        onSeenTotalChanged: totalChanges += 1
        onSeenFieldChanged: fieldChanges += 1
        function assign(value) { memory.used = value; return memory.used }
        function assignField(value) { memory.fields.used = value; return memory.fields.used }
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
    memory.write()[0] = {1, 2, 3, {4, 5, 6}};
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
        memory.write()[0].used = i;
        QTRY_COMPARE(page->property("seenUsed").toInt(), i);
    }
    QCOMPARE(page->property("usedChanges").toInt(), used + 3);
    QCOMPARE(page->property("fieldChanges").toInt(), field + 3);
    for (int i = 1; i <= 3; ++i) {
        memory.write()[0].total = i;
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
    QCOMPARE(memory.at(0).used, 77);
    QCOMPARE(memory.revision(), 1u);
    // A value that does not fit changes nothing.
    QCOMPARE(assign(0.5).toInt(), 77);
    QCOMPARE(assign(1e30).toInt(), 77);
    QCOMPARE(memory.revision(), 1u);
    memory.write()[0].used = 78;
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
        memory.write()[1].used = 5;
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
        memory.write()[1].used = 6;
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
    values.write()[0] = 1.5;
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
        values.write()[2] = 7;
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
    fewer.write()[1] = 5;
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
        SharedWriter writer = segment.write();
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

void tst_Object::warnsOnce()
{
    QObject *object = create(R"(
        import SharedSegment
        SharedObject {
            property real usde
            property real used: -2
            property int total: -3
            property real _own
            readonly property real twice: 2 * used
        })");
    QVERIFY(object);
    SharedSegment segment(uniqueName());
    QVERIFY(segment.create(SharedLayout::parse(u"S{used:f64[2];total:i64}"_s), 1));
    QTest::failOnWarning(QRegularExpression(u"."_s));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"\"usde\" is no field of .*used, total"_s));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"\"used\" .*cannot take .*f64\\[2\\]"_s));
    auto *shared = qobject_cast<SharedObject *>(object);
    shared->setSegment(&segment);
    QCOMPARE(object->property("total"), QVariant(0));
    // 64 bits that do not fit an int.
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"\"total\" .*cannot take"_s));
    const qint64 much = qint64(1) << 32;
    for (int i = 0; i < 3; ++i) {
        SharedWriter writer = segment.write();
        std::memcpy(writer.bytes().data() + 16, &much, 8);
        const double used = i;
        std::memcpy(writer.bytes().data(), &used, 8);
        writer.publish();
        QTRY_COMPARE(shared->revision(), quint64(i + 1));
    }
    QCOMPARE(object->property("total"), QVariant(-3));
    QCOMPARE(object->property("used"), QVariant(-2.0));
}

void tst_Object::numberThatIsNoBool()
{
    QObject *object =
        create("import SharedSegment\nSharedObject { property bool on: true; property bool level: true }");
    QVERIFY(object);
    SharedSegment segment(uniqueName());
    QVERIFY(segment.create(SharedLayout::parse(u"S{on:u8;level:f64}"_s), 1));
    const auto publish = [&](std::byte on, double level) {
        SharedWriter writer = segment.write();
        writer.bytes()[0] = on;
        std::memcpy(writer.bytes().data() + 8, &level, 8);
        return writer.publish().value_or(0);
    };
    QTest::failOnWarning(QRegularExpression(u"."_s));
    auto *shared = qobject_cast<SharedObject *>(object);
    shared->setSegment(&segment);
    QCOMPARE(object->property("on"), QVariant(false));
    QCOMPARE(object->property("level"), QVariant(false));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"\"level\" of type bool cannot take .*f64"_s));
    const quint64 revision = publish(std::byte(1), 2.5);
    QTRY_COMPARE(shared->revision(), revision);
    QCOMPARE(object->property("on"), QVariant(true));
    QCOMPARE(object->property("level"), QVariant(true)); // As declared.
}

void tst_Object::roundedNumbers()
{
    QObject *object = create(R"(
        import SharedSegment
        SharedObject { property int b; property list<int> l; property int whole; property real r })");
    QVERIFY(object);
    SharedSegment segment(uniqueName());
    QVERIFY(segment.create(SharedLayout::parse(u"S{b:f64;l:f32[2];whole:f64;r:f64}"_s), 1));
    const auto publish = [&](double b, float item) {
        SharedWriter writer = segment.write();
        const double others[] = {3, 0.5};
        std::memcpy(writer.bytes().data(), &b, 8);
        std::memcpy(writer.bytes().data() + 12, &item, 4);
        std::memcpy(writer.bytes().data() + 16, others, 16);
        return writer.publish().value_or(0);
    };
    QTest::failOnWarning(QRegularExpression(u"."_s));
    publish(2, 4);
    auto *shared = qobject_cast<SharedObject *>(object);
    shared->setSegment(&segment);
    QCOMPARE(object->property("b"), QVariant(2));
    QCOMPARE(object->property("whole"), QVariant(3));
    QCOMPARE(object->property("r"), QVariant(0.5));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"\"b\" of type int .*rounded.* f64; .*real$"_s));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"\"l\" of type .*rounded.* f32\\[2\\]; .*list<real>$"_s));
    for (const double b : {2.5, 3.5}) {
        const quint64 revision = publish(b, 4.5f);
        QTRY_COMPARE(shared->revision(), revision);
        QCOMPARE(object->property("b"), QVariant(qRound(b)));
    }
    QCOMPARE(object->property("l").value<QList<int>>(), (QList<int>{0, 5}));
    QCOMPARE(segment.revision(), 3u); // A value that was shown rounded was not published.
}

/// An assignment without an element to write to is not lost without a warning.
void tst_Object::notValid()
{
    QObject *object = create(R"(
        import SharedSegment
        SharedObject { property real n: -1; property real other: -2; property real _own; function go(key) { fields[key] = 5 } })");
    QVERIFY(object);
    const auto assignField = [&](const char *key) {
        return QMetaObject::invokeMethod(object, "go", Q_ARG(QVariant, QString::fromLatin1(key)));
    };
    QTest::failOnWarning(QRegularExpression(u"."_s));
    QTest::ignoreMessage(QtWarningMsg,
                         QRegularExpression(u"nothing was written to the property \"n\", .*no segment; "_s));
    object->setProperty("n", 7.5);
    object->setProperty("n", 8.5);
    object->setProperty("_own", 1.5);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"nothing was written to the field \"n\", .*no segment; "_s));
    QVERIFY(assignField("n"));

    SharedSegment segment(uniqueName());
    auto *shared = qobject_cast<SharedObject *>(object);
    shared->setSegment(&segment);
    QSignalSpy errors(&segment, &SharedSegment::errorOccurred);
    const auto isTold = [&](const QString &what, const QString &why) {
        const QString text = segment.errorString();
        const bool is = segment.error() == SharedSegment::Error::NotFound && errorstyle::problemOf(text).isEmpty()
                     && text.startsWith(u"nothing was written to the "_s + what) && text.contains(why)
                     && errors.size() == 1;
        if (!is)
            qWarning() << errors << segment.error() << text;
        segment.setError(SharedSegment::Error::NoError, QString());
        errors.clear();
        return is;
    };
    object->setProperty("n", 9.5);
    QVERIFY(isTold(u"property \"n\""_s, u"is not open"_s));
    QVERIFY(assignField("n"));
    QVERIFY(isTold(u"field \"n\""_s, u"is not open"_s));
    QVERIFY(segment.create(SharedLayout::parse(u"S{n:f64;other:f64}"_s), 2));
    QCOMPARE(object->property("n"), QVariant(0.0));
    QCOMPARE(segment.revision(), 0u);
    shared->setIndex(2);
    QVERIFY(!shared->isValid());
    object->setProperty("_own", 2.5);
    QCOMPARE(errors.size(), 0);
    object->setProperty("n", 9.5);
    QVERIFY(isTold(u"property \"n\""_s, u"no element 2; set an index from 0 to 1"_s));
    QCOMPARE(object->property("n"), QVariant(-1.0));
    QCOMPARE(object->property("_own"), QVariant(2.5));
    QVERIFY(assignField("n"));
    QVERIFY(isTold(u"field \"n\""_s, u"no element 2"_s));
    shared->setIndex(1);
    object->setProperty("n", 4.5);
    QCOMPARE(errors.size(), 0);
    QCOMPARE(segment.revision(), 1u);
    segment.close();
    object->setProperty("n", 5.5);
    QVERIFY(isTold(u"property \"n\""_s, u"is not open"_s));
}

void tst_Object::misfits_data()
{
    QTest::addColumn<QByteArray>("declaration");
    QTest::addColumn<QString>("warning"); // none: the property follows
    const auto cannot = [](const char *name) {
        return u"property \"%1\" of type .*cannot take"_s.arg(QLatin1String(name));
    };
    const auto row = [](const char *declaration, const QString &warning = QString()) {
        QTest::newRow(declaration) << QByteArray(declaration) << warning;
    };
    row("property var text");
    row("property url text");
    row("property bool text", cannot("text"));
    row("property date text", cannot("text"));
    row("property int text", cannot("text"));
    row("property real text", cannot("text"));
    row("property url number", cannot("number"));
    row("property string number");
    row("property rect number", cannot("number"));
    row("property point list", cannot("list"));
    row("property string list", cannot("list"));
    row("property real list", cannot("list"));
    row("property list<string> list");
    row("property list<url> list", cannot("list"));
    row("property list<QtObject> list", cannot("list"));
    row("property list<QtObject> number", cannot("number"));
    row("property QtObject number", cannot("number"));
    row("property QtObject number: QtObject { }", cannot("number"));
    row("property Component number", cannot("number"));
    row("readonly property real number: 5", u"\"number\" is readonly and does not follow"_s);
    row("property QtObject own: QtObject { id: inner; property real v: -1 }; property alias number: inner.v");
    row("property QtObject own: QtObject { id: inner; property real v: -1 }; property alias nmuber: inner.v",
        u"\"nmuber\" is no field"_s);
    row("property QtObject own: QtObject { id: inner; property rect v }; property alias number: inner.v",
        cannot("number"));
    row("property real _bound: 4; property real number: 2 * _bound");
    row("default property real number");
    row("property real number_");
}

/// A property that cannot follow its field says so once, whatever it is; the others follow.
void tst_Object::misfits()
{
    QFETCH(QByteArray, declaration);
    QFETCH(QString, warning);
    QObject *object = create("import QtQml\nimport SharedSegment\nSharedObject {\n" + declaration + "\n}");
    QVERIFY(object);
    auto *shared = qobject_cast<SharedObject *>(object);
    SharedSegment segment(uniqueName());
    QVERIFY(segment.create(SharedLayout::parse(u"S{number:f64;text:char[8];list:f32[3]}"_s), 1));
    QTest::failOnWarning(QRegularExpression(u"."_s));
    if (!warning.isEmpty())
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(warning));
    double number = 0.5;
    const auto publish = [&] {
        {
            SharedWriter writer = segment.write();
            std::memcpy(writer.bytes().data(), &++number, 8);
            std::memcpy(writer.bytes().data() + 8, number < 2 ? "abc" : "xyz", 3);
        }
        return segment.revision();
    };
    publish();
    shared->setSegment(&segment);
    QTRY_COMPARE(shared->revision(), segment.revision());
    for (int i = 0; i < 2; ++i) {
        const quint64 revision = publish();
        QTRY_COMPARE(shared->revision(), revision);
    }
    // Only the test has published.
    QCOMPARE(segment.revision(), 3u);
    if (!warning.isEmpty())
        return;
    if (const QVariant value = object->property("number"); value.isValid())
        QCOMPARE(value.toDouble(), number);
    if (const QVariant value = object->property("number_"); value.isValid())
        QCOMPARE(value.toDouble(), number);
    if (const QVariant value = object->property("text"); value.isValid())
        QCOMPARE(value.toString(), u"xyz"_s);
    if (const QVariant value = object->property("list"); value.isValid())
        QCOMPARE(value.toStringList(), (QStringList{u"0"_s, u"0"_s, u"0"_s}));
}

void tst_Object::assignmentsOfOtherTypes_data()
{
    QTest::addColumn<QByteArray>("property");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QVariant>("published");
    QTest::newRow("url") << QByteArray("url text") << QByteArray("'http:a'") << QVariant(u"http:a"_s);
    QTest::newRow("number as text") << QByteArray("string big") << QByteArray("'18446744073709551615'")
                                    << QVariant(u"18446744073709551615"_s);
    QTest::newRow("typed array") << QByteArray("var list") << QByteArray("new Float32Array([4, 5, 6])")
                                 << QVariant(QVariantList{4.0f, 5.0f, 6.0f});
    QTest::newRow("array") << QByteArray("var list") << QByteArray("[4, 5, 6]")
                           << QVariant(QVariantList{4.0f, 5.0f, 6.0f});
}

/// A value that a property shows can be assigned to it.
void tst_Object::assignmentsOfOtherTypes()
{
    QFETCH(QByteArray, property);
    QFETCH(QByteArray, value);
    QFETCH(QVariant, published);
    const QByteArray name = property.mid(property.indexOf(' ') + 1);
    QObject *object = create("import SharedSegment\nSharedObject { property " + property + "; function go() { " + name
                             + " = " + value + " } }");
    QVERIFY(object);
    SharedSegment segment(uniqueName());
    QVERIFY(segment.create(SharedLayout::parse(u"S{big:u64;text:char[8];list:f32[3]}"_s), 1));
    auto *shared = qobject_cast<SharedObject *>(object);
    shared->setSegment(&segment);
    QVERIFY(shared->isValid());
    QVERIFY(QMetaObject::invokeMethod(object, "go"));
    QVERIFY2(segment.error() == SharedSegment::Error::NoError, qPrintable(segment.errorString()));
    QCOMPARE(segment.revision(), 1u);
    SharedObject other;
    other.setSegment(&segment);
    other.componentComplete();
    const QVariant now = other.fields().value<QObject *>()->property(name.constData());
    QCOMPARE(published.typeId() == QMetaType::QString ? QVariant(now.toString()) : now, published);
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
        values.write()[0] = 100 * i;
        QTRY_COMPARE(object->property("value").toDouble(), 100.0 * i);
        QCOMPARE(values.revision(), quint64(i));
        QCOMPARE(values.at(0), 100.0 * i);
    }
}

/// None of them is silent.
void tst_Object::callsThatCannotBe()
{
    using Error = SharedSegment::Error;
    QObject *object = create("import SharedSegment\nSharedObject { function go(key) { fields[key] = 5 } }");
    QVERIFY(object);
    auto *shared = qobject_cast<SharedObject *>(object);
    SharedSegment segment(uniqueName());
    QVERIFY(segment.create(SharedLayout::parse(u"S{n:i64;t:char[4]}"_s), 2));
    shared->setSegment(&segment);
    const auto failed = [&](Error error, const QString &text) {
        const bool is = segment.error() == error && segment.errorString().contains(text);
        if (!is)
            qWarning() << segment.error() << segment.errorString();
        segment.setError(Error::NoError, QString());
        return is;
    };
    const auto assign = [&](const char *key) {
        return QMetaObject::invokeMethod(object, "go", Q_ARG(QVariant, QString::fromLatin1(key)));
    };
    QVERIFY(assign("n"));
    QCOMPARE(segment.error(), Error::NoError);
    QCOMPARE(segment.revision(), 1u);
    QVERIFY(assign("nn") && failed(Error::InvalidValue, u"there is no field \"nn\"; there are: n, t"_s));
    shared->setIndex(2);
    QVERIFY(assign("n") && failed(Error::NotFound, u"no element 2"_s));
    SharedArrayModel model;
    model.setSegment(&segment);
    QVERIFY(!model.setData(model.index(2, 0), 1) && failed(Error::InvalidSize, u"2 rows and 2 columns"_s));
    QVERIFY(!model.setData(model.index(0, 2), 1) && failed(Error::InvalidSize, u"2 rows and 2 columns"_s));
    QVERIFY(!model.setData(model.index(0, 0), 1, Qt::DisplayRole) && failed(Error::InvalidValue, u"role 0"_s));
    QVERIFY(!model.setData(model.index(0, 0), 1, 77) && failed(Error::InvalidValue, u"role 77"_s));
    QVERIFY(!model.endEdit() && failed(Error::InvalidState, u"beginEdit"_s));
    // A warning that bindings cause comes once.
    QTest::failOnWarning(QRegularExpression(u"."_s));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"no numbers in a field \"m\"; there are: n"_s));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"no numbers in a field \"t\"; there are: n"_s));
    for (int i = 0; i < 2; ++i) {
        QVERIFY(qIsNaN(model.minimum(0, -1, u"m"_s)));
        QVERIFY(qIsNaN(model.mean(0, -1, u"t"_s)));
        QCOMPARE(model.sum(0, -1, u"n"_s), 5.0);
    }
    QCOMPARE(segment.revision(), 1u);
}

/// Each names the field once.
void tst_Object::refusals()
{
    QObject *object = create("import SharedSegment\nSharedObject { property var n; property var t }");
    QVERIFY(object);
    SharedSegment segment(uniqueName());
    QVERIFY(segment.create(SharedLayout::parse(u"S{n:i64;t:char[4]}"_s), 1));
    qobject_cast<SharedObject *>(object)->setSegment(&segment);
    object->setProperty("n", u"five"_s);
    QCOMPARE(segment.error(), SharedSegment::Error::InvalidValue);
    QCOMPARE(segment.errorString(),
             u"the field \"n\" does not take the value: \"five\" is no number for i64; give a whole number"_s);
    object->setProperty("t", u"hello"_s);
    QCOMPARE(
        segment.errorString(),
        u"the field \"t\" does not take the value: the text has 5 bytes of UTF-8, char[4] has room for 4; shorten it"_s);
    SharedArrayModel model;
    model.setSegment(&segment);
    QVERIFY(!model.setData(model.index(0, 0), 1.5));
    QCOMPARE(segment.errorString(),
             u"row 0: the field \"n\" does not take the value: 1.5 is not a whole number, as i64 needs; round it"_s);
}

/// JavaScript's numbers have 53 bits; a text of digits has all that a field of 64 bits holds.
void tst_Object::exactIntegers()
{
    QObject *object = create(
        "import SharedSegment\nSharedSegment { id: all; layout: 'S{i:i64;u:u64;l:i64[2]}'; length: 1; owner: true\n"
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

/// A failure is printed where no code handles it, once for each failure.
void tst_Object::segmentWarns()
{
    QTest::failOnWarning(QRegularExpression(u"."_s));
    // Waiting does not help any of these.
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"SharedSegment: .*layout"_s));
    QObject *object =
        create("import SharedSegment\nSharedSegment { name: 'a'; layout: 'S{v:double}'; length: 1; owner: true; "
               "active: true }");
    QVERIFY(object);
    auto *segment = qobject_cast<SharedSegment *>(object);
    QCOMPARE(segment->state(), SharedSegment::State::Closed);
    QCOMPARE(segment->error(), SharedSegment::Error::InvalidLayout);
    // Handled, and so no warning.
    object = create(
        "import SharedSegment\nSharedSegment { active: true; property int failures: 0; onErrorOccurred: ++failures }");
    QVERIFY(object);
    segment = qobject_cast<SharedSegment *>(object);
    QCOMPARE(segment->state(), SharedSegment::State::Closed);
    QCOMPARE(segment->error(), SharedSegment::Error::InvalidName);
    QVERIFY(object->property("failures").toInt() > 0);
    // A name that is taken.
    SharedArray<double> values(uniqueName());
    QVERIFY(values.create(1));
    const QString owner = u"process %1;"_s.arg(QCoreApplication::applicationPid());
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(owner));
    object =
        create(qPrintable(u"import SharedSegment\nSharedSegment { name: '%1'; layout: 'f64'; length: 1; owner: true; "
                          "active: true }"_s.arg(values.segment()->name())));
    QVERIFY(object);
    segment = qobject_cast<SharedSegment *>(object);
    QCOMPARE(segment->state(), SharedSegment::State::Waiting);
    QCOMPARE(segment->error(), SharedSegment::Error::AlreadyExists);
    values.close();
    QTRY_COMPARE(segment->state(), SharedSegment::State::Open);
    QCOMPARE(segment->error(), SharedSegment::Error::NoError);
}

void tst_Object::layoutWarnsOnce_data()
{
    QTest::addColumn<QByteArray>("layout");
    QTest::newRow("unknown type") << QByteArray("f65");
    QTest::newRow("no end") << QByteArray("P{x:f64");
    QTest::newRow("no array") << QByteArray("f64[");
}

/// With the remedy, whether the name is declared or set later, and whether anything waits for it.
void tst_Object::layoutWarnsOnce()
{
    QFETCH(QByteArray, layout);
    QStringList told;
    const auto keep = [&](const QList<QQmlError> &warnings) {
        for (const QQmlError &warning : warnings)
            told.append(warning.description().section(u": "_s, 1));
    };
    m_engine->setOutputWarningsToStandardError(false);
    connect(m_engine.get(), &QQmlEngine::warnings, this, keep);
    for (const char *rest : {"", "active: true", "active: true; owner: true; length: 1"}) {
        told.clear();
        QVERIFY(create("import SharedSegment\nSharedSegment { name: 'a'; layout: '" + layout + "'; " + rest + " }"));
        QVERIFY2(told.size() == 1 && errorstyle::problemOf(told.first()).isEmpty(), qPrintable(told.join(u'\n')));
        QVERIFY2(told.first().contains(u"; write it as "_s) || told.first().contains(u"; there are "_s),
                 qPrintable(told.first()));
    }
    for (const char *rest :
         {"", "layout: 'f64'; active: true", "layout: 'f64'; active: true; owner: true; length: 1"}) {
        QObject *object = create(QByteArray("import SharedSegment\nSharedSegment { name: 'a'; ") + rest + " }");
        QVERIFY(object);
        told.clear();
        object->setProperty("layout", QString::fromLatin1(layout));
        QVERIFY2(told.size() == 1 && errorstyle::problemOf(told.first()).isEmpty(), qPrintable(told.join(u'\n')));
    }
}

void tst_Object::nullIsNamed()
{
    QObject *object = create(
        "import SharedSegment\nSharedSegment { layout: 'P{a:i32;l:f32[2];t:char[4]}'; length: 1; owner: true\n"
        "onErrorOccurred: {}\nfunction put(key, value) { const all = {}; all[key] = value; return write(0, all) } }");
    QVERIFY(object);
    auto *segment = qobject_cast<SharedSegment *>(object);
    segment->setName(uniqueName());
    segment->setActive(true);
    const auto refusal = [&](const char *key, const QVariant &value) {
        QVariant result;
        QMetaObject::invokeMethod(object, "put", Q_RETURN_ARG(QVariant, result),
                                  Q_ARG(QVariant, QString::fromLatin1(key)), Q_ARG(QVariant, value));
        return result.toBool() ? QString() : segment->errorString().section(u": "_s, 1);
    };
    const QVariant null = QVariant::fromValue(nullptr);
    QCOMPARE(refusal("a", null), u"null is no number for i32; give a whole number"_s);
    QCOMPARE(refusal("a", QVariant()), u"undefined is no number for i32; give a whole number"_s);
    QCOMPARE(refusal("t", null), u"null is no text for char[4]; give a string"_s);
    QCOMPARE(refusal("l", null), u"null is no list for f32[2]; give a list of 2 values"_s);
    QCOMPARE(refusal("l", QVariantList{1, null}), u"null is no number for f32[2]; give a number such as 1.5"_s);
}

QTEST_MAIN(tst_Object)

#include "tst_object.moc"
