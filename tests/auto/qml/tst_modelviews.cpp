// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The model in views of Qt Quick.

#include "../models/modelsupport.h"

#include <QtQml/QQmlComponent>
#include <QtQml/QQmlEngine>
#include <QtQuick/QQuickItem>
#include <QtQuick/QQuickView>

using namespace Qt::StringLiterals;
using namespace testsupport;
using namespace modelsupport;

class tst_ModelViews : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void listViewShowsAll();
    void delegatesAreMadeOnce_data();
    void delegatesAreMadeOnce();
    void pausesWhileItsViewIsHidden();
    void viewWithAnotherModelIsNoReasonToWait();
    void objectsOfCppFitTheType();

private:
    RegistryFolder m_folder;
};

void tst_ModelViews::listViewShowsAll()
{
    const QString name = uniqueName();
    QQmlEngine engine;
    engine.addImportPath(testPath("IMPORT_PATH"));
    QQmlComponent component(&engine);
    component.setData(R"(
        import QtQuick
        import SharedSegment
        Item {
            id: page
            property string name
            property alias repeater: repeater
            SharedSegment { id: segment; active: true; name: page.name }
            Repeater {
                id: repeater
                model: SharedArrayModel { segment: segment }
                delegate: Text { required property double value; text: value }
            }
        }
    )",
                      QUrl());
    std::unique_ptr<QObject> object(component.createWithInitialProperties({{u"name"_s, name}}));
    QVERIFY2(object, qPrintable(component.errorString()));
    auto *repeater = object->property("repeater").value<QObject *>();
    QCOMPARE(repeater->property("count"), QVariant(0));
    const auto peer = owner(name, preferredBackend(), 3);
    QTRY_COMPARE_WITH_TIMEOUT(repeater->property("count"), QVariant(3), Deadline);
    QCOMPARE(peer->ask("publish 12"), u"published 1"_s);
    QQuickItem *item = nullptr;
    QVERIFY(QMetaObject::invokeMethod(repeater, "itemAt", Q_RETURN_ARG(QQuickItem *, item), Q_ARG(int, 0)));
    QVERIFY(item);
    QTRY_COMPARE(item->property("text"), QVariant(u"12"_s));
}

void tst_ModelViews::delegatesAreMadeOnce_data()
{
    QTest::addColumn<QString>("layout");
    QTest::addColumn<QByteArray>("view");
    for (const char *view : {"Repeater", "ListView"}) {
        QTest::addRow("%s of numbers", view) << u"f64"_s << QByteArray(view);
        QTest::addRow("%s of structs", view) << u"S{value:f64;id:i32}"_s << QByteArray(view);
    }
}

void tst_ModelViews::delegatesAreMadeOnce()
{
    QFETCH(QString, layout);
    QFETCH(QByteArray, view);
    QQuickView window;
    QQmlEngine &engine = *window.engine();
    engine.addImportPath(testPath("IMPORT_PATH"));
    QQmlComponent component(&engine);
    component.setData(R"(
        import QtQuick
        import SharedSegment
        Item {
            id: page
            property int made: 0
            property alias source: model.segment
            SharedArrayModel { id: model }
            )" + view + R"( {
                width: 100; height: 400
                model: model
                delegate: Text { required property double value; height: 20; text: value; Component.onCompleted: ++page.made }
            }
        }
    )",
                      QUrl());
    auto *object = qobject_cast<QQuickItem *>(component.create());
    QVERIFY2(object, qPrintable(component.errorString()));
    window.setContent(QUrl(), &component, object); // the segment owns it from here on
    window.resize(100, 400); // without a size it draws nothing, and a list is filled when it is drawn
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    SharedSegment segment(uniqueName());
    QVERIFY(segment.create(SharedLayout::parse(layout), 5));
    object->setProperty("source", QVariant::fromValue(&segment));
    QTRY_COMPARE(object->property("made"), QVariant(5));
    QTest::qWait(100); // nothing to wait for: nothing more comes
    QCOMPARE(object->property("made"), QVariant(5));
    segment.close();
    QVERIFY(segment.create(SharedLayout::parse(layout), 5));
    QTRY_COMPARE(object->property("made"), QVariant(10));
    QTest::qWait(100);
    QCOMPARE(object->property("made"), QVariant(10));
}

void tst_ModelViews::pausesWhileItsViewIsHidden()
{
    SharedArray<double> values(uniqueName());
    QVERIFY(values.create(10));
    QQmlEngine engine;
    engine.addImportPath(testPath("IMPORT_PATH"));
    QQmlComponent component(&engine);
    component.setData(R"(
        import QtQuick
        import SharedSegment
        ListView {
            width: 100; height: 100
            property alias shared: shown
            model: SharedArrayModel { id: shown }
            delegate: Text { required property double value; text: value }
        }
    )",
                      QUrl());
    std::unique_ptr<QObject> object(component.create());
    QVERIFY2(object, qPrintable(component.errorString()));
    QQuickView window;
    window.resize(100, 100);
    auto *view = qobject_cast<QQuickItem *>(object.get());
    view->setParentItem(window.contentItem());
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    auto *model = view->property("shared").value<SharedArrayModel *>();
    QVERIFY(model);
    model->setSegment(values.segment());
    QTRY_VERIFY(model->readCount() > 0);

    QSignalSpy updated(values.segment(), &SharedSegment::updated);
    QSignalSpy changed(model, &QAbstractItemModel::dataChanged);
    auto publish = [&](double value) {
        updated.clear();
        values.beginWrite()[0] = value;
        QVERIFY(updated.count() > 0 || updated.wait());
        QCoreApplication::processEvents();
    };
    auto reads = model->readCount();
    view->setVisible(false);
    for (int i = 1; i < 5; ++i)
        publish(i);
    QCOMPARE(model->readCount(), reads);
    QCOMPARE(changed.count(), 0);
    view->setVisible(true);
    QTRY_COMPARE(model->revision(), 4u);
    QTRY_VERIFY(model->readCount() > reads);

    window.hide();
    QCoreApplication::processEvents();
    reads = model->readCount();
    for (int i = 5; i < 9; ++i)
        publish(i);
    QCOMPARE(model->readCount(), reads);
    window.show();
    QTRY_COMPARE(model->revision(), 8u);
}

/// A model that a hidden view has declared, but does not show any more.
void tst_ModelViews::viewWithAnotherModelIsNoReasonToWait()
{
    SharedArray<double> values(uniqueName());
    QVERIFY(values.create(10));
    QQmlEngine engine;
    engine.addImportPath(testPath("IMPORT_PATH"));
    QQmlComponent component(&engine);
    component.setData(R"(
        import QtQuick
        import SharedSegment
        ListView {
            visible: false
            property alias shared: shown
            model: SharedArrayModel { id: shown }
            delegate: Item { }
        }
    )",
                      QUrl());
    std::unique_ptr<QObject> view(component.create());
    QVERIFY2(view, qPrintable(component.errorString()));
    auto *model = view->property("shared").value<SharedArrayModel *>();
    QVERIFY(model);
    model->setSegment(values.segment());
    QSignalSpy updated(values.segment(), &SharedSegment::updated);
    values.beginWrite()[0] = 1;
    QVERIFY(updated.wait());
    QTest::qWait(50); // nothing to wait for: nothing more comes
    QCOMPARE(model->revision(), 0u);
    view->setProperty("model", 3);
    QTRY_COMPARE(model->revision(), 1u);
    values.beginWrite()[0] = 2;
    QTRY_COMPARE(model->revision(), 2u);
}

/// The QML type is the C++ class.
void tst_ModelViews::objectsOfCppFitTheType()
{
    QQmlEngine engine;
    engine.addImportPath(testPath("IMPORT_PATH"));
    QQmlComponent component(&engine);
    component.setData(R"(
        import QtQml
        import SharedSegment
        QtObject {
            property SharedArrayModel shared
            readonly property int count: shared?.count ?? -1
            readonly property int role: SharedArrayModel.ValueRole
        }
    )",
                      QUrl());
    std::unique_ptr<QObject> object(component.create());
    QVERIFY2(object, qPrintable(component.errorString()));
    QCOMPARE(object->property("count"), QVariant(-1));
    SharedArray<double> values(uniqueName());
    QVERIFY(values.create(10));
    SharedArrayModel model;
    model.setSegment(values.segment());
    QVERIFY(object->setProperty("shared", QVariant::fromValue(&model)));
    QCOMPARE(object->property("shared").value<SharedArrayModel *>(), &model);
    QCOMPARE(object->property("count"), QVariant(10));
    QCOMPARE(object->property("role"), QVariant(int(SharedArrayModel::ValueRole)));
}

QTEST_MAIN(tst_ModelViews)

#include "tst_modelviews.moc"
