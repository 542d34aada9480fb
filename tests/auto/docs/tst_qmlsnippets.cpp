// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The QML of the README and the guide: does it show what is published?

#include "../../support/testsupport.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedStream>
#include <SharedSegment/SharedValue>

#include <QtQml/QQmlEngine>
#include <QtQuick/QQuickItem>
#include <QtQuick/QQuickView>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace testsupport;

struct Memory
{
    double used;
    double total;
};
SHARED_STRUCT(Memory, used, total)

struct Processor
{
    double load;
};
SHARED_STRUCT(Processor, load)

struct Sample
{
    qint64 time;
    double value;
};
SHARED_STRUCT(Sample, time, value)

struct Sensor
{
    qint32 id;
    double value;
};
SHARED_STRUCT(Sensor, id, value)

namespace {

/// The visible texts below the item.
QStringList texts(const QQuickItem *item)
{
    QStringList found;
    if (item->isVisible() && item->property("text").isValid())
        found.append(item->property("text").toString());
    for (const QQuickItem *child : item->childItems())
        found += texts(child);
    return found;
}

} // namespace

class tst_QmlSnippets : public QObject
{
    Q_OBJECT

private:
    RegistryFolder m_folder;
    QQuickView m_view;

    void load(const char *file)
    {
        m_view.setSource(QUrl::fromLocalFile(QStringLiteral(SOURCES) + u'/' + QLatin1String(file)));
        QCOMPARE(m_view.status(), QQuickView::Ready);
        m_view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&m_view, Deadline));
    }

private Q_SLOTS:
    void initTestCase() { m_view.engine()->addImportPath(testPath("IMPORT_PATH")); }
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }
    void cleanup() { m_view.setSource(QUrl()); }

    void readme();
    void guide();
    void segmentOfCpp();
    void variableCount();
    void keys();
    void stream();
    void documents();
    void pictures();
    void names();
    void limits();
    void plots();
};

void tst_QmlSnippets::readme()
{
    load("Readme.qml");
    SharedArray<double> pressure(u"pressure"_s);
    QVERIFY(pressure.create(3));
    QVERIFY(pressure.publish(std::array{1.5, 2.5, 3.5}));
    QTRY_COMPARE_WITH_TIMEOUT(texts(m_view.rootObject()), QStringList({u"1.5"_s, u"2.5"_s, u"3.5"_s}), Deadline);
}

void tst_QmlSnippets::guide()
{
    load("Guide.qml");
    const auto ageItem = [this] { return m_view.rootObject()->childItems().at(7); };
    const auto age = [&] { return ageItem()->property("text").toString(); };
    const auto isStale = [&] { return ageItem()->property("color").value<QColor>() == QColor(u"gray"_s); };
    QCOMPARE(age(), u"no value"_s);
    QVERIFY(isStale());
    SharedValue<Memory> memory(u"guide/memory"_s);
    // clang-format off
    memory.segment()->setMetadata({{u"fields"_s, QVariantMap{{u"used"_s, QVariantMap{{u"label"_s, u"Memory"_s},
                                                                                     {u"unit"_s, u"GiB"_s},
                                                                                     {u"decimals"_s, 1},
                                                                                     {u"maximum"_s, 4}}}}}});
    // clang-format on
    QVERIFY(memory.create() && memory.set({3, 4}));
    SharedArray<Processor> processors(u"guide/processors"_s);
    processors.segment()->setMetadata(
        {{u"fields"_s, QVariantMap{{u"load"_s, QVariantMap{{u"unit"_s, u"%"_s}, {u"decimals"_s, 0}}}}}});
    QVERIFY(processors.create(2) && processors.publish(std::array{Processor{12}, Processor{99.6}}));
    SharedArray<float> samples(u"guide/samples"_s);
    QVERIFY(samples.create(4) && samples.publish(std::array{1.0f, 2.0f, 3.0f, 4.0f}));
    const QStringList expected{u"75 %"_s,        u"Memory: 3.0\u00a0GiB of 4"_s,
                               u"12\u00a0%"_s,   u"100\u00a0%"_s,
                               u"CPU 0: 12 %"_s, u"CPU 1: 100 %"_s,
                               u"mean 2.5"_s};
    QTRY_COMPARE_WITH_TIMEOUT(texts(m_view.rootObject()).mid(0, 7), expected, Deadline);
    // The page's mark for a publisher that is gone; it is not visible yet.
    QCOMPARE(m_view.rootObject()->childItems().last()->property("color").value<QColor>(), QColor(u"darkred"_s));
    QVERIFY(m_view.rootObject()->childItems().last()->isVisible());
    // Fresh values are not stale; values of a publisher that lives and is silent are.
    QVERIFY(samples.publish(std::array{1.0f, 2.0f, 3.0f, 5.0f}));
    QTRY_VERIFY_WITH_TIMEOUT(!isStale(), Deadline);
    QTRY_VERIFY_WITH_TIMEOUT(isStale(), Deadline);
    QTRY_VERIFY_WITH_TIMEOUT(age() >= u"2.1 s ago"_s, Deadline);
}

void tst_QmlSnippets::segmentOfCpp()
{
    SharedArray<double> values(u"guide/values"_s);
    QVERIFY(values.create(2));
    QQuickView view;
    view.engine()->addImportPath(testPath("IMPORT_PATH"));
    view.setInitialProperties({{u"segment"_s, QVariant::fromValue(values.segment())}});
    view.setResizeMode(QQuickView::SizeRootObjectToView);
    view.resize(200, 200);
    view.setSource(QUrl::fromLocalFile(QStringLiteral(SOURCES) + u"/FromCpp.qml"_s));
    QCOMPARE(view.status(), QQuickView::Ready);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view, Deadline));
    QVERIFY(values.publish(std::array{1.5, 2.5}));
    QTRY_COMPARE_WITH_TIMEOUT(texts(view.rootObject()), QStringList({u"1.5"_s, u"2.5"_s}), Deadline);
}

void tst_QmlSnippets::variableCount()
{
    QQuickView view;
    view.engine()->addImportPath(testPath("IMPORT_PATH"));
    view.setResizeMode(QQuickView::SizeRootObjectToView);
    view.resize(200, 200);
    view.setSource(QUrl::fromLocalFile(QStringLiteral(SOURCES) + u"/VariableCount.qml"_s));
    QCOMPARE(view.status(), QQuickView::Ready);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view, Deadline));
    SharedArray<double> reader(u"peaks"_s);
    QVERIFY(reader.open());
    QCOMPARE(reader.segment()->kind(), SharedSegment::Kind::VariableArray);
    QCOMPARE(reader.snapshot(), QList<double>());
    QTest::mouseClick(&view, Qt::LeftButton, Qt::NoModifier, QPoint(100, 150));
    QTRY_COMPARE_WITH_TIMEOUT(reader.snapshot(), QList<double>({0.5, 0.25, 1.5}), Deadline);
    const QStringList shown{u"0.5"_s, u"0.25"_s, u"1.5"_s};
    QTRY_COMPARE_WITH_TIMEOUT(texts(view.rootObject()), shown, Deadline);

    auto *const owner = view.rootObject()->property("segment").value<SharedSegment *>();
    QVERIFY(owner->recreate(512));
    QTRY_COMPARE_WITH_TIMEOUT(reader.capacity(), 512, Deadline);
    QCOMPARE(reader.snapshot(), QList<double>({0.5, 0.25, 1.5}));
    QVERIFY(owner->write(QVariantList{2.5}));
    QTRY_COMPARE_WITH_TIMEOUT(texts(view.rootObject()), QStringList(u"2.5"_s), Deadline);
}

void tst_QmlSnippets::keys()
{
    SharedArray<Sensor> sensors(u"sensors"_s);
    QVERIFY(sensors.createWithCapacity(10));
    QVERIFY(sensors.publish(QList<Sensor>{{1, 0.1}, {2, 0.2}, {3, 0.3}}));
    QQuickView view;
    view.engine()->addImportPath(testPath("IMPORT_PATH"));
    view.setResizeMode(QQuickView::SizeRootObjectToView);
    view.resize(200, 300);
    view.setSource(QUrl::fromLocalFile(QStringLiteral(SOURCES) + u"/Keys.qml"_s));
    QCOMPARE(view.status(), QQuickView::Ready);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view, Deadline));
    QObject *const list = view.rootObject();
    QTRY_COMPARE_WITH_TIMEOUT(list->property("count"), QVariant(3), Deadline);
    list->setProperty("currentIndex", 2);
    QVERIFY(sensors.publish(QList<Sensor>{{9, 0.9}, {3, 0.4}}));
    QTRY_COMPARE_WITH_TIMEOUT(list->property("count"), QVariant(2), Deadline);
    QTRY_COMPARE_WITH_TIMEOUT(list->property("currentIndex"), QVariant(1), Deadline);
    QTRY_COMPARE_WITH_TIMEOUT(list->property("currentItem").value<QQuickItem *>()->property("text"), QVariant(u"0.4"_s),
                              Deadline);
}

void tst_QmlSnippets::stream()
{
    SharedStream<Sample> out(u"samples"_s);
    QVERIFY(out.create(100));
    QVERIFY(out.append({1, 0.5}));
    QQuickView view;
    view.engine()->addImportPath(testPath("IMPORT_PATH"));
    view.setResizeMode(QQuickView::SizeRootObjectToView);
    view.resize(200, 200);
    view.setSource(QUrl::fromLocalFile(QStringLiteral(SOURCES) + u"/Streams.qml"_s));
    QCOMPARE(view.status(), QQuickView::Ready);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view, Deadline));
    QTRY_COMPARE_WITH_TIMEOUT(texts(view.rootObject()), QStringList(u"0: 0.5"_s), Deadline);
    QVERIFY(out.append({2, 1.5}));
    QTRY_COMPARE_WITH_TIMEOUT(texts(view.rootObject()), QStringList({u"0: 0.5"_s, u"1: 1.5"_s}), Deadline);
}

void tst_QmlSnippets::documents()
{
    load("Documents.qml");
    QTRY_COMPARE_WITH_TIMEOUT(texts(m_view.rootObject()), QStringList({u"stollen at 180 °C"_s, u"2"_s}), Deadline);
    QVERIFY(QMetaObject::invokeMethod(m_view.rootObject(), "change"));
    QTRY_COMPARE_WITH_TIMEOUT(texts(m_view.rootObject()).last(), u"3"_s, Deadline);
}

void tst_QmlSnippets::pictures()
{
    load("Pictures.qml");
    SharedArray<quint8> camera(u"camera"_s);
    QVERIFY(camera.createWithCapacity(1000));
    const QQuickItem *const image = m_view.rootObject()->childItems().constFirst();
    QCOMPARE(image->opacity(), 0.4);
    // 2 x 1 pixels of the format XR24.
    QByteArray picture = QByteArray("SIMG") + QByteArray::fromHex("01000000 80000000 02000000 01000000") + "XR24"
                       + QByteArray::fromHex("01000000 00000000 80000000 08000000");
    picture.append(136 - picture.size(), '\0');
    QVERIFY(camera.segment()->publish(picture));
    QTRY_COMPARE_WITH_TIMEOUT(image->property("sourceSize").toSize(), QSize(2, 1), Deadline);
    QCOMPARE(image->opacity(), 1.0);
}

void tst_QmlSnippets::names()
{
    load("Registry.qml");
    SharedArray<double> speed(u"plant/speed"_s);
    QVERIFY(speed.create(1));
    const QString program = speed.segment()->ownerProgram();
    const QStringList expected{u"plant/speed of %1, 0 per second"_s.arg(program)};
    QTRY_COMPARE_WITH_TIMEOUT(texts(m_view.rootObject()), expected, Deadline);
}

void tst_QmlSnippets::limits()
{
    load("Limits.qml");
    const QString text = u"check the pressure"_s;
    // The items of a view have no order.
    const auto shown = [this] {
        QStringList all = texts(m_view.rootObject());
        all.sort();
        return all;
    };
    QTRY_VERIFY_WITH_TIMEOUT(shown().contains(text), Deadline);
    auto *const boiler = m_view.rootObject()->property("boiler").value<SharedSegment *>();
    QTRY_COMPARE_WITH_TIMEOUT(boiler->state(), SharedSegment::State::Open, Deadline);
    QVERIFY(boiler->write(0, QVariantMap{{u"pressure"_s, 5.0}, {u"temperature"_s, 95.5}}));
    const QString value = QLocale().toString(95.5) + u"\u00a0\u00b0C"_s;
    const QStringList expected{u"5\u00a0bar"_s, value, u"boiler temperature: "_s + value, u"pressure normal"_s,
                               u"pump : not open"_s};
    QTRY_COMPARE_WITH_TIMEOUT(shown(), expected, Deadline);
    QVERIFY(boiler->write(0, QVariantMap{{u"pressure"_s, 9.8}}));
    QTRY_VERIFY_WITH_TIMEOUT(shown().contains(text), Deadline);
}

void tst_QmlSnippets::plots()
{
    SharedArray<float> samples(u"guide/samples"_s);
    const QVariantMap value{{u"label"_s, u"Level"_s}, {u"unit"_s, u"m"_s}};
    samples.segment()->setMetadata({{u"fields"_s, QVariantMap{{u"value"_s, value}}}});
    QVERIFY(samples.create(3));
    QVERIFY(samples.publish(QList<float>{1, 2, 3.5F}));
    load("Plots.qml");
    // The newest number, with the digits that the plot can show.
    const auto legend = [this] { return texts(m_view.rootObject()).value(0); };
    QTRY_VERIFY2_WITH_TIMEOUT(legend().startsWith(u"Level 3.50"_s) && legend().endsWith(u"m"_s), qPrintable(legend()),
                              Deadline);
}

QTEST_MAIN(tst_QmlSnippets)
#include "tst_qmlsnippets.moc"
