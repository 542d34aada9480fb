// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Each mistake in a QML file is said once, with the file and the line of the object that it is in.

#include "objecttest.h"

#include <SharedSegment/SharedArray>

#include <QtCore/QRegularExpression>
#include <QtQml/QQmlContext>
#include <QtQml/QQmlExpression>

#include <array>

using namespace Qt::StringLiterals;
using namespace testsupport;

struct Place
{
    double x;
    double width;
    qint32 index;
    qint32 objectName;
    qint32 valid;
};
SHARED_STRUCT(Place, x, width, index, objectName, valid)

namespace {

QStringList printed;

void keep(QtMsgType, const QMessageLogContext &, const QString &text)
{
    printed.append(text);
}

} // namespace

class tst_Warnings : public ObjectTest
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        makeEngine();
        printed.clear();
        m_previous = qInstallMessageHandler(keep);
    }
    void cleanup()
    {
        removeEngine();
        qInstallMessageHandler(m_previous);
    }

    void mistakes_data();
    void mistakes();
    void ofLaterCalls_data();
    void ofLaterCalls();
    void notAtEachRevision();
    void handledErrors();
    void segmentOfCpp();
    void namesThatClash();

private:
    QObject *load(const QByteArray &qml, const QVariantMap &properties = {})
    {
        QQmlComponent component(m_engine.get());
        component.setData("import QtQml; import SharedSegment\n" + qml, QUrl(u"file:///place/Mistake.qml"_s));
        m_object.reset(component.createWithInitialProperties(properties));
        if (!m_object)
            printed.append(component.errorString());
        return m_object.get();
    }
    void run(const QString &code) { QQmlExpression(qmlContext(m_object.get()), m_object.get(), code).evaluate(); }

    QtMessageHandler m_previous = nullptr;
};

void tst_Warnings::mistakes_data()
{
    QTest::addColumn<QByteArray>("qml");
    QTest::addColumn<int>("line");
    QTest::addColumn<QString>("text");
    // The line: line 1 has the imports.
    const auto row = [](const char *name, const char *qml, int line, const char *text) {
        QTest::newRow(name) << QByteArray(qml) << line << QString::fromUtf8(text);
    };
    row("layout", "SharedSegment { name: 'w/none'\n layout: 'f65'; active: true }", 2, ".*f65.*; ");
    row("layout that is not active", "\nSharedSegment { layout: 'Point{x:f64'; }", 3, ".*; ");
    row("no layout", "SharedSegment { name: 'w/none'; owner: true; active: true }", 2, ".*layout.*; ");
    row("no name", "SharedSegment { active: true }", 2, ".*name.*; ");
    row("capacity", "SharedSegment { name: 'w/none'; layout: 'f64'; owner: true; active: true }", 2,
        "a segment of 0 elements.*; ");
    row("buffers",
        "SharedSegment { name: 'w/n'; layout: 'u8'; capacity: 1; bufferCount: 99; owner: true; active: true }", 2,
        ".*99.*; ");
    row("other layout",
        "QtObject {\n property SharedSegment s: SharedSegment { name: 'w/place'; layout: 'f32'; active: true } }", 3,
        ".*Place.*; ");
    row("other kind", "SharedSegment { name: 'w/place'; kind: SharedSegment.Stream; active: true }", 2, ".*; ");
    row("other capacity", "SharedSegment { name: 'w/place'; capacity: 7; active: true }", 2, ".*7.*; ");
#define SEGMENT(name) " property SharedSegment s: SharedSegment { id: segment; name: '" name "'; active: true }\n"
    row("no field",
        "QtObject {\n" SEGMENT("w/place") " property var o: SharedObject { segment: segment\n property real y } }", 4,
        "QML SharedObject: .*\"y\" is no field.*x, width.*; ");
    row("readonly",
        "QtObject {\n" SEGMENT(
            "w/place") " property var o: SharedObject { segment: segment; readonly property real x: 1 } }",
        4, "QML SharedObject: .*\"x\" is readonly.*; ");
    row("object of a stream", "QtObject {\n" SEGMENT("w/stream") " property var o: SharedObject { segment: segment } }",
        4, "QML SharedObject: .*SharedStreamModel");
    row("model of a stream",
        "QtObject {\n" SEGMENT("w/stream") " property var o: SharedArrayModel { segment: segment } }", 4,
        "QML SharedArrayModel: .*SharedStreamModel");
    row("stream of an array",
        "QtObject {\n" SEGMENT("w/place") " property var o: SharedStreamModel { segment: segment } }", 4,
        "QML SharedStreamModel: .*SharedArrayModel");
    row("document of an array",
        "QtObject {\n" SEGMENT("w/place") " property var o: SharedDocument { segment: segment } }", 4,
        "QML SharedDocument: .*is no document.*; ");
    row("document of a picture",
        "QtObject {\n" SEGMENT("w/picture") " property var o: SharedDocument { segment: segment } }", 4,
        "QML SharedDocument: .*image/x-raw.*; ");
    row("document without a segment", "QtObject {\n\n property var o: SharedDocument { value: 5 } }", 4,
        "QML SharedDocument: .*no segment; ");
    row("document of undefined",
        "QtObject {\n" SEGMENT("w/place2") " property var o: SharedDocument { segment: segment; value: undefined } }",
        4, "QML SharedDocument: .*undefined; ");
}

void tst_Warnings::mistakes()
{
    QFETCH(const QByteArray, qml);
    QFETCH(const int, line);
    QFETCH(const QString, text);
    SharedArray<Place> places(u"w/place"_s);
    QVERIFY(places.create(2));
    SharedSegment stream(u"w/stream"_s);
    stream.setKind(SharedSegment::Kind::Stream);
    QVERIFY(stream.create(SharedLayout::of<double>(), 4));
    SharedSegment picture(u"w/picture"_s);
    picture.setKind(SharedSegment::Kind::VariableArray);
    picture.setMetadata({{u"content"_s, u"image/x-raw"_s}});
    QVERIFY(picture.create(SharedLayout::of<quint8>(), 4));
    load(qml);
    for (int i = 0; i < 3; ++i) {
        QVERIFY(places.publish(std::array<Place, 2>{}));
        QCoreApplication::processEvents();
    }
    QCOMPARE(printed.size(), 1);
    const QRegularExpression expected(u"^file:///place/Mistake.qml:%1:\\d+: (QML \\w+: )?%2"_s.arg(line).arg(text));
    QVERIFY2(expected.match(printed.first()).hasMatch(), qPrintable(printed.first()));
}

void tst_Warnings::ofLaterCalls_data()
{
    QTest::addColumn<QByteArray>("qml");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *name, const char *qml, const QString &code, const QString &text) {
        QTest::newRow(name) << QByteArray(qml) << code << text;
    };
    row("assignment, read only", "SharedObject { segment: segment; property real x }", u"o.x += 1"_s,
        u"QML SharedObject: .*reading only; "_s);
    row("assignment to fields", "SharedObject { segment: segment }", u"o.fields.width.value = Math.random()"_s,
        u"QML SharedObject: .*reading only; "_s);
    row("no such element", "SharedObject { segment: segment; index: 7; property real x }", u"o.x = Math.random()"_s,
        u"QML SharedObject: .*no element 7; "_s);
    row("edit", "SharedArrayModel { segment: segment }", u"o.setData(o.index(0, 0), Math.random())"_s,
        u"QML SharedArrayModel: .*reading only; "_s);
    row("statistics", "SharedArrayModel { segment: segment }", u"o.mean(0, 2, \"y\")"_s,
        u"QML SharedArrayModel: .*\"y\".*x, width"_s);
    row("write to no document", "SharedDocument { }", u"o.write(Math.random())"_s,
        u"QML SharedDocument: .*no segment; "_s);
}

void tst_Warnings::ofLaterCalls()
{
    QFETCH(const QByteArray, qml);
    QFETCH(const QString, code);
    QFETCH(const QString, text);
    SharedArray<Place> places(u"w/place"_s);
    QVERIFY(places.create(2));
    QVERIFY(load("QtObject {\n" SEGMENT("w/place") " property var o: " + qml + " }"));
    QCOMPARE(printed, QStringList());
    for (int i = 0; i < 3; ++i) {
        run(code);
        QVERIFY(places.publish(std::array<Place, 2>{}));
        QCoreApplication::processEvents();
    }
    QCOMPARE(printed.size(), 1);
    QVERIFY2(QRegularExpression(u"^file:///place/Mistake.qml:4:\\d+: "_s + text).match(printed.first()).hasMatch(),
             qPrintable(printed.first()));
}

/// A successful call between two failures of one cause does not repeat the warning of an object.
void tst_Warnings::notAtEachRevision()
{
    SharedArray<Place> places(u"w/place"_s);
    places.segment()->setMultipleWriters(true);
    QVERIFY(places.create(2));
    QVERIFY(load(
        "QtObject {\n property var s: SharedSegment { id: segment; name: 'w/place'; active: true; access: SharedSegment.ReadWrite }\n"
        " property var o: SharedObject { segment: segment; property real x; property int index_; property var width } }"));
    for (int i = 0; i < 3; ++i) {
        run(u"o.x = %1"_s.arg(i + 1));
        run(u"o.width = 'text %1'"_s.arg(i));
        QCoreApplication::processEvents();
    }
    QCOMPARE(places.readElement(0).x, 3.0);
    QCOMPARE(printed.size(), 1);
    QVERIFY2(printed.first().contains(u"Mistake.qml:4"_s) && printed.first().contains(u"width"_s),
             qPrintable(printed.first()));
    // Another cause is another warning.
    run(u"o.index_ = 0.5; o.fields.index_ = 'text'"_s);
    QCOMPARE(printed.size(), 2);
}

void tst_Warnings::handledErrors()
{
    SharedArray<Place> places(u"w/place"_s);
    QVERIFY(places.create(2));
    QVERIFY(load(
        "QtObject {\n property int failures; property var s: SharedSegment { id: segment; name: 'w/place'; active: true\n"
        " onErrorOccurred: ++failures }\n property var o: SharedObject { segment: segment; property real x } }"));
    run(u"o.x = 1"_s);
    run(u"o.x = 2"_s);
    QCOMPARE(m_object->property("failures"), QVariant(2));
    QCOMPARE(printed, QStringList());
}

/// A segment made in C++ has no place in a file; the object that uses it has.
void tst_Warnings::segmentOfCpp()
{
    SharedArray<Place> places(u"w/place"_s);
    QVERIFY(places.create(2));
    SharedArray<Place> reader(u"w/place"_s);
    QVERIFY(reader.open());
    QVERIFY(load(
        "QtObject {\n required property SharedSegment s\n property var o: SharedObject { segment: s; property real x } }",
        {{u"s"_s, QVariant::fromValue(reader.segment())}}));
    QVERIFY(!reader.segment()->write(0, QVariantMap{})); // a failure in C++ is the program's own
    QCOMPARE(printed, QStringList());
    run(u"o.x = 1"_s);
    run(u"o.x = 2"_s);
    QCOMPARE(printed.size(), 1);
    QVERIFY2(printed.first().startsWith(u"file:///place/Mistake.qml:4:"_s), qPrintable(printed.first()));
}

/// A name that the type itself has is there with an underscore, and as it is in `fields`.
void tst_Warnings::namesThatClash()
{
    SharedArray<Place> places(u"w/place"_s);
    places.segment()->setMultipleWriters(true);
    QVERIFY(places.create(1));
    QVERIFY(places.publish(std::array{Place{1.5, 2.5, 3, 4, 5}}));
    QVERIFY(load(
        "QtObject {\n property var s: SharedSegment { id: segment; name: 'w/place'; active: true; access: SharedSegment.ReadWrite }\n"
        " property var o: SharedObject { segment: segment\n"
        "  property real x; property real width; property int index_; property int objectName_; property int valid_ } }"));
    const auto read = [&](const QString &name) {
        QQmlExpression expression(qmlContext(m_object.get()), m_object.get(), name);
        return expression.evaluate();
    };
    QCOMPARE(read(u"[o.x, o.width, o.index_, o.objectName_, o.valid_].join()"_s), QVariant(u"1.5,2.5,3,4,5"_s));
    QCOMPARE(read(u"[o.index, o.valid].join()"_s), QVariant(u"0,true"_s));
    for (const QString &name : {u"x"_s, u"width"_s, u"index"_s, u"valid"_s})
        QCOMPARE(read(u"String(o.fields.%1.value)"_s.arg(name)).toString(),
                 read(u"String(o.%1)"_s.arg(name == "index"_L1 || name == "valid"_L1 ? name + u'_' : name)).toString());
    run(u"o.fields.index.value = 7"_s);
    QCOMPARE(places.readElement(0).index, 7);
    QCOMPARE(printed, QStringList());
}

QTEST_GUILESS_MAIN(tst_Warnings)

#include "tst_warnings.moc"
