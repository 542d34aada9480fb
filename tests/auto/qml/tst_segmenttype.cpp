// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The C++ class SharedSegment is the QML type of that name: one made in C++ has in QML all that one made in QML has.

#include "../../support/testsupport.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedArrayModel>

#include <QtQml/QQmlComponent>
#include <QtQml/QQmlContext>
#include <QtQml/QQmlEngine>
#include <QtQml/QQmlExpression>

#include <memory>

using namespace Qt::StringLiterals;
using namespace testsupport;
using Error = SharedSegment::Error;

struct Place
{
    qint32 id;
    double x;
    std::array<float, 2> v;
};
SHARED_STRUCT(Place, id, x, v)

class tst_SegmentType : public QObject
{
    Q_OBJECT
    /// A property of C++ takes a segment made in QML.
    Q_PROPERTY(SharedSegment *segment MEMBER m_segment)

private Q_SLOTS:
    void initTestCase() { m_engine.addImportPath(testPath("IMPORT_PATH")); }
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }
    void cleanup() { QCOMPARE(SharedSegment::names(), QStringList()); }

    void segmentOfCpp();
    void segmentOfQml();
    void writeElements();
    void writeRevisions_data();
    void writeRevisions();
    void writeVariableCount();
    void getters();
    void updatedInQml();
    void properties();
    void metadata();

private:
    std::unique_ptr<QObject> make(const char *source, const QVariantMap &properties = {});
    static QVariant evaluate(QObject *object, const QString &code);

    RegistryFolder m_registry;
    QQmlEngine m_engine;
    SharedSegment *m_segment = nullptr;
};

std::unique_ptr<QObject> tst_SegmentType::make(const char *source, const QVariantMap &properties)
{
    QQmlComponent component(&m_engine);
    component.setData(QByteArray("import QtQml\nimport SharedSegment\n") + source, QUrl());
    std::unique_ptr<QObject> object(component.createWithInitialProperties(properties));
    if (!object)
        qWarning("%s", qPrintable(component.errorString()));
    return object;
}

QVariant tst_SegmentType::evaluate(QObject *object, const QString &code)
{
    QQmlExpression expression(qmlContext(object), object, code);
    const QVariant value = expression.evaluate();
    if (expression.hasError())
        qWarning("%s", qPrintable(expression.error().toString()));
    return value;
}

constexpr char Holder[] = "QtObject { property SharedSegment segment }";

void tst_SegmentType::segmentOfCpp()
{
    SharedArray<double> array(uniqueName());
    QVERIFY(array.create(4));
    for (const char *source : {Holder, "QtObject { required property SharedSegment segment }"}) {
        const auto holder = make(source, {{u"segment"_s, QVariant::fromValue(array.segment())}});
        QVERIFY(holder);
        QCOMPARE(holder->property("segment").value<SharedSegment *>(), array.segment());
        QCOMPARE(evaluate(holder.get(), u"segment.capacity"_s).toInt(), 4);
        QCOMPARE(evaluate(holder.get(), u"segment instanceof SharedSegment"_s).toBool(), true);
        QVERIFY(evaluate(holder.get(), u"segment.write(1, 2.5)"_s).toBool());
        QVERIFY(evaluate(holder.get(), u"(segment as SharedSegment).write([1, 2, 3, 4])"_s).toBool());
        QCOMPARE(array.snapshot(), QList<double>({1, 2, 3, 4}));
    }
}

void tst_SegmentType::segmentOfQml()
{
    const auto segment =
        make("SharedSegment { capacity: 4; layout: 'f64'; owner: true; active: true }", {{u"name"_s, uniqueName()}});
    QVERIFY(segment);
    auto *const s = qobject_cast<SharedSegment *>(segment.get());
    QVERIFY(s);
    QCOMPARE(s->metaObject(), &SharedSegment::staticMetaObject);
    QCOMPARE(s->state(), SharedSegment::State::Open);
    QCOMPARE(s->capacity(), 4);
    QVERIFY(setProperty("segment", QVariant::fromValue(segment.get())));
    QCOMPARE(m_segment, s);
    const auto holder = make(Holder, {{u"segment"_s, QVariant::fromValue(segment.get())}});
    QVERIFY(holder);
    QCOMPARE(holder->property("segment").value<SharedSegment *>(), s);
}

void tst_SegmentType::writeElements()
{
    SharedArray<Place> array(uniqueName());
    QVERIFY(array.create(2));
    const auto holder = make(Holder, {{u"segment"_s, QVariant::fromValue(array.segment())}});
    QVERIFY(evaluate(holder.get(), u"segment.write(1, {id: -3, v: new Float32Array([1, 2])})"_s).toBool());
    QCOMPARE(array.readElement(1).id, -3);
    QCOMPARE(array.readElement(1).v, (std::array{1.0f, 2.0f}));
    QVERIFY(evaluate(holder.get(), u"segment.write(1, {x: 1.5, v: [3, 4]})"_s).toBool());
    QCOMPARE(array.readElement(1).id, -3);
    QCOMPARE(array.readElement(1).v, (std::array{3.0f, 4.0f}));
    for (const char *const value : {"() => 1", "null", "undefined", "[1]", "{none: 1}", "{id: () => 1}",
                                    "{id: {id: 1}}", "{v: [1, 2, 3]}", "{v: [1, {}]}", "{v: new Array(4294967295)}",
                                    "{x: new Date()}", "(() => { const o = {}; o.v = o; o.x = o; return o; })()"}) {
        QVERIFY2(!evaluate(holder.get(), u"segment.write(0, %1)"_s.arg(QLatin1String(value))).toBool(), value);
        QCOMPARE(array.error(), Error::InvalidValue);
    }
    QCOMPARE(array.revision(), 2u);
}

void tst_SegmentType::writeRevisions_data()
{
    QTest::addColumn<QString>("values");
    QTest::addColumn<Error>("error");
    QTest::newRow("array") << u"[1, 2, 3, 4]"_s << Error::NoError;
    QTest::newRow("same type") << u"new Float64Array([1, 2, 3, 4])"_s << Error::NoError;
    QTest::newRow("part of a buffer") << u"new Float64Array(new Float64Array([9, 1, 2, 3, 4, 9]).buffer, 8, 4)"_s
                                      << Error::NoError;
    QTest::newRow("other type") << u"new Int8Array([1, 2, 3, 4])"_s << Error::NoError;
    QTest::newRow("buffer") << u"new Float64Array([1, 2, 3, 4]).buffer"_s << Error::NoError;
    QTest::newRow("too few") << u"[1, 2, 3]"_s << Error::InvalidSize;
    QTest::newRow("far too many") << u"new Array(4294967295)"_s << Error::InvalidSize;
    QTest::newRow("typed, too many") << u"new Float64Array(5)"_s << Error::InvalidSize;
    QTest::newRow("other type, too many") << u"new Int8Array(5)"_s << Error::InvalidSize;
    QTest::newRow("buffer, too short") << u"new ArrayBuffer(31)"_s << Error::InvalidSize;
    QTest::newRow("hole") << u"[1, , 3, 4]"_s << Error::InvalidValue;
    QTest::newRow("function") << u"() => [1, 2, 3, 4]"_s << Error::InvalidValue;
    QTest::newRow("object") << u"({length: 4})"_s << Error::InvalidValue;
    QTest::newRow("itself") << u"(() => { const a = [1, 2, 3]; a.push(a); return a; })()"_s << Error::InvalidValue;
}

void tst_SegmentType::writeRevisions()
{
    QFETCH(const QString, values);
    QFETCH(const Error, error);
    SharedArray<double> array(uniqueName());
    QVERIFY(array.create(4));
    const auto holder = make(Holder, {{u"segment"_s, QVariant::fromValue(array.segment())}});
    QCOMPARE(evaluate(holder.get(), u"segment.write("_s + values + u')').toBool(), error == Error::NoError);
    QCOMPARE(array.error(), error);
    QCOMPARE(array.snapshot(), error == Error::NoError ? QList<double>({1, 2, 3, 4}) : QList<double>(4, 0));
}

void tst_SegmentType::writeVariableCount()
{
    const auto segment = make("SharedSegment { capacity: 4; kind: SharedSegment.VariableArray; layout: 'f64'\n"
                              "owner: true; active: true }",
                              {{u"name"_s, uniqueName()}});
    const auto *const s = qobject_cast<SharedSegment *>(segment.get());
    SharedArray<double> reader(s->name());
    QVERIFY2(reader.open(), qPrintable(reader.errorString()));
    QVERIFY(evaluate(segment.get(), u"write([1, 2])"_s).toBool());
    QCOMPARE(reader.snapshot(), QList<double>({1, 2}));
    QVERIFY(evaluate(segment.get(), u"write([])"_s).toBool());
    QCOMPARE(reader.snapshot(), QList<double>());
    QVERIFY(evaluate(segment.get(), u"write(new Float64Array([1, 2, 3]))"_s).toBool());
    QCOMPARE(reader.snapshot().size(), 3);
    QVERIFY(evaluate(segment.get(), u"write(2, 7)"_s).toBool());
    QCOMPARE(reader.readElement(2), 7.0);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u".*has no element 3; write to one of the 3 that.*"_s));
    QVERIFY(!evaluate(segment.get(), u"write(3, 7)"_s).toBool());
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u".*there are 5 values.*"_s));
    QVERIFY(!evaluate(segment.get(), u"write([1, 2, 3, 4, 5])"_s).toBool());
}

void tst_SegmentType::getters()
{
    // A value whose getter closes the segment.
    SharedArray<Place> array(uniqueName());
    QVERIFY(array.create(1));
    const auto holder = make(Holder, {{u"segment"_s, QVariant::fromValue(array.segment())}});
    QVERIFY(!evaluate(holder.get(),
                      u"(() => { const value = {}; Object.defineProperty(value, 'id', { enumerable: true,\n"
                      "get: () => { segment.close(); return 5; } });\n"
                      "return segment.write(0, value); })()"_s)
                 .toBool());
    QVERIFY(!array.isOpen());
}

void tst_SegmentType::updatedInQml()
{
    SharedArray<double> array(uniqueName());
    QVERIFY(array.createWithCapacity(4));
    const auto holder = make("Connections {\n"
                             "property real number: 0\n"
                             "property real count: -1\n"
                             "property date time\n"
                             "function onUpdated(revision) {\n"
                             "    number = revision.number; count = revision.count; time = revision.toDateTime(); } }",
                             {{u"target"_s, QVariant::fromValue(array.segment())}});
    QVERIFY(holder);
    QVERIFY(array.publish(std::array{1.0, 2.0, 3.0}));
    QTRY_COMPARE_WITH_TIMEOUT(holder->property("number").toInt(), 1, Deadline);
    QCOMPARE(holder->property("count").toInt(), 3);
    QCOMPARE(holder->property("time").toDateTime(), array.segment()->updatedAt());
}

void tst_SegmentType::properties()
{
    const QString name = uniqueName();
    const QString other = m_registry.path() + u"/other"_s;
    const auto segment =
        make("SharedSegment { capacity: 2; layout: 'f64'; owner: true; active: true; externalOffset: 16\n"
             "pollingInterval: 20; metadata: ({ description: 'd', staleAfter: 500 }) }",
             {{u"name"_s, name}, {u"registry"_s, other}});
    auto *const s = qobject_cast<SharedSegment *>(segment.get());
    QVERIFY(s);
    QCOMPARE(s->state(), SharedSegment::State::Open);
    QCOMPARE(s->externalOffset(), 16);
    QCOMPARE(s->pollingInterval(), 20);
    QCOMPARE(SharedSegment::names(other), QStringList(name));
    QVERIFY(!SharedSegment::exists(name));
    QCOMPARE(s->metadata().value(u"staleAfter"_s).toInt(), 500);
    QCOMPARE(evaluate(s, u"metadata.description"_s).toString(), u"d"_s);
    QCOMPARE(evaluate(s, u"kind === SharedSegment.FixedArray"_s).toBool(), true);
    QCOMPARE(evaluate(s, u"names(registry).length"_s).toInt(), 1);
    QCOMPARE(evaluate(s, u"exists(name, registry) && !exists(name)"_s).toBool(), true);
    QVERIFY(evaluate(s, u"recreate(5)"_s).toBool());
    QCOMPARE(s->capacity(), 5);
    // Numbers beyond those of 64 bits are the nearest ones.
    s->close();
    QVERIFY(s->setProperty("capacity", 1e300));
    QCOMPARE(s->capacity(), std::numeric_limits<qint64>::max());
}

/// Objects within objects, and a mistake in them.
void tst_SegmentType::metadata()
{
    const auto segment = make("SharedSegment { layout: 'f64'; capacity: 1; owner: true; active: true\n"
                              "metadata: ({ fields: { value: { unit: 'V', decimals: 2, values: { 0: 'Off' } } } }) }",
                              {{u"name"_s, uniqueName()}});
    auto *const s = qobject_cast<SharedSegment *>(segment.get());
    QVERIFY(s);
    QVERIFY2(s->state() == SharedSegment::State::Open, qPrintable(s->errorString()));
    QCOMPARE(evaluate(s, u"metadata.fields.value.unit + metadata.fields.value.values[0]"_s).toString(), u"VOff"_s);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"fields.volts is no field of f64; use one of: value"_s));
    const auto wrong = make("SharedSegment { layout: 'f64'; capacity: 1; owner: true; active: true\n"
                            "metadata: ({ fields: { volts: { unit: 'V' } } }) }",
                            {{u"name"_s, uniqueName()}});
    auto *const w = qobject_cast<SharedSegment *>(wrong.get());
    QVERIFY(w);
    QCOMPARE(w->error(), Error::InvalidValue);
    QVERIFY(w->setProperty("metadata", QVariantMap()));
    QCOMPARE(w->state(), SharedSegment::State::Open);
}

QTEST_GUILESS_MAIN(tst_SegmentType)
#include "tst_segmenttype.moc"
