// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What SharedObject and SharedSegment refuse in QML, and what they say about it.

#include "../../support/errorstyle.h"
#include "objecttest.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedArrayModel>
#include <SharedSegment/SharedObject>

#include <QtCore/QRegularExpression>
#include <QtQml/QQmlError>
#include <QtTest/QSignalSpy>

#include <cstring>

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

class tst_ObjectFailures : public ObjectTest
{
    Q_OBJECT

private Q_SLOTS:
    void init() { makeEngine(); }
    void cleanup() { removeEngine(); }

    void warnsOnce();
    void numberThatIsNoBool();
    void roundedNumbers();
    void notValid();
    void misfits_data();
    void misfits();
    void assignmentsOfOtherTypes_data();
    void assignmentsOfOtherTypes();
    void callsThatCannotBe();
    void refusals();
    void segmentWarns();
    void layoutWarnsOnce_data();
    void layoutWarnsOnce();
    void nullIsNamed();
};

void tst_ObjectFailures::warnsOnce()
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
        SharedWriter writer = segment.beginWrite();
        std::memcpy(writer.bytes().data() + 16, &much, 8);
        const double used = i;
        std::memcpy(writer.bytes().data(), &used, 8);
        writer.publish();
        QTRY_COMPARE(shared->revision(), quint64(i + 1));
    }
    QCOMPARE(object->property("total"), QVariant(-3));
    QCOMPARE(object->property("used"), QVariant(-2.0));
}

void tst_ObjectFailures::numberThatIsNoBool()
{
    QObject *object =
        create("import SharedSegment\nSharedObject { property bool on: true; property bool level: true }");
    QVERIFY(object);
    SharedSegment segment(uniqueName());
    QVERIFY(segment.create(SharedLayout::parse(u"S{on:u8;level:f64}"_s), 1));
    const auto publish = [&](std::byte on, double level) {
        SharedWriter writer = segment.beginWrite();
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

void tst_ObjectFailures::roundedNumbers()
{
    QObject *object = create(R"(
        import SharedSegment
        SharedObject { property int b; property list<int> l; property int whole; property real r })");
    QVERIFY(object);
    SharedSegment segment(uniqueName());
    QVERIFY(segment.create(SharedLayout::parse(u"S{b:f64;l:f32[2];whole:f64;r:f64}"_s), 1));
    const auto publish = [&](double b, float item) {
        SharedWriter writer = segment.beginWrite();
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
void tst_ObjectFailures::notValid()
{
    QObject *object = create(R"(
        import SharedSegment
        SharedObject { property real n: -1; property real other: -2; property real _own; function go(key) { fields[key].value = 5 } })");
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

void tst_ObjectFailures::misfits_data()
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
void tst_ObjectFailures::misfits()
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
            SharedWriter writer = segment.beginWrite();
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

void tst_ObjectFailures::assignmentsOfOtherTypes_data()
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
void tst_ObjectFailures::assignmentsOfOtherTypes()
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
    const QVariant now = other.field(QString::fromLatin1(name))->value();
    QCOMPARE(published.typeId() == QMetaType::QString ? QVariant(now.toString()) : now, published);
}

/// None of them is silent.
void tst_ObjectFailures::callsThatCannotBe()
{
    using Error = SharedSegment::Error;
    QObject *object = create("import SharedSegment\nSharedObject { function go(key) { fields[key].value = 5 } }");
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
void tst_ObjectFailures::refusals()
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

/// A failure is printed where no code handles it, once for each failure.
void tst_ObjectFailures::segmentWarns()
{
    QTest::failOnWarning(QRegularExpression(u"."_s));
    // Waiting does not help any of these.
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"SharedSegment: .*layout"_s));
    QObject *object =
        create("import SharedSegment\nSharedSegment { name: 'a'; layout: 'S{v:double}'; capacity: 1; owner: true; "
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
        create(qPrintable(u"import SharedSegment\nSharedSegment { name: '%1'; layout: 'f64'; capacity: 1; owner: true; "
                          "active: true }"_s.arg(values.segment()->name())));
    QVERIFY(object);
    segment = qobject_cast<SharedSegment *>(object);
    QCOMPARE(segment->state(), SharedSegment::State::Waiting);
    QCOMPARE(segment->error(), SharedSegment::Error::AlreadyExists);
    values.close();
    QTRY_COMPARE(segment->state(), SharedSegment::State::Open);
    QCOMPARE(segment->error(), SharedSegment::Error::NoError);
}

void tst_ObjectFailures::layoutWarnsOnce_data()
{
    QTest::addColumn<QByteArray>("layout");
    QTest::newRow("unknown type") << QByteArray("f65");
    QTest::newRow("no end") << QByteArray("P{x:f64");
    QTest::newRow("no array") << QByteArray("f64[");
}

/// With the remedy, whether the name is declared or set later, and whether anything waits for it.
void tst_ObjectFailures::layoutWarnsOnce()
{
    QFETCH(QByteArray, layout);
    QStringList told;
    const auto keep = [&](const QList<QQmlError> &warnings) {
        for (const QQmlError &warning : warnings)
            told.append(warning.description().section(u": "_s, 1));
    };
    m_engine->setOutputWarningsToStandardError(false);
    connect(m_engine.get(), &QQmlEngine::warnings, this, keep);
    for (const char *rest : {"", "active: true", "active: true; owner: true; capacity: 1"}) {
        told.clear();
        QVERIFY(create("import SharedSegment\nSharedSegment { name: 'a'; layout: '" + layout + "'; " + rest + " }"));
        QVERIFY2(told.size() == 1 && errorstyle::problemOf(told.first()).isEmpty(), qPrintable(told.join(u'\n')));
        QVERIFY2(told.first().contains(u"; write it as "_s) || told.first().contains(u"; there are "_s),
                 qPrintable(told.first()));
    }
    for (const char *rest :
         {"", "layout: 'f64'; active: true", "layout: 'f64'; active: true; owner: true; capacity: 1"}) {
        QObject *object = create(QByteArray("import SharedSegment\nSharedSegment { name: 'a'; ") + rest + " }");
        QVERIFY(object);
        told.clear();
        object->setProperty("layout", QString::fromLatin1(layout));
        QVERIFY2(told.size() == 1 && errorstyle::problemOf(told.first()).isEmpty(), qPrintable(told.join(u'\n')));
    }
}

void tst_ObjectFailures::nullIsNamed()
{
    QObject *object = create(
        "import SharedSegment\nSharedSegment { layout: 'P{a:i32;l:f32[2];t:char[4]}'; capacity: 1; owner: true\n"
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

QTEST_MAIN(tst_ObjectFailures)

#include "tst_objectfailures.moc"
